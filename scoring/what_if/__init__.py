"""What would have been: a draft of the rules run over a stretch of the past, and nothing written."""

from scoring.what_if.foreseen import Foreseen, RuleCarries, Spread, foresee
from scoring.what_if.people import Part
from scoring.what_if.running import Counted, as_if_always, as_if_corrected, what_if

__all__ = [
    "Counted",
    "Foreseen",
    "Part",
    "RuleCarries",
    "Spread",
    "as_if_always",
    "as_if_corrected",
    "foresee",
    "what_if",
]
