"""What people handed in is confirmed or refused: once, by somebody else, and what is confirmed counts.

Laws: nobody confirms for themselves, under whichever record of theirs; a post that another person wrote, or
was confirmed to have written, is never confirmed; of two who decide at once one does; the same answer sent
twice is one.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Final

from asyncpg import Record

from scoring.audit import record_audit
from scoring.by_hand.delivered import Said, SaidFigure, SaidPost, deliver
from scoring.by_hand.known import Known, told_of
from scoring.by_hand.letting_count import hand_over
from scoring.connection import Connection
from scoring.facts import Kind
from scoring.records import everyone_of

MOST_REASON: Final = 500


class NotAnswered(Exception):
    """It was not decided; the message says why."""


class NoStatement(LookupError):
    """There is nothing of that number."""


async def confirm(connection: Connection, statement_id: int, *, by: int, now: datetime) -> bool:
    """From now on it counts, in the caller's transaction; False where it was confirmed before.

    Raises NotAnswered, NoStatement.
    """
    row = await _to_decide(connection, statement_id, by)
    if row["outcome"] is not None:
        return _again(row, "confirmed")
    told = await _told_now(connection, row)
    native_id = row["native_id"] if told is None else told.native_id
    author = await connection.fetchval(
        "select native_id from account where id = $1", row["account_id"]
    )
    counts: dict[str, int] = json.loads(row["counts"])
    said = Said(
        (SaidPost(native_id, author, row["published_at"], row["address"]),) if told is None else (),
        tuple(
            SaidFigure(native_id, Kind(kind), value, row["recorded_at"])
            for kind, value in sorted(counts.items())
        ),
    )
    await answer(connection, statement_id, by, "confirmed", "", now)
    if said.posts or said.figures:
        headers = {"fanfare-statement": str(statement_id)}
        await deliver(connection, row["platform"], "hand", said, now, headers=headers)
    # Under the name by which it is known: its network may have told of it since it was handed in.
    post_id = row["post_id"] if told is None else told.post_id
    await hand_over(connection, row["person_id"], post_id, now)
    return True


async def refuse(
    connection: Connection, statement_id: int, *, by: int, reason: str, now: datetime
) -> bool:
    """It counts nothing, for a reason that its author reads. Raises NotAnswered, NoStatement."""
    row = await _to_decide(connection, statement_id, by)
    if row["outcome"] is not None:
        return _again(row, "refused")
    if not reason.strip() or len(reason) > MOST_REASON:
        raise NotAnswered(f"Say why, in at most {MOST_REASON} letters: its author reads it.")
    await answer(connection, statement_id, by, "refused", reason.strip(), now)
    return True


async def withdraw(connection: Connection, statement_id: int, *, by: int, now: datetime) -> bool:
    """Its author takes it back while it waits. Raises NotAnswered, NoStatement."""
    row = await locked(connection, statement_id)
    if row["person_id"] not in await everyone_of(connection, by):
        raise NoStatement(str(statement_id))
    if row["outcome"] is not None:
        if row["outcome"] == "withdrawn":
            return False
        raise NotAnswered("It was looked at already.")
    await answer(connection, statement_id, by, "withdrawn", "", now)
    return True


async def locked(connection: Connection, statement_id: int) -> Record:
    """A statement with its answer, for this transaction alone. Raises NoStatement."""
    row = await connection.fetchrow(
        """select s.*, w.address, a.outcome, a.decided_by from statement s
           left join statement_words w on w.statement_id = s.id
           left join statement_answer a on a.statement_id = s.id
           where s.id = $1 for update of s""",
        statement_id,
    )
    if row is None:
        raise NoStatement(str(statement_id))
    # Read once more under the lock: whoever was faster has answered by now.
    answer = await connection.fetchrow(
        "select outcome, decided_by from statement_answer where statement_id = $1", statement_id
    )
    if answer is not None and row["outcome"] is None:
        return await locked(connection, statement_id)
    return row


async def _to_decide(connection: Connection, statement_id: int, by: int) -> Record:
    row = await locked(connection, statement_id)
    if by in await everyone_of(connection, row["person_id"]):
        raise NotAnswered("This is your own. Somebody else must look at it.")
    return row


def _again(row: Record, outcome: str) -> bool:
    if row["outcome"] == outcome:
        return False
    words = {"withdrawn": "Its author took it back", "confirmed": "It was confirmed already"}
    raise NotAnswered(f"{words.get(row['outcome'], 'It was refused already')}.")


async def _told_now(connection: Connection, row: Record) -> Known | None:
    """The post as its network told of it by now. Raises NotAnswered for one of another account."""
    known = await told_of(connection, row)
    if known is not None:
        return known
    if await connection.fetchval(
        "select exists (select from post where post_id = $1)", row["post_id"]
    ):
        raise NotAnswered("Another account wrote this post. It can only be refused.")
    # What was confirmed a moment ago no worker has read yet; nor is anybody else confirmed meanwhile.
    await connection.execute(
        "select pg_advisory_xact_lock(hashtextextended($1, 9))", f"author of {row['post_id']}"
    )
    if await connection.fetchval(
        """select exists (select from statement s join statement_answer a on a.statement_id = s.id
                          where a.outcome = 'confirmed' and s.post_id = $1 and s.account_id <> $2)""",
        row["post_id"],
        row["account_id"],
    ):
        raise NotAnswered(
            "Another account was confirmed as the author of this post. It can only be refused."
        )
    return None


async def answer(
    connection: Connection,
    statement_id: int,
    by: int | None,
    outcome: str,
    reason: str,
    now: datetime,
) -> None:
    """Write an answer down; nobody gave it where the network itself told of the post."""
    await connection.execute(
        """insert into statement_answer (statement_id, decided_by, outcome, reason, recorded_at)
           values ($1, $2, $3, $4, $5)""",
        statement_id,
        by,
        outcome,
        reason,
        now,
    )
    await record_audit(connection, by, f"statement_{outcome}", f"statement:{statement_id}", {}, now)
