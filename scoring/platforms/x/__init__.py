"""X, heard by webhook: the X Activity API and the older Account Activity API (README.md beside
this)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from scoring.facts import Delivery, Kind, Telling
from scoring.platforms.addresses import PostNamed
from scoring.platforms.payload import Payload
from scoring.platforms.platform import (
    Arrival,
    Capabilities,
    Incentive,
    IncentivePolicy,
    Named,
    NotAnAccount,
    Platform,
    Reply,
    Secrets,
    Wanted,
)
from scoring.platforms.poll_settings import API, BUDGET, CALLS
from scoring.platforms.polling import is_poll
from scoring.platforms.sharing import composer
from scoring.platforms.x import account_activity, activity, addresses, verify
from scoring.platforms.x.consent import XConsent
from scoring.platforms.x.polls import POLLING
from scoring.platforms.x.steps import REPLACING, STEPS

_POSTS = frozenset({Kind.POST, Kind.REPLY, Kind.RESHARE, Kind.QUOTE, Kind.MENTION})


class X(Platform):
    """X (Twitter)."""

    name = "x"
    label = "X"
    consent = XConsent()
    steps = STEPS
    replacing = REPLACING
    capabilities = Capabilities(
        told=_POSTS | {Kind.REACTION, Kind.FOLLOW},
        removed=_POSTS | {Kind.FOLLOW},
        unordered=frozenset({Kind.FOLLOW}),  # the Activity API tells follows without time or id
        arrivals=frozenset({Arrival.PUSH, Arrival.POLL}),
        freshness="within seconds",
        sureness="signed by X; likes do not always name who liked, and no unlike is ever told",
    )
    incentive = IncentivePolicy(
        mode=Incentive.RECOGNITION,
        reason="X forbids any monetary or virtual compensation for posts, follows, reposts, likes "
        "and replies, and revoked the access of apps that reward posting",
        source="https://docs.x.com/developer-terms/policy",
        read_on=date(2026, 11, 1),
    )
    # What is deleted on X must be gone here within 24 hours, raw deliveries included.
    raw_ttl_days = 1
    wants = (
        Wanted(
            "client_id",
            "the OAuth 2.0 client id, under which people let Fanfare see their accounts",
        ),
        Wanted(
            "client_secret",
            "the OAuth 2.0 client secret, which signs current webhooks",
            several=True,
        ),
        Wanted(
            "consumer_secret", "the consumer secret, which signs the older webhooks", several=True
        ),
        Wanted("crc_key", "which of the two answers X's challenge", check=verify.check_key),
        BUDGET,
        CALLS,
        API,
    )
    polling = POLLING

    def problems(self, secrets: Secrets) -> list[str]:
        """Without either secret neither challenge nor delivery can be answered."""
        if secrets.one("client_secret") or secrets.one("consumer_secret"):
            return []
        new, old = self.variable("client_secret"), self.variable("consumer_secret")
        return [f"neither {new} nor {old} is set"]

    def challenge(self, query: Mapping[str, str], secrets: Secrets) -> Reply | None:
        """Answer X's CRC."""
        return verify.challenge(query, secrets)

    def verify(
        self, headers: Mapping[str, str], body: bytes, secrets: Secrets, now: datetime
    ) -> str:
        """Prove the signature and name the delivery."""
        return verify.verify(headers, body, secrets)

    def adapt(self, delivery: Delivery) -> Telling:
        """Read either API's envelope, or the answer to a poll."""
        if is_poll(delivery):
            return POLLING.adapt(delivery)
        whole = Payload.read(delivery.body)
        if whole["data"].given:
            return activity.adapt(whole["data"], delivery.received_at)
        return account_activity.adapt(whole, delivery.received_at)

    def profile_url(self, native_id: str, handle: str) -> str | None:
        """By handle where known; X leads from the number to the profile otherwise."""
        handle = handle.removeprefix("@")
        if handle.isascii() and handle.replace("_", "").isalnum():
            return f"https://x.com/{handle}"
        return f"https://x.com/i/user/{native_id}" if native_id.isdecimal() else None

    consent_first = True
    asks_for = "your handle and the number of your account, such as @ada 2244994945"

    def named(self, text: str) -> Named:
        """`@ada 2244994945`: X names accounts by number, for handles change hands."""
        words = text.replace("@", " ").split()
        numbers = [word for word in words if word.isdecimal() and word.isascii()]
        handles = [word for word in words if re.fullmatch(r"[A-Za-z0-9_]{1,15}", word)]
        if not numbers or len(numbers[-1]) > 19:
            raise NotAnAccount(
                "Add the number of the account, such as @ada 2244994945; it stands in the "
                "data archive that X gives you, as accountId."
            )
        handle = next((word for word in handles if word != numbers[-1]), numbers[-1])
        return Named(str(int(numbers[-1])), handle)

    def post_named(self, text: str, own: Sequence[Named] = ()) -> PostNamed | None:
        """The post of an address. Raises NotAPost."""
        return addresses.named(text)

    def share_link(self, text: str, url: str, own: Named | None = None) -> str | None:
        """docs.x.com, x-for-websites; a link counts 23 of 280 characters."""
        return composer("https://x.com/intent/tweet", text=text, url=url)


PLATFORM = X()
