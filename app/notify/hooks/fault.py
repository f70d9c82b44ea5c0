"""What can be wrong with a hook, in words."""

from __future__ import annotations


class NotReachable(Exception):
    """An address may not or cannot be told anything; the message is a sentence for people."""


class UnknownHook(LookupError):
    """There is no such hook, or it was removed."""
