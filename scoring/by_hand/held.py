"""Which figure of a post holds at a moment: the one seen last, and of one moment the one said last.

Laws: what people said again or corrected of a moment follows it by microseconds, so that it stands behind
what it corrects wherever moments are compared; what no worker has read yet is known here, too.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec

from scoring.by_hand.delivered import WAYS, SaidFigure, figures_in
from scoring.connection import Connection
from scoring.identity import native_key

_STEP: Final = timedelta(microseconds=1)  # the least that PostgreSQL tells apart
# Corrections of a moment stand within it: moments in files are days, minutes or seconds.
_MOMENT: Final = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Held:
    """A figure that holds: how high, and since when."""

    value: int
    observed_at: datetime

    def later(self, other: Held | None) -> Held:
        """Whichever was seen later; of one moment the smaller, as everywhere."""
        if other is None:
            return self
        return max(self, other, key=lambda one: (one.observed_at, -one.value))


Asked = tuple[UUID, str, datetime]  # a post, a kind, a moment
Unread = Mapping[tuple[UUID, str], Sequence[Held]]


async def unread_figures(connection: Connection, network: str) -> Unread:
    """What people said of a network's posts and no worker has read yet."""
    rows = await connection.fetch(
        """select d.body from pending_delivery w
           join delivery d on d.recorded_on = w.recorded_on and d.id = w.delivery_id
           where d.platform = $1 and d.source = any($2::text[])""",
        network,
        sorted(WAYS),
    )
    found: dict[tuple[UUID, str], list[Held]] = {}
    for row in rows:
        for one in figures_in(row["body"]):
            key = (native_key(network, one.post), one.kind.value)
            found.setdefault(key, []).append(Held(one.value, one.observed_at))
        await asyncio.sleep(0)  # a delivery has thousands of figures, and others wait
    return found


async def held_at(
    connection: Connection, asked: Iterable[Asked], unread: Unread
) -> dict[Asked, Held]:
    """The figure that holds of each of these at its moment, where there is any."""
    wanted = list(asked)
    if not wanted:
        return {}
    rows = await connection.fetch(
        """select a.post_id, a.kind, a.at, f.value, f.observed_at
           from unnest($1::uuid[], $2::text[], $3::timestamptz[]) as a(post_id, kind, at)
           join lateral (select value, observed_at from figure
             where figure.post_id = a.post_id and figure.kind = a.kind and figure.observed_at < a.at + $4
             order by observed_at desc, value limit 1) f on true""",
        *zip(*wanted, strict=True),
        _MOMENT,
    )
    held = {
        (row["post_id"], row["kind"], row["at"]): Held(row["value"], row["observed_at"])
        for row in rows
    }
    for post, kind, at in wanted if unread else ():
        for one in unread.get((post, kind), ()):
            if one.observed_at < at + _MOMENT:
                held[post, kind, at] = one.later(held.get((post, kind, at)))
    return held


async def said_anew(
    connection: Connection, network: str, figures: Sequence[SaidFigure]
) -> list[SaidFigure]:
    """Those of these figures that do not hold already, each behind what it corrects.

    Until the caller's transaction ends nobody else says figures of this network.
    """
    await connection.execute(
        "select pg_advisory_xact_lock(hashtextextended($1, 9))", f"figures of {network}"
    )
    keys = [(native_key(network, one.post), one.kind.value, one.observed_at) for one in figures]
    held = await held_at(connection, keys, await unread_figures(connection, network))
    anew = []
    for key, one in zip(keys, figures, strict=True):
        last = held.get(key)
        if last is None or last.observed_at < one.observed_at:
            anew.append(one)
        elif last.value != one.value:
            anew.append(msgspec.structs.replace(one, observed_at=last.observed_at + _STEP))
    return anew
