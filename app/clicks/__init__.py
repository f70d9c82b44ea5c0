"""Openings of tracked links: led on at once, counted where a person opened them."""

from app.clicks.counted import why_not_counted
from app.clicks.door import PREFIX, Opening, in_front_of, opening

__all__ = ["PREFIX", "Opening", "in_front_of", "opening", "why_not_counted"]
