"""A proof anyone can check that whoever links an account holds its keys. Pure.

Laws: what counts as a proof stands where the account's owner alone can write: in its own profile, in
a link marked rel="me" on its own page, in its DID document. A code is looked for whole, so that no part
of one proves anything. A network's word for who is looked at outranks what was typed.
"""

from __future__ import annotations

import html
import re
from abc import ABC, abstractmethod
from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Final, Literal

from scoring.platforms.asking import Answer, Ask
from scoring.platforms.platform import Named, Secrets

How = Literal["code", "rel_me", "did"]

# Questions and answers in turn; None: nobody answered. What is returned was seen.
Looking = Generator[Ask, Answer | None, "Seen"]
Finding = Generator[Ask, Answer | None, Named]

MOST_ASKS: Final = 8  # of one look
_MOST_MARKUP: Final = 200_000  # characters of a page; what a person's links are among comes earlier
_TAG: Final = re.compile(r"<(?:a|link)\s([^<>]{1,4000})>", re.IGNORECASE)
_ATTRIBUTE: Final = re.compile(r"""([a-zA-Z-]{1,40})\s*=\s*("[^"]*"|'[^']*'|[^\s"'<>]+)""")
_MARKUP: Final = re.compile(r"<[^<>]{0,4000}>")
_OF_A_CODE: Final = "a-z0-9-"


class NotSeen(Exception):
    """The account could not be looked at; the message is a sentence for the person."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place that only the account's owner can write to: what is said of it, and what stands there."""

    where: str  # in words: "your bio"
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Seen:
    """An account as its network shows it to anyone."""

    named: Named
    texts: tuple[Place, ...] = ()  # where a code may stand
    links: tuple[Place, ...] = ()  # addresses marked rel="me"
    documents: tuple[Place, ...] = ()  # addresses in the account's DID document


@dataclass(frozen=True, slots=True)
class Found:
    """A proof that stands."""

    how: How
    where: str
    named: Named


class Proving(ABC):
    """How an account of one network is looked at. A platform exposes one as `proving`."""

    places: tuple[str, ...]  # for a person: where the code or the address may stand

    def find(self, text: str, named: Named | None, secrets: Secrets) -> Finding:
        """The account a person means who typed this; `named` is what `Platform.named` says of it.
        Raises NotSeen."""
        yield from ()
        if named is None:
            raise NotSeen("This names no account.")
        return named

    @abstractmethod
    def look(self, named: Named, secrets: Secrets) -> Looking:
        """Look at an account. Raises NotSeen."""


def proof_in(seen: Seen, code: str, address: str) -> Found | None:
    """What proves the account by this code, or by the address that ends in it; None: nothing yet."""
    whole = re.compile(rf"(?<![{_OF_A_CODE}]){re.escape(code)}(?![{_OF_A_CODE}])", re.IGNORECASE)
    kinds: tuple[tuple[How, tuple[Place, ...]], ...] = (
        ("did", seen.documents), ("rel_me", seen.links),
    )  # fmt: skip
    for how, places in kinds:
        for place in places:
            if place.text.strip().rstrip("/") == address:
                return Found(how, place.where, seen.named)
    for place in seen.texts:
        if whole.search(place.text):
            return Found("code", place.where, seen.named)
    return None


def me_links(markup: str) -> list[str]:
    """The addresses of a page's links that are marked rel="me" (microformats.org/wiki/rel-me, read
    2026-11-22), in the page's order. Linear in its length."""
    found = []
    for tag in _TAG.finditer(markup[:_MOST_MARKUP]):
        said = {
            name.lower(): html.unescape(value.strip("\"'"))
            for name, value in _ATTRIBUTE.findall(tag[1])
        }
        if "me" in said.get("rel", "").lower().split() and said.get("href"):
            found.append(said["href"].strip())
    return found


def words_of(markup: str) -> str:
    """The text of a short piece of markup."""
    return html.unescape(_MARKUP.sub(" ", markup[:_MOST_MARKUP]))
