"""Above which amount two people approve.

Law: the limit that stood when an award was proposed decides; who changes it later changes nothing
that is under way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from rewards.amounts import MOST_UNITS, Amount
from rewards.connection import Connection
from rewards.refusal import Refused
from rewards.roles import holds
from scoring import record_audit


@dataclass(frozen=True, slots=True)
class Limit:
    """One person approves up to and including `units`; None: whatever it is."""

    kind: str
    currency: str | None
    units: int | None
    since: datetime


async def limits(connection: Connection) -> list[Limit]:
    """The limits in force, money by currency before days."""
    rows = await connection.fetch(
        """select distinct on (kind, currency) kind, currency, units, recorded_at as since
           from approval_limit order by kind, currency, id desc"""
    )
    return [Limit(**dict(row)) for row in rows]


async def set_limit(
    connection: Connection,
    *,
    kind: str,
    currency: str | None,
    units: int | None,
    by: int,
    now: datetime,
) -> None:
    """Say above how much two people approve what is proposed from now on. Raises Refused."""
    if not (await holds(connection, by, "hr") or await holds(connection, by, "administrator")):
        raise Refused("People with the role HR set limits.")
    if units is not None and not 0 <= units <= MOST_UNITS:
        raise Refused("The limit must be nothing or more.", field="limit")
    async with connection.transaction():
        await connection.execute("select pg_advisory_xact_lock(hashtext('fanfare.limit'))")
        for one in await limits(connection):
            if (one.kind, one.currency, one.units) == (kind, currency, units):
                return  # a double click
        await connection.execute(
            """insert into approval_limit (kind, currency, units, person_id, recorded_at)
               values ($1, $2, $3, $4, $5)""",
            kind,
            currency,
            units,
            by,
            now,
        )
        detail = {"kind": kind, "currency": currency, "units": units}
        await record_audit(connection, by, "limit_set", "approval_limit", detail, now)


def approvals_needed(amounts: Sequence[Amount], in_force: Sequence[Limit]) -> int:
    """How many people approve: two if any of the amounts is above its limit. Pure."""
    most = {(one.kind, one.currency): one.units for one in in_force}
    for amount in amounts:
        limit = most.get((amount.kind.value, amount.currency))
        if limit is not None and amount.units > limit:
            return 2
    return 1
