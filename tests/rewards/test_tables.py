"""What the database itself refuses, and that Piccolo's tables say what it holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import asyncpg
import pytest
from piccolo.columns import Array, ForeignKey
from piccolo.columns.base import OnDelete
from piccolo.table import Table

import rewards
from rewards import tables as said_tables
from tests.rewards.budgets.ledger_scene import DAY, raise_curtain
from tests.scoring.test_database_laws import ALIKE

# Every fact; a new table that is one belongs here and into the migration's list.
FACTS = {
    "budget", "budget_spender", "budget_closing", "contest", "reservation", "award", "transfer",
    "charter", "contest_event", "amendment", "network_override", "contest_seed", "entrance",
    "placement", "decision", "evidence", "award_event", "approval_limit", "delegation",
    "delegation_end", "tax_note", "allowance", "payout", "payout_line", "payout_setting",
    "payment_import", "payment",
    "outgoing_event", "notice", "announcement", "announcement_event",
}  # fmt: skip
# What is written anew, computed, or may have to be erased.
NOT_FACTS = {
    "contest_draft", "tally", "frozen_tally", "tally_due", "contest_look", "payout_file",
    "payroll_number",
    "outgoing_waiting", "notice_read", "notice_choice", "congratulation",
}  # fmt: skip


def tables() -> dict[str, type[Table]]:
    return {
        found._meta.tablename: found
        for found in vars(said_tables).values()
        if isinstance(found, type) and issubclass(found, Table) and found is not Table
    }


def test_every_table_of_the_migration_is_said_and_is_a_fact_or_is_not() -> None:
    scripts = Path(rewards.__file__).with_name("piccolo_migrations").glob("*.sql")
    lines = "".join(script.read_text(encoding="utf-8") for script in scripts).splitlines()
    made = {line.split()[2] for line in lines if line.startswith("create table ")}
    assert made == tables().keys()
    assert made == FACTS | NOT_FACTS


async def test_piccolos_columns_are_the_databases(connection: Any) -> None:
    rows = await connection.fetch(
        """select c.relname as table_name, a.attname as name,
                  format_type(a.atttypid, null) as type, not a.attnotnull as nullable
           from pg_attribute a join pg_class c on c.oid = a.attrelid
           join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'public'
           where a.attnum > 0 and not a.attisdropped and c.relkind = 'r'"""
    )
    held: dict[str, dict[str, tuple[str, bool]]] = {}
    for row in rows:
        held.setdefault(row["table_name"], {})[row["name"]] = (row["type"], row["nullable"])
    for name, table in tables().items():
        said = {
            column._meta.db_column_name: (_type(column), column._meta.null)
            for column in table._meta.columns
        }
        assert said == held[name], name


def _type(column: Any) -> str:
    if isinstance(column, Array):
        return f"{_type(column.base_column)}[]"
    kind: str = column.column_type.partition("(")[0]
    return ALIKE.get(kind, kind.lower())


async def test_every_fact_is_guarded_by_both_triggers_and_nothing_else_is(connection: Any) -> None:
    rows = await connection.fetch(
        """select c.relname as name, array_agg(t.tgname order by t.tgname) as triggers
           from pg_trigger t join pg_class c on c.oid = t.tgrelid
           where not t.tgisinternal and t.tgenabled = 'O' and c.relname = any($1::text[])
           group by c.relname""",
        list(tables()),
    )
    guarded = {row["name"]: list(row["triggers"]) for row in rows}
    assert guarded == {fact: [f"{fact}_append_only", f"{fact}_no_truncate"] for fact in FACTS}


@pytest.mark.parametrize("statement", ["update {} set recorded_at = recorded_at", "delete from {}"])
@pytest.mark.parametrize("fact", ["budget", "budget_spender", "contest", "award", "transfer"])
async def test_a_fact_is_never_changed_or_taken_back(
    connection: Any, statement: str, fact: str
) -> None:
    await raise_curtain(connection)
    assert await connection.fetchval(f"select count(*) from {fact}")
    with pytest.raises(asyncpg.RestrictViolationError, match="append-only"):
        await connection.execute(statement.format(fact))


def test_nothing_cascades_and_no_forgotten_column_is_filled_in_silently() -> None:
    for name, table in tables().items():
        for column in table._meta.columns:
            if isinstance(column, ForeignKey):
                assert column._foreign_key_meta.on_delete is OnDelete.restrict, column
            if not column._meta.primary_key:
                assert column.get_default_value() is None, f"{name}.{column._meta.name}"


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"available_after": -1}, "transfer_never_overspent_ck"),
        ({"number": 1}, "transfer_number_uq"),
        ({"key": "open"}, "transfer_key_uq"),
        ({"units": 0}, "transfer_units_ck"),
        ({"kind": "post"}, "transfer_kind_ck"),
        ({"reservation_id": 1}, "transfer_reservation_ck"),
        ({"reason": ""}, "transfer_reason_ck"),
    ],
)
async def test_the_database_guards_the_ledger_once_more(
    connection: Any, change: dict[str, Any], constraint: str
) -> None:
    await raise_curtain(connection)
    last = await connection.fetchval("select max(number) from transfer where budget_id = 1")
    row = {
        "budget_id": 1, "number": last + 1, "kind": "top_up", "from_account": "funding",
        "to_account": "available", "units": 5, "reservation_id": None, "award_id": None,
        "available_after": 5, "reserved_after": 0, "spent_after": 0, "reservation_after": None,
        "key": "another", "content_sha256": bytes(32), "person_id": None, "reason": "by hand",
        "recorded_at": DAY,
    } | change  # fmt: skip
    places = ", ".join(f"${number}" for number in range(1, len(row) + 1))
    with pytest.raises(asyncpg.IntegrityConstraintViolationError) as refused:
        await connection.execute(
            f"insert into transfer ({', '.join(row)}) values ({places})", *row.values()
        )
    assert refused.value.constraint_name == constraint  # type: ignore[attr-defined]
