"""Which letters are drawn, with what, and what happens to those nobody can write."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from PIL import ImageChops

from app.asgi import templates
from app.pictures import CannotWrite, draw, machine
from app.pictures.card import readable, values
from app.pictures.fonts import FONTS
from app.pictures.measure import fit, runs_left, wide
from app.pictures.own import FAMILY
from app.settings import Settings
from tests.app.pictures.conftest import MAYA, Drawn, png

LETTER = "𓀀"  # Egyptian, which no font of ours has
ATTACKS = [
    "<script>alert(1)</script>",
    "</text><rect width='1600' height='900' fill='red'/><text>",
    "Tom & Jerry &amp; &#x3c; \"both\" 'of' them",
    "]]><!-- {{ 7 * 7 }} {% raw %}",
    '<image href="file:///etc/hostname"/>',
]


@pytest.fixture
def bare_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine whose only fonts are those a test puts here."""
    machine._found.cache_clear()
    monkeypatch.setattr(machine, "font_directories", lambda: [tmp_path])
    return tmp_path


def a_font(path: Path, letters: str, *, named: bool = True) -> None:
    """A font in which each of these letters is a black square."""
    pen = TTGlyphPen(None)
    for at, corner in enumerate([(100, 0), (100, 700), (800, 700), (800, 0)]):
        (pen.lineTo if at else pen.moveTo)(corner)
    pen.closePath()
    square, names = pen.glyph(), [f"g{ord(letter)}" for letter in letters]
    made = FontBuilder(1000, isTTF=True)
    made.setupGlyphOrder([".notdef", *names])
    made.setupCharacterMap({ord(letter): name for letter, name in zip(letters, names, strict=True)})
    made.setupGlyf({".notdef": TTGlyphPen(None).glyph(), **dict.fromkeys(names, square)})
    made.setupHorizontalMetrics(dict.fromkeys([".notdef", *names], (900, 100)))
    made.setupHorizontalHeader(ascent=800, descent=-200)
    made.setupNameTable({})
    for number, words in ((1, "Squares"), (2, "Regular"), (4, "Squares"), (6, "Squares")):
        if named:
            made.font["name"].setName(words, number, 3, 1, 0x409)
    made.setupOS2()
    made.setupPost()
    made.save(path)


@pytest.mark.parametrize("attack", ATTACKS)
def test_markup_in_a_name_is_only_letters(attack: str, drawn: Drawn) -> None:
    picture, plain = drawn(name=attack), drawn(name="Maya")

    assert picture.getpixel((20, 20)) == plain.getpixel((20, 20))
    left, top, right, bottom = ImageChops.difference(picture, plain).getbbox() or (0, 0, 0, 0)
    assert left >= 720
    assert top >= 130
    assert right <= 1540
    assert bottom <= 770


def test_controls_are_left_out_and_spaces_drawn_together() -> None:
    assert readable("Ma\x00ya\x1b[31m \n\t \u202eOkafor\ud800\ufeff", 700) == "Maya[31m Okafor"
    assert png(name="Ma\x00ya\u202e Okafor\x07") == png()


@pytest.mark.parametrize(
    "name",
    ["Łukasz Żółć", "Ģirts Ķēniņš", "Jürgen Groß", "Nguyễn Thị Ánh", "Александр Ґалаґан",
     "Ελευθερία", "محمد", "נועה", "José María Ñandú", "Ş. Ğ. İnönü", "O’Brien — “Bo” (Jr.)"],
)  # fmt: skip
def test_most_names_are_written_with_our_own_letters(name: str) -> None:
    assert FONTS.hand(name, 700).family == FAMILY


def test_a_script_of_the_machines_is_written_with_its_font(
    bare_machine: Path, drawn: Drawn
) -> None:
    a_font(bare_machine / "squares.ttf", LETTER)

    hand = FONTS.hand(LETTER * 2, 700)
    assert hand.family == "Squares"
    assert wide(LETTER * 2, hand, 100) == pytest.approx(180 * 1.02)
    # The name's square: the colour of ink, well inside its place.
    (line,) = [
        one
        for one in values(replace(MAYA, name=LETTER), "landscape")[0]["lines"]
        if one.text == LETTER
    ]
    inside = (line.x + line.size * 0.4, line.y - line.size * 0.3)
    assert drawn(name=LETTER).getpixel((int(inside[0]), int(inside[1]))) == (238, 241, 248)


def test_a_font_that_cannot_be_drawn_with_writes_nothing(bare_machine: Path) -> None:
    a_font(bare_machine / "nameless.ttf", LETTER, named=False)

    with pytest.raises(CannotWrite):
        FONTS.hand(LETTER, 700)


def test_our_own_letters_beside_the_machines_stay_our_own(bare_machine: Path) -> None:
    a_font(bare_machine / "squares.ttf", LETTER)

    hand = FONTS.hand(f"Maya {LETTER}", 700)
    assert [font.family for font in hand.fonts] == [FAMILY, "Squares"]


def test_a_name_that_no_font_can_write_is_refused_with_what_to_install(bare_machine: Path) -> None:
    (bare_machine / "broken.ttf").write_bytes(b"no font")

    with pytest.raises(CannotWrite, match=r"can write “𓀀”.*fonts-noto-core"):
        draw(templates(Settings()), replace(MAYA, name=f"Maya {LETTER}"), "landscape")


def test_a_sign_beside_a_name_that_no_font_has_is_left_out(bare_machine: Path) -> None:
    assert png(name="Maya 🎺 Okafor") == png()


def test_a_department_that_no_font_can_write_is_not_drawn_as_boxes(bare_machine: Path) -> None:
    assert png(department=LETTER) == png(department="")


def test_who_reads_a_name_from_the_right_is_decided_by_its_first_letter() -> None:
    assert runs_left("נועה (Noa)")
    assert runs_left("(1) محمد Smith")
    assert not runs_left("Noa נועה")
    assert not runs_left("123")


def test_a_text_shrinks_then_breaks_then_ends_in_dots() -> None:
    hand = FONTS.hand("Maya Okafor …", 700)
    box = partial(fit, hand=hand, width=500, largest=100, least=50, lines=2)

    assert box("Maya").size == 100
    assert box("Maya Okaf").lines == ("Maya Okaf",)
    assert box("Maya Okaf").size < 100
    assert box("Maya Okafor Okafor").lines == ("Maya Okafor", "Okafor")
    assert box("Maya-Okafor-Okafor").lines == ("Maya-Okafor-", "Okafor")
    cut = box("Okafor" * 20)
    assert cut.size == 50
    assert cut.lines[-1].endswith("…")
    assert all(wide(line, hand, cut.size, cut.spacing / cut.size) <= 500 for line in cut.lines)
