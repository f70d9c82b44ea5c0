"""Notes that facts arrived whose consequences no worker has folded yet.

Law: a change is read after its transaction committed, so of two facts that belong together (a deed and
its removal, a reshare and its applause) whichever is handled later sees both, on any number of workers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Final, NamedTuple, Self
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


# Of one person a round takes no more: were everything at once about one of them, the others, whose
# turns come in the same round and the next, would wait no longer than they do anyway.
EACH: Final = 500
_FIRST: Final = -(2**31)  # of all turns


@dataclass(slots=True)
class Turns:
    """Where a worker goes on: people take turns, so nobody waits behind all of another's changes."""

    after: int = _FIRST


async def claim(connection: Connection, limit: int, turns: Turns | None = None) -> list[Note]:
    """Take up to `limit` notes inside the caller's transaction, in turns; other workers take others.

    Until the transaction ends nobody else gets notes of these people: a person is in one lane, and a
    lane is one worker's at a time (`fanfare_take_changes`). Lanes are never waited for.
    """
    turns = turns or Turns()
    rows = await connection.fetch(
        "select * from fanfare_take_changes($1, $2, $3)", limit, EACH, turns.after
    )
    turns.after = rows[-1]["turn"] if rows else _FIRST
    return [Note(subject, id, person, at) for subject, id, person, at, _ in rows]


async def note(
    connection: Connection,
    *,
    engagements: Iterable[UUID] = (),
    natives: Iterable[UUID] = (),
    posts: Iterable[UUID] = (),
    whose: Mapping[UUID, int] = MappingProxyType({}),
) -> None:
    """Note that these changed, in the transaction that changed them.

    `whose`: the people whom engagements mainly concern; whom the others do is looked up.
    """
    if told := list(engagements):
        await connection.execute(
            """insert into change (subject, subject_id, whose)
               select 'engagement', * from unnest($1::uuid[], $2::bigint[])""",
            told,
            [whose.get(key) for key in told],
        )
    if removed := list(natives):
        await connection.execute(
            """insert into change (subject, subject_id, whose)
               select 'native', n, (
                 select o.person_id from engagement e
                 join ownership o on o.account_id in (e.target_id, e.actor_id)
                 where e.native_key = n and o.person_id is not null
                 order by o.account_id = e.target_id desc limit 1)
               from unnest($1::uuid[]) as n""",
            removed,
        )
    if described := list(posts):
        await connection.execute(
            """insert into change (subject, subject_id, whose)
               select 'post', n, (
                 select o.person_id from post p join ownership o on o.account_id = p.author_id
                 where p.post_id = n and o.person_id is not null limit 1)
               from unnest($1::uuid[]) as n""",
            described,
        )


async def note_snapshots(connection: Connection, counted: Iterable[tuple[UUID, datetime]]) -> None:
    """Note that followers of these accounts were counted, each with the moment of the count."""
    noted = sorted(set(counted))
    await connection.execute(
        f"""insert into change (subject, subject_id, since_at, whose)
           select 'snapshot', n.account_id, n.at, {_OWNER}
           from unnest($1::uuid[], $2::timestamptz[]) as n(account_id, at)""",
        [account for account, _ in noted],
        [at for _, at in noted],
    )


async def note_account(connection: Connection, account: UUID, since_at: datetime) -> None:
    """Note that from a moment on an account is another's, or lets something else count."""
    await connection.execute(
        f"""insert into change (subject, subject_id, since_at, whose)
           select 'account', n.account_id, $2, {_OWNER} from (select $1::uuid as account_id) n""",
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


_OWNER: Final = """(
             select o.person_id from ownership o
             where o.account_id = n.account_id and o.person_id is not null
             order by o.effective_at desc limit 1)"""
