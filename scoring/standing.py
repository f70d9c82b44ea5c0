"""Deeds that were stored and may yet stand or not: what is known of them beside their record's name.

Law: a deed stands while one of its names does (`scoring.deeds`). Who takes it back for now gives it a name of
its own and takes that back; who lets it stand again gives it another one. So all of it is facts that are
appended, and a removal of the record stays the last word.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from scoring.connection import Connection
from scoring.facts import Delivery, Engagement, UnusableFact
from scoring.identity import account_id, engagement_id, native_key
from scoring.platforms import platform

_MOST: Final = 10_000  # of one question; what is more is left to the next telling
_EDITED: Final = "edited"


@dataclass(frozen=True, slots=True)
class StandingDeed:
    """A deed whose record was not deleted. `target` is None where it was done to nobody, and where nobody
    knows the account's name any more (`nameless`); `gone` says that all its names are taken back."""

    id: UUID
    network: str
    kind: str
    native_id: str
    target: str | None
    nameless: bool
    names: frozenset[UUID]
    gone: bool

    @property
    def edited_out(self) -> bool:
        """Whether an edit took it back, which nothing undoes."""
        return native_key(self.network, self.name_of(_EDITED)) in self.names

    @property
    def numbers(self) -> list[int]:
        """Of the names that it was given here, the first first."""
        asked = range(1, len(self.names) + 2)
        return [n for n in asked if native_key(self.network, self.name_of(n)) in self.names]

    def name_of(self, what: int | str) -> str:
        """A name that only Fanfare gives."""
        return f"standing:{self.id.hex}#{what}"

    def taken_back(self) -> tuple[str | None, list[str]]:
        """For now: the name to give it, and the names to take back."""
        if self.numbers:
            return None, [self.name_of(n) for n in self.numbers]
        return self.name_of(1), [self.name_of(1)]

    def edited(self) -> tuple[str | None, list[str]]:
        """For ever: the same."""
        last = self.name_of(_EDITED)
        return last, [last, *map(self.name_of, self.numbers)]

    def standing_again(self) -> tuple[str | None, list[str]]:
        """The same for what stands again; also where it is not read yet that it was taken back."""
        return self.name_of(max([1, *self.numbers]) + 1), []


async def standing_deeds(
    connection: Connection, network: str, *, by: Collection[str] = (), named: Collection[str] = ()
) -> list[StandingDeed]:
    """The deeds that these accounts did, or that these records are."""
    rows = await connection.fetch(
        """select e.id, e.platform, e.kind, e.native_id, a.native_id as target,
             e.target_id is not null and a.id is null as nameless, n.names, n.gone
           from engagement e left join account a on a.id = e.target_id
           cross join lateral (
             select coalesce(array_agg(one.native_key), '{}') as names,
               count(*) > 0 and count(*) = count(r.native_key) as gone
             from alias one left join removal r on r.native_key = one.native_key
             where one.engagement_id = e.id) n
           where (e.actor_id = any($1::uuid[]) or e.native_key = any($2::uuid[]))
             and not exists (select from removal r where r.native_key = e.native_key)
           order by e.id limit $3""",
        [account_id(network, one) for one in by],
        [native_key(network, one) for one in named],
        _MOST,
    )
    return [
        StandingDeed(
            row["id"], row["platform"], row["kind"], row["native_id"], row["target"], row["nameless"],
            frozenset(row["names"]), row["gone"],
        )
        for row in rows
    ]  # fmt: skip


def deeds_told(delivery: Delivery) -> frozenset[UUID] | None:
    """The ids of the deeds that a delivery tells; None where it cannot be read."""
    network = delivery.platform
    try:
        facts = platform(network).adapt(delivery).facts
    except UnusableFact:
        return None
    return frozenset(
        engagement_id(
            network,
            one.kind,
            one.native_id,
            account_id(network, one.target) if one.target else None,
        )
        for one in facts
        if isinstance(one, Engagement)
    )
