"""A picture of the company for its screens: a street at dusk, some windows warm. The same seed draws the
same street."""

from __future__ import annotations

import io
from random import Random

from PIL import Image, ImageDraw, ImageFilter

WIDTH, HEIGHT = 1920, 1080
_NIGHT, _DUSK = (23, 29, 46), (196, 132, 86)
_ROOFS = ((38, 42, 58), (47, 50, 66), (58, 56, 70))
_WARM = (255, 205, 120)


def street(seed: int = 2026) -> bytes:
    """The picture as a JPEG of about 100 kB."""
    rng = Random(f"street {seed}")
    picture = _sky()
    pen = ImageDraw.Draw(picture)
    for depth, colour in enumerate(_ROOFS):
        base = HEIGHT - 330 + 110 * depth
        x = -rng.randint(0, 90)
        while x < WIDTH:
            width = rng.randint(150, 260) + 40 * depth
            _house(pen, rng, x, base - rng.randint(0, 70), width, colour, lit=depth == 2)
            x += width + rng.randint(-6, 34)
    pen.rectangle((0, HEIGHT - 46, WIDTH, HEIGHT), fill=(20, 22, 32))
    body = io.BytesIO()
    picture.save(body, "JPEG", quality=86)
    return body.getvalue()


def _sky() -> Image.Image:
    fall = Image.linear_gradient("L").resize((WIDTH, HEIGHT))
    sky = Image.composite(
        Image.new("RGB", (WIDTH, HEIGHT), _DUSK), Image.new("RGB", (WIDTH, HEIGHT), _NIGHT), fall
    )
    glow = Image.new("L", (WIDTH, HEIGHT), 0)
    ImageDraw.Draw(glow).ellipse((1180, 420, 1780, 1020), fill=110)
    glow = glow.filter(ImageFilter.GaussianBlur(110))
    return Image.composite(Image.new("RGB", (WIDTH, HEIGHT), (255, 190, 120)), sky, glow)


def _house(
    pen: ImageDraw.ImageDraw, rng: Random, x: int, top: int, width: int,
    colour: tuple[int, int, int], *, lit: bool,
) -> None:  # fmt: skip
    peak = top - width * rng.uniform(0.3, 0.5)
    pen.polygon([(x - 12, top), (x + width / 2, peak), (x + width + 12, top)], fill=colour)
    pen.rectangle((x, top, x + width, HEIGHT), fill=colour)
    chimney = x + width * 0.7
    pen.rectangle((chimney, peak + 8, chimney + 24, top), fill=colour)
    if not lit:
        return
    for row in range(2):
        for column in range(width // 80):
            left, above = x + 26 + 80 * column, top + 28 + 96 * row
            warm = rng.random() < 0.45
            pen.rectangle(
                (left, above, left + 34, above + 50), fill=_WARM if warm else (30, 33, 47)
            )
