"""Notes that facts arrived whose consequences no worker has folded yet.

Law: a change is read after its transaction committed, so of two facts that belong together (a deed and
its removal, a reshare and its applause) whichever is handled later sees both, on any number of workers.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, Self
from uuid import UUID

from scoring.connection import Connection


class Note(NamedTuple):
    """One change: what it is about, and since when where it is about an account or a person."""

    subject: str  # engagement | native | post | account | person | snapshot
    subject_id: UUID | None
    person_id: int | None
    since_at: datetime | None


@dataclass(slots=True)
class Changes:
    """What a batch of notes is about, each thing once."""

    engagements: set[UUID] = field(default_factory=set)
    natives: set[UUID] = field(default_factory=set)
    posts: set[UUID] = field(default_factory=set)
    accounts: dict[UUID, datetime] = field(default_factory=dict)
    persons: dict[int, datetime] = field(default_factory=dict)
    snapshots: set[tuple[UUID, datetime]] = field(default_factory=set)  # account, when counted

    @classmethod
    def of(cls, notes: Iterable[Note]) -> Self:
        """The notes sorted by what they are about; of several about a person the earliest holds."""
        changes = cls()
        for note in notes:
            match note:
                case Note("engagement", UUID() as id):
                    changes.engagements.add(id)
                case Note("native", UUID() as id):
                    changes.natives.add(id)
                case Note("post", UUID() as id):
                    changes.posts.add(id)
                case Note("account", UUID() as id, _, datetime() as since_at):
                    changes.accounts[id] = min(since_at, changes.accounts.get(id, since_at))
                case Note("person", _, int() as person, datetime() as since_at):
                    changes.persons[person] = min(since_at, changes.persons.get(person, since_at))
                case Note("snapshot", UUID() as id, _, datetime() as at):
                    changes.snapshots.add((id, at))
                case _:
                    raise ValueError(f"a change that says too little: {note}")
        return changes


async def claim(connection: Connection, limit: int) -> list[Note]:
    """Take up to `limit` notes inside the caller's transaction; other workers take others."""
    rows = await connection.fetch(
        """delete from change where id = any(array(
             select id from change order by id limit $1 for update skip locked))
           returning subject, subject_id, person_id, since_at""",
        limit,
    )
    return [Note(*row) for row in rows]


async def note(
    connection: Connection,
    *,
    engagements: Iterable[UUID] = (),
    natives: Iterable[UUID] = (),
    posts: Iterable[UUID] = (),
) -> None:
    """Note that these changed, in the transaction that changed them."""
    subjects = [("engagement", key) for key in engagements]
    subjects += [("native", key) for key in natives]
    subjects += [("post", key) for key in posts]
    if subjects:
        await connection.execute(
            "insert into change (subject, subject_id) select * from unnest($1::text[], $2::uuid[])",
            [subject for subject, _ in subjects],
            [key for _, key in subjects],
        )


async def note_snapshots(connection: Connection, counted: Iterable[tuple[UUID, datetime]]) -> None:
    """Note that followers of these accounts were counted, each with the moment of the count."""
    noted = sorted(set(counted))
    await connection.execute(
        """insert into change (subject, subject_id, since_at)
           select 'snapshot', * from unnest($1::uuid[], $2::timestamptz[])""",
        [account for account, _ in noted],
        [at for _, at in noted],
    )


async def note_account(connection: Connection, account: UUID, since_at: datetime) -> None:
    """Note that from a moment on an account is another's, or lets something else count."""
    await connection.execute(
        "insert into change (subject, subject_id, since_at) values ('account', $1, $2)",
        account,
        since_at,
    )


async def note_person(connection: Connection, person_id: int, since_at: datetime) -> None:
    """Note that from a moment on a person takes part, or does not."""
    await connection.execute(
        "insert into change (subject, person_id, since_at) values ('person', $1, $2)",
        person_id,
        since_at,
    )
