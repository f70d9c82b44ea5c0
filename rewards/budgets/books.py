"""Every balance of the ledger computed anew, in plain SQL that shares nothing with what wrote it."""

from __future__ import annotations

from typing import Final

from rewards.connection import Connection

# Each answers with one sentence a fault, and with nothing where the books agree.
CHECKS: Final[dict[str, str]] = {
    "the chain of each budget": """
        with counted as (
          select budget_id, number, available_after, reserved_after, spent_after,
            row_number() over w as place,
            sum((to_account = 'available')::int * units - (from_account = 'available')::int * units)
              over w as available,
            sum((to_account = 'reserved')::int * units - (from_account = 'reserved')::int * units)
              over w as reserved,
            sum((to_account = 'spent')::int * units - (from_account = 'spent')::int * units)
              over w as spent
          from transfer window w as (partition by budget_id order by number))
        select format('budget %s: transfer %s says %s/%s/%s, all before it make %s/%s/%s at place %s',
          budget_id, number, available_after, reserved_after, spent_after,
          available, reserved, spent, place)
        from counted where (number, available_after, reserved_after, spent_after)
          is distinct from (place, available, reserved, spent)""",
    "the sum over all accounts": """
        select format('budget %s: funded with %s, holds and has spent %s', budget_id, funded, held)
        from (
          select budget_id,
            sum(case when from_account = 'funding' then units
                     when to_account = 'funding' then -units else 0 end) as funded,
            (array_agg(available_after + reserved_after + spent_after order by number desc))[1] as held
          from transfer group by budget_id) s
        where funded <> held""",
    "nothing below nothing": """
        select format('budget %s: transfer %s leaves less than nothing', budget_id, number)
        from transfer where least(available_after, reserved_after, spent_after,
          coalesce(reservation_after, 0)) < 0""",
    "what each reservation holds": """
        with counted as (
          select reservation_id, id, reservation_after, row_number() over w as place, kind,
            sum(case when kind = 'reserve' then units when kind = 'recover' then 0 else -units end)
              over w as held
          from transfer where reservation_id is not null
          window w as (partition by reservation_id order by id))
        select format('reservation %s: transfer %s says it holds %s, all before it make %s',
          reservation_id, id, reservation_after, held)
        from counted where reservation_after <> held or (place = 1 and kind <> 'reserve')""",
    "the reservations of a budget against its reserved": """
        select format('budget %s: %s is reserved, its reservations hold %s', b.id, reserved, held)
        from budget b
        join lateral (select reserved_after as reserved from transfer where budget_id = b.id
                      order by number desc limit 1) t on true
        join lateral (select coalesce(sum(reservation_after), 0) as held from reservation r
          join lateral (select reservation_after from transfer where reservation_id = r.id
                        order by id desc limit 1) l on true
          where r.budget_id = b.id) h on true
        where reserved <> held""",
    "reservations without a transfer, or in another budget": """
        select format('reservation %s of budget %s: its transfers are in %s', r.id, r.budget_id,
          coalesce(t.budget_id::text, 'none'))
        from reservation r left join transfer t on t.reservation_id = r.id
        where t.budget_id is distinct from r.budget_id""",
    "one living reservation of a contest in a budget": """
        select format('contest %s: %s reservations of budget %s hold something', contest_id, count(*),
          budget_id)
        from reservation r
        where (select reservation_after from transfer where reservation_id = r.id
               order by id desc limit 1) > 0
        group by contest_id, budget_id having count(*) > 1""",
    "awards against what was set aside for their contest": """
        select format('award %s: transfer %s is of a reservation of contest %s', a.id, t.id, r.contest_id)
        from transfer t join award a on a.id = t.award_id join reservation r on r.id = t.reservation_id
        where r.contest_id <> a.contest_id""",
    "awards that were settled twice or came back more than whole": """
        select format('award %s: settled %s times, paid %s, came back %s', award_id, settled, paid, back)
        from (
          select award_id, reservation_id,
            count(*) filter (where kind in ('post', 'void', 'expire')) as settled,
            coalesce(sum(units) filter (where kind = 'post'), 0) as paid,
            coalesce(sum(units) filter (where kind = 'recover'), 0) as back
          from transfer where award_id is not null group by award_id, reservation_id) s
        where settled > 1 or back > paid""",
    "closed budgets": """
        select format('budget %s: closed, yet %s is available and %s reserved', c.budget_id,
          available_after, reserved_after)
        from budget_closing c
        join lateral (select available_after, reserved_after from transfer
                      where budget_id = c.budget_id order by number desc limit 1) l on true
        where available_after <> 0 or reserved_after <> 0""",
}


async def check_books(connection: Connection) -> list[str]:
    """What does not agree, a sentence each; an empty list: the books are in order.

    Outside a transaction every check sees the same moment.
    """
    if connection.is_in_transaction():
        return await _faults(connection)
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        return await _faults(connection)


async def _faults(connection: Connection) -> list[str]:
    return [row[0] for query in CHECKS.values() for row in await connection.fetch(query)]
