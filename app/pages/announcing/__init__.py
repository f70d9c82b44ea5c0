"""Announcing who won: a leader prepares, rehearses and steers; everybody reads it afterwards."""

from app.pages.announcing import (
    calling_off,
    congratulating,
    correcting,
    listing,
    past,
    preparing,
    rehearsing,
    remote,
)

HANDLERS = (
    *listing.HANDLERS,
    *preparing.HANDLERS,
    *rehearsing.HANDLERS,
    *remote.HANDLERS,
    *calling_off.HANDLERS,
    *correcting.HANDLERS,
    *past.HANDLERS,
    *congratulating.HANDLERS,
)
