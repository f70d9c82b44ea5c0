"""YouTube, heard by WebSub: new videos of the channels that were subscribed to (README.md beside this)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from scoring.facts import Delivery, Kind, Telling
from scoring.platforms.addresses import PostNamed
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
from scoring.platforms.poll_settings import API, CALLS
from scoring.platforms.polling import is_poll
from scoring.platforms.youtube import addresses, feed, websub
from scoring.platforms.youtube.consent import CLIENT, YouTubeConsent
from scoring.platforms.youtube.polls import POLLING
from scoring.platforms.youtube.steps import REPLACING, STEPS

_CHANNEL = re.compile(r"UC[A-Za-z0-9_-]{22}")
_ADDRESS = re.compile(
    r"(?:https://)?(?:www\.|m\.)?youtube\.com/channel/(UC[A-Za-z0-9_-]{22})/?(?:[?#].*)?"
)


class YouTube(Platform):
    """YouTube."""

    name = "youtube"
    label = "YouTube"
    consent = YouTubeConsent()
    steps = STEPS
    replacing = REPLACING
    capabilities = Capabilities(
        told=frozenset({Kind.POST}),
        removed=frozenset({Kind.POST}),
        arrivals=frozenset({Arrival.PUSH, Arrival.POLL}),
        freshness="within minutes, when Google’s hub is well",
        sureness="signed by Google’s hub; videos only, nothing about views, likes or comments",
    )
    incentive = IncentivePolicy(
        mode=Incentive.OFF,
        reason="YouTube forbids rewarding views, likes, comments and subscriptions, and any score made "
        "from its data",
        source="https://developers.google.com/youtube/terms/developer-policies",
        read_on=date(2026, 11, 1),
    )
    # Data of the API may be kept for 30 days without asking anew.
    raw_ttl_days = 30
    wants = (
        Wanted(
            "secret",
            "a secret of your own, which Google’s hub signs with",
            websub.check_secret,
            several=True,
            fresh=bytes.hex,
        ),
        *CLIENT,
        Wanted("hub", "the address of its hub, where it is not Google's", websub.check_hub),
        CALLS,
        API,
    )
    polling = POLLING
    hub = websub.SUBSCRIBING

    def challenge(self, query: Mapping[str, str], secrets: Secrets) -> Reply | None:
        """Confirm a subscription that we asked for, and no other."""
        return websub.challenge(query, secrets)

    def verify(
        self, headers: Mapping[str, str], body: bytes, secrets: Secrets, now: datetime
    ) -> str:
        """Prove `X-Hub-Signature`. The hub names no delivery; a retry has the same bytes."""
        return websub.verify(headers, body, secrets)

    def adapt(self, delivery: Delivery) -> Telling:
        """Read an Atom feed of new, changed or deleted videos, or the answer to a poll."""
        if is_poll(delivery):
            return POLLING.adapt(delivery)
        return feed.adapt(delivery.body, delivery.received_at)

    def profile_url(self, native_id: str, handle: str) -> str | None:
        """The channel's page."""
        if _CHANNEL.fullmatch(native_id):
            return f"https://www.youtube.com/channel/{native_id}"
        return None

    asks_for = "the id of your channel, such as UCabcdefghijklmnopqrstuv"

    def named(self, text: str) -> Named:
        """`UC…`, or the address of a channel by its id."""
        typed = text.strip()
        if address := _ADDRESS.fullmatch(typed):
            typed = address[1]
        if not _CHANNEL.fullmatch(typed):
            raise NotAnAccount(
                "Type the id of your channel, which begins with UC; YouTube shows it under Settings, "
                "Advanced settings."
            )
        return Named(typed, typed)

    def post_named(self, text: str, own: Sequence[Named] = ()) -> PostNamed | None:
        """The post of an address. Raises NotAPost."""
        return addresses.named(text)


PLATFORM = YouTube()
