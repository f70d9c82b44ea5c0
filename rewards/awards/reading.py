"""Awards read from their rows and events, a few statements for any number of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any, Final

import msgspec

from rewards.awards.award import AwardEvent, AwardState, AwardView
from rewards.awards.folding import fold
from rewards.awards.own import as_persons
from rewards.connection import Connection
from rewards.refusal import Refused

# Where an award `a` stands, as `award.state_of` says it; a test holds both together.
STATE: Final = """(
  select e.kind from award_event e where e.award_id = a.id
    and e.kind in ('proposed', 'approved', 'refused', 'accepted', 'declined', 'lapsed', 'exported',
                   'paid', 'recovered', 'voided')
    and (e.kind <> 'approved' or (e.detail->>'last')::boolean)
    and (e.kind <> 'recovered' or e.detail->>'left' = '0')
    and (e.kind <> 'voided' or not exists (
      select from award_event d where d.award_id = a.id and d.kind = 'declined'))
  order by e.id desc limit 1)"""

_LAST_ID: Final = 2**63 - 1  # an address may say any number


class NoSuchAward(Refused):
    """There is no award with this id."""

    def __init__(self) -> None:
        super().__init__("There is no such award.")


async def award(connection: Connection, award_id: int) -> AwardView:
    """One award. Raises NoSuchAward."""
    if not 0 < award_id <= _LAST_ID:
        raise NoSuchAward
    found = await awards(connection, ids=[award_id])
    if not found:
        raise NoSuchAward
    return found[0]


async def awards(
    connection: Connection,
    *,
    contest_id: int | None = None,
    person_id: int | None = None,
    state: AwardState | Collection[AwardState] | None = None,
    ids: Sequence[int] | None = None,
) -> list[AwardView]:
    """The awards that meet every condition given, in the order they were proposed."""
    if isinstance(state, AwardState):
        state = [state]
    rows = await connection.fetch(
        f"""select a.* from award a
            where ($1::bigint is null or a.contest_id = $1)
              and ($2::bigint is null or a.person_id = $2)
              and ($3::text[] is null or {STATE} = any($3))
              and ($4::bigint[] is null or a.id = any($4)) order by a.id""",
        contest_id,
        person_id,
        None if state is None else [str(one) for one in state],
        None if ids is None else list(ids),
    )
    told = await _events(connection, [row["id"] for row in rows])
    return await as_persons(connection, [fold(row, told[row["id"]]) for row in rows])


async def _events(connection: Connection, award_ids: Sequence[int]) -> dict[int, list[AwardEvent]]:
    rows: Sequence[Any] = ()
    if award_ids:
        rows = await connection.fetch(
            """select award_id, id, kind, person_id, for_person, reason, detail, recorded_at
               from award_event where award_id = any($1::bigint[]) order by id""",
            award_ids,
        )
    events: dict[int, list[AwardEvent]] = defaultdict(list)
    for row in rows:
        events[row["award_id"]].append(
            AwardEvent(
                id=row["id"],
                kind=row["kind"],
                person_id=row["person_id"],
                for_person=row["for_person"],
                reason=row["reason"],
                detail=msgspec.json.decode(row["detail"]),
                at=row["recorded_at"],
            )
        )
    return events
