"""Letting Fanfare see an account on X: OAuth 2.0 with a proof key, tokens of two hours that are renewed.

Source: docs.x.com/fundamentals/authentication/oauth-2-0, read 2026-11-22. A refresh token is good once.
"""

from __future__ import annotations

from scoring.facts import UnusableFact
from scoring.platforms.asking import Answer, Ask
from scoring.platforms.consent import Consent, Endpoints, Said, Scope
from scoring.platforms.payload import Payload
from scoring.platforms.platform import Named

_API = "https://api.x.com/2"


class XConsent(Consent):
    """X."""

    scopes = (
        Scope("users.read", "see your profile and how many followers you have"),
        Scope("tweet.read", "see your public posts, and who answers or reposts them"),
        Scope(
            "offline.access", "keep seeing that while you are away, until you unlink the account"
        ),
    )
    never = "It cannot post, like, follow or read messages in your name."
    own_hand = "https://x.com/settings/connected_apps"
    authentication = "client_secret_basic"

    def endpoints(self, server: str | None) -> Endpoints:
        """One network, one place."""
        return Endpoints(
            "https://x.com/i/oauth2/authorize", f"{_API}/oauth2/token", f"{_API}/oauth2/revoke"
        )

    def who(self, server: str | None) -> Ask:
        """Asks for the number and the handle."""
        return Ask(f"{_API}/users/me")

    def named(self, answer: Answer, server: str | None) -> Named:
        """By number, for handles change hands."""
        data = Payload.read(answer.body)["data"]
        number = data["id"].id()
        if not (number.isascii() and number.isdecimal() and len(number) < 20):
            raise UnusableFact("X names the account by no number")
        return Named(str(int(number)), data["username"].word())

    def ends(self, code: str, said: Said) -> bool:
        """X calls a used or revoked refresh token an invalid request, and other mistakes too."""
        about = str(said.get("error_description", ""))
        return super().ends(code, said) or (
            code == "invalid_request" and "token was invalid" in about
        )
