"""The requests of OAuth at a server of the AT Protocol, each with a proof of the session's key.

Law: a server may ask for its own word (a nonce) in the proof; then the request is sent once more with it,
and never a third time.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any, Final

from joserfc.jwk import ECKey

from app.atproto.client import proves, redirect_uri
from app.atproto.keys import proof
from app.atproto.servers import SCOPE, Asks
from app.going_out import Outside
from app.settings import Settings
from scoring import Answer, Ask, BadAnswer, Granted, NotGranted

_MOST: Final = 8_192  # characters of a token; the longest seen stay far below
_FINAL: Final = frozenset({"invalid_grant"})


@dataclass(frozen=True, slots=True)
class Given:
    """Tokens, and whose they are by the server's word."""

    granted: Granted
    did: str


async def push(
    settings: Settings,
    outside: Outside,
    asks: Asks,
    key: ECKey,
    *,
    state: str,
    challenge: str,
    hint: str,
) -> str:
    """Tell the server what it will be asked (RFC 9126); its name for it. Raises NotGranted."""
    form = {
        "response_type": "code",
        "redirect_uri": redirect_uri(settings),
        "scope": SCOPE,
        "state": state,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        "login_hint": hint,
    }
    said = _read(await _send(settings, outside, asks.issuer, key, asks.push, form))
    named = said.get("request_uri")
    if not isinstance(named, str) or not 0 < len(named) < 500:
        raise NotGranted("no request_uri", final=False)
    return named


async def redeem(
    settings: Settings, outside: Outside, asks: Asks, key: ECKey, *, code: str, verifier: str
) -> Given:
    """The tokens that a code stands for. Raises NotGranted."""
    form = {
        "grant_type": "authorization_code",
        "redirect_uri": redirect_uri(settings),
        "code": code,
        "code_verifier": verifier,
    }
    return _given(_read(await _send(settings, outside, asks.issuer, key, asks.token, form)))


async def refresh(
    settings: Settings, outside: Outside, issuer: str, address: str, key: ECKey, token: str
) -> Given:
    """Other tokens in place of these. Raises NotGranted."""
    form = {"grant_type": "refresh_token", "refresh_token": token}
    return _given(_read(await _send(settings, outside, issuer, key, address, form)))


async def revoke(
    settings: Settings, outside: Outside, issuer: str, address: str, key: ECKey, token: str
) -> None:
    """Take tokens back (RFC 7009). Raises NotGranted where the server says no."""
    answer = await _send(settings, outside, issuer, key, address, {"token": token})
    if not answer.good and answer.status not in (400, 404):
        raise NotGranted(f"status {answer.status}", final=False)


async def _send(
    settings: Settings,
    outside: Outside,
    issuer: str,
    key: ECKey,
    address: str,
    form: dict[str, str],
) -> Answer:
    async def once(nonce: str | None) -> Answer:
        now = time.time()
        shown = {"dpop": proof(key, "POST", address, now, nonce=nonce)}
        whole = {**form, **proves(settings, issuer, now)}
        return await outside.ask(
            Ask(address, "POST", {"accept": "application/json", **shown}, whole)
        )

    answer = await once(None)
    wanted = answer.headers.get("dpop-nonce", "")[:500]
    if wanted and _code(answer) == "use_dpop_nonce":
        answer = await once(wanted)
    return answer


def _read(answer: Answer) -> dict[str, Any]:
    try:
        said = answer.json()
    except BadAnswer:
        said = None
    if answer.good and isinstance(said, dict):
        return said
    code = _code(answer) or f"status {answer.status}"
    raise NotGranted(code, final=code in _FINAL and answer.status < 500)


def _code(answer: Answer) -> str:
    try:
        said = answer.json()
    except BadAnswer:
        return ""
    code = said.get("error") if isinstance(said, dict) else None
    fits = isinstance(code, str) and code.replace("_", "").isalnum() and len(code) <= 60
    return str(code) if fits else ""


def _given(said: dict[str, Any]) -> Given:
    tokens = [said.get("access_token"), said.get("refresh_token")]
    access, again = (
        one if isinstance(one, str) and one.isascii() and 0 < len(one) <= _MOST else None
        for one in tokens
    )
    did, scope, lasts = said.get("sub"), said.get("scope"), said.get("expires_in")
    if access is None or str(said.get("token_type")).lower() != "dpop":
        raise NotGranted("no token in the answer", final=False)
    if not isinstance(did, str) or not isinstance(scope, str) or SCOPE not in scope.split():
        raise NotGranted("no account in the answer", final=False)
    lasts_s = lasts if isinstance(lasts, int) and 0 < lasts < 10**9 else None
    return Given(Granted(access, again, lasts_s, None, frozenset(scope.split())), did)
