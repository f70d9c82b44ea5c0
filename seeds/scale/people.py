"""The people of the large company, with departments, offices and an account each, by COPY."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator

from app.bench.company import COMPANY, NETWORK
from scoring.connection import Connection
from seeds.people import InstallationNotEmpty
from seeds.scale.days import stamp
from seeds.scale.deed import account_of
from seeds.scale.names import account_key
from seeds.scale.rows import FALSE, HEADER, NULL, TRAILER, TRUE, key, row, small, text, whole
from seeds.scale.size import Size

_AT_ONCE = 5_000
# One in so many goes by an alias, one in so many is hidden.
_ALIAS, _HIDDEN = 50, 97
_FIRST = ("Ana", "Ben", "Chloé", "Deniz", "Emre", "Farah", "Goran", "Hanna", "Ibrahim", "Jana",
          "Kofi", "Lena", "Mateo", "Nora", "Omar", "Priya", "Quentin", "Rosa", "Sven", "Tariq")  # fmt: skip
_LAST = ("Acar", "Berg", "Costa", "Diallo", "Eriksen", "Fischer", "García", "Haddad", "Ivanov",
         "Jansen", "Kaya", "Lindqvist", "Moreau", "Nowak", "Okafor", "Pereira", "Rossi", "Sato")  # fmt: skip

_TABLES = {
    "person": ("id", "recorded_at"),
    "profile": (
        "person_id", "email", "name", "alias", "department_id", "office_id", "visibility",
        "opens_networks", "opens_mix", "opens_gain",
    ),
    "enrolment": ("person_id", "effective_at", "state", "recorded_at"),
    "account": ("id", "platform", "native_id", "recorded_at"),
    "account_face": ("account_id", "handle", "professional", "disclaimer"),
    "ownership": ("account_id", "effective_at", "person_id", "company", "counts", "recorded_at"),
}  # fmt: skip
TABLES = tuple(_TABLES)

Done = Callable[[int], None]


async def settle(connection: Connection, size: Size, done: Done) -> None:
    """Record everybody with ids from 1 on; `done(rows)` along the way.

    InstallationNotEmpty when anybody is there.
    """
    if await connection.fetchval("select exists (select from person)"):
        raise InstallationNotEmpty("There are people in this installation already.")
    for table, many in (("department", size.departments), ("office", size.offices)):
        await connection.execute(
            f"insert into {table} (name) select $1 || n from generate_series(1, $2::int) n order by n",
            f"{table.capitalize()} ",
            many,
        )
    departments = await _ids(connection, "department")
    offices = await _ids(connection, "office")
    for table, columns in _TABLES.items():
        await connection.copy_to_table(
            table,
            columns=columns,
            format="binary",
            source=_copied(size, table, departments, offices, done),
        )
    await connection.execute(
        "select setval(pg_get_serial_sequence('person', 'id'), $1)", size.people
    )


async def _ids(connection: Connection, table: str) -> list[int]:
    return [row["id"] for row in await connection.fetch(f"select id from {table} order by id")]


async def _copied(
    size: Size, table: str, departments: list[int], offices: list[int], done: Done
) -> AsyncIterator[bytes]:
    yield HEADER
    if table in ("account", "account_face", "ownership"):
        yield b"".join(_company(size, table))
    for first in range(1, size.people + 1, _AT_ONCE):
        people = range(first, min(first + _AT_ONCE, size.people + 1))
        yield b"".join(_row(size, table, n, departments, offices) for n in people)
        done(len(people))
    yield TRAILER


def _company(size: Size, table: str) -> Iterator[bytes]:
    known, name = whole(stamp(size.known_at)), COMPANY.encode()
    id = key(account_key(name))
    if table == "account":
        yield row(id, text(NETWORK.encode()), text(name), known)
    elif table == "account_face":
        yield row(id, text(name), TRUE, FALSE)
    else:
        yield row(id, known, NULL, TRUE, NULL, known)


def _row(size: Size, table: str, n: int, departments: list[int], offices: list[int]) -> bytes:
    """The row of the n-th person."""
    person, known = whole(n), whole(stamp(size.known_at))
    account = account_of(n)
    match table:
        case "person":
            return row(person, known)
        case "profile":
            name = f"{_FIRST[n * 7 % len(_FIRST)]} {_LAST[n // 11 % len(_LAST)]} {n}"
            alias = b"Heron %d" % n if n % _ALIAS == 0 else None
            seen = b"alias" if alias else b"hidden" if n % _HIDDEN == 0 else b"name"
            # Departments differ in size, offices too.
            return row(
                person, text(b"person-%d@example.org" % n), text(name.encode()), text(alias),
                _one_of(departments, n * 0.618033988749895), _one_of(offices, n * 0.414213562373095),
                text(seen), FALSE, FALSE, FALSE,
            )  # fmt: skip
        case "enrolment":
            return row(person, known, text(b"active"), known)
        case "account":
            return row(key(account_key(account)), text(NETWORK.encode()), text(account), known)
        case "account_face":
            return row(key(account_key(account)), text(account), FALSE, FALSE)
    counts = b"every" if n % 2 else b"disclosed"
    return row(key(account_key(account)), known, person, FALSE, text(counts), known)


def _one_of(ids: list[int], number: float) -> bytes:
    """One of these, the first ones more often; nothing where there are none."""
    return small(ids[int((number % 1) ** 2 * len(ids))]) if ids else NULL
