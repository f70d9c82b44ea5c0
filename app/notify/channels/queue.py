"""From what was announced to where it is said: one row for each announcement, correction and channel.

Laws: nothing is queued in the transaction of an announcement, so that no channel can hold one up; the same
is queued once however many workers look. A row holds ids: what is said is written when it is sent,
by everybody's choices then. What happens before a channel is there, or while it is paused, is not said
to it later.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import uuid4

from app.database import Connection

# A worker that was away for longer tells old news to nobody.
STALE: Final = timedelta(days=7)

_QUEUE: Final = """
with active as (
  select c.id, coalesce(last.recorded_at, c.recorded_at) as since
  from channel c left join lateral (
    select h.change, h.recorded_at from channel_change h where h.channel_id = c.id
    order by h.id desc limit 1) last on true
  where coalesce(last.change, 'resumed') = 'resumed'),
news as (
  select e.id, e.announcement_id, e.recorded_at, e.kind from announcement_event e
  where e.kind in ('finished', 'corrected') and e.recorded_at > $2
    and not exists (select from announcement_event off
                    where off.announcement_id = e.announcement_id and off.kind = 'called_off')),
told as (
  select active.id as channel_id, news.id as event_id,
    case news.kind when 'finished' then 'announced:' || news.announcement_id
                   else 'corrected:' || news.id end as key,
    case news.kind when 'finished'
      then jsonb_build_object('about', 'announced', 'announcement', news.announcement_id)
      else jsonb_build_object('about', 'corrected', 'announcement', news.announcement_id,
                              'event', news.id) end as subject
  from active join news on news.recorded_at > active.since)
insert into channel_delivery (channel_id, subject, key, state, attempts, next_at)
select channel_id, subject, key, 'waiting', 0, $1 from told
where not exists (select from channel_delivery d
                  where d.channel_id = told.channel_id and d.key = told.key)
order by event_id, channel_id
on conflict (channel_id, key) do nothing
"""


async def queue_news(connection: Connection, now: datetime) -> int:
    """Queue what was announced or corrected, for every channel that is told; how much was new."""
    status: str = await connection.execute(_QUEUE, now, now - STALE)
    return int(status.rpartition(" ")[2])


async def queue_test(connection: Connection, channel_id: int, now: datetime) -> None:
    """Queue words of no consequence for one channel."""
    await connection.execute(
        """insert into channel_delivery (channel_id, subject, key, state, attempts, next_at)
           values ($1, '{"about": "test"}'::jsonb, $2, 'waiting', 0, $3)""",
        channel_id,
        f"test:{uuid4().hex}",
        now,
    )
