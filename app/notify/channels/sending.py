"""Saying on the channels what is due.

Laws: a delivery is leased, not locked, while it is sent: a process that dies gives it back after the
lease, so a channel may read something twice (with the same key) and never not at all. A correction waits
for the announcement it corrects. A slow receiver keeps no other channel waiting for more than its share,
and none of it holds up a screen: nothing here runs in anybody's transaction.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import msgspec
import structlog

from app.database import Connection
from app.going_out import Networks
from app.notify.channels.kinds import Kind, channel_kinds
from app.notify.channels.news import Here, news
from app.notify.channels.safe import Unreadable, taken_out
from app.notify.channels.said import Said
from app.notify.mail.letter import Letter, composed
from app.notify.mail.server import MailServer, hand_in
from app.notify.patience import PEOPLES_PAUSES, next_try
from app.notify.posting import Answer, post
from app.notify.tries import note_try
from rewards import Refused

_log = structlog.get_logger(__name__)

LEASE: Final = timedelta(seconds=90)  # longer than the most patient request, a mail server's
AT_ONCE: Final = 20
AT_ONCE_FOR_ONE_CHANNEL: Final = 2

_LEASE: Final = """
with ready as (
  select d.id, row_number() over (partition by d.channel_id order by d.next_at, d.id) as nth
  from channel_delivery d
  where d.next_at <= $1
    and coalesce((select h.change from channel_change h where h.channel_id = d.channel_id
                  order by h.id desc limit 1), 'resumed') = 'resumed'
    and not exists (
      select from channel_delivery before
      where before.channel_id = d.channel_id and before.id < d.id and before.state = 'waiting'
        and before.subject ->> 'announcement' = d.subject ->> 'announcement')),
mine as (
  select d.id from channel_delivery d
  where d.id in (select id from ready where nth <= $3) and d.next_at <= $1
  order by d.next_at, d.id limit $4 for update skip locked),
leased as (
  update channel_delivery d set next_at = $2 from mine where d.id = mine.id
  returning d.id, d.channel_id, d.subject, d.key, d.attempts)
select l.id, l.channel_id, l.subject, l.key, l.attempts, c.kind, c.target
from leased l join channel c on c.id = l.channel_id order by l.id
"""


@dataclass(frozen=True, slots=True)
class Carriers:
    """What messages go out by."""

    installation_key: str
    networks: Networks
    mail: MailServer | None


@dataclass(frozen=True, slots=True)
class Due:
    """One delivery that was leased."""

    id: int
    channel_id: int
    key: str
    attempts: int
    kind: str
    target: bytes
    said: Said | None  # None: there is nothing to say any more
    broken: bool = False  # what there is to say could not be read


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one try; `over`: trying again would not help."""

    answer: Answer
    over: bool = False


_BROKEN: Final = Answer(None, "Fanfare could not write this; why stands in its log.", 0)


async def say_what_is_due(
    connection: Connection, carriers: Carriers, here: Here, now: datetime
) -> int:
    """Lease what is due, send it side by side, note how each went; how many were tried."""
    rows = await connection.fetch(_LEASE, now, now + LEASE, AT_ONCE_FOR_ONE_CHANNEL, AT_ONCE)
    due = [await _due(connection, row, here, now) for row in rows]
    outcomes = await asyncio.gather(*(_try(one, carriers, now) for one in due))
    for one, outcome in zip(due, outcomes, strict=True):
        await _note(connection, one, outcome, now)
    return len(due)


async def _due(connection: Connection, row: Any, here: Here, now: datetime) -> Due:
    said, broken = None, False
    try:
        with suppress(
            Refused
        ):  # no such announcement; nothing an installation's own rows would name
            said = await news(connection, msgspec.json.decode(row["subject"]), here=here, now=now)
    except Exception as error:  # noqa: BLE001 - logged with its traceback
        # Whatever is wrong with one, the others go out.
        _log.error("channel_broken", channel=row["channel_id"], said=row["key"], exc_info=error)
        broken = True
    return Due(
        row["id"], row["channel_id"], row["key"], row["attempts"], row["kind"], row["target"],
        said, broken,
    )  # fmt: skip


