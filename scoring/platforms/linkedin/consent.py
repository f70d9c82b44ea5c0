"""Letting Fanfare know an account on LinkedIn: sign-in with OpenID Connect's two scopes, which are open to
every app.

Source: learn.microsoft.com/linkedin/shared/authentication/authorization-code-flow, read 2026-11-22. Tokens
last 60 days; refresh tokens are given to approved partners only. A proof key belongs to another flow, for
apps that can keep no secret, which LinkedIn opens on request.
"""

from __future__ import annotations

from scoring.platforms.asking import Answer, Ask
from scoring.platforms.consent import Consent, Endpoints, Scope
from scoring.platforms.payload import Payload
from scoring.platforms.platform import Named

_OAUTH = "https://www.linkedin.com/oauth/v2"


class LinkedInConsent(Consent):
    """LinkedIn."""

    scopes = (
        Scope("openid", "know which LinkedIn member you are"),
        Scope("profile", "see your name there"),
    )
    never = (
        "It cannot post or react in your name, and sees neither your messages nor your contacts."
    )
    own_hand = "https://www.linkedin.com/mypreferences/d/data-sharing-for-permitted-services"
    proof_key = False
    issuer = "https://www.linkedin.com/oauth"

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
