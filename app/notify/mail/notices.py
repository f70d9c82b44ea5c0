"""A person's notices that also go out by e-mail.

Laws: a letter is the sentence of the notice and the page it leads to, as plain text: no name of
anybody else, nothing that tells whether it was read. Nothing is queued without a mail server, nothing of
before it was set up. A letter is leased while it is handed in: killed in between, it may come twice
(with the same Message-ID) and never not at all.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
import structlog

from app.database import Connection
from app.notify.mail.letter import Letter, composed
from app.notify.mail.server import MailServer, hand_in, refused_for_good
from app.notify.patience import next_try
from app.notify.posting import Answer
from rewards import MESSAGES

_log = structlog.get_logger(__name__)

LEASE: Final = timedelta(seconds=90)
AT_ONCE: Final = 5  # connections that a small company's server surely takes
# What no worker was there to queue for so long is old news; it stands in the person's list.
STALE: Final = timedelta(days=2)
_BATCH: Final = 500

_WANTED: Final = """coalesce((select c.wanted from notice_mail_choice c
  where c.person_id = n.person_id and c.kind = n.kind order by c.id desc limit 1), n.kind = any($1))"""
_ON: Final = [kind for kind, message in MESSAGES.items() if message.mail]


@dataclass(frozen=True, slots=True)
class Sender:
    """By which server letters go out, and what they call the installation."""

    server: MailServer
    company: str
    base_url: str


async def queue_letters(connection: Connection, since: datetime, now: datetime) -> int:
    """Queue a letter for each new notice whose person wants one; how many."""
    status: str = await connection.execute(
        f"""insert into notice_mail (notice_id, state, attempts, next_at)
            select n.id, 'waiting', 0, $2 from notice n
            where n.recorded_at > $3 and {_WANTED}
              and not exists (select from notice_mail m where m.notice_id = n.id)
            order by n.id limit $4
            on conflict (notice_id) do nothing""",
        _ON,
        now,
        max(since, now - STALE),
        _BATCH,
    )
    return int(status.rpartition(" ")[2])


async def send_letters(connection: Connection, sender: Sender, now: datetime) -> int:
    """Lease letters that are due, hand them in side by side, note how each went; how many were tried."""
    rows = await connection.fetch(
        f"""with mine as (
              select notice_id from notice_mail where next_at <= $2
              order by next_at, notice_id limit $4 for update skip locked),
            leased as (
              update notice_mail m set next_at = $3 from mine where m.notice_id = mine.notice_id
              returning m.notice_id, m.attempts)
            select n.id, n.kind, n.detail, l.attempts, p.email, {_WANTED} as wanted
            from leased l join notice n on n.id = l.notice_id
            left join profile p on p.person_id = n.person_id order by n.id""",
        _ON,
        now,
        now + LEASE,
        AT_ONCE,
    )
    answers = await asyncio.gather(*(_send(row, sender, now) for row in rows))
    for row, (answer, over) in zip(rows, answers, strict=True):
        await _note(connection, row, answer, over, now)
    return len(rows)


async def _send(row: Any, sender: Sender, now: datetime) -> tuple[Answer, bool]:
    if not row["wanted"]:
        return Answer(None, "not wanted any more", 0), True
    if not row["email"]:
        return Answer(None, "there is no address any more", 0), True
    letter = letter_of(row["kind"], msgspec.json.decode(row["detail"]), sender)
    try:
        message = composed(
            letter,
            sender=sender.server.sender,
            to=row["email"],
            key=f"notice:{row['id']}",
            now=now,
            unsubscribe=f"{sender.base_url}/me/notices",
        )
    except ValueError:
        return Answer(None, "the address is not one that can be written to", 0), True
    answer = await hand_in(sender.server, message)
    return answer, refused_for_good(answer.status)


def letter_of(kind: str, detail: dict[str, Any], sender: Sender) -> Letter:
    """What is written for a notice. Pure."""
    message = MESSAGES[kind]
    contest = detail.get("contest")
    # A subject is read by whoever sees the phone: what was won stands inside.
    subject = f"Fanfare: about “{contest}”" if contest else "Fanfare: something for you"
    link, own = f"{sender.base_url}{message.leads_to(detail)}", f"{sender.base_url}/me/notices"
    return Letter(
        subject,
        f"{message.said(detail)}\n\n{link}\n\n"
        f"-- \nFanfare of {sender.company}. Only you read this. What you want by e-mail: {own}",
    )


async def _note(
    connection: Connection, row: Any, answer: Answer, over: bool, now: datetime
) -> None:
    attempts = row["attempts"] + 1
    again_at = None if answer.taken or over else next_try(attempts, now)
    state = "delivered" if answer.taken else "given_up" if again_at is None else "waiting"
    await connection.execute(
        """update notice_mail set state = $2, attempts = $3, next_at = $4, said = $5
           where notice_id = $1 and state = 'waiting'""",
        row["id"],
        state,
        attempts,
        again_at,
        answer.said,
    )
    if not answer.taken:
        _log.info("letter_failed", notice=row["id"], status=answer.status)
