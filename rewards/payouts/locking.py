"""Locks for many awards at once, in the one order: budgets by id, then awards by id."""

from __future__ import annotations

from collections.abc import Collection

from rewards.connection import Connection


async def lock_awards(connection: Connection, award_ids: Collection[int]) -> None:
    """Until the caller's transaction ends nobody else moves what is set aside for these awards.

    Locking award by award would take budgets in the order of the awards, and could wait for ever for
    somebody who takes them by id.
    """
    await connection.execute(
        """select from budget where id in (
             select r.budget_id from award a
             join reservation r on r.id in (a.reservation_id, a.days_reservation_id)
             where a.id = any($1::bigint[]))
           order by id for no key update""",
        list(award_ids),
    )
    await connection.execute(
        "select from award where id = any($1::bigint[]) order by id for no key update",
        list(award_ids),
    )
