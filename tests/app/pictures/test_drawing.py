"""What is really on a winner's picture, pixel by pixel."""

from __future__ import annotations

import asyncio
import importlib
import struct
import time
from dataclasses import replace
from itertools import pairwise

import pytest
from PIL import Image, ImageChops

from app.asgi import templates
from app.pictures import SHAPES, CannotWrite, Shape, Winner, draw
from app.pictures import drawn as drawn_beside
from app.pictures.card import values
from app.pictures.layout import MEDALS, WITH_BLOCK
from app.settings import Settings
from tests.app.pictures.conftest import MAYA, Drawn, png

# Where a name stands in each shape: left, top, right, bottom.
NAMES: dict[Shape, tuple[int, int, int, int]] = {
    "landscape": (730, 130, 1528, 770),
    "portrait": (65, 520, 1015, 900),
}
HARD_NAMES = [
    "Maximiliana Konstantinopolskaya-Wolfeschlegelsteinhausen von Bergerdorff und Zweibrücken",
    "Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewissenhaftschafer",
    "محمد عبد الرحمن بن عبد العزيز آل الشيخ المعروف بأبي عبد الله الحضرمي",
    "נועה בן־דוד (Noa) לבית רוטשילד־קליינמן",
    "Александра Щукина-Ёлкина",
    "Ελευθερία Παπαδοπούλου",
    "Nguyễn Thị Ánh Tuyết",
    "W" * 200,
    "i i " * 60,
    "e\u0301" * 150,
]


def ink(one: Image.Image, other: Image.Image) -> tuple[int, int, int, int]:
    """Where two pictures differ."""
    box = ImageChops.difference(one, other).getbbox()
    assert box is not None
    return box


@pytest.mark.parametrize("shape", SHAPES)
def test_a_picture_has_the_size_of_its_shape_and_holds_nothing_but_pixels(shape: Shape) -> None:
    made = png(shape)

    chunks, at = [], 8
    while at < len(made):
        (length,) = struct.unpack(">I", made[at : at + 4])
        chunks.append(made[at + 4 : at + 8])
        at += 12 + length
    assert struct.unpack(">II", made[16:24]) == SHAPES[shape]
    assert {*chunks} == {b"IHDR", b"IDAT", b"IEND"}  # no text, no time, no author


def test_the_same_winner_is_the_same_bytes() -> None:
    assert png() == draw(templates(Settings()), MAYA, "landscape")
    assert png() != png(name="Maya Okafo")


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("place", [1, 2, 3])
def test_the_ring_has_the_metal_of_the_place(shape: Shape, place: int, drawn: Drawn) -> None:
    x, y, r = WITH_BLOCK[shape].avatar
    metal = tuple(bytes.fromhex(MEDALS[place][1:]))

    assert drawn(shape, medal=place).getpixel((int(x), int(y - r - 12))) == metal
    assert drawn(shape, medal=None).getpixel((int(x), int(y - r - 12))) != metal


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("said", ["department", "gift", "bracket", "day", "company", "contest"])
def test_everything_that_is_said_is_drawn_and_nothing_else(
    shape: Shape, said: str, drawn: Drawn
) -> None:
    with_it, without_it = drawn(shape), drawn(shape, **{said: ""})

    assert ImageChops.difference(with_it, without_it).getbbox()


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("name", HARD_NAMES)
def test_a_name_stays_in_its_place_whatever_it_is(shape: Shape, name: str, drawn: Drawn) -> None:
    nothing = {"metric": "", "place": "", "department": "", "initials": ""}
    left, top, right, bottom = ink(
        drawn(shape, name=name, **nothing), drawn(shape, name=" ", **nothing)
    )

    place = NAMES[shape]
    # Some letters reach a little over their own width: half a percent of the picture.
    over = SHAPES[shape][0] // 200
    assert left >= place[0] - over
    assert right <= place[2] + over
    assert top >= place[1]
    assert bottom <= place[3]


@pytest.mark.parametrize("shape", SHAPES)
def test_no_text_reaches_into_another(shape: Shape) -> None:
    for name in HARD_NAMES:
        given, _ = values(replace(MAYA, name=name), shape)
        for column in WITH_BLOCK[shape].columns:
            mine = [one for one in given["lines"] if one.x == column.x and column.top <= one.y]
            mine = [one for one in mine if one.y <= column.bottom]
            for above, below in pairwise(mine):
                if below.y != above.y:
                    assert below.y - above.y >= below.size * 0.9


async def test_many_who_ask_at_once_get_what_one_gets() -> None:
    environment = templates(Settings())
    answers = await asyncio.gather(
        *(drawn_beside(environment, MAYA, shape) for shape in [*SHAPES] * 4)
    )

    assert {*answers} == {png("landscape"), png("portrait")}


async def test_a_picture_that_many_ask_for_at_once_is_drawn_once_and_who_goes_stops_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    at_work = []

    def slowly(environment: object, winner: Winner, shape: Shape) -> bytes:
        at_work.append(winner)
        time.sleep(0.05)
        if winner.value == "0":
            raise CannotWrite("nothing")
        return winner.value.encode()

    monkeypatch.setattr(importlib.import_module("app.pictures.draw"), "draw", slowly)
    environment, asked = templates(Settings()), replace(MAYA, value="77")
    first, *others = [
        asyncio.create_task(drawn_beside(environment, asked, "landscape")) for _ in range(5)
    ]
    await asyncio.sleep(0)
    first.cancel()
    assert await asyncio.gather(*others) == [b"77"] * 4
    assert at_work == [asked]
    # What could not be drawn is tried anew for who asks later.
    for _ in range(2):
        with pytest.raises(CannotWrite):
            await drawn_beside(environment, replace(MAYA, value="0"), "landscape")
    assert len(at_work) == 3
