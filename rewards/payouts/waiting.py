"""What waits to be handed to payroll: accepted awards of one currency, or of days.

Law: what is here is in no payout; the state of the award says so, and nothing else does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from rewards.amounts import Amount, Kind
from rewards.awards.award import AwardState, AwardView
from rewards.awards.reading import awards
from rewards.connection import Connection
from rewards.payouts.line import Line


@dataclass(frozen=True, slots=True)
class Waiting:
    """One award that waits, with what a format may need of its person."""

    award: AwardView
    amount: Amount
    number: str
    name: str
    email: str
    department: str

    def line(self, payout: str) -> Line:
        """What a payout says of it; `payout` is the payout's number."""
        terms, accepted = self.award.terms, self.award.accepted_at
        assert accepted is not None, "only accepted awards wait"
        return Line(
            reference=f"{payout}-{self.award.id}",
            number=self.number,
            name=self.name,
            email=self.email,
            department=self.department,
            amount=self.amount,
            contest=terms.contest,
            accepted_on=accepted.astimezone(ZoneInfo(terms.zone)).date(),
            gross_up=terms.gross_up,
        )


async def waiting(
    connection: Connection, *, kind: Kind | None = None, currency: str | None = None
) -> list[Waiting]:
    """The awards that wait, in the order they were proposed; `currency` for money only."""
    found = [
        (award, award.chosen.amount)
        for award in await awards(connection, state=AwardState.ACCEPTED)
        if award.chosen is not None
    ]
    wanted = [
        (award, amount)
        for award, amount in found
        if (kind is None or amount.kind is kind)
        and (currency is None or amount.currency == currency)
    ]
    people = await _people(connection, [award.person_id for award, _ in wanted])
    nobody = ("", "", "", "")
    return [
        Waiting(award, amount, *people.get(award.person_id, nobody)) for award, amount in wanted
    ]


def totals(amounts: Sequence[Amount]) -> list[Amount]:
    """The sum of each currency and of days; money by its code, days last."""
    sums: dict[str | None, int] = {}
    for amount in amounts:
        sums[amount.currency] = sums.get(amount.currency, 0) + amount.units
    return [
        Amount(units=sums[currency], currency=currency)
        for currency in sorted(sums, key=lambda code: (code is None, code or ""))
    ]


async def _people(
    connection: Connection, person_ids: Sequence[int]
) -> dict[int, tuple[str, str, str, str]]:
    rows = await connection.fetch(
        """select p.person_id, coalesce(n.number, '') as number, p.name, p.email,
                  coalesce(d.name, '') as department
           from profile p left join payroll_number n using (person_id)
           left join department d on d.id = p.department_id
           where p.person_id = any($1::bigint[])""",
        list(set(person_ids)),
    )
    return {
        row["person_id"]: (row["number"], row["name"], row["email"], row["department"])
        for row in rows
    }
