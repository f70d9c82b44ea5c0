"""The code of a yes becomes what was granted.

Law: less than was asked for in words is not taken.
"""

from __future__ import annotations

from typing import Any, Final

from app.consent.apps import NoApp, forget_app, kept_client, label_of, redirect_uri
from app.consent.not_linked import AWAY, NotLinked
from app.consent.oauth import redeeming
from app.consent.pending import Leaving
from app.going_out import NotReachable, Outside
from app.settings import Settings
from scoring import Client, Consent, Granted, NotGranted

_CODE: Final = (
    "{network} did not take its own answer ({code}): it may have been used before, or be too old. "
    "Nothing was linked; please try again."
)
_LESS: Final = (
    "{network} let Fanfare see less than it needs: you left out that it may {missing}. Nothing was "
    "linked; please try again and leave everything ticked, or link the account another way."
)


async def redeem(
    pool: Any, settings: Settings, outside: Outside, consent: Consent, leaving: Leaving, code: str
) -> Granted:
    """What the network gives for the code. Raises NotLinked."""
    label = label_of(leaving.network)
    try:
        async with pool.acquire() as connection:
            client = await kept_client(connection, settings, leaving.network, leaving.server)
        return await _granted(consent, client, settings, outside, leaving, code)
    except NoApp as why:
        raise NotLinked(str(why), leaving) from None
    except NotGranted as refusal:
        if refusal.code == "invalid_client" and leaving.server is not None:
            async with pool.acquire() as connection:
                await forget_app(connection, leaving.server)
        raise NotLinked(_CODE.format(network=label, code=refusal.code), leaving) from None
    except NotReachable as why:
        raise NotLinked(AWAY.format(why=why), leaving) from None


def whole(consent: Consent, leaving: Leaving, granted: Granted) -> None:
    """Refuse less than was asked for. Raises NotLinked."""
    if granted.scopes is None:
        return
    missing = [scope for scope in consent.scopes if scope.name not in granted.scopes]
    if missing:
        words = "; ".join(scope.words for scope in missing)
        raise NotLinked(_LESS.format(network=label_of(leaving.network), missing=words), leaving)


async def _granted(
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
