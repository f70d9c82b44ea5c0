"""Writes a world's people into an empty installation: what in a real one HR, the people themselves
and an administrator would have recorded, with the moments at which they would have done it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from random import Random

from scoring.connection import Connection
from scoring.identity import account_id
from seeds.faces import Face
from seeds.world import Linked, Member, World

# Enrolled before the history begins, so that all of it can count.
EARLIER = timedelta(days=7)
_OWNERSHIP = (
    "account_id",
    "effective_at",
    "person_id",
    "company",
    "counts",
    "recorded_at",
)


class InstallationNotEmpty(Exception):
    """There are people already; a demo world is written into an empty installation only."""


def joined_at(member: Member, start_at: datetime, now: datetime) -> datetime:
    """When somebody joined: most before the history begins, the others during it."""
    if member.joined is None or member.joined >= 1:
        return start_at - EARLIER
    return now - (now - start_at) * member.joined


async def settle(
    connection: Connection, world: World, start_at: datetime, now: datetime
) -> dict[int, int]:
    """Records everybody, in one transaction; returns person ids by member number.

    InstallationNotEmpty when anybody is there.
    """
    async with connection.transaction():
        if await connection.fetchval("select exists (select from person)"):
            raise InstallationNotEmpty("There are people in this installation already.")
        teams = await _named(connection, "department", world.departments)
        places = await _named(connection, "office", world.offices)
        known_at = start_at - EARLIER - timedelta(days=3)
        rows = await connection.fetch(
            "insert into person (recorded_at) select $1 from generate_series(1, $2) returning id",
            known_at,
            len(world.members),
        )
        ids = dict(zip(range(len(world.members)), sorted(row["id"] for row in rows), strict=True))
        await connection.copy_records_to_table(
            "profile",
            columns=(
                "person_id", "email", "name", "alias", "department_id", "office_id", "visibility",
                "opens_networks", "opens_mix", "opens_gain", "opens_compare",
            ),
            records=[
                (ids[m.number], m.email, m.name, m.alias, teams[m.department], places[m.office],
                 m.visibility, *m.opens, m.number % 3 == 0)
                for m in world.members
            ],
        )  # fmt: skip
        await _enrol(connection, world, ids, start_at, now)
        await _link(connection, world, ids, start_at, now)
        await _appoint(connection, world, ids, known_at)
        await _accept_policy(connection, world, ids, start_at, now)
    return ids


async def ids_of(connection: Connection, world: World) -> dict[int, int]:
    """Person ids by member number, of a world that was settled before."""
    rows = await connection.fetch("select person_id, email from profile")
    known = {row["email"]: row["person_id"] for row in rows}
    return {m.number: known[m.email] for m in world.members if m.email in known}


async def _named(connection: Connection, table: str, names: Iterable[str]) -> dict[str, int]:
    rows = await connection.fetch(
        f"insert into {table} (name) select unnest($1::text[]) returning name, id", list(names)
    )
    return {row["name"]: row["id"] for row in rows}


async def _enrol(
    connection: Connection, world: World, ids: dict[int, int], start_at: datetime, now: datetime
) -> None:
    rng = Random(f"enrolment {world.seed}")
    rows = []
    for member in world.enrolled():
        at = joined_at(member, start_at, now)
        rows.append((ids[member.number], at, "active", at))
        if member.state != "active":
            until = now - (now - start_at) * rng.uniform(0.02, min(0.3, member.joined or 0.3))
            rows.append((ids[member.number], until, member.state, until))
    await connection.copy_records_to_table(
        "enrolment", columns=("person_id", "effective_at", "state", "recorded_at"), records=rows
    )


async def _link(
    connection: Connection, world: World, ids: dict[int, int], start_at: datetime, now: datetime
) -> None:
    ours = [(face, None, None, start_at - EARLIER) for face in world.company.values()]
    theirs = [
        (linked.face, linked, ids[member.number], joined_at(member, start_at, now))
        for member in world.enrolled()
        for linked in member.accounts
    ]
    accounts: list[tuple[Face, Linked | None, int | None, datetime]] = [*ours, *theirs]
    keys = [account_id(face.platform, face.native_id) for face, *_ in accounts]
    await connection.copy_records_to_table(
        "account",
        columns=("id", "platform", "native_id", "recorded_at"),
        records=[
            (key, face.platform, face.native_id, at)
            for key, (face, _, _, at) in zip(keys, accounts, strict=True)
        ],
    )
    await connection.copy_records_to_table(
        "account_face",
        columns=("account_id", "handle", "url", "professional", "disclaimer"),
        records=[
            (key, face.handle, face.url, linked is None or linked.professional,
             linked is not None and not linked.professional)
            for key, (face, linked, _, _) in zip(keys, accounts, strict=True)
        ],
    )  # fmt: skip
    await connection.copy_records_to_table(
        "ownership",
        columns=_OWNERSHIP,
        records=[
            (key, at, person, linked is None, linked.counts if linked else None, at)
            for key, (_, linked, person, at) in zip(keys, accounts, strict=True)
        ],
    )


async def _appoint(connection: Connection, world: World, ids: dict[int, int], at: datetime) -> None:
    await connection.copy_records_to_table(
        "role_grant",
        columns=("person_id", "role", "granted", "granted_by", "recorded_at"),
        records=[
            (ids[member.number], member.persona.role, True, None, at)
            for member in world.members
            if member.persona is not None and member.persona.role is not None
        ],
    )


async def _accept_policy(
    connection: Connection, world: World, ids: dict[int, int], start_at: datetime, now: datetime
) -> None:
    version = await connection.fetchval("select max(version) from policy")
    await connection.copy_records_to_table(
        "policy_acceptance",
        columns=("person_id", "policy_version", "recorded_at"),
        records=[
            (ids[member.number], version, joined_at(member, start_at, now))
            for member in world.enrolled()
        ],
    )
