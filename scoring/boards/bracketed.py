"""Who stands in which bracket of a board: by the followers a person had as the period began.

Laws: it is noted once, for good before a board is told of the person, so nobody moves inside a period,
whatever is counted or becomes known later; whose followers nobody had counted by then stands in the smallest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, tzinfo
from typing import Final

from scoring.boards.key import BoardKey
from scoring.brackets import standing_on
from scoring.connection import Connection
from scoring.periods import Period, bounds

Then = tuple[int, date]  # a person on the first day of a period

# Of a person's accounts of that moment the last counts by then. $1, $2, $3: people, days, midnights.
_NOTE: Final = """
insert into audience_then (on_day, person_id, followers)
select q.on_day, q.person_id, (
  select sum(last.followers)::bigint
  from (select distinct account_id from ownership
        where person_id = q.person_id and effective_at <= q.at) mine
  cross join lateral (
    select s.followers from snapshot s
    where s.account_id = mine.account_id and s.observed_at <= q.at
    order by s.observed_at desc, s.source, s.followers limit 1) last
  where q.person_id = (
    select o.person_id from ownership o
    where o.account_id = mine.account_id and o.effective_at <= q.at
    order by o.effective_at desc, o.id desc limit 1))
from unnest($1::bigint[], $2::date[], $3::timestamptz[]) as q(person_id, on_day, at)
order by q.on_day, q.person_id
on conflict do nothing
"""
# People of a board who stand nowhere yet, some at a time.
_UNNOTED: Final = """
  select t.person_id from total t
  where t.metric = $1 and t.period = $2 and t.starts_on = $3 and t.person_id > $4
    and not exists (
      select from audience_then a where a.on_day = t.starts_on and a.person_id = t.person_id)
  order by t.person_id limit $5"""
_SOME: Final = 2000  # people noted at once: a publisher that meets one of them waits for no more


async def brackets_of(
    connection: Connection, asked: Iterable[Then], zone: tzinfo
) -> Mapping[Then, int]:
    """The numbers of people's brackets on first days, noted now where they were not."""
    wanted = set(asked)
    found = await noted(connection, wanted)
    if fresh := wanted - found.keys():
        await note(connection, fresh, zone)
        found |= await noted(connection, fresh)
    return found


async def note(connection: Connection, people: Iterable[Then], zone: tzinfo) -> None:
    """Note how many followers people had on first days, where it is not noted.

    Whoever notes the same people waits until this is committed: in a transaction of its own, and a short
    one, unless nobody else is told meanwhile.
    """
    ordered = sorted(people)
    await connection.execute(
        _NOTE,
        [person for person, _ in ordered],
        [day for _, day in ordered],
        [bounds(Period.DAY, day, zone)[0] for _, day in ordered],
    )


async def note_everybody(connection: Connection, board: BoardKey, zone: tzinfo) -> None:
    """Note who stands in which bracket, of all who have a total, before a bracket's board is read.

    `connection` is not in a transaction: among a million people the first look takes a while, and
    publishers go on meanwhile.
    """
    if not board.of_bracket:
        return
    which, last = (board.metric, str(board.period), board.starts_on), 0
    while rows := await connection.fetch(_UNNOTED, *which, last, _SOME, timeout=600):
        await note(connection, ((row["person_id"], board.starts_on) for row in rows), zone)
        last = rows[-1]["person_id"]


async def noted(connection: Connection, asked: Iterable[Then]) -> dict[Then, int]:
    """The numbers of people's brackets on first days, of those that are noted."""
    wanted = sorted(set(asked))
    if not wanted:
        return {}
    number = " ".join(
        f"when date '{day}' then {number_of('a.followers', day)}" for day in {d for _, d in wanted}
    )
    rows = await connection.fetch(
        f"""select person_id, on_day, case on_day {number} end as number
            from unnest($1::bigint[], $2::date[]) as q(person_id, on_day)
            join audience_then a using (person_id, on_day)""",
        [person for person, _ in wanted],
        [day for _, day in wanted],
    )
    return {(row["person_id"], row["on_day"]): row["number"] for row in rows}


def number_of(followers: str, day: date) -> str:
    """SQL for the number of the bracket of so many followers in a period that begins on a day."""
    limits = f"""(select array_agg(at_least order by at_least) from bracket_limit
        where change_id = {standing_on(day)})"""
    return f"(1 + width_bucket(coalesce({followers}, 0), {limits}))"
