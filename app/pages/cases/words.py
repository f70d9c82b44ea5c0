"""A case in words: how it ended, and what a line of it says. Pure."""

from __future__ import annotations

from typing import Any, Final

from app.pages.deeds import deed, quoted
from app.pages.wall import label, safe_address
from scoring import CaseKind, CaseLine, Compared, Happened, Line, Outcome, Ways

# Outcome → the tag's words and class, for who decides and for whom it is about.
_ENDED: Final = {
    (Ways.ASKED, "granted"): ("put right", " good"),
    (Ways.ASKED, "upheld"): ("stays as it is", ""),
    (Ways.HELD, "released"): ("released", " good"),
    (Ways.HELD, "upheld"): ("stays held", ""),
}
# What happened, for who did not do it. By relation where that says more than the kind.
_RELATED: Final = {
    "conversed": "They answered somebody outside",
    "shared": "They shared the company’s story",
    "reshared": "The company shared their post",
    "authored": "They wrote a post",
    "echo": "Applause for the company’s reshare of their post",
}
_DONE: Final = {
    "reply": "An answer to their post",
    "quote": "A quote of their post",
    "reshare": "Their post, shared on",
    "reaction": "A like of their post",
    "mention": "A mention of them",
    "follow": "A new follower",
    "click": "Their link, opened",
    "post": "A post",
}
# Why it would not count, for HR; what the person reads of it stands in `Outcome.words`.
_WHY_NOT: Final = {
    Outcome.COLLEAGUE: "It came from a colleague.",
    Outcome.NOT_ENROLLED: "They had not joined at that time.",
    Outcome.PAUSED: "They had paused at that time.",
    Outcome.NOT_DISCLOSED: "Not a post they let count: no disclosure, no story, not handed in.",
    Outcome.NOT_ADDRESSED: "Nobody had written to them or to the company there.",
    Outcome.YOURSELF: "It was their own account.",
}
LONGEST: Final = 600  # letters of a post on a page: HR must be able to judge it


def state(kind: CaseKind, outcome: str | None) -> tuple[str, str]:
    """Where a case stands, and the class of its tag."""
    if outcome is None:
        return "waits for an answer", " brass"
    return _ENDED.get((kind.ways, outcome), (outcome, ""))


def done(kind: str, relation: str | None) -> str:
    """What happened, for HR."""
    if relation == "case":
        return "Put right by an earlier answer"
    words = _RELATED.get(relation or "") or _DONE.get(kind, "Something happened")
    return f"{words}, by a colleague" if relation == "peer" else words


def happened(one: Happened, names: dict[int, str]) -> dict[str, Any]:
    """A deed that a case is about, for HR."""
    return {
        "at": one.occurred_at,
        "what": done(one.kind, one.relation),
        "who": names.get(one.person_id) if one.person_id is not None else None,
        "network": label(one.platform),
        "rules": [rule.label for rule in one.rules],
        "worth": sum(rule.worth for rule in one.rules),
        "why_not": one.why_not and _WHY_NOT.get(one.why_not, one.why_not.words),
        "text": quoted(one.text, LONGEST),
        "url": safe_address(one.url),
        "is_conversation": one.relation == "conversed",
    }


def compared(one: Compared, names: dict[int, str]) -> dict[str, Any]:
    """A post that is compared with others, for HR."""
    return {
        "who": names.get(one.person_id) if one.person_id is not None else None,
        "network": label(one.platform),
        "at": one.published_at,
        "text": quoted(one.text, LONGEST),
        "url": safe_address(one.url),
    }


def disputed_line(line: Line) -> dict[str, Any]:
    """The line that somebody disputes, for HR and for themselves."""
    return {
        "deed": deed(line.kind, line.relation),
        "done": done(line.kind, line.relation),
        "network": label(line.platform) if line.platform else None,
        "at": line.occurred_at,
        "points": line.points,
        "why": line.why,
        "text": quoted(line.text, LONGEST),
        "url": safe_address(line.url),
        "nameless": line.source == "figure",
    }


def summary(line: CaseLine) -> str:
    """What stands beside a case in a list: what was said, or how much it holds."""
    if line.kind.ways is Ways.ASKED:
        said = quoted(line.asked)
        return f"“{said}”" if said else "What they wrote was erased."
    return "1 thing held" if line.held == 1 else f"{line.held:,} things held"
