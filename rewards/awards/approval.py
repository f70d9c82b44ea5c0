"""Who may approve an award. Pure.

Law: nobody decides about themselves: proposer, approver, the other approver and winner are different
people, also where somebody acts for somebody else; who amended the contest is like who proposes.
"""

from __future__ import annotations

from rewards.awards.award import AwardView


def why_not(view: AwardView, by: int, for_person: int | None) -> str | None:
    """Why `by`, acting for `for_person` or for themselves, decides nothing about this award; or None."""
    people = {by} if for_person is None else {by, for_person}
    if view.person_id in people:
        if for_person == view.person_id:
            return "This is the award of the person you act for: they could not decide it either."
        return "Nobody decides about an award of their own."
    if view.proposer_id in people:
        if for_person == view.proposer_id:
            return (
                "The person you act for published this contest, so they could not decide it either."
            )
        return "Who published a contest proposes its awards, and somebody else decides them."
    if people & set(view.terms.amended_by):
        if by not in view.terms.amended_by:
            return (
                "The person you act for amended what can be won here, so they could not decide it "
                "either."
            )
        return "You amended what can be won in this contest, so somebody else decides its awards."
    return None


def has_approved(view: AwardView, by: int, for_person: int | None) -> bool:
    """Whether exactly this was approved before: a double click."""
    return any(one.by == by and one.for_person == for_person for one in view.approvals)


def is_second_voice(view: AwardView, by: int, for_person: int | None) -> bool:
    """Whether one of these people stands behind an approval already."""
    voices = {one.by for one in view.approvals} | {one.for_person for one in view.approvals}
    return by in voices or (for_person is not None and for_person in voices)
