"""Whom a verification looks at, and in which slices.

Law: a slice is so many deeds at most, or one person; so what a slice needs does not grow with the
company, nor with how much happened to somebody else.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final

from scoring.connection import Connection

PEOPLE: Final = 2_000  # of a slice at most: enough for hash joins to pay
DEEDS: Final = 50_000  # of a slice at most, unless one person has more: some 100 MB on disk


@dataclass(frozen=True, slots=True)
class Whom:
    """Everybody whose number is at least `since`; of them one person, or one department's people."""

    since: int = 1
    person_id: int | None = None
    department_id: int | None = None

    @property
    def is_everybody(self) -> bool:
        """Whether nobody is left out but those with lower numbers."""
        return self.person_id is None and self.department_id is None


EVERYBODY: Final = Whom()

# Ids to look at from $1 on; $2 and $3: the person, the department.
_PEOPLE: Final = """
  select id from person where id >= $1 and ($2::bigint is null or id = $2)
    and ($3::int is null or exists (
      select from profile p where p.person_id = id and p.department_id = $3))
"""
_OF_A_DEPARTMENT: Final = """
  select person_id as id from profile
  where person_id >= $1 and $2::bigint is null and department_id = $3
"""
# How much there is to look at for each, counted by index and no further than a slice is long: what they
# did, what was done to them, and the applause for what the company reshared of theirs.
_WEIGHED: Final = """
  select asked.id, (
      select count(*) from (
        (select 1 from ownership o join engagement e on e.target_id = o.account_id
         where o.person_id = asked.id limit $5)
        union all
        (select 1 from ownership o join engagement e on e.actor_id = o.account_id
         where o.person_id = asked.id limit $5)
        union all
        (select 1 from (
             -- A limit is a fence: from the person's side, not from all that the company reshared.
             select r.native_key, r.actor_id from ownership o
             join engagement r on r.target_id = o.account_id and r.kind in ('reshare', 'quote')
             where o.person_id = asked.id limit $5) reshare
         join engagement e on e.post_id = reshare.native_key
         where exists (select from ownership c where c.account_id = reshare.actor_id and c.company)
         limit $5)) deed) as deeds
  from ({people} order by id limit $4) asked
"""


async def how_many(connection: Connection, whom: Whom) -> int:
    """How many people these are."""
    people = f"select count(*) from ({_of(whom)}) asked"
    return int(await connection.fetchval(people, whom.since, whom.person_id, whom.department_id))


async def slices(connection: Connection, whom: Whom) -> AsyncIterator[list[int]]:
    """The people to look at, in order, cut where `PEOPLE` or `DEEDS` would be exceeded.

    A weight is from before the slice is looked at: what came since makes it a little longer.
    """
    since, persons, room = whom.since, list[int](), DEEDS
    while rows := await connection.fetch(
        f"select id, deeds from ({_WEIGHED.format(people=_of(whom))}) w order by id",
        since,
        whom.person_id,
        whom.department_id,
        PEOPLE,
        DEEDS,
    ):
        for row in rows:
            if persons and (row["deeds"] > room or len(persons) == PEOPLE):
                yield persons
                persons, room = [], DEEDS
            persons.append(row["id"])
            room -= row["deeds"]
        since = rows[-1]["id"] + 1
    if persons:
        yield persons


async def people_of(connection: Connection, whom: Whom, some: int) -> AsyncIterator[list[int]]:
    """These people, `some` at a time, whatever there is to look at for each."""
    since = whom.since
    while True:
        rows = await connection.fetch(
            f"{_of(whom)} order by id limit $4", since, whom.person_id, whom.department_id, some
        )
        if not rows:
            return
        yield [row["id"] for row in rows]
        since = rows[-1]["id"] + 1


def _of(whom: Whom) -> str:
    return _PEOPLE if whom.department_id is None or whom.person_id is not None else _OF_A_DEPARTMENT
