"""How one person stood in past periods, from PostgreSQL.

Among a million people a rank cannot be counted for every look. So the clock keeps of a board that is over
how its values lay: for every value that somebody had, how many had it or more. With one's own value that
gives the rank, by one look into an index.

Law: it is asked for oneself only, and what is kept names nobody; who is in it are those whom the board showed
when it was made, and it is made anew after a total of the period or who is shown changed.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Final

from scoring.boards.key import EVERYONE, BoardKey
from scoring.boards.standing import public
from scoring.connection import Connection
from scoring.metrics import board_metrics
from scoring.periods import Period, named_season, named_seasons, preceding, starts_on

KEPT: Final = 11  # past periods of each kind; with the running one a page shows twelve
_AGAIN_AFTER: Final = timedelta(
    hours=1
)  # after a change at the earliest: a late point moves few ranks
_ENOUGH_S: Final = 2.0  # for one turn of the clock; what is left is made in the next


@dataclass(frozen=True, slots=True)
class Stood:
    """A period, what one had in it and the rank that goes with it; no rank where there was nothing."""

    starts_on: date
    value: int
    rank: int | None


async def past_ranks(
    connection: Connection, person_id: int, metric: str, period: Period, days: Sequence[date]
) -> list[Stood]:
    """How this person stood before everyone in the periods that begin on these days, in that order.

    Where the clock has not made what it keeps, it is counted now.
    """
    rows = await connection.fetch(
        f"""select q.starts_on, coalesce(own.value, 0) as value,
              case when coalesce(own.value, 0) <= 0 then null
              when exists (select from past_board b where b.metric = $2 and b.period = $3
                           and b.starts_on = q.starts_on) then 1 + coalesce((
                select v.upto from past_value v
                where v.metric = $2 and v.period = $3 and v.starts_on = q.starts_on
                  and v.value > own.value order by v.value limit 1), 0)
              else 1 + (
                select count(*) from total t join profile p on p.person_id = t.person_id
                where t.metric = $2 and t.period = $3 and t.starts_on = q.starts_on
                  and t.value > own.value and {public("t.person_id", "p.visibility")}) end as rank
            from unnest($4::date[]) with ordinality as q(starts_on, place)
            left join total own on own.metric = $2 and own.period = $3
              and own.starts_on = q.starts_on and own.person_id = $1
            order by q.place""",
        person_id,
        metric,
        period.value,
        list(days),
    )
    return [Stood(row["starts_on"], max(row["value"], 0), row["rank"]) for row in rows]


def over(now: datetime, zone: tzinfo) -> list[BoardKey]:
    """The boards of the last periods that are over, the newest of each kind first. Pure."""
    today = starts_on(Period.DAY, now, zone)
    found: list[BoardKey] = []
    for period in (Period.DAY, Period.WEEK, Period.MONTH, Period.QUARTER):
        day = starts_on(period, now, zone)
        for _ in range(KEPT):
            day = preceding(period, day)
            found += [BoardKey(metric, period, day) for metric in board_metrics()]
    running = named_season(today)
    ended = [one for one in named_seasons() if one.ends_on < today and one != running]
    for season in ended[-KEPT:]:
        found += [BoardKey(name, Period.SEASON, season.starts_on) for name in board_metrics()]
    return found


async def keep_past(connection: Connection, now: datetime, zone: tzinfo) -> int:
    """Make what is kept of boards that are over, as many as fit into a turn; returns how many."""
    wanted = over(now, zone)
    await _forget(connection, wanted)
    rows = await connection.fetch(
        """select n from unnest($1::text[], $2::text[], $3::date[]) with ordinality
             as w(metric, period, starts_on, n)
           where not exists (select from past_board b
             where b.metric = w.metric and b.period = w.period and b.starts_on = w.starts_on
               and (b.made_at > $4 or not exists (select from past_change c
                 where c.metric = w.metric and c.period = w.period and c.starts_on = w.starts_on)))
           order by n""",
        [board.metric for board in wanted],
        [board.period.value for board in wanted],
        [board.starts_on for board in wanted],
        now - _AGAIN_AFTER,
    )
    enough_at = time.monotonic() + _ENOUGH_S
    made = 0
    for row in rows:
        await _make(connection, wanted[row["n"] - 1], now)
        made += 1
        if time.monotonic() > enough_at:
            break
    return made


async def _forget(connection: Connection, wanted: Sequence[BoardKey]) -> None:
    """Let go of what is older than a page shows."""
    keys = [(one.metric, one.period.value, one.starts_on) for one in wanted]
    await connection.execute(
        """with gone as (
             delete from past_board where (metric, period, starts_on) not in (
               select * from unnest($1::text[], $2::text[], $3::date[]))
             returning metric, period, starts_on)
           delete from past_value v using gone g
           where (v.metric, v.period, v.starts_on) = (g.metric, g.period, g.starts_on)""",
        *([key[place] for key in keys] for place in range(3)),
    )


async def past_changed(connection: Connection, boards: Iterable[BoardKey]) -> None:
    """Note that what is kept of these boards is no longer what they hold."""
    told = {
        (one.metric, one.period.value, one.starts_on) for one in boards if one.audience == EVERYONE
    }
    if told:
        ordered = sorted(told)
        await connection.execute(
            """insert into past_change (metric, period, starts_on)
               select * from unnest($1::text[], $2::text[], $3::date[]) as q(metric, period, starts_on)
               where exists (select from past_board b where b.metric = q.metric
                               and b.period = q.period and b.starts_on = q.starts_on)
                 and not exists (select from past_change c where c.metric = q.metric
                               and c.period = q.period and c.starts_on = q.starts_on)""",
            [metric for metric, _, _ in ordered],
            [period for _, period, _ in ordered],
            [day for _, _, day in ordered],
        )


async def _make(connection: Connection, board: BoardKey, now: datetime) -> None:
    which = (board.metric, board.period.value, board.starts_on)
    async with connection.transaction():
        await connection.execute("set local jit = off")
        # First, so that what changes while the rest is read is noted for the next time.
        await connection.execute(
            "delete from past_change where metric = $1 and period = $2 and starts_on = $3", *which
        )
        await connection.execute(
            """insert into past_board (metric, period, starts_on, made_at) values ($1, $2, $3, $4)
               on conflict (metric, period, starts_on) do update set made_at = $4""",
            *which,
            now,
        )
        await connection.execute(
            "delete from past_value where metric = $1 and period = $2 and starts_on = $3", *which
        )
        await connection.execute(
            f"""insert into past_value (metric, period, starts_on, value, upto)
                select $1, $2, $3, t.value, sum(count(*)) over (order by t.value desc)
                from total t join profile p on p.person_id = t.person_id
                where t.metric = $1 and t.period = $2 and t.starts_on = $3 and t.value > 0
                  and {public("t.person_id", "p.visibility")}
                group by t.value""",
            *which,
            timeout=600,
        )
