"""What a count may see: everything known now, or what was known at a moment. Pure.

Law: with nothing said, everything is seen, and a query is the same text as without a sight. What is cut
off is cut off in the query itself, so that no later fact is ever read by mistake.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Cutoff:
    """Up to when facts were recorded that count; None: everything known now.

    `facts_by` bounds what networks and people told: deeds, removals, better times, names, marks,
    figures, snapshots. `holds_by` bounds what was decided about cases, which may be later: a deed
    released after settling counts at its original time. `final`: nothing that could still count is
    awaited before `facts_by`, so what is missing now stays missing; for a contest that runs, False.
    """

    facts_by: datetime | None = None
    holds_by: datetime | None = None
    final: bool = True

    def facts(self, table: str) -> str:
        """The condition on a table's rows in a query, to stand after others; empty for everything."""
        return _recorded_before(table, self.facts_by)

    def owners(self, table: str) -> str:
        """The same for whose accounts are: only what is said anew of one person's two records can be
        recorded for the past."""
        recorded = _recorded_before(table, self.facts_by).removeprefix(" and ")
        return f" and ({table}.same_person_id is null or {recorded})" if recorded else ""

    def holds(self, table: str) -> str:
        """The same for holds."""
        return _recorded_before(table, self.holds_by)


def _recorded_before(table: str, moment: datetime | None) -> str:
    if moment is None:
        return ""
    if moment.tzinfo is None:
        raise ValueError("a cutoff is a moment with its time zone")
    # Written out: the queries it goes into number their parameters each in its own way.
    return f" and {table}.recorded_at < timestamptz '{moment.isoformat()}'"


ALL = Cutoff()


@dataclass(frozen=True, slots=True)
class Sight:
    """What a count sees, and whether posts about the company need the disclosure to count."""

    cutoff: Cutoff = ALL
    disclosure_needed: bool = False


EVERYTHING = Sight()
