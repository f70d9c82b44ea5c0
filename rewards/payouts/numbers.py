"""What payroll calls each person: typed by HR or brought in by a file.

Law: a number belongs to one person. It is kept apart from the facts, corrected in place, and goes when
the person is erased.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from rewards.connection import Connection
from rewards.payouts.sheet import Mismatch, Row, Sheet, read_sheet
from rewards.refusal import Refused
from scoring import record_audit

LONGEST: Final = 20
COLUMNS: Final[Mapping[str, frozenset[str]]] = {
    "email": frozenset({"email", "e-mail"}),
    "number": frozenset({"number", "employee_number", "employee number", "personalnummer"}),
}


@dataclass(frozen=True, slots=True)
class NumbersRead:
    """What became of a file: how many numbers changed, and the lines that could not be used."""

    changed: int
    mismatches: tuple[Mismatch, ...]


async def set_payroll_number(
    connection: Connection, person_id: int, number: str, *, by: int, now: datetime
) -> bool:
    """Say what payroll calls a person; "" forgets it. Whether that changed anything. Raises Refused."""
    number = checked(number)
    async with connection.transaction():
        await connection.execute("select pg_advisory_xact_lock(hashtext('fanfare.payroll_number'))")
        known = await connection.fetchval(
            "select number from payroll_number where person_id = $1", person_id
        )
        if (known or "") == number:
            return False
        if number and await connection.fetchval(
            "select person_id from payroll_number where number = $1", number
        ):
            raise Refused(f"Somebody else has the number {number} already.", field="number")
        if number:
            await connection.execute(
                """insert into payroll_number (person_id, number, changed_by, changed_at)
                   values ($1, $2, $3, $4) on conflict (person_id)
                   do update set number = $2, changed_by = $3, changed_at = $4""",
                person_id,
                number,
                by,
                now,
            )
        else:
            await connection.execute("delete from payroll_number where person_id = $1", person_id)
        # The audit says that it changed; the number itself can be erased and is not copied there.
        await record_audit(
            connection,
            by,
            "payroll_number_set",
            f"person:{person_id}",
            {"known": bool(number)},
            now,
        )
    return True


async def read_numbers(
    connection: Connection, body: bytes, *, by: int, now: datetime
) -> NumbersRead:
    """Take numbers from a CSV with the columns email and number. Raises Refused for a file as such."""
    sheet = read_sheet(body, COLUMNS, needed=("email", "number"))
    async with connection.transaction():
        people = await _people(connection, sheet)
        changed, mismatches = 0, []
        for row in sheet.rows:
            try:
                person_id = _person(row, people)
                changed += await set_payroll_number(
                    connection, person_id, row["number"], by=by, now=now
                )
            except Refused as refused:
                mismatches.append(Mismatch(row.line, str(refused)))
        return NumbersRead(changed, tuple(mismatches))


def checked(number: str) -> str:
    """The number without spaces around it; raises Refused for what payroll would not use."""
    number = number.strip()
    if len(number) > LONGEST or not all(
        letter.isascii() and (letter.isalnum() or letter in "-_/.") for letter in number
    ):
        raise Refused(
            f"A number has at most {LONGEST} letters and digits, with - _ / and . between them.",
            field="number",
        )
    return number


async def _people(connection: Connection, sheet: Sheet) -> dict[str, int]:
    rows = await connection.fetch(
        "select person_id, lower(email) as email from profile where lower(email) = any($1::text[])",
        [row["email"].lower() for row in sheet.rows],
    )
    return {row["email"]: row["person_id"] for row in rows}


def _person(row: Row, people: Mapping[str, int]) -> int:
    if not row["number"]:
        raise Refused("There is no number in this line.")
    person_id = people.get(row["email"].lower())
    if person_id is None:
        raise Refused(f"Nobody here has the address “{row['email'][:80]}”.")
    return person_id
