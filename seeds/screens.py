"""The demo company's team screens: one for staff in a canteen, one that guests pass at a reception, what
they play, and two pictures of the company's own.

Law: nothing that the administrator's pages would not do.
"""

from __future__ import annotations

from datetime import datetime, time

from app.screens.pictures import drawn_of, keep_picture
from app.screens.playlist import Playlist, Slide
from app.screens.playlists import save_playlist
from app.screens.screens import add_screen
from app.screens.setting import Setting
from scoring.connection import Connection
from seeds.drawing import LYING, STANDING, street

CAPTION = "Four degrees below zero, and warm inside"
CANTEEN, RECEPTION = "Canteen", "Reception"


async def hang(connection: Connection, *, by: int, secret_key: str, now: datetime) -> None:
    """Hang both screens, as the administrator `by` would have before anybody looked."""
    lying, standing = [
        await keep_picture(connection, f"Our street, {how}", await drawn_of(street(size)), by, now)
        for how, size in (("lying", LYING), ("standing", STANDING))
    ]
    canteen = await save_playlist(connection, None, canteen_list(lying), by, now)
    reception = await save_playlist(connection, None, reception_list(standing), by, now)
    for setting in (
        Setting(CANTEEN, "Rotterdam", "staff", canteen),
        Setting(RECEPTION, "Lisbon", "public", reception, look="day"),
    ):
        await add_screen(
            connection, setting, pairing_sha256=None, by=by, secret_key=secret_key, now=now
        )


def canteen_list(picture: int) -> Playlist:
    """What colleagues see at lunch. Pure."""
    return Playlist(
        "Canteens",
        (
            Slide("week", "board", {"metric": "points", "period": "week"}, 20),
            Slide("run", "contests", seconds=20),
            Slide("won", "winners"),
            Slide("story", "story"),
            Slide("share", "reshares"),
            Slide("next", "dates"),
            Slide(
                "lunch", "note",
                {
                    "heading": "Soup and stories",
                    "text": "Thursday at noon, long table.\nBring a customer's question.",
                },
                weekdays=(1, 2, 3, 4), since=time(7), until=time(19),
            ),
            Slide("month", "board", {"metric": "points", "period": "month"}, 20),
            Slide("street", "picture", {"picture": str(picture), "caption": CAPTION}, 10),
        ),
    )  # fmt: skip


def reception_list(picture: int) -> Playlist:
    """What guests see while they wait. Pure."""
    return Playlist(
        "Receptions",
        (
            Slide("street", "picture", {"picture": str(picture), "caption": CAPTION}),
            Slide(
                "welcome", "note",
                {
                    "heading": "Welcome to Halden & Lys",
                    "text": "Heat from the air, people from six cities.\nSomebody fetches you soon.",
                },
            ),
            Slide("voices", "board", {"metric": "responses", "period": "month"}, 20),
            Slide("run", "contests"),
            Slide("won", "winners"),
            Slide("share", "reshares"),
        ),
    )  # fmt: skip
