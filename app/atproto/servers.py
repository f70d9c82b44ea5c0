"""Where a person's server lets people say yes: from the server that keeps the account to the one that asks.

Law: each says of itself who it is, at its own address; what says anything else, or cannot keep the AT
Protocol's profile of OAuth, is refused before anything is sent there. Pure.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from app.atproto.keys import ALGORITHM
from scoring import Answer, Ask, BadAnswer, NoAsk

SCOPE: Final = "atproto"  # who somebody is, and nothing they have: what Fanfare counts is public
_KEPT: Final = "The server {server} does not let people sign in for others as the AT Protocol asks."


class CannotAsk(Exception):
    """A server cannot ask people; the message is a sentence for the person."""


@dataclass(frozen=True, slots=True)
class Asks:
    """The server that asks people, and its addresses."""

    issuer: str
    push: str
    page: str
    token: str
    revoke: str | None


def server_that_asks(pds: str) -> Generator[Ask, Answer | None, Asks]:
    """The server that asks for the one that keeps accounts. Raises CannotAsk."""
    said = yield from _said(f"{pds}/.well-known/oauth-protected-resource", pds)
    servers = said.get("authorization_servers")
    if said.get("resource") != pds or not isinstance(servers, list) or len(servers) != 1:
        raise CannotAsk(_KEPT.format(server=_host(pds)))
    issuer = servers[0]
    if not isinstance(issuer, str) or not _is_origin(issuer):
        raise CannotAsk(_KEPT.format(server=_host(pds)))
    told = yield from _said(f"{issuer}/.well-known/oauth-authorization-server", issuer)
    return _asks(told, issuer)


def _asks(told: dict[str, Any], issuer: str) -> Asks:
    def address(name: str) -> str | None:
        value = told.get(name)
        return value if isinstance(value, str) and value.startswith(f"{issuer}/") else None

    def holds(name: str, word: str) -> bool:
        value = told.get(name)
        return isinstance(value, list) and word in value

    push, page = (
        address("pushed_authorization_request_endpoint"),
        address("authorization_endpoint"),
    )
    token = address("token_endpoint")
    if (
        told.get("issuer") != issuer
        or told.get("client_id_metadata_document_supported") is not True
        or told.get("require_pushed_authorization_requests") is not True
        or told.get("authorization_response_iss_parameter_supported") is not True
        or not holds("scopes_supported", SCOPE)
        or not holds("code_challenge_methods_supported", "S256")
        or not holds("dpop_signing_alg_values_supported", ALGORITHM)
        or push is None
        or page is None
        or token is None
    ):
        raise CannotAsk(_KEPT.format(server=_host(issuer)))
    return Asks(issuer, push, page, token, address("revocation_endpoint"))


def _said(url: str, server: str) -> Generator[Ask, Answer | None, dict[str, Any]]:
    try:
        answer = yield Ask(url, headers={"accept": "application/json"})
    except NoAsk:
        raise CannotAsk(_KEPT.format(server=_host(server))) from None
    if answer is None or answer.status >= 500:
        raise CannotAsk(
            f"The server {_host(server)} does not answer just now. Try again in a while."
        )
    try:
        said = answer.json() if answer.status == 200 else None
    except BadAnswer:
        said = None
    if not isinstance(said, dict):
        raise CannotAsk(_KEPT.format(server=_host(server)))
    return said


def _is_origin(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return bool(parts.hostname) and f"{parts.scheme}://{parts.netloc}" == text
    except ValueError:
        return False


def _host(origin: str) -> str:
    return urlsplit(origin).netloc or origin
