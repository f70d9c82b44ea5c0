"""While a contest runs: entering and leaving, brackets and teams, the live standing, the freeze."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from rewards.contests.amending import Change, amend
from rewards.contests.charter import Open
from rewards.contests.entering import enter, leave_contest
from rewards.contests.reading import contest as read_contest
from rewards.contests.reading import contests, own, standing
from rewards.contests.record import NoSuchContest
from rewards.contests.refreshing import refresh
from rewards.contests.ticking import tick
from rewards.contests.withdrawing import cancel
from rewards.refusal import Refused
from scoring.rules import default_rulebook_toml
from tests.rewards.life.world import (
    END,
    EVERYBODY,
    FIRST,
    HR,
    HR2,
    NOW,
    SMALL_AND_LARGE,
    START,
    answer,
    answers,
    become,
    charter,
    decided,
    first,
    followers,
    found,
    fresh,
    hire,
    join,
    notices,
    praise,
    published,
    tell,
    wins,
)
from tests.rewards.life.world import own as link

A1, A2, A3, A4 = FIRST, FIRST + 1, FIRST + 2, FIRST + 3


async def rows(connection: Any, contest: int, **how: Any) -> list[tuple[int, int | None, int]]:
    how = {"mode": "prize", "bracket": 0} | how
    return [
        (row.rank, row.person_id, row.value) for row in await standing(connection, contest, **how)
    ]


async def running(connection: Any, **changes: Any) -> int:
    """A contest that everybody is in, started."""
    contest = await published(connection, charter(entering="default", **changes))
    await tick(connection, START)
    return contest


async def test_a_fact_moves_the_standing_and_equal_values_share_a_rank(connection: Any) -> None:
    await found(connection)
    contest = await running(connection)
    await tell(connection, *answers("a1", 2, START), *answers("a2", 2, START),
               *answers("a3", 5, START))  # fmt: skip
    await fresh(connection, START)
    assert await rows(connection, contest) == [(1, A3, 5), (2, A1, 2), (2, A2, 2)]
    await tell(connection, answer("a1", "o77", START + timedelta(hours=1)))
    await fresh(connection, START)
    assert await rows(connection, contest) == [(1, A3, 5), (2, A1, 3), (3, A2, 2)]


async def test_an_entrant_sees_both_figures_what_it_would_take_and_why(connection: Any) -> None:
    await found(connection)
    contest = await running(connection, prizes=(first(), praise()))
    await tell(connection, *answers("a1", 2, START), *answers("a2", 5, START))
    await tell(connection, *answers("a1", 3, START, since=50), network="x")
    await fresh(connection, START)
    mine = await own(connection, contest, A1, now=START)
    assert mine.prize is not None
    assert mine.recognition is not None
    assert (mine.prize.value, mine.prize.rank, mine.only_recognition) == (2, 2, 3)
    assert (mine.recognition.value, mine.recognition.rank) == (5, 1)
    assert mine.prize.gap is not None
    assert mine.prize.prize_gap is not None
    assert (mine.prize.gap.more, mine.prize.prize_gap.more) == (4, 4)
    assert mine.why == (("x", "X forbids paying for what happens there"),)
    assert not mine.frozen


async def test_who_does_what_the_gap_says_has_the_place(connection: Any) -> None:
    await found(connection)
    contest = await running(connection)
    await tell(connection, *answers("a1", 2, START), *answers("a2", 5, START))
    await fresh(connection, START)
    mine = (await own(connection, contest, A1, now=START)).prize
    assert mine is not None
    assert mine.gap is not None
    more = answers("a1", mine.gap.more, START + timedelta(hours=1), since=60)
    await tell(connection, *more)
    await fresh(connection, START)
    assert (await rows(connection, contest))[0] == (1, A1, 6)


async def test_hidden_people_are_in_nobodys_list_and_keep_their_own_rank(connection: Any) -> None:
    await found(connection)
    await connection.execute("update profile set visibility = 'hidden' where person_id = $1", A1)
    contest = await running(connection)
    await tell(connection, *answers("a1", 4, START), *answers("a2", 2, START))
    await fresh(connection, START)
    assert await rows(connection, contest) == [(2, A2, 2)]
    mine = (await own(connection, contest, A1, now=START)).prize
    assert mine is not None
    assert mine.rank == 1


async def test_below_the_middle_nobody_beneath_is_shown(connection: Any) -> None:
    await found(connection, people=6)
    contest = await running(connection)
    for number in range(1, 7):
        await tell(connection, *answers(f"a{number}", number, START))
    await fresh(connection, START)
    around = await rows(connection, contest, around=FIRST + 1)
    assert around[-1] == (5, FIRST + 1, 2)
    assert (4, FIRST + 2, 3) in around
    middle = await rows(connection, contest, around=FIRST + 4)
    assert (3, FIRST + 3, 4) in middle


async def test_the_frozen_standing_stands_still_while_ones_own_figures_go_on(
    connection: Any,
) -> None:
    await found(connection)
    contest = await running(connection, freeze_hours=24)
    await tell(connection, *answers("a1", 2, START))
    freezes_at = END - timedelta(hours=24)
    # The clock comes late: what happened after the freeze is not in what it freezes.
    await tell(connection, *answers("a2", 9, freezes_at + timedelta(minutes=1)))
    await tick(connection, freezes_at + timedelta(hours=2))
    await fresh(connection, freezes_at + timedelta(hours=2))
    assert await rows(connection, contest) == [(1, A1, 2)]
    theirs = await own(connection, contest, A2, now=END)
    assert theirs.prize is not None
    assert (theirs.prize.value, theirs.frozen) == (9, True)
    await decided(connection)
    assert await rows(connection, contest) == [(1, A2, 9), (2, A1, 2)]


async def test_who_wants_it_is_told_quietly_that_they_were_overtaken(connection: Any) -> None:
    await found(connection)
    await connection.execute(
        """insert into notice_choice (person_id, kind, wanted, recorded_at)
           values ($1, 'contest_overtaken', true, $2)""",
        A1,
        NOW,
    )
    await running(connection)
    await tell(connection, *answers("a1", 2, START), answer("a2", "o1", START))
    await fresh(connection, START)
    assert await notices(connection, "contest_overtaken") == []
    await tell(connection, *answers("a2", 4, START, since=20), *answers("a3", 9, START))
    await fresh(connection, START)
    assert await notices(connection, "contest_overtaken") == [A1]


async def test_entering_twice_is_entering_once_and_leaving_works_at_once(connection: Any) -> None:
    await found(connection)
    contest = await published(connection)
    assert await enter(connection, contest, A1, now=NOW)
    assert not await enter(connection, contest, A1, now=NOW)
    await tick(connection, START)
    await tell(connection, *answers("a1", 2, START))
    await fresh(connection, START)
    assert await leave_contest(connection, contest, A1, now=START)
    assert not await leave_contest(connection, contest, A1, now=START)
    assert await rows(connection, contest) == []
    await tell(connection, answer("a1", "o70", START))
    await fresh(connection, START)
    assert await rows(connection, contest) == []
    assert await enter(connection, contest, A1, now=START + timedelta(days=1))
    await fresh(connection, START)
    assert await rows(connection, contest) == [(1, A1, 3)]


@pytest.mark.parametrize(
    ("who", "sentence"),
    [
        ("proposer", "You published this contest"),
        ("stranger", "Only who takes part in Fanfare can enter"),
        ("pausing", "You are pausing"),
        ("elsewhere", "This contest is for the people of Sales"),
    ],
)
async def test_who_cannot_enter_hears_why(connection: Any, who: str, sentence: str) -> None:
    await found(connection)
    sales = await hire(connection, "sal", "Sales")
    await become(connection, HR, "active", NOW)
    await become(connection, A2, "paused", NOW)
    department = await connection.fetchval("select department_id from profile where person_id = $1",
                                           sales)  # fmt: skip
    open_ = Open("departments", (department,), ("Sales",)) if who == "elsewhere" else Open()
    contest = await published(connection, charter(open=open_))
    person = {"proposer": HR, "stranger": sales, "pausing": A2, "elsewhere": A3}[who]
    with pytest.raises(Refused, match=sentence):
        await enter(connection, contest, person, now=NOW)


async def test_nobody_enters_after_the_end_or_a_cancelled_contest(connection: Any) -> None:
    await found(connection)
    contest = await published(connection)
    with pytest.raises(Refused, match="has ended"):
        await enter(connection, contest, A1, now=END)
    await cancel(connection, contest, by=HR, reason="The network is gone", now=NOW)
    with pytest.raises(Refused, match="was cancelled"):
        await enter(connection, contest, A1, now=NOW)


async def test_who_is_in_by_default_is_told_and_can_leave_before_the_start(connection: Any) -> None:
    people = await found(connection)
    contest = await published(connection, charter(entering="default"))
    assert await leave_contest(connection, contest, A1, now=NOW)
    await tick(connection, START)
    assert await notices(connection, "contest_entered_by_default") == people[1:]
    await tell(connection, *answers("a1", 3, START), *answers("a2", 1, START))
    await fresh(connection, START)
    assert await rows(connection, contest) == [(1, A2, 1)]


async def test_who_joins_while_everybody_is_in_comes_in_too_with_what_happens_from_then_on(
    connection: Any,
) -> None:
    await found(connection)
    contest = await running(connection)
    late = await join(connection, "late", START + timedelta(days=2))
    before = answer("late", "o1", START + timedelta(days=1))
    await tell(connection, before, *answers("late", 2, START + timedelta(days=3), since=10))
    await fresh(connection, START + timedelta(days=3))
    assert await rows(connection, contest) == [(1, late, 2)]
    assert late in await notices(connection, "contest_entered_by_default")


async def test_a_bracket_is_that_of_the_start_however_the_audience_grows(connection: Any) -> None:
    await found(connection)
    await tell(connection, followers("a1", 499, NOW), followers("a2", 500, NOW))
    contest = await running(connection, brackets=SMALL_AND_LARGE)
    await tell(connection, followers("a1", 9_000, START + timedelta(hours=1)))
    await tell(connection, *answers("a1", 1, START), *answers("a2", 1, START),
               *answers("a3", 1, START))  # fmt: skip
    await fresh(connection, START)
    assert await rows(connection, contest, bracket=0) == [(1, A1, 1), (1, A3, 1)]
    assert await rows(connection, contest, bracket=1) == [(1, A2, 1)]
    mine = await own(connection, contest, A3, now=START)
    assert mine.audience is None  # nobody counted them: the lowest, and it can be said


async def test_teams_are_those_of_the_start_and_have_what_their_members_have_on_average(
    connection: Any,
) -> None:
    await found(connection, people=0)
    people = [
        await join(connection, name, department=team)
        for name, team in (("a1", "Sales"), ("a2", "Sales"), ("a3", "Research"), ("a4", "Research"),
                           ("a5", "Board"))
    ]  # fmt: skip
    contest = await running(connection, who="departments", team_least=2)
    await connection.execute(
        """update profile set department_id = (select id from department where name = 'Board')
           where person_id = $1""",
        people[0],
    )
    await tell(connection, *answers("a1", 4, START), *answers("a3", 3, START),
               *answers("a4", 3, START), *answers("a5", 90, START))  # fmt: skip
    await fresh(connection, START)
    teams = [
        (row.rank, row.team, row.value, row.members)
        for row in await standing(connection, contest, mode="prize")
    ]
    assert teams == [(1, "Research", 3, 2), (2, "Sales", 2, 2)]
    await decided(connection)
    assert {person for _, _, person, _ in await wins(connection, contest)} == {*people[2:4]}


async def test_pages_list_what_is_published_and_nothing_else(connection: Any) -> None:
    await found(connection)
    contest = await published(connection, charter(brackets=EVERYBODY))
    await enter(connection, contest, A1, now=NOW)
    (card,) = await contests(connection, viewer_id=A1, now=NOW)
    assert (card.slug, card.entered, card.entrants) == ("conversation-starters", True, 1)
    view = await read_contest(connection, card.slug, now=START)
    assert (view.stage, view.sha256) == ("running", view.published.sha256)
    with pytest.raises(NoSuchContest):
        await read_contest(connection, "nothing", now=NOW)


async def test_an_account_linked_late_counts_from_then_on(connection: Any) -> None:
    await found(connection)
    contest = await running(connection)
    await link(connection, "standard", "second", A1, START + timedelta(days=2))
    await tell(
        connection,
        answer("second", "o1", START + timedelta(days=1)),
        answer("second", "o2", START + timedelta(days=3)),
    )
    await fresh(connection, START + timedelta(days=3))
    assert await rows(connection, contest) == [(1, A1, 1)]


async def test_contests_counted_in_one_round_have_each_their_own_standings(connection: Any) -> None:
    """Three that share facts; one without a network that may be rewarded. A2 is never seen on X."""
    await found(connection)
    later = START + timedelta(hours=1)
    only_x = tuple(one for one in charter().networks if one.name == "x")
    usual = await running(connection)
    points = await running(
        connection, name="Points", metric="points", rulebook=default_rulebook_toml()
    )
    late = await running(connection, name="Later", start_at=later)
    for_thanks = await running(connection, name="X", networks=only_x, prizes=(praise(1),))
    await tick(connection, later)
    await fresh(connection, later)
    await tell(connection, *answers("a1", 1, START), *answers("a2", 2, START, since=20))
    await tell(connection, *answers("a1", 3, later, since=40), network="x")
    refreshed = await refresh(connection, later + timedelta(hours=1))
    assert refreshed.contests == {usual, points, late, for_thanks}
    assert (await refresh(connection, later + timedelta(hours=1))).people == 0

    async def values(contest: int, mode: str) -> dict[int, int]:
        kept = await connection.fetch(
            "select person_id, value from tally where contest_id = $1 and mode = $2 and value > 0",
            contest,
            mode,
        )
        return {row["person_id"]: row["value"] for row in kept}

    assert await values(usual, "prize") == {A1: 1, A2: 2}
    assert await values(usual, "recognition") == {A1: 4, A2: 2}
    assert await values(late, "prize") == {}
    assert await values(late, "recognition") == {A1: 3}
    assert await values(for_thanks, "prize") == {}
    assert await values(for_thanks, "recognition") == {A1: 3}
    prize, recognition = await values(points, "prize"), await values(points, "recognition")
    assert prize[A2] == recognition[A2] > 0
    assert 0 < prize[A1] < recognition[A1]


async def test_a_list_says_of_every_contest_what_its_own_page_says_about_entering(
    connection: Any,
) -> None:
    """Whoever asks, asked once for all: open, of a team, cancelled, over, amended, paused, outside."""
    await found(connection, 2, department="Research")
    a5 = await join(connection, "a5", department="Sales")
    a6 = await join(connection, "a6")
    research = await connection.fetchval("select id from department where name = 'Research'")
    for_research = Open(to="departments", ids=(research,), names=("Research",))
    made = [
        await published(connection, terms)
        for terms in (
            charter(),
            charter(open=for_research),
            charter(who="departments"),
            charter(proposer_id=HR),
            charter(end_at=START + timedelta(hours=1)),
        )
    ]
    await become(connection, A2, "paused", NOW - timedelta(days=1))
    await cancel(connection, made[3], by=HR, reason="no more", now=NOW)
    await enter(connection, made[0], a6, now=NOW)
    await become(connection, HR2, "active", NOW - timedelta(days=1))
    later = Change("A day longer", end_at=END + timedelta(days=1))
    await amend(connection, made[0], later, by=HR2, now=NOW)
    stranger = 10**6
    said = set()
    for now in (NOW, START + timedelta(hours=2), END):
        for person in (HR, HR2, A1, A2, a5, a6, stranger):
            for card in await contests(connection, viewer_id=person, now=now):
                mine = await own(connection, card.id, person, now=now)
                assert card.open_to_viewer == (mine.entered or mine.cannot_enter is None)
                said.add(card.open_to_viewer)
    assert said == {True, False}
