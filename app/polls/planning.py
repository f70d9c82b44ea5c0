"""What is to be asked: rows for what is new, none for what is over, sooner where a contest ends.

Law: disposable. Without its rows everything is planned anew, and asked about once more.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from app.polls.schedule import HOUR_S, Hurry, next_due
from app.polls.wanted import asked_now, earliest, may_ask, wanted_sql
from app.settings import Settings
from rewards import LastDay, last_days
from scoring import About, NoAsk, Platform, Poll

_AT_ONCE: Final = 5_000  # rows in one statement


async def plan(connection: Any, platform: Platform, settings: Settings, now: datetime) -> int:
    """Bring the plan of one network up to date; returns how many are asked about anew."""
    secrets = settings.secrets_of(platform.name)
    polls = await asked_now(connection, platform, secrets, now)
    await connection.execute(
        "delete from poll_due where platform = $1 and poll <> all($2::text[])",
        platform.name,
        [poll.name for poll in polls],
    )
    added = 0
    for poll in polls:
        added += await _plan_one(connection, platform, poll, settings, now)
    for ending in await last_days(connection, now):
        await _hurry(connection, platform, polls, ending, now)
    return added


async def _plan_one(
    connection: Any, platform: Platform, poll: Poll, settings: Settings, now: datetime
) -> int:
    secrets = settings.secrets_of(platform.name)
    wanted = wanted_sql(poll, secrets)
    told = (platform.name, now, earliest(poll, now), poll.name)
    await connection.execute(
        f"""delete from poll_due d where d.platform = $1 and d.poll = $4 and not exists (
              select from ({wanted}) w where w.subject = d.subject and w.account_id = d.account_id)""",
        *told,
    )
    new = await connection.fetch(
        f"""select w.account_id, w.subject, f.url from ({wanted}) w
            left join account_face f on f.account_id = w.account_id where not exists (
              select from poll_due d
              where d.platform = $1 and d.poll = $4 and d.subject = w.subject)""",
        *told,
    )
    rows = []
    for row in new:
        try:
            # Who is asked stands in the question; what it cannot be asked about is left out.
            server = poll.asked((row["subject"],), secrets, row["url"]).origin
        except NoAsk:
            continue
        if may_ask(settings, server):
            rows.append((row["subject"], row["account_id"], server))
    for first in range(0, len(rows), _AT_ONCE):
        some = rows[first : first + _AT_ONCE]
        await connection.execute(
            """insert into poll_due (platform, poll, subject, account_id, server, due_at, failures)
               select $1, $2, subject, account_id, server, $3, 0
               from unnest($4::text[], $5::uuid[], $6::text[]) as n(subject, account_id, server)
               on conflict do nothing""",
            platform.name,
            poll.name,
            now,  # at once: whoever is linked late starts with their first count
            *zip(*some, strict=True),
        )
    return len(rows)


async def _hurry(
    connection: Any, platform: Platform, polls: Sequence[Poll], ending: LastDay, now: datetime
) -> None:
    """Bring forward what a contest in its last day waits for."""
    every = {poll.name: poll.every_s for poll in polls if poll.about is About(ending.counts)}
    rows = await connection.fetch(
        """select d.poll, d.subject, d.asked_at from poll_due d
           where d.platform = $1 and d.poll = any($2::text[]) and d.due_at > $3 and d.failures = 0
             and d.account_id in (
               select o.account_id from ownership o where o.person_id = any($4::bigint[]))""",
        platform.name,
        list(every),
        now + timedelta(seconds=HOUR_S),  # what is due sooner is in a hurry already
        list(ending.people),
    )
    hurry = Hurry(ending.from_at, ending.to_at)
    sooner = [
        (
            row["poll"],
            row["subject"],
            next_due(row["subject"], every[row["poll"]], row["asked_at"] or now, [hurry]),
        )
        for row in rows
    ]
    await connection.execute(
        """update poll_due d set due_at = least(d.due_at, n.due_at)
           from unnest($2::text[], $3::text[], $4::timestamptz[]) as n(poll, subject, due_at)
           where d.platform = $1 and d.poll = n.poll and d.subject = n.subject""",
        platform.name,
        [row[0] for row in sooner],
        [row[1] for row in sooner],
        [row[2] for row in sooner],
    )
