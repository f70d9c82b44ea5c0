"""What the company allows itself in contests: prizes that are a matter of law, off until somebody answers.

Law: only an administrator allows or forbids, with a reason that stands with it and in the audit. What is
published already is not touched: its charter holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from rewards.connection import Connection
from rewards.contests.form.context import CASH_OR_DAYS, DRAWS
from rewards.refusal import Refused
from rewards.roles import holds
from scoring import record_audit

MOST_REASON: Final = 500  # characters


@dataclass(frozen=True, slots=True)
class Allowance:
    """One thing that can be allowed, and how it stands."""

    name: str
    label: str
    why_off: str  # why it is off until somebody allows it, a sentence
    allowed: bool = False
    reason: str = ""  # the latest; '' while nobody decided anything
    person_id: int | None = None  # who decided
    decided_at: datetime | None = None


_NAMED: Final = (
    Allowance(
        CASH_OR_DAYS,
        "Cash or days, the winner chooses",
        "In the United States the choice alone makes the money taxable at once, even for who takes the "
        "days (constructive receipt, 26 CFR 1.451-2(a), read 2026-11). Ask whoever does your payroll tax.",
    ),
    Allowance(
        DRAWS,
        "Prizes drawn among those who reach a value",
        "Prize draws are regulated in many countries, some ask for a permit or forbid that anything is "
        "done for a chance. Ask your counsel. Every draw can be checked by fanfare verify-draw.",
    ),
)


async def allowances(connection: Connection) -> list[Allowance]:
    """All that can be allowed, as it stands: the newest decision on each holds."""
    rows = await connection.fetch(
        """select distinct on (name) name, allowed, reason, person_id, recorded_at from allowance
           order by name, id desc"""
    )
    newest = {row["name"]: row for row in rows}
    return [
        Allowance(
            one.name,
            one.label,
            one.why_off,
            row["allowed"],
            row["reason"],
            row["person_id"],
            row["recorded_at"],
        )
        if (row := newest.get(one.name))
        else one
        for one in _NAMED
    ]


async def allowed_names(connection: Connection) -> frozenset[str]:
    """The names of what is allowed now."""
    return frozenset(one.name for one in await allowances(connection) if one.allowed)


async def decide_allowance(
    connection: Connection, name: str, allowed: bool, reason: str, *, by: int, now: datetime
) -> None:
    """Allow or forbid from now on. Asked the same with the same reason again, nothing happens.

    Raises Refused for anybody but an administrator, and without a reason.
    """
    reason = " ".join(reason.split())
    if not await holds(connection, by, "administrator"):
        raise Refused("Only an administrator decides what is allowed in contests.")
    if name not in {one.name for one in _NAMED}:
        raise Refused("There is no such thing to allow. Load the page again.")
    if not reason:
        raise Refused("Say why: the reason is kept, whoever asks later.", field="reason")
    if len(reason) > MOST_REASON:
        raise Refused(f"Use at most {MOST_REASON} characters.", field="reason")
    async with connection.transaction():
        # Two clicks at once come one after the other, and the second finds the first one's row.
        await connection.execute("select pg_advisory_xact_lock(hashtext('fanfare allowance'))")
        stands = next(one for one in await allowances(connection) if one.name == name)
        if (stands.allowed, stands.reason) == (allowed, reason):
            return
        await connection.execute(
            """insert into allowance (name, allowed, reason, person_id, recorded_at)
               values ($1, $2, $3, $4, $5)""",
            name,
            allowed,
            reason,
            by,
            now,
        )
        action = "allowance_granted" if allowed else "allowance_withdrawn"
        await record_audit(connection, by, action, f"allowance:{name}", {"reason": reason}, now)
