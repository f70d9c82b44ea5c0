"""Letting Fanfare see an account on Threads.

Source: developers.facebook.com/docs/threads/get-started, read 2026-11-22. A token of an hour is exchanged for
one of 60 days, which renews itself from its second day on.
"""

from __future__ import annotations

import re

from scoring.facts import UnusableFact
from scoring.platforms.asking import Answer, Ask
from scoring.platforms.consent import Client, Endpoints, Granted, Scope
from scoring.platforms.meta_consent import MetaConsent, exchange
from scoring.platforms.payload import Payload
from scoring.platforms.platform import Named

_NAME = re.compile(r"[A-Za-z0-9._]{1,30}")
_GRAPH = "https://graph.threads.net"


class ThreadsConsent(MetaConsent):
    """Threads."""

    scopes = (
        Scope("threads_basic", "see your profile and your posts"),
        Scope("threads_read_replies", "hear of answers to your posts"),
        Scope("threads_manage_mentions", "hear where others mention you"),
        Scope("threads_manage_insights", "count your followers, and the likes of your posts"),
    )
    never = "It cannot post, answer or delete in your name."
    own_hand = "https://www.threads.net/settings/website_permissions"
    proof_key = False  # not known to this flow

    def endpoints(self, server: str | None) -> Endpoints:
        """One network, one place. Threads documents no way to take a token back."""
        return Endpoints("https://threads.net/oauth/authorize", f"{_GRAPH}/oauth/access_token")

    def lengthening(self, short: Granted, client: Client) -> Ask | None:
        """An hour becomes 60 days."""
        return exchange(
            f"{_GRAPH}/access_token",
            grant_type="th_exchange_token",
            client_secret=client.secret,
            access_token=short.access,
        )

    def renewal(self, access: str, client: Client) -> Ask | None:
        """60 days from now, by a token that is a day old and still works."""
        return exchange(
            f"{_GRAPH}/refresh_access_token", grant_type="th_refresh_token", access_token=access
        )

    def who(self, server: str | None) -> Ask:
        """Asks for number and name."""
        return Ask(f"{_GRAPH}/v1.0/me?fields=id,username")

    def named(self, answer: Answer, server: str | None) -> Named:
        """By name: what Threads tells names nobody by number."""
        name = Payload.read(answer.body)["username"].word()
        if not _NAME.fullmatch(name):
            raise UnusableFact("Threads names the account by no name of its own")
        return Named(name.lower(), name)
