"""An administrator decides whose an account is.

Laws: once, never about oneself, with words both sides read; what the account counted until then stays
whose it was; a takeover ends what the other had there in the same transaction, or nothing happens.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from app.consent import withdraw
from app.database import Connection
from app.proofs.claim import (
    Claim,
    ClaimRefused,
    claim_by_id,
    end_claim,
    note_proof,
    takes_part,
)
from app.proofs.requests import COMPANYS, request_of
from rewards import notify
from scoring import decide_case, holder_of, link, platform, unlink

_LEFT: Final = "Who asked does not take part any more, so nothing is linked to them. Refuse this."
_MOVED: Final = "It belongs to somebody else meanwhile. Refuse this; they can ask again."


@dataclass(frozen=True, slots=True)
class Waiting:
    """A claim in an administrator's list."""

    claim: Claim
    holder_id: int | None
    decided_by: int | None


async def waiting_claims(connection: Connection) -> list[Waiting]:
    """Claims that wait for an administrator, the oldest first."""
    return await _listed(connection, "e.claim_id is null order by r.claim_id")


async def decided_claims(connection: Connection, limit: int = 50) -> list[Waiting]:
    """Claims that an administrator decided, the newest first."""
    return await _listed(
        connection, f"e.claim_id is not null order by e.recorded_at desc limit {limit:d}"
    )


async def decide_claim(
    connection: Connection, claim_id: int, *, by: int, yes: bool, reason: str, now: datetime
) -> None:
    """Link the account to who asked, or leave it as it is. In a transaction.

    Raises ClaimRefused, and CaseRefused (scoring) for who is on one of the sides, for a second answer,
    and for an answer without words.
    """
    claim = await claim_by_id(connection, claim_id, locked=True)
    request = await request_of(connection, claim_id)
    if claim is None or request is None:
        raise ClaimRefused("Nobody asked about this account.")
    fresh = await decide_case(
        connection, request.case_id, by=by, outcome="released" if yes else "upheld",
        reason=reason, now=now, by_administrator=True,
    )  # fmt: skip
    if not fresh:
        return
    loser: int | None = request.holder_id
    if yes:
        loser = await _hand_over(connection, claim, request.holder_id, by, now)
    await end_claim(connection, claim_id, "linked" if yes else "refused", by, now)
    await _tell(connection, claim, claim.person_id, "asked", yes, reason, now)
    if loser is not None:
        await _tell(connection, claim, loser, "had", yes, reason, now)


async def _hand_over(
    connection: Any, claim: Claim, asked_about: int | None, by: int, now: datetime
) -> int | None:
    """Link the account to who asked; who had it until now. Raises ClaimRefused."""
    if not await takes_part(connection, claim.person_id, now):
        raise ClaimRefused(_LEFT)
    holder = await holder_of(connection, claim.account_id, locked=True)
    if holder is not None and holder.person_id is None:
        raise ClaimRefused(COMPANYS)
    before = None if holder is None else holder.person_id
    if before not in (None, asked_about, claim.person_id):
        raise ClaimRefused(_MOVED)
    if before is not None and before != claim.person_id:
        await unlink(connection, before, claim.account_id, now)
        await withdraw(connection, claim.account_id, before, now)
    await link(
        connection, claim.person_id, claim.platform, claim.named, claim.choices.counts, now,
        professional=claim.choices.professional, disclaimer=claim.choices.disclaimer,
    )  # fmt: skip
    await note_proof(
        connection, claim.account_id, claim.person_id, "confirmed", "an administrator’s word", now,
        confirmed_by=by,
    )  # fmt: skip
    return before if before != claim.person_id else None


_WORDS: Final = {
    ("asked", True): "It is linked to you from now on.",
    ("asked", False): "It is not linked to you.",
    ("had", True): "It is linked to a colleague from now on; what it counted for you stays yours.",
    ("had", False): "It stays linked to you.",
}


async def _tell(
    connection: Any, claim: Claim, person_id: int, side: str, yes: bool, reason: str, now: datetime
) -> None:
    await notify(
        connection,
        person_id,
        "account_decided",
        {
            "network": platform(claim.platform).label,
            "outcome": _WORDS[side, yes],
            "reason": reason.strip(),
        },
        key=f"account_decided:{claim.id}:{side}",
        now=now,
    )


async def _listed(connection: Any, which: str) -> list[Waiting]:
    rows = await connection.fetch(
        f"""select r.claim_id, r.holder_id, e.person_id from claim_request r
            left join claim_end e on e.claim_id = r.claim_id where {which}"""
    )
    found = []
    for row in rows:
        claim = await claim_by_id(connection, row["claim_id"])
        assert claim is not None, "a request is about a claim"
        found.append(Waiting(claim, row["holder_id"], row["person_id"]))
    return found
