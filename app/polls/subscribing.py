"""Subscriptions at hubs (WebSub): asked for, confirmed, renewed before they end, taken back.

Laws: the hub's asking back alone makes a subscription good, and only where we asked; one is renewed with
days to spare; what was never confirmed, denied or ran out is said and asked for again, later each time; a
hub in trouble is left alone like any server.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import structlog

from app.going_out import NotReachable, Outside
from app.polls.schedule import rest_s
from app.polls.wanted import may_ask, owned_sql
from app.settings import Settings
from scoring import NoAsk, Platform, Verdict, Wish, by_status, platforms, wait_s

_log = structlog.get_logger(__name__)

_LOCK: Final = (0x706F6C6C, 1)
_PLANS_EVERY: Final = timedelta(minutes=2)
ANSWERS_WITHIN: Final = timedelta(hours=1)  # Google's hub asks back within seconds, when it is well
_LATEST: Final = timedelta(days=1)  # the longest between two tries
_DENIED: Final = timedelta(days=1)
_GIVES_UP_ENDING: Final = 3  # an unwanted subscription ends by itself with its lease
_MOST: Final = 20
_PACE_S: Final = 0.5


@dataclass(frozen=True, slots=True)
class _Row:
    platform: str
    subject: str
    state: str
    failures: int
    unanswered: bool  # it was asked for, and the hub never asked back


@dataclass(frozen=True, slots=True)
class _Tried:
    row: _Row
    server: str
    verdict: Verdict
    said: str
    wait_s: float | None


@dataclass(slots=True)
class Subscriptions:
    """All hubs, in one process."""

    settings: Settings
    outside: Outside
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    haste: float = 1.0  # the pace is divided by it
    _leading_on: Any = None
    _under_way: asyncio.Task[list[_Tried]] | None = None
    _plans_at: datetime = field(default=datetime.min.replace(tzinfo=UTC))

    async def tick(self, connection: Any) -> int:
        """Plan and ask what is due, if this process leads; how much it did."""
        done = await self._note_tried(connection)
        if self.settings.demo and not self.settings.peers:
            return done  # no hub hears of channels that are made up
        if self._leading_on is not connection:
            if not await connection.fetchval("select pg_try_advisory_lock($1, $2)", *_LOCK):
                return done
            self._leading_on = connection
        now = self.now()
        if now >= self._plans_at:
            for platform in self._hubs():
                await plan_subscriptions(connection, platform, now)
            self._plans_at = now + _PLANS_EVERY
        await connection.execute(
            """update subscription set state = 'lost', next_at = least(next_at, $1),
                 said = 'It ran out before the hub confirmed it again.'
               where state = 'active' and expires_at <= $1""",
            now,
        )
        if self._under_way is None and (due := await self._due(connection, now)):
            self._under_way = asyncio.create_task(self._ask(due))
        return done

    async def close(self) -> None:
        """Break off what is under way."""
        if self._under_way is not None:
            self._under_way.cancel()
            await asyncio.gather(self._under_way, return_exceptions=True)
            self._under_way = None

    def _hubs(self) -> list[Platform]:
        """The networks with a hub that are set up."""
        return [
            one
            for one in platforms().values()
            if one.hub is not None and not one.problems(self.settings.secrets_of(one.name))
        ]

    async def _due(self, connection: Any, now: datetime) -> list[_Row]:
        async with connection.transaction():
            rows = await connection.fetch(
                """select platform, subject, state, failures,
                     asked_at is not null and asked_at > coalesce(verified_at, '-infinity') as unanswered
                   from subscription s where next_at <= $1 and platform = any($2::text[])
                     and not exists (select from poll_pause p where p.platform = s.platform
                       and p.server like 'hub %' and p.until_at > $1)
                   order by next_at limit $3 for update skip locked""",
                now,
                [one.name for one in self._hubs()],
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
        return [_Row(*row) for row in rows]

    async def _ask(self, rows: list[_Row]) -> list[_Tried]:
        tried: list[_Tried] = []
        away: set[str] = set()
        for row in rows:
            platform = platforms()[row.platform]
            assert platform.hub is not None
            wish = Wish.UNSUBSCRIBE if row.state == "ending" else Wish.SUBSCRIBE
            secrets = self.settings.secrets_of(row.platform)
            try:
                ask = platform.hub.ask(self.settings.outside_address, row.subject, secrets, wish)
            except NoAsk as why:
                tried.append(_Tried(row, "", Verdict.REFUSED, str(why), None))
                continue
            if ask.origin in away or not may_ask(self.settings, ask.origin):
                continue  # due again within the hour
            try:
                answer = await self.outside.ask(ask)
            except NotReachable as why:
                tried.append(_Tried(row, ask.origin, Verdict.LATER, str(why), None))
            else:
                # A hub answers 4xx to what it does not like about this one subscription.
                verdict = by_status(answer, token=True)
                said = "" if verdict is Verdict.GOOD else f"The hub answered {answer.status}."
                wait = wait_s(answer, datetime.now(UTC))
                tried.append(_Tried(row, ask.origin, verdict, said, wait))
            if tried[-1].verdict is Verdict.LATER:
                away.add(ask.origin)
            await asyncio.sleep(_PACE_S / self.haste)
        return tried

    async def _note_tried(self, connection: Any) -> int:
        task = self._under_way
        if task is None or not task.done():
            return 0
        if (fault := task.exception()) is not None:
            self._under_way = None
            _log.error("subscribing_failed", exc_info=fault)
            return 0
        async with connection.transaction():
            for one in task.result():
                await _note(connection, one, self.now())
        self._under_way = None
        return len(task.result())


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


async def _note(connection: Any, one: _Tried, now: datetime) -> None:
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
    connection: Any, one: _Tried, next_at: datetime, said: str | None, failures: int
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
