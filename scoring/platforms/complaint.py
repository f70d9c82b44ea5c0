"""What a decoder complained of, in words of Fanfare; the decoder's own follow in brackets. Pure.

Law: whatever it says, the person reads what was wrong and where; what has no words here keeps its own.
"""

from __future__ import annotations

import re
from typing import Final

_TYPES: Final = {
    "object": "an object",
    "array": "a list",
    "str": "a text",
    "bool": "true or false",
    "int": "a whole number",
    "float": "a number with a fraction",
    "null": "nothing",
}

# «Expected `int`, got `str` - at `$.followers`», «… - at `key` in `$.figures`»
_PLACE: Final = re.compile(r"(?s)(.*?)(?: - at (`key` in )?`\$(.*)`)?")
_OTHER_TYPE: Final = re.compile(r"Expected `(.+)`, got `(.+)`")
_LEAST: Final = re.compile(r"Expected `(?:int|float)` >= (-?\d+)")
_TOO_FEW: Final = re.compile(r"Expected `\w+` of length >= 1")
_NO_SUCH_WORD: Final = re.compile(r"(?s)Invalid enum value '?(.*?)'?")
_MISSING: Final = re.compile(r"Object missing required field `(.+)`")
_SPOT: Final = re.compile(r"\((?:byte|char) (\d+)\)")


def shape_complaint(said: str) -> tuple[str, str]:
    """Where inside the value («.figures»), and what was wrong there."""
    found = _PLACE.fullmatch(said)
    what, key, place = found.groups() if found else (said, None, None)
    where = (place or "").replace("[...]", " (one of its values)")
    return where + (" (one of its names)" if key else ""), f"{_shape(what)} ({what})"


def _shape(what: str) -> str:
    if found := _OTHER_TYPE.fullmatch(what):
        wanted, got = (" or ".join(map(_type, one.split(" | "))) for one in found.groups())
        return f"expected {wanted}, got {got}"
    if found := _LEAST.fullmatch(what):
        return f"expected {found[1]} or more, got less"
    if _TOO_FEW.fullmatch(what):
        return "expected one member at least, got none"
    if found := _NO_SUCH_WORD.fullmatch(what):
        return f"«{found[1]}» is none of the words that are known here"
    if found := _MISSING.fullmatch(what):
        return f"«{found[1]}» is missing"
    return "it is not written as it has to be"


def _type(name: str) -> str:
    return _TYPES.get(name, name)


# How what is no JSON begins, where a sender meant well: whoever reads this can tell them.
_BEGINNINGS: Final = (
    (b"\x1f\x8b", "it is compressed (gzip); it has to be sent as it is signed, uncompressed"),
    (b"\xef\xbb\xbf", "it begins with a byte order mark, which JSON has not"),
    ((b"\xff\xfe", b"\xfe\xff"), "it is written in UTF-16; JSON is UTF-8"),
    (b"<", "it is HTML or XML, not JSON"),
)
_FORM: Final = re.compile(rb"[\w.%-]{1,100}=")


def json_complaint(said: str, head: bytes) -> str:
    """Why what begins so is no JSON; `said` are the decoder's own words."""
    if not head:
        return "there is nothing in it"
    for beginning, words in _BEGINNINGS:
        if head.startswith(beginning):
            return words
    if _FORM.match(head):
        return "it is a form's fields, not JSON"
    if "truncated" in said:
        return f"it breaks off: the JSON has no end ({said})"
    if "out of range" in said:
        return f"a number in it is larger than any that can be meant ({said})"
    if "'utf-8'" in said:
        return f"this is not JSON: its letters are not UTF-8 ({said})"
    if found := _SPOT.search(said):
        return f"this is not JSON from character {int(found[1]) + 1:,} on ({said})"
    return f"this is not JSON ({said})"
