"""Renewing a token, and taking it back, as its network does it.

A network that does neither by OAuth's usual requests has a module of its own beside this one,
`app/consent/ways/{platform}.py`, with `renew(connection, settings, outside, kept)` that returns
what was `Granted`, and `revoke(connection, settings, outside, kept)`. Both raise NotGranted and
NotReachable.
"""

from __future__ import annotations

import asyncio
import pkgutil
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any, Final
from weakref import WeakKeyDictionary

import app.consent.ways
from app.consent.apps import NoApp, consent_at, kept_client
from app.consent.kept import Kept
from app.consent.oauth import refreshing, revoking
from app.going_out import Outside
from app.settings import Settings
from scoring import Client, Consent, Granted, NotGranted

_AT_ONCE: Final = 3  # of a web process's connections, which are for everybody
_FEW: Final[WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore]] = WeakKeyDictionary()


def few_at_once() -> asyncio.Semaphore:
    """For whoever holds a connection while a network takes a token back: a server that is slow, and may be
    run by who asks, must not have all of them."""
    return _FEW.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(_AT_ONCE))


async def renews(connection: Any, settings: Settings, kept: Kept) -> bool:
    """Whether Fanfare can renew this token without its owner."""
    if kept.platform in own_ways():
        return kept.refresh is not None
    consent = consent_at(kept.platform)
    if consent is None or kept.access is None:
        return False
    return kept.refresh is not None or (
        consent.renewal(kept.access, Client("", "")) is not None and kept.expires_at is not None
    )


async def renew(connection: Any, settings: Settings, outside: Outside, kept: Kept) -> Granted:
    """Another token in place of this one. Raises NotGranted, NotReachable."""
    if (own := own_ways().get(kept.platform)) is not None:
        granted: Granted = await own.renew(connection, settings, outside, kept)
        return granted
    consent, client = await _at(connection, settings, kept)
    ask = (
        refreshing(consent, client, kept.server, kept.refresh)
        if kept.refresh is not None
        else consent.renewal(kept.access or "", client)
    )
    if ask is None:
        raise NotGranted("nothing renews it", final=True)
    return consent.granted(await outside.ask(ask))


async def revoke(connection: Any, settings: Settings, outside: Outside, kept: Kept) -> None:
    """Take a token back at its network. Raises NotGranted where the network says no or knows no way,
    NotReachable where it cannot be asked now."""
    if kept.access is None:
        return
    if (own := own_ways().get(kept.platform)) is not None:
        await own.revoke(connection, settings, outside, kept)
        return
    consent, client = await _at(connection, settings, kept)
    if (ask := consent.revocation(kept.server)) is not None:
        answer = await outside.ask(ask, token=kept.access)
        # One that is over or was taken back there already needs no taking back.
        if not answer.good and answer.status not in (400, 401, 404):
            raise NotGranted(f"status {answer.status}", final=False)
        return
    address = consent.endpoints(kept.server).revoke
    if address is None:
        raise NotGranted("no way to take it back", final=True)
    # The refresh token first: at most networks the other goes with it.
    tokens = [(kept.refresh, "refresh_token"), (kept.access, "access_token")]
    for token, kind in tokens:
        if token is not None:
            answer = await outside.ask(revoking(consent, client, address, token, kind))
            if not answer.good and answer.status not in (400, 404):
                raise NotGranted(f"status {answer.status}", final=False)


async def _at(connection: Any, settings: Settings, kept: Kept) -> tuple[Consent, Client]:
    consent = consent_at(kept.platform)
    if consent is None:
        raise NotGranted("no app is set", final=False)
    try:
        return consent, await kept_client(connection, settings, kept.platform, kept.server)
    except NoApp:
        raise NotGranted("no app is set", final=False) from None


@cache
def own_ways() -> dict[str, ModuleType]:
    """The networks with a way of their own, found by name."""
    return {
        found.name: import_module(f"{app.consent.ways.__name__}.{found.name}")
        for found in pkgutil.iter_modules(app.consent.ways.__path__)
    }
