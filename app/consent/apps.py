"""Fanfare as an app at a network: as the settings say, or as it registered itself at a person's server.

Laws: one registration a server is used, however many people come at once; one made for another address of
ours, or for other scopes, or whose secret no key opens any more, is made anew; the secret lies encrypted; a
server that is slow keeps nobody waiting but those who asked for it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote, urlsplit
from weakref import WeakValueDictionary

from app.consent.keys import Keys, Unreadable
from app.going_out import Outside, OutsideAway
from app.settings import Settings
from scoring import Client, Consent, platform

_PATIENCE_S: Final = 20.0  # with others who register Fanfare at the same server
_REGISTERING: Final[WeakValueDictionary[str, asyncio.Lock]] = WeakValueDictionary()
_NAME: Final = "Fanfare of {company}"


class NoApp(Exception):
    """Fanfare is no app at this network yet; the message says what is missing, for an administrator."""


def consent_at(network: str, kind: str = "") -> Consent | None:
    """How accounts of a network, or its pages of a kind, are seen by consent, or None. UnknownPlatform for
    no network."""
    known = platform(network)
    return known.page_consents.get(kind) if kind else known.consent


def label_of(network: str) -> str:
    """A network as people say it. UnknownPlatform for none."""
    return platform(network).label


def networks(settings: Settings) -> Mapping[str, bool]:
    """The networks that know consent, and whether Fanfare can ask there now."""
    from scoring import platforms  # the face's function, beside the package of that name

    return {
        name: known.consent.own_servers
        or known.consent.client(settings.secrets_of(name)) is not None
        for name, known in platforms().items()
        if known.consent is not None
    }


def redirect_uri(settings: Settings, network: str, server: str | None) -> str:
    """Where people come back to, exactly. Each server of a network has its own, so that what one server
    sends can never be taken for another's (RFC 9700, 4.4.2)."""
    uri = f"{settings.base_url}/oauth/{network}/callback"
    return uri if server is None else f"{uri}?at={quote(host_of(server), safe=':')}"


def host_of(server: str) -> str:
    """The host of an origin, with its port."""
    return urlsplit(server).netloc


async def kept_client(
    connection: Any, settings: Settings, network: str, server: str | None
) -> Client:
    """Fanfare as it is known there already. Raises NoApp."""
    consent = consent_at(network)
    if consent is not None and not consent.own_servers:
        client = consent.client(settings.secrets_of(network))
        if client is not None:
            return client
    elif server is not None:
        row = await connection.fetchrow(
            "select client_id, client_secret from consent_app where server = $1", server
        )
        if row is not None:
            return Client(row["client_id"], _secret(Keys.of(settings), row["client_secret"]))
    raise NoApp(f"Fanfare has no app at {platform(network).label} yet.")


async def client_at(
    pool: Any, settings: Settings, outside: Outside, network: str, server: str | None, now: datetime
) -> Client:
    """Fanfare at a network, or at a server of it, where it registers itself if it must.

    Raises NoApp, NotGranted (the server takes no apps), NotReachable (app.going_out).
    """
    consent = consent_at(network)
    if consent is None or not consent.own_servers or server is None:
        async with pool.acquire() as connection:
            return await kept_client(connection, settings, network, server)
    lock = _REGISTERING.setdefault(server, asyncio.Lock())
    try:
        async with asyncio.timeout(_PATIENCE_S):
            await lock.acquire()
    except TimeoutError:
        raise OutsideAway(f"{host_of(server)} did not answer in time.") from None
    try:
        return await _registered(pool, settings, outside, consent, network, server, now)
    finally:
        lock.release()


async def _registered(
    pool: Any,
    settings: Settings,
    outside: Outside,
    consent: Consent,
    network: str,
    server: str,
    now: datetime,
) -> Client:
    redirect, keys = redirect_uri(settings, network, server), Keys.of(settings)
    scopes = sorted(scope.name for scope in consent.scopes)
    known = """select client_id, client_secret from consent_app
               where server = $1 and redirect_uri = $2 and scopes = $3"""
    async with pool.acquire() as connection:
        row = await connection.fetchrow(known, server, redirect, scopes)
    lost = None if row is None or keys.opens(row["client_secret"]) else row["client_secret"]
    if row is None or lost is not None:
        # Without a connection in hand: whoever runs a server decides how long it takes to answer.
        name = _NAME.format(company=settings.company_name)
        answer = await outside.ask(consent.registration(server, name, redirect, settings.base_url))
        client = consent.registered(answer)
        async with pool.acquire() as connection:
            # Where another process was faster its app is the one; ours is used by nobody.
            await connection.execute(
                """insert into consent_app (server, client_id, client_secret, sealed_by, scopes,
                     redirect_uri, recorded_at) values ($1, $2, $3, $4, $5, $6, $7)
                   on conflict (server) do update set client_id = excluded.client_id,
                     client_secret = excluded.client_secret, sealed_by = excluded.sealed_by,
                     scopes = excluded.scopes, redirect_uri = excluded.redirect_uri,
                     recorded_at = excluded.recorded_at, aside_with = null
                   where (consent_app.redirect_uri, consent_app.scopes)
                     is distinct from (excluded.redirect_uri, excluded.scopes)
                     or consent_app.client_secret = $8""",
                server,
                client.id,
                keys.seal(client.secret),
                keys.name,
                scopes,
                redirect,
                now,
                lost,
            )
            row = await connection.fetchrow(known, server, redirect, scopes)
        if row is None:
            return client  # a process with other settings made it anew
    return Client(row["client_id"], _secret(keys, row["client_secret"]))


async def forget_app(connection: Any, server: str) -> None:
    """The server knows Fanfare no more (`invalid_client`): the next person registers it anew."""
    await connection.execute("delete from consent_app where server = $1", server)


def _secret(keys: Keys, sealed: bytes) -> str:
    try:
        return keys.open(sealed) or ""
    except Unreadable as why:
        raise NoApp(str(why)) from None
