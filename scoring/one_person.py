"""Two records that turn out to be one person: imported twice, or made anew by the company's directory.

Laws: nothing is updated. What the one record owned is said anew of the other person, for the past too, each
stretch under the record by which they took part then: so what counted goes on to count, what did not begins
nowhere, and what one record did to the other is done to oneself. From now on the person that stays takes
part as they did, or as the other record did where they did not. It is a fact as well, and another undoes it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from scoring.accounts import linked_last
from scoring.audit import record_audit
from scoring.boards.republish import republish_person
from scoring.changes import note_account, note_person
from scoring.connection import Connection
from scoring.records import Said, records_of, said_of

_LATER = timedelta(microseconds=1)


class SameRefused(ValueError):
    """These records cannot become one, or two; the message says what to do, `field` where."""

    def __init__(self, words: str, field: str = "into") -> None:
        super().__init__(words)
        self.field = field


async def same_person(
    connection: Connection,
    record_id: int,
    into_id: int,
    *,
    by: int | None,
    reason: str,
    now: datetime,
) -> int:
    """From now on a record is this person's, in the caller's transaction; returns the fact's id.

    `by` None is a command. Raises SameRefused.
    """
    reason = await _may(connection, {record_id, into_id}, by, reason)
    if record_id == into_id:
        raise SameRefused("That is the same record. Choose the other one.")
    if await said_of(connection, record_id) or await said_of(connection, into_id):
        raise SameRefused("One of them is another person's record already. Undo that first.")
    if await records_of(connection, record_id):
        raise SameRefused("Other records were joined to this one. Undo that first.", "record")
    at = await _moment(connection, {record_id, into_id}, now)
    mine = await linked_last(connection, record_id)
    said = await _say(connection, record_id, into_id, by, reason, now)
    restated = await connection.fetch(
        """insert into ownership (account_id, effective_at, person_id, company, counts, enrolled_as,
                                  same_person_id, recorded_at)
           select account_id, effective_at, $2, false, counts, coalesce(enrolled_as, person_id), $3, $4
           from (select distinct on (account_id, effective_at) * from ownership
                 where account_id in (select account_id from ownership where person_id = $1)
                 order by account_id, effective_at, id desc) held
           where person_id = $1 order by effective_at, account_id
           returning account_id, effective_at""",
        record_id,
        into_id,
        said,
        now,
    )
    await _hand_over(connection, mine, into_id, at, now)
    theirs, own = await _last(connection, record_id), await _last(connection, into_id)
    if theirs in ("active", "paused"):
        await _take_part(connection, record_id, "left", at, now)
        if own in (None, "left"):
            await _take_part(connection, into_id, theirs, at, now)
    await _tell(connection, restated, (record_id, into_id), at)
    await _audit(connection, by, "same_person", record_id, into_id, now)
    return said


async def apart_again(
    connection: Connection, record_id: int, *, by: int | None, reason: str, now: datetime
) -> int:
    """A record is a person of its own again, in the caller's transaction; returns the fact's id.

    What its accounts did counts for it again, since they were joined by the other's taking part; it takes
    part as it did before. Raises SameRefused.
    """
    said = await said_of(connection, record_id)
    if said is None:
        raise SameRefused("This record is nobody else's.", "record")
    reason = await _may(connection, {record_id, said.into_id}, by, reason)
    at = await _moment(connection, {record_id, said.into_id}, now)
    joined_at = await _joined_at(connection, said)
    accounts = [
        row["account_id"]
        for row in await connection.fetch(
            "select distinct account_id from ownership where same_person_id = $1", said.id
        )
    ]
    mine = [one for one in await linked_last(connection, said.into_id) if one in set(accounts)]
    undone = await _say(connection, record_id, None, by, reason, now)
    restated = await connection.fetch(
        """insert into ownership (account_id, effective_at, person_id, company, counts, enrolled_as,
                                  same_person_id, recorded_at)
           select account_id, effective_at, $1, false, counts,
             case when effective_at < $5 then nullif(enrolled_as, $1) else coalesce(enrolled_as, $2) end,
             $3, $4
           from (select distinct on (account_id, effective_at) * from ownership
                 where account_id = any($6::uuid[])
                 order by account_id, effective_at, id desc) held
           where person_id = $2 and (same_person_id = $7 or effective_at >= $5)
           order by effective_at, account_id
           returning account_id, effective_at""",
        record_id,
        said.into_id,
        undone,
        now,
        joined_at,
        accounts,
        said.id,
    )
    await _hand_over(connection, mine, record_id, at, now)
    before = await _state_before(connection, record_id, joined_at)
    if before in ("active", "paused"):
        await _take_part(connection, record_id, before, at, now)
        if await _state_before(connection, said.into_id, joined_at) in (None, "left"):
            # They took part through the other record alone, and said nothing themselves since.
            newest = await connection.fetchrow(
                "select state, effective_at from enrolment where person_id = $1"
                " order by effective_at desc limit 1",
                said.into_id,
            )
            if newest is not None and newest["effective_at"] == joined_at:
                await _take_part(connection, said.into_id, "left", at, now)
    await _tell(connection, restated, (record_id, said.into_id), at)
    await _audit(connection, by, "apart_again", record_id, said.into_id, now)
    return undone


async def _may(connection: Connection, records: set[int], by: int | None, reason: str) -> str:
    """The reason as it is kept; locks the people. Raises SameRefused."""
    reason = " ".join(reason.split())
    if not reason:
        raise SameRefused("Say how you know; it is kept with the change.", "reason")
    known = await connection.fetch(
        "select id from person where id = any($1::bigint[]) order by id for update", sorted(records)
    )
    if len(known) < len(records):
        raise SameRefused("There is nobody with this number.")
    if by is not None:
        own = {by, *(one.record_id for one in await records_of(connection, by))}
        if (said := await said_of(connection, by)) is not None:
            own.add(said.into_id)
        if own & records:
            raise SameRefused(
                "One of them is you. Nobody decides about themselves: ask a colleague."
            )
    return reason


async def _moment(connection: Connection, records: set[int], now: datetime) -> datetime:
    """Now, or the moment after whatever was said of these people last, should the clock have gone back."""
    last: datetime | None = await connection.fetchval(
        """select max(effective_at) from (
             select effective_at from enrolment where person_id = any($1::bigint[])
             union all
             select effective_at from ownership where account_id in (
               select account_id from ownership where person_id = any($1::bigint[]))) said""",
        sorted(records),
    )
    return now if last is None else max(now, last + _LATER)


async def _say(
    connection: Connection,
    record_id: int,
    into_id: int | None,
    by: int | None,
    reason: str,
    now: datetime,
) -> int:
    id: int = await connection.fetchval(
        """insert into same_person (record_id, into_id, person_id, reason, recorded_at)
           values ($1, $2, $3, $4, $5) returning id""",
        record_id,
        into_id,
        by,
        reason,
        now,
    )
    return id


async def _hand_over(
    connection: Connection, accounts: Iterable[UUID], person_id: int, at: datetime, now: datetime
) -> None:
    """What these accounts count goes on, from a moment on under the person's own taking part."""
    await connection.execute(
        """insert into ownership (account_id, effective_at, person_id, company, counts, recorded_at)
           select account_id, $3, $2, false, counts, $4
           from (select distinct on (account_id) * from ownership where account_id = any($1::uuid[])
                 order by account_id, effective_at desc, id desc) last""",
        list(accounts),
        person_id,
        at,
        now,
    )


