"""Telling the hooks what is due.

Laws: a delivery is leased, not locked, while it is told: a process that dies gives it back after the
lease, so a receiver may hear an event twice (the same `webhook-id`) and never not at all. A slow
receiver keeps no other waiting for more than its share.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
import structlog

from app.database import Connection
from app.going_out import Networks
from app.notify.hooks.fault import UnknownHook
from app.notify.hooks.hooks import Hook, change_hook, hook_by_id
from app.notify.hooks.secret import generations_that_sign, secret_of, signed_headers
from app.notify.patience import next_try
from app.notify.posting import Answer, post
from app.notify.tries import note_try

_log = structlog.get_logger(__name__)

LEASE: Final = timedelta(seconds=60)
AT_ONCE: Final = 20
AT_ONCE_FOR_ONE_HOOK: Final = 4
_GONE: Final = 410


@dataclass(frozen=True, slots=True)
class Due:
    """One delivery that was leased."""

    id: int
    hook_id: int
    event_id: str
    attempts: int
    body: bytes


async def tell_hooks(
    connection: Connection, *, installation_key: str, networks: Networks, now: datetime
) -> int:
    """Lease what is due, tell it side by side, note how each went; how many were tried."""
    due = await _lease(connection, now)
    if not due:
        return 0
    found: dict[int, Hook] = {}
    for hook_id in {one.hook_id for one in due}:
        try:
            found[hook_id] = await hook_by_id(connection, hook_id)
        except UnknownHook:
            continue  # removed meanwhile; its deliveries were given up with it
    told = [one for one in due if one.hook_id in found]
    answers = await asyncio.gather(
        *(_tell(found[one.hook_id], one, installation_key, networks, now) for one in told)
    )
    for one, answer in zip(told, answers, strict=True):
        await _note(connection, one, answer, now)
    return len(told)


async def _lease(connection: Connection, now: datetime) -> list[Due]:
    rows = await connection.fetch(
        """with due as (
             select d.id, row_number() over (partition by d.hook_id order by d.next_at, d.id) as nth
             from hook_delivery d
             where d.next_at <= $1
               and coalesce((select c.change from hook_change c
                             where c.hook_id = d.hook_id and c.change <> 'rotated'
                             order by c.id desc limit 1), 'resumed') = 'resumed'),
           mine as (
             select d.id from hook_delivery d
             where d.id in (select id from due where nth <= $3) and d.next_at <= $1
             order by d.next_at, d.id limit $4 for update skip locked),
           leased as (
             update hook_delivery d set next_at = $2 from mine where d.id = mine.id
             returning d.id, d.hook_id, d.event_id, d.attempts)
           select l.id, l.hook_id, l.event_id, l.attempts, e.type, e.data, e.recorded_at
           from leased l join outgoing_event e on e.id = l.event_id order by e.recorded_at, l.id""",
        now,
        now + LEASE,
        AT_ONCE_FOR_ONE_HOOK,
        AT_ONCE,
    )
    return [
        Due(row["id"], row["hook_id"], str(row["event_id"]), row["attempts"], _body(row))
        for row in rows
    ]


def _body(row: Any) -> bytes:
    """The bytes that are signed: the same with every attempt."""
    told = {
        "type": row["type"],
        "timestamp": row["recorded_at"],
        "data": msgspec.json.decode(row["data"]),
    }
    return msgspec.json.encode(told, order="sorted")


async def _tell(
    hook: Hook, due: Due, installation_key: str, networks: Networks, now: datetime
) -> Answer:
    secrets = tuple(
        secret_of(installation_key, hook.id, generation)
        for generation in generations_that_sign(hook.generation, hook.rotated_at, now)
    )
    headers = {
        **signed_headers(secrets, due.event_id, due.body, now),
        "content-type": "application/json",
        "user-agent": "Fanfare (Standard Webhooks)",
    }
    return await post(hook.url, headers, due.body, networks, now)


async def _note(connection: Connection, due: Due, answer: Answer, now: datetime) -> None:
    attempts = due.attempts + 1
    again_at = None
    if not answer.taken and answer.status != _GONE:
        again_at = next_try(attempts, now, retry_after=answer.retry_after)
    async with connection.transaction():
        await note_try(
            connection, "hook", due.id, answer, attempts=attempts, again_at=again_at, now=now
        )
        if answer.status == _GONE:
            # 410 means, by Standard Webhooks, that the receiver wants nothing more.
            with suppress(UnknownHook):  # removed meanwhile
                await change_hook(connection, due.hook_id, "disabled", person_id=None, now=now)
    if not answer.taken:
        _log.info("hook_failed", hook=due.hook_id, told=due.event_id, why=answer.said)
