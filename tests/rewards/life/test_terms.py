"""What is promised: charters in force, taken back, cancelled, amended; and checked again afterwards."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any

import asyncpg
import msgspec
import pytest

from rewards.amounts import Amount, Kind
from rewards.budgets import (
    BudgetExhausted,
    NotASpender,
    OutsidePeriod,
    balances,
    check_books,
    open_budget,
)
from rewards.contests.allowing import decide_allowance
from rewards.contests.amending import Change, amend
from rewards.contests.charter import Among, Prize, PrizeKind
from rewards.contests.drafts import (
    StaleForm,
    copy_of,
    draft_by_slug,
    new_draft,
    read_draft,
    save_draft,
)
from rewards.contests.entering import enter
from rewards.contests.reading import contest as read_contest
from rewards.contests.record import in_force_id
from rewards.contests.ticking import tick
from rewards.contests.verifying import verify_contest
from rewards.contests.withdrawing import cancel, withdraw
from rewards.refusal import Refused
from tests.rewards.life.world import (
    ADMIN,
    END,
    EUROS,
    FIRST,
    HR,
    HR2,
    NOW,
    START,
    ZONE,
    answers,
    cash,
    charter,
    decided,
    first,
    found,
    notices,
    praise,
    published,
    tell,
    wins,
)

A1, A2 = FIRST, FIRST + 1
SLUG = "conversation-starters"


async def reserved(connection: Any) -> int:
    """Cents set aside in the budget of euros."""
    return int((await balances(connection))[EUROS].reserved)


async def test_publishing_sets_the_worst_case_aside_and_seals_a_seed(connection: Any) -> None:
    await found(connection)
    contest = await published(connection, charter(prizes=(first(last=3),)))
    assert await reserved(connection) == 30_000
    view = await read_contest(connection, SLUG, now=NOW)
    assert view.published.sha256 == view.sha256
    seed = await connection.fetchval("select seed from contest_seed where contest_id = $1", contest)
    assert seed not in view.published.canonical()
    assert await verify_contest(connection, SLUG) == []
    (event,) = await connection.fetch("select type from outgoing_event")
    assert event["type"] == "contest.published"


@pytest.mark.parametrize(
    ("terms", "refusal", "said"),
    [
        ({"prizes": (first(100_001),)}, BudgetExhausted, "€0.01 is missing|€0.01 are missing"),
        ({"proposer_id": FIRST}, NotASpender, "You may not spend"),
        ({"end_at": END.replace(year=2027, month=6)}, OutsidePeriod, "the contest ends on"),
    ],
)
async def test_what_a_budget_cannot_pay_is_not_published_and_nothing_is_half_done(
    connection: Any, terms: dict[str, Any], refusal: type[Refused], said: str
) -> None:
    await found(connection)
    with pytest.raises(refusal, match=said):
        await published(connection, charter(**terms))
    assert await reserved(connection) == 0
    for table in ("charter", "contest_event", "contest_seed", "outgoing_event", "reservation"):
        assert await connection.fetchval(f"select count(*) from {table}") == 0


async def test_who_saves_an_older_version_overwrites_nothing(connection: Any) -> None:
    await found(connection)
    contest, slug = await new_draft(connection, by=HR, form={"name": "New voices"}, now=NOW)
    assert slug == "new-voices"
    version = await save_draft(connection, contest, {"name": "A"}, 1, by=HR, now=NOW)
    assert await save_draft(connection, contest, {"name": "A"}, 1, by=HR, now=NOW) == version
    with pytest.raises(StaleForm, match="Hr saved this contest after you opened it"):
        await save_draft(connection, contest, {"name": "B"}, 1, by=HR2, now=NOW)
    assert (await draft_by_slug(connection, slug)).form == {"name": "A"}


async def test_of_two_drafts_saved_at_once_one_is_kept_and_the_other_is_told(
    connection: Any, database_url: str
) -> None:
    await found(connection)
    contest, _ = await new_draft(connection, by=HR, form={"name": "x"}, now=NOW)
    other = await asyncpg.connect(database_url)
    saved = await asyncio.gather(
        save_draft(connection, contest, {"name": "A"}, 1, by=HR, now=NOW),
        save_draft(other, contest, {"name": "B"}, 1, by=HR2, now=NOW),
        return_exceptions=True,
    )
    await other.close()
    assert sorted(type(one).__name__ for one in saved) == ["StaleForm", "int"]


async def test_a_copy_begins_as_the_other_was_but_for_its_days(connection: Any) -> None:
    await found(connection)
    form = {"name": "Team month", "metric": "points", "start_on": "2026-12-01", "end_on": "x"}
    contest, _ = await new_draft(connection, by=HR, form=form, now=NOW)
    copied, slug = await copy_of(connection, contest, by=HR2, now=NOW)
    assert slug == "team-month-2"
    draft = await read_draft(connection, copied)
    assert draft.form == {"name": "Team month", "metric": "points"}


async def test_a_contest_can_be_taken_back_until_somebody_enters_or_it_starts(
    connection: Any,
) -> None:
    await found(connection)
    contest = await published(connection)
    with pytest.raises(Refused, match="has started"):
        await withdraw(connection, contest, by=HR, reason="", now=START)
    await withdraw(connection, contest, by=HR, reason="", now=NOW)
    await withdraw(connection, contest, by=HR, reason="", now=NOW)  # a double click
    assert await reserved(connection) == 0
    assert await in_force_id(connection, contest) is None
    entered = await published(connection, charter(name="Other"))
    await enter(connection, entered, A1, now=NOW)
    with pytest.raises(Refused, match="Somebody has entered already"):
        await withdraw(connection, entered, by=HR, reason="", now=NOW)


async def test_cancelling_releases_everything_tells_everybody_why_and_nobody_wins(
    connection: Any,
) -> None:
    await found(connection)
    contest = await published(connection)
    await enter(connection, contest, A1, now=NOW)
    await tick(connection, START)
    await tell(connection, *answers("a1", 3, START))
    with pytest.raises(Refused, match="Say why"):
        await cancel(connection, contest, by=HR, reason=" ", now=START)
    with pytest.raises(Refused, match="role HR"):
        await cancel(connection, contest, by=A1, reason="I lose", now=START)
    for _ in range(2):
        await cancel(connection, contest, by=HR, reason="The network is gone", now=START)
    assert await reserved(connection) == 0
    assert await notices(connection, "contest_cancelled") == [A1]
    await decided(connection)
    assert await wins(connection, contest) == []
    assert await verify_contest(connection, SLUG) == []


async def test_a_decided_contest_cannot_be_cancelled(connection: Any) -> None:
    await found(connection)
    contest = await published(connection)
    await decided(connection)
    with pytest.raises(Refused, match="is decided"):
        await cancel(connection, contest, by=HR, reason="late", now=END + timedelta(days=9))


async def test_an_amendment_only_adds_and_everybody_in_it_is_told(connection: Any) -> None:
    await found(connection)
    contest = await published(connection)
    await enter(connection, contest, A1, now=NOW)
    second = Prize(number=2, kind=PrizeKind.CASH, among=Among.EACH, amounts=(cash(5_000),),
                   first_place=2, last_place=2, budgets=(EUROS,))  # fmt: skip
    change = Change("The second wins €50.", prizes=(second,))
    made = await amend(connection, contest, change, by=HR, now=START)
    assert await amend(connection, contest, change, by=HR, now=START) == made
    assert await reserved(connection) == 15_000
    assert await notices(connection, "contest_amended") == [A1]
    view = await read_contest(connection, SLUG, now=START)
    assert (len(view.published.prizes), len(view.charter.prizes)) == (1, 2)
    assert view.published.sha256 == view.sha256
    for wrong, said in (
        (Change("Earlier", end_at=END - timedelta(days=1)), "only be later"),
        (Change("Nothing"), "Nothing changes"),
        (Change("", contact="x"), "Say in a sentence"),
        (Change("Again", prizes=(msgspec.structs.replace(second, number=3),)), "its prize already"),
    ):
        with pytest.raises(Refused, match=said):
            await amend(connection, contest, wrong, by=HR, now=START)
    with pytest.raises(Refused, match="has ended"):
        await amend(connection, contest, Change("x", contact="y"), by=HR, now=END)


async def test_an_amended_end_is_the_end_and_a_further_prize_is_won(connection: Any) -> None:
    await found(connection)
    contest = await published(connection)
    for person in (A1, A2):
        await enter(connection, contest, person, now=NOW)
    second = Prize(number=2, kind=PrizeKind.CASH, among=Among.EACH, amounts=(cash(5_000),),
                   first_place=2, last_place=2, budgets=(EUROS,))  # fmt: skip
    later = END + timedelta(days=2)
    change = Change("Two days longer, and the second wins €50.", end_at=later, prizes=(second,))
    await amend(connection, contest, change, by=HR, now=START)
    await tell(connection, *answers("a1", 1, START), *answers("a2", 2, END + timedelta(hours=1)))
    await decided(connection)
    assert await wins(connection, contest) == []
    await decided(connection, later + timedelta(days=3, minutes=1))
    assert await wins(connection, contest) == [(1, 1, A2, 10_000), (2, 2, A1, 5_000)]
    assert await verify_contest(connection, SLUG) == []
    assert await check_books(connection) == []


async def test_a_further_prize_is_held_to_what_a_new_contest_is(connection: Any) -> None:
    await found(connection)
    by_draw = Prize(number=2, kind=PrizeKind.DRAW, among=Among.ALL, amounts=(cash(500),), reach=1,
                    at_most=3, budgets=(EUROS,))  # fmt: skip
    more = Prize(number=2, kind=PrizeKind.CASH, among=Among.EACH, amounts=(cash(500),), first_place=2,
                 last_place=2, budgets=(EUROS,))  # fmt: skip
    only_x = charter(networks=tuple(one for one in charter().networks if one.name == "x"))
    for_fun = charter(prizes=(praise(1),))
    for terms, prize, said in (
        (charter(), by_draw, "has not allowed that"),
        (only_x, more, "may not be won for what happens"),
        (for_fun, more, "nobody was told to say"),
        (charter(who="departments"), msgspec.structs.replace(more, kind=PrizeKind.DAYS,
                                                             amounts=(Amount(1),)), "team"),
    ):  # fmt: skip
        contest = await published(connection, terms)
        held = await reserved(connection)
        with pytest.raises(Refused, match=said):
            await amend(connection, contest, Change("More", prizes=(prize,)), by=HR, now=START)
        assert await reserved(connection) == held
    await decide_allowance(connection, "draws", True, "counsel agreed", by=ADMIN, now=NOW)
    contest = await published(connection)
    await amend(connection, contest, Change("A draw", prizes=(by_draw,)), by=HR, now=START)


async def test_a_later_end_stays_in_the_time_of_the_budgets_that_pay(connection: Any) -> None:
    """Those of the world pay until 31 March; what ends at midnight belongs to the day before."""
    await found(connection)
    contest = await published(connection)
    midnight = datetime(2027, 4, 1, tzinfo=ZONE)
    too_late = Change("Longer", end_at=midnight + timedelta(minutes=1))
    with pytest.raises(Refused, match="contests that end by 31 March 2027") as refused:
        await amend(connection, contest, too_late, by=HR, now=START)
    assert refused.value.field == "end_on"
    second = Prize(number=2, kind=PrizeKind.CASH, among=Among.EACH, amounts=(cash(5_000),),
                   first_place=2, last_place=2, budgets=(EUROS,))  # fmt: skip
    change = Change("Longer, and more to win", end_at=midnight, prizes=(second,))
    await amend(connection, contest, change, by=HR, now=START)
    assert await reserved(connection) == 15_000


async def test_a_contest_that_ends_at_midnight_is_paid_by_the_budget_of_the_day_that_is_over(
    connection: Any,
) -> None:
    await found(connection)
    this_year = await open_budget(
        connection, name="2026", kind=Kind.CASH, currency="EUR", starts_on=date(2026, 1, 1),
        ends_on=date(2026, 12, 31), units=10_000, spenders=[HR], by=HR, key="2026", now=NOW,
    )  # fmt: skip
    prizes = (msgspec.structs.replace(first(), budgets=(this_year,)),)
    midnight = datetime(2027, 1, 1, tzinfo=ZONE)
    late = charter(prizes=prizes, end_at=midnight + timedelta(microseconds=1))
    with pytest.raises(OutsidePeriod):
        await published(connection, late)
    await published(connection, charter(prizes=prizes, end_at=midnight))
    assert (await balances(connection))[this_year].reserved == 10_000


async def test_a_contest_that_does_not_agree_with_its_facts_any_more_is_found_out(
    connection: Any,
) -> None:
    await found(connection)
    contest = await published(connection)
    await enter(connection, contest, A1, now=NOW)
    await tell(connection, *answers("a1", 3, START))
    await decided(connection)
    # Somebody with the database's own rights goes behind the triggers.
    await connection.execute("set session_replication_role = replica")
    await connection.execute(
        "update evidence set body = replace(body, '\"worth\":1', '\"worth\":2')"
    )
    await connection.execute(
        "delete from engagement where id = (select id from engagement order by id limit 1)"
    )
    await connection.execute("set session_replication_role = default")
    said = " ".join(await verify_contest(connection, SLUG))
    assert "The evidence of person 4 is not what its hash covers" in said
    assert "counts otherwise than when it was decided" in said


async def test_no_amendment_moves_the_end_out_of_the_reach_of_any_calendar(connection: Any) -> None:
    await found(connection)
    contest = await published(connection, charter(prizes=(praise(1),)))
    for end in (datetime(9999, 12, 31, 23, tzinfo=UTC), START + timedelta(days=401)):
        with pytest.raises(Refused, match="400 days") as refused:
            await amend(connection, contest, Change("Later.", end_at=end), by=HR, now=NOW)
        assert refused.value.field == "end_on"
    assert not (await tick(connection, START)).failed
