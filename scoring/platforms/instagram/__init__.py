"""Instagram, heard by the webhook of professional accounts (README.md beside this)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from scoring.facts import Delivery, Kind, Telling
from scoring.platforms.addresses import PostNamed
from scoring.platforms.instagram import addresses, changes
from scoring.platforms.instagram.consent import InstagramConsent
from scoring.platforms.instagram.polls import POLLING
from scoring.platforms.instagram.steps import STEPS
from scoring.platforms.meta import Meta, of_address
from scoring.platforms.payload import Payload
from scoring.platforms.platform import Arrival, Capabilities, Named, NotAnAccount
from scoring.platforms.poll_settings import API, CALLS
from scoring.platforms.polling import is_poll

_HANDLE = re.compile(r"[A-Za-z0-9._]{1,30}")
_HOSTS = frozenset({"instagram.com", "www.instagram.com"})


class Instagram(Meta):
    """Instagram: comments on and mentions of professional accounts."""

    name = "instagram"
    label = "Instagram"
    consent = InstagramConsent()
    steps = STEPS
    capabilities = Capabilities(
        told=frozenset({Kind.REPLY, Kind.MENTION}),
        removed=frozenset(),
        arrivals=frozenset({Arrival.PUSH, Arrival.POLL}),
        freshness="within a minute",
        sureness="signed by Meta; likes and follows are never told, a mention does not say by whom",
    )
    wants = (*Meta.wants, CALLS, API)
    polling = POLLING
    asks_for = "your name there and the number of your professional account, such as @ada 17841400000000001"

    def adapt(self, delivery: Delivery) -> Telling:
        """Read any of the three envelopes."""
        if is_poll(delivery):
            return POLLING.adapt(delivery)
        return changes.adapt(Payload.read(delivery.body), delivery.received_at)

    def profile_url(self, native_id: str, handle: str) -> str | None:
        """By name; there is no page by number."""
        handle = handle.removeprefix("@")
        if _HANDLE.fullmatch(handle) and not handle.isdecimal():
            return f"https://www.instagram.com/{handle}/"
        return None

    def named(self, text: str) -> Named:
        """`@ada 17841400000000001`; the number alone will do."""
        typed = of_address(text.strip(), _HOSTS)
        words = typed.replace("@", " ").split()
        numbers = [word for word in words if word.isascii() and word.isdecimal() and len(word) < 21]
        names = [word for word in words if _HANDLE.fullmatch(word) and word not in numbers]
        if not numbers:
            raise NotAnAccount(
                "Add the number of your professional account, such as @ada 17841400000000001; "
                "Meta Business Suite shows it under the account’s details."
            )
        return Named(numbers[-1], names[0] if names else numbers[-1])

    def post_named(self, text: str, own: Sequence[Named] = ()) -> PostNamed | None:
        """The post of an address. Raises NotAPost."""
        return addresses.named(text)


PLATFORM = Instagram()
