"""Somebody comes back from a network with a yes, a no, or something else.

Laws: nothing is linked unless the network itself says whose the account is; what was given and is not
kept is taken back at the network at once; whatever happened, the person reads what it was and what to do.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

from redis.asyncio import Redis

from app.consent.apps import (
    NoApp,
    consent_at,
    forget_app,
    host_of,
    kept_client,
    label_of,
    redirect_uri,
)
from app.consent.company import COMPANYS_KIND, keep_for_company
from app.consent.kept import Kept, keep
from app.consent.keys import Keys
from app.consent.oauth import redeeming
from app.consent.pending import Leaving, digest, take
from app.consent.renewing import few_at_once, renews, revoke
from app.going_out import NotReachable, Outside
from app.proofs import (
    MANY,
    MOST_ACCOUNTS,
    Choices,
    ClaimRefused,
    answered,
    has_many,
    note_proof,
    open_claim,
)
from app.settings import Settings
from scoring import (
    AccountTaken,
    BadAnswer,
    Client,
    Consent,
    Granted,
    Named,
    NotGranted,
    NotSeen,
    UnusableFact,
    account_id,
    enrolment_state,
    holder_of,
    link,
    platform,
)

_MOST_WORD: Final = 4_096
_STRANGE: Final = (
    "This way back is not yours, was used before, or is older than ten minutes. Nothing was linked; "
    "please begin again."
)
_NO_CODE: Final = "{network} sent nothing along. Nothing was linked; please try again."
_DENIED: Final = "You said no at {network}, so nothing was linked. It costs you nothing."
_ERROR: Final = "{network} could not ask you ({code}). Nothing was linked; please try again."
_MIXED: Final = (
    "This answer is not from the place you left for. Nothing was linked; please begin again."
)
_CODE: Final = (
    "{network} did not take its own answer ({code}): it may have been used before, or be too old. "
    "Nothing was linked; please try again."
)
_LESS: Final = (
    "{network} let Fanfare see less than it needs: you left out that it may {missing}. Nothing was "
    "linked; please try again and leave everything ticked, or link the account another way."
)
_WHO: Final = "{network} did not say whose account it is ({why}). Nothing was linked."
_OTHER: Final = (
    "At {network} you were signed in as {there}, but this is {here}. Nothing was changed; sign in "
    "there as {here} and try again."
)
_AWAY: Final = "{why} Nothing was linked; please try again in a minute."
TAKEN: Final = (
    "{handle} on {network} is linked to somebody else already, and an account belongs to one person. You "
    "have shown that you hold it; an administrator can decide."
)
_LEFT: Final = "Only who takes part links accounts, so nothing was linked. Join first."
_COMPANYS: Final = "{handle} on {network} is the company’s own account; nobody links it."


class NotLinked(Exception):
    """Nothing was linked; the message tells the person why and what to do. `leaving`: what they chose,
    where that is known; `taken`: the account that is somebody else's; `claim_id`: where they can go on."""

    def __init__(
        self, words: str, leaving: Leaving | None = None, *, taken: Named | None = None
    ) -> None:
        super().__init__(words)
        self.leaving = leaving
        self.taken = taken
        self.claim_id: int | None = None


