"""Keys on the curve P-256 and what they sign. Pure.

Law: the key of the installation follows from its secret key, so that every process signs the same; the
key of a session is random, made once for it, and lies encrypted with its tokens.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from joserfc import jwt
from joserfc.jwk import ECKey

ALGORITHM: Final = "ES256"
_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256
_INFO: Final = b"fanfare atproto client"


def installation_key(secret_key: str) -> ECKey:
    """The key by which an installation shows that it is the client it says."""
    # 48 bytes, so that what is taken modulo the order is as good as even (FIPS 186-5, A.2.1).
    drawn = HKDF(SHA256(), 48, salt=None, info=_INFO).derive(secret_key.encode())
    private = ec.derive_private_key(int.from_bytes(drawn) % (_ORDER - 1) + 1, ec.SECP256R1())
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return ECKey.import_key(pem)


def new_key() -> ECKey:
    """A key for one session."""
    return ECKey.generate_key("P-256")


def written(key: ECKey) -> str:
    """A key with its secret, as text; only to be encrypted."""
    return json.dumps(key.as_dict(private=True))


def read_key(text: str) -> ECKey:
    """The key again."""
    return ECKey.import_key(json.loads(text))


def public(key: ECKey, **more: str) -> dict[str, Any]:
    """What others may know of a key."""
    known = key.as_dict(private=False)
    return {name: known[name] for name in ("kty", "crv", "x", "y")} | more


def proof(
    key: ECKey, method: str, url: str, now: float, *, nonce: str | None, token: str | None = None
) -> str:
    """What shows, for one request, that whoever sends it holds the key (DPoP, RFC 9449, 4.2)."""
    parts = urlsplit(url)
    claims: dict[str, Any] = {
        "jti": secrets.token_urlsafe(16),
        "htm": method,
        "htu": f"{parts.scheme}://{parts.netloc}{parts.path}",  # neither query nor fragment
        "iat": int(now),
    }
    if nonce is not None:
        claims["nonce"] = nonce
    if token is not None:
        digest = hashlib.sha256(token.encode()).digest()
        claims["ath"] = urlsafe_b64encode(digest).rstrip(b"=").decode()
    return _signed(key, {"typ": "dpop+jwt", "jwk": public(key)}, claims)


def assertion(key: ECKey, client_id: str, issuer: str, now: float) -> str:
    """What shows that a request comes from the installation itself (RFC 7523)."""
    claims = {
        "iss": client_id,
        "sub": client_id,
        "aud": issuer,
        "jti": secrets.token_urlsafe(16),
        "iat": int(now),
        "exp": int(now) + 60,
    }
    return _signed(key, {"kid": key.thumbprint()}, claims)


def _signed(key: ECKey, header: Mapping[str, Any], claims: Mapping[str, Any]) -> str:
    return jwt.encode({"alg": ALGORITHM, **header}, dict(claims), key, algorithms=[ALGORITHM])
