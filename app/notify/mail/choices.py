"""Of which of their notices a person also wants a letter."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from app.database import Connection
from rewards import MESSAGES, NoticeKind


async def mail_choices(connection: Connection, person_id: int) -> Mapping[str, bool]:
    """For each kind of notice whether a letter goes out, as the person chose, else as the table says."""
    rows = await connection.fetch(
        """select distinct on (kind) kind, wanted from notice_mail_choice where person_id = $1
           order by kind, id desc""",
        person_id,
    )
    chosen = {row["kind"]: row["wanted"] for row in rows}
    return {kind: chosen.get(kind, message.mail) for kind, message in MESSAGES.items()}


async def choose_mail(
    connection: Connection, person_id: int, wanted: Mapping[NoticeKind, bool], now: datetime
) -> None:
    """Keep what a person wants by e-mail; what they leave as it is is not written."""
    held = await mail_choices(connection, person_id)
    for kind, wish in wanted.items():
        if held[kind] != wish:
            await connection.execute(
                """insert into notice_mail_choice (person_id, kind, wanted, recorded_at)
                   values ($1, $2, $3, $4)""",
                person_id,
                kind,
                wish,
                now,
            )
