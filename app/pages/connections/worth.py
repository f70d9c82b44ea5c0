"""What a delivery tells, and what it would score, in words. Pure.

Law: for an ambassador who lets it count; nothing here says who is one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from scoring import ToldDeed

_DID: Final = {
    "post": "posted",
    "reaction": "reacted to",
    "reply": "answered",
    "reshare": "reshared",
    "quote": "quoted",
    "mention": "mentioned",
    "follow": "followed",
    "click": "opened a link of",
}
_IF: Final = {
    "earned": "done to an ambassador by somebody outside",
    "conversed": "done by an ambassador who was addressed",
    "shared": "done by an ambassador",
    "reshared": "done to an ambassador",
    "echo": "done to the company’s reshare of an ambassador’s post",
    "authored": "written by an ambassador",
}


@dataclass(frozen=True, slots=True)
class DeedWords:
    """One thing that was told: the sentence, and what it would score or why nothing."""

    sentence: str
    worth: list[str]


def deed_words(deed: ToldDeed) -> DeedWords:
    """One thing in words."""
    actor = _account(deed.actor, company=deed.by_company)
    actor = actor[0].upper() + actor[1:]
    sentence = f"{actor} {_DID[deed.kind.value]}"
    if deed.kind.value != "post":
        sentence += f" {_account(deed.target, company=deed.to_company)}"
    worth = [
        f"{one.points:,} {'point' if one.points == 1 else 'points'} by “{one.label}”, "
        f"if {_IF.get(one.relation.value, one.relation.value)}"
        for one in deed.worth
    ]
    if not worth:
        worth = ["no points: no rule in force gives any for this"]
    return DeedWords(f"{sentence}.", worth)


def _account(name: str | None, *, company: bool) -> str:
    if company:
        return "the company’s account"
    return "an account it does not name" if name is None else f"“{name}”"
