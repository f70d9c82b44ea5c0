"""A draft run over the past: it changes nothing, and for the rules in force it says what stands."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import asyncpg
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from scoring.presets import presets
from scoring.rulebooks import adopt_rulebook, load_books
from scoring.rules import RulebookInvalid, default_rulebook_toml
from scoring.tallies import CountingTerms, tally
from scoring.what_if import Counted, Part, as_if_always, as_if_corrected, running, what_if
from tests.scoring.scene import (
    ANA,
    BEN,
    CEM,
    NETWORK,
    NOW,
    ZONE,
    count,
    hour,
    like,
    mark,
    raise_curtain,
    reply,
    tell,
    wrote,
)
from tests.scoring.worlds import TIGHT, WIDE, World, begin, worlds

thorough = settings.get_current_profile_name() == "thorough"
EXAMPLES = 1000 if thorough else 20
WHENEVER = st.sampled_from([-400, 0, 5, 14, 30, 134])
LONG = st.sampled_from([2, 48, 150, 900])

ANSWERED_PER = """[[rule]]
name = "answered"
when = { relation = "earned", kind = "reply" }
credit = "actor+post"
per = "%s"
steps = [[1, 5]]
"""
_TABLES = """select c.oid::regclass::text from pg_class c
             where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace order by 1"""


async def everything(connection: Any) -> dict[str, Any]:
    """Every row of every table, as one hash a table."""
    tables = [row[0] for row in await connection.fetch(_TABLES)]
    return {
        table: await connection.fetchval(
            f"select md5(coalesce(string_agg(t::text, '|' order by t::text), '')) from {table} t"
        )
        for table in tables
    }


async def ledger(connection: Any, start: float, end: float) -> dict[int, int]:
    rows = await connection.fetch(
        """select person_id, sum(points)::int as points from entry
           where occurred_at >= $1 and occurred_at < $2 group by 1 having sum(points) <> 0""",
        hour(start),
        hour(end),
    )
    return {row["person_id"]: row["points"] for row in rows}


def anything(points: dict[int, int]) -> dict[int, int]:
    return {person: value for person, value in points.items() if value}


@settings(
    max_examples=EXAMPLES, deadline=None, print_blob=True, database=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
@given(
    world=worlds(), start=WHENEVER, length=LONG, counted_again=st.sampled_from([True, True, False])
)
async def test_the_rules_in_force_give_exactly_what_stands(
    connection: Any, world: World, start: int, length: int, counted_again: bool
) -> None:
    await begin(connection, world)
    for act in world.acts:
        await act.happen(connection)
    await count(connection)
    books = await load_books(connection, ZONE)
    before = await everything(connection)
    found = await what_if(
        connection, books, hour(start), hour(start + length), everything=counted_again
    )
    stands = await ledger(connection, start, start + length)
    assert anything(found.now) == anything(found.then) == stands
    assert {k: v for k, v in found.rules_now.items() if any(v)} == {
        k: v for k, v in found.rules_then.items() if any(v)
    }
    foreseen = found.foreseen(books)
    assert foreseen.now == foreseen.then
    assert (foreseen.up, foreseen.down, foreseen.same) == (0, 0, len(stands))
    assert await everything(connection) == before


@settings(
    max_examples=EXAMPLES, deadline=None, print_blob=True, database=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
@given(
    world=worlds(),
    toml=st.sampled_from([TIGHT, WIDE, default_rulebook_toml()]),
    since=st.sampled_from([-400, 0, 14, 86, 134]),
    counted_again=st.booleans(),
)
async def test_what_a_correction_is_said_to_give_is_what_it_gives(
    connection: Any, world: World, toml: str, since: int, counted_again: bool
) -> None:
    await begin(connection, world)
    for act in world.acts:
        await act.happen(connection)
    await count(connection)
    books = await load_books(connection, ZONE)
    later = max(book.recorded_at for book in books.versions) + timedelta(hours=1)
    recorded_at = max(later, NOW)
    draft = as_if_corrected(books, toml, hour(since), recorded_at)
    found = await what_if(connection, draft, hour(-400), hour(700), everything=counted_again)
    assert anything(found.now) == await ledger(connection, -400, 700)
    await adopt_rulebook(
        connection, toml, name="correction", valid_from=hour(since), recorded_at=recorded_at
    )
    await count(connection)
    assert anything(found.then) == await ledger(connection, -400, 700)


@settings(
    max_examples=EXAMPLES, deadline=None, print_blob=True, database=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
@given(
    world=worlds(),
    toml=st.sampled_from([TIGHT, WIDE, default_rulebook_toml(), presets()["launch_month"].toml]),
    start=WHENEVER,
    length=LONG,
)
async def test_a_draft_gives_what_a_contest_under_these_rules_would_count(
    connection: Any, world: World, toml: str, start: int, length: int
) -> None:
    await begin(connection, world)
    for act in world.acts:
        await act.happen(connection)
    await count(connection)
    start_at, end_at = hour(start), hour(start + length)
    found = await what_if(connection, as_if_always(toml, ZONE), start_at, end_at, everything=True)
    terms = CountingTerms(
        metric="points", start_at=start_at, end_at=end_at, platforms=frozenset({NETWORK}),
        rulebook=toml, zone=ZONE, needs_disclosure=False,
    )  # fmt: skip
    counted = await tally(connection, terms, (ANA, BEN, CEM))
    assert anything(found.then) == {p: one.value for p, one in counted.items() if one.value}


async def test_who_asks_hears_of_a_change_that_comes_to_the_same_sum(connection: Any) -> None:
    text = """[[rule]]