async def _last(connection: Connection, person_id: int) -> str | None:
    state: str | None = await connection.fetchval(
        "select state from enrolment where person_id = $1 order by effective_at desc limit 1",
        person_id,
    )
    return state


async def _state_before(connection: Connection, person_id: int, at: datetime) -> str | None:
    state: str | None = await connection.fetchval(
        """select state from enrolment where person_id = $1 and effective_at < $2
           order by effective_at desc limit 1""",
        person_id,
        at,
    )
    return state


async def _joined_at(connection: Connection, said: Said) -> datetime:
    """The moment from which the joined record took part no longer by itself."""
    at: datetime | None = await connection.fetchval(
        """select min(effective_at) from (
             select effective_at from enrolment
             where person_id = $1 and recorded_at = $2 and state = 'left'
             union all
             select effective_at from ownership
             where account_id in (select account_id from ownership where same_person_id = $3)
               and recorded_at = $2 and same_person_id is null and person_id = $4) told""",
        said.record_id,
        said.recorded_at,
        said.id,
        said.into_id,
    )
    return at or said.recorded_at


async def _take_part(
    connection: Connection, person_id: int, state: str, at: datetime, now: datetime
) -> None:
    await connection.execute(
        """insert into enrolment (person_id, effective_at, state, recorded_at)
           values ($1, $2, $3, $4)""",
        person_id,
        at,
        state,
        now,
    )


async def _tell(
    connection: Connection,
    restated: Iterable[tuple[UUID, datetime]],
    records: Iterable[int],
    at: datetime,
) -> None:
    """Have all be counted anew since each account was theirs, and the boards told who takes part."""
    since: dict[UUID, datetime] = {}
    for account, effective_at in restated:
        since[account] = min(effective_at, since.get(account, effective_at))
    for account in sorted(since):
        await note_account(connection, account, since[account])
    for person_id in sorted(records):
        await note_person(connection, person_id, at)
        await republish_person(connection, person_id)


async def _audit(
    connection: Connection, by: int | None, action: str, record_id: int, into_id: int, now: datetime
) -> None:
    detail = {"record": record_id, "person": into_id}
    await record_audit(connection, by, action, f"person:{into_id}", detail, now)
