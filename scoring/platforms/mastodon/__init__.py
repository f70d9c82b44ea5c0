"""Mastodon, heard by a server's admin webhook and by users' notifications (README.md beside
this)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from urllib.parse import urlsplit

from scoring.facts import Delivery, Kind, Telling
from scoring.platforms.addresses import PostNamed
from scoring.platforms.mastodon import addresses, events, privacy
from scoring.platforms.mastodon.chosen_server import of_whom_it_may_speak
from scoring.platforms.mastodon.consent import MastodonConsent
from scoring.platforms.mastodon.names import Server, handle_of, host_of
from scoring.platforms.mastodon.polls import POLLING
from scoring.platforms.mastodon.proving import MastodonProving
from scoring.platforms.mastodon.steps import REPLACING, STEPS
from scoring.platforms.payload import Payload
from scoring.platforms.platform import (
    Arrival,
    Capabilities,
    Incentive,
    IncentivePolicy,
    Named,
    NotAnAccount,
    Platform,
    Secrets,
    Wanted,
)
from scoring.platforms.poll_settings import CALLS
from scoring.platforms.polling import is_poll
from scoring.platforms.sharing import composer, text_with
from scoring.platforms.signature import prove

_SCHEMES = frozenset({"https", "wss", "http", "ws"})
_POSTS = frozenset({Kind.POST, Kind.REPLY, Kind.RESHARE, Kind.QUOTE, Kind.MENTION})
# Ours, not the network's: the server's name as it was set when the delivery came.
_SERVER_HEADER = "fanfare-server"
_WEB_HEADER = "fanfare-web"  # and the host of its pages
_CHOSEN_HEADER = "fanfare-chosen-by"  # the account whose owner chose the server


def _check_host(value: str) -> None:
    if "://" in value or host_of(value) is None:
        raise ValueError("must be a host name, such as social.example.org")


def _check_stream(value: str) -> None:
    try:
        parts = urlsplit(value)
        fits = parts.scheme in _SCHEMES and parts.username and parts.hostname and parts.port != 0
        fits = fits and parts.path in ("", "/") and not (parts.query or parts.fragment)
    except ValueError:  # a port that is none
        fits = False
    if not fits:
        raise ValueError(
            "must be https://TOKEN@server for server-sent events or wss://TOKEN@server for a WebSocket"
        )


def _hosts(named: Sequence[str]) -> list[str]:
    """As they stand in the names of accounts."""
    accounts = (handle_of(f"anybody@{one}") for one in named)
    return [account.rpartition("@")[2] for account in accounts if account is not None]


class Mastodon(Platform):
    """Mastodon, and whatever speaks its API."""

    name = "mastodon"
    label = "Mastodon"
    consent = MastodonConsent()
    steps = STEPS
    replacing = REPLACING
    capabilities = Capabilities(
        told=_POSTS | {Kind.REACTION, Kind.FOLLOW},
        removed=_POSTS,
        arrivals=frozenset({Arrival.PUSH, Arrival.STREAM, Arrival.POLL}),
        freshness="within seconds",
        sureness="signed by the server; deletions only by the stream, no unlike and no unfollow",
    )
    incentive = IncentivePolicy(
        mode=Incentive.CASH,
        reason="Mastodon has no central rule about incentives; each server's own rules apply",
        source="https://docs.joinmastodon.org/admin/moderation/",
        read_on=date(2026, 11, 1),
    )
    raw_ttl_days = (
        30  # no limit of the network's; long enough to read again after a mistake of ours
    )
    wants = (
        Wanted("secret", "the signing secret that its administration shows", several=True),
        Wanted("server", "the host whose own accounts it names without a host", check=_check_host),
        Wanted(
            "web", "the host of its pages, where that is no sub-domain of it", check=_check_host
        ),
        Wanted(
            "stream",
            "streams of accounts of the company's, each https://TOKEN@server or wss://TOKEN@server",
            check=_check_stream,
            several=True,
        ),
        Wanted(
            "hosts",
            "the only hosts in the names of accounts that people may link, where not every server is trusted",
            check=_check_host,
            several=True,
        ),
        CALLS,
    )
    polling = POLLING

    def problems(self, secrets: Secrets) -> list[str]:
        """The secret is needed, the server's name nearly always."""
        found = super().problems(secrets)
        server = secrets.one("server")
        if server is None:
            found.append(f"{self.variable('server')} is not set: deletions cannot be matched")
        elif host_of(server) is None:
            found.append(f"{self.variable('server')} must be a host name such as social.example")
        return found

    def verify(
        self, headers: Mapping[str, str], body: bytes, secrets: Secrets, now: datetime
    ) -> str:
        """Prove `X-Hub-Signature`. Mastodon names no delivery and retries the same bytes."""
        prove(headers.get("x-hub-signature"), "hex", secrets.every("secret"), body)
        return hashlib.sha256(body).hexdigest()

    def kept_headers(self, headers: Mapping[str, str], secrets: Secrets) -> dict[str, str]:
        """The name of the server whose numbers and short account names a body uses."""
        server, web = (host_of(secrets.one(name) or "") for name in ("server", "web"))
        kept = {_SERVER_HEADER: server, _WEB_HEADER: web}
        return {name: value for name, value in kept.items() if server and value}

    def kept_body(self, body: bytes) -> bytes:
        """Without private messages and moderators' data, which the admin webhook sends along."""
        return privacy.kept(body)

    def adapt(self, delivery: Delivery) -> Telling:
        """Read an admin webhook's event, a notification, a frame of the stream, or a poll's answer."""
        if is_poll(delivery):
            return POLLING.adapt(delivery)
        server = Server(
            host_of(delivery.headers.get(_SERVER_HEADER, "")),
            host_of(delivery.headers.get(_WEB_HEADER, "")),
        )
        told = events.adapt(Payload.read(delivery.body), server, delivery.received_at)
        chooser = delivery.headers.get(_CHOSEN_HEADER)
        return told if chooser is None else of_whom_it_may_speak(told, chooser, server)

    def profile_url(self, native_id: str, handle: str) -> str | None:
        """The account's page on its own server."""
        user, _, host = native_id.partition("@")
        return f"https://{host}/@{user}" if user and host_of(host) == host else None

    proving = MastodonProving()
    asks_for = "@you@your.server, or the address of your profile"

    def named(self, text: str) -> Named:
        """`@ada@social.example` or `https://social.example/@ada`."""
        account = handle_of(text)
        if account is None:
            raise NotAnAccount("Type it with its server, such as @ada@social.example.")
        return Named(account, account)

    def not_linked_here(self, named: Named, secrets: Secrets) -> str | None:
        """Whoever runs a server can make up who follows and answers there: the settings may name the ones
        that are trusted."""
        hosts = _hosts(secrets.every("hosts"))
        host = named.native_id.rpartition("@")[2]
        if not hosts or host in hosts:
            return None
        return f"Accounts at {host} are not linked here. Your company takes those at {', '.join(hosts)}."

    anybodys_servers = True

    def trusted_servers(self, secrets: Secrets) -> frozenset[str]:
        """Those at which alone people may link, and those where the company itself is heard."""
        heard = (urlsplit(one).netloc.rpartition("@")[2] for one in secrets.every("stream"))
        own = (*secrets.every("server"), *secrets.every("web"), *heard)
        return frozenset(_hosts((*secrets.every("hosts"), *own)))

    any_host = True

    def post_named(self, text: str, own: Sequence[Named] = ()) -> PostNamed | None:
        """The post of an address. Raises NotAPost."""
        return addresses.named(text, own)

    def share_link(self, text: str, url: str, own: Named | None = None) -> str | None:
        """At the person's own server; where that is not known, at a page that asks for it."""
        host = host_of((own.also or own.native_id).rpartition("@")[2]) if own else None
        asked = composer(
            f"https://{host or 'share.joinmastodon.org'}/share", text=text_with(text, url)
        )
        return asked if host else asked.replace("/share?", "/#", 1)


PLATFORM = Mastodon()
