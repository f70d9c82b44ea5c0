"""Subscriptions as they are kept: planned for every channel, due, and what came of asking a hub.

Law: what the hub asked back, or denied, meanwhile stands, whatever came of asking it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from app.polls.schedule import rest_s
from app.polls.wanted import owned_sql
from scoring import Platform, Verdict

ANSWERS_WITHIN: Final = timedelta(hours=1)  # Google's hub asks back within seconds, when it is well
_LATEST: Final = timedelta(days=1)  # the longest between two tries
_GIVES_UP_ENDING: Final = 3  # an unwanted subscription ends by itself with its lease
_MOST: Final = 20


@dataclass(frozen=True, slots=True)
class Due:
    """A subscription that is asked for, renewed or ended now."""

    platform: str
    subject: str
    state: str
    failures: int
    unanswered: bool  # it was asked for, and the hub never asked back


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of asking; `server` is empty where nobody was asked."""

    row: Due
    server: str
    verdict: Verdict
    said: str
    wait_s: float | None


async def plan_subscriptions(connection: Any, platform: Platform, now: datetime) -> None:
    """A row for every channel that is somebody's now; what is nobody's any more is to end."""
    owned = owned_sql()
    await connection.execute(
        f"""insert into subscription (platform, subject, account_id, state, next_at, failures)
            select $1, a.native_id, a.id, 'wanted', $2, 0
            from ({owned}) owned join account a on a.id = owned.account_id
            on conflict (platform, subject) do update set state = 'wanted', next_at = $2, failures = 0
              where subscription.state = 'ending'""",
        platform.name,
        now,
    )
    await connection.execute(
        f"""update subscription s set state = 'ending', next_at = $2, failures = 0
            where platform = $1 and state <> 'ending'
              and not exists (select from ({owned}) owned where owned.account_id = s.account_id)""",
        platform.name,
        now,
    )


async def note_lost(connection: Any, now: datetime) -> None:
    """Say so of those that ran out unconfirmed."""
    await connection.execute(
        """update subscription set state = 'lost', next_at = least(next_at, $1),
             said = 'It ran out before the hub confirmed it again.'
           where state = 'active' and expires_at <= $1""",
        now,
    )


async def due_now(connection: Any, networks: Collection[str], now: datetime) -> list[Due]:
    """Take what is due at these networks' hubs."""
    async with connection.transaction():
        rows = await connection.fetch(
            """select platform, subject, state, failures,
                 asked_at is not null and asked_at > coalesce(verified_at, '-infinity') as unanswered
               from subscription s where next_at <= $1 and platform = any($2::text[])
                 and not exists (select from poll_pause p where p.platform = s.platform
                   and p.server like 'hub %' and p.until_at > $1)
               order by next_at limit $3 for update skip locked""",
            now,
            list(networks),
            _MOST,
        )
        # Written down before it is asked: a hub may ask back before it answers. Whoever dies with
        # these leaves them due again within the hour.
        await connection.execute(
            """update subscription s set asked_at = $1, next_at = $2,
                 state = case when state in ('wanted', 'denied') then 'asked' else state end
               from unnest($3::text[], $4::text[]) as n(platform, subject)
               where s.platform = n.platform and s.subject = n.subject""",
            now,
            now + ANSWERS_WITHIN,
            [row["platform"] for row in rows],
            [row["subject"] for row in rows],
        )
    return [Due(*row) for row in rows]


async def note_try(connection: Any, one: Tried, now: datetime) -> None:
    """Write down what came of asking."""
    row, server = one.row, f"hub {one.server}"
    if one.verdict is Verdict.LATER:
        before = await connection.fetchval(
            "select failures from poll_pause where platform = $1 and server = $2",
            row.platform,
            server,
        )
        failures = (before or 0) + 1
        await connection.execute(
            """insert into poll_pause (platform, server, until_at, failures, said, changed_at)
               values ($1, $2, $3::timestamptz + make_interval(secs => $4), $5, $6, $3)
               on conflict (platform, server) do update set until_at = excluded.until_at,
                 failures = excluded.failures, said = excluded.said, changed_at = excluded.changed_at""",
            row.platform,
            server,
            now,
            rest_s(server, failures, one.wait_s),
            failures,
            one.said,
        )
        await _again(connection, one, now, one.said, row.failures)
        return
    await connection.execute(
        "delete from poll_pause where platform = $1 and server = $2", row.platform, server
    )
    failures = row.failures + (row.unanswered or one.verdict is Verdict.REFUSED)
    if row.state == "ending" and (one.verdict is Verdict.REFUSED or failures >= _GIVES_UP_ENDING):
        await connection.execute(
            "delete from subscription where platform = $1 and subject = $2 and state = 'ending'",
            row.platform,
            row.subject,
        )
        return
    said = one.said or ("The hub never asked back." if row.unanswered else None)
    wait = min(ANSWERS_WITHIN * 2 ** min(failures, 10), _LATEST)
    await _again(connection, one, now + wait, said, failures)


async def _again(
    connection: Any, one: Tried, next_at: datetime, said: str | None, failures: int
) -> None:
    """Go on after a try; what the hub asked back, or denied, meanwhile stands."""
    await connection.execute(
        """update subscription set next_at = $3, said = $4, failures = $5,
             asked_at = case when $6 then asked_at else verified_at end
           where platform = $1 and subject = $2 and state <> 'denied'
             and (verified_at is null or asked_at is null or verified_at < asked_at)""",
        one.row.platform,
        one.row.subject,
        next_at,
        said,
        failures,
        one.verdict is Verdict.GOOD,  # what was refused or never arrived cannot be asked back
    )
