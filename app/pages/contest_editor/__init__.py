"""Writing a contest: the list, what to begin with, the editor with its meaning beside it, publishing."""

from app.pages.contest_editor import beginning, editing, listing, previewing, publishing

HANDLERS = (
    *listing.HANDLERS,
    *beginning.HANDLERS,
    *editing.HANDLERS,
    *publishing.HANDLERS,
    *previewing.HANDLERS,
)
