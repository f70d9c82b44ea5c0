"""Looking at a Mastodon profile as anyone can (docs.joinmastodon.org: accounts/lookup, webfinger; read
2026-11-22). Pure.

Law: the host in a person's handle has the last word on who they are: it says by webfinger which
server keeps the account, and only that server's profile is read.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from scoring.platforms.asking import Ask
from scoring.platforms.mastodon.canonical import home_of, told
from scoring.platforms.mastodon.canonical import text as _text
from scoring.platforms.platform import Named, NotAnAccount, Secrets
from scoring.platforms.proving import (
    Finding,
    Looking,
    NotSeen,
    Place,
    Proving,
    Seen,
    me_links,
    words_of,
)

_MOST_FIELDS = 16  # a server of its own making may allow more than Mastodon's four


class MastodonProving(Proving):
    """By the profile that a server shows to anyone."""

    places = (
        "in your bio, for as long as the check takes",
        "as the address of an extra field of your profile (Preferences, Public profile), which "
        "Mastodon marks rel=“me”",
    )

    def find(self, text: str, named: Named | None, secrets: Secrets) -> Finding:
        """By the name that the handle's own host gives it: `@ada@social.example.org` may be called
        `@ada@example.org`."""
        if named is None:
            raise NotAnAccount("Type it with its server, such as @ada@social.example.")
        home = yield from home_of(named.native_id)
        return home.named

    def look(self, named: Named, secrets: Secrets) -> Looking:
        """Ask the handle's host for the server, and the server for the profile."""
        user = named.native_id.partition("@")[0]
        home = yield from home_of(named.native_id)
        if home.account != named.native_id:
            raise NotSeen(f"Its server calls this account @{home.account}. Name it so.")
        named, server = home.named, home.server
        account = quote(named.native_id, safe="@")
        # By the whole handle: another server's "ada" is somebody else.
        answer = yield Ask(f"https://{server}/api/v1/accounts/lookup?acct={account}")
        if answer is None:
            raise NotSeen(f"{server} does not answer just now. Try again in a little while.")
        if answer.status == 404:
            raise NotSeen(f"{server} knows no account {named.handle}.")
        said = told(answer)
        if not answer.good or said is None:
            raise NotSeen(
                f"{server} shows profiles to nobody who is not signed in (it answered "
                f"{answer.status}), so nothing can be checked there."
            )
        if _text(said, "acct").lower() not in (user, named.native_id):
            raise NotSeen(f"{server} means somebody else by this name.")
        return _seen(said, named)


def _seen(said: dict[str, Any], named: Named) -> Seen:
    texts, links = [Place("your bio", words_of(_text(said, "note")))], []
    fields = said.get("fields")
    for one in fields[:_MOST_FIELDS] if isinstance(fields, list) else ():
        if not isinstance(one, dict):
            continue
        value = _text(one, "value")
        texts.append(Place("a field of your profile", words_of(value)))
        links += [Place("a field of your profile", href) for href in me_links(value)]
    return Seen(named, texts=tuple(texts), links=tuple(links))
