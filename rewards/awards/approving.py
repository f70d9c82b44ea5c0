"""Opening the evidence of an award, approving it, refusing it.

Law: a step that was taken is not taken again: double clicks and two people at once do no harm. Who
approves many at once has opened the evidence of each.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from rewards.awards.approval import has_approved, is_second_voice, why_not
from rewards.awards.award import AwardState, AwardView
from rewards.awards.delegations import may_act_for
from rewards.awards.own import is_own
from rewards.awards.reading import award, awards
from rewards.awards.record import give_back, locked, note, tell_others
from rewards.awards.telling import tell
from rewards.connection import Connection
from rewards.refusal import Refused
from rewards.roles import holds
from scoring import read_as, record_audit

MOST_REASON: Final = 1000


@dataclass(frozen=True, slots=True)
class Bulk:
    """What came of approving many: ids, and for the others why not."""

    approved: tuple[int, ...]
    not_approved: tuple[tuple[int, str], ...]


async def open_evidence(connection: Connection, award_id: int, *, by: int, now: datetime) -> None:
    """Record that somebody opened the evidence; once a person."""
    async with connection.transaction():
        view = await locked(connection, award_id)
        if not opened_evidence(view, by):
            await note(connection, award_id, "evidence_opened", by=by, now=now)


def opened_evidence(view: AwardView, by: int) -> bool:
    """Whether somebody opened the evidence of an award. Pure."""
    return any(e.kind == "evidence_opened" and e.person_id == by for e in view.events)


async def approve(
    connection: Connection,
    award_id: int,
    *,
    by: int,
    for_person: int | None = None,
    now: datetime,
) -> AwardView:
    """Approve, for oneself or as somebody's delegate; the last one needed lets the winner answer.

    Raises Refused for who may not. Approved already, by whomever: nothing happens.
    """
    async with connection.transaction():
        view = await locked(connection, award_id)
        for_person = await _allowed(connection, view, by, for_person, now)
        if has_approved(view, by, for_person):
            return view
        if not view.may("approved"):
            if view.state is AwardState.REFUSED:
                raise Refused("This award was refused meanwhile.")
            return view
        if is_second_voice(view, by, await _person(connection, for_person)):
            raise Refused(
                "This award needs two different people. You, or the person you act for, approved it "
                "already."
            )
        number = len(view.approvals) + 1
        last = number >= view.approvals_needed
        await note(
            connection, award_id, "approved", by=by, for_person=for_person, now=now,
            detail={"number": number, "of": view.approvals_needed, "last": last},
        )  # fmt: skip
        detail = {"for": for_person, "number": number, "of": view.approvals_needed}
        await record_audit(connection, by, "award_approved", f"award:{award_id}", detail, now)
        view = await award(connection, award_id)
        if last:
            await tell_others(connection, "award.approved", view, now)
            await tell(connection, view, now)
        return await award(connection, award_id)


async def approve_all(
    connection: Connection,
    contest_id: int,
    *,
    by: int,
    for_person: int | None = None,
    now: datetime,
) -> Bulk:
    """Approve the proposed awards of a contest whose evidence `by` opened."""
    approved: list[int] = []
    skipped: list[tuple[int, str]] = []
    async with connection.transaction():
        for view in await awards(connection, contest_id=contest_id, state=AwardState.PROPOSED):
            if not opened_evidence(view, by):
                skipped.append((view.id, "You have not opened its evidence yet."))
                continue
            try:
                await approve(connection, view.id, by=by, for_person=for_person, now=now)
                approved.append(view.id)
            except Refused as refused:
                skipped.append((view.id, str(refused)))
    return Bulk(tuple(approved), tuple(skipped))


async def refuse(
    connection: Connection,
    award_id: int,
    *,
    by: int,
    reason: str,
    for_person: int | None = None,
    now: datetime,
) -> AwardView:
    """Refuse with a reason: the award is void, and what was set aside for it is available again."""
    reason = " ".join(reason.split())
    if not reason:
        raise Refused("Say why it is refused: it stays on record.", field="reason")
    if len(reason) > MOST_REASON:
        raise Refused(f"Use at most {MOST_REASON:,} characters.", field="reason")
    async with connection.transaction():
        view = await locked(connection, award_id)
        for_person = await _allowed(connection, view, by, for_person, now)
        if view.state is AwardState.REFUSED:
            return view
        if not view.may("refused"):
            raise Refused("This award was approved meanwhile and cannot be refused any more.")
        await note(
            connection, award_id, "refused", by=by, for_person=for_person, reason=reason, now=now
        )
        await give_back(connection, view, by=by, reason=f"refused: {reason}", now=now)
        await tell_others(connection, "award.refused", view, now)
        detail = {"for": for_person}
        await record_audit(connection, by, "award_refused", f"award:{award_id}", detail, now)
        return await award(connection, award_id)


async def _allowed(
    connection: Connection, view: AwardView, by: int, for_person: int | None, now: datetime
) -> int | None:
    """For whom `by` acts, None for themselves. Raises Refused for who may not decide this award."""
    if for_person == by:
        for_person = None
    for person in (by, for_person):
        if person != view.person_id and await is_own(connection, view, person):
            raise Refused("Nobody decides about an award of their own, under no record of theirs.")
    sentence = why_not(view, by, await _person(connection, for_person))
    if sentence is not None:
        raise Refused(sentence)
    if for_person is None:
        if not await holds(connection, by, "hr"):
            raise Refused("People with the role HR decide awards, or whom they asked to.")
    elif for_person not in await may_act_for(connection, by, now):
        raise Refused("You may not act for this person now.", field="for")
    return for_person


async def _person(connection: Connection, for_person: int | None) -> int | None:
    """Whom one acts for, as the person that record is now."""
    if for_person is None:
        return None
    return (await read_as(connection, [for_person]))[for_person]
