"""Letting Fanfare see a professional account on Instagram.

Source: developers.facebook.com/docs/instagram-platform/instagram-api-with-instagram-login/business-login,
read 2026-11-22. A token of an hour is exchanged for one of 60 days, which renews itself from its second
day on.
"""

from __future__ import annotations

from collections.abc import Mapping

from scoring.facts import UnusableFact
from scoring.platforms.asking import Answer, Ask
from scoring.platforms.consent import Client, Endpoints, Granted, NotGranted, Scope, granted
from scoring.platforms.meta_consent import MetaConsent, exchange
from scoring.platforms.payload import Payload
from scoring.platforms.platform import Named

_GRAPH = "https://graph.instagram.com"


class InstagramConsent(MetaConsent):
    """Instagram."""

    scopes = (
        Scope("instagram_business_basic", "see your profile, your posts and your follower count"),
        Scope(
            "instagram_business_manage_comments",
            "hear of comments on your posts; Instagram has no smaller permission for that, and Fanfare "
            "never writes, hides or deletes one",
        ),
    )
    never = "It cannot post, and reads no messages."
    own_hand = "https://www.instagram.com/accounts/manage_access/"
    proof_key = False  # not known to this flow

    def endpoints(self, server: str | None) -> Endpoints:
        """One network, one place. Instagram documents no way to take a token back."""
        return Endpoints(
            "https://www.instagram.com/oauth/authorize",
            "https://api.instagram.com/oauth/access_token",
        )

    def granted(self, answer: Answer) -> Granted:
        """The first token comes in a list of one, and says permissions instead of scopes."""
        said = self.read(answer)
        inside = said.get("data")
        if isinstance(inside, list) and inside and isinstance(inside[0], Mapping):
            said = inside[0]
        permissions = said.get("permissions")
        if isinstance(permissions, list):
            permissions = ",".join(str(one) for one in permissions)
        try:
            return granted({"scope": permissions, **said})
        except UnusableFact:
            raise NotGranted("no token in the answer", final=False) from None

    def lengthening(self, short: Granted, client: Client) -> Ask | None:
        """An hour becomes 60 days."""
        return exchange(
            f"{_GRAPH}/access_token",
            grant_type="ig_exchange_token",
            client_secret=client.secret,
            access_token=short.access,
        )

    def renewal(self, access: str, client: Client) -> Ask | None:
        """60 days from now, by a token that is a day old and still works."""
        return exchange(
            f"{_GRAPH}/refresh_access_token", grant_type="ig_refresh_token", access_token=access
        )

    def who(self, server: str | None) -> Ask:
        """Asks for the professional account's number and name."""
        return Ask(f"{_GRAPH}/v25.0/me?fields=user_id,username")

    def named(self, answer: Answer, server: str | None) -> Named:
        """By the number that webhooks use."""
        said = Payload.read(answer.body)
        if said["data"].is_list:
            said = next(iter(said["data"]), said)
        return Named(said["user_id"].id(), said["username"].word())
