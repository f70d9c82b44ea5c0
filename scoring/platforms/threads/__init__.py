"""Threads, heard by its webhook (README.md beside this)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from scoring.facts import Delivery, Kind, Telling
from scoring.platforms.addresses import PostNamed
from scoring.platforms.meta import Meta, of_address
from scoring.platforms.payload import Payload
from scoring.platforms.platform import Arrival, Capabilities, Named, NotAnAccount
from scoring.platforms.poll_settings import API, CALLS
from scoring.platforms.polling import is_poll
from scoring.platforms.sharing import composer
from scoring.platforms.threads import addresses, values
from scoring.platforms.threads.consent import ThreadsConsent
from scoring.platforms.threads.polls import POLLING
from scoring.platforms.threads.steps import STEPS

_HANDLE = re.compile(r"[a-z0-9._]{1,30}")
_HOSTS = frozenset({"threads.net", "www.threads.net", "threads.com", "www.threads.com"})


class Threads(Meta):
    """Threads: posts of, answers to and mentions of people who let the app hear them."""

    name = "threads"
    label = "Threads"
    consent = ThreadsConsent()
    steps = STEPS
    capabilities = Capabilities(
        told=frozenset({Kind.POST, Kind.REPLY, Kind.QUOTE, Kind.RESHARE, Kind.MENTION}),
        removed=frozenset({Kind.POST, Kind.REPLY, Kind.QUOTE, Kind.RESHARE, Kind.MENTION}),
        arrivals=frozenset({Arrival.PUSH, Arrival.POLL}),
        freshness="within a minute",
        sureness="signed by Meta; deletions only of one’s own posts, likes and follows never",
    )
    wants = (*Meta.wants, CALLS, API)
    polling = POLLING
    asks_for = "your name on Threads, such as @ada_works"

    def adapt(self, delivery: Delivery) -> Telling:
        """Read its flat envelope, or the one of Meta's other products."""
        if is_poll(delivery):
            return POLLING.adapt(delivery)
        return values.adapt(Payload.read(delivery.body), delivery.received_at)

    def profile_url(self, native_id: str, handle: str) -> str | None:
        """The account's page."""
        return f"https://www.threads.net/@{native_id}" if _HANDLE.fullmatch(native_id) else None

    def named(self, text: str) -> Named:
        """`@ada_works` or `https://www.threads.net/@ada_works`."""
        typed = of_address(text.strip(), _HOSTS)
        name = typed.removeprefix("@").lower()
        if not _HANDLE.fullmatch(name):
            raise NotAnAccount("Type your name on Threads, such as @ada_works.")
        return Named(name, name)

    def post_named(self, text: str, own: Sequence[Named] = ()) -> PostNamed | None:
        """The post of an address. Raises NotAPost."""
        return addresses.named(text)

    def share_link(self, text: str, url: str, own: Named | None = None) -> str | None:
        """An address alone: Meta's rules want no text that an app wrote."""
        return composer("https://www.threads.net/intent/post", url=url)


PLATFORM = Threads()
