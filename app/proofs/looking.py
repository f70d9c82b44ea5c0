"""Having a network looked at for a proof.

Laws: each look is counted before Fanfare goes out, so that nobody has one more by being quick; a code
that is over proves nothing, whenever it was written; the claim is decided on under its lock, after the
network answered and without holding a connection meanwhile; what somebody else has is not taken away.
"""

from __future__ import annotations

from collections.abc import Generator
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal, TypeVar

from app.going_out import NotReachable, Outside
from app.proofs.claim import (
    Claim,
    ClaimRefused,
    claim_by_id,
    end_claim,
    note_proof,
    takes_part,
)
from app.proofs.code import address_of
from app.settings import Settings
from scoring import (
    MOST_ASKS,
    AccountTaken,
    Answer,
    Ask,
    Named,
    NoAsk,
    NotAnAccount,
    NotSeen,
    ProofFound,
    know_account,
    link,
    platform,
    proof_in,
)

LOOKS: Final = 12  # of one code
_PAUSE: Final = timedelta(seconds=3)  # between two looks
_HOPS: Final = 2  # redirects, as from a handle's host to the server that keeps the account
_ASK_S: Final = 8.0  # of each question

Looked = Literal["linked", "taken", "waits"]
Result = TypeVar("Result")


async def find_account(settings: Settings, outside: Outside, network: str, text: str) -> Named:
    """The account a person means who typed this, as its network says. Raises NotSeen, NotAnAccount."""
    known = platform(network)
    named: Named | None = None
    try:
        named = known.named(text)
    except NotAnAccount:
        if known.proving is None:
            raise
    secrets = settings.secrets_of(network)
    if known.proving is not None:
        named = await answered(outside, known.proving.find(text, named, secrets))
    assert named is not None, "it names one, or said so"
    if (why := known.not_linked_here(named, secrets)) is not None:
        raise NotAnAccount(why)
    return named


async def look_now(
    pool: Any, settings: Settings, outside: Outside, person_id: int, claim_id: int
) -> Looked | None:
    """Look at the account of a person's claim; link it where a proof stands, and say so.

    "taken": it is proven, and somebody else has it; "waits": an administrator was asked before and
    decides with this proof at hand. None: no proof stands there yet. Raises
    ClaimRefused and NotSeen, with a sentence each.
    """
    claim = await _counted(pool, person_id, claim_id, datetime.now(UTC))
    found = await seen_there(settings, outside, claim)
    if found is None:
        return None
    async with pool.acquire() as connection, connection.transaction():
        now = datetime.now(UTC)
        claim = _fitting(await claim_by_id(connection, claim_id, locked=True), person_id, now)
        return await settle(connection, claim, found.named, found.how, found.where, now)


async def seen_there(settings: Settings, outside: Outside, claim: Claim) -> ProofFound | None:
    """What proves a claim at its network just now. Raises NotSeen."""
    proving = platform(claim.platform).proving
    if proving is None:
        raise NotSeen("Nobody can check an account of this network from outside.")
    looking = proving.look(claim.named, settings.secrets_of(claim.platform))
    seen = await answered(outside, looking)
    if seen.named.native_id != claim.native_id:
        raise NotSeen("The network means another account by this name.")
    return proof_in(seen, claim.code, address_of(settings.base_url, claim.code))


async def _counted(pool: Any, person_id: int, claim_id: int, now: datetime) -> Claim:
    """The claim, with one look more behind it. Raises ClaimRefused."""
    async with pool.acquire() as connection, connection.transaction():
        claim = _fitting(await claim_by_id(connection, claim_id, locked=True), person_id, now)
        if claim.looks >= LOOKS:
            raise ClaimRefused("This code was looked for often enough. Begin again with a new one.")
        if claim.looked_at is not None and now < claim.looked_at + _PAUSE:
            raise ClaimRefused("We looked a moment ago. Wait a few seconds, then once more.")
        await connection.execute(
            "insert into claim_look (claim_id, recorded_at) values ($1, $2)", claim_id, now
        )
        return claim


async def settle(
    connection: Any, claim: Claim, named: Named, how: str, place: str, now: datetime
) -> Looked:
    """Link what was shown just now, unless somebody has it or an administrator looks at it. In a
    transaction that holds the lock of the claim, which is open. Raises ClaimRefused for who left."""
    if not await takes_part(connection, claim.person_id, now):
        raise ClaimRefused("Only who takes part links accounts. Join first.")
    outcome: Looked = "waits"
    if claim.asked_at is None:
        outcome = await _linked(connection, claim, named, now)
    await know_account(connection, claim.platform, claim.named, now)
    # Also where somebody else has it: the proof is evidence for whoever decides.
    await note_proof(connection, claim.account_id, claim.person_id, how, place, now)
    if outcome == "linked":
        await end_claim(connection, claim.id, "linked", None, now)
    return outcome


async def _linked(connection: Any, claim: Claim, named: Named, now: datetime) -> Looked:
    try:
        async with connection.transaction():
            await link(
                connection, claim.person_id, claim.platform, named, claim.choices.counts, now,
                professional=claim.choices.professional, disclaimer=claim.choices.disclaimer,
            )  # fmt: skip
    except AccountTaken:
        return "taken"
    return "linked"


def _fitting(claim: Claim | None, person_id: int, now: datetime) -> Claim:
    if claim is None or claim.person_id != person_id or not claim.open:
        raise ClaimRefused("This was answered already. Look at your accounts.")
    if now >= claim.expires_at:
        raise ClaimRefused("This code is over. Begin again with a new one.")
    return claim


async def answered(outside: Outside, asking: Generator[Ask, Answer | None, Result]) -> Result:
    """What a conversation comes to. Raises NotSeen, also where it asks without end."""
    try:
        ask = next(asking)
        for _ in range(MOST_ASKS):
            try:
                answer: Answer | None = await outside.ask(ask, follow=_HOPS, timeout_s=_ASK_S)
            except NotReachable:
                answer = None
            ask = asking.send(answer)
    except StopIteration as end:
        result: Result = end.value
        return result
    except NoAsk:  # what somebody's document or server names may be no address at all
        raise NotSeen("What it names as its server is no address that can be asked.") from None
    raise NotSeen("The network leads round and round.")
