"""Awards as lines of HR's queue, by contest. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.pages.approvals.acting import Acting
from app.pages.words import ordinal
from rewards import AwardState, AwardView, opened_evidence

STATES: Final = {
    AwardState.PROPOSED: ("Waits for approval", " brass"),
    AwardState.APPROVED: ("Waits for the winner’s answer", ""),
    AwardState.ACCEPTED: ("Accepted, waits for payroll", " good"),
    AwardState.EXPORTED: ("With payroll", " good"),
    AwardState.PAID: ("Paid", " good"),
    AwardState.REFUSED: ("Refused", " bad"),
    AwardState.DECLINED: ("Declined", ""),
    AwardState.LAPSED: ("Lapsed", ""),
    AwardState.RECOVERED: ("Paid and recovered", " bad"),
    AwardState.VOIDED: ("Void", ""),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One award."""

    id: int
    winner: str
    what: str
    won_by: str
    approvals: str | None  # where two people approve
    opened: bool
    why_not: str | None


@dataclass(frozen=True, slots=True)
class Group:
    """The awards of one contest that wait for approval."""

    contest_id: int
    slug: str
    contest: str
    lines: tuple[Line, ...]
    ways: tuple[tuple[str, str], ...]  # how the viewer can decide some of them

    @property
    def ready(self) -> int:
        """How many the viewer can approve at once."""
        return sum(line.opened and line.why_not is None for line in self.lines)

    @property
    def unread(self) -> int:
        """How many they could, had they opened the evidence."""
        return sum(not line.opened and line.why_not is None for line in self.lines)


def groups(views: Sequence[AwardView], names: Mapping[int, str], who: Acting) -> list[Group]:
    """All awards that wait, by contest, the longest waiting first."""
    by_contest: dict[int, list[AwardView]] = {}
    for view in views:
        by_contest.setdefault(view.contest_id, []).append(view)
    return [
        Group(
            contest_id,
            found[0].terms.slug,
            found[0].terms.contest,
            tuple(line(view, names, who) for view in found),
            tuple(dict.fromkeys(way for view in found for way in who.ways(view))),
        )
        for contest_id, found in by_contest.items()
    ]


def line(view: AwardView, names: Mapping[int, str], who: Acting) -> Line:
    """An award as a line."""
    two = view.approvals_needed > 1
    return Line(
        view.id,
        names[view.person_id],
        view.what,
        won_by(view),
        f"{len(view.approvals)} of {view.approvals_needed}" if two else None,
        opened_evidence(view, who.person_id),
        who.why_not(view),
    )


def won_by(view: AwardView) -> str:
    """'1st place, Under 500 followers', 'Reached the goal, Team Lisbon'."""
    place = f"{ordinal(view.place)} place" if view.place is not None else "Reached the goal"
    parts = [place, view.terms.bracket, view.team]
    if view.passed_from is not None:
        parts.append("passed on, as somebody declined")
    return ", ".join(part for part in parts if part)
