"""What can be wrong with a hook, in words."""

from __future__ import annotations


class UnknownHook(LookupError):
    """There is no such hook, or it was removed."""
