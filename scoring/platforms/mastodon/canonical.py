"""The one name of an account whose server has another host than the account's handle. Pure.

`@ada@example.org` may be kept by social.example.org (docs.joinmastodon.org/admin/config, WEB_DOMAIN;
/spec/webfinger; read 2026-11-22). Law: an account is called as the host in its name says, and kept where both
that host and the server say so; whoever says it alone has said nothing about anybody else's account.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from scoring.platforms.asking import Answer, Ask, BadAnswer
from scoring.platforms.mastodon.names import handle_of, host_of
from scoring.platforms.platform import Named
from scoring.platforms.proving import NotSeen

_ACTIVITY: Final = ("application/activity+json", "application/ld+json")
_MOST_LINKS: Final = 50


@dataclass(frozen=True, slots=True)
class Home:
    """What an account is called, and the host that keeps it. `confirmed`: that host says so too."""

    account: str
    server: str
    confirmed: bool = True

    @property
    def named(self) -> Named:
        """The account, with the name it has at its server where that is another one."""
        user, _, host = self.account.partition("@")
        split = self.confirmed and self.server != host
        return Named(self.account, self.account, f"{user}@{self.server}" if split else None)


Looking = Generator[Ask, Answer | None, Home]


def home_of(account: str, *, needed: bool = False) -> Looking:
    """Find what an account is called and where it is kept; where nobody tells, it is as it was named.

    `needed`: raise NotSeen where a host does not answer at all.
    """
    host = account.rpartition("@")[2]
    said = yield from _pointed(account, host, needed)
    if said is None:
        return Home(account, host)
    if said.account != account:
        theirs = said.account.rpartition("@")[2]
        if (yield from _pointed(said.account, theirs, needed)) != said:
            return Home(account, host)
    if said.server in (said.account.rpartition("@")[2], host):
        return said
    there = f"{said.account.partition('@')[0]}@{said.server}"
    back = yield from _pointed(there, said.server, needed)
    return Home(said.account, said.server, confirmed=back == said)


def finger(account: str, host: str) -> Ask:
    """Asks a host about an account (RFC 7033)."""
    return Ask(f"https://{host}/.well-known/webfinger?resource=acct:{quote(account, safe='@')}")


def pointed(answer: Answer | None) -> Home | None:
    """What a webfinger answer says of an account; None: nothing."""
    said = told(answer) if answer is not None and answer.good else None
    if said is None:
        return None
    account = handle_of(text(said, "subject").lower().removeprefix("acct:"))
    links = said.get("links")
    for link in links[:_MOST_LINKS] if isinstance(links, list) else ():
        if isinstance(link, dict) and text(link, "rel") == "self":
            kind, href = text(link, "type"), text(link, "href")
            if kind.startswith(_ACTIVITY) and href.startswith("https://"):
                server = host_of(href)
                return Home(account, server) if account and server else None
    return None


def _pointed(account: str, host: str, needed: bool) -> Generator[Ask, Answer | None, Home | None]:
    answer = yield finger(account, host)
    if needed and (answer is None or answer.status >= 500):
        raise NotSeen(f"{host} does not say just now what the account is called.")
    return pointed(answer)


def told(answer: Answer) -> dict[str, Any] | None:
    """An answer's JSON object; None where it is none."""
    try:
        said = answer.json()
    except BadAnswer:
        return None
    return said if isinstance(said, dict) else None


def text(said: dict[str, Any], name: str) -> str:
    """A member that is a text; empty for anything else."""
    value = said.get(name)
    return value if isinstance(value, str) else ""
