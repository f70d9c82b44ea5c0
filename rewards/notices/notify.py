"""Telling a person something inside Fanfare.

Law: the same notice is written once, whoever writes it how often (`key`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from rewards.notices.table import MESSAGES, Detail, NoticeKind
from scoring import said_of


async def notify(
    connection: Any,
    person_id: int,
    kind: NoticeKind,
    detail: Detail,
    *,
    key: str,
    now: datetime,
) -> None:
    """Tell a person something once, unless they do not want that kind.

    `detail` is what the sentence in `table.MESSAGES` needs; `key` is unique for ever, e.g.
    `f"award_won:{award_id}"`. Raises KeyError when the sentence could not be said with `detail`.
    """
    message = MESSAGES[kind]
    message.said(detail)
    message.leads_to(detail)
    if (joined := await said_of(connection, person_id)) is not None:
        person_id = joined.into_id  # a record of somebody else: it is they who read it
    if not await wants(connection, person_id, kind):
        return
    await connection.execute(
        """insert into notice (person_id, kind, detail, key, recorded_at)
           values ($1, $2, $3::jsonb, $4, $5) on conflict (key) do nothing""",
        person_id,
        kind,
        msgspec.json.encode(detail).decode(),
        key,
        now,
    )


async def notify_many(
    connection: Any,
    person_ids: Sequence[int],
    kind: NoticeKind,
    detail: Detail,
    *,
    key: str,
    now: datetime,
) -> None:
    """Tell many people the same once, in one statement; each one's key is `key` and their id."""
    message = MESSAGES[kind]
    message.said(detail)
    message.leads_to(detail)
    await connection.execute(
        """insert into notice (person_id, kind, detail, key, recorded_at)
           select p.id, $2, $3::jsonb, $4 || ':' || p.id, $5
           from unnest($1::bigint[]) as p (id)
           where $7 or coalesce((select c.wanted from notice_choice c
                                 where c.person_id = p.id and c.kind = $2
                                 order by c.id desc limit 1), $6)
           on conflict (key) do nothing""",
        list(person_ids),
        kind,
        msgspec.json.encode(detail).decode(),
        key,
        now,
        message.on,
        message.on and not message.optional,
    )


async def wants(connection: Any, person_id: int, kind: NoticeKind) -> bool:
    """Whether a person is told of such things: as they chose, else as the table says."""
    message = MESSAGES[kind]
    if not message.optional:
        return message.on
    chosen = await connection.fetchval(
        """select wanted from notice_choice where person_id = $1 and kind = $2
           order by id desc limit 1""",
        person_id,
        kind,
    )
    return message.on if chosen is None else bool(chosen)
