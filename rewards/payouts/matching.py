"""What a file of payments means: which awards were paid, and which lines cannot be used. Reads only.

Law: a line is good when its reference, amount and currency are exactly those of a payout; nothing is
made to fit.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from rewards.amounts import Amount, Kind, in_words, typed
from rewards.awards.reading import STATE
from rewards.connection import Connection
from rewards.payouts.sheet import Mismatch, Row, Sheet, read_sheet
from rewards.refusal import Refused

COLUMNS: Final[Mapping[str, frozenset[str]]] = {
    "reference": frozenset({"reference", "ref", "referenz"}),
    "amount": frozenset({"amount", "days", "betrag"}),
    "currency": frozenset({"currency", "währung"}),
    "paid_on": frozenset({"paid_on", "paid on", "date", "datum"}),
}
_REFERENCE: Final = re.compile(r"(?P<payout>P-[0-9]{4}-[0-9]{4,9})-(?P<award>[0-9]{1,18})")


@dataclass(frozen=True, slots=True)
class Paid:
    """A good line: this award was paid on this day."""

    line: int
    reference: str
    award_id: int
    amount: Amount
    paid_on: date


@dataclass(frozen=True, slots=True)
class PaymentPlan:
    """What an import would do."""

    rows: int
    paid: tuple[Paid, ...]
    before: int  # lines that say what was imported before
    mismatches: tuple[Mismatch, ...]


async def match_payments(
    connection: Connection, body: bytes, *, by: int, today: date
) -> PaymentPlan:
    """Compare a file with what was exported. Raises Refused for a file that cannot be read at all.

    `by`: who imports it; nobody confirms what they themselves receive.
    """
    sheet = read_sheet(body, COLUMNS, needed=("reference", "amount", "paid_on"))
    exported = await _exported(connection, sheet)
    times = Counter(row["reference"].upper() for row in sheet.rows)
    paid, before, mismatches = [], 0, []
    for row in sheet.rows:
        try:
            if times[row["reference"].upper()] > 1:
                raise Refused(
                    f"{_quoted(row)} stands in this file more than once; none of its lines was used."
                )
            told = _line(row, exported, sheet.locale, today)
            known = exported[told.reference]
            if known["was_paid_on"] is None:
                _check_state(known, by)
                paid.append(told)
            elif known["was_paid_on"] == told.paid_on:
                before += 1
            else:
                raise Refused(
                    f"{told.reference} was imported before as paid on {known['was_paid_on']},"
                    f" not {told.paid_on}. Nothing was changed."
                )
        except Refused as refused:
            mismatches.append(Mismatch(row.line, str(refused)))
    return PaymentPlan(len(sheet.rows), tuple(paid), before, tuple(mismatches))


def _line(row: Row, exported: Mapping[str, Mapping[str, Any]], locale: str, today: date) -> Paid:
    reference = row["reference"].upper()
    if not reference:
        raise Refused("There is no reference in this line.")
    if reference not in exported:
        raise Refused(f"{_quoted(row)} is not a reference of any payout.")
    known = exported[reference]
    expected = Amount(units=known["units"], currency=known["currency"])
    currency = row["currency"].upper()
    if currency and currency not in (
        expected.currency or "",
        "DAYS" if not expected.currency else "",
    ):
        raise Refused(f"{reference} is {in_words(expected)}; the line says {row['currency'][:20]}.")
    said = typed(
        row["amount"],
        currencies={expected.currency} if expected.currency else None,
        kind=Kind.DAYS if expected.currency is None else Kind.CASH,
        locale=locale,
    )
    if said != expected:
        raise Refused(f"{reference} is {in_words(expected)}; the line says {in_words(said)}.")
    return Paid(row.line, reference, known["award_id"], expected, _day(row["paid_on"], today))


def _check_state(known: Mapping[str, Any], by: int) -> None:
    if known["state"] != "exported":
        raise Refused(f"This award is {known['state']}; it cannot be marked paid.")
    if known["person_id"] == by:
        raise Refused("This one is yours: somebody else confirms that it was paid.")


def _day(text: str, today: date) -> date:
    """A day as 2026-12-31 or 31.12.2026; other ways have two readings."""
    found = re.fullmatch(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})", text)
    try:
        day = (
            date(int(found[3]), int(found[2]), int(found[1])) if found else date.fromisoformat(text)
        )
    except ValueError:
        raise Refused(
            f"“{text[:20]}” is not a date here. Write it like 2026-12-31 or 31.12.2026."
            if text
            else "There is no date in this line."
        ) from None
    if day > today:
        raise Refused(f"{day} is still to come; only what was paid can be imported.")
    if day.year < today.year - 5:
        raise Refused(f"{day} is too long ago; look at the year.")
    return day


def _quoted(row: Row) -> str:
    return f"“{row['reference'][:40]}”"


async def _exported(connection: Connection, sheet: Sheet) -> dict[str, Mapping[str, Any]]:
    """What was exported under each reference that the file names."""
    found = [_REFERENCE.fullmatch(row["reference"].upper()) for row in sheet.rows]
    rows = await connection.fetch(
        f"""select p.number || '-' || l.award_id as reference, l.award_id, l.units, p.currency,
                   a.person_id, y.paid_on as was_paid_on, {STATE} as state
            from payout_line l join payout p on p.id = l.payout_id join award a on a.id = l.award_id
            left join payment y on y.award_id = l.award_id
            where l.award_id = any($1::bigint[])""",
        [int(match["award"]) for match in found if match],
    )
    return {row["reference"]: row for row in rows}
