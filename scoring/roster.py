"""The company's list of people: who is new, who moved, who stays as they are.

Law: a list is taken whole or not at all, and taking it twice changes nothing. It says nothing about
who takes part, and nobody is removed by being missing from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from scoring.audit import record_audit
from scoring.boards.republish import republish_person
from scoring.connection import Connection


@dataclass(frozen=True, slots=True)
class Listed:
    """A person as the list has them; `line` is where."""

    line: int
    name: str
    email: str
    department: str | None
    office: str | None


@dataclass(frozen=True, slots=True)
class Step:
    """What taking the list does about one person; `changed` names the fields with old and new value."""

    listed: Listed
    action: Literal["add", "change", "keep"]
    person_id: int | None
    changed: Mapping[str, tuple[str | None, str | None]]


_KNOWN = """
select p.person_id, lower(p.email) as email, p.name, p.department_id, p.office_id,
       d.name as department, o.name as office
from profile p left join department d on d.id = p.department_id
left join office o on o.id = p.office_id where lower(p.email) = any($1::text[])
"""


async def plan_roster(connection: Connection, people: Sequence[Listed]) -> list[Step]:
    """What taking this list would do, person by person. E-mail addresses are each there once."""
    rows = await connection.fetch(_KNOWN, [person.email.lower() for person in people])
    known = {row["email"]: row for row in rows}
    steps = []
    for person in people:
        row = known.get(person.email.lower())
        if row is None:
            steps.append(Step(person, "add", None, {}))
            continue
        changed = {
            field: (row[field], getattr(person, field))
            for field in ("name", "department", "office")
            if row[field] != getattr(person, field)
        }
        steps.append(Step(person, "change" if changed else "keep", row["person_id"], changed))
    return steps


async def take_roster(
    connection: Connection, people: Sequence[Listed], by: int | None, now: datetime
) -> list[Step]:
    """Take the list, in the caller's transaction; returns what was done."""
    # One list at a time, so that nobody is added twice.
    await connection.execute("select pg_advisory_xact_lock(hashtext('fanfare.roster'))")
    steps = await plan_roster(connection, people)
    departments = await _places(connection, "department", {p.department for p in people})
    offices = await _places(connection, "office", {p.office for p in people})
    await _add(
        connection, [s.listed for s in steps if s.action == "add"], departments, offices, now
    )
    for step in steps:
        if step.action == "change" and step.person_id is not None:
            await _change(connection, step.person_id, step.listed, departments, offices, by, now)
    counts = {action: sum(s.action == action for s in steps) for action in ("add", "change")}
    await record_audit(connection, by, "people_imported", "people", counts, now)
    return steps


async def _add(
    connection: Connection,
    people: Sequence[Listed],
    departments: Mapping[str, int],
    offices: Mapping[str, int],
    now: datetime,
) -> None:
    rows = await connection.fetch(
        "insert into person (recorded_at) select $1 from generate_series(1, $2) returning id",
        now,
        len(people),
    )
    await connection.execute(
        """insert into profile (person_id, email, name, alias, department_id, office_id,
                                visibility, opens_networks, opens_mix, opens_gain)
           select id, email, name, null, department_id, office_id, 'name', false, false, false
           from unnest($1::bigint[], $2::text[], $3::text[], $4::int[], $5::int[])
             as listed (id, email, name, department_id, office_id)""",
        [row["id"] for row in rows],
        [person.email for person in people],
        [person.name for person in people],
        [departments.get(person.department or "") for person in people],
        [offices.get(person.office or "") for person in people],
    )


async def _change(
    connection: Connection,
    person_id: int,
    listed: Listed,
    departments: Mapping[str, int],
    offices: Mapping[str, int],
    by: int | None,
    now: datetime,
) -> None:
    old = await connection.fetchrow(
        "select department_id, office_id from profile where person_id = $1 for update", person_id
    )
    assert old is not None, "it was there in this transaction"
    department, office = departments.get(listed.department or ""), offices.get(listed.office or "")
    await connection.execute(
        "update profile set name = $2, department_id = $3, office_id = $4 where person_id = $1",
        person_id,
        listed.name,
        department,
        office,
    )
    left = []
    if old["department_id"] not in (None, department):
        left.append(f"department-{old['department_id']}")
    if old["office_id"] not in (None, office):
        left.append(f"office-{old['office_id']}")
    await republish_person(connection, person_id, left)
    detail = {"department": department, "office": office}
    await record_audit(connection, by, "profile_imported", f"person:{person_id}", detail, now)


async def _places(
    connection: Connection, table: Literal["department", "office"], names: Iterable[str | None]
) -> dict[str, int]:
    """The ids of departments or offices by name; those that are not there yet are made."""
    wanted = sorted(name for name in names if name)
    await connection.execute(
        f"insert into {table} (name) select unnest($1::text[]) on conflict do nothing", wanted
    )
    rows = await connection.fetch(
        f"select id, name from {table} where name = any($1::text[])", wanted
    )
    return {row["name"]: row["id"] for row in rows}
