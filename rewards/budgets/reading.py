"""What stands in budgets: every figure on a page comes from the transfers."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from rewards.amounts import Amount, Kind
from rewards.budgets.transfer import COLUMNS, Balance, Transfer, read_transfer
from rewards.connection import Connection


@dataclass(frozen=True, slots=True)
class BudgetView:
    """A budget as it stands."""

    id: int
    name: str
    kind: Kind
    currency: str | None
    starts_on: date
    ends_on: date  # the last day
    balance: Balance
    spenders: tuple[int, ...]
    closed_at: datetime | None

    def amount(self, units: int) -> Amount:
        """So many units of what it holds."""
        return Amount(units=units, currency=self.currency)


async def balances(
    connection: Connection, budget_ids: Collection[int] | None = None
) -> dict[int, Balance]:
    """What stands in each budget (None: in all), by its last transfer."""
    rows = await connection.fetch(
        """select b.id, l.* from budget b
           join lateral (select available_after, reserved_after, spent_after from transfer
                         where budget_id = b.id order by number desc limit 1) l on true
           where $1::int[] is null or b.id = any($1) order by b.id""",
        None if budget_ids is None else list(budget_ids),
    )
    return {
        row["id"]: Balance(row["available_after"], row["reserved_after"], row["spent_after"])
        for row in rows
    }


async def budgets(
    connection: Connection,
    *,
    on: date | None = None,
    kind: Kind | None = None,
    currency: str | None = None,
    with_closed: bool = True,
) -> list[BudgetView]:
    """Budgets by their first day and name; `on`: those whose period holds the day.

    `currency` names a currency; for days ask by `kind`.
    """
    rows = await connection.fetch(
        """select b.id, b.name, b.kind, b.currency, b.starts_on, b.ends_on,
                  c.recorded_at as closed_at,
                  array(select person_id from (
                      select distinct on (person_id) person_id, granted from budget_spender
                      where budget_id = b.id order by person_id, id desc) s
                    where granted order by person_id) as spenders
           from budget b left join budget_closing c on c.budget_id = b.id
           where ($1::date is null or $1 between b.starts_on and b.ends_on)
             and ($2::text is null or b.kind = $2) and ($3::text is null or b.currency = $3)
             and ($4 or c.budget_id is null)
           order by b.starts_on, b.name, b.id""",
        on,
        None if kind is None else Kind(kind).value,
        currency,
        with_closed,
    )
    stands = await balances(connection, [row["id"] for row in rows])
    return [
        BudgetView(
            **{**dict(row), "kind": Kind(row["kind"]), "spenders": tuple(row["spenders"])},
            balance=stands.get(row["id"], Balance()),
        )
        for row in rows
    ]


async def transfers(
    connection: Connection,
    budget_id: int | None = None,
    *,
    award_id: int | None = None,
    reservation_id: int | None = None,
    after: int = 0,
    limit: int | None = None,
) -> list[Transfer]:
    """Rows of the ledger in the order they were written; `after`: those with a greater id."""
    rows = await connection.fetch(
        f"""select {COLUMNS} from transfer
            where ($1::int is null or budget_id = $1) and ($2::bigint is null or award_id = $2)
              and ($3::bigint is null or reservation_id = $3) and id > $4
            order by id limit $5""",
        budget_id,
        award_id,
        reservation_id,
        after,
        limit,
    )
    return [read_transfer(row) for row in rows]
