"""How many followers people have at a moment: what divides a contest into brackets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from scoring.connection import Connection
from scoring.tallies.followers import WITHIN

PAGE = 1_000  # people a query


async def audiences(
    connection: Connection, person_ids: Iterable[int], *, at: datetime, platforms: Iterable[str]
) -> dict[int, int | None]:
    """The followers of all accounts that are these people's at a moment, on these networks.

    Of each account its latest snapshot not after `at` stands, or else its first within a day after.
    None where no account was ever counted.
    """
    everybody = sorted(set(person_ids))
    found: dict[int, int | None] = dict.fromkeys(everybody)
    for begin in range(0, len(everybody), PAGE):
        page = everybody[begin : begin + PAGE]
        found |= await _page(connection, page, at, sorted(platforms))
    return found


async def _page(
    connection: Connection, page: Sequence[int], at: datetime, platforms: Sequence[str]
) -> dict[int, int | None]:
    rows = await connection.fetch(
        """with own as (
             select distinct on (account_id) account_id, person_id from ownership
             where account_id in (select account_id from ownership
                                  where person_id = any($1::bigint[]))
               and effective_at <= $2 order by account_id, effective_at desc, id desc)
           select own.person_id, sum(coalesce(before.followers, after.followers))::bigint as followers
           from own join account a on a.id = own.account_id and a.platform = any($3::text[])
           left join lateral (
             select followers from snapshot s where s.account_id = own.account_id
               and s.observed_at <= $2
             order by s.observed_at desc, s.source, s.followers limit 1) before on true
           left join lateral (
             select followers from snapshot s where s.account_id = own.account_id
               and s.observed_at > $2 and s.observed_at <= $2 + $4::interval
             order by s.observed_at, s.source, s.followers limit 1) after on true
           where own.person_id = any($1::bigint[])
           group by own.person_id""",
        list(page),
        at,
        list(platforms),
        WITHIN,
    )
    return {row["person_id"]: row["followers"] for row in rows}
