"""What can be wrong with an address, or with whoever should answer there, in words."""

from __future__ import annotations


class NotReachable(Exception):
    """An address may not or cannot be told or asked anything; the message is a sentence for people."""


class OutsideRefused(NotReachable):
    """What was wanted is not allowed, or the answer is none we take: trying again changes nothing."""


class OutsideAway(NotReachable):
    """Nobody answered, or not in time: trying again later may help."""
