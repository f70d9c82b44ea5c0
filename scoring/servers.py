"""Servers that anybody may run, and whose accounts are linked at them.

Law: whoever runs a server says who follows its accounts. Where one is used by nobody here but the person
whose followers count, and nobody named it as trusted, whoever decides about that is told.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from scoring.connection import Connection
from scoring.platforms import platforms
from scoring.platforms.platform import Secrets

# Whose each account is now, two records of one person being one.
_OWNED: Final = """
  select a.id, split_part(a.native_id, '@', 2) as host, last.company,
    coalesce((select s.into_id from same_person s where s.record_id = last.person_id
              order by s.id desc limit 1), last.person_id) as person_id
  from account a cross join lateral (
    select o.company, o.person_id from ownership o
    where o.account_id = a.id and o.effective_at <= $2 order by o.effective_at desc, o.id desc limit 1) last
  where a.platform = $1 and (last.company or last.person_id is not null)
"""


@dataclass(frozen=True, slots=True)
class ServerUsed:
    """A server with how many people have an account there, and whether the settings name it."""

    host: str
    people: int
    company: bool
    trusted: bool

    @property
    def lone(self) -> bool:
        """Whether one person alone uses it, whom its count of followers may be worth something to."""
        return self.people == 1 and not self.company and not self.trusted


async def servers_used(
    connection: Connection, network: str, secrets: Secrets, now: datetime
) -> tuple[ServerUsed, ...]:
    """The servers of a network at which accounts are linked, the most used first; none where nobody but the
    network itself runs any."""
    known = platforms()[network]
    if not known.anybodys_servers:
        return ()
    trusted = known.trusted_servers(secrets)
    rows = await connection.fetch(
        f"""select host, count(distinct person_id) as people, bool_or(company) as company
            from ({_OWNED}) owned group by host order by people desc, host""",
        network,
        now,
    )
    return tuple(
        ServerUsed(row["host"], row["people"], row["company"], row["host"] in trusted)
        for row in rows
    )


async def at_lone_servers(
    connection: Connection,
    network: str,
    accounts: Collection[UUID],
    secrets: Secrets,
    now: datetime,
) -> dict[UUID, str]:
    """Of these accounts, those at a server that their person alone uses and nobody named, with its host."""
    known = platforms()[network]
    if not known.anybodys_servers or not accounts:
        return {}
    trusted = known.trusted_servers(secrets)
    rows = await connection.fetch(
        f"""with owned as ({_OWNED})
            select a.id, split_part(a.native_id, '@', 2) as host from account a
            left join owned mine on mine.id = a.id
            where a.id = any($3::uuid[]) and a.platform = $1 and not exists (
              select from owned other where other.host = split_part(a.native_id, '@', 2) and other.id <> a.id
                and (other.company or other.person_id is distinct from mine.person_id))""",
        network,
        now,
        list(accounts),
    )
    return {row["id"]: row["host"] for row in rows if row["host"] not in trusted}
