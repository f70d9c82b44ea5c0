"""When everything was last counted again, and what came of it: a line of the audit."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from scoring.audit import record_audit
from scoring.connection import Connection
from scoring.verify.verification import Verification
from scoring.verify.whom import EVERYBODY, how_many

_ACTION: Final = "verified"
_SUBJECT: Final = "points"


@dataclass(frozen=True, slots=True)
class LastVerified:
    """The newest verification, and when one of everybody last found that all agrees."""

    at: datetime
    people: int
    everybody: int
    differing: int
    complete: bool
    agreed_at: datetime | None

    @property
    def agrees(self) -> bool:
        """Whether it went through to the end and nothing differed."""
        return self.complete and self.differing == 0


async def record_verification(connection: Connection, done: Verification, now: datetime) -> None:
    """Write down how far a verification of everybody came and how much differed.

    One that goes on where the last was broken off is the same verification, and says so.
    """
    since, people, differing = done.whom.since, done.people, done.differing
    last = await connection.fetchrow(_LAST.format(which="true"), _ACTION, _SUBJECT)
    before = {} if last is None else json.loads(last["detail"])
    if before and not before["complete"] and before["next_person"] == since:
        since = before["since"]
        people += before["people"]
        differing += before["differing"]
    await record_audit(
        connection,
        None,
        _ACTION,
        _SUBJECT,
        {
            "since": since,
            "next_person": done.next_person,
            "people": people,
            "everybody": await how_many(connection, EVERYBODY),
            "differing": differing,
            "still_counted": done.still_counted,
            "complete": done.complete,
        },
        now,
    )


async def last_verified(connection: Connection) -> LastVerified | None:
    """What is known of the last verification of everybody; None: there was none."""
    last = await connection.fetchrow(_LAST.format(which="true"), _ACTION, _SUBJECT)
    if last is None:
        return None
    agreed = await connection.fetchrow(
        _LAST.format(which="""detail @> '{"complete": true, "differing": 0, "since": 1}'"""),
        _ACTION,
        _SUBJECT,
    )
    told = json.loads(last["detail"])
    return LastVerified(
        last["recorded_at"],
        told["people"],
        told["everybody"],
        told["differing"],
        told["complete"] and told["since"] == EVERYBODY.since,
        None if agreed is None else agreed["recorded_at"],
    )


# By index on (action, id).
_LAST: Final = """
  select detail::text as detail, recorded_at from audit
  where action = $1 and subject = $2 and {which} order by id desc limit 1
"""