async def come_back(
    pool: Any,
    redis: Redis,
    settings: Settings,
    outside: Outside,
    *,
    network: str,
    query: Mapping[str, str],
    person_id: int,
    session: str,
    now: datetime,
    administrator: bool = False,
) -> Leaving:
    """Take what somebody comes back with; afterwards their account is linked, or the company's is seen.
    `administrator`: whether they are one now. Raises NotLinked."""
    label = label_of(network)
    leaving = await take(redis, query.get("state", "")[:_MOST_WORD])
    consent = None if leaving is None else consent_at(network, leaving.kind)
    if consent is None or leaving is None:
        raise NotLinked(_STRANGE)
    if leaving.kind == COMPANYS_KIND and not administrator:
        raise NotLinked(_STRANGE)
    consent = consent.asking(settings.secrets_of(network))
    if (leaving.person_id, leaving.session, leaving.network) != (
        person_id,
        digest(session),
        network,
    ):
        raise NotLinked(_STRANGE)
    _from_there(consent, leaving, query)
    if (error := query.get("error")) is not None:
        words = _DENIED if error in ("access_denied", "user_cancelled_login") else _ERROR
        raise NotLinked(words.format(network=label, code=_shown(error)), leaving)
    if not (code := query.get("code", "")[:_MOST_WORD]):
        raise NotLinked(_NO_CODE.format(network=label), leaving)
    try:
        async with pool.acquire() as connection:
            client = await kept_client(connection, settings, network, leaving.server)
        granted = await _redeemed(consent, client, settings, outside, leaving, code)
    except NoApp as why:
        raise NotLinked(str(why), leaving) from None
    except NotGranted as refusal:
        if refusal.code == "invalid_client" and leaving.server is not None:
            async with pool.acquire() as connection:
                await forget_app(connection, leaving.server)
        raise NotLinked(_CODE.format(network=label, code=refusal.code), leaving) from None
    except NotReachable as why:
        raise NotLinked(_AWAY.format(why=why), leaving) from None
    try:
        _whole(consent, leaving, granted, label)
        if leaving.kind == COMPANYS_KIND:
            await keep_for_company(pool, settings, outside, consent, leaving, granted, now)
        else:
            await _link(pool, settings, outside, consent, leaving, granted, label, now)
    except Exception as fault:
        # Whatever went wrong: what nobody keeps must not go on being good. Unless taking it back there
        # would end what works for the account's owner.
        taken = fault.taken if isinstance(fault, NotLinked) else None
        if not (consent.revokes_all and (taken or await _has_one(pool, leaving))):
            await _give_back(pool, settings, outside, leaving, granted, now)
        if isinstance(fault, NotSeen | NotReachable):
            raise NotLinked(str(fault), leaving) from None
        if isinstance(fault, NotLinked) and taken is not None:
            fault.claim_id = await _claim(pool, leaving, taken, now)
        raise
    return leaving


def _from_there(consent: Consent, leaving: Leaving, query: Mapping[str, str]) -> None:
    """Refuse an answer of another place than the one they left for (RFC 9207, RFC 9700 4.4)."""
    if leaving.server is not None and query.get("at") != host_of(leaving.server):
        raise NotLinked(_MIXED, leaving)
    said, expected = query.get("iss"), consent.issuer or leaving.server
    if said is not None and expected is not None and said.rstrip("/") != expected.rstrip("/"):
        raise NotLinked(_MIXED, leaving)


async def _redeemed(
    consent: Consent,
    client: Client,
    settings: Settings,
    outside: Outside,
    leaving: Leaving,
    code: str,
) -> Granted:
    redirect = redirect_uri(settings, leaving.network, leaving.server)
    ask = redeeming(consent, client, leaving.server, redirect, code, leaving.verifier)
    granted = consent.granted(await outside.ask(ask))
    longer = consent.lengthening(granted, client)
    if longer is None:
        return granted
    lasting = consent.granted(await outside.ask(longer))
    scopes = granted.scopes if lasting.scopes is None else lasting.scopes
    return Granted(
        lasting.access, lasting.refresh, lasting.lasts_s, lasting.refresh_lasts_s, scopes
    )


def _whole(consent: Consent, leaving: Leaving, granted: Granted, label: str) -> None:
    """Refuse less than was asked for."""
    if granted.scopes is None:
        return
    missing = [scope for scope in consent.scopes if scope.name not in granted.scopes]
    if missing:
        words = "; ".join(scope.words for scope in missing)
        raise NotLinked(_LESS.format(network=label, missing=words), leaving)


