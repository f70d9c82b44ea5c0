"""From the end of a contest to its decision: what counts, who wins, once and whole."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

import asyncpg
import msgspec

from rewards.amounts import Amount
from rewards.budgets import balances, check_books
from rewards.contests.charter import Among, Prize, PrizeKind
from rewards.contests.entering import enter, leave_contest
from rewards.contests.ticking import tick
from rewards.contests.verifying import verify_contest, verify_draw
from scoring.facts import Removal
from scoring.presets import presets
from scoring.rulebooks import adopt_rulebook
from scoring.rules import default_rulebook_toml
from scoring.score import score
from tests.rewards.life.world import (
    DAYS,
    END,
    EUROS,
    FIRST,
    HR,
    NOW,
    SMALL_AND_LARGE,
    START,
    ZONE,
    answer,
    answers,
    become,
    cash,
    charter,
    decide_case,
    decided,
    decision,
    first,
    followers,
    found,
    fresh,
    hold,
    notices,
    own,
    praise,
    published,
    tell,
    wins,
)
from tests.scoring.test_once import Killed, Mortal

A1, A2, A3, A4 = FIRST, FIRST + 1, FIRST + 2, FIRST + 3
SETTLED = END + timedelta(hours=72, minutes=1)


async def entered(connection: Any, contest: int, *people: int) -> None:
    for person in people:
        await enter(connection, contest, person, now=NOW)


async def test_who_is_answered_by_the_most_people_wins_and_the_rest_is_released(
    connection: Any,
) -> None:
    await found(connection)
    contest = await published(connection, charter(prizes=(first(last=2),)))
    assert (await balances(connection))[EUROS].reserved == 20_000
    await entered(connection, contest, A1, A2)
    await tell(connection, *answers("a1", 3, START), *answers("a3", 9, START))
    await decided(connection)
    assert await wins(connection, contest) == [(1, 1, A1, 10_000)]
    balance = (await balances(connection))[EUROS]
    assert (balance.available, balance.reserved) == (90_000, 10_000)
    assert await verify_contest(connection, "conversation-starters") == []
    assert await verify_draw(connection, "conversation-starters") == []
    assert await check_books(connection) == []


async def test_a_contest_nobody_entered_is_decided_without_winners_and_costs_nothing(
    connection: Any,
) -> None:
    await found(connection)
    contest = await published(connection)
    await tell(connection, *answers("a1", 3, START))
    await decided(connection)
    assert await wins(connection, contest) == []
    assert (await decision(connection, contest))["entrants"] == 0
    assert (await balances(connection))[EUROS].reserved == 0
    assert await verify_contest(connection, "conversation-starters") == []


async def test_only_what_happened_from_the_start_until_before_the_end_counts(
    connection: Any,
) -> None:
    await found(connection)
    contest = await published(connection)
    await entered(connection, contest, A1, A2)
    await tell(
        connection,
        *answers("a1", 2, START),
        answer("a2", "early", START - timedelta(seconds=1)),
        answer("a2", "late", END),
        answer("a2", "in time", END - timedelta(seconds=1)),
    )
    await decided(connection)
    assert await wins(connection, contest) == [(1, 1, A1, 10_000)]


async def test_a_late_delivery_counts_until_settling_ends_and_not_after(connection: Any) -> None:
    await found(connection)
    contest = await published(connection)
    await entered(connection, contest, A1, A2, A3)
    await tell(connection, *answers("a1", 2, START))
    in_time = END + timedelta(hours=71)
    await tell(connection, *answers("a2", 3, START), received_at=in_time)
    await tell(connection, *answers("a3", 9, START), received_at=END + timedelta(hours=72))
    await decided(connection)
    assert await wins(connection, contest) == [(1, 1, A2, 10_000)]
    await tell(connection, *answers("a1", 50, START, since=10), received_at=SETTLED)
    assert await wins(connection, contest) == [(1, 1, A2, 10_000)]
    assert await verify_contest(connection, "conversation-starters") == []


async def test_a_delivery_that_came_in_time_is_waited_for_however_busy_the_workers(
    connection: Any,
) -> None:
    await found(connection)
    contest = await published(connection)
    await entered(connection, contest, A1)
    received_at = END + timedelta(hours=1)
    await connection.execute(
        """with told as (insert into delivery (recorded_on, platform, source, delivery_key, headers,
             body, received_at) values ($1, 'standard', 'webhook', 'k', '{}', '{}', $2)
             returning id, recorded_on)
           insert into pending_delivery select * from told""",
        received_at.date(),
        received_at,
    )
    await tick(connection, SETTLED)
    assert await decision(connection, contest) is None
    await connection.execute("delete from pending_delivery")
    await tick(connection, SETTLED)
    assert await decision(connection, contest) is not None


async def test_an_answer_deleted_before_settling_ends_does_not_count_one_deleted_later_does(
    connection: Any,
) -> None:
    await found(connection)
    contest = await published(connection)
    await entered(connection, contest, A1, A2)
    mine, theirs = answers("a1", 3, START), answers("a2", 2, START)
    await tell(connection, *mine, *theirs)
    for gone in mine[:2]:
        await tell(connection, Removal(gone.native_id), received_at=END + timedelta(hours=1))
    await decided(connection)
    assert await wins(connection, contest) == [(1, 1, A2, 10_000)]
    for gone in theirs:
        await tell(connection, Removal(gone.native_id), received_at=SETTLED + timedelta(hours=1))
    assert await verify_contest(connection, "conversation-starters") == []


async def test_a_correction_of_the_rules_moves_boards_and_neither_a_published_contest_nor_a_decision(
    connection: Any,
) -> None:
    await found(connection)
    contest = await published(
        connection, charter(metric="points", rulebook=default_rulebook_toml())
    )
    await entered(connection, contest, A1, A2)
    # Under the charter answers are worth more than a post; under the corrections nothing is.
    await tell(connection, *answers("a1", 3, START), *answers("a2", 1, START))

    async def boards() -> list[Any]:
        while (await score(connection, now=SETTLED, zone=ZONE)).changes:
            pass
        return list(
            await connection.fetch("select * from total where value <> 0 order by 1, 2, 3, 4")
        )

    async def correct(toml: str, at: datetime) -> None:
        await adopt_rulebook(
            connection, toml, name="Corrected", valid_from=START - timedelta(days=40),
            recorded_at=at, person_id=HR,
        )  # fmt: skip

    stood = await boards()
    await correct(presets()["launch_month"].toml, START + timedelta(days=5))
    assert await boards() != stood
    await decided(connection)
    won = await wins(connection, contest)
    assert won == [(1, 1, A1, 10_000)]
    body = "select body from evidence where contest_id = $1 and person_id = $2"
    kept = await connection.fetchval(body, contest, A1)
    # Answers of 5 and new voices of 3 points, as the charter says and the correction does not.
    assert msgspec.json.decode(kept)["standings"]["prize"]["value"] == 3 * (5 + 3)
    await correct(presets()["team_spirit"].toml, SETTLED + timedelta(hours=1))
    await boards()
    assert await wins(connection, contest) == won
    assert await connection.fetchval(body, contest, A1) == kept
    assert await verify_contest(connection, "conversation-starters") == []
    await correct(default_rulebook_toml(), SETTLED + timedelta(hours=2))
    assert await boards() != []


async def test_recognition_sees_every_network_and_money_only_those_that_allow_it(
    connection: Any,
) -> None:
    await found(connection)
    contest = await published(connection, charter(prizes=(first(), praise())))
    await entered(connection, contest, A1, A2)
    await tell(connection, *answers("a1", 2, START))
    await tell(connection, *answers("a2", 9, START), network="x")
    await decided(connection)
    assert await wins(connection, contest) == [(1, 1, A1, 10_000), (2, 1, A2, 0)]
    body = await connection.fetchval(
        "select body from evidence where contest_id = $1 and person_id = $2", contest, A1
    )
    facts = msgspec.json.decode(body)["standings"]["prize"]["facts"]
    assert {fact["platform"] for fact in facts} == {"standard"}
    assert sum(fact["worth"] for fact in facts) == 2


async def test_in_each_bracket_somebody_wins(connection: Any) -> None:
    await found(connection)
    await tell(connection, followers("a1", 40, NOW), followers("a2", 400_000, NOW))
    contest = await published(connection, charter(brackets=SMALL_AND_LARGE))
    await entered(connection, contest, A1, A2, A3)
    await tell(connection, *answers("a1", 2, START), *answers("a2", 50, START))
    await decided(connection)
    assert await wins(connection, contest) == [(1, 1, A1, 10_000), (1, 1, A2, 10_000)]


async def test_who_reached_it_first_wins_and_who_is_equal_to_the_second_shares_the_money(
    connection: Any,
) -> None:
    await found(connection)
    prizes = (first(10_001, last=1), Prize(number=2, kind=PrizeKind.CASH, among=Among.EACH,
              amounts=(cash(5_000),), first_place=2, last_place=2, budgets=(EUROS,)))  # fmt: skip
    earliest = await published(connection, charter(name="Earliest", prizes=prizes))
    pooled = await published(
        connection, charter(name="Pooled", prizes=prizes, breakers=("pool", "order"))
    )
    for contest in (earliest, pooled):
        await entered(connection, contest, A1, A2)
    await tell(connection, *answers("a1", 3, START), *answers("a2", 3, START + timedelta(hours=1)))
    await decided(connection)
    assert await wins(connection, earliest) == [(1, 1, A1, 10_001), (2, 2, A2, 5_000)]
    shared = await wins(connection, pooled)
    assert sorted(units for *_, units in shared) == [7_500, 7_501]
    assert {person for *_, person, _ in shared} == {A1, A2}


async def test_days_are_never_divided_and_the_sealed_order_can_be_checked(connection: Any) -> None:
    await found(connection)
    day = Prize(number=1, kind=PrizeKind.DAYS, among=Among.EACH, amounts=(Amount(2, None),),
                first_place=1, last_place=1, budgets=(DAYS,))  # fmt: skip
    contest = await published(connection, charter(prizes=(day,), breakers=("pool", "order")))
    await entered(connection, contest, A1, A2)
    await tell(connection, *answers("a1", 3, START), *answers("a2", 3, START))
    await decided(connection)
    ((_, _, winner, units),) = await wins(connection, contest)
    assert (winner in (A1, A2), units) == (True, 2)
    assert await verify_draw(connection, "conversation-starters") == []


async def test_who_withdrew_or_left_before_it_is_decided_does_not_win(connection: Any) -> None:
    await found(connection)
    contest = await published(connection)
    await entered(connection, contest, A1, A2, A3)
    await tell(connection, *answers("a1", 9, START), *answers("a2", 5, START),
               *answers("a3", 1, START))  # fmt: skip
    await tick(connection, START)
    await leave_contest(connection, contest, A1, now=END + timedelta(hours=1))
    await become(connection, A2, "left", END + timedelta(hours=2))
    await decided(connection)
    assert await wins(connection, contest) == [(1, 1, A3, 10_000)]
    assert await verify_contest(connection, "conversation-starters") == []


async def test_an_account_unlinked_midway_counts_until_then(connection: Any) -> None:
    await found(connection)
    contest = await published(connection)
    await entered(connection, contest, A1, A2)
    await tell(connection, *answers("a1", 3, START), *answers("a2", 4, START))
    await own(connection, "standard", "a1", None, START + timedelta(days=1))
    await tell(connection, *answers("a1", 9, START + timedelta(days=2), since=20))
    await decided(connection)
    assert await wins(connection, contest) == [(1, 1, A2, 10_000)]
    assert await verify_contest(connection, "conversation-starters") == []


async def test_a_case_that_could_change_the_winner_keeps_it_in_review_until_somebody_decides(
    connection: Any,
) -> None:
    await found(connection)
    contest = await published(connection)
    await entered(connection, contest, A1, A2, A3)
    mine, theirs = answers("a1", 3, START), answers("a2", 2, START)
    held = answers("a2", 2, START, since=50)
    harmless = answer("a3", "o99", START)
    await tell(connection, *mine, *theirs, *held, harmless)
    cases = [await hold(connection, fact, END) for fact in held]
    await hold(connection, harmless, END)
    for now in (SETTLED, SETTLED + timedelta(hours=5)):
        await tick(connection, now)
        assert await decision(connection, contest) is None
    later = SETTLED + timedelta(hours=6)
    for case, fact in zip(cases, held, strict=True):
        await decide_case(connection, case, fact, release=True, at=later)
    await tick(connection, later + timedelta(seconds=6))
    assert await wins(connection, contest) == [(1, 1, A2, 10_000)]  # a3's case changes nothing
    assert await verify_contest(connection, "conversation-starters") == []


async def test_a_case_that_is_upheld_leaves_the_winner(connection: Any) -> None:
    await found(connection)
    contest = await published(connection)
    await entered(connection, contest, A1, A2)
    held = answer("a2", "o50", START)
    await tell(connection, *answers("a1", 2, START), *answers("a2", 1, START), held)
    case = await hold(connection, held, END)
    await tick(connection, SETTLED)
    assert await decision(connection, contest) is None  # equal to a1, perhaps earlier
    await decide_case(connection, case, held, release=False, at=SETTLED)
    await tick(connection, SETTLED + timedelta(minutes=1))
    assert await wins(connection, contest) == [(1, 1, A1, 10_000)]


async def test_two_contests_may_count_the_same_facts(connection: Any) -> None:
    await found(connection)
    contests = [await published(connection, charter(name=name)) for name in ("One", "Two")]
    for contest in contests:
        await entered(connection, contest, A1)
    await tell(connection, *answers("a1", 3, START))
    await decided(connection)
    for contest in contests:
        assert await wins(connection, contest) == [(1, 1, A1, 10_000)]
    for slug in ("one", "two"):
        assert await verify_contest(connection, slug) == []


async def test_who_won_lately_is_ranked_and_does_not_win(connection: Any) -> None:
    await found(connection)
    earlier = await published(connection, charter(name="Earlier", settle_hours=0))
    await entered(connection, earlier, A1)
    begins = END + timedelta(days=4)
    later = await published(
        connection,
        charter(
            name="Later", cool_down_days=30, start_at=begins, end_at=begins + timedelta(days=9)
        ),
    )
    await entered(connection, later, A1, A2)
    await tell(connection, *answers("a1", 9, START), *answers("a1", 9, begins, since=20),
               *answers("a2", 1, begins))  # fmt: skip
    await decided(connection)
    await tick(connection, begins)
    await decided(connection, begins + timedelta(days=13))
    assert await wins(connection, earlier) == [(1, 1, A1, 10_000)]
    assert await wins(connection, later) == [(1, 1, A2, 10_000)]
    assert await verify_contest(connection, "later") == []


async def test_a_contest_may_run_across_the_end_of_the_year_and_a_change_of_the_clocks(
    connection: Any,
) -> None:
    await found(connection)
    start, end = END.replace(day=30), END.replace(year=2027, month=3, day=29)
    contest = await published(connection, charter(start_at=start, end_at=end))
    await entered(connection, contest, A1, A2)
    await tell(
        connection,
        answer("a1", "one", start),
        answer("a1", "two", end.replace(day=28, hour=1)),  # 2:00 does not exist on that day
        answer("a2", "one", end - timedelta(seconds=1)),
    )
    await decided(connection, end + timedelta(days=3, minutes=1))
    assert await wins(connection, contest) == [(1, 1, A1, 10_000)]
    assert await verify_contest(connection, "conversation-starters") == []


async def test_a_contest_of_followers_counts_snapshots_and_tells_who_has_none(
    connection: Any,
) -> None:
    await found(connection)
    contest = await published(connection, charter(metric="followers", breakers=("pool", "order")))
    await entered(connection, contest, A1, A2, A3)
    await tell(
        connection,
        followers("a1", 100, START), followers("a1", 130, END),
        followers("a2", 100, START), followers("a2", 900, END - timedelta(days=3)),
    )  # fmt: skip
    await tick(connection, START + timedelta(hours=25))
    assert await notices(connection, "contest_no_snapshot") == [A3]
    await tick(connection, END + timedelta(hours=25))
    assert await notices(connection, "contest_no_snapshot") == [A2, A3]
    await decided(connection)
    assert await wins(connection, contest) == [(1, 1, A1, 10_000)]
    assert await verify_contest(connection, "conversation-starters") == []


async def test_deciding_killed_before_any_statement_leaves_nothing_and_the_next_does_all(
    connection: Any,
) -> None:
    await found(connection)
    contest = await published(connection)
    await entered(connection, contest, A1, A2)
    await tell(connection, *answers("a1", 3, START), *answers("a2", 1, START))
    await tick(connection, START)
    kills = 0
    while await decision(connection, contest) is None:
        try:
            await tick(Mortal(connection, 10 + 3 * kills), SETTLED)
        except Killed:
            kills += 1
            assert await wins(connection, contest) == []
            assert await connection.fetchval("select count(*) from evidence") == 0
            assert (await balances(connection))[EUROS].reserved == 10_000
    assert kills > 5
    assert await wins(connection, contest) == [(1, 1, A1, 10_000)]
    assert await verify_contest(connection, "conversation-starters") == []
    assert await check_books(connection) == []


async def test_two_workers_decide_a_contest_once(connection: Any, database_url: str) -> None:
    await found(connection)
    contest = await published(connection, charter(entering="default"))
    await tell(connection, *answers("a1", 3, START))
    other = await asyncpg.connect(database_url)
    try:
        for now in (START, END, SETTLED, SETTLED + timedelta(minutes=1)):
            await asyncio.gather(tick(connection, now), tick(other, now))
    finally:
        await other.close()
    assert await wins(connection, contest) == [(1, 1, A1, 10_000)]
    kinds = await connection.fetch("select kind from contest_event order by id")
    assert [row["kind"] for row in kinds] == ["published", "started", "settled", "decided"]
    assert len(await notices(connection, "contest_entered_by_default")) == 4


async def test_the_live_standing_is_what_was_decided(connection: Any) -> None:
    await found(connection)
    contest = await published(connection)
    await entered(connection, contest, A1)
    await tick(connection, START)
    await tell(connection, *answers("a1", 3, START))
    await fresh(connection, START)
    await tell(connection, *answers("a1", 9, START, since=30), received_at=SETTLED)
    await decided(connection)
    await fresh(connection, SETTLED)
    assert await connection.fetchval("select value from tally where mode = 'prize'") == 3


async def test_who_published_a_contest_cannot_win_it(connection: Any) -> None:
    await found(connection)
    await become(connection, HR, "active", NOW - timedelta(days=1))
    await own(connection, "standard", "hr", HR, NOW - timedelta(days=1))
    contest = await published(connection, charter(entering="default"))
    await tell(connection, *answers("hr", 9, START), *answers("a1", 1, START))
    await decided(connection)
    assert await wins(connection, contest) == [(1, 1, A1, 10_000)]


async def test_of_those_who_reach_a_value_the_first_to_reach_it_win_however_far_they_go_on(
    connection: Any,
) -> None:
    await found(connection)
    reach = Prize(number=1, kind=PrizeKind.CASH, among=Among.ALL, amounts=(cash(2_500),), reach=3,
                  at_most=2, budgets=(EUROS,))  # fmt: skip
    contest = await published(connection, charter(prizes=(reach,)))
    await entered(connection, contest, A1, A2, A3, A4)
    await tell(
        connection,
        *answers("a1", 3, START), answer("a1", "more", END - timedelta(hours=1)),
        *answers("a2", 3, START + timedelta(hours=1)),
        *answers("a3", 3, START + timedelta(hours=2)),
        *answers("a4", 2, START),
    )  # fmt: skip
    await decided(connection)
    assert await wins(connection, contest) == [(1, None, A1, 2_500), (1, None, A2, 2_500)]
    assert await verify_contest(connection, "conversation-starters") == []


async def test_a_draw_is_among_who_reached_it_and_can_be_drawn_again(connection: Any) -> None:
    await found(connection)
    draw = Prize(number=1, kind=PrizeKind.DRAW, among=Among.ALL, amounts=(cash(2_500),), reach=2,
                 at_most=2, budgets=(EUROS,))  # fmt: skip
    contest = await published(connection, charter(prizes=(draw,)))
    await entered(connection, contest, A1, A2, A3, A4)
    await tell(connection, *answers("a1", 2, START), *answers("a2", 2, START),
               *answers("a3", 5, START), answer("a4", "o1", START))  # fmt: skip
    await decided(connection)
    won = await wins(connection, contest)
    assert len(won) == 2
    assert {person for _, _, person, _ in won} < {A1, A2, A3}
    assert await verify_draw(connection, "conversation-starters") == []
    assert (await balances(connection))[EUROS].reserved == 5_000


async def test_a_choice_keeps_both_set_aside_until_the_winner_chooses(connection: Any) -> None:
    await found(connection)
    choice = Prize(number=1, kind=PrizeKind.CHOICE, among=Among.EACH,
                   amounts=(cash(10_000), Amount(2, None)), first_place=1, last_place=1,
                   budgets=(EUROS, DAYS))  # fmt: skip
    contest = await published(connection, charter(prizes=(choice,)))
    await entered(connection, contest, A1)
    await tell(connection, *answers("a1", 2, START))
    await decided(connection)
    held = await balances(connection)
    assert (held[EUROS].reserved, held[DAYS].reserved) == (10_000, 2)
    assert await verify_contest(connection, "conversation-starters") == []
