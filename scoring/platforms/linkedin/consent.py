"""Letting Fanfare know an account on LinkedIn: sign-in with OpenID Connect's two scopes, which are open to
every app.

Source: learn.microsoft.com/linkedin/shared/authentication/authorization-code-flow, read 2026-11-22. Tokens
last 60 days; refresh tokens are given to approved partners only. A proof key belongs to another flow, for
apps that can keep no secret, which LinkedIn opens on request.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from scoring.platforms.asking import Answer, Ask
from scoring.platforms.consent import Consent, Endpoints, Scope
from scoring.platforms.payload import Payload
from scoring.platforms.platform import Named, Secrets

_OAUTH = "https://www.linkedin.com/oauth/v2"
# Of members' data, opened to approved apps alone: LinkedIn refuses whoever is asked by another one.
_OF_MEMBERS = (
    Scope("r_member_profileAnalytics", "count your followers"),
    Scope("r_member_postAnalytics", "count the reactions, comments and reshares of your posts"),
)


def check_member_scopes(value: str) -> None:
    """One of the scopes of members' data. Raises ValueError."""
    known = [scope.name for scope in _OF_MEMBERS]
    if value not in known:
        raise ValueError(f"must be {' or '.join(known)}, or both with a space between")


class LinkedInConsent(Consent):
    """LinkedIn."""

    scopes: ClassVar[tuple[Scope, ...]] = (
        Scope("openid", "know which LinkedIn member you are"),
        Scope("profile", "see your name there"),
    )
    never = (
        "It cannot post or react in your name, and sees neither your messages nor your contacts."
    )
    own_hand = "https://www.linkedin.com/mypreferences/d/data-sharing-for-permitted-services"
    proof_key = False
    issuer = "https://www.linkedin.com/oauth"

    def asking(self, secrets: Secrets) -> Consent:
        """With what LinkedIn approved the app for, as the settings say."""
        approved = secrets.every("member_scopes")
        more = tuple(scope for scope in _OF_MEMBERS if scope.name in approved)

        class Approved(LinkedInConsent):
            """LinkedIn, for this installation's app."""

            scopes = (*LinkedInConsent.scopes, *more)

        return Approved() if more else self

    def endpoints(self, server: str | None) -> Endpoints:
        """One network, one place. LinkedIn documents no way to take a token back."""
        return Endpoints(f"{_OAUTH}/authorization", f"{_OAUTH}/accessToken")

    def who(self, server: str | None) -> Ask:
        """Asks who signed in (OpenID Connect)."""
        return Ask("https://api.linkedin.com/v2/userinfo")

    def named(self, answer: Answer, server: str | None) -> Named:
        """By the id under which the company's app knows the member, as notifications name them."""
        said = Payload.read(answer.body)
        member = said["sub"].id()
        name = said["name"].text().replace("/", " ").strip() if said["name"].given else ""
        return Named(f"urn:li:person:{member}", name or member)


class LinkedInPageConsent(LinkedInConsent):
    """LinkedIn, for a page of the company: given by who administers it, and asking nothing about them."""

    scopes = (
        Scope(
            "r_organization_social",
            "read what the page published, and whose posts it reshared, as its administrator",
        ),
    )
    never = "It cannot post, comment or change anything in the page’s name, and learns nothing about you."

    def __init__(self, posts: Callable[[tuple[str, ...], Secrets], Ask]) -> None:
        self._posts = posts

    def asking(self, secrets: Secrets) -> Consent:
        """Nothing of members."""
        return self

    def sees(self, native_id: str, secrets: Secrets) -> Ask:
        """The page's posts, which LinkedIn shows to its administrators alone
        (learn.microsoft.com/linkedin/marketing/community-management/shares/social-access-control)."""
        return self._posts((native_id,), secrets)