async def _link(
    pool: Any,
    settings: Settings,
    outside: Outside,
    consent: Consent,
    leaving: Leaving,
    granted: Granted,
    label: str,
    now: datetime,
) -> None:
    named = await _whose(outside, consent, leaving, granted, label)
    secrets = settings.secrets_of(leaving.network)
    if (why := platform(leaving.network).not_linked_here(named, secrets)) is not None:
        raise NotLinked(why, leaving)
    id_ = account_id(leaving.network, named.native_id)
    async with pool.acquire() as connection, connection.transaction():
        if await enrolment_state(connection, leaving.person_id, now) not in ("active", "paused"):
            raise NotLinked(_LEFT, leaving)  # they left the programme while they were away
        same = {id_} if named.also is None else {id_, account_id(leaving.network, named.also)}
        if leaving.account_id is not None and leaving.account_id not in same:
            here = await connection.fetchval(
                """select coalesce(f.handle, a.native_id) from account a
                   left join account_face f on f.account_id = a.id where a.id = $1""",
                leaving.account_id,
            )
            words = _OTHER.format(network=label, there=named.handle, here=here or "another account")
            raise NotLinked(words, leaving)
        if await has_many(connection, leaving.person_id, leaving.network, id_, now):
            raise NotLinked(MANY.format(most=MOST_ACCOUNTS), leaving)
        try:
            await link(
                connection,
                leaving.person_id,
                leaving.network,
                named,
                leaving.counts,
                now,
                professional=leaving.professional,
                disclaimer=leaving.disclaimer,
            )
        except AccountTaken:
            holder = await holder_of(connection, id_)
            companys = holder is not None and holder.person_id is None
            words = (_COMPANYS if companys else TAKEN).format(network=label, handle=named.handle)
            raise NotLinked(words, leaving, taken=None if companys else named) from None
        place = urlsplit(consent.endpoints(leaving.server).authorize).netloc
        await note_proof(connection, id_, leaving.person_id, "oauth", place, now)
        fresh = _fresh(leaving, id_, granted, consent, now)
        await keep(
            connection,
            Keys.of(settings),
            id_,
            leaving.person_id,
            leaving.network,
            granted,
            server=leaving.server,
            asked=frozenset(scope.name for scope in consent.scopes),
            renews=await renews(connection, settings, fresh),
            now=now,
        )


async def _whose(
    outside: Outside, consent: Consent, leaving: Leaving, granted: Granted, label: str
) -> Named:
    try:
        answer = await outside.ask(consent.who(leaving.server), token=granted.access)
        if not answer.good:
            raise NotLinked(_WHO.format(network=label, why=f"status {answer.status}"), leaving)
        named = consent.named(answer, leaving.server)
        return await answered(outside, consent.called(named, leaving.server))
    except (NotReachable, NotSeen) as why:
        raise NotLinked(_AWAY.format(why=why), leaving) from None
    except (BadAnswer, UnusableFact) as why:
        raise NotLinked(_WHO.format(network=label, why=why), leaving) from None


async def _claim(pool: Any, leaving: Leaving, named: Named, now: datetime) -> int | None:
    """Keep that somebody showed to hold an account which is another's, so that it can be decided."""
    consent = consent_at(leaving.network, leaving.kind)
    id_ = account_id(leaving.network, named.native_id)
    assert consent is not None, "they left for it"
    choices = Choices(leaving.counts, leaving.professional, leaving.disclaimer)
    place = urlsplit(consent.endpoints(leaving.server).authorize).netloc
    try:
        async with pool.acquire() as connection, connection.transaction():
            await note_proof(connection, id_, leaving.person_id, "oauth", place, now)
            return await open_claim(
                connection, leaving.person_id, leaving.network, named, choices, now
            )
    except ClaimRefused:
        return None


async def _has_one(pool: Any, leaving: Leaving) -> bool:
    """Whether this person has let Fanfare see an account of that network before."""
    async with pool.acquire() as connection:
        has: bool = await connection.fetchval(
            """select exists (select from consent where person_id = $1 and platform = $2
                              and state in ('given', 'expiring'))""",
            leaving.person_id,
            leaving.network,
        )
    return has


async def _give_back(
    pool: Any,
    settings: Settings,
    outside: Outside,
    leaving: Leaving,
    granted: Granted,
    now: datetime,
) -> None:
    """Take back what was given and is not kept, as far as the network lets us."""
    consent = consent_at(leaving.network, leaving.kind)
    assert consent is not None, "they left for it"
    nobodys = account_id(leaving.network, "nobody’s")
    fresh = _fresh(leaving, nobodys, granted, consent, now)
    with suppress(NotGranted, NotReachable):
        async with few_at_once(), pool.acquire() as connection:
            await revoke(connection, settings, outside, fresh)


def _fresh(leaving: Leaving, id_: UUID, granted: Granted, consent: Consent, now: datetime) -> Kept:
    """What was given as if it were kept, for those who ask about what is."""
    scopes = granted.scopes or frozenset(scope.name for scope in consent.scopes)
    return Kept(
        0, id_, leaving.person_id, leaving.network, leaving.server, "given", scopes, granted.access,
        granted.refresh, granted.besides, now if granted.lasts_s else None, None, None, None, now,
    )  # fmt: skip


def _shown(code: str) -> str:
    """A network's code as a page may say it."""
    return "".join(one for one in code[:60] if one.isascii() and (one.isalnum() or one in "_.- "))
