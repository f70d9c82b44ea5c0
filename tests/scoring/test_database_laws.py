"""What the database itself refuses, and that Piccolo's tables say what it holds."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import asyncpg
import pytest
from piccolo.columns import ForeignKey
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from tests.scoring.scene import NOW, count, raise_curtain, reply, tell

# Every fact; a new table that is one belongs here and into the migration's list.
FACTS = (
    "person", "enrolment", "account", "ownership", "delivery", "delivery_outcome", "engagement",
    "alias", "retiming", "removal", "figure", "snapshot", "post", "mark", "case_file",
    "case_decision", "hold", "rulebook", "entry", "audit",
    "same_person", "topic", "topic_list", "topic_mark",
    "statement", "statement_answer", "statement_moved",
    "policy_override",
    "bracket_change", "bracket_limit",
)  # fmt: skip


def tables() -> list[type[Table]]:
    return [
        found
        for package in ("app", "scoring")
        for found in vars(import_module(f"{package}.tables")).values()
        if isinstance(found, type) and issubclass(found, Table) and found is not Table
    ]


@pytest.mark.parametrize(
    "statement",
    ["update {} set recorded_at = recorded_at", "delete from {}", "truncate {} cascade"],
)
async def test_a_fact_is_never_changed_or_taken_back(connection: Any, statement: str) -> None:
    await raise_curtain(connection)
    await tell(connection, reply("r1", "out1", "ana", "p1", 1, also=("other",)))
    await count(connection)
    for fact in ("person", "enrolment", "account", "ownership", "engagement", "alias", "entry"):
        assert await connection.fetchval(f"select count(*) from {fact}")
        with pytest.raises(asyncpg.RestrictViolationError, match="append-only"):
            await connection.execute(statement.format(fact))


async def test_every_fact_is_guarded_by_both_triggers(connection: Any) -> None:
    rows = await connection.fetch(
        """select c.relname as name, array_agg(t.tgname order by t.tgname) as triggers
           from pg_trigger t join pg_class c on c.oid = t.tgrelid
           where not t.tgisinternal and t.tgenabled = 'O' and c.relname = any($1::text[])
             and t.tgfoid = 'fanfare_append_only'::regproc
           group by c.relname""",
        list(FACTS),
    )
    guarded = {row["name"]: list(row["triggers"]) for row in rows}
    assert guarded == {fact: [f"{fact}_append_only", f"{fact}_no_truncate"] for fact in FACTS}


async def test_partitions_are_guarded_like_their_tables(connection: Any) -> None:
    await raise_curtain(connection)
    await tell(connection, reply("r1", "out1", "ana", "p1", 1))
    rows = await connection.fetch(
        "select inhrelid::regclass::text as name from pg_inherits"
        " where inhparent = 'engagement'::regclass"
    )
    refused = 0
    for row in rows:
        if await connection.fetchval(f"select count(*) from {row['name']}"):
            with pytest.raises(asyncpg.RestrictViolationError):
                await connection.execute(f"delete from {row['name']}")
            refused += 1
    assert refused == 1


async def test_no_reference_cascades(connection: Any) -> None:
    cascading = await connection.fetch(
        """select conrelid::regclass::text as name, conname from pg_constraint
           join pg_namespace n on n.oid = connamespace and n.nspname = 'public'
           where contype = 'f' and (confdeltype in ('c', 'n', 'd') or confupdtype in ('c', 'n', 'd'))"""
    )
    assert cascading == []
    for table in tables():
        for column in table._meta.columns:
            if isinstance(column, ForeignKey):
                assert column._foreign_key_meta.on_delete is OnDelete.restrict, column


async def test_no_forgotten_column_is_filled_in_silently(connection: Any) -> None:
    rows = await connection.fetch(
        """select table_name, column_name, column_default from information_schema.columns
           where table_schema = 'public' and column_default is not null"""
    )
    silent = [
        tuple(row)
        for row in rows
        if row["table_name"] != "migration" and not row["column_default"].startswith("nextval(")
    ]
    assert silent == []
    for table in tables():
        for column in table._meta.columns:
            if not column._meta.primary_key:
                assert column.get_default_value() is None, f"{table.__name__}.{column._meta.name}"


async def test_no_check_is_deferred_to_the_commit(connection: Any) -> None:
    deferred = "select conname from pg_constraint where condeferrable"
    assert await connection.fetch(deferred) == []


ALIKE = {
    "BIGINT": "bigint", "INTEGER": "integer", "SERIAL": "integer", "BIGSERIAL": "bigint",
    "TEXT": "text", "UUID": "uuid", "BOOLEAN": "boolean", "DATE": "date", "BYTEA": "bytea",
    "JSONB": "jsonb", "TIMESTAMPTZ": "timestamp with time zone", "SMALLINT": "smallint",
    "TIMESTAMP WITH TIME ZONE": "timestamp with time zone", "ARRAY": "text[]",
}  # fmt: skip


async def test_piccolos_columns_are_the_databases(connection: Any) -> None:
    rows = await connection.fetch(
        """select c.relname as table_name, a.attname as name,
                  format_type(a.atttypid, null) as type, not a.attnotnull as nullable
           from pg_attribute a join pg_class c on c.oid = a.attrelid
           join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'public'
           where a.attnum > 0 and not a.attisdropped and c.relkind in ('r', 'p')
             and not c.relispartition and c.relname <> 'migration'"""
    )
    held: dict[str, dict[str, tuple[str, bool]]] = {}
    for row in rows:
        held.setdefault(row["table_name"], {})[row["name"]] = (row["type"], row["nullable"])
    said: dict[str, dict[str, tuple[str, bool]]] = {}
    for table in tables():
        for column in table._meta.columns:
            kind = column.column_type
            length = kind.partition("(")[0]
            said.setdefault(table._meta.tablename, {})[column._meta.db_column_name] = (
                ALIKE.get(length, length.lower()),
                column._meta.null,
            )
    assert said.keys() <= held.keys()
    for name, columns in said.items():
        assert columns == held[name], name
    facts = set(FACTS) | {"total", "outbox", "change", "pending_delivery", "profile", "post_text"}
    assert facts <= said.keys()


async def test_a_mark_without_a_value_stands_once(connection: Any) -> None:
    await raise_curtain(connection)
    insert = """insert into mark (post_id, name, value, effective_at, recorded_at)
                values ('00000000-0000-0000-0000-000000000001', 'disclosed', null, $1, $1)"""
    await connection.execute(insert, NOW)
    with pytest.raises(asyncpg.UniqueViolationError):
        await connection.execute(insert, NOW)
