"""What others are told: written in the transaction of what it tells, sent later by app/notify."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, Literal
from uuid import uuid4

import msgspec

EventType = Literal[
    "contest.published",
    "contest.withdrawn",
    "contest.amended",
    "contest.started",
    "contest.cancelled",
    "contest.decided",
    "contest.announced",
    "award.proposed",
    "award.approved",
    "award.refused",
    "award.accepted",
    "award.declined",
    "award.exported",
    "award.paid",
    "award.recovered",
]
EVENT_TYPES: Final[tuple[str, ...]] = EventType.__args__  # type: ignore[attr-defined]


async def emit(connection: Any, type: EventType, data: Mapping[str, Any], now: datetime) -> None:
    """Note that something happened. `data` holds ids, amounts and times, never a name."""
    await connection.execute(
        """with noted as (insert into outgoing_event (id, type, data, recorded_at)
                         values ($1, $2, $3::jsonb, $4) returning id)
           insert into outgoing_waiting (event_id) select id from noted""",
        uuid4(),
        type,
        msgspec.json.encode(data).decode(),
        now,
    )
