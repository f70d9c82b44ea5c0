"""Figures as people state them of a post: which its network has, how high, and with a picture. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from scoring.by_hand.handed_in import Picture
from scoring.facts import Kind
from scoring.platforms import platform, platforms
from scoring.platforms.platform import UnknownPlatform

MOST_COUNT: Final = 1_000_000_000
COUNTED: Final = (Kind.REACTION, Kind.REPLY, Kind.RESHARE, Kind.QUOTE)


def counted_on(network: str) -> tuple[Kind, ...]:
    """What can be counted of a post on a network: quotes only where it knows them."""
    try:
        quotes = Kind.QUOTE in platform(network).capabilities.told
    except UnknownPlatform:
        quotes = False
    return COUNTED if quotes else COUNTED[:-1]


def wrong_counts(
    network: str, counts: Mapping[Kind, int], picture: Picture | None
) -> dict[str, str]:
    """What is wrong with figures, by field."""
    faults = {}
    for kind, value in counts.items():
        if kind not in counted_on(network):
            faults[kind.value] = f"{platforms()[network].label} does not count that."
        elif not 0 <= value <= MOST_COUNT:
            faults[kind.value] = "Type a number, such as 120."
    if counts and picture is None:
        faults["picture"] = (
            "Add a picture in which the figures can be seen; whoever confirms them looks at it."
        )
    if picture is not None and not counts:
        faults["reaction"] = "Type at least one of the figures that the picture shows."
    return faults
