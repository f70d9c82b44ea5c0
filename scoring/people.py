"""Taking part: enrol, pause, resume, leave, and what others may see of a person.

Law: each is a fact with the moment it holds from, told to the scoring in the same transaction; the
caller opens that transaction. What a person said last holds last, also where the clock went back. The
boards follow by the outbox, written in it too.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from scoring.accounts import linked_last, unlink
from scoring.audit import record_audit
from scoring.boards.republish import republish_person
from scoring.changes import note_person
from scoring.connection import Connection

Enrolment = Literal["active", "paused", "left"]
Visibility = Literal["name", "alias", "hidden"]
# From which state one may come; None is somebody who never joined.
_ALLOWED: Final[dict[Enrolment, frozenset[str | None]]] = {
    "active": frozenset({None, "paused", "left"}),
    "paused": frozenset({"active"}),
    "left": frozenset({"active", "paused"}),
}


class NotPossibleNow(Exception):
    """From the person's `state` they cannot come to the `wanted` one."""

    def __init__(self, state: str | None, wanted: str) -> None:
        super().__init__(f"somebody who is {state or 'not enrolled'} cannot become {wanted}")
        self.state = state
        self.wanted = wanted


class AliasTaken(Exception):
    """Another person goes by this alias or name already."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What others may see of a person. All `opens_…` are off until the person opens them."""

    visibility: Visibility
    alias: str | None
    opens_networks: bool
    opens_mix: bool
    opens_gain: bool
    opens_compare: bool = False  # others may put their figures beside one's own


async def enrolment_state(connection: Connection, person_id: int, now: datetime) -> str | None:
    """active, paused or left; None for somebody who never joined."""
    state: str | None = await connection.fetchval(
        """select state from enrolment where person_id = $1 and effective_at <= $2
           order by effective_at desc limit 1""",
        person_id,
        now,
    )
    return state


async def enrol(connection: Connection, person_id: int, now: datetime) -> None:
    """Join, or come back after having left: what happens from now on may count."""
    await _become(connection, person_id, "active", "enrolled", now)


async def pause(connection: Connection, person_id: int, now: datetime) -> None:
    """Nothing that happens from now on counts, until `resume`; the boards leave the person out."""
    await _become(connection, person_id, "paused", "paused", now)


async def resume(connection: Connection, person_id: int, now: datetime) -> None:
    """What happens from now on counts again."""
    await _become(connection, person_id, "active", "resumed", now)


async def leave(connection: Connection, person_id: int, now: datetime) -> None:
    """Leave the programme: nothing counts from now on, and no account stays linked."""
    await _become(connection, person_id, "left", "left", now)
    for account in await linked_last(connection, person_id):
        await unlink(connection, person_id, account, now)


async def show(connection: Connection, person_id: int, shown: Shown, now: datetime) -> None:
    """Change what others see; holds at once. Raises AliasTaken."""
    if shown.alias is not None:
        await connection.execute("select pg_advisory_xact_lock(hashtext('fanfare.alias'))")
        taken = await connection.fetchval(
            """select exists (select from profile where person_id <> $1
               and (lower(alias) = lower($2) or lower(name) = lower($2)))""",
            person_id,
            shown.alias,
        )
        if taken:
            raise AliasTaken(shown.alias)
    await connection.execute(
        """update profile set visibility = $2, alias = $3, opens_networks = $4, opens_mix = $5,
                              opens_gain = $6, opens_compare = $7 where person_id = $1""",
        person_id,
        shown.visibility,
        shown.alias,
        shown.opens_networks,
        shown.opens_mix,
        shown.opens_gain,
        shown.opens_compare,
    )
    # The alias itself is the person's to erase and stays out of the audit.
    detail = {
        "visibility": shown.visibility,
        "opens_networks": shown.opens_networks,
        "opens_mix": shown.opens_mix,
        "opens_gain": shown.opens_gain,
        "opens_compare": shown.opens_compare,
    }
    await republish_person(connection, person_id)
    await record_audit(connection, person_id, "shown", f"person:{person_id}", detail, now)


async def _become(
    connection: Connection, person_id: int, wanted: Enrolment, action: str, now: datetime
) -> None:
    # One at a time for a person: a double click must not append two facts.
    await connection.fetchval("select id from person where id = $1 for update", person_id)
    last = await connection.fetchrow(
        "select state, effective_at from enrolment where person_id = $1"
        " order by effective_at desc limit 1",
        person_id,
    )
    state = None if last is None else last["state"]
    if state == wanted:
        return
    if state not in _ALLOWED[wanted]:
        raise NotPossibleNow(state, wanted)
    holds_from = now
    if last is not None:
        # Where the clock went back, what was said last still comes last.
        holds_from = max(now, last["effective_at"] + timedelta(microseconds=1))
    await connection.execute(
        """insert into enrolment (person_id, effective_at, state, recorded_at)
           values ($1, $2, $3, $4)""",
        person_id,
        holds_from,
        wanted,
        now,
    )
    await note_person(connection, person_id, holds_from)
    await republish_person(connection, person_id)
    await record_audit(connection, person_id, action, f"person:{person_id}", {}, now)
