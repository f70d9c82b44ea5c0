"""Fanfare as a client that every server of the AT Protocol can know: by a document at its own address.

Law: the document says what every request says. An installation that only this machine reaches is the
protocol's development client, which has no key of its own. Pure.
"""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from app.atproto.keys import assertion, installation_key, public
from app.atproto.servers import SCOPE
from app.settings import Settings

DOCUMENT: Final = "/oauth/client-metadata.json"
CALLBACK: Final = "/oauth/bluesky/callback"
_ASSERTS: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def ready(settings: Settings) -> bool:
    """Whether servers can know this installation: by https at a name, or on this very machine."""
    parts = urlsplit(settings.outside_address)
    on_this_machine = parts.hostname in ("127.0.0.1", "::1", "localhost")
    return (parts.scheme == "https" and not on_this_machine) or (
        parts.scheme == "http" and on_this_machine
    )


def develops(settings: Settings) -> bool:
    """Whether this installation is the protocol's development client."""
    return settings.outside_address.startswith("http://")


def redirect_uri(settings: Settings) -> str:
    """Where people come back to."""
    base = settings.base_url
    if develops(settings):  # the development client may not say localhost
        base = base.replace("http://localhost", "http://127.0.0.1", 1)
    return base + CALLBACK


def client_id(settings: Settings) -> str:
    """By which name servers know this installation: where they read its document."""
    if develops(settings):
        said = {"redirect_uri": redirect_uri(settings), "scope": SCOPE}
        return "http://localhost?" + urlencode(said)
    return settings.outside_address + DOCUMENT


def metadata(settings: Settings) -> dict[str, Any]:
    """The document."""
    return {
        "client_id": client_id(settings),
        "client_name": f"Fanfare of {settings.company_name}",
        "client_uri": settings.outside_address,  # servers want it where the document lies
        "application_type": "web",
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "redirect_uris": [redirect_uri(settings)],
        "scope": SCOPE,
        "dpop_bound_access_tokens": True,
        "token_endpoint_auth_method": "private_key_jwt",
        "token_endpoint_auth_signing_alg": "ES256",
        "jwks": key_set(settings),
    }


def key_set(settings: Settings) -> dict[str, Any]:
    """The installation's key, as others may know it."""
    key = installation_key(settings.require_secret_key())
    return {"keys": [public(key, use="sig", alg="ES256", kid=key.thumbprint())]}


def proves(settings: Settings, issuer: str, now: float) -> dict[str, str]:
    """What shows a server that a request is this installation's."""
    known = client_id(settings)
    if develops(settings):
        return {"client_id": known}
    key = installation_key(settings.require_secret_key())
    return {
        "client_id": known,
        "client_assertion_type": _ASSERTS,
        "client_assertion": assertion(key, known, issuer, now),
    }
