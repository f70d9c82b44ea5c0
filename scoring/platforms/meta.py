"""What Facebook, Instagram and Threads share: one way to shake hands, one to sign, one kind of rules.

Source: developers.facebook.com/docs/graph-api/webhooks/getting-started, read 2026-11-01. The signature
is over an escaped form of the payload, which is how the bytes arrive: they are signed as they are.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Final
from urllib.parse import urlsplit

from scoring.facts import UnusableFact
from scoring.platforms.decoding import decoded
from scoring.platforms.meta_consent import APP_ID
from scoring.platforms.moments import AbsurdTime, moment
from scoring.platforms.payload import Payload
from scoring.platforms.platform import (
    ChallengeRefused,
    Incentive,
    IncentivePolicy,
    NotVerified,
    Platform,
    Reply,
    Secrets,
    Wanted,
)
from scoring.platforms.signature import prove

# Messages of people to a page come to the same address; they are none of our business.
_PRIVATE: Final = ("messaging", "standby")
_MESSAGES: Final = ("message", "messaging")  # how their fields begin where they come as changes
_MOST_CHALLENGE: Final = 256  # Meta's own have ten digits

INCENTIVE: Final = IncentivePolicy(
    mode=Incentive.RECOGNITION,
    reason="Meta lets apps reward only logging in, entering a promotion, checking in and using "
    "Messenger; likes, comments and shares may not be paid for",
    source="https://developers.facebook.com/devpolicy/",
    read_on=date(2026, 11, 1),
)


class Meta(Platform):
    """A product of Meta."""

    incentive = INCENTIVE
    # Meta names no days; long enough to read again after a mistake of ours.
    raw_ttl_days = 30
    wants: tuple[Wanted, ...] = (
        APP_ID,
        Wanted("secret", "the app's secret, which signs its webhook", several=True),
        Wanted(
            "verify_token",
            "words of your choice, typed into the app's webhook form",
            several=True,
            fresh=lambda random: random[:12].hex(),
        ),
    )
    replacing = (
        "Both hold several values with a space between, and all are taken. *App settings*, "
        "*Basic*, *Reset* makes a new secret: put it in front of the old one. Meta repeats what "
        "was refused meanwhile for 36 hours. Drop the old one when the new one is the one that "
        "was used last."
    )

    def problems(self, secrets: Secrets) -> list[str]:
        """Without the token the address cannot be registered, without the secret nothing heard."""
        missing = [name for name in ("secret", "verify_token") if not secrets.every(name)]
        return [f"{self.variable(name)} is not set" for name in missing]

    def challenge(self, query: Mapping[str, str], secrets: Secrets) -> Reply | None:
        """Give back `hub.challenge` to whoever knows our token. Raises ChallengeRefused, NotVerified."""
        if query.get("hub.mode") != "subscribe":
            return None
        given = query.get("hub.verify_token", "").encode()
        tokens = secrets.every("verify_token")
        # Every token is tried, so that the time taken does not tell which one fits.
        fits = [hmac.compare_digest(given, token.encode()) for token in tokens]
        if not any(fits):
            raise NotVerified("hub.verify_token is not the one that is set")
        words = query.get("hub.challenge", "")
        if not (words.isascii() and words.isalnum() and len(words) <= _MOST_CHALLENGE):
            raise ChallengeRefused("hub.challenge is no short word")
        return Reply(words.encode(), "text/plain; charset=utf-8")

    def verify(
        self, headers: Mapping[str, str], body: bytes, secrets: Secrets, now: datetime
    ) -> str:
        """Prove `X-Hub-Signature-256`. Meta names no delivery; a retry has the same bytes."""
        prove(headers.get("x-hub-signature-256"), "hex", secrets.every("secret"), body)
        return hashlib.sha256(body).hexdigest()

    def kept_body(self, body: bytes) -> bytes:
        """Without messages of people; a body without them stays the same bytes."""
        try:
            whole = decoded(body)
            return json.dumps(whole).encode() if _redact(whole) else body
        except (ValueError, RecursionError):
            return body


def at_second(told: Payload, received_at: datetime) -> datetime | None:
    """The moment behind seconds since 1970; None for nothing and for a time that cannot be."""
    if not told.given:
        return None
    try:
        return moment(int(told.id()) * 1000, received_at)
    except AbsurdTime:
        return None
    except ValueError:  # UnusableFact is one
        raise UnusableFact(f"{told.path}: expected seconds since 1970") from None


def of_address(typed: str, hosts: frozenset[str]) -> str:
    """The first part of a profile's address on one of these hosts, or what was typed if it is none."""
    if "://" not in typed:
        return typed
    try:
        address = urlsplit(typed)
    except ValueError:  # such as a broken IPv6 address
        return ""
    return address.path.strip("/").split("/")[0] if address.hostname in hosts else ""


def _redact(whole: object) -> bool:
    """Take out what people wrote to each other, in each of the envelopes; whether there was any."""
    found = False
    for batch in whole if isinstance(whole, list) else (whole,):
        for entry in _objects(batch, "entry"):
            for name in _PRIVATE:
                if entry.get(name):
                    entry[name] = []
                    found = True
            for change in (entry, *_objects(entry, "changes")):
                field = change.get("field")
                if isinstance(field, str) and field.startswith(_MESSAGES) and change.get("value"):
                    change["value"] = {}
                    found = True
    return found


def _objects(value: object, name: str) -> list[dict[str, object]]:
    members = value.get(name) if isinstance(value, dict) else None
    return [one for one in members if isinstance(one, dict)] if isinstance(members, list) else []
