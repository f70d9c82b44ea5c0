"""Letting Fanfare know a channel on YouTube: Google's OAuth for web servers.

Source: developers.google.com/identity/protocols/oauth2/web-server, read 2026-11-22. A refresh token comes
only where it is asked for with `access_type=offline`, and anew only with `prompt=consent`; people may leave
scopes out.
"""

from __future__ import annotations

from scoring.facts import UnusableFact
from scoring.platforms.asking import Answer, Ask
from scoring.platforms.consent import Consent, Endpoints, Scope
from scoring.platforms.payload import Payload
from scoring.platforms.platform import Named, Wanted

CLIENT = (
    Wanted("client_id", "the OAuth client’s id in the Google Cloud console"),
    Wanted("client_secret", "the OAuth client’s secret", several=True),
)


class YouTubeConsent(Consent):
    """YouTube, which is Google."""

    scopes = (
        Scope(
            "https://www.googleapis.com/auth/youtube.readonly",
            "see your channel, your videos and how many subscribers you have",
        ),
    )
    never = "It cannot upload, comment or change anything, and sees nothing else of your Google account."
    own_hand = "https://myaccount.google.com/connections"
    extra = {"access_type": "offline", "prompt": "consent"}
    issuer = "https://accounts.google.com"
    revokes_all = True

    def endpoints(self, server: str | None) -> Endpoints:
        """One network, one place."""
        return Endpoints(
            "https://accounts.google.com/o/oauth2/v2/auth",
            "https://oauth2.googleapis.com/token",
            "https://oauth2.googleapis.com/revoke",
        )

    def who(self, server: str | None) -> Ask:
        """Asks which channel is whose who said yes."""
        return Ask("https://www.googleapis.com/youtube/v3/channels?part=id,snippet&mine=true")

    def named(self, answer: Answer, server: str | None) -> Named:
        """By the channel's id; a Google account without a channel has none."""
        channel = next(iter(Payload.read(answer.body)["items"]), None)
        if channel is None:
            raise UnusableFact("this Google account has no channel on YouTube")
        face = channel["snippet"]
        name = face["customUrl"] if face["customUrl"].given else face["title"]
        native = channel["id"].id()
        return Named(native, (name.text().strip() if name.given else "") or native)
