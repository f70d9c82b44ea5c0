"""Pictures of the demo: a street at dusk for the company's screens, some windows warm, the same for the same
seed; and what a telephone shows of a post."""

from __future__ import annotations

import io
from random import Random

from PIL import Image, ImageDraw, ImageFilter, ImageFont

LYING, STANDING = (1920, 1080), (1080, 1560)
_NIGHT, _DUSK = (23, 29, 46), (196, 132, 86)
_ROOFS = ((38, 42, 58), (47, 50, 66), (58, 56, 70))
_WARM, _UNLIT = (255, 205, 120), (30, 33, 47)


def street(size: tuple[int, int] = LYING, seed: int = 2026) -> bytes:
    """The picture in a width and height as a JPEG of about 100 kB."""
    width, height = size
    rng = Random(f"street {seed}")
    picture = _sky(width, height)
    pen = ImageDraw.Draw(picture)
    for depth, colour in enumerate(_ROOFS):
        base = height - 330 + 110 * depth
        x = -rng.randint(0, 90)
        while x < width:
            wide = rng.randint(150, 260) + 40 * depth
            top = base - rng.randint(0, 70)
            _house(pen, rng, (x, top, x + wide, height), colour, lit=depth == 2)
            x += wide + rng.randint(-6, 34)
    pen.rectangle((0, height - 46, width, height), fill=(20, 22, 32))
    body = io.BytesIO()
    picture.save(body, "JPEG", quality=86)
    return body.getvalue()


def _sky(width: int, height: int) -> Image.Image:
    size = (width, height)
    fall = Image.linear_gradient("L").resize(size)
    sky = Image.composite(Image.new("RGB", size, _DUSK), Image.new("RGB", size, _NIGHT), fall)
    glow = Image.new("L", size, 0)
    around = (width * 3 // 4, height - 360)
    ImageDraw.Draw(glow).circle(around, 300, fill=110)
    glow = glow.filter(ImageFilter.GaussianBlur(110))
    return Image.composite(Image.new("RGB", size, (255, 190, 120)), sky, glow)


def _house(
    pen: ImageDraw.ImageDraw, rng: Random, box: tuple[int, int, int, int],
    colour: tuple[int, int, int], *, lit: bool,
) -> None:  # fmt: skip
    left, top, right, ground = box
    width = right - left
    peak = top - width * rng.uniform(0.3, 0.5)
    pen.polygon([(left - 12, top), (left + width / 2, peak), (right + 12, top)], fill=colour)
    pen.rectangle((left, top, right, ground), fill=colour)
    chimney = left + width * 0.7
    pen.rectangle((chimney, peak + 8, chimney + 24, top), fill=colour)
    if not lit:
        return
    for row in range(2):
        for column in range(width // 80):
            x, y = left + 26 + 80 * column, top + 28 + 96 * row
            fill = _WARM if rng.random() < 0.45 else _UNLIT
            pen.rectangle((x, y, x + 34, y + 50), fill=fill)


def screenshot(author: str, words: str, figures: tuple[int, ...]) -> bytes:
    """What somebody's telephone shows of a post of theirs, as a PNG: the author, the words, the figures."""
    picture = Image.new("RGB", (720, 480), (255, 255, 255))
    pen = ImageDraw.Draw(picture)
    pen.circle((70, 70), 38, fill=_DUSK)
    pen.text((128, 44), author, fill=_NIGHT, font=ImageFont.load_default(30))
    pen.text((128, 82), "2nd", fill=(110, 116, 130), font=ImageFont.load_default(20))
    pen.text((32, 148), words.capitalize(), fill=_NIGHT, font=ImageFont.load_default(32))
    for line, wide in enumerate((640, 610, 380)):
        pen.rectangle((32, 214 + 34 * line, 32 + wide, 228 + 34 * line), fill=(226, 229, 236))
    pen.line((32, 352, 688, 352), fill=(214, 218, 226), width=2)
    names = ("reactions", "comments", "reposts")
    said = "   ".join(f"{value} {name}" for value, name in zip(figures, names, strict=False))
    pen.text((32, 378), said, fill=_NIGHT, font=ImageFont.load_default(28))
    body = io.BytesIO()
    picture.save(body, "PNG")
    return body.getvalue()
