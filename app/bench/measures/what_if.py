"""A draft of the rules run over a company's engagements, as a worker has it run, beside GROUP BY.

Two drafts: one in which every rule is another, and one in which one is; what is the same is not counted
again.
"""

from __future__ import annotations

import re
import time
from collections.abc import Awaitable
from datetime import UTC, datetime

import asyncpg

from app.bench.figure import Figure
from app.bench.room import Room
from app.settings import Settings
from app.what_ifs import Asked, counted_elsewhere
from scoring import default_rulebook_toml
from seeds.scale import Size, load

_EACH = 200  # engagements of a person: what a month brings who is heard
# The least any recount must do: what everybody got of each kind on each day.
_GROUP_BY = """
select o.person_id, e.kind, date_trunc('day', e.occurred_at), count(*)
from engagement e join ownership o on o.account_id = e.target_id
group by 1, 2, 3
"""


async def measure(room: Room) -> list[Figure]:
    """Each size in a company of its own, by the process that a worker starts."""
    figures: list[Figure] = []
    for facts in room.scale.drafts:
        async with room.installation() as settings:
            figures += await _of(room, settings, facts)
    return figures


async def _of(room: Room, settings: Settings, facts: int) -> list[Figure]:
    size = Size(max(facts // _EACH, 10), facts, datetime.now(UTC))
    await load(
        settings.require_database_url(), size, zone=settings.timezone,
        tag=settings.disclosure_tag, directory=room.directory, tell=room.tell,
    )  # fmt: skip
    connection = await asyncpg.connect(settings.require_database_url(), command_timeout=None)
    every, one, plain = [], [], []
    try:
        await connection.execute("vacuum analyze")
        there = await connection.fetchval("select count(*) from engagement")
        for n in range(room.scale.rounds):
            room.tell("Running drafts", n, room.scale.rounds)
            every.append(there / await _seconds(_draft(settings, size, _every_other())))
            one.append(there / await _seconds(_draft(settings, size, _one_other())))
            plain.append(there / await _seconds(connection.fetch(_GROUP_BY)))
        room.tell("Running drafts", room.scale.rounds, room.scale.rounds)
    finally:
        await connection.close()
    ratios = [draft / group for draft, group in zip(every, plain, strict=True)]
    words = f"what if over {facts:,} engagements"
    return [
        Figure.of_rounds(f"{words}, every rule another", every, "/s"),
        Figure.of_rounds(f"{words}, one rule another", one, "/s"),
        Figure.of_rounds(f"{words}, every rule another ÷ GROUP BY over them", ratios),
    ]


def _every_other() -> str:
    """The default's rules, each with one step more: nothing can be taken from what stands."""
    return re.sub(r"^(steps\s*=.*?\])\]", r"\1, [1, 1]]", default_rulebook_toml(), flags=re.M)


def _one_other() -> str:
    return default_rulebook_toml().replace("[[20, 1]]", "[[30, 1]]", 1)


async def _draft(settings: Settings, size: Size, toml: str) -> None:
    async def silent(done: int, of: int) -> None:
        """Nobody looks on."""

    over = "everything"
    asked = Asked(toml, "the default", over, size.begins_at, size.now, by=0)
    await counted_elsewhere(settings)(asked, silent)


async def _seconds(work: Awaitable[object]) -> float:
    started = time.perf_counter()
    await work
    return time.perf_counter() - started
