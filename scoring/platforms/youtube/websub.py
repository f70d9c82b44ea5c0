"""Subscribing by WebSub (W3C Recommendation of 2018-01-23): our asking, the hub's asking back, its signing.

Law: only a subscription that carries our own proof in its callback is confirmed, so that nobody can make a
hub send us what we never asked for. Google's hub still signs with SHA-1, as the Recommendation lets it.
"""

from __future__ import annotations

import binascii
import hashlib
import hmac
import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qs, urlencode, urlsplit

from scoring.platforms.asking import Ask, NoAsk
from scoring.platforms.hubs import Confirmed, Hub, Wish, lease_of
from scoring.platforms.platform import ChallengeRefused, NotVerified, Reply, Secrets
from scoring.platforms.signature import hmac_sha256

HUB: Final = "https://pubsubhubbub.appspot.com/subscribe"
LEASE_S: Final = 5 * 24 * 3600  # what Google's hub grants
_FEED: Final = "https://www.youtube.com/xml/feeds/videos.xml"
# The address that older documents name; a hub may still say it.
_PATHS: Final = frozenset({"/xml/feeds/videos.xml", "/feeds/videos.xml"})
_METHODS: Final = ("sha1", "sha256", "sha384", "sha512")
_MOST_CHALLENGE: Final = 512
_PLAIN: Final = "text/plain; charset=utf-8"
_CHANNEL: Final = re.compile(r"UC[A-Za-z0-9_-]{22}")
_MOST_SECRET: Final = 199  # bytes; the Recommendation wants less than 200


def check_hub(value: str) -> None:
    """Refuse what is no address of a hub. Raises ValueError."""
    if not re.fullmatch(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[!-~]*)?", value):
        raise ValueError("must be the address of a hub, such as https://hub.example/subscribe")


def check_secret(value: str) -> None:
    """Refuse a secret that no hub takes. Raises ValueError."""
    if not 16 <= len(value.encode()) <= _MOST_SECRET:
        raise ValueError("must have 16 to 199 characters, such as `openssl rand -hex 32` makes")


def subscription(
    base_url: str, channel: str, secret: str, mode: str = "subscribe"
) -> dict[str, str]:
    """The form that asks the hub for a channel's videos, or to end that."""
    proof = urlencode({"channel": channel, "proof": _proof(secret, channel)})
    return {
        "hub.callback": f"{base_url}/webhooks/youtube?{proof}",
        "hub.mode": mode,
        "hub.topic": f"{_FEED}?{urlencode({'channel_id': channel})}",
        "hub.lease_seconds": str(LEASE_S),
        "hub.secret": secret,
    }


def challenge(query: Mapping[str, str], secrets: Secrets) -> Reply | None:
    """Confirm what we asked for. Raises NotVerified for what we did not, ChallengeRefused."""
    mode = query.get("hub.mode")
    if mode not in tuple(Wish):
        return None
    channel = channel_of(query.get("hub.topic", ""))
    given = query.get("proof", "").encode()
    fits = [
        hmac.compare_digest(given, _proof(secret, channel or "").encode())
        for secret in secrets.every("secret")
    ]
    if channel is None or channel != query.get("channel") or not any(fits):
        raise NotVerified("this subscription is none that we asked for")
    if mode == Wish.DENIED:
        return Reply(b"", _PLAIN)
    words = query.get("hub.challenge", "")
    if not (words.isascii() and words.isprintable() and 0 < len(words) <= _MOST_CHALLENGE):
        raise ChallengeRefused("hub.challenge is missing, too long or not printable")
    return Reply(words.encode(), _PLAIN)


def confirmed(query: Mapping[str, str]) -> Confirmed | None:
    """What a proven handshake confirms or denies."""
    channel, mode = channel_of(query.get("hub.topic", "")), query.get("hub.mode")
    if channel is None or mode not in tuple(Wish):
        return None
    reason = "".join(one for one in query.get("hub.reason", "") if one.isprintable())[:200]
    return Confirmed(channel, Wish(mode), lease_of(query.get("hub.lease_seconds", "")), reason)


def _ask(base_url: str, channel: str, secrets: Secrets, wish: Wish) -> Ask:
    secret = secrets.one("secret")
    if secret is None or not _CHANNEL.fullmatch(channel):
        raise NoAsk("without a secret, or for what is no channel, nothing is subscribed to")
    form = subscription(base_url, channel, secret, wish.value)
    return Ask(secrets.one("hub") or HUB, "POST", form=form)


def channel_of(topic: str) -> str | None:
    """The channel whose videos a topic is about."""
    try:
        parts = urlsplit(topic)
        asked = parse_qs(parts.query).get("channel_id", [])
    except ValueError:
        return None
    if parts.hostname != "www.youtube.com" or parts.path not in _PATHS or len(asked) != 1:
        return None
    return asked[0]


def verify(headers: Mapping[str, str], body: bytes, secrets: Secrets) -> str:
    """Prove `X-Hub-Signature: method=digest`; the key is the body's digest. Raises NotVerified."""
    method, _, text = headers.get("x-hub-signature", "").partition("=")
    if method not in _METHODS:
        raise NotVerified("the signature is missing or of an unknown method")
    if not secrets.every("secret"):
        raise NotVerified("no secret is set for YouTube")
    try:
        given = binascii.unhexlify(text)
    except ValueError:  # binascii.Error is one; so is a header beyond ASCII
        raise NotVerified("the signature is not hex") from None
    fits = [
        hmac.compare_digest(hmac.digest(secret.encode(), body, method), given)
        for secret in secrets.every("secret")
    ]
    if not any(fits):
        raise NotVerified("the signature does not fit the body")
    return hashlib.sha256(body).hexdigest()


def _proof(secret: str, channel: str) -> str:
    return hmac_sha256(secret, f"youtube subscription {channel}".encode()).hex()


SUBSCRIBING: Final = Hub(_ask, confirmed, LEASE_S)
