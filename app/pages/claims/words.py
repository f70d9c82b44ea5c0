"""Proofs in words. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from app.proofs import AccountProof

_HOW: Final = {
    "oauth": "by signing in there",
    "code": "by a code in {place}",
    "rel_me": "by a link in {place}",
    "did": "by {place}",
    "confirmed": "by an administrator’s word",
}


def how_shown(proofs: Sequence[AccountProof]) -> str:
    """How somebody showed last that an account is theirs, to themselves."""
    if not proofs:
        return "taken at your word"
    return f"shown {_HOW[proofs[0].how].format(place=proofs[0].place)}"


def how_they_showed(proof: AccountProof) -> str:
    """The same to somebody else."""
    words = _HOW[proof.how].format(place=proof.place)
    return words.replace("your ", "their ")
