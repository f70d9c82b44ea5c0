"""What is kept of a picture is its pixels, and what is no picture is refused in words."""

from __future__ import annotations

import asyncio
import contextlib
import io
import random
import struct
import time
import warnings
import zlib
from datetime import UTC, datetime

import asyncpg
import pytest
from PIL import Image

from app.screens import pictures as kept_pictures
from app.screens.pictures import (
    MOST_BYTES,
    MOST_EDGE,
    Drawn,
    drawn_anew,
    drawn_of,
    keep_picture,
    picture,
    pictures,
)
from app.screens.playlist import Playlist, Slide
from app.screens.playlists import save_playlist
from rewards import Refused
from tests.app.screens.conftest import Hang, Television

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
GPS, ORIENTATION, MAKER = 0x8825, 0x0112, 0x010F


def made(format: str, size: tuple[int, int] = (40, 20), mode: str = "RGB", **more: object) -> bytes:
    out = io.BytesIO()
    image = Image.new(mode, size, "#a67c1f" if mode == "RGB" else None)
    image.putpixel((0, 0), 255 if mode in "LP" else (255, 0, 0, 255)[: len(image.getbands())])
    image.save(out, format, **more)
    return out.getvalue()


def mended(sent: bytes) -> bytes:
    """With the sums of a PNG's parts as they should be, so that its damage is read."""
    if sent[:4] != b"\x89PNG":
        return sent
    out, at = bytearray(sent), 8
    while at + 12 <= len(out):
        end = at + 8 + int.from_bytes(out[at : at + 4])
        if end + 4 > len(out):
            break
        out[end : end + 4] = zlib.crc32(out[at + 4 : end]).to_bytes(4)
        at = end + 4
    return bytes(out)


def bomb() -> bytes:
    """A PNG of a few kilobytes that says it has 4,000 million pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", 65_000, 65_000, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(1_000_000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("format", "type"), [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("WEBP", "image/webp")]
)
def test_three_formats_stay_what_they_are(format: str, type: str) -> None:
    media_type, width, height, body = drawn_anew(made(format))
    assert (media_type, width, height) == (type, 40, 20)
    assert Image.open(io.BytesIO(body)).format == format


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "LA", "CMYK", "1"])
def test_any_kind_of_pixels_is_drawn(mode: str) -> None:
    format = "JPEG" if mode == "CMYK" else "PNG"
    out = io.BytesIO()
    Image.new(mode, (8, 4)).save(out, format)
    assert drawn_anew(out.getvalue())[1:3] == (8, 4)


def test_where_and_with_what_a_picture_was_taken_is_not_kept_and_it_stands_upright() -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6  # lies on its side
    exif[MAKER] = "A camera that tells"
    exif.get_ifd(GPS)[2] = (38.7, 9.1, 0.0)
    _, width, height, body = drawn_anew(made("JPEG", exif=exif, comment=b"a secret"))
    assert (width, height) == (20, 40)
    assert not Image.open(io.BytesIO(body)).getexif()
    assert b"tells" not in body
    assert b"secret" not in body


def test_what_hides_behind_a_picture_is_left_behind() -> None:
    _, _, _, body = drawn_anew(made("PNG") + b"<script>alert(1)</script>")
    assert b"script" not in body


def test_nothing_is_larger_than_the_largest_screen() -> None:
    _, width, height, _ = drawn_anew(made("PNG", (5000, 100)))
    assert (width, height) == (MOST_EDGE, 77)


@pytest.mark.parametrize(
    "sent",
    [
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b"<!doctype html><script>alert(1)</script>",
        b"\x89PNG\r\n\x1a\n<html>",
        b"GIF89a" + bytes(40),
        b"%PDF-1.7",
        made("PNG", (400, 400))[:200],
        made("JPEG", (400, 400))[:300],
        made("WEBP")[:-10],
        bytes(1000),
    ],
    ids=["svg", "html", "html-as-png", "gif", "pdf", "cut-png", "cut-jpeg", "cut-webp", "zeros"],
)
def test_what_is_no_picture_is_refused(sent: bytes) -> None:
    with pytest.raises(Refused, match="not a picture") as refused:
        drawn_anew(sent)
    assert refused.value.field == "file"


def test_whatever_is_damaged_in_a_picture_it_is_one_or_is_refused() -> None:
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKER] = 6, "x" * 40
    whole = [made(format, exif=exif) for format in ("JPEG", "PNG", "WEBP")]
    chance = random.Random(5)
    for number in range(3000):
        sent = bytearray(whole[number % 3])
        start = max(sent.find(b"II*\0"), sent.find(b"MM\0*"), 0)
        for _ in range(chance.choice((1, 2, 4))):
            at = start + chance.randrange(min(90, len(sent) - start))
            sent[at] = chance.choice((0, 1, 127, 255, chance.randrange(256)))
        with contextlib.suppress(Refused), warnings.catch_warnings(action="ignore"):
            drawn_anew(mended(bytes(sent)))


async def test_pictures_are_drawn_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    at_work: list[int] = []

    def slowly(sent: bytes) -> Drawn:
        at_work.append(1)
        assert len(at_work) == 1
        time.sleep(0.02)
        at_work.pop()
        return Drawn("image/png", 1, 1, sent)

    monkeypatch.setattr(kept_pictures, "drawn_anew", slowly)
    made = await asyncio.gather(*(drawn_of(bytes([number])) for number in range(1, 5)))
    assert [one.body for one in made] == [b"\1", b"\2", b"\3", b"\4"]


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    with pytest.raises(Refused, match="million pixels"):
        drawn_anew(bomb())
    with pytest.raises(Refused, match="million pixels"):
        drawn_anew(made("PNG", (41_000, 1000), "1"))


async def test_a_picture_is_kept_listed_and_shown_to_screens_that_play_it_only(
    connection: asyncpg.Connection, television: Television, hang: Hang
) -> None:
    for nothing in (b"", bytes(MOST_BYTES + 1)):
        with pytest.raises(Refused):
            await drawn_of(nothing)
    drawn = await drawn_of(made("PNG"))
    id = await keep_picture(connection, "../our\x00 <b>house</b>.png", drawn, None, NOW)
    listed = await pictures(connection)
    assert [(one.id, one.name, one.body) for one in listed] == [
        (id, "../our <b>house</b>.png", b"")
    ]
    kept = await picture(connection, id)
    assert kept is not None
    slide = Slide("a", "picture", {"picture": str(id)})
    playlist = await save_playlist(connection, None, Playlist("Staff", (slide,)), None, NOW)
    _, key = await hang(playlist=playlist)
    _, others = await hang(audience="public")
    tv = await television()
    shown = await tv.get(f"/screens/{key}/pictures/{id}")
    assert shown.content == kept.body
    assert shown.headers["content-type"] == "image/png"
    assert shown.headers["x-content-type-options"] == "nosniff"
    for wrong in (id + 1, "0", "-1", "9" * 30, "x"):
        assert (await tv.get(f"/screens/{key}/pictures/{wrong}")).status_code == 404
    for wrong_key in ("a" * 32, others):
        assert (await tv.get(f"/screens/{wrong_key}/pictures/{id}")).status_code == 404
