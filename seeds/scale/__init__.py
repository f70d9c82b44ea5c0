"""A large company at once: a million people and years of history, written as the engine would have left it.

Law: facts, entries, answers and totals are what the worker makes of deliveries that tell the same; a
test sends them the long way and compares, and `fanfare verify` agrees at any size.
"""

from seeds.scale.loading import load
from seeds.scale.newest import Newest
from seeds.scale.size import Size

__all__ = ["Newest", "Size", "load"]
