"""Letting Fanfare see an account on Mastodon: at the person's own server, which takes any app on the fly.

Source: docs.joinmastodon.org/spec/oauth and /methods/apps, read 2026-11-22. Tokens do not end. Law: a server
speaks for accounts of its own host only, whatever it says, and of another host's where that one says so.
"""

from __future__ import annotations

from collections.abc import Generator
from urllib.parse import urlsplit

from scoring.facts import UnusableFact
from scoring.platforms.asking import Answer, Ask
from scoring.platforms.consent import Client, Consent, Endpoints, NotGranted, Scope
from scoring.platforms.mastodon.canonical import finger, home_of, pointed
from scoring.platforms.mastodon.names import handle_of, host_of
from scoring.platforms.payload import Payload
from scoring.platforms.platform import Named, NotAnAccount
from scoring.platforms.proving import Finding

_MOST_SECRET = 512


class MastodonConsent(Consent):
    """Any server that speaks Mastodon's API."""

    scopes = (
        Scope("read:accounts", "see your profile and your follower count"),
        Scope("read:statuses", "see your posts"),
        Scope("read:notifications", "hear who answers, boosts, favours or follows you"),
    )
    never = "It cannot post, boost or follow in your name. It keeps nothing of private messages."
    own_hand = "your server’s preferences, Account, Authorized apps"
    own_servers = True

    def endpoints(self, server: str | None) -> Endpoints:
        """At the person's server."""
        return Endpoints(
            f"{server}/oauth/authorize", f"{server}/oauth/token", f"{server}/oauth/revoke"
        )

    def server_of(self, typed: str) -> str:
        """From `social.example`, an address there, or a whole `@ada@social.example`."""
        text = typed.strip().lower()
        account = handle_of(text) if "@" in text else None
        host = account.rpartition("@")[2] if account else None
        if host is None:
            try:
                host = host_of(urlsplit(text if "://" in text else f"https://{text}").netloc)
            except ValueError:
                host = None
        try:  # a name with other letters has a plain form, which is the one that addresses use
            host = host and host_of(host.encode("idna").decode())
        except UnicodeError:
            host = None
        if host is None or "." not in host:
            raise NotAnAccount("Type the server you sign in at, such as social.example.org.")
        return f"https://{host}"

    def elsewhere(self, typed: str) -> Generator[Ask, Answer | None, str | None]:
        """`@ada@example.org`, or `example.org` alone, may be kept by social.example.org: the host says so
        by webfinger, of the person or of itself."""
        host = urlsplit(self.server_of(typed)).netloc
        account = handle_of(typed.strip().lower()) if "@" in typed else None
        home = pointed((yield finger(account or f"{host}@{host}", host)))
        return None if home is None else f"https://{home.server}"

    def registration(self, server: str, name: str, redirect: str, website: str) -> Ask:
        """Asks for an app with exactly the scopes and the way back that are used."""
        form = {
            "client_name": name,
            "redirect_uris": redirect,
            "scopes": " ".join(scope.name for scope in self.scopes),
            "website": website,
        }
        return Ask(f"{server}/api/v1/apps", "POST", {"accept": "application/json"}, form)

    def registered(self, answer: Answer) -> Client:
        """The app's id and secret."""
        said = self.read(answer)
        id_, secret = said.get("client_id"), said.get("client_secret")
        for value in (id_, secret):
            if not isinstance(value, str) or not 0 < len(value) <= _MOST_SECRET:
                raise NotGranted("no app in the answer", final=False)
            if not value.isascii() or not value.isprintable():
                raise NotGranted("no app in the answer", final=False)
        return Client(str(id_), str(secret))

    def who(self, server: str | None) -> Ask:
        """Asks whose token it is."""
        return Ask(f"{server}/api/v1/accounts/verify_credentials")

    def named(self, answer: Answer, server: str | None) -> Named:
        """By name at the server that was asked, and at no other."""
        said = Payload.read(answer.body)
        name, host = said["username"].word(), urlsplit(server or "").netloc
        account = handle_of(f"@{name}@{host}")
        if account is None or "@" in name:
            raise UnusableFact("the server names no account of its own")
        return Named(account, account)

    def called(self, named: Named, server: str | None) -> Finding:
        """By the name that the host in it stands by, where that says that this server keeps the account."""
        user, _, host = named.native_id.partition("@")
        home = yield from home_of(named.native_id, needed=True)
        same = home.server == host and home.account.partition("@")[0] == user
        return home.named if same else named
