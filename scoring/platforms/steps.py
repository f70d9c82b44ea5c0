"""What an administrator does at a network, and here, until its first event comes. Pure.

Law: a step names things as the network's own pages do; what is to be copied there is filled in from the
settings, so nothing has to be put together by hand.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

# What a step's texts may carry: the webhook's address, this installation's, words chosen for the network.
PLACES: Final = ("callback", "base", "host", "verify_token")
_MARKED: Final = re.compile(r"\*([^*]+)\*|`([^`]+)`")


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do.

    `words`: a sentence or more; `*…*` is what the network's page calls it, `…` between backticks is typed
    as it stands. `copy`: what to copy there, each with its name in the network's words. `sets`: the settings
    of the platform that this step gives.
    """

    words: str
    copy: tuple[tuple[str, str], ...] = ()
    sets: tuple[str, ...] = ()

    @property
    def parts(self) -> list[tuple[str, str]]:
        """The words in pieces."""
        return parts_of(self.words)


def parts_of(words: str) -> list[tuple[str, str]]:
    """Words in pieces, each plain, a name of the network's, or typed: ("name", "My Apps")."""
    found: list[tuple[str, str]] = []
    end = 0
    for mark in _MARKED.finditer(words):
        found.append(("plain", words[end : mark.start()]))
        found.append(("name", mark[1]) if mark[1] else ("typed", mark[2]))
        end = mark.end()
    found.append(("plain", words[end:]))
    return [(kind, text) for kind, text in found if text]


def filled(text: str, values: Mapping[str, str]) -> str:
    """A text to copy with its places filled in; a place without a value stays as `{name}`."""
    for name in PLACES:
        if name in values:
            text = text.replace(f"{{{name}}}", values[name])
    return text
