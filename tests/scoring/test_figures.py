"""Counts without names beside names: the n-th count law, against a plain reference."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from scoring.facts import Figure, Kind, Post
from scoring.figures import merge, rises
from scoring.fold import Claim
from scoring.verify import verify
from tests.scoring import scene
from tests.scoring.scene import BEN, TAG, ZONE, by_rule, count, like, raise_curtain, reply, tell

START = datetime(2026, 11, 2, tzinfo=UTC)
POST = UUID(int=1)
MOST = 50


def hour(n: int) -> datetime:
    return START + timedelta(hours=n)


observed = st.lists(st.tuples(st.integers(0, 8).map(hour), st.integers(0, 8)), max_size=6)
names = st.lists(st.integers(0, 8).map(hour), max_size=6).map(
    lambda moments: [
        Claim(UUID(int=100 + n), at, UUID(int=200 + n)) for n, at in enumerate(moments)
    ]
)


def reached(observations: list[tuple[datetime, int]], n: int) -> datetime | None:
    """When the figure reached n and never fell below it again."""
    moments = sorted({at for at, _ in observations})
    for at in moments:
        if all(value >= n for when, value in observations if when >= at):
            return at
    return None


@given(observed, names)
def test_the_nth_count_is_the_nth_name_or_the_figure_that_lasts_the_earlier(
    observations: list[tuple[datetime, int]], named: list[Claim]
) -> None:
    merged = merge(POST, "reaction", named, observations, MOST)
    ordered = sorted(named, key=lambda claim: (claim.at, claim.key))
    expected: list[tuple[datetime, UUID | None]] = []
    for n in range(1, 20):
        by_name = ordered[n - 1] if n <= len(ordered) else None
        by_figure = reached(observations, n)
        if by_name is not None and (by_figure is None or by_name.at <= by_figure):
            expected.append((by_name.at, by_name.engagement_id))
        elif by_figure is not None:
            expected.append((by_figure, None))
    assert sorted(merged_of(merged), key=str) == sorted(expected, key=str)
    assert len({claim.key for claim in merged}) == len(merged)


def merged_of(merged: list[Claim]) -> list[tuple[datetime, UUID | None]]:
    return [(claim.at, claim.engagement_id) for claim in merged]


@given(observed, names, st.integers())
def test_the_order_in_which_they_are_known_changes_nothing(
    observations: list[tuple[datetime, int]], named: list[Claim], seed: int
) -> None:
    mixed, mixed_names = list(observations) * 2, list(named)
    Random(seed).shuffle(mixed)
    Random(seed).shuffle(mixed_names)
    assert merge(POST, "reaction", mixed_names, mixed, MOST) == merge(
        POST, "reaction", named, observations, MOST
    )


@given(observed)
def test_rises_rise(observations: list[tuple[datetime, int]]) -> None:
    found = rises(observations)
    assert found == sorted(set(found))
    assert [value for _, value in found] == sorted({value for _, value in found})


def test_a_viral_figure_is_never_spelled_out() -> None:
    assert len(merge(POST, "reaction", [], [(hour(1), 10**9)], 20)) == 20


async def test_a_figure_that_falls_takes_back_what_it_gave(connection: Any) -> None:
    await raise_curtain(connection)
    await tell(connection, Post("p1", "ana", scene.hour(0)))
    for at, value, expected in ((1, 6, 6), (2, 9, 9), (3, 4, 4), (4, 5, 5)):
        await tell(connection, Figure("p1", Kind.REACTION, value, scene.hour(at)))
        await count(connection)
        assert await by_rule(connection) == {"liked": expected}
    await tell(connection, *(like(f"out{n}", "ana", "p1", n) for n in range(1, 8)))
    await count(connection)
    assert await by_rule(connection) == {"liked": 7}  # more names than the figure knows
    assert (await verify(connection, zone=ZONE)).differences == []


async def test_a_figure_of_a_disclosed_post_counts_without_a_single_name(connection: Any) -> None:
    await raise_curtain(connection)
    await tell(
        connection,
        Figure("p2", Kind.REACTION, 3, scene.hour(2)),
        Post("p2", "ben", scene.hour(0), text=f"At work {TAG}"),
    )
    await count(connection)
    assert await by_rule(connection, BEN) == {"liked": 3}
    assert (await verify(connection, zone=ZONE)).differences == []


async def test_what_needs_different_people_takes_no_figures(connection: Any) -> None:
    await raise_curtain(connection)
    await tell(
        connection,
        Post("p1", "ana", scene.hour(0)),
        reply("r1", "out1", "ana", "p1", 1),
        Figure("p1", Kind.REPLY, 4, scene.hour(2)),
    )
    await count(connection)
    assert await by_rule(connection) == {"answered": 20, "new_voice": 3}
