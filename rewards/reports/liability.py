"""What is still owed, and what may still be won: the reserved of every budget, in two parts.

Law: won and not paid, together with what contests hold for what is not decided, is exactly what the
ledger has reserved.
"""

from __future__ import annotations

from dataclasses import dataclass

from rewards.amounts import Amount
from rewards.connection import Connection


@dataclass(frozen=True, slots=True)
class Liability:
    """One currency, or days, in all budgets together."""

    owed: Amount  # won, whatever of it is approved, accepted or exported, and not paid
    awards: int
    held: Amount  # set aside by contests that are not decided yet
    left: Amount  # free in the budgets
    spent: Amount

    @property
    def reserved(self) -> Amount:
        """Owed and held together: what the ledger calls reserved."""
        return Amount(units=self.owed.units + self.held.units, currency=self.owed.currency)


async def liabilities(connection: Connection) -> list[Liability]:
    """What is open now, by currency, days last."""
    rows = await connection.fetch(
        """
        with held as (
          select id, units, reservation_id from award where reservation_id is not null
          union all
          select id, days_units, days_reservation_id from award
          where days_reservation_id is not null),
        owed as (
          select r.budget_id, sum(h.units) as units, count(distinct h.id) as awards
          from held h join reservation r on r.id = h.reservation_id
          where not exists (select from transfer t
            where t.award_id = h.id and t.reservation_id = h.reservation_id
              and t.kind in ('post', 'void', 'expire'))
          group by r.budget_id)
        select b.currency, sum(l.available_after)::bigint as available,
          sum(l.reserved_after)::bigint as reserved, sum(l.spent_after)::bigint as spent,
          coalesce(sum(o.units), 0)::bigint as owed, coalesce(sum(o.awards), 0)::int as awards
        from budget b
        join lateral (select available_after, reserved_after, spent_after from transfer
                      where budget_id = b.id order by number desc limit 1) l on true
        left join owed o on o.budget_id = b.id
        group by b.currency order by b.currency nulls last
        """
    )
    return [
        Liability(
            owed=Amount(units=row["owed"], currency=row["currency"]),
            awards=row["awards"],
            held=Amount(units=row["reserved"] - row["owed"], currency=row["currency"]),
            left=Amount(units=row["available"], currency=row["currency"]),
            spent=Amount(units=row["spent"], currency=row["currency"]),
        )
        for row in rows
    ]
