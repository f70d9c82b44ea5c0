"""What a person was told, and what they want to be told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from rewards.notices.table import MESSAGES, NoticeKind


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing a person was told."""

    id: int
    kind: str
    words: str
    link: str
    recorded_at: datetime
    unread: bool


async def notices(connection: Any, person_id: int, limit: int = 100) -> list[Notice]:
    """The newest notices of a person."""
    rows = await connection.fetch(
        """select n.id, n.kind, n.detail, n.recorded_at, r.notice_id is null as unread
           from notice n left join notice_read r on r.notice_id = n.id
           where n.person_id = $1 order by n.id desc limit $2""",
        person_id,
        limit,
    )
    return [_notice(row) for row in rows]


def _notice(row: Any) -> Notice:
    message, detail = MESSAGES[row["kind"]], msgspec.json.decode(row["detail"])
    return Notice(
        row["id"], row["kind"], message.said(detail), message.leads_to(detail), row["recorded_at"],
        row["unread"],
    )  # fmt: skip


async def mark_read(connection: Any, person_id: int, now: datetime) -> None:
    """The person has seen what they were told so far."""
    await connection.execute(
        """insert into notice_read (notice_id, read_at)
           select id, $2 from notice where person_id = $1 on conflict do nothing""",
        person_id,
        now,
    )


async def notice_choices(connection: Any, person_id: int) -> Mapping[str, bool]:
    """What a person is told of, kind by kind, for the kinds that they may choose."""
    rows = await connection.fetch(
        """select distinct on (kind) kind, wanted from notice_choice where person_id = $1
           order by kind, id desc""",
        person_id,
    )
    chosen = {row["kind"]: row["wanted"] for row in rows}
    return {
        kind: chosen.get(kind, message.on) for kind, message in MESSAGES.items() if message.optional
    }


async def choose_notices(
    connection: Any, person_id: int, wanted: Mapping[NoticeKind, bool], now: datetime
) -> None:
    """Keep what a person wants to be told; kinds that nobody can switch off stay on."""
    held = await notice_choices(connection, person_id)
    for kind, wish in wanted.items():
        if kind in held and held[kind] != wish:
            await connection.execute(
                """insert into notice_choice (person_id, kind, wanted, recorded_at)
                   values ($1, $2, $3, $4)""",
                person_id,
                kind,
                wish,
                now,
            )
