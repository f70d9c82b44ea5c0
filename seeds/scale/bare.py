"""Tables without their indexes while very much is copied into them; laid again afterwards, all at once.

Sorting fifty million keys once takes minutes; finding a place for each takes hours. Law: what was taken
off is laid again word for word, in the same transaction, or the transaction is not there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from scoring.connection import Connection

# Memory for sorting keys, and processes that sort beside the first.
_SORT_MEMORY, _SORTERS = "1GB", 2


class Laid(NamedTuple):
    """An index or constraint that was taken off, and the statement that lays it again."""

    table: str
    name: str
    statement: str


async def strip(connection: Connection, tables: Sequence[str]) -> list[Laid]:
    """Take off indexes, keys and references of tables, inside the caller's transaction."""
    taken = []
    for table in tables:
        # References last: they want the keys, though not those of these tables.
        for row in await connection.fetch(
            """select conname, pg_get_constraintdef(oid) as said from pg_constraint
               where conrelid = $1::regclass and contype in ('p', 'u', 'f') and conparentid = 0
               order by contype = 'f', conname""",
            table,
        ):
            taken.append(
                Laid(table, row["conname"],
                     f'alter table {table} add constraint "{row["conname"]}" {row["said"]}')
            )  # fmt: skip
            await connection.execute(f'alter table {table} drop constraint "{row["conname"]}"')
        for row in await connection.fetch(
            """select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as said
               from pg_index where indrelid = $1::regclass order by 1""",
            table,
        ):
            # A partitioned table's index is written as if it were its own alone.
            said = row["said"].replace(f" ON ONLY public.{table} ", f" ON public.{table} ")
            taken.append(Laid(table, row["name"], said))
            await connection.execute(f"drop index {row['name']}")
    return taken


async def prepare_to_lay(connection: Connection) -> None:
    """Memory and processes for what follows in this transaction."""
    await connection.execute(f"set local maintenance_work_mem = '{_SORT_MEMORY}'")
    await connection.execute(f"set local max_parallel_maintenance_workers = {_SORTERS}")
