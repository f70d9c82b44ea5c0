"""What accounts and posts are called, the same by whichever server speaks of them.

Law: an account is `user@host` in lower case, the host as addresses have it (`xn--…` for other letters), so
that nobody has it twice; a post is its `uri`, for posts written on Mastodon in
the form `https://host/users/{username}/statuses/{number}`, which can also be worked out for an
answered post, of which the API gives only the number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

from scoring.facts import UnusableFact
from scoring.platforms.payload import Payload

_HOST = re.compile(r"([a-z0-9](?:[\w.-]*[a-z0-9])?)(?::([0-9]{1,5}))?")
_ACCOUNT = re.compile(r"([^\s@/]+)(?:@([^\s@/]+))?")
# Mastodon 4.5 names new accounts by number: https://host/ap/users/{account}/statuses/{number}.
_BY_NUMBER = re.compile(r"(https?://[^/]+)/ap/users/[0-9]+/statuses/([0-9]+)(/activity)?")


@lru_cache(maxsize=1_024)  # the same few pages in every delivery
def host_of(address: str) -> str | None:
    """The host of a web address or a bare host name, lower case, with its port where that is not the
    usual one; None when there is none."""
    address, usual = address.strip().lower(), 443
    if "://" in address:
        usual = 80 if address.startswith("http:") else 443
        try:
            address = urlsplit(address).netloc
        except ValueError:  # such as a broken IPv6 address
            return None
    found = _HOST.fullmatch(address.rstrip("/"))
    if found is None:
        return None
    port = int(found[2] or usual)
    if not 0 < port < 2**16:
        return None
    return found[1] if port == usual else f"{found[1]}:{port}"


def handle_of(text: str) -> str | None:
    """`user@host` in lower case from what a person types: the handle, or their profile's address."""
    typed = text.strip().lower()
    if "://" in typed:
        host, path = host_of(typed), urlsplit(typed).path.strip("/") if host_of(typed) else ""
        typed = f"{path.split('/')[0].removeprefix('@')}@{host}"
    user, _, host = typed.removeprefix("@").partition("@")
    home = None if "/" in host else host_of(host)
    if home is None or not re.fullmatch(r"[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?", user):
        return None
    try:
        return f"{user}@{home.encode('idna').decode()}"
    except UnicodeError:  # no name that a server can have
        return None


@dataclass(frozen=True, slots=True)
class Server:
    """The server that speaks; its name is None where the settings do not say. `web`: the host of its pages,
    where that is neither its name nor a sub-domain of it."""

    name: str | None
    web: str | None = None

    def account(self, account: Payload) -> str:
        """`user@host` of an account or of a mention of one."""
        whole = _ACCOUNT.fullmatch(account["acct"].id().lower())
        if whole is None:
            raise UnusableFact(f"{account['acct'].path}: expected user or user@host")
        user, host = whole.groups()
        host = host or self._host(account)
        if host is None:
            raise UnusableFact(
                f"{account['acct'].path}: which server is not said, set FANFARE_MASTODON_SERVER"
            )
        return f"{user}@{host}"

    def _host(self, account: Payload) -> str | None:
        """Of an account of the speaking server itself: as its pages say, or as the settings say
        where pages live on another host than the name in people's handles."""
        shown = web_host(account)
        if self.name and (shown in (None, self.web) or str(shown).endswith(f".{self.name}")):
            return self.name
        return shown

    def post(self, status: Payload) -> str:
        """The name of a post (or, with `/activity`, of a boost)."""
        uri = status["uri"].id()
        if numbered := _BY_NUMBER.fullmatch(uri):
            base, number, activity = numbered.groups()
            username = status["account"]["username"].id()
            return f"{base}/users/{username}/statuses/{number}{activity or ''}"
        return uri

    def own_post(self, author: Payload, number: str) -> str | None:
        """The name of a post known only by its number, where its author is of the speaking
        server."""
        if "@" in author["acct"].id() or not number.isdecimal():
            return None
        host = web_host(author) or self.name
        return f"https://{host}/users/{author['username'].id()}/statuses/{number}" if host else None

    def numbered(self, number: str) -> str | None:
        """A post by the number it has on this server, which is all that a deletion tells."""
        return f"{self.name}/{number}" if self.name else None

    def or_home_of(self, account: Payload) -> Server:
        """Where the settings are silent: the server of an account known to be local to it."""
        return self if self.name else Server(web_host(account))


def web_host(account: Payload) -> str | None:
    """The host of an account's page."""
    for member in (account["url"], account["uri"]):
        if member.given and (host := host_of(member.text())):
            return host
    return None
