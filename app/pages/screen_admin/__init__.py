"""`/admin/screens`: the team screens, how they are paired and set, what they play and look like."""

from app.pages.screen_admin import (
    editing,
    listing,
    one_screen,
    pairing,
    pictures,
    playlists,
    previewing,
)

HANDLERS = (
    *listing.HANDLERS,
    *pairing.HANDLERS,
    *one_screen.HANDLERS,
    *playlists.HANDLERS,
    *editing.HANDLERS,
    *previewing.HANDLERS,
    *pictures.HANDLERS,
)
