"""Facebook Pages, heard by the page's webhook (README.md beside this)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from types import MappingProxyType

from scoring.facts import Delivery, Kind, Telling
from scoring.platforms.addresses import PostNamed
from scoring.platforms.facebook import addresses, feed
from scoring.platforms.facebook.consent import FacebookConsent, FacebookPageConsent
from scoring.platforms.facebook.polls import POLLING
from scoring.platforms.facebook.steps import STEPS
from scoring.platforms.meta import Meta, of_address
from scoring.platforms.payload import Payload
from scoring.platforms.platform import Arrival, Capabilities, Named, NotAnAccount
from scoring.platforms.poll_settings import API, CALLS
from scoring.platforms.polling import is_poll
from scoring.platforms.sharing import composer

_HANDLE = re.compile(r"[A-Za-z0-9.]{1,60}")
_HOSTS = frozenset({"facebook.com", "www.facebook.com", "m.facebook.com", "fb.com", "www.fb.com"})


class Facebook(Meta):
    """Facebook: what happens on pages that the company runs."""

    name = "facebook"
    label = "Facebook"
    consent = FacebookConsent()
    page_consents = MappingProxyType({"page": FacebookPageConsent()})
    steps = STEPS
    capabilities = Capabilities(
        told=frozenset({Kind.POST, Kind.REACTION, Kind.REPLY, Kind.RESHARE, Kind.MENTION}),
        removed=frozenset({Kind.POST, Kind.REACTION, Kind.REPLY, Kind.RESHARE, Kind.MENTION}),
        arrivals=frozenset({Arrival.PUSH, Arrival.POLL}),
        freshness="within a minute",
        sureness="signed by Meta; only what happens on your page, and a mention does not say by whom",
    )
    wants = (*Meta.wants, CALLS, API)
    polling = POLLING
    asks_for = "the number by which your page knows you, or the address of your profile"

    def adapt(self, delivery: Delivery) -> Telling:
        """Read a batch of changes of one or more pages."""
        if is_poll(delivery):
            return POLLING.adapt(delivery)
        return feed.adapt(Payload.read(delivery.body), delivery.received_at)

    def profile_url(self, native_id: str, handle: str) -> str | None:
        """By handle where there is one; Facebook leads from a number to the profile otherwise."""
        if _HANDLE.fullmatch(handle) and not handle.isdecimal():
            return f"https://www.facebook.com/{handle}"
        return f"https://www.facebook.com/{native_id}" if native_id.isdecimal() else None

    def named(self, text: str) -> Named:
        """`8200000000000001` or `https://www.facebook.com/ada.example`."""
        typed = of_address(text.strip(), _HOSTS).removeprefix("@")
        if not _HANDLE.fullmatch(typed):
            raise NotAnAccount(
                "Type the number by which the page knows you, or the address of your profile, "
                "such as https://www.facebook.com/ada.example."
            )
        return Named(typed, typed)

    def post_named(self, text: str, own: Sequence[Named] = ()) -> PostNamed | None:
        """The post of an address. Raises NotAPost."""
        return addresses.named(text, own)

    def share_link(self, text: str, url: str, own: Named | None = None) -> str | None:
        """An address alone: Meta's rules want no text that an app wrote."""
        return composer("https://www.facebook.com/sharer/sharer.php", u=url)


PLATFORM = Facebook()
