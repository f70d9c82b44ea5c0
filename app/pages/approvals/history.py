"""How an award went so far, a sentence a step, for people who decide. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from app.pages.contests.dates import day
from rewards import Amount, AwardEvent, AwardView, in_words

_WORDS: Final = {
    "proposed": "Proposed, as the contest was decided",
    "evidence_opened": "{by} opened the evidence",
    "approved": "{by} approved it",
    "refused": "{by} refused it",
    "told": "The winner was told",
    "reminded": "The winner was reminded",
    "accepted": "The winner accepted it",
    "declined": "The winner declined it",
    "passed_on": "Passed on to the next in line",
    "voided": "What was set aside went back",
    "lapsed": "Nobody accepted it in time, so it lapsed",
    "exported": "Went out in payout {payout}",
    "paid": "Paid, reference {reference}",
    "recovered": "{by} took back {amount}",
    "chosen": "The winner chose the {choice}",
    "date_wished": "The winner asked for {on}",
    "date_confirmed": "{by} confirmed a date",
    "date_refused": "{by} could not confirm a date",
    "expired": "Days that were left cannot be taken any more",
    "left": "The winner left the company",
}
# What only concerns the winner is not told to those who decide.
_PRIVATE: Final = frozenset({"shown"})


def history(view: AwardView, names: Mapping[int, str]) -> list[tuple[datetime, str]]:
    """When, and what happened, the first first."""
    return [
        (event.at, _said(view, event, names)) for event in view.events if event.kind not in _PRIVATE
    ]


def _said(view: AwardView, event: AwardEvent, names: Mapping[int, str]) -> str:
    about = dict(event.detail)
    if event.kind == "recovered" and view.amount is not None:
        about["amount"] = in_words(Amount(about["units"], view.amount.currency))
    if event.kind == "chosen":
        about["choice"] = "money" if about["choice"] == "cash" else "days"
    if event.kind == "date_wished":
        about["on"] = day(date.fromisoformat(about["on"]))
    about["by"] = names.get(event.person_id, "Somebody") if event.person_id else "Fanfare"
    words = _WORDS[event.kind].format_map(about)
    if event.for_person is not None:
        words += f" in place of {names[event.for_person]}"
    if event.reason:
        words += f": {event.reason}"
    return words
