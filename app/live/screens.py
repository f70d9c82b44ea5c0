"""Team screens on the live stream: `/live?board=screens&board=screen:3`."""

from __future__ import annotations

from typing import Final

# Something for every screen: an announcement was planned, begun, stepped, ended or corrected, or a
# playlist saved.
SCREENS: Final = "screens"


def screen_topic(screen_id: int) -> str:
    """What one screen watches: that it was set otherwise, is to load anew, rehearses or is revoked."""
    return f"screen:{screen_id}"
