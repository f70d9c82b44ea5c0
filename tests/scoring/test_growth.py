"""Laws of windows that only grew: the ledger and the new keys say what reading every deed would say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.credits import Credit
from scoring.deed import Deed
from scoring.facts import Kind, Removal
from scoring.fold import Claim, DirtyWindow, earliest, fold
from scoring.growth import Seen, grown
from scoring.ledger import Entry, difference
from scoring.rules import Window, read_rulebook
from scoring.score import score
from scoring.verify import verify
from tests.scoring.scene import (
    MONDAY,
    NOW,
    ZONE,
    count,
    like,
    points,
    raise_curtain,
    share,
    tell,
    wrote,
)

BOOK = read_rulebook(
    """
    [[rule]]
    name = "liked"
    when = { relation = "earned", kind = "reaction" }
    credit = "actor+post"
    per = "day"
    steps = [[2, 5], [2, 1]]
    """,
    id=1,
)
WINDOW = DirtyWindow(1, BOOK.rules["liked"], "day:2026-11-02", BOOK, None, None)


class Once(NamedTuple):
    """A deed behind a key at a moment."""

    number: int
    key: int
    minute: int


def credit_of(deed: Once) -> Credit:
    at = MONDAY + timedelta(minutes=deed.minute)
    made = Deed(
        UUID(int=deed.number), "x", Kind.REACTION, UUID(int=deed.number), None, None, None, None,
        at, removed=False, held=False, source="webhook",
    )  # fmt: skip
    window = Window(WINDOW.window_name, None, None)
    return Credit(1, WINDOW.rule, window, BOOK, UUID(int=deed.key), at, made)


def claims_of(deeds: Sequence[Once]) -> list[Claim]:
    first = earliest(map(credit_of, deeds))
    return [Claim(credit.key, credit.at, credit.deed.id) for credit in first.values()]


def stands(deeds: Sequence[Once]) -> dict[Any, Entry]:
    counted = difference(WINDOW, fold(WINDOW.rule, claims_of(deeds)), {})
    return {(entry.key, entry.occurred_at): entry for entry in counted}


def earned(claims: Sequence[Claim]) -> list[Any]:
    """What the ledger compares; which of two deeds of one moment is named is not part of it."""
    return [(one.claim.key, one.claim.at, one.points) for one in fold(WINDOW.rule, claims)]


few = st.integers(0, 6)
deeds = st.builds(Once, st.integers(1, 30), few, few)


@settings(max_examples=500)
@given(
    before=st.lists(deeds, max_size=9, unique_by=lambda one: one.number),
    after=st.lists(deeds, max_size=9, unique_by=lambda one: one.number),
)
def test_what_grew_is_what_reading_everything_gives(before: list[Once], after: list[Once]) -> None:
    # A deed has one key for ever; what may change is its time, and whether it still stands.
    keys = {one.number: one.key for one in before}
    after = [one._replace(key=keys.get(one.number, one.key)) for one in after]
    moved = set(before) ^ set(after)
    seen = [Seen(credit_of(one), counts=one in after) for one in moved]
    found = grown(WINDOW, stands(before), seen)
    if found is not None:
        assert earned(found) == earned(claims_of(after))
    gone = set(before) - set(after)
    if not gone:
        assert found is not None  # who only adds never has a window read anew


def test_a_key_that_may_be_lost_has_its_window_read_but_one_beyond_the_steps_has_not() -> None:
    before = [Once(number, number, number) for number in range(1, 7)]
    first, last = before[0], before[-1]
    assert grown(WINDOW, stands(before), [Seen(credit_of(first), counts=False)]) is None
    assert grown(WINDOW, stands(before), [Seen(credit_of(last), counts=False)]) is not None


def test_what_was_counted_by_another_version_has_its_window_read() -> None:
    before = [Once(1, 1, 1)]
    older = {moment: one._replace(rulebook_id=0) for moment, one in stands(before).items()}
    assert grown(WINDOW, older, [Seen(credit_of(Once(2, 2, 2)), counts=True)]) is None


async def rows_read(connection: Any) -> int:
    """How many rows of engagements PostgreSQL has read for anybody so far."""
    await connection.execute("select pg_stat_force_next_flush()")
    return int(
        await connection.fetchval(
            """select sum(idx_tup_fetch + seq_tup_read) from pg_stat_user_tables
               where relname like 'engagement%'"""
        )
    )


async def cost_of_a_round(connection: Any, kind: str, so_far: int) -> int:
    """Rows read to count ten deeds on a post to which so many were done before, and one undone."""
    named = on_post(kind, 0).kind.value
    done = await connection.fetchval("select count(*) from engagement where kind = $1", named)
    for begin in range(done, so_far, 500):
        await tell(connection, *(on_post(kind, n) for n in range(begin, min(begin + 500, so_far))))
        await count(connection)
    await connection.execute("analyze")
    await tell(
        connection,
        *(on_post(kind, n) for n in range(so_far, so_far + 10)),
        Removal(on_post(kind, so_far - 1).native_id),
    )
    before = await rows_read(connection)
    await score(connection, now=NOW, zone=ZONE)
    return await rows_read(connection) - before


def on_post(kind: str, n: int) -> Any:
    minute = n / 60
    if kind == "like":
        return like(f"fan{n}", "ana", "p1", minute)
    return share(f"q{n}", f"fan{n}", "ana", "p1", minute)


async def test_a_viral_post_costs_no_more_than_its_steps(connection: Any) -> None:
    await raise_curtain(connection)
    await tell(connection, wrote("p1", "ana", 0))
    await connection.execute("set enable_seqscan = off")  # as in a table of millions
    for kind in ("like", "share"):
        assert await cost_of_a_round(connection, kind, 2_400) < 150
        assert (await verify(connection, zone=ZONE)).agrees
    assert sum((await points(connection)).values()) > 20
