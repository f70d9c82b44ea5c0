"""Somebody comes back from their own server.

Laws: only the account they left for is linked, and only where the server that asks for it *by the account's
own document* says so; what was given and is not kept is taken back at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any, Final

from redis.asyncio import Redis

from app.atproto.keys import read_key
from app.atproto.pending import Leaving, digest, take
from app.atproto.requests import Given, redeem, revoke
from app.atproto.servers import SCOPE, Asks
from app.consent import Keys, Unreadable, keep
from app.going_out import NotReachable, Outside
from app.proofs import ClaimRefused, Looked, answered, claim_by_id, settle
from app.settings import Settings
from scoring import Granted, Named, NotGranted, NotSeen, bluesky_identity

_STRANGE: Final = (
    "This way back is not yours, was used before, or is older than ten minutes. Nothing was linked; "
    "please begin again."
)
_MIXED: Final = (
    "The answer is not from the server you left for. Nothing was linked; please begin again."
)
_DENIED: Final = "You said no there, so nothing was linked. It costs you nothing."
_ERROR: Final = "Your server could not ask you ({code}). Nothing was linked; please try again."
_CODE: Final = (
    "Your server gave nothing for its answer ({code}). Nothing was linked; please try again."
)
_OTHER: Final = (
    "You signed in as another account than {handle}. Nothing was linked; sign in there as {handle}."
)
_AWAY: Final = "{why} Nothing was linked; please try again in a minute."
_OVER: Final = "This was answered meanwhile. Look at your accounts."
_WORDS: Final = "signing in at its server"


class NotLinked(Exception):
    """Nothing was linked; the message tells the person why and what to do. `claim_id`: where they can
    go on, if that is known."""

    def __init__(self, words: str, leaving: Leaving | None = None) -> None:
        super().__init__(words)
        self.claim_id = None if leaving is None else leaving.claim_id


async def come_back(
    pool: Any,
    redis: Redis,
    settings: Settings,
    outside: Outside,
    *,
    query: Mapping[str, str],
    person_id: int,
    session: str,
    now: datetime,
) -> tuple[int, Looked]:
    """Take what somebody comes back with; which claim, and what became of it. Raises NotLinked."""
    try:
        leaving = await take(redis, Keys.of(settings), query.get("state", "")[:500])
    except Unreadable:
        leaving = None
    if leaving is None or (leaving.person_id, leaving.session) != (person_id, digest(session)):
        raise NotLinked(_STRANGE)
    if query.get("iss") != leaving.issuer:  # RFC 9207; the AT Protocol requires it
        raise NotLinked(_MIXED, leaving)
    if (error := query.get("error")) is not None:
        shown = "".join(
            one for one in error[:60] if one.isascii() and (one.isalnum() or one == "_")
        )
        raise NotLinked(_DENIED if error == "access_denied" else _ERROR.format(code=shown), leaving)
    asks, key = (
        Asks(leaving.issuer, "", "", leaving.token, leaving.revoke),
        read_key(leaving.key),
    )
    try:
        given = await redeem(
            settings,
            outside,
            asks,
            key,
            code=query.get("code", "")[:4_096],
            verifier=leaving.verifier,
        )
    except NotGranted as refusal:
        raise NotLinked(_CODE.format(code=refusal.code), leaving) from None
    except NotReachable as why:
        raise NotLinked(_AWAY.format(why=why), leaving) from None
    outcome: Looked | None = None
    try:
        outcome = await _shown(pool, settings, outside, leaving, given, now)
        return leaving.claim_id, outcome
    finally:
        # What nobody keeps must not go on being good, whatever went wrong.
        if outcome != "linked" and leaving.revoke is not None:
            with suppress(NotGranted, NotReachable):
                token = given.granted.refresh or given.granted.access
                await revoke(settings, outside, leaving.issuer, leaving.revoke, key, token)


async def _shown(
    pool: Any, settings: Settings, outside: Outside, leaving: Leaving, given: Given, now: datetime
) -> Looked:
    if given.did != leaving.did:
        raise NotLinked(_OTHER.format(handle=leaving.handle), leaving)
    try:
        # Once more, now that somebody was there: the account must still lie where they signed in.
        who = await answered(outside, bluesky_identity(given.did, settings.secrets_of("bluesky")))
    except NotSeen as why:
        raise NotLinked(_AWAY.format(why=why), leaving) from None
    if who.pds != leaving.pds:
        raise NotLinked(_MIXED, leaving)
    named = Named(who.did, who.handle or who.did)
    async with pool.acquire() as connection, connection.transaction():
        claim = await claim_by_id(connection, leaving.claim_id, locked=True)
        if claim is None or not claim.open:
            raise NotLinked(_OVER, leaving)
        try:
            outcome = await settle(connection, claim, named, "oauth", _WORDS, now)
        except ClaimRefused as why:
            raise NotLinked(str(why), leaving) from None
        if outcome == "linked":
            await keep(
                connection, Keys.of(settings), claim.account_id, leaving.person_id, "bluesky",
                _whole(given.granted, leaving), server=leaving.pds, asked=frozenset({SCOPE}),
                renews=given.granted.refresh is not None, now=now,
            )  # fmt: skip
    return outcome


def _whole(granted: Granted, leaving: Leaving) -> Granted:
    """The tokens with what they are bound to."""
    besides = {"key": leaving.key, "issuer": leaving.issuer, "token": leaving.token}
    if leaving.revoke is not None:
        besides["revoke"] = leaving.revoke
    return Granted(
        granted.access, granted.refresh, granted.lasts_s, granted.refresh_lasts_s, granted.scopes,
        besides,
    )  # fmt: skip
