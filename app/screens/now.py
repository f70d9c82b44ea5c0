"""What a screen shows now.

Laws: a screen that rests is dark, whatever is announced; a reveal is the same on every screen of an
audience, for it follows from the clock; a slide that cannot be made is passed over, told to the
administrator and never an error on a wall.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from app.announcing.frame import Frame
from app.screens.moments import correction_again, correction_until, due, rest_begins, rest_ends
from app.screens.playlist import MOST_S, Playlist, Slide, following, played
from app.screens.screens import Screen
from app.screens.showing import Correction, Showing
from app.screens.sources import Failed, Sources

EMPTY_FOR: Final = timedelta(seconds=30)
# Keys of slides that a screen shows and showed before: where the first left the list, the next holds.
REMEMBERED: Final = 12
# A player whose clock is ahead asks before a reveal begins: no other slide for the blink of an eye.
AT_ONCE: Final = timedelta(seconds=2)


class NothingToBeMade(Exception):
    """Every slide that has something to show failed: the screen does better to keep what it shows."""


async def showing(
    state: Any, screen: Screen, *, shown: str | None, onward: bool, now: datetime
) -> Showing:
    """The picture of a screen. `shown`: the key of the slide it showed last, earlier ones behind
    it between commas; `onward`: whether that one's time is over. Raises NothingToBeMade.
    """
    sources: Sources = state.screens
    zone = state.settings.timezone
    setting = screen.setting
    if wakes_at := rest_ends(setting, now, zone):
        return Showing("rest", "rest", "rest", "Rests (dark)", wakes_at)
    on = await sources.announcement(now)
    if on is not None and on.position(now).step is not None:
        frame = await sources.frame(on, setting.audience, now)
        if frame is not None:
            return reveal(sources, frame, f"reveal-{on.id}-{frame.step}")
    if rehearsal := await sources.rehearsal(screen.id, now):
        frame = await sources.rehearsed(rehearsal, setting.audience, now)
        if frame is not None:
            return reveal(sources, frame, f"rehearsal-{rehearsal.contest_id}-{frame.step}")
    corrected = await sources.correction(now)
    others = [rest_begins(setting, now, zone)]
    starts_at = on.begins_at if on is not None else None
    if corrected is not None:
        id, said = corrected
        if until := correction_until(said.at, now):
            next_at = due(now, until - now, starts_at, [until, *others])
            return correction(sources, said, f"correction-{id}", next_at)
        others.append(correction_again(said.at, now))
    local = now.astimezone(zone)
    playlist = await sources.playlist(setting.playlist)
    slides = played(playlist, setting.place, local)
    if starts_at is not None and now < starts_at < now + AT_ONCE:
        onward = False
    order = ordered(playlist, slides, shown or "", onward=onward)
    return await _slide(sources, screen, order, now, starts_at, others)


def ordered(
    playlist: Playlist, slides: Sequence[Slide], shown: str, *, onward: bool
) -> list[Slide]:
    """The slides that are for now in the order in which they are tried, each once. Pure."""
    keys = {slide.key for slide in playlist.slides}
    last = next((key for key in shown.split(",")[:REMEMBERED] if key in keys), None)
    order = following(playlist, slides, last)
    # Looked at again, the newest one stays on; one that is gone makes way.
    if not onward and last == shown.split(",")[0]:
        order.sort(key=lambda slide: slide.key != last)
    return order


async def _slide(
    sources: Sources,
    screen: Screen,
    order: Sequence[Slide],
    now: datetime,
    starts_at: datetime | None,
    others: Sequence[datetime | None],
) -> Showing:
    failed: dict[str, Failed] = {}
    for slide in order:
        content = await sources.content(
            slide, screen.setting.audience, screen.setting.language, now
        )
        if isinstance(content, Failed):
            failed[slide.key] = content
        elif content is not None:
            return Showing(
                "slide",
                slide.key,
                sources.version(content) + _planned(now, (starts_at, *others)),
                content.describes + _passed_over(failed),
                due(now, timedelta(seconds=slide.seconds), starts_at, others),
                content.topics,
                content=content,
            )
    if failed:
        raise NothingToBeMade(_passed_over(failed))
    return Showing(
        "empty", "empty", "empty", "Nothing to show yet", due(now, EMPTY_FOR, starts_at, others)
    )


def reveal(sources: Sources, frame: Frame, key: str) -> Showing:
    """A step of a reveal as a screen shows it."""
    trying = "Rehearses" if frame.rehearsal else "Announces"
    return Showing(
        "reveal",
        key,
        sources.version(frame),
        f"{trying} {frame.contest}, step {frame.step} of {frame.steps}",
        frame.next_at,
        frame=frame,
    )


def correction(sources: Sources, said: Correction, key: str, next_at: datetime) -> Showing:
    """A correction as a screen says it."""
    describes = f"A correction of {said.contest}"
    return Showing("correction", key, sources.version(said), describes, next_at, correction=said)


def _planned(now: datetime, moments: Iterable[datetime | None]) -> str:
    """What may end a slide before its time: a screen that shows it already must hear of it."""
    soon = now + timedelta(seconds=MOST_S)
    near = sorted(int(at.timestamp()) for at in moments if at is not None and now < at <= soon)
    return "".join(f"-{at}" for at in near)


def _passed_over(failed: dict[str, Failed]) -> str:
    if not failed:
        return ""
    kinds = ", ".join(sorted({one.kind for one in failed.values()}))
    return f" (passed over, for they failed: {kinds})"
