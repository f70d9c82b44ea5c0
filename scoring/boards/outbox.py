"""From the outbox in PostgreSQL to the boards in Redis.

Law: a row leaves the outbox only after its boards took it, or after it was certain that a board is
not there, so that whoever builds it reads the total itself. Any number of publishers may run.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo

import asyncpg
from redis.asyncio import Redis

from scoring.boards.apply import Applied, Told, apply_all
from scoring.boards.bracketed import Then, note, noted
from scoring.boards.key import BRACKETED, EVERYONE, BoardKey, audiences
from scoring.boards.past import past_changed
from scoring.boards.signal import signal
from scoring.boards.standing import HANDOVER_LOCK, public
from scoring.connection import Connection
from scoring.periods import Period
from scoring.seasons import keep_seasons
from scoring.sweep import Sweep

# The queue is empty when its statistics are made, and a plan that is right for that is kept: in a backlog
# every look would read and sort all of it.
_PREPARE = """
    select pg_advisory_xact_lock_shared($1), set_config('enable_seqscan', 'off', true),
           set_config('enable_sort', 'off', true)
"""

# Written so that rows another publisher holds are passed over, not waited for. The join is a full one, though
# both sides hold the same people: the planner takes the queue for empty, and would go through all people for
# every row; a full join it can only hash.
_TAKE = f"""
    with taken as (
        delete from outbox where ctid = any (array(
            select ctid from outbox where id > $2 order by id limit $1 for update skip locked))
        returning id, metric, period, starts_on, person_id, value, version, audience
    ), people as materialized (
        select q.person_id, p.department_id, p.office_id,
               {public("q.person_id", "p.visibility")} as visible,
               {public("q.person_id", "p.visibility", "group")} as visible_in_groups
        from (select distinct person_id from taken) q
        left join profile p on p.person_id = q.person_id
    )
    select metric, period, starts_on, person_id, value, version, audience as left,
           department_id, office_id, visible, visible_in_groups, id
    from taken full join people using (person_id)
"""


@dataclass(frozen=True, slots=True)
class Published:
    """What one round did."""

    rows: int = 0  # that left the outbox
    versions: dict[BoardKey, int] = field(default_factory=dict)  # boards that changed
    # Boards that are not in Redis and should be; a bracket's is built for the first who opens it.
    missing: frozenset[BoardKey] = frozenset()


class _Unnoted(Exception):
    """Nobody has noted yet in which brackets these people stand."""

    def __init__(self, people: frozenset[Then]) -> None:
        super().__init__(people)
        self.people = people


async def publish(
    connection: Connection,
    redis: Redis,
    zone: tzinfo,
    limit: int = 2000,
    sweep: Sweep | None = None,
) -> Published:
    """Hand up to `limit` rows of the outbox to their boards, commit, then signal.

    `connection` is not in a transaction. If Redis is away its error is raised and the rows stay.
    `sweep`: a worker's own, that it goes on with; without, the look begins with the first.
    """
    sweep = sweep or Sweep()
    try:
        taken, applied = await _handed_over(connection, redis, zone, limit, sweep.after)
    except BaseException:
        sweep.again()
        raise
    sweep.reached(max((row["id"] for row in taken), default=None), len(taken) == limit)
    changed = {board: done.version for board, done in applied.items() if done.changed}
    await signal(redis, changed)
    missing = frozenset(
        board for board, done in applied.items() if not (done.ready or board.of_bracket)
    )
    return Published(len(taken), changed, missing)


async def _handed_over(
    connection: Connection, redis: Redis, zone: tzinfo, limit: int, after: int
) -> tuple[list[asyncpg.Record], dict[BoardKey, Applied]]:
    while True:
        try:
            return await _hand_over(connection, redis, zone, limit, after)
        except _Unnoted as fresh:
            # Kept before any board is told, and by itself: others who meet these people must not
            # wait for our Redis, and what a board was told must stand when the rest is undone.
            await note(connection, fresh.people, zone)


async def _hand_over(
    connection: Connection, redis: Redis, zone: tzinfo, limit: int, after: int
) -> tuple[list[asyncpg.Record], dict[BoardKey, Applied]]:
    async with connection.transaction():
        # Shared with other publishers; see `HANDOVER_LOCK`.
        await connection.execute(_PREPARE, HANDOVER_LOCK)
        taken = await connection.fetch(_TAKE, limit, after)
        if not taken:
            return [], {}
        await keep_seasons(connection)
        now = datetime.now(UTC)
        asked = _bracketed(taken)
        brackets = await noted(connection, asked)
        if fresh := asked - brackets.keys():
            raise _Unnoted(frozenset(fresh))
        boards = _by_board(taken, brackets)
        applied = await apply_all(
            redis, {board: (rows, board.expires_at(now, zone)) for board, rows in boards.items()}
        )
        await past_changed(connection, [one for one in boards if not one.is_running(now, zone)])
    return taken, applied


def _bracketed(taken: Iterable[asyncpg.Record]) -> set[Then]:
    return {
        (row["person_id"], row["starts_on"])
        for row in taken
        if row["left"] is None and row["period"] in BRACKETED
    }


def _by_board(
    taken: Iterable[asyncpg.Record], brackets: Mapping[Then, int]
) -> dict[BoardKey, list[Told]]:
    boards: dict[BoardKey, list[Told]] = {}
    for (metric, period, starts_on, person_id, value, version, left, department, office,
         visible, in_groups, _) in taken:  # fmt: skip
        stands_before = audiences(department, office)
        if left is None and period in BRACKETED:
            stands_before += (f"bracket-{brackets[person_id, starts_on]}",)
        for audience in stands_before if left is None else (left,):
            shown = visible if audience == EVERYONE else in_groups
            told = Told(person_id, value, version, shown)
            if audience not in stands_before:
                # The person left this audience, unless the profile says they are back.
                told = Told(person_id, 0, version, False)
            board = BoardKey(metric, Period(period), starts_on, audience)
            boards.setdefault(board, []).append(told)
    return boards
