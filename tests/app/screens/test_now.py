"""What a screen shows: rest before a reveal, a reveal before a rehearsal, that before a correction, that
before slides; and never an error."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any

import asyncpg
import pytest
import structlog
from litestar import Litestar

from app.screens.contact import contacts
from app.screens.contact_book import GATHERS_S
from app.screens.now import NothingToBeMade, showing
from app.screens.playlist import Playlist, Slide
from app.screens.playlists import remove_playlist, save_playlist
from app.screens.rehearsal import begin_rehearsal, end_rehearsal
from app.screens.screens import Screen, reload_screen, screen_by_id, set_screen
from app.screens.setting import Setting
from app.screens.showing import Showing
from app.screens.sources import Sources
from rewards import correct, finish_due, length, show_award
from tests.app.screens.conftest import Hang, Television
from tests.rewards.announcements.scene import (
    A1,
    LEADER,
    NOW,
    award_of,
    company,
    contest,
    planned,
)
from tests.rewards.life.world import first

See = Callable[..., Awaitable[Showing]]
NOTES = Playlist("Notes", tuple(Slide(key, "note", {"heading": key}, 20) for key in "abc"))
PRIZE = (first(last=3),)


@pytest.fixture
def see(application: Litestar) -> See:
    """What a screen shows at a moment, to a process that begins with this look."""
    state = application.state

    async def look(screen: Screen, now: datetime, shown: str = "", onward: bool = False) -> Showing:
        sources = Sources(state.settings, state.pool, state.redis, state.boards)
        fresh: Any = SimpleNamespace(settings=state.settings, screens=sources)
        return await showing(fresh, screen, shown=shown, onward=onward, now=now)

    return look


async def notes(connection: asyncpg.Connection, playlist: Playlist = NOTES) -> int:
    return await save_playlist(connection, None, playlist, None, NOW)


async def test_rest_goes_before_a_reveal_a_reveal_before_a_rehearsal_and_that_before_the_rest(
    connection: asyncpg.Connection, application: Litestar, hang: Hang, see: See
) -> None:
    await company(connection)
    won = await contest(connection, prizes=PRIZE)
    redis = application.state.redis
    plays = Setting("Canteen", audience="staff", playlist=await notes(connection))
    screen, _ = await hang(audience="staff", playlist=plays.playlist)
    local = NOW.astimezone(application.state.settings.timezone)
    sleeper, _ = await hang(
        rests_from=(local - timedelta(hours=1)).time(),
        rests_until=(local + timedelta(hours=1)).time(),
    )

    assert (await see(screen, NOW)).key == "a"
    made = await planned(connection, won, starts_at=NOW + timedelta(minutes=5))
    await begin_rehearsal(
        redis, screen_id=screen.id, contest_id=won, invented=False, lasts=length(made.plan), now=NOW
    )
    tried = await see(screen, NOW)
    assert (tried.what, tried.key) == ("reveal", f"rehearsal-{won}-1")
    assert tried.frame is not None
    assert tried.frame.rehearsal
    assert (await see(sleeper, NOW)).what == "rest"

    begun = NOW + timedelta(minutes=5)
    await begin_rehearsal(
        redis,
        screen_id=screen.id,
        contest_id=won,
        invented=False,
        lasts=length(made.plan),
        now=begun,
    )
    on = await see(screen, begun)
    assert (on.what, on.key) == ("reveal", f"reveal-{made.id}-1")
    assert on.next_at == begun + timedelta(seconds=8)
    assert (await see(sleeper, begun)).what == "rest"
    await end_rehearsal(redis, screen.id)

    over = begun + length(made.plan)
    assert (await see(screen, over)).what == "slide"
    await finish_due(connection, over)
    await correct(connection, made.id, by=LEADER, words="It was a tie.", now=over)
    said = await see(screen, over + timedelta(seconds=1))
    assert said.what == "correction"
    assert said.correction is not None
    assert (said.correction.contest, said.correction.words) == (
        "Conversation starters",
        "It was a tie.",
    )
    assert (await see(screen, over + timedelta(seconds=60))).what == "slide"
    assert (await see(screen, over + timedelta(seconds=601))).what == "correction"
    await begin_rehearsal(
        redis,
        screen_id=screen.id,
        contest_id=won,
        invented=False,
        lasts=length(made.plan),
        now=over,
    )
    assert (await see(screen, over + timedelta(seconds=1))).key.startswith("rehearsal-")


async def test_a_rehearsal_is_on_its_screen_alone_and_over_by_itself(
    connection: asyncpg.Connection, application: Litestar, hang: Hang, see: See
) -> None:
    await company(connection)
    won = await contest(connection, prizes=PRIZE)
    playlist = await notes(connection)
    here, _ = await hang(playlist=playlist, audience="staff")
    there, _ = await hang(playlist=playlist, audience="staff")
    await begin_rehearsal(
        application.state.redis, screen_id=here.id, contest_id=won, invented=True,
        lasts=timedelta(seconds=60), now=NOW, line="Well done",
    )  # fmt: skip
    assert (await see(there, NOW)).what == "slide"
    assert (await see(here, NOW + timedelta(seconds=60))).what == "slide"
    opening = await see(here, NOW)
    assert opening.frame is not None
    assert opening.frame.line == "Well done"


async def test_invented_winners_are_nobody_and_have_nobodys_figures(
    connection: asyncpg.Connection, application: Litestar, hang: Hang, see: See
) -> None:
    await company(connection)
    won = await contest(connection, prizes=PRIZE)
    await show_award(
        connection, await award_of(connection, A1, 1), by=A1, name="name", prize=True, now=NOW
    )
    screen, _ = await hang(audience="staff", playlist=await notes(connection))

    async def headline(*, invented: bool) -> list[tuple[str, int | None]]:
        await begin_rehearsal(
            application.state.redis, screen_id=screen.id, contest_id=won, invented=invented,
            lasts=timedelta(minutes=5), now=NOW,
        )  # fmt: skip
        seen = await see(screen, NOW + timedelta(seconds=8 + 3 * 7 + 1))
        assert seen.frame is not None
        assert seen.frame.podium is not None
        return [(one.named.name, one.value) for one in seen.frame.podium.places]

    real, made_up = await headline(invented=False), await headline(invented=True)
    assert ("A1", 3) in real
    assert len(made_up) == len(real)
    assert not {value for _, value in real if value} & {value for _, value in made_up if value}
    assert not {"A1", "A2", "A3"} & {name for name, _ in made_up}


async def test_before_a_reveal_no_slide_is_begun_that_it_would_cut_off(
    connection: asyncpg.Connection, hang: Hang, see: See
) -> None:
    await company(connection)
    won = await contest(connection, prizes=PRIZE)
    screen, _ = await hang(playlist=await notes(connection))
    starts_at = NOW + timedelta(minutes=5)
    await planned(connection, won, starts_at=starts_at)
    early = await see(screen, NOW)
    assert early.next_at == NOW + timedelta(seconds=20)
    for before in (30, 25, 10, 3):
        assert (await see(screen, starts_at - timedelta(seconds=before))).next_at == starts_at
    # A player whose clock is a little ahead sees no other slide for the blink of an eye.
    hasty = await see(screen, starts_at - timedelta(seconds=1), shown="b", onward=True)
    assert (hasty.key, hasty.next_at) == ("b", starts_at)


async def test_slides_go_round_and_one_that_says_nothing_or_fails_is_passed_over(
    connection: asyncpg.Connection, hang: Hang, see: See
) -> None:
    odd = Playlist(
        "Odd",
        (
            Slide("a", "note", {"heading": "First"}),
            Slide("gone", "a-kind-of-the-past"),
            Slide("void", "note"),
            Slide("b", "note", {"heading": "Second"}),
        ),
    )
    screen, _ = await hang(playlist=await notes(connection, odd))
    shown = (await see(screen, NOW)).key
    assert shown == "a"
    with structlog.testing.capture_logs() as lines:
        after = await see(screen, NOW, shown="a", onward=True)
    assert after.key == "b"
    assert "failed: a-kind-of-the-past" in after.describes
    assert [line["event"] for line in lines] == ["slide_failed"]
    assert (await see(screen, NOW, shown="b", onward=True)).key == "a"
    assert (await see(screen, NOW, shown="b")).key == "b"


async def test_a_screen_with_nothing_to_show_says_so_and_one_whose_slides_all_fail_keeps_its_picture(
    connection: asyncpg.Connection, hang: Hang, see: See, television: Television,
    application: Litestar,
) -> None:  # fmt: skip
    empty, _ = await hang(playlist=await notes(connection, Playlist("Empty")))
    nothing = await see(empty, NOW)
    assert (nothing.what, nothing.next_at) == ("empty", NOW + timedelta(seconds=30))
    broken = Playlist("Broken", (Slide("a", "a-kind-of-the-past"),))
    screen, key = await hang(playlist=await notes(connection, broken))
    with pytest.raises(NothingToBeMade):
        await see(screen, NOW)
    tv = await television()
    with structlog.testing.capture_logs() as lines:
        for _ in range(3):
            assert (await tv.get(f"/screens/{key}/now")).status_code == 503
    assert [line["event"] for line in lines if "failed" in line["event"]] == ["slide_failed"]
    # The administrator reads that it is on, and why it goes on with what it showed.
    await asyncio.sleep(GATHERS_S + 0.1)
    noted = (await contacts(application.state.redis, [screen.id]))[screen.id]
    assert (
        noted.showing == "What it showed before (passed over, for they failed: a-kind-of-the-past)"
    )
    assert "comes back by itself" in (await tv.get(f"/screens/{key}")).text


async def test_a_rest_over_midnight_is_dark_and_says_when_it_ends(
    connection: asyncpg.Connection, hang: Hang, see: See
) -> None:
    screen, _ = await hang(
        rests_from=time(22), rests_until=time(6, 30), playlist=await notes(connection)
    )
    night = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
    resting = await see(screen, night)
    assert (resting.what, resting.next_at) == ("rest", datetime(2026, 11, 21, 5, 30, tzinfo=UTC))
    evening = await see(screen, datetime(2026, 11, 20, 20, 59, 50, tzinfo=UTC))
    assert (evening.what, evening.next_at) == ("slide", datetime(2026, 11, 20, 21, tzinfo=UTC))


async def test_a_removed_playlist_leaves_the_standard_one(
    connection: asyncpg.Connection, hang: Hang, see: See
) -> None:
    playlist = await notes(connection)
    other = await notes(connection, Playlist("Other", (Slide("z", "note", {"heading": "z"}),)))
    screen, _ = await hang(playlist=playlist)
    beside, _ = await hang(playlist=other)
    await remove_playlist(connection, playlist, None, NOW)
    assert (await see(screen, NOW)).key not in set("abc")
    assert (await see(beside, NOW)).key == "z"


# Over the wire ------------------------------------------------------------------------------------


async def test_what_has_not_changed_is_not_sent_again(
    connection: asyncpg.Connection, hang: Hang, television: Television
) -> None:
    playlist = await notes(connection)
    screen, key = await hang(playlist=playlist)
    tv = await television()
    path = f"/screens/{key}/now?shown=a"
    seen = await tv.get(path)
    assert seen.status_code == 200
    assert 'data-key="a"' in seen.text
    assert key not in seen.text
    tag = {"If-None-Match": seen.headers["etag"]}
    again = await tv.get(path, headers=tag)
    assert (again.status_code, again.content) == (304, b"")
    assert abs(int(again.headers["fanfare-now"]) / 1000 - datetime.now(UTC).timestamp()) < 30
    assert (await tv.get(f"{path}&onward=1", headers=tag)).status_code == 200

    changed = Playlist("Notes", (Slide("a", "note", {"heading": "Other words"}), *NOTES.slides[1:]))
    await save_playlist(connection, playlist, changed, None, NOW)
    await asyncio.sleep(0.12)
    other = await tv.get(path, headers=tag)
    assert other.status_code == 200
    assert "Other words" in other.text

    tag = {"If-None-Match": other.headers["etag"]}
    await reload_screen(connection, screen.id, None, NOW)
    await asyncio.sleep(0.12)
    reloaded = await tv.get(path, headers=tag)
    assert reloaded.status_code == 200
    assert "-1-en" in reloaded.text
    assert "-1-en" in (await tv.get(f"/screens/{key}")).text
    await set_screen(connection, screen.id, Setting("Canteen", language="de"), None, NOW)
    assert (await screen_by_id(connection, screen.id)).setting.language == "de"


async def test_a_screen_hears_of_a_reveal_that_was_planned_while_its_slide_is_on(
    connection: asyncpg.Connection, hang: Hang, television: Television
) -> None:
    await company(connection)
    won = await contest(connection, prizes=PRIZE)
    long = Playlist("Long", (Slide("a", "note", {"heading": "a"}, 600),))
    _, key = await hang(playlist=await notes(connection, long))
    tv = await television()
    path = f"/screens/{key}/now?shown=a"
    seen = await tv.get(path)
    now = datetime.now(UTC)
    starts_at = now.replace(second=0, microsecond=0) + timedelta(minutes=3)
    await planned(connection, won, starts_at=starts_at, now=now)
    await asyncio.sleep(0.12)
    again = await tv.get(path, headers={"If-None-Match": seen.headers["etag"]})
    assert again.status_code == 200
    assert f'data-next-at="{starts_at.isoformat()}"' in again.text


async def test_the_administrator_reads_when_a_screen_was_heard_of_and_what_it_shows(
    connection: asyncpg.Connection, hang: Hang, television: Television, application: Litestar
) -> None:
    screen, key = await hang(playlist=await notes(connection))
    silent, _ = await hang()
    tv = await television()
    agent = "Player " + "x" * 5000
    query = "shown=a&w=3840&h=99999999&page=" + "p" * 500
    await tv.get(f"/screens/{key}/now?{query}", headers={"User-Agent": agent})
    await asyncio.sleep(GATHERS_S + 0.1)
    known = await contacts(application.state.redis, [screen.id, silent.id])
    assert list(known) == [screen.id]
    noted = known[screen.id]
    assert (noted.key, noted.width, noted.height) == ("a", 3840, 0)
    assert noted.showing
    assert noted.agent.startswith("Player xx")
    assert len(noted.agent) < 200
    assert len(noted.version) < 200
    assert noted.is_on(datetime.now(UTC))


async def test_what_a_player_says_cannot_harm(
    connection: asyncpg.Connection, hang: Hang, television: Television
) -> None:
    _, key = await hang(playlist=await notes(connection))
    tv = await television()
    for query in (
        "shown=" + "a," * 5000,
        "shown=%00&w=-1&h=x",
        "w=" + "9" * 400,
        "shown=<b>&onward=2",
    ):
        answer = await tv.get(f"/screens/{key}/now?{query}")
        assert answer.status_code == 200
        assert "<b>" not in answer.text.split("data-key")[1][:20]


async def test_the_worker_may_serve_the_door_itself(television: Television) -> None:
    script = await (await television()).get("/screens/worker.js")
    assert script.headers["content-type"].startswith("text/javascript")
    assert script.headers["service-worker-allowed"] == "/screens"
    assert "caches" in script.text
