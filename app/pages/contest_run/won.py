"""Who won what in a decided contest, and where each award stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import msgspec

from app.database import Connection
from app.pages.contests.prizes import among, who
from app.pages.words import counted, ordinal
from rewards import AwardState, Contest, awards

STATES: Final = {
    AwardState.PROPOSED: "Waits for approval",
    AwardState.APPROVED: "Waits for the winner’s answer",
    AwardState.ACCEPTED: "Accepted",
    AwardState.EXPORTED: "With payroll",
    AwardState.PAID: "Paid",
    AwardState.REFUSED: "Refused",
    AwardState.DECLINED: "Declined",
    AwardState.LAPSED: "Lapsed",
    AwardState.RECOVERED: "Paid and recovered",
    AwardState.VOIDED: "Settled otherwise",
}


@dataclass(frozen=True, slots=True)
class Winner:
    """One award as a line."""

    person_id: int
    name: str
    what: str
    why: str
    state: str


async def winners(connection: Connection, contest: Contest, viewer_id: int) -> list[Winner]:
    """All awards in the order of the charter's prizes; passed on ones stand among them.

    Whoever looks does not read of one of their own before they are told of it.
    """
    charter = contest.charter
    prizes = {prize.number: prize for prize in charter.prizes}
    won = [
        award
        for award in await awards(connection, contest_id=contest.id)
        if not award.kept_from(viewer_id)
    ]
    names = {
        row["person_id"]: row["name"]
        for row in await connection.fetch(
            "select person_id, name from profile where person_id = any($1::bigint[])",
            [award.person_id for award in won],
        )
    }
    found = []
    for award in sorted(won, key=lambda award: (award.prize, award.bracket or 0, award.place or 0)):
        prize = prizes[award.prize]
        where = None if award.bracket is None else charter.brackets[award.bracket].name
        if award.place is None:
            # How many at most can reach it stands in the rules; here it would fill every line.
            parts = [who(charter, prize), where, award.team]
        else:
            parts = [f"{ordinal(award.place)} place", where or among(charter, prize), award.team]
        found.append(
            Winner(
                award.person_id,
                names.get(award.person_id, "A former colleague"),
                award.what,
                ", ".join(part for part in parts if part),
                STATES[award.state],
            )
        )
    return found


async def unwon(connection: Connection, contest: Contest) -> list[str]:
    """What nobody won, in a sentence; nothing where everything was won."""
    body = await connection.fetchval("select body from decision where contest_id = $1", contest.id)
    count = len(msgspec.json.decode(body)["unwon"]) if body else 0
    if not count:
        return []
    was = "was" if count == 1 else "were"
    return [f"{counted(count, 'prize')} {was} won by nobody; what was set aside went back."]
