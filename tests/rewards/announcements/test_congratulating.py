"""Congratulations: one tap, taken back at any time, and only for who stands there by name."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from rewards.announcements import (
    Congratulated,
    announce_quietly,
    congratulate,
    congratulations,
    winning_values,
)
from rewards.announcements.congratulating import MOST_TAPS
from rewards.awards import NoSuchAward, accept, decline, show_award
from rewards.notices import choose_notices
from rewards.refusal import Refused
from tests.rewards.announcements.scene import (
    A1,
    A2,
    A3,
    LEADER,
    NOW,
    award_of,
    company,
    contest,
    planned,
)
from tests.rewards.life.world import (
    START,
    answers,
    become,
    charter,
    decided,
    first,
    found,
    notices,
    published,
    tell,
)


async def announced(connection: Any) -> int:
    """A contest that is announced to the end; the award of a1, who shows their name."""
    await company(connection)
    won = await contest(connection)
    award = await award_of(connection, A1, 1)
    await accept(connection, award, by=A1, now=NOW)
    await show_award(connection, award, by=A1, name="name", prize=True, now=NOW)
    await announce_quietly(connection, won, by=LEADER, line="", now=NOW)
    return award


async def give(connection: Any, award: int, by: int, *, given: bool = True) -> None:
    await congratulate(connection, award, by=by, given=given, now=NOW)


async def test_a_tap_counts_once_and_can_be_taken_back(connection: Any) -> None:
    award = await announced(connection)
    for by in (A2, A3, A2):
        await give(connection, award, by)
    assert await congratulations(connection, [award], A2) == {
        award: Congratulated(2, True, (A2, A3))
    }
    assert (await congratulations(connection, [award], LEADER))[award].given is False
    for _ in range(2):
        await give(connection, award, A2, given=False)
    assert await congratulations(connection, [award, 999], A2) == {
        award: Congratulated(1, False, (A3,)), 999: Congratulated(),
    }  # fmt: skip
    assert await connection.fetchval("select count(*) from congratulation") == 3
    await give(connection, award, A2)
    assert (await congratulations(connection, [award], None))[award].people == (A3, A2)


async def test_nobody_fills_a_table_by_tapping_and_what_was_given_last_is_taken_back(
    connection: Any,
) -> None:
    award = await announced(connection)
    for turn in range(MOST_TAPS):
        await give(connection, award, A2, given=turn % 2 == 0)
    for _ in range(3):
        with pytest.raises(Refused, match="often enough"):
            await give(connection, award, A2)
        await give(connection, award, A2, given=False)
    assert await connection.fetchval("select count(*) from congratulation") == MOST_TAPS
    assert (await congratulations(connection, [award], A2))[award].people == ()
    await give(connection, award, A3)


async def test_nobody_congratulates_themselves_or_an_award_there_is_not(connection: Any) -> None:
    award = await announced(connection)
    with pytest.raises(Refused, match="your own"):
        await give(connection, award, A1)
    for none in (0, 999, 2**63):
        with pytest.raises(NoSuchAward):
            await give(connection, none, A2)


async def test_before_the_end_of_the_reveal_nobody_is_congratulated(connection: Any) -> None:
    await company(connection)
    won = await contest(connection)
    award = await award_of(connection, A1, 1)
    await accept(connection, award, by=A1, now=NOW)
    await show_award(connection, award, by=A1, name="name", prize=False, now=NOW)
    for _ in range(2):
        with pytest.raises(Refused, match="when they were announced"):
            await give(connection, award, A2)
        await planned(connection, won, starts_at=NOW + timedelta(minutes=5))


async def test_who_is_not_named_hides_pauses_or_dropped_the_alias_is_not_congratulated(
    connection: Any,
) -> None:
    award = await announced(connection)
    second = await award_of(connection, A2, 2)
    with pytest.raises(Refused, match="prefers not to be named"):
        await give(connection, second, A3)
    await give(connection, award, A2)
    for visibility, name, allowed in (
        ("hidden", "name", False), ("alias", "name", True), ("name", "alias", False),
        ("alias", "alias", True), ("name", "none", False), ("name", "name", True),
    ):  # fmt: skip
        await connection.execute(
            "update profile set visibility = $2, alias = 'Kestrel' where person_id = $1",
            A1, visibility,
        )  # fmt: skip
        await show_award(connection, award, by=A1, name=name, prize=False, now=NOW)
        if allowed:
            await give(connection, award, A3)
        else:
            with pytest.raises(Refused, match="prefers not to be named"):
                await give(connection, award, A3)
    await become(connection, A1, "paused", NOW)
    with pytest.raises(Refused, match="prefers not to be named"):
        await give(connection, award, LEADER)
    await give(connection, award, A2, given=False)  # what was given can be taken back all the same
    assert (await congratulations(connection, [award], A2))[award].people == (A3,)


async def test_what_was_declined_is_not_congratulated(connection: Any) -> None:
    await announced(connection)
    third = await award_of(connection, A3, 3)
    await decline(connection, third, by=A3, now=NOW)
    with pytest.raises(Refused, match="when they were announced"):
        await give(connection, third, A2)


async def test_the_winner_is_told_once_and_only_if_they_want_it(connection: Any) -> None:
    award = await announced(connection)
    await give(connection, award, A2)
    assert await notices(connection, "award_congratulated") == []
    await choose_notices(connection, A1, {"award_congratulated": True}, NOW)
    for by in (A3, LEADER):
        await give(connection, award, by)
    assert await notices(connection, "award_congratulated") == [A1]


async def test_winners_values_are_those_of_their_evidence_in_both_standings(
    connection: Any,
) -> None:
    await company(connection)
    won = await contest(connection)
    people, teams = await winning_values(connection, won, (A1, A2, A3))
    assert teams == {}
    assert people[("prize", A1)] == people[("recognition", A1)] == 3
    assert {who for _, who in people} == {A1, A2, A3}
    assert {who for _, who in (await winning_values(connection, won, [A2]))[0]} == {A2}


async def test_where_one_standing_serves_both_it_answers_for_both(connection: Any) -> None:
    await company(connection)
    networks = (charter().networks[0],)
    people, _ = await winning_values(connection, await contest(connection, networks=networks), [A2])
    assert people[("prize", A2)] == people[("recognition", A2)] == 2


async def test_a_teams_value_is_what_its_members_have_on_average(connection: Any) -> None:
    await found(connection, department="Sales")
    contest_id = await published(
        connection,
        charter(entering="default", who="departments", team_least=2, prizes=(first(),)),
    )
    for who, number in (("a1", 9), ("a2", 2)):
        await tell(connection, *answers(who, number, START))
    await decided(connection)
    _, teams = await winning_values(connection, contest_id, ())
    assert teams == {("prize", "Sales"): 2, ("recognition", "Sales"): 2}  # 11 of four people, cut
    with pytest.raises(Refused):
        await announce_quietly(connection, contest_id, by=None, line="", now=NOW)
