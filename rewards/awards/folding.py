"""From the rows of an award and its events to the award as it stands. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import msgspec

from rewards.amounts import Amount, Kind
from rewards.awards.award import (
    Approval,
    AwardEvent,
    AwardView,
    DateWish,
    Display,
    Held,
    Terms,
    state_of,
)


def fold(row: Mapping[str, Any], events: Sequence[AwardEvent]) -> AwardView:
    """The award as it stands after these events, in order."""
    last = {event.kind: event for event in events}
    terms = msgspec.convert(last["proposed"].detail["terms"], Terms)
    options = _options(row)
    accepted = last.get("accepted")
    expires = accepted.detail.get("expires_on") if accepted else None
    shown = last.get("shown")
    return AwardView(
        id=row["id"],
        contest_id=row["contest_id"],
        prize=row["prize"],
        place=row["place"],
        bracket=row["bracket"],
        person_id=row["person_id"],
        team=row["team"],
        kind=row["kind"],
        options=options,
        proposer_id=row["proposer_id"],
        passed_from=row["passed_from"],
        proposed_at=row["recorded_at"],
        terms=terms,
        events=tuple(events),
        state=state_of(events),
        approvals=tuple(
            Approval(event.person_id, event.for_person, event.at)
            for event in events
            if event.kind == "approved" and event.person_id is not None
        ),
        chosen=_chosen(options, last.get("chosen")),
        told_at=last["told"].at if "told" in last else None,
        accepted_at=accepted.at if accepted else None,
        expires_on=date.fromisoformat(expires) if expires else None,
        left="left" in last,
        passed_on="passed_on" in last,
        expired="expired" in last,
        recovered=sum(event.detail["units"] for event in events if event.kind == "recovered"),
        display=Display(**shown.detail) if shown else Display(),
        dates=_dates(events),
    )


def _options(row: Mapping[str, Any]) -> tuple[Held, ...]:
    if row["kind"] == "recognition":
        return ()
    first = Held(Amount(row["units"], row["currency"]), row["reservation_id"])
    if row["kind"] != "choice":
        return (first,)
    return (first, Held(Amount(row["days_units"]), row["days_reservation_id"]))


def _chosen(options: Sequence[Held], event: AwardEvent | None) -> Held | None:
    if len(options) == 1:
        return options[0]
    if event is None:
        return None
    wanted = Kind(event.detail["choice"])
    return next(held for held in options if held.amount.kind is wanted)


def _dates(events: Sequence[AwardEvent]) -> tuple[DateWish, ...]:
    dates: dict[int, DateWish] = {}
    for event in events:
        if event.kind == "date_wished":
            on = date.fromisoformat(event.detail["on"])
            dates[event.id] = DateWish(event.id, on, event.detail["half_days"], "wished", event.at)
        elif event.kind in ("date_confirmed", "date_refused"):
            wish = dates[event.detail["wish"]]
            dates[wish.id] = replace(
                wish,
                state="confirmed" if event.kind == "date_confirmed" else "refused",
                decided_at=event.at,
                reason=event.reason,
            )
    return tuple(dates.values())
