"""What speaks against a playlist, in words: hours nobody filled, places nobody stands at. Pure.

Law: it never forbids: who saves a list with gaps may mean it, and a screen without a slide shows the
company's name instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Final

from app.pages.screen_admin.lines import DAYS
from app.pages.words import counted
from app.screens.playlist import Playlist, Slide, played
from app.screens.setting import Setting

LONGEST_ROUND_S: Final = 15 * 60  # a break lasts that long: what comes later nobody sees
MOST: Final = 6  # sentences; more are not read
MONDAY: Final = date(2024, 1, 1)  # any Monday: only weekdays and hours matter


def concerns(
    playlist: Playlist, screens: Sequence[Setting], places: Iterable[str] = ()
) -> list[str]:
    """Sentences about a playlist, the worst first; `screens` are those that play it, `places` are all
    places that have a screen."""
    if not playlist.slides:
        return ["It has no slide yet: a screen that plays it shows only the company’s name."]
    found = gaps(playlist, screens)
    longest = max(
        (sum(slide.seconds for slide in on) for _, on in rounds(playlist, screens)), default=0
    )
    if longest > LONGEST_ROUND_S:
        found.append(
            f"One round takes {length(longest)}. Who stands there for a break sees a part of it; "
            f"keep it under {LONGEST_ROUND_S // 60} minutes."
        )
    known = {place.casefold() for place in places}
    for number, slide in enumerate(playlist.slides, 1):
        strange = [place for place in slide.places if place.casefold() not in known]
        if strange:
            found.append(f"Slide {number} is for {quoted(strange)}, and no screen is there.")
    more = len(found) - MOST
    return [*found[:MOST], *([f"And {more} more of this kind."] if more > 0 else [])]


def round_s(playlist: Playlist) -> int:
    """How long one round takes where every slide is played, in seconds."""
    return sum(slide.seconds for slide in playlist.slides)


def length(seconds: int) -> str:
    """'2 min 10 s', '45 s'."""
    minutes, rest = divmod(seconds, 60)
    return " ".join(
        part for part in (f"{minutes} min" if minutes else "", f"{rest} s" if rest else "") if part
    )


def gaps(playlist: Playlist, screens: Sequence[Setting]) -> list[str]:
    """A sentence for each place whose screens are awake while nothing is for them."""
    found = []
    for place, there in by_place(playlist, screens):
        empty: dict[tuple[time, time], list[int]] = {}
        for weekday in range(7):
            for since, until in joined(hours_without(playlist, place, there, weekday)):
                empty.setdefault((since, until), []).append(weekday)
        if not empty:
            continue
        words = "; ".join(
            f"{days_words(days)}{hours_words(since, until)}"
            for (since, until), days in list(empty.items())[:3]
        )
        where = f"At {quoted([place])}" if place else "Where no slide names the place"
        found.append(f"{where} there is no slide {words}.")
    return found


def by_place(
    playlist: Playlist, screens: Sequence[Setting]
) -> Iterator[tuple[str, Sequence[Setting]]]:
    """The screens that are played the same: of each place a slide names, and all others as ''."""
    named = {place.casefold() for slide in playlist.slides for place in slide.places}
    groups: dict[str, dict[tuple[time | None, time | None], Setting]] = {}
    for screen in screens:
        place = screen.place if screen.place.casefold() in named else ""
        # Of screens that rest alike one is enough to ask.
        groups.setdefault(place.casefold(), {})[screen.rests_from, screen.rests_until] = screen
    for key, alike in sorted(groups.items()):
        there = list(alike.values())
        yield (there[0].place if key else ""), there


def rounds(
    playlist: Playlist, screens: Sequence[Setting]
) -> Iterator[tuple[datetime, Sequence[Slide]]]:
    """What is played at every moment of a week at which that may change, at each place."""
    groups = list(by_place(playlist, screens)) or [("", [])]
    for place, there in groups:
        for weekday in range(7):
            for at in moments(playlist, there):
                local = datetime.combine(MONDAY + timedelta(days=weekday), at)
                yield local, played(playlist, place, local)


def moments(playlist: Playlist, screens: Sequence[Setting]) -> list[time]:
    """The times of a day at which something may change, from midnight on."""
    found = {time.min}
    for slide in playlist.slides:
        found |= {at for at in (slide.since, slide.until) if at is not None}
    for screen in screens:
        found |= {at for at in (screen.rests_from, screen.rests_until) if at is not None}
    return sorted(found)


def hours_without(
    playlist: Playlist, place: str, screens: Sequence[Setting], weekday: int
) -> Iterator[tuple[time, time]]:
    """The stretches of a day in which a screen is awake and no slide is for it; midnight ends one."""
    found = moments(playlist, screens)
    for since, until in zip(found, [*found[1:], time.min], strict=True):
        local = datetime.combine(MONDAY + timedelta(days=weekday), since)
        awake = any(not screen.rests(since) for screen in screens)
        if awake and not played(playlist, place, local):
            yield since, until


def joined(stretches: Iterable[tuple[time, time]]) -> list[tuple[time, time]]:
    """Stretches that touch, as one."""
    found: list[tuple[time, time]] = []
    for since, until in stretches:
        if found and found[-1][1] == since:
            found[-1] = (found[-1][0], until)
        else:
            found.append((since, until))
    return found


def days_words(days: Sequence[int]) -> str:
    """'every day', 'Mon to Fri', 'Sat, Sun'; days count from 0, Monday."""
    if len(days) == 7:
        return "every day"
    if len(days) > 2 and list(days) == list(range(days[0], days[-1] + 1)):
        return f"{DAYS[days[0]]} to {DAYS[days[-1]]}"
    return ", ".join(DAYS[day] for day in days)


def hours_words(since: time, until: time) -> str:
    """' from 18:00 to midnight', '' for the whole day."""
    if since == until == time.min:
        return ""
    end = "midnight" if until == time.min else f"{until:%H:%M}"
    start = "midnight" if since == time.min else f"{since:%H:%M}"
    return f" from {start} to {end}"


def quoted(places: Sequence[str]) -> str:
    """'“Lisbon”', '“Lisbon” and “Porto”', '“Lisbon” and 3 more places'."""
    if len(places) > 2:
        return f"“{places[0]}” and {counted(len(places) - 1, 'more place', 'more places')}"
    return " and ".join(f"“{place}”" for place in places)
