"""Putting a claim before an administrator: a takeover, or an account that nothing can prove.

Laws: it is a case, with both sides' words where they can be erased; whoever has the account is told at
once and loses nothing until somebody decides; who asks is not named to them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.auth.roles import administrators
from app.database import Connection
from app.proofs.claim import Claim, ClaimRefused, claim_by_id, proofs_of
from rewards import notify, notify_many
from scoring import Holder, holder_of, open_case, platform, record_audit

MOST_WORDS: Final = 2_000
COMPANYS: Final = "This is the company’s own account; nobody links it."


@dataclass(frozen=True, slots=True)
class Request:
    """A claim before an administrator."""

    case_id: int
    holder_id: int | None
    recorded_at: datetime
    words: dict[int, str]  # what either side wrote, by person


def may_ask(claim: Claim, holder: Holder | None, *, otherwise: bool) -> bool:
    """Whether an administrator can be asked: where somebody else has the account, or it cannot be shown
    `otherwise` (by a proof or at the network), or that was tried."""
    if not claim.open or claim.asked_at is not None:
        return False
    if holder is not None:
        return holder.person_id is not None
    return not otherwise or claim.looks > 0


async def ask_administrator(
    connection: Connection,
    person_id: int,
    claim_id: int,
    words: str,
    now: datetime,
    *,
    otherwise: bool,
) -> int:
    """Put a person's claim before an administrator; returns the case. In a transaction.

    Asked again it is the first case. Raises ClaimRefused.
    """
    claim = await claim_by_id(connection, claim_id, locked=True)
    if claim is None or claim.person_id != person_id or not claim.open:
        raise ClaimRefused("This was answered already. Look at your accounts.")
    if (asked := await request_of(connection, claim_id)) is not None:
        return asked.case_id
    holder = await holder_of(connection, claim.account_id)
    if holder is not None and holder.person_id is None:
        raise ClaimRefused(COMPANYS)
    if holder is not None and holder.person_id == person_id:
        raise ClaimRefused("This account is yours already.")
    if not may_ask(claim, holder, otherwise=otherwise):
        raise ClaimRefused("Try to show it yourself first; that takes a minute.")
    holder_id = None if holder is None else holder.person_id
    proofs = (await proofs_of(connection, [claim.account_id])).get(claim.account_id, [])
    case_id = await open_case(
        connection,
        kind="unproven_account" if holder_id is None else "takeover",
        person_id=person_id,
        reason="an account asked for",
        evidence={
            "key": f"claim:{claim_id}",
            "claim": claim_id,
            "account_id": str(claim.account_id),
            "person_ids": [person_id] if holder_id is None else [person_id, holder_id],
            "proven": [[proof.person_id, proof.how] for proof in proofs],
        },
        now=now,
    )
    await connection.execute(
        "insert into claim_request (claim_id, case_id, holder_id, recorded_at) values ($1, $2, $3, $4)",
        claim_id,
        case_id,
        holder_id,
        now,
    )
    await keep_words(connection, claim_id, person_id, words, now)
    await record_audit(connection, person_id, "account_asked", f"case:{case_id}", {}, now)
    label = platform(claim.platform).label
    if holder_id is not None:
        await notify(
            connection, holder_id, "account_contested", {"network": label, "claim": claim_id},
            key=f"account_contested:{claim_id}", now=now,
        )  # fmt: skip
    deciders = [
        one for one in await administrators(connection) if one not in (person_id, holder_id)
    ]
    await notify_many(
        connection, deciders, "account_asked", {"network": label},
        key=f"account_asked:{claim_id}", now=now,
    )  # fmt: skip
    return case_id


async def request_of(connection: Connection, claim_id: int) -> Request | None:
    """How a claim was put before an administrator, with the words of both sides."""
    row = await connection.fetchrow(
        "select case_id, holder_id, recorded_at from claim_request where claim_id = $1",
        min(claim_id, 2**63 - 1),
    )
    if row is None:
        return None
    words = await connection.fetch(
        "select person_id, words from claim_words where claim_id = $1", claim_id
    )
    said = {one["person_id"]: one["words"] for one in words}
    return Request(row["case_id"], row["holder_id"], row["recorded_at"], said)


@dataclass(frozen=True, slots=True)
class Decision:
    """How an administrator decided, with the words both sides read; None: they were erased."""

    by: int
    words: str | None
    decided_at: datetime


async def decision_of(connection: Connection, case_id: int) -> Decision | None:
    """How a claim's case was decided; None: it waits."""
    row = await connection.fetchrow(
        """select d.decided_by, w.words, d.recorded_at from case_decision d
           left join case_words w on w.case_id = d.case_id and w.part = 'answered'
           where d.case_id = $1""",
        case_id,
    )
    return None if row is None else Decision(*row.values())


async def say(
    connection: Connection, person_id: int, claim_id: int, words: str, now: datetime
) -> None:
    """What whoever has the account says to it, until it is decided. In a transaction. Raises
    ClaimRefused."""
    claim = await claim_by_id(connection, claim_id, locked=True)
    request = await request_of(connection, claim_id)
    if claim is None or request is None or request.holder_id != person_id or not claim.open:
        raise ClaimRefused("This was decided already. Look at your accounts.")
    await keep_words(connection, claim_id, person_id, words, now)


async def keep_words(
    connection: Connection, claim_id: int, person_id: int, words: str, now: datetime
) -> None:
    """Keep what somebody wrote, where it can be erased; written again it replaces what stood there."""
    if words:
        await connection.execute(
            """insert into claim_words (claim_id, person_id, words, recorded_at)
               values ($1, $2, $3, $4) on conflict (claim_id, person_id)
               do update set words = excluded.words, recorded_at = excluded.recorded_at""",
            claim_id,
            person_id,
            words,
            now,
        )
