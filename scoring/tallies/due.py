"""Whose followers must be counted now, so that a contest of followers has its start and its end."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from scoring.connection import Connection
from scoring.tallies.followers import WITHIN


class SnapshotDue(NamedTuple):
    """An account that was not counted within a day of a moment, and whose it is then."""

    person_id: int
    account_id: UUID
    platform: str
    native_id: str


async def snapshot_due(
    connection: Connection,
    person_ids: Iterable[int],
    at: datetime,
    platforms: Iterable[str] | None = None,
) -> list[SnapshotDue]:
    """The accounts that are these people's at a moment, without a snapshot within 24 h of it.

    In order of person and account; `platforms` None: of every network.
    """
    rows = await connection.fetch(
        """with own as (
             select distinct on (account_id) account_id, person_id from ownership
             where account_id in (select account_id from ownership
                                  where person_id = any($1::bigint[]))
               and effective_at <= $2 order by account_id, effective_at desc, id desc)
           select own.person_id, a.id, a.platform, a.native_id
           from own join account a on a.id = own.account_id
           where own.person_id = any($1::bigint[]) and ($3::text[] is null or a.platform = any($3))
             and not exists (select from snapshot s where s.account_id = a.id
                             and s.observed_at between $2 - $4::interval and $2 + $4::interval)
           order by own.person_id, a.id""",
        list(set(person_ids)),
        at,
        None if platforms is None else sorted(platforms),
        WITHIN,
    )
    return [SnapshotDue(*row) for row in rows]
