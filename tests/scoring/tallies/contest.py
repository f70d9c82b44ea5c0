"""A contest in the scene's company: from the scene's beginning for a week, on the network `x`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from scoring.facts import Fact
from scoring.rules import default_rulebook_toml
from scoring.score import score
from scoring.sight import Cutoff
from scoring.store import store
from scoring.tallies import CountingTerms, Tallied, tally
from tests.scoring.scene import ANA, NETWORK, TAG, ZONE, hour, told

START, END = hour(0), hour(168)
SETTLED = hour(168 + 72)


def terms(metric: str, **more: Any) -> CountingTerms:
    """The terms of a contest about a metric, as they usually are."""
    usual: dict[str, Any] = {
        "metric": metric, "start_at": START, "end_at": END, "platforms": frozenset({NETWORK}),
        "rulebook": default_rulebook_toml(), "zone": ZONE, "needs_disclosure": False,
    }  # fmt: skip
    return CountingTerms(**(usual | more))


async def counted(
    connection: Any, asked: CountingTerms, person: int = ANA, cutoff: Cutoff | None = None
) -> Tallied:
    """One person, with the facts."""
    found = await tally(connection, asked, [person], cutoff=cutoff or Cutoff(), with_facts=True)
    return found[person]


async def value(connection: Any, asked: CountingTerms, person: int = ANA) -> int:
    """One person's value, as known now."""
    return (await counted(connection, asked, person)).value


async def tell_at(connection: Any, now: datetime, *facts: Fact) -> None:
    """The network tells facts that are recorded at `now`, and a worker looks at them."""
    async with connection.transaction():
        await store(connection, told(facts, now), now=now, disclosure_tag=TAG)
    while (await score(connection, now=now, zone=ZONE)).changes:
        pass


async def in_the_queue(connection: Any) -> set[int]:
    """The people in the queue, left there."""
    return {row["person_id"] for row in await connection.fetch("select person_id from touched")}


def ids(facts: Iterable[Any]) -> set[str]:
    """What the facts are called."""
    return {fact.id for fact in facts}
