"""The values of a contest, worked out again in plain SQL from the facts alone.

Law: as with boards, no code that counts is used here. The scripts that recount points do the work; they
see the facts through views that stop at the contest's cut-offs and networks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from scoring.connection import Connection
from scoring.metrics import Source
from scoring.rules import default_rulebook_toml
from scoring.sight import Cutoff
from scoring.tallies import CountingTerms
from scoring.verify.points import count, prepare, text, undisclosed_post

_BATCH: Final = 2_000


class Recounted(NamedTuple):
    """A person's value, when it was reached (None for nothing and for followers), and when the goals."""

    value: int
    reached_at: datetime | None
    goals: Mapping[int, datetime]


async def recount_contest(
    connection: Connection, terms: CountingTerms, persons: Sequence[int], cutoff: Cutoff
) -> dict[int, Recounted]:
    """What these people reached in a contest; who may not place, or reached nothing, has 0.

    `connection` is not in a transaction; one is begun and rolled back, and nothing is written.
    """
    reading = connection.transaction(isolation="repeatable_read")
    await reading.start()
    try:
        await _look_back(connection, terms, cutoff)
        await prepare(connection, terms.zone)
        found = {person: Recounted(0, None, {}) for person in persons}
        for first in range(0, len(persons), _BATCH):
            some = list(persons[first : first + _BATCH])
            await count(connection, some, disclosed_only=terms.needs_disclosure)
            rows = await connection.fetch(_disclosed(terms, _VALUES), *_arguments(terms))
            goals = await _goals(connection, terms)
            for row in rows:
                person = row["person_id"]
                found[person] = Recounted(row["value"], row["reached_at"], goals.get(person, {}))
        return found
    finally:
        await reading.rollback()


async def _goals(connection: Connection, terms: CountingTerms) -> dict[int, dict[int, datetime]]:
    """When those being counted reached each goal, by person."""
    reached: dict[int, dict[int, datetime]] = {}
    if terms.goals and terms.contest.has_moments:
        script = _GOALS.replace("{{moments}}", _disclosed(terms, _MOMENTS))
        for row in await connection.fetch(script, terms.start_at, terms.end_at, terms.goals):
            reached.setdefault(row["person_id"], {})[row["goal"]] = row["at"]
    return reached


async def _look_back(connection: Connection, terms: CountingTerms, cutoff: Cutoff) -> None:
    settings = {
        "facts_by": cutoff.facts_by.isoformat() if cutoff.facts_by else "infinity",
        "holds_by": cutoff.holds_by.isoformat() if cutoff.holds_by else "infinity",
        "networks": " ".join(sorted(terms.platforms)),
        "charter": terms.rulebook or default_rulebook_toml(),
    }
    for name, value in settings.items():
        await connection.execute("select set_config($1, $2, true)", f"fanfare.{name}", value)
    await connection.execute(text("past.sql"))


def _script(terms: CountingTerms) -> str:
    if terms.contest.source is Source.RULEBOOK:
        return "improved" if terms.contest.looks_before else "points"
    if terms.contest.source is Source.FOLLOWERS:
        return "growth" if terms.metric == "growth" else "followers"
    return "answers" if "post" in terms.contest.credit else "responses"


def _disclosed(terms: CountingTerms, scripts: Mapping[str, str]) -> str:
    """The script for these terms; where posts must disclose, nameless counts need it, too."""
    return scripts[_script(terms)].replace(
        "{{undisclosed_post}}", undisclosed_post(terms.needs_disclosure)
    )


def _arguments(terms: CountingTerms) -> list[object]:
    between: list[object] = [terms.start_at, terms.end_at]
    return [*between, terms.growth_floor] if _script(terms) == "growth" else between


_EARNED = """
  select c.person_id, c.at, s.points
  from (select *, row_number() over (partition by person_id, name, window_name order by at, key) - 1
          as place from v_claim) c
  join v_step s on s.book_id = c.book_id and s.name = c.name
    and c.place >= s.from_place and c.place < s.upto_place
"""
_RESPONSES: Final = """
  select person_id, min(at) as at, 1 as points from v_seen
  where relation = 'earned' and kind in ('reply', 'quote') and actor_id is not null
    and at >= $1 and at < $2
  group by person_id, actor_id
"""
# What adds to a value, and when.
_MOMENTS: Final = {
    "responses": _RESPONSES,
    "answers": text("answered.sql"),
    "points": f"select person_id, at, points from ({_EARNED}) e where at >= $1 and at < $2",
    "improved": f"""
        select person_id, at, case when at >= $1 then points else -points end as points
        from ({_EARNED}) e
        where at >= $1::timestamptz - ($2::timestamptz - $1::timestamptz) and at < $2""",
}
# The sum up to a moment takes all of that moment.
_GOALS: Final = """
  select person_id, goal, min(at) as at
  from (select person_id, at, sum(points) over (partition by person_id order by at) as so_far
        from ({{moments}}) m) running
  join unnest($3::bigint[]) as asked (goal) on so_far >= goal
  group by person_id, goal
"""
_VALUES: Final = {
    **{
        script: f"""
            select person_id, sum(points)::bigint as value, max(at) as reached_at
            from ({_MOMENTS[script]}) m group by person_id"""
        for script in ("responses", "answers", "points")
    },
    "improved": f"""
        select person_id, greatest(value, 0) as value,
          case when value > 0 then reached_at end as reached_at
        from (select person_id,
                sum(case when at >= $1 then points else -points end)::bigint as value,
                max(at) filter (where at >= $1) as reached_at
              from ({_EARNED}) e
              where at >= $1::timestamptz - ($2::timestamptz - $1::timestamptz) and at < $2
              group by person_id) e""",
    "followers": text("followed.sql").replace("{{value}}", "greatest(gained, 0)::bigint"),
    "growth": text("followed.sql").replace(
        "{{value}}",
        # Sums of whole numbers are numeric: a plain division would round up.
        "div(greatest(gained, 0) * 1000::numeric, greatest(base, $3::bigint, 1))::bigint",
    ),
}
