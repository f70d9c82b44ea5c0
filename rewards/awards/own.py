"""Whose an award is, and who decides about it, also under another record of theirs.

Law: two records that turned out to be one person are one voice, whichever of them proposed or approved.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import msgspec

from rewards.awards.award import AwardView
from rewards.connection import Connection
from scoring import everyone_of, read_as


async def is_own(connection: Connection, view: AwardView, person_id: int | None) -> bool:
    """Whether this person won it."""
    if person_id is None or view.person_id == person_id:
        return person_id is not None
    return view.person_id in await everyone_of(connection, person_id)


async def as_persons(connection: Connection, views: Sequence[AwardView]) -> list[AwardView]:
    """The awards with who proposed, amended and approved named by the person each of them is now."""
    records = {
        record
        for view in views
        for record in (
            view.proposer_id,
            *view.terms.amended_by,
            *(one.by for one in view.approvals),
            *(one.for_person for one in view.approvals),
        )
        if record is not None
    }
    read = await read_as(connection, records)
    if all(record == person for record, person in read.items()):
        return list(views)
    return [
        replace(
            view,
            proposer_id=read[view.proposer_id],
            terms=msgspec.structs.replace(
                view.terms, amended_by=tuple(read[one] for one in view.terms.amended_by)
            ),
            approvals=tuple(
                replace(
                    one,
                    by=read[one.by],
                    for_person=None if one.for_person is None else read[one.for_person],
                )
                for one in view.approvals
            ),
        )
        for view in views
    ]
