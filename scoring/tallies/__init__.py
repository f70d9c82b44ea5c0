"""What contests count: from a charter's terms and the facts to a value for each entrant."""

from scoring.sight import Cutoff
from scoring.tallies.audience import audiences
from scoring.tallies.counting import tally, tally_each
from scoring.tallies.due import SnapshotDue, snapshot_due
from scoring.tallies.open_cases import open_cases_about
from scoring.tallies.presence import seen_on
from scoring.tallies.terms import CountedFact, CountingTerms, Tallied, TermsInvalid

__all__ = [
    "CountedFact",
    "CountingTerms",
    "Cutoff",
    "SnapshotDue",
    "Tallied",
    "TermsInvalid",
    "audiences",
    "open_cases_about",
    "seen_on",
    "snapshot_due",
    "tally",
    "tally_each",
]
