"""Letting Fanfare know an account on Facebook: who somebody is, and nothing else; of a page that they
run also how many follow it.

Source: developers.facebook.com/docs/facebook-login/guides/advanced/manual-flow, read 2026-11-22. The token
lasts about 60 days and nothing but logging in again renews it.
"""

from __future__ import annotations

from typing import ClassVar

from scoring.facts import UnusableFact
from scoring.platforms.asking import Answer, Ask
from scoring.platforms.consent import Client, Endpoints, Granted, Scope
from scoring.platforms.meta_consent import MetaConsent
from scoring.platforms.payload import Payload
from scoring.platforms.platform import Named

_GRAPH = "https://graph.facebook.com/v25.0"


class FacebookConsent(MetaConsent):
    """Facebook."""

    scopes: ClassVar[tuple[Scope, ...]] = (
        Scope("public_profile", "know who you are there: your name and your number"),
    )
    never = "It cannot post in your name, and sees neither your friends nor what you write."
    own_hand = "https://www.facebook.com/settings/?tab=applications"
    revokes_all = True

    def endpoints(self, server: str | None) -> Endpoints:
        """One network, one place; taking back has a way of its own."""
        return Endpoints(
            "https://www.facebook.com/v25.0/dialog/oauth", f"{_GRAPH}/oauth/access_token"
        )

    def lengthening(self, short: Granted, client: Client) -> Ask | None:
        """An hour or two become about 60 days."""
        form = {
            "grant_type": "fb_exchange_token",
            "client_id": client.id,
            "client_secret": client.secret,
            "fb_exchange_token": short.access,
        }
        return Ask(f"{_GRAPH}/oauth/access_token", "POST", form=form)

    def revocation(self, server: str | None) -> Ask | None:
        """Takes every permission of the app back; `method` stands for DELETE."""
        return Ask(f"{_GRAPH}/me/permissions", "POST", form={"method": "delete"})

    def who(self, server: str | None) -> Ask:
        """Asks for number and name."""
        return Ask(f"{_GRAPH}/me?fields=id,name")

    def named(self, answer: Answer, server: str | None) -> Named:
        """By the number under which the company's app knows the person."""
        said = Payload.read(answer.body)
        number = said["id"].id()
        name = said["name"].text().strip() if said["name"].given else ""
        return _named(number, name)


class FacebookPageConsent(FacebookConsent):
    """Facebook, for a page that a person runs: who follows a profile is told to nobody, a page's count to who
    runs it (developers.facebook.com/docs/pages-api/overview, docs/graph-api/reference/user/accounts)."""

    scopes = (
        Scope("pages_show_list", "see which page you choose; choose exactly one"),
        Scope(
            "pages_read_engagement",
            "count how many follow that page; Facebook has no smaller permission for it",
        ),
    )
    never = "It cannot post, comment or answer in the page’s name, and reads no messages."

    def who(self, server: str | None) -> Ask:
        """Asks for the pages that were chosen."""
        return Ask(f"{_GRAPH}/me/accounts?fields=id,name,followers_count&limit=25")

    def named(self, answer: Answer, server: str | None) -> Named:
        """The one page that was chosen, by its number."""
        pages = list(Payload.read(answer.body)["data"])
        if len(pages) != 1:
            raise UnusableFact(f"{len(pages)} pages were chosen there; choose exactly one")
        (page,) = pages
        if not page["followers_count"].given:
            raise UnusableFact("it does not tell how many follow the page; leave everything ticked")
        return _named(page["id"].id(), page["name"].text().strip())


def _named(number: str, name: str) -> Named:
    # What looks like a handle would be led to as one; a name has a space nearly always.
    return Named(number, name if " " in name else number)
