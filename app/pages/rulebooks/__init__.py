"""The rules of points for HR: versions, the editor, what a draft would change, adopting it."""

from app.pages.rulebooks import adopting, editing, listing, trying

HANDLERS = (*listing.HANDLERS, *editing.HANDLERS, *trying.HANDLERS, *adopting.HANDLERS)
