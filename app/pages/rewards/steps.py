"""What happens next with an award, and how it went so far, in words for its winner. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from app.pages.contests.about import Tag
from app.pages.contests.dates import day, moment
from app.pages.words import ordinal
from rewards import AwardEvent, AwardState, AwardView, Kind

TAGS: Final[Mapping[AwardState, Tag]] = {
    AwardState.PROPOSED: Tag("Being checked", " brass"),
    AwardState.APPROVED: Tag("Waits for you", " brass"),
    AwardState.ACCEPTED: Tag("Accepted", " good"),
    AwardState.EXPORTED: Tag("With payroll", " good"),
    AwardState.PAID: Tag("Paid", " good"),
    AwardState.REFUSED: Tag("Not approved", " bad"),
    AwardState.DECLINED: Tag("Declined"),
    AwardState.LAPSED: Tag("Lapsed"),
    AwardState.RECOVERED: Tag("Taken back", " bad"),
    AwardState.VOIDED: Tag("Settled otherwise"),
}
BECAUSE: Final = {
    "reached": "you reached the goal",
    "drawn": "drawn by lot",
    "pool": "shared with those who tied",
}


def tag(award: AwardView) -> Tag:
    """Where it stands, in two words."""
    if award.state is AwardState.PAID and award.gives_days:
        return Tag("In your account", " good")
    if award.state is AwardState.EXPORTED and award.gives_days:
        return Tag("Being booked", " good")
    if award.state is AwardState.ACCEPTED and award.kind == "recognition":
        return Tag("Yours", " good")
    return TAGS[award.state]


def because(award: AwardView) -> str:
    """What it was won by: '2nd place in “500 to 5,000”, shared with those who tied'."""
    proposed = award.happened("proposed")
    why = str(proposed.detail.get("why", "")) if proposed else ""
    parts = [f"{ordinal(award.place)} place"] if award.place is not None else []
    if award.terms.bracket is not None and parts:
        parts[0] += f" in “{award.terms.bracket}”"
    if award.team is not None:
        parts.append(f"with {award.team}")
    if why in BECAUSE:
        parts.append(BECAUSE[why])
    if award.passed_from is not None:
        parts.append("passed on to you")
    words = ", ".join(parts)
    return words[:1].upper() + words[1:]


def next_step(award: AwardView) -> str:
    """The sentence after 'What happens next'."""
    zone = ZoneInfo(award.terms.zone)
    match award.state:
        case AwardState.PROPOSED:
            return "Somebody else looks at how it was counted and approves it. You need do nothing."
        case AwardState.APPROVED:
            until = f" until {moment(award.accept_by, zone)}" if award.accept_by else ""
            return (
                f"Say whether you accept it{until}. Without an answer it lapses, and that is all."
            )
        case AwardState.ACCEPTED:
            return _accepted(award)
        case AwardState.EXPORTED:
            where = "time off" if award.gives_days else "payroll"
            return f"It was handed to {where}; you are told when it has arrived."
        case AwardState.PAID:
            return _paid(award, zone)
        case AwardState.REFUSED:
            return f"Nothing. It was not approved: {_reason(award, 'refused')}"
        case AwardState.DECLINED:
            return "Nothing. You declined it, and that is fine."
        case AwardState.LAPSED:
            return "Nothing. It was not accepted in time."
        case AwardState.RECOVERED:
            return f"It was taken back: {_reason(award, 'recovered')}"
        case AwardState.VOIDED:
            return f"Nothing here: it was settled otherwise. {_reason(award, 'voided')}"


def _accepted(award: AwardView) -> str:
    if award.kind == "recognition":
        return "Nothing more to do. Enjoy it."
    if award.gives_days:
        return "The days go to time off with the next file. Ask for a date whenever you like."
    return "It goes to payroll with the next file and comes with your pay."


def _paid(award: AwardView, zone: ZoneInfo) -> str:
    paid = award.happened("paid")
    reference = str(paid.detail.get("reference", "")) if paid else ""
    when = f" on {day(paid.at.astimezone(zone).date())}" if paid else ""
    words = f"It was booked{when}" if award.gives_days else f"It was paid{when}"
    words += f", reference {reference}." if reference else "."
    if award.gives_days and not award.expired:
        words += " Ask for a date whenever you like."
    if award.expired:
        words += " Days that were left have expired."
    if award.recovered:
        words += " A part of it was taken back."
    return words


def _reason(award: AwardView, kind: str) -> str:
    event = award.happened(kind)
    reason = (event.reason or "").strip() if event else ""
    return reason if reason.endswith((".", "!", "?")) or not reason else f"{reason}."


HISTORY: Final[Mapping[str, str]] = {
    "proposed": "Proposed, as the contest was decided",
    "told": "You were told",
    "approved": "Approved by somebody else",
    "refused": "Not approved",
    "accepted": "You accepted it",
    "declined": "You declined it",
    "lapsed": "It lapsed without an answer",
    "passed_on": "Passed on to the next in line",
    "exported": "Handed to payroll",
    "paid": "Paid",
    "recovered": "Taken back",
    "expired": "What was left of the days expired",
    "shown": "You chose what others see",
}


def history(award: AwardView) -> list[tuple[datetime, str]]:
    """What was decided about it, oldest first; who approved is no business of the page."""
    return [(event.at, words) for event in award.events if (words := _told(event)) is not None]


def _told(event: AwardEvent) -> str | None:
    if event.kind == "chosen":
        cash = event.detail.get("choice") == Kind.CASH
        return "You chose the money" if cash else "You chose the vacation"
    return HISTORY.get(event.kind)
