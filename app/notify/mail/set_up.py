"""Since when letters are written: a mail server that is set up today sends nothing of yesterday.

That a server was set up or taken down is a fact like any other; it stands in the audit.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from app.database import Connection
from scoring import record_audit

_SUBJECT: Final = "installation:mail"
_LOCK: Final = 0x6D61696C  # "mail": of two workers that start at once one notes it


async def written_since(connection: Connection, host: str | None, now: datetime) -> datetime | None:
    """Since when letters are written, None while there is no server (`host` None).

    Asked once when a worker begins. Notes the change, if there was one; without a server what still
    waits is given up.
    """
    async with connection.transaction():
        await connection.execute("select pg_advisory_xact_lock($1)", _LOCK)
        last = await connection.fetchrow(
            "select action, recorded_at from audit where subject = $1 order by id desc limit 1",
            _SUBJECT,
        )
        is_set = last is not None and last["action"] == "mail_set_up"
        if host is None:
            if is_set:
                await record_audit(connection, None, "mail_taken_down", _SUBJECT, {}, now)
                await connection.execute(
                    """update notice_mail set state = 'given_up', next_at = null,
                         said = 'The mail server was taken down.' where state = 'waiting'"""
                )
            return None
        if is_set and last is not None:
            since: datetime = last["recorded_at"]
            return since
        await record_audit(connection, None, "mail_set_up", _SUBJECT, {"host": host}, now)
        return now
