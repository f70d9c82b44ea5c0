"""What can be wrong with an address, in words."""

from __future__ import annotations


class NotReachable(Exception):
    """An address may not or cannot be told anything; the message is a sentence for people."""