async def _try(due: Due, carriers: Carriers, now: datetime) -> Outcome:
    """Say one, whatever comes of it: what went out beside it must be noted, or it goes out again."""
    try:
        return await _say(due, carriers, now)
    except Exception as error:  # noqa: BLE001 - logged with its traceback
        _log.error("channel_broken", channel=due.channel_id, said=due.key, exc_info=error)
        return Outcome(_BROKEN)


async def _say(due: Due, carriers: Carriers, now: datetime) -> Outcome:
    kind = channel_kinds().get(due.kind)
    if due.broken:
        return Outcome(_BROKEN)
    if due.said is None:
        return _over("There is nothing to say any more.")
    if kind is None:
        return _over(f"This installation has no kind of channel called {due.kind}.")
    try:
        target = taken_out(due.target, carriers.installation_key)
    except Unreadable as why:
        return _over(str(why))
    key = f"fanfare:{due.channel_id}:{due.key}"
    if kind.by == "mail":
        answer = await _mail(kind.message(due.said), target, key, carriers.mail, now)
    else:
        headers = {
            "content-type": "application/json; charset=utf-8",
            "user-agent": "Fanfare",
            # The same with every try; who passes messages on can tell a repeated one by it.
            "idempotency-key": key,
        }
        body = msgspec.json.encode(kind.message(due.said))
        answer = await post(target, headers, body, carriers.networks, now)
        answer = replace(answer, said=_without_secrets(answer.said, target))
    return Outcome(*_judged(kind, answer))


def _judged(kind: Kind, answer: Answer) -> tuple[Answer, bool]:
    """An answer with the kind's sentence, and whether it is final."""
    if answer.taken or answer.status is None:
        return answer, False
    words = kind.hopeless(answer.status, answer.said)
    if words is None:
        return answer, False
    return replace(answer, said=f"{words} ({answer.said})" if answer.said else words), True


async def _mail(
    letter: Letter, to: str, key: str, server: MailServer | None, now: datetime
) -> Answer:
    if server is None:
        return Answer(None, "No mail server is set (FANFARE_SMTP_URL, FANFARE_MAIL_FROM).", 0)
    return await hand_in(server, composed(letter, sender=server.sender, to=to, key=key, now=now))


def _without_secrets(said: str, target: str) -> str:
    """What a receiver answered, should it repeat its own address to us, or the beginning of it where
    what is kept of an answer ends."""
    parts = urlsplit(target)
    words = [*parts.path.split("/"), *re.split("[&=]", parts.query)]
    long_words = {word for each in words for word in (each, unquote(each)) if len(word) > 7}
    for secret in (target, *sorted(long_words, key=len, reverse=True)):
        said = said.replace(secret, "••••")
        begun = (size for size in range(len(secret) - 1, 7, -1) if said.endswith(secret[:size]))
        if size := next(begun, 0):
            said = f"{said[:-size]}••••"
    return said


def _over(words: str) -> Outcome:
    return Outcome(Answer(None, words, 0), over=True)


async def _note(connection: Connection, due: Due, outcome: Outcome, now: datetime) -> None:
    answer, attempts = outcome.answer, due.attempts + 1
    again_at = None
    if not answer.taken and not outcome.over:
        again_at = next_try(attempts, now, retry_after=answer.retry_after, pauses=PEOPLES_PAUSES)
    async with connection.transaction():
        await note_try(
            connection, "channel", due.id, answer, attempts=attempts, again_at=again_at, now=now
        )
    if not answer.taken:
        # Not what it answered: that may be anything.
        _log.info("channel_failed", channel=due.channel_id, said=due.key, status=answer.status)


def kinds_that_work(mail: MailServer | None) -> Sequence[Kind]:
    """The kinds that this installation can use now."""
    return [kind for kind in channel_kinds().values() if kind.by != "mail" or mail is not None]
