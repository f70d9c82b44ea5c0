"""Somebody comes back from a network with a yes, a no, or something else.

Laws: nothing is linked unless the network itself says whose the account is; what was given and is not
kept is taken back at the network at once; whatever happened, the person reads what it was and what to do.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from redis.asyncio import Redis

from app.consent.company import COMPANYS_KIND, keep_for_company
from app.consent.giving_back import give_back, has_one
from app.consent.linking import claim_shown, link_shown
from app.consent.not_linked import NotLinked
from app.consent.pending import Leaving
from app.consent.redeeming import redeem, whole
from app.consent.way_back import way_back
from app.going_out import NotReachable, Outside
from app.settings import Settings
from scoring import NotSeen


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
    leaving, consent, code = await way_back(
        redis, settings, network, query,
        person_id=person_id, session=session, administrator=administrator,
    )  # fmt: skip
    granted = await redeem(pool, settings, outside, consent, leaving, code)
    try:
        whole(consent, leaving, granted)
        if leaving.kind == COMPANYS_KIND:
            await keep_for_company(pool, settings, outside, consent, leaving, granted, now)
        else:
            await link_shown(pool, settings, outside, consent, leaving, granted, now)
    except Exception as fault:
        # Whatever went wrong: what nobody keeps must not go on being good. Unless taking it back there
        # would end what works for the account's owner.
        taken = fault.taken if isinstance(fault, NotLinked) else None
        if not (consent.revokes_all and (taken or await has_one(pool, leaving))):
            await give_back(pool, settings, outside, leaving, granted, now)
        if isinstance(fault, NotSeen | NotReachable):
            raise NotLinked(str(fault), leaving) from None
        if isinstance(fault, NotLinked) and taken is not None:
            fault.claim_id = await claim_shown(pool, leaving, taken, now)
        raise
    return leaving
