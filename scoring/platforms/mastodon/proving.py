"""Looking at a Mastodon profile as anyone can (docs.joinmastodon.org: accounts/lookup, webfinger; read
2026-11-22). Pure.

Law: the host in a person's handle has the last word on who they are: it says by webfinger which
server keeps the account, and only that server's profile is read.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from scoring.platforms.asking import Answer, Ask, BadAnswer
from scoring.platforms.mastodon.names import host_of
from scoring.platforms.platform import Named, Secrets
from scoring.platforms.proving import Looking, NotSeen, Place, Proving, Seen, me_links, words_of

_ACTIVITY = ("application/activity+json", "application/ld+json")
_MOST_FIELDS = 16  # a server of its own making may allow more than Mastodon's four


class MastodonProving(Proving):
    """By the profile that a server shows to anyone."""

    places = (
        "in your bio, for as long as the check takes",
        "as the address of an extra field of your profile (Preferences, Public profile), which "
        "Mastodon marks rel=“me”",
    )

    def look(self, named: Named, secrets: Secrets) -> Looking:
        """Ask the handle's host for the server, and the server for the profile."""
        user, _, host = named.native_id.partition("@")
        account = quote(named.native_id, safe="@")
        finger = yield Ask(f"https://{host}/.well-known/webfinger?resource=acct:{account}")
        server = _server(finger, named.native_id) or host
        # By the whole handle: another server's "ada" is somebody else.
        answer = yield Ask(f"https://{server}/api/v1/accounts/lookup?acct={account}")
        if answer is None:
            raise NotSeen(f"{server} does not answer just now. Try again in a little while.")
        if answer.status == 404:
            raise NotSeen(f"{server} knows no account {named.handle}.")
        said = _said(answer)
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


def _server(finger: Answer | None, account: str) -> str | None:
    """The host that keeps an account, by a webfinger answer (RFC 7033) that is about it."""
    said = _said(finger) if finger is not None and finger.good else None
    if said is None or _text(said, "subject").lower() != f"acct:{account}":
        return None
    links = said.get("links")
    for link in links[:50] if isinstance(links, list) else ():
        if isinstance(link, dict) and _text(link, "rel") == "self":
            kind, href = _text(link, "type"), _text(link, "href")
            if kind.startswith(_ACTIVITY) and href.startswith("https://"):
                return host_of(href)
    return None


def _said(answer: Answer) -> dict[str, Any] | None:
    try:
        said = answer.json()
    except BadAnswer:
        return None
    return said if isinstance(said, dict) else None


def _text(said: dict[str, Any], name: str) -> str:
    value = said.get(name)
    return value if isinstance(value, str) else ""
