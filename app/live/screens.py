"""Team screens on the live stream: `/live?board=screens,people,screen:3`."""

from __future__ import annotations

from typing import Final

# Something for every screen: an announcement was planned, begun, stepped, ended or corrected, or a
# playlist saved.
SCREENS: Final = "screens"
# Somebody wants to be shown otherwise. Apart from SCREENS: any colleague can cause it as often as they
# like, and neither a leader's tap may wait behind it nor all televisions ask at once for it.
PEOPLE: Final = "people"


def screen_topic(screen_id: int) -> str:
    """What one screen watches: that it was set otherwise, is to load anew, rehearses or is revoked."""
    return f"screen:{screen_id}"
