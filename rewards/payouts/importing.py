"""Payments that come back: good lines are paid, the others are said, each once.

Law: the same file again changes nothing; what is paid moves from reserved to spent in the same breath.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from zoneinfo import ZoneInfo

import msgspec

from rewards.awards.award import AwardState
from rewards.awards.paying import pay
from rewards.awards.record import locked
from rewards.connection import Connection
from rewards.payouts.cells import table
from rewards.payouts.line import figure
from rewards.payouts.locking import lock_awards
from rewards.payouts.matching import Paid, PaymentPlan, match_payments
from rewards.payouts.payout import payout_lines, require_hr
from rewards.payouts.sheet import Mismatch
from rewards.refusal import Refused
from scoring import record_audit


@dataclass(frozen=True, slots=True)
class PaymentImport:
    """What an import did."""

    rows: int
    paid: int
    before: int  # lines that were imported before
    mismatches: tuple[Mismatch, ...]


async def import_paid(
    connection: Connection,
    csv_bytes: bytes,
    *,
    by: int,
    now: datetime,
    zone: ZoneInfo | None = None,
) -> PaymentImport:
    """Pay what the file says was paid; lines that do not fit are answered and change nothing.

    Columns: reference, amount, paid_on, and currency if there is one. Raises Refused for a file that
    cannot be read at all.
    """
    async with connection.transaction():
        await require_hr(connection, by)
        # One import at a time: what stands was read when nobody else could change it.
        await connection.execute("select pg_advisory_xact_lock(hashtext('fanfare.payment'))")
        today = now.astimezone(zone or ZoneInfo("UTC")).date()
        plan = await match_payments(connection, csv_bytes, by=by, today=today)
        digest = sha256(csv_bytes).hexdigest()
        if not plan.paid and await _known(connection, digest):
            return PaymentImport(plan.rows, 0, plan.before, plan.mismatches)
        import_id = await _record(connection, plan, digest, by, now)
        await lock_awards(connection, [paid.award_id for paid in plan.paid])
        for paid in sorted(plan.paid, key=lambda paid: paid.award_id):
            await _pay(connection, paid, import_id, by, now)
        detail = {"rows": plan.rows, "paid": len(plan.paid), "mismatches": len(plan.mismatches)}
        await record_audit(
            connection, by, "payments_imported", f"payment_import:{import_id}", detail, now
        )
    return PaymentImport(plan.rows, len(plan.paid), plan.before, plan.mismatches)


async def all_paid(connection: Connection, number: str, paid_on: date) -> bytes:
    """The file that says of every unpaid award of a payout that it was paid on a day."""
    lines = [line for line in await payout_lines(connection, number) if line.paid_on is None]
    if not lines:
        raise Refused("Everything in this payout was paid before.", field="paid_on")
    rows = [
        (line.reference, figure(line.amount), line.amount.currency or "days", paid_on.isoformat())
        for line in lines
    ]
    return table([("reference", "amount", "currency", "paid_on"), *rows]).encode()


async def _pay(connection: Connection, paid: Paid, import_id: int, by: int, now: datetime) -> None:
    view = await locked(connection, paid.award_id)
    if view.state is not AwardState.EXPORTED or view.chosen is None:
        raise Refused("An award changed at this moment. Send the file again.", field="file")
    await connection.execute(
        """insert into payment (award_id, import_id, reference, paid_on, units, person_id, recorded_at)
           values ($1, $2, $3, $4, $5, $6, $7)""",
        view.id,
        import_id,
        paid.reference,
        paid.paid_on,
        paid.amount.units,
        by,
        now,
    )
    await pay(connection, view.id, reference=paid.reference, paid_on=paid.paid_on, by=by, now=now)


async def _known(connection: Connection, digest: str) -> bool:
    known: bool = await connection.fetchval(
        "select exists (select from payment_import where sha256 = $1)", digest
    )
    return known


async def _record(
    connection: Connection, plan: PaymentPlan, digest: str, by: int, now: datetime
) -> int:
    import_id: int = await connection.fetchval(
        """insert into payment_import (sha256, rows, paid, mismatches, person_id, recorded_at)
           values ($1, $2, $3, $4::jsonb, $5, $6) returning id""",
        digest,
        plan.rows,
        len(plan.paid),
        msgspec.json.encode(plan.mismatches).decode(),
        by,
        now,
    )
    return import_id
