"""The lines of a contest's form that one adds and takes away: prizes and brackets. Pure.

Law: what was typed in the other lines stays, and lines are numbered 1, 2, 3 … without gaps.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

MOST: Final = {"prize": 20, "bracket": 12}  # more fit into no sentence that a person reads
_FIELD: Final = re.compile(r"(prize|bracket)_([1-9][0-9]?)_([a-z_0-9]+)")
_CHANGE: Final = re.compile(r"(add|remove)_(prize|bracket)(?:_([1-9][0-9]?))?")
FIRST_BRACKETS: Final = (
    {"name": "Small", "from": "0", "below": "500"},
    {"name": "Middle", "from": "500", "below": "5000"},
    {"name": "Large", "from": "5000", "below": ""},
)


def numbers(form: Mapping[str, str], line: str) -> list[int]:
    """The numbers of the lines of a kind ('prize' or 'bracket') that a form has, in order."""
    found = (_FIELD.fullmatch(name) for name in form)
    return sorted({int(match[2]) for match in found if match and match[1] == line})


def changed(form: Mapping[str, str], do: str) -> tuple[dict[str, str], str] | None:
    """The form with a line more or less, and the line to go on with ('prize_3'); None: `do` is no
    such change.
    """
    asked = _CHANGE.fullmatch(do)
    if asked is None:
        return None
    verb, line, number = asked[1], asked[2], int(asked[3] or 0)
    lines = read(form, line)
    if verb == "add" and len(lines) < MOST[line]:
        lines.append(following(line, lines))
        return written(form, line, lines), f"{line}_{len(lines)}"
    if verb == "remove" and 1 <= number <= len(lines):
        del lines[number - 1]
        return written(form, line, lines), f"{line}_{min(number, len(lines))}"
    return written(form, line, lines), ""


def tidy(form: Mapping[str, str]) -> dict[str, str]:
    """The form with its lines numbered without gaps, and the first brackets where none are."""
    values = dict(form)
    for line in MOST:
        values = written(values, line, read(values, line))
    if values.get("brackets") == "custom" and not numbers(values, "bracket"):
        values = written(values, "bracket", [dict(bracket) for bracket in FIRST_BRACKETS])
    return values


def read(form: Mapping[str, str], line: str) -> list[dict[str, str]]:
    """The lines of a kind as they were typed."""
    by_number: dict[int, dict[str, str]] = {number: {} for number in numbers(form, line)}
    for name, value in form.items():
        match = _FIELD.fullmatch(name)
        if match and match[1] == line:
            by_number[int(match[2])][match[3]] = value
    return list(by_number.values())


def written(form: Mapping[str, str], line: str, lines: list[dict[str, str]]) -> dict[str, str]:
    """The form with these lines of a kind instead of those it has."""
    prefix = re.compile(rf"{line}_[0-9]+_")
    rest = {name: value for name, value in form.items() if not prefix.match(name)}
    for number, values in enumerate(lines, 1):
        rest.update({f"{line}_{number}_{name}": value for name, value in values.items()})
    return rest


def following(line: str, lines: list[dict[str, str]]) -> dict[str, str]:
    """What a new line begins with: the next place, or followers from where the last ended."""
    last = lines[-1] if lines else {}
    if line == "bracket":
        return {"name": "", "from": last.get("below", "0"), "below": ""}
    places = [int(one["to"]) for one in lines if one.get("to", "").isdecimal()]
    place = str(min(max(places, default=0) + 1, 999))
    kept: dict[str, str] = {
        name: last[name] for name in ("kind", "among", "budget") if name in last
    }
    return {"kind": "cash", "among": "each", **kept, "for": "place", "from": place, "to": place,
            "what": ""}  # fmt: skip
