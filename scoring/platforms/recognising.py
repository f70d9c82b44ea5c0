"""Which network's post an address means, of all that are installed. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from scoring.platforms import platforms
from scoring.platforms.addresses import NotAPost, PostNamed
from scoring.platforms.platform import Named, Platform

_NOBODY: Final[Mapping[str, Sequence[Named]]] = {}


class NoNetwork(NotAPost):
    """An address of none of the installed networks."""


def recognise(
    text: str,
    own: Mapping[str, Sequence[Named]] = _NOBODY,
    known: Mapping[str, Platform] | None = None,
) -> tuple[str, PostNamed]:
    """The network and the post; `own` are the person's accounts by network. Raises NotAPost."""
    networks = platforms() if known is None else known
    # Where a post may lie under any host, that is found out last.
    for network in sorted(networks.values(), key=lambda one: (one.any_host, one.name)):
        post = network.post_named(text, own.get(network.name, ()))
        if post is not None:
            return network.name, post
    names = [one.label for one in networks.values() if told(one)]
    listed = f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)
    raise NoNetwork(
        f"This is no address of a post that we can read. We know posts on {listed}; copy the whole "
        "address, with https:// at its beginning."
    )


def told(network: Platform) -> bool:
    """Whether posts of a network can be named by their addresses."""
    return type(network).post_named is not Platform.post_named
