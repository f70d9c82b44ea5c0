"""Pictures of the company for screens.

Law: what is kept is never what was sent: each picture is drawn anew from its pixels, so that no place,
camera, script or second file travels in it; and what would not fit into memory is refused before it
is unpacked.
"""

from __future__ import annotations

import asyncio
import io
import struct
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

from PIL import Image, ImageOps, UnidentifiedImageError

from app.database import Connection
from app.screens.playlist import Playlist
from rewards import Refused
from scoring import record_audit

MOST_BYTES: Final = 8 * 1024 * 1024
MOST_PIXELS: Final = 40_000_000  # 160 MB unpacked
MOST_EDGE: Final = 3840  # the widest screen
MOST_NAME: Final = 120
KIND: Final = "picture"  # the kind of slide, and its option that names one
_TYPES: Final = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
# One at a time: the largest takes almost a gigabyte while it is unpacked.
_HAND: Final = ThreadPoolExecutor(max_workers=1, thread_name_prefix="screen-pictures")
_NOT_ONE: Final = "This is not a picture we can read. Send a JPEG, a PNG or a WebP file."
_HOW: Final[dict[str, dict[str, Any]]] = {
    "JPEG": {"quality": 88, "optimize": True, "progressive": True},
    "PNG": {"optimize": True},
    "WEBP": {"quality": 88},
}


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture; `body` is empty where several are listed."""

    id: int
    name: str
    media_type: str
    width: int
    height: int
    at: datetime
    body: bytes = b""


class Drawn(NamedTuple):
    """A picture made anew from its pixels."""

    media_type: str
    width: int
    height: int
    body: bytes


async def drawn_of(sent: bytes) -> Drawn:
    """The picture that somebody sent, made anew. Before a connection is taken: it may take seconds.
    Refused for what is none or too large."""
    if not sent:
        raise Refused("Choose a picture first.", field="file")
    if len(sent) > MOST_BYTES:
        raise Refused(f"Send at most {MOST_BYTES // 1024 // 1024} MB.", field="file")
    # Seconds of work for a large one, during which everybody else is served.
    drawing = asyncio.get_running_loop().run_in_executor(_HAND, drawn_anew, sent)
    return await drawing


async def keep_picture(
    connection: Connection, name: str, drawn: Drawn, by: int | None, now: datetime
) -> int:
    """Keep a picture; its id."""
    async with connection.transaction():
        id: int = await connection.fetchval(
            """insert into screen_picture
                 (name, media_type, width, height, body, person_id, recorded_at)
               values ($1, $2, $3, $4, $5, $6, $7) returning id""",
            _name(name),
            drawn.media_type,
            drawn.width,
            drawn.height,
            drawn.body,
            by,
            now,
        )
        detail = {"width": drawn.width, "height": drawn.height}
        await record_audit(connection, by, "picture_kept", f"screen_picture:{id}", detail, now)
    return id


async def picture(connection: Connection, id: int) -> Picture | None:
    """One picture with its body."""
    row = await connection.fetchrow(
        """select id, name, media_type, width, height, recorded_at, body
           from screen_picture where id = $1""",
        id,
    )
    return Picture(*row.values()) if row else None


async def pictures(connection: Connection) -> list[Picture]:
    """All pictures without their bodies, the newest first."""
    rows = await connection.fetch(
        """select id, name, media_type, width, height, recorded_at
           from screen_picture order by id desc"""
    )
    return [Picture(*row.values()) for row in rows]


def shows_picture(playlist: Playlist, id: int) -> bool:
    """Whether a playlist has a slide of a picture."""
    return any(
        slide.kind == KIND and slide.options.get(KIND) == str(id) for slide in playlist.slides
    )


def drawn_anew(sent: bytes) -> Drawn:
    """A picture of the same pixels, upright, at most as large as a screen. Raises Refused."""
    try:
        with Image.open(io.BytesIO(sent), formats=list(_TYPES)) as opened:
            return _drawn(opened)
    except Refused:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Refused(_too_many(), field="file") from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, struct.error):
        # What Pillow raises for files that are cut off or lie about themselves.
        raise Refused(_NOT_ONE, field="file") from None


def _drawn(opened: Image.Image) -> Drawn:
    format = opened.format or ""
    if opened.width * opened.height > MOST_PIXELS:
        raise Refused(_too_many(), field="file")
    if format == "JPEG":
        opened.draft("RGB", (MOST_EDGE, MOST_EDGE))  # unpacks no more of it than is needed
    upright = ImageOps.exif_transpose(opened)
    clear = "transparency" in upright.info or upright.mode in ("LA", "PA", "RGBA", "RGBa", "La")
    plain = upright.convert("RGBA" if clear and format != "JPEG" else "RGB")
    plain.thumbnail((MOST_EDGE, MOST_EDGE))
    # A fresh canvas has neither EXIF nor a profile nor comments.
    fresh = Image.new(plain.mode, plain.size)
    fresh.paste(plain)
    out = io.BytesIO()
    fresh.save(out, format, **_HOW[format])
    return Drawn(_TYPES[format], fresh.width, fresh.height, out.getvalue())


def _too_many() -> str:
    return f"This picture has more than {MOST_PIXELS // 1_000_000} million pixels; make it smaller."


def _name(name: str) -> str:
    shown = "".join(letter for letter in name if letter.isprintable())
    return " ".join(shown.split())[:MOST_NAME] or "Picture"
