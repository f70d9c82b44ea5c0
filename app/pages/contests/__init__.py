"""Contests as everybody sees them: the list, one contest, its rules, entering and leaving."""

from app.pages.contests import entering, listing, one, rules

HANDLERS = (listing.contests_page, *one.HANDLERS, *rules.HANDLERS, *entering.HANDLERS)
