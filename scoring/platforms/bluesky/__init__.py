"""Bluesky and the AT Protocol, heard by a stream of public records (README.md beside this)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from scoring.facts import Delivery, Kind, Telling
from scoring.platforms.addresses import PostNamed
from scoring.platforms.bluesky import addresses, events
from scoring.platforms.bluesky.names import did_of, handle_of
from scoring.platforms.bluesky.polls import POLLING
from scoring.platforms.bluesky.proving import BlueskyProving
from scoring.platforms.bluesky.steps import STEPS
from scoring.platforms.payload import Payload
from scoring.platforms.platform import (
    Arrival,
    Capabilities,
    Incentive,
    IncentivePolicy,
    Named,
    NotAnAccount,
    NotVerified,
    Platform,
    Secrets,
    Wanted,
)
from scoring.platforms.poll_settings import API, CALLS
from scoring.platforms.polling import is_poll
from scoring.platforms.sharing import composer, text_with

_ALL = frozenset(
    {Kind.POST, Kind.REACTION, Kind.REPLY, Kind.RESHARE, Kind.QUOTE, Kind.MENTION, Kind.FOLLOW}
)


def _check_stream(value: str) -> None:
    if not value.startswith(("wss://", "ws://")):
        raise ValueError("must be an address that starts with wss://")


def _check_directory(value: str) -> None:
    if not value.startswith(("https://", "http://")) or value.endswith("/"):
        raise ValueError("must be an address that starts with https:// and ends without a slash")


class Bluesky(Platform):
    """Bluesky, and every other server of the AT Protocol."""

    name = "bluesky"
    label = "Bluesky"
    steps = STEPS
    capabilities = Capabilities(
        told=_ALL,
        removed=_ALL,
        arrivals=frozenset({Arrival.STREAM, Arrival.POLL}),
        freshness="within seconds",
        sureness="public records, every undoing too; only the connection proves where they come from",
    )
    incentive = IncentivePolicy(
        mode=Incentive.CASH,
        reason="Bluesky's guidelines forbid artificial engagement and name no rule about incentives "
        "for what people themselves write",
        source="https://bsky.social/about/support/community-guidelines",
        read_on=date(2026, 11, 1),
    )
    # No limit of the network's; long enough to read again after a mistake of ours.
    raw_ttl_days = 30
    wants = (
        Wanted(
            "directory",
            "the directory of DIDs, where it is not https://plc.directory",
            check=_check_directory,
        ),
        Wanted(
            "stream",
            "addresses of Jetstreams and of servers, such as wss://jetstream2.us-east.bsky.network",
            check=_check_stream,
            several=True,
        ),
        CALLS,
        API,
    )
    polling = POLLING

    def problems(self, secrets: Secrets) -> list[str]:
        """Without an address there is nothing to listen to."""
        return [] if secrets.one("stream") else [f"{self.variable('stream')} is not set"]

    def verify(
        self, headers: Mapping[str, str], body: bytes, secrets: Secrets, now: datetime
    ) -> str:
        """Nobody may post here: records come by the stream that Fanfare opens. Raises NotVerified."""
        raise NotVerified("Bluesky is heard by a stream, not by a webhook")

    def adapt(self, delivery: Delivery) -> Telling:
        """Read one event, or a list of them, of either Jetstream or of a server's own stream,
        or the answer to a poll."""
        if is_poll(delivery):
            return POLLING.adapt(delivery)
        return events.adapt(Payload.read(delivery.body), delivery.received_at)

    def profile_url(self, native_id: str, handle: str) -> str | None:
        """The account's page; a DID leads there whatever its handle becomes."""
        return f"https://bsky.app/profile/{native_id}" if did_of(native_id) else None

    proving = BlueskyProving()
    asks_for = "your handle, such as ada.bsky.social, or your DID"

    def named(self, text: str) -> Named:
        """A DID, with the handle where it is typed along: `@ada.example.com did:plc:…`."""
        words = text.replace("@", " ").split()
        dids = [did for word in words if (did := did_of(word.rpartition("/")[2]))]
        handles = [handle for word in words if (handle := handle_of(word))]
        if not dids:
            raise NotAnAccount(
                "Type your DID, which stays yours when your handle changes; "
                "https://bsky.app, Settings, Account shows it under Handle."
            )
        return Named(dids[0], handles[0] if handles else dids[0])

    def post_named(self, text: str, own: Sequence[Named] = ()) -> PostNamed | None:
        """The post of an address. Raises NotAPost."""
        return addresses.named(text, own)

    def share_link(self, text: str, url: str, own: Named | None = None) -> str | None:
        """docs.bsky.app, action intent links: a text of 300 characters, which holds the address."""
        return composer("https://bsky.app/intent/compose", text=text_with(text, url))


PLATFORM = Bluesky()
