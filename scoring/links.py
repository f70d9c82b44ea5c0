"""Tracked links: made by a person for something they share, ended by them.

Laws: whoever opens one is led on, also when it has ended; what is counted goes to the account `links` of the
person who made it, so that taking part, pausing and unlinking hold for it as for any other account.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from urllib.parse import urlsplit

from scoring.accounts import link
from scoring.audit import record_audit
from scoring.connection import Connection
from scoring.identity import native_key
from scoring.platforms.links import NETWORK, account_of
from scoring.platforms.payload import MAX_LINK_LENGTH
from scoring.platforms.platform import Named

MOST_LINKS: Final = 500  # a person's; more are made by a stuck key, not by people
_CODE_BYTES: Final = 7  # 2^56: nobody guesses one, and it still can be read out


class NoSuchLink(LookupError):
    """There is no such link, or it is somebody else's."""


class NotLinkable(ValueError):
    """An address that nobody should be led to; the message tells the person why."""


class TooManyLinks(Exception):
    """So many links are in use that another one must wait until one is ended."""


@dataclass(frozen=True, slots=True)
class Link:
    """One link as its owner sees it."""

    code: str
    target: str
    label: str
    recorded_at: datetime
    ended: bool
    openings: int


@dataclass(frozen=True, slots=True)
class Leading:
    """Where a code leads, and for whom openings count; nobody where it has ended."""

    target: str
    person_id: int
    counts: bool


def checked_target(typed: str) -> str:
    """An address that may be linked. Raises NotLinkable."""
    address = typed.strip()
    try:
        parts = urlsplit(address)
        fine = parts.scheme in ("http", "https") and bool(parts.hostname)
        fine = fine and parts.username is None and parts.port != 0
    except ValueError:
        fine = False
    if not fine or len(address) > MAX_LINK_LENGTH or not address.isprintable() or " " in address:
        raise NotLinkable("Paste a whole address, such as https://example.org/news.")
    return address


async def make_link(
    connection: Connection, person_id: int, target: str, label: str, now: datetime
) -> str:
    """Make a link to a checked address; its code. Raises TooManyLinks."""
    count = await connection.fetchval(
        """select count(*) from tracked_link l where person_id = $1
             and not exists (select from tracked_link_end e where e.code = l.code)""",
        person_id,
    )
    if count >= MOST_LINKS:
        raise TooManyLinks
    named = Named(account_of(person_id), "Tracked links")
    await link(connection, person_id, NETWORK, named, "every", now)
    code = secrets.token_urlsafe(_CODE_BYTES)
    await connection.execute(
        """insert into tracked_link (code, person_id, target, label, recorded_at)
           values ($1, $2, $3, $4, $5)""",
        code,
        person_id,
        target,
        label,
        now,
    )
    await record_audit(connection, person_id, "link_made", f"link:{code}", {}, now)
    return code


async def end_link(connection: Connection, person_id: int, code: str, now: datetime) -> None:
    """Count a link's openings no more. Raises NoSuchLink."""
    done = await connection.fetchval(
        """insert into tracked_link_end (code, recorded_at)
           select code, $3 from tracked_link where code = $1 and person_id = $2
           on conflict (code) do update set recorded_at = tracked_link_end.recorded_at
           returning code""",
        code,
        person_id,
        now,
    )
    if done is None:
        raise NoSuchLink(code)
    await record_audit(connection, person_id, "link_ended", f"link:{code}", {}, now)


async def links_of(connection: Connection, person_id: int) -> list[Link]:
    """A person's links, the newest first, with how many visitors a day opened each."""
    rows = await connection.fetch(
        """select l.code, l.target, l.label, l.recorded_at, e.code is not null as ended
           from tracked_link l left join tracked_link_end e using (code)
           where l.person_id = $1 order by l.recorded_at desc, l.code""",
        person_id,
    )
    posts = {native_key(NETWORK, row["code"]): row["code"] for row in rows}
    opened = await connection.fetch(
        """select post_id, count(*)::int as openings from engagement
           where kind = 'click' and post_id = any($1::uuid[]) group by post_id""",
        list(posts),
    )
    openings = {posts[row["post_id"]]: row["openings"] for row in opened}
    return [
        Link(
            row["code"], row["target"], row["label"], row["recorded_at"], row["ended"],
            openings.get(row["code"], 0),
        )
        for row in rows
    ]  # fmt: skip


async def leading(connection: Connection, code: str) -> Leading | None:
    """Where a code leads; None for one that never was made."""
    row = await connection.fetchrow(
        """select l.target, l.person_id, e.code is null as counts
           from tracked_link l left join tracked_link_end e using (code) where l.code = $1""",
        code,
    )
    return None if row is None else Leading(*row.values())


async def links_ended(connection: Connection, codes: Iterable[str]) -> dict[str, datetime]:
    """Those of these links that have ended, and when."""
    rows = await connection.fetch(
        "select code, recorded_at from tracked_link_end where code = any($1::text[])", list(codes)
    )
    return {row["code"]: row["recorded_at"] for row in rows}


async def visitor_key(connection: Connection, day: date) -> bytes:
    """The key of a day; every process gets the same one."""
    await connection.execute(
        "insert into visitor_key (day, key) values ($1, $2) on conflict do nothing",
        day,
        secrets.token_bytes(32),
    )
    key: bytes = await connection.fetchval("select key from visitor_key where day = $1", day)
    return key


async def forget_visitors(connection: Connection, before: date) -> None:
    """Delete the keys of days that are over: from then on nobody can tell who opened a link."""
    await connection.execute("delete from visitor_key where day < $1", before)
