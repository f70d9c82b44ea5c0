"""The account that a network says somebody signed in with becomes theirs.

Laws: whose the account is says the network, nobody else; what is somebody else's stays theirs, and that it
was shown is kept for whoever decides.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

from app.consent.apps import consent_at, label_of
from app.consent.giving_back import as_kept
from app.consent.kept import keep
from app.consent.keys import Keys
from app.consent.not_linked import AWAY, NotLinked
from app.consent.pending import Leaving
from app.consent.renewing import renews
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
    Consent,
    Granted,
    Named,
    NotSeen,
    UnusableFact,
    account_id,
    enrolment_state,
    holder_of,
    link,
    platform,
)

_WHO: Final = "{network} did not say whose account it is ({why}). Nothing was linked."
_OTHER: Final = (
    "At {network} you were signed in as {there}, but this is {here}. Nothing was changed; sign in "
    "there as {here} and try again."
)
_TAKEN: Final = (
    "{handle} on {network} is linked to somebody else already, and an account belongs to one person. You "
    "have shown that you hold it; an administrator can decide."
)
_LEFT: Final = "Only who takes part links accounts, so nothing was linked. Join first."
_COMPANYS: Final = "{handle} on {network} is the company’s own account; nobody links it."


async def link_shown(
    pool: Any,
    settings: Settings,
    outside: Outside,
    consent: Consent,
    leaving: Leaving,
    granted: Granted,
    now: datetime,
) -> None:
    """Link the account that the network says it is, with what was granted. Raises NotLinked."""
    label = label_of(leaving.network)
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
            words = (_COMPANYS if companys else _TAKEN).format(network=label, handle=named.handle)
            raise NotLinked(words, leaving, taken=None if companys else named) from None
        place = urlsplit(consent.endpoints(leaving.server).authorize).netloc
        await note_proof(connection, id_, leaving.person_id, "oauth", place, now)
        fresh = as_kept(leaving, id_, granted, consent, now)
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


async def claim_shown(pool: Any, leaving: Leaving, named: Named, now: datetime) -> int | None:
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
        raise NotLinked(AWAY.format(why=why), leaving) from None
    except (BadAnswer, UnusableFact) as why:
        raise NotLinked(_WHO.format(network=label, why=why), leaving) from None
