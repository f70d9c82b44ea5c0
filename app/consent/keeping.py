"""What must happen to consents because time passes: renewed, warned of, ended, taken back, encrypted anew.

Laws: any number of workers may do this side by side; a network that does not answer delays no other's
consents but by its own time-out; whoever unlinked an account in whatever way has taken the consent back.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

import structlog

from app.consent.ending import end_consent, warn_of_end
from app.consent.kept import by_id, warns_at
from app.consent.keys import Keys, Unreadable
from app.consent.renewing import renews
from app.consent.taking_back import follow_up, withdraw
from app.consent.tokens import renew_kept
from app.going_out import NotReachable, Outside
from app.settings import Settings
from scoring import carry_snapshot

_log = structlog.get_logger(__name__)

_AT_ONCE: Final = 20
_AGAIN: Final = timedelta(minutes=10)  # after a network did not answer
_CARRY_EVERY: Final = timedelta(hours=6)


async def anything_due(connection: Any, settings: Settings, now: datetime) -> bool:
    """Whether a round would find something to do: a small question, asked often."""
    due: bool = await connection.fetchval(
        """select exists (select from consent where due_at <= $1)
               or exists (select from consent where sealed_by <> $2)
               or exists (select from consent_app where sealed_by <> $2)""",
        now,
        Keys.of(settings).name,
    )
    return due


async def keep_consents(
    connection: Any, settings: Settings, outside: Outside, now: datetime
) -> int:
    """One round: what is due, at most `_AT_ONCE` of it; returns how much that was."""
    await _without_owner(connection, now)
    done = await _anew(connection, Keys.of(settings))
    due = await connection.fetch(
        "select id, state from consent where due_at <= $1 order by due_at limit $2", now, _AT_ONCE
    )
    for row in due:
        try:
            if row["state"] == "withdrawn":
                await follow_up(connection, settings, outside, row["id"], now)
            else:
                await _look_at(connection, settings, outside, row["id"], now)
        except Unreadable as why:
            _log.error("consent_unreadable", consent=row["id"], why=str(why))
            await _later(connection, row["id"], now + timedelta(hours=1))
    return done + len(due)


async def _look_at(
    connection: Any, settings: Settings, outside: Outside, id_: int, now: datetime
) -> None:
    keys = Keys.of(settings)
    async with connection.transaction():
        kept = await by_id(connection, keys, id_, locked=True)
        if kept is None:
            return  # somebody is at it
        if kept.state == "refused":
            over = kept.grace_until is None or now >= kept.grace_until
            if not over:
                await carry_snapshot(connection, kept.account_id, now)
            await _later(connection, id_, None if over else now + _CARRY_EVERY)
            return
        can = await renews(connection, settings, kept)
        ends_at = kept.ends_at if can else kept.ends_at or kept.expires_at
        if ends_at is not None and ends_at <= now:
            await end_consent(connection, kept, "over", now)
            return
        if (
            ends_at is not None
            and warns_at(ends_at, kept.given_at) <= now
            and kept.state == "given"
        ):
            await warn_of_end(connection, kept, ends_at, now)
            if not can:
                return
        if not can:
            await _later(connection, id_, ends_at)
            return
    try:
        renewed = await renew_kept(connection, settings, outside, kept.account_id, now, early=True)
    except NotReachable:
        await _later(connection, id_, now + _AGAIN)
        return
    if renewed is not None and renewed.lost_at is None and renewed.expires_at == kept.expires_at:
        await _later(connection, id_, now + _AGAIN)  # nobody answered, and what there is works on


async def _later(connection: Any, id_: int, at: datetime | None) -> None:
    await connection.execute("update consent set due_at = $2 where id = $1", id_, at)


async def _without_owner(connection: Any, now: datetime) -> None:
    """Consents of accounts that are not their giver's any more: unlinked, left, or somebody else's."""
    rows = await connection.fetch(
        """select c.account_id, c.person_id from consent c
           join lateral (select person_id, company from ownership o where o.account_id = c.account_id
                         order by effective_at desc, id desc limit 1) o on true
           where c.state <> 'withdrawn' and not o.company
             and o.person_id is distinct from coalesce((select into_id from same_person
               where record_id = c.person_id order by id desc limit 1), c.person_id)"""
    )
    for row in rows:
        async with connection.transaction():
            await withdraw(connection, row["account_id"], row["person_id"], now)


async def _anew(connection: Any, keys: Keys) -> int:
    """Put what an older key encrypts under the one that encrypts now, some at a time."""
    rows = await connection.fetch(
        """select id from consent where sealed_by is not null and sealed_by <> $1
           order by id limit $2""",
        keys.name,
        _AT_ONCE,
    )
    done = 0
    for row in rows:
        async with connection.transaction():
            held = await connection.fetchrow(
                """select access, refresh, besides from consent
                   where id = $1 for no key update skip locked""",
                row["id"],
            )
            if held is None:
                continue
            try:
                anew = [keys.anew(value) for value in held]
            except Unreadable as why:
                _log.error("consent_unreadable", consent=row["id"], why=str(why))
                continue
            await connection.execute(
                "update consent set access = $2, refresh = $3, besides = $4, sealed_by = $5 where id = $1",
                row["id"],
                *anew,
                keys.name,
            )
            done += 1
    apps = await connection.fetch(
        "select server, client_secret from consent_app where sealed_by <> $1 limit $2",
        keys.name,
        _AT_ONCE,
    )
    for app in apps:
        try:
            anew_secret = keys.anew(app["client_secret"])
        except Unreadable as why:  # the key may come back
            _log.error("consent_unreadable", server=app["server"], why=str(why))
            continue
        await connection.execute(
            """update consent_app set client_secret = $2, sealed_by = $3
               where server = $1 and client_secret = $4""",
            app["server"],
            anew_secret,
            keys.name,
            app["client_secret"],
        )
        done += 1
    return done


async def under_other_keys(connection: Any, keys: Keys) -> int:
    """How many consents and apps an older key still encrypts: while there are, it must stay set."""
    count: int = await connection.fetchval(
        """select (select count(*) from consent where sealed_by <> $1)
                + (select count(*) from consent_app where sealed_by <> $1)""",
        keys.name,
    )
    return count