name = "answered"
when = {{ relation = "earned", kind = "reply" }}
credit = "actor+post"
per = "day"
steps = {steps}
"""
    await raise_curtain(connection, toml=text.format(steps="[[1, 5], [1, 2]]"))
    await tell(
        connection,
        wrote("p", "ana", 0),
        reply("r1", "out1", "ana", "p", 1),
        reply("r2", "out2", "ana", "p", 2),
    )
    await count(connection)
    same = as_if_always(text.format(steps="[[1, 5], [1, 2]]"), ZONE)
    other = as_if_always(text.format(steps="[[1, 2], [1, 5]]"), ZONE)
    for own, books, changes in ((ANA, same, False), (ANA, other, True), (BEN, other, False)):
        found = await what_if(connection, books, hour(0), hour(9), everything=True, own=own)
        assert anything(found.now) == anything(found.then) == {ANA: 7}
        assert found.own_changes is changes


async def test_the_parts_of_all_people_come_to_the_whole_in_one_moment(
    connection: Any, database_url: str
) -> None:
    await raise_curtain(connection)
    await tell(connection, wrote("p", "ana", 0), reply("r1", "out1", "ana", "p", 1))
    await mark(connection, "q", "disclosed")
    await tell(connection, wrote("q", "ben", 0), reply("r2", "out1", "ben", "q", 1))
    await count(connection)
    books = as_if_always(presets()["launch_month"].toml, ZONE)
    whole = await what_if(connection, books, hour(-24), hour(24))
    other = await asyncpg.connect(database_url)
    third = await asyncpg.connect(database_url)
    parts: list[Counted] = []

    async def begun(snapshot: str) -> None:
        # What comes to be known meanwhile is not seen by the part that begins later.
        await tell(third, reply("r3", "out2", "ana", "p", 2))
        parts.append(await what_if(other, books, hour(-24), hour(24), part=Part(1, 2, snapshot)))

    try:
        first = await what_if(connection, books, hour(-24), hour(24), part=Part(0, 2), begun=begun)
    finally:
        await other.close()
        await third.close()
    assert parts[0].then
    first.add(parts[0])
    assert (first.now, first.then) == (whole.now, whole.then)
    assert first.foreseen(books) == whole.foreseen(books)


def test_a_rule_that_counts_per_post_now_has_the_days_of_posts_published_before() -> None:
    before = as_if_always(ANSWERED_PER % "day", ZONE)
    books = as_if_corrected(before, ANSWERED_PER % "post", hour(0), NOW)
    found = books.windows_within("answered", hour(24), hour(25))
    assert [window.name.partition(":")[0] for _, window, _ in found] == ["day"]


@given(
    versions=st.lists(
        st.tuples(st.sampled_from(["day", "week", "post"]), st.integers(-30, 200)), max_size=3
    ),
    at=st.integers(-30, 200),
    published=st.none() | st.integers(-60, 200),
)
@example(versions=[("day", 4), ("post", 9)], at=9, published=8)
def test_whichever_window_of_time_a_deed_falls_into_is_among_those_that_may_rule(
    versions: list[tuple[str, int]], at: int, published: int | None
) -> None:
    books = as_if_always(ANSWERED_PER % "post", ZONE)
    for number, (per, since) in enumerate(versions):
        recorded_at = NOW + timedelta(hours=number)
        books = as_if_corrected(books, ANSWERED_PER % per, hour(since), recorded_at)
    published_at = None if published is None else hour(published)
    ruling = books.ruling("answered", hour(at), "p", published_at)
    if ruling is not None and ruling[0].per != "post":
        found = books.windows_within("answered", hour(-30), hour(201))
        assert ruling[1].name in [window.name for _, window, _ in found]


async def test_pages_of_people_come_to_the_same_and_progress_ends_with_everybody(
    connection: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    await raise_curtain(connection)
    await tell(
        connection,
        wrote("p", "ana", 0),
        *(reply(f"r{n}", f"out{n}", "ana", "p", n) for n in range(1, 15)),
        *(like(f"out{n}", "ana", "p", n) for n in range(1, 30)),
    )
    await count(connection)
    books = as_if_always(presets()["launch_month"].toml, ZONE)
    whole = await what_if(connection, books, hour(-24), hour(300))
    monkeypatch.setattr(running, "PAGE", 1)
    seen: list[tuple[int, int]] = []

    async def progress(done: int, of: int) -> None:
        seen.append((done, of))

    paged = await what_if(connection, books, hour(-24), hour(300), progress=progress)
    assert (paged.now, paged.then) == (whole.now, whole.then)
    assert paged.then[ANA] != paged.now[ANA]
    assert BEN not in paged.then
    assert seen[-1] == (3, 3)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)


async def test_a_rule_that_a_draft_leaves_out_keeps_what_pages_call_it(connection: Any) -> None:
    await raise_curtain(connection)
    await tell(connection, wrote("p", "ana", 0), reply("r1", "out1", "ana", "p", 1))
    await count(connection)
    books = as_if_always(presets()["team_spirit"].toml, ZONE)
    found = (await what_if(connection, books, hour(-400), hour(700))).foreseen(books)
    labels = {rule.name: rule.label for rule in found.rules if rule.now and not rule.then}
    assert labels["new_voice"] == "Somebody new answered you"


async def test_nothing_can_be_written_while_a_draft_is_run(connection: Any) -> None:
    await raise_curtain(connection)

    async def write(done: int, of: int) -> None:
        await connection.execute("delete from change")

    with pytest.raises(Exception, match="read-only transaction"):
        await what_if(connection, as_if_always(TIGHT, ZONE), hour(0), hour(1), progress=write)


async def test_a_draft_that_is_no_rulebook_is_refused_before_anything_is_read(
    connection: Any,
) -> None:
    with pytest.raises(RulebookInvalid):
        as_if_always("rule = []", ZONE)
    with pytest.raises(ValueError, match="begins before it ends"):
        await what_if(connection, as_if_always(TIGHT, ZONE), hour(1), hour(1))
