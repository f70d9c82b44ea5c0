"""What happened, in the words of the person it happened to. Pure."""

from __future__ import annotations

from typing import Final

_EARNED: Final = {
    "reply": "Somebody answered you",
    "quote": "Somebody quoted you",
    "reshare": "Somebody shared your post",
    "reaction": "Somebody liked your post",
    "mention": "Somebody mentioned you",
    "follow": "Somebody follows you",
    "click": "Somebody opened your link",
    "post": "Somebody wrote about you",
}
_BY_RELATION: Final = {
    "conversed": "You answered somebody",
    "shared": "You shared the company’s story",
    "reshared": "The company shared your post",
    "authored": "You wrote a post",
    "echo": "Applause for the company’s reshare of your post",
    "case": "Put right after you said what was wrong",
    "self": "You did this yourself",
    "brand": "Somebody answered the company",
}
_PEER: Final = {
    "reply": "A colleague answered you",
    "quote": "A colleague quoted you",
    "reshare": "A colleague shared your post",
    "reaction": "A colleague liked your post",
    "mention": "A colleague mentioned you",
    "follow": "A colleague follows you",
    "click": "A colleague opened your link",
}
LONGEST_QUOTE: Final = 140


def deed(kind: str, relation: str | None) -> str:
    """One short sentence for a thing that happened."""
    if relation == "peer":
        return _PEER.get(kind, "A colleague did something")
    return _BY_RELATION.get(relation or "") or _EARNED.get(kind, "Something happened")


def quoted(text: str | None, longest: int = LONGEST_QUOTE) -> str | None:
    """The beginning of a post's text on one line; None where there is none."""
    line = " ".join((text or "").split())
    if not line:
        return None
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def possessive(name: str) -> str:
    """'Aiko’s', 'Joris’'."""
    return f"{name}’" if name.endswith(("s", "S")) else f"{name}’s"
