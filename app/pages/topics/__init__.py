"""Topics of posts: the company's list, colleagues' posts, one's own."""

from app.pages.topics import listing, one, own, sorting

HANDLERS = [*listing.HANDLERS, *one.HANDLERS, *sorting.HANDLERS, *own.HANDLERS]
