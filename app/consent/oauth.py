"""What is the same at every network: the requests of RFC 6749, 7009 and 7636, made by Authlib. Pure.

Law: the address people come back to is exactly the one they left with, in every request.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

from authlib.common.security import generate_token
from authlib.oauth2.auth import ClientAuth
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri, prepare_token_request
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from scoring import Ask, Client, Consent


def fresh_secret() -> str:
    """A word nobody guesses: a state, or the verifier of a proof key (43 to 128 characters)."""
    secret: str = generate_token(64)
    return secret


def leaving(
    consent: Consent, client: Client, server: str | None, redirect: str, state: str, verifier: str
) -> str:
    """The network's page where a person says yes or no."""
    proof = {}
    if consent.proof_key:
        proof = {
            "code_challenge": create_s256_code_challenge(verifier),
            "code_challenge_method": "S256",
        }
    url: str = prepare_grant_uri(
        consent.endpoints(server).authorize,
        client.id,
        "code",
        redirect,
        consent.separator.join(scope.name for scope in consent.scopes),
        state,
        **proof,
        **consent.extra,
    )
    return url


def redeeming(
    consent: Consent, client: Client, server: str | None, redirect: str, code: str, verifier: str
) -> Ask:
    """Asks for the token that a code stands for."""
    proof = {"code_verifier": verifier} if consent.proof_key else {}
    body = prepare_token_request("authorization_code", "", redirect, code=code, **proof)
    return _as_client(consent, client, consent.endpoints(server).token, body)


def refreshing(consent: Consent, client: Client, server: str | None, refresh: str) -> Ask:
    """Asks for another token by the one that is kept for that."""
    body = prepare_token_request("refresh_token", "", refresh_token=refresh)
    return _as_client(consent, client, consent.endpoints(server).token, body)


def revoking(consent: Consent, client: Client, address: str, token: str, kind: str) -> Ask:
    """Takes a token back (RFC 7009)."""
    body = prepare_token_request("", "", token=token, token_type_hint=kind)
    return _as_client(consent, client, address, body)


def _as_client(consent: Consent, client: Client, address: str, body: str) -> Ask:
    proves: Any = ClientAuth(client.id, client.secret, consent.authentication)
    url, headers, body = proves.prepare("POST", address, {}, body)
    form = {name: value for name, value in parse_qsl(body) if value}
    if consent.authentication == "client_secret_basic":
        form["client_id"] = client.id  # X wants it beside the header
    return Ask(
        url,
        "POST",
        {"accept": "application/json", **{name.lower(): value for name, value in headers.items()}},
        form,
    )
