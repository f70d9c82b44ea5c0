"""Points against the facts: everything is counted again in plain SQL, some people at a time."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import NamedTuple
from zoneinfo import ZoneInfo

from scoring.connection import Connection
from scoring.platforms import unrewarded
from scoring.successive_zones import spelled
from scoring.verify.difference import MOST_OF_A_SLICE, PointsDiffer
from scoring.verify.rules import lay_out_rules


class Counted(NamedTuple):
    """What one batch of people came to."""

    deeds: int
    points: int


@cache
def text(name: str) -> str:
    """A script of this package."""
    return files("scoring.verify").joinpath(name).read_text(encoding="utf-8")


async def prepare(connection: Connection, zone: ZoneInfo) -> int:
    """Lay out working tables and rules in the caller's transaction; returns the versions' number."""
    await connection.execute("select set_config('fanfare.zone', $1, true)", spelled(zone))
    await connection.execute(
        "select set_config('fanfare.unrewarded', $1, true)", " ".join(sorted(unrewarded()))
    )
    # Compiling these queries costs more than running them on a batch.
    await connection.execute("set local jit = off")
    # Each sort and hash of a slice, whatever the server is set to; more goes to disk.
    await connection.execute("set local work_mem = '16MB'")
    await connection.execute(text("tables.sql"))
    return await lay_out_rules(connection)


async def count(
    connection: Connection, persons: list[int], *, disclosed_only: bool = False
) -> None:
    """Count these people's deeds anew: `v_seen` has what may count, `v_claim` what does.

    `disclosed_only`: what is about the company and does not say so is left out, as in contests.
    """
    await connection.execute("truncate v_person")
    await connection.copy_records_to_table("v_person", records=[(person,) for person in persons])
    await connection.execute("analyze v_person")
    script = text("points.sql").replace("{{ruling}}", text("ruling.sql"))
    await connection.execute(
        script.replace("{{refused}}", text("undisclosed.sql") if disclosed_only else "").replace(
            "{{undisclosed_post}}", undisclosed_post(disclosed_only)
        )
    )


def undisclosed_post(asked: bool) -> str:
    """The condition under which a nameless count of post n is left out: none, where it is not asked."""
    return text("undisclosed_post.sql") if asked else "false"


async def recount(connection: Connection, persons: list[int]) -> tuple[Counted, list[PointsDiffer]]:
    """Count these people's points anew and compare them with their entries, by rule and day."""
    await count(connection, persons)
    counted = await connection.fetchrow(
        f"select (select count(*) from v_deed), coalesce(sum(points), 0) from ({_EXPECTED}) e"
    )
    rows = await connection.fetch(_DIFFERENT)
    deeds, points = counted or (0, 0)
    return Counted(int(deeds), int(points)), [PointsDiffer(*row) for row in rows]


# By index, however many others have entries: offset 0 keeps the planner from reading them all.
OWN_ENTRIES = """v_person cross join lateral (
      select e.* from entry e where e.person_id = v_person.person_id offset 0) entry"""
# Of what several answers gave and took of a line, all but what would leave less than nothing of it.
_GRANTED = """
  select person_id, counts_at, sum(points) - least(0, min(line + so_far)) as points
  from (
    select answer.*, sum(points) over (partition by person_id, key order by id) as so_far, (
        select coalesce(sum(s.points), 0)
        from (select *, row_number() over (
                partition by person_id, name, window_name order by at, key) - 1 as place
              from v_claim where v_claim.person_id = answer.person_id) c
        join v_step s on s.book_id = c.book_id and s.name = c.name
          and c.place >= s.from_place and c.place < s.upto_place
        where c.name = answer.rule and c.at = answer.counts_at
          and case when answer.engagement_id is null then c.window_name = answer.window_name
              else exists (select from v_credit k where k.id = answer.engagement_id
                and k.person_id = c.person_id and k.name = c.name and k.key = c.key) end) as line
    from (select f.person_id, d.id, d.points, d.counts_at, f.evidence->>'key' as key,
            f.evidence->>'rule' as rule, f.evidence->>'window' as window_name,
            (f.evidence->>'engagement_id')::uuid as engagement_id
          from case_decision d join case_file f on f.id = d.case_id
          join v_person using (person_id)
          where d.outcome = 'granted') answer) given
  group by person_id, key, counts_at
"""
_EXPECTED = f"""
  select c.person_id, c.name as rule,
    fanfare_local(c.at, current_setting('fanfare.zone'))::date as day, sum(s.points) as points
  from (select *, row_number() over (partition by person_id, name, window_name order by at, key) - 1
          as place from v_claim) c
  join v_step s on s.book_id = c.book_id and s.name = c.name
    and c.place >= s.from_place and c.place < s.upto_place
  group by 1, 2, 3
  union all
  -- What people decided about disputes: no rule gives it, and no contest counts it.
  select d.person_id, 'by-case', fanfare_local(d.counts_at, current_setting('fanfare.zone'))::date,
    sum(d.points)
  from ({_GRANTED}) d
  group by 1, 2, 3
"""
_DIFFERENT = f"""
  with expected as ({_EXPECTED}), found as (
    select entry.person_id, rule, fanfare_local(occurred_at, current_setting('fanfare.zone'))::date as day,
      sum(points) as points
    from {OWN_ENTRIES} group by 1, 2, 3)
  select person_id, rule, day, coalesce(expected.points, 0)::bigint, coalesce(found.points, 0)::bigint
  from expected full join found using (person_id, rule, day)
  where coalesce(expected.points, 0) <> coalesce(found.points, 0)
  order by person_id, day, rule limit {MOST_OF_A_SLICE}
"""
