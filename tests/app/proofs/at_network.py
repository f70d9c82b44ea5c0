"""A small network of the AT Protocol here: a directory, a server that keeps accounts, one that asks.

It checks what a real one checks, by its own reading of the RFCs, and gives nothing to who does less.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from tests.app.going_out.server import Heard, Serving, answer

DIRECTORY, KEEPS, ASKS, HANDLE = (
    "https://plc.directory",
    "https://pds.example",
    "https://asks.example",
    "https://ana.example",
)
DID = "did:plc:z72i7hdynmk6r22z27h6tvur"


@dataclass
class Network(Serving):
    """All of it behind one port, told apart by the name it is asked as."""

    client: Mapping[str, Any] = field(default_factory=dict)  # its document, as a server fetched it
    nonce: str = "first"
    signs_in: str = DID
    pushed: dict[str, dict[str, str]] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    good: dict[str, str] = field(default_factory=dict)  # refresh token → thumbprint of its key
    revoked: list[str] = field(default_factory=list)
    seen_proofs: set[str] = field(default_factory=set)
    changed: dict[str, Any] = field(
        default_factory=dict
    )  # of what the asking server says of itself

    @property
    def peers(self) -> tuple[str, ...]:
        """As the settings name them."""
        return tuple(f"{name}={self.origin}" for name in (DIRECTORY, KEEPS, ASKS, HANDLE))

    def told(self, heard: Heard) -> bytes:
        """By host and path."""
        at = f"https://{heard.headers['host']}", heard.path
        form = {name: values[0] for name, values in parse_qs(heard.body.decode()).items()}
        if at == (DIRECTORY, f"/{DID}"):
            return _json(_document())
        if at == (HANDLE, "/.well-known/atproto-did"):
            return answer(200, body=DID.encode())
        if at == (KEEPS, "/.well-known/oauth-protected-resource"):
            return _json({"resource": KEEPS, "authorization_servers": [ASKS]})
        if at == (ASKS, "/.well-known/oauth-authorization-server"):
            return _json(_says() | self.changed)
        if at[0] == ASKS and heard.method == "POST":
            return self._oauth(heard, form)
        return answer(404)

    def agree(self, page: str) -> str:
        """The owner says yes on the page; what they come back with."""
        query = parse_qs(urlsplit(page).query)
        assert page.startswith(f"{ASKS}/authorize?")
        pushed = self.pushed.pop(query["request_uri"][0])
        assert query["client_id"] == [pushed["client_id"]]
        code = secrets.token_urlsafe(16)
        self.codes[code] = pushed
        return urlencode({"code": code, "state": pushed["state"], "iss": ASKS})

    def _oauth(self, heard: Heard, form: dict[str, str]) -> bytes:
        try:
            thumbprint = self._holder(heard)
            self._client(form)
        except _NonceWanted:
            return answer(
                400, {"DPoP-Nonce": self.nonce, "Content-Type": "application/json"},
                b'{"error": "use_dpop_nonce"}',
            )  # fmt: skip
        except (JoseError, KeyError, AssertionError, ValueError) as why:
            return _json({"error": "invalid_client", "why": repr(why)}, 401)
        if heard.path == "/par":
            named = "urn:ietf:params:oauth:request_uri:" + secrets.token_urlsafe(8)
            self.pushed[named] = {**form, "key": thumbprint}
            return _json({"request_uri": named, "expires_in": 300}, 201)
        if heard.path == "/token":
            return self._token(form, thumbprint)
        if heard.path == "/revoke":
            self.revoked.append(form["token"])
            self.good.pop(form["token"], None)
            return answer(200)
        return answer(404)

    def _holder(self, heard: Heard) -> str:
        """Check RFC 9449, 4.3; the thumbprint of the key."""
        shown = heard.headers["dpop"]
        head = jwt.decode(shown, _key_in(shown), algorithms=["ES256"])
        claims = head.claims
        assert head.header["typ"] == "dpop+jwt"
        assert "d" not in head.header["jwk"]
        assert claims["htm"] == heard.method
        assert claims["htu"] == f"https://{heard.headers['host']}{heard.path}"
        assert claims["jti"] not in self.seen_proofs
        self.seen_proofs.add(claims["jti"])
        if claims.get("nonce") != self.nonce:
            raise _NonceWanted
        return _key_in(shown).thumbprint()

    def _client(self, form: dict[str, str]) -> None:
        """Check that the client is the one of the document (RFC 7523)."""
        assert form["client_id"] == self.client["client_id"]
        key = ECKey.import_key(self.client["jwks"]["keys"][0])
        said = jwt.decode(form["client_assertion"], key, algorithms=["ES256"])
        assert said.header["kid"] == self.client["jwks"]["keys"][0]["kid"]
        assert said.claims["iss"] == said.claims["sub"] == form["client_id"]
        assert said.claims["aud"] == ASKS
        assert said.claims["jti"] not in self.seen_proofs
        self.seen_proofs.add(said.claims["jti"])

    def _token(self, form: dict[str, str], thumbprint: str) -> bytes:
        if form["grant_type"] == "authorization_code":
            pushed = self.codes.pop(form["code"], None)
            digest = hashlib.sha256(form["code_verifier"].encode()).digest()
            challenge = urlsafe_b64encode(digest).rstrip(b"=").decode()
            if (
                pushed is None
                or pushed["code_challenge"] != challenge
                or pushed["redirect_uri"] != form["redirect_uri"]
                or pushed["key"] != thumbprint
                or form["redirect_uri"] not in self.client["redirect_uris"]
            ):
                return _json({"error": "invalid_grant"}, 400)
        elif self.good.pop(form["refresh_token"], None) != thumbprint:
            return _json({"error": "invalid_grant"}, 400)
        again = secrets.token_urlsafe(16)
        self.good[again] = thumbprint
        return _json(
            {
                "access_token": secrets.token_urlsafe(16),
                "token_type": "DPoP",
                "refresh_token": again,
                "expires_in": 3600,
                "scope": "atproto",
                "sub": self.signs_in,
            }
        )


class _NonceWanted(Exception):
    pass


def _key_in(shown: str) -> ECKey:
    """The key that a proof brings along."""
    padded = shown.split(".")[0] + "=="
    head = json.loads(urlsafe_b64decode(padded))
    return ECKey.import_key(head["jwk"])


def _document() -> dict[str, Any]:
    return {
        "id": DID,
        "alsoKnownAs": ["at://ana.example"],
        "service": [
            {
                "id": "#atproto_pds",
                "type": "AtprotoPersonalDataServer",
                "serviceEndpoint": KEEPS,
            }
        ],
    }


def _says() -> dict[str, Any]:
    return {
        "issuer": ASKS,
        "authorization_endpoint": f"{ASKS}/authorize",
        "token_endpoint": f"{ASKS}/token",
        "pushed_authorization_request_endpoint": f"{ASKS}/par",
        "revocation_endpoint": f"{ASKS}/revoke",
        "client_id_metadata_document_supported": True,
        "require_pushed_authorization_requests": True,
        "authorization_response_iss_parameter_supported": True,
        "scopes_supported": ["atproto", "transition:generic"],
        "code_challenge_methods_supported": ["S256"],
        "dpop_signing_alg_values_supported": ["ES256"],
    }


def _json(said: object, status: int = 200) -> bytes:
    return answer(status, {"Content-Type": "application/json"}, json.dumps(said).encode())
