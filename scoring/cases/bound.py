"""Points that an answer takes back are never more than the disputed line gives, also later.

Law: nobody's total of any day, week or season falls below nothing by an answer. When the line is undone,
held or corrected away afterwards, so much of what was taken from it is given back; when it counts again,
it is taken again. Several answers about one line are bounded together, in the order they were given.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

from scoring.cases.grant import RULE, granted
from scoring.connection import Connection
from scoring.ledger import Entry


async def bounded(connection: Connection, entries: Sequence[Entry]) -> list[Entry]:
    """The entries that keep answers within their lines, once `entries` are appended as well.

    Inside the transaction that appends both, which holds the locks of these people.
    """
    people = sorted({entry.person_id for entry in entries})
    rows = await connection.fetch(_ANSWERED, people, RULE) if people else []
    out = []
    for _, answers in groupby(rows, key=itemgetter("person_id", "key")):
        given: int | None = None
        for row in answers:
            if given is None:
                given = row["line"] + sum(entry.points for entry in _of_the_line(row, entries))
            wanted = max(row["points"], -max(given, 0)) if row["points"] < 0 else row["points"]
            given += wanted
            if missing := wanted - row["stands"]:
                out.append(
                    granted(
                        row["case_id"],
                        row["person_id"],
                        missing,
                        counts_at=row["at"],
                        engagement_id=row["engagement_id"],
                        rulebook_id=row["rulebook_id"],
                    )
                )
    return out


def _of_the_line(row: Mapping[str, Any], entries: Sequence[Entry]) -> Iterable[Entry]:
    """Those of the entries that belong to the line an answer is about."""
    of = itemgetter("person_id", "rule", "at", "engagement_id", "rule_window")(row)
    person, rule, at, engagement, window = of
    for entry in entries:
        if (entry.person_id, entry.rule, entry.occurred_at) != (person, rule, at):
            continue
        if entry.engagement_id == engagement and (engagement or entry.rule_window == window):
            yield entry


# Every answer about a line from which one took something; nearly always none.
_ANSWERED: Final = """
  with answer as (
    select f.id as case_id, f.person_id, d.id, d.points, d.counts_at as at,
      f.evidence->>'key' as key, f.evidence->>'rule' as rule, f.evidence->>'window' as rule_window,
      (f.evidence->>'engagement_id')::uuid as engagement_id
    from case_file f join case_decision d on d.case_id = f.id and d.outcome = 'granted'
    where f.person_id = any($1::bigint[])
  )
  select a.*,
    (select coalesce(sum(e.points), 0) from entry e
     where e.person_id = a.person_id and e.occurred_at = a.at and e.rule = a.rule
       and e.engagement_id is not distinct from a.engagement_id
       and (a.engagement_id is not null or e.rule_window = a.rule_window)) as line,
    stands.points as stands, stands.rulebook_id
  from answer a cross join lateral (
    select coalesce(sum(e.points), 0) as points, min(e.rulebook_id) as rulebook_id from entry e
    where e.person_id = a.person_id and e.rule = $2 and e.rule_window = 'case:' || a.case_id) stands
  where exists (select from answer taking where taking.person_id = a.person_id
                and taking.key = a.key and taking.points < 0)
  order by a.person_id, a.key, a.id
"""
