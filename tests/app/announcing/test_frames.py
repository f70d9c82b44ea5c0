"""Frames read from the database: what somebody chooses holds from the next one on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from app.announcing.frame import Frame, frame
from app.announcing.frames import frame_now, material, rehearsed, shown_podiums
from app.announcing.named import Audience
from rewards import Among, accept, decline, length, prepare, show_award
from tests.rewards.announcements.scene import (
    A1,
    A2,
    NOW,
    award_of,
    company,
    contest,
    planned,
)
from tests.rewards.life.world import become, first

SECRET = "s" * 32
PRIZE = (first(last=3),)


async def revealed(connection: Any) -> Any:
    """An announcement whose first place, a1, shows name and prize; the award and the announcement."""
    await company(connection)
    won = await contest(connection, prizes=PRIZE)
    award = await award_of(connection, A1, 1)
    await accept(connection, award, by=A1, now=NOW)
    await show_award(connection, award, by=A1, name="name", prize=True, now=NOW)
    return award, await planned(connection, won)


async def first_place(connection: Any, made: Any, audience: Audience = "staff") -> Any:
    """Who stands first at the headline."""
    at = NOW + timedelta(seconds=8 + 3 * 7 + 1)
    one = await frame_now(connection, made, audience=audience, now=at, secret=SECRET)
    assert one is not None
    assert one.podium is not None
    return one.podium.places[0]


async def test_the_frame_follows_the_clock_and_there_is_none_before_and_after(
    connection: Any,
) -> None:
    _, made = await revealed(connection)

    async def at(seconds: float) -> Frame | None:
        now = NOW + timedelta(seconds=seconds)
        return await frame_now(connection, made, audience="staff", now=now, secret=SECRET)

    assert await at(-1) is None
    assert await at(length(made.plan).total_seconds()) is None
    opening, third = await at(0), await at(8)
    assert opening is not None
    assert third is not None
    assert (opening.kind, opening.next_at) == ("opening", NOW + timedelta(seconds=8))
    assert (third.kind, third.newest) == ("place", 3)


async def test_a_winner_is_shown_as_they_said_with_the_value_of_the_evidence(
    connection: Any,
) -> None:
    _, made = await revealed(connection)
    who = await first_place(connection, made)
    assert (who.named.name, who.value) == ("A1", 3)
    assert who.named.gift is not None
    assert (await first_place(connection, made, "public")).named.gift is None


@pytest.mark.parametrize("what", ["hides", "pauses", "leaves", "declines to be named", "alias"])
async def test_who_changes_their_mind_in_the_middle_is_shown_otherwise_at_once(
    connection: Any, what: str
) -> None:
    award, made = await revealed(connection)
    assert (await first_place(connection, made)).named.name == "A1"
    if what == "hides":
        await connection.execute(
            "update profile set visibility = 'hidden' where person_id = $1", A1
        )
    elif what == "alias":
        await connection.execute(
            "update profile set visibility = 'alias', alias = 'Kestrel' where person_id = $1", A1
        )
    elif what == "declines to be named":
        await show_award(connection, award, by=A1, name="none", prize=False, now=NOW)
    else:
        await become(connection, A1, "paused" if what == "pauses" else "left", NOW)
    who = await first_place(connection, made)
    if what == "alias":
        assert (who.named.name, who.named.department) == ("Kestrel", None)
    else:
        assert (who.named.nameless, who.value, who.named.gift) == (True, None, None)
    parts = await shown_podiums(connection, made, audience="public", now=NOW, secret=SECRET)
    assert parts[0].places[0].named.name == who.named.name


async def test_an_award_given_back_leaves_nobody_at_its_place(connection: Any) -> None:
    await company(connection)
    won = await contest(connection, prizes=PRIZE)
    made = await planned(connection, won)
    await decline(connection, await award_of(connection, A1, 1), by=A1, now=NOW)
    who = await first_place(connection, made)
    assert (who.place, who.named.nameless, who.value) == (1, True, None)


async def test_a_rehearsal_shows_what_the_announcement_will_and_records_nothing(
    connection: Any,
) -> None:
    await company(connection)
    won = await contest(connection, prizes=PRIZE)
    prepared = await prepare(connection, won, NOW)
    tried = rehearsed(prepared, line="Thanks", starts_at=NOW)
    known = await material(connection, prepared, now=NOW, secret=SECRET)
    film = [
        frame(tried, step, known, "staff", rehearsal=True) for step in range(len(tried.plan.steps))
    ]
    assert [one.rehearsal for one in film] == [True] * 6
    assert await connection.fetchval("select count(*) from announcement") == 0
    made = await planned(connection, won, line="Thanks")
    again = await material(connection, made, now=NOW, secret=SECRET)
    real = [frame(made, step, again, "staff") for step in range(6)]
    assert [one.podium for one in film] == [one.podium for one in real]


async def test_of_who_reached_a_threshold_a_value_is_read_only_where_it_is_wanted(
    connection: Any,
) -> None:
    await company(connection)
    reach = replace(first(), among=Among.ALL, first_place=None, last_place=None, reach=2, at_most=2)
    made = await planned(connection, await contest(connection, prizes=(reach,)))
    seen = await material(connection, made, now=NOW, secret=SECRET)
    assert (len(seen.awards), seen.values) == (2, {})
    own = await material(connection, made, now=NOW, secret=SECRET, besides=A1)
    assert own.values["prize", A1] == 3
    assert A2 not in {who for _, who in own.values}
