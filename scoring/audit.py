"""Who changed what, when.

Law: a change that a person makes is written down in the transaction that makes it, with ids and
never with names.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

from scoring.connection import Connection


async def record_audit(
    connection: Connection,
    person_id: int | None,
    action: str,
    subject: str,
    detail: Mapping[str, object],
    now: datetime,
) -> None:
    """Append one line.

    `person_id` is who did it, None for the command line; `subject` what it was done to, such as
    `person:7` or `account:…`; `detail` holds ids and choices, nothing that may have to be erased.
    """
    await connection.execute(
        """insert into audit (person_id, action, subject, detail, recorded_at)
           values ($1, $2, $3, $4, $5)""",
        person_id,
        action,
        subject,
        json.dumps(dict(detail)),
        now,
    )
