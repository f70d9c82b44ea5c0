"""A contest's form as it was sent, and as a draft keeps it: flat names and texts.

Law: a field sent several times (boxes of one list) is one text with commas; nothing typed is lost.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from litestar import Request

from app.pages.contest_editor.lines import tidy
from app.pages.form import Form

TEAMS: Final = {"departments": "in_departments", "offices": "in_offices"}  # open_to -> the boxes
LISTS: Final = frozenset({"networks", *TEAMS.values()})
OF_THE_PAGE: Final = frozenset({"_csrf_token", "version", "do", "person_counts", *TEAMS.values()})
# A box that is not ticked is not sent; said aloud, it does not fall back to what is usual.
BOXES: Final = ("pass_on", "tell_privately", "gross_up")
MOST_LETTERS: Final = 4_000  # a field; a description is a sentence, not a book
# Which metric counts a person how often; on the page they are one tile and a choice below it.
PERSON_COUNTS: Final = {"contest": "responses", "post": "answers"}


async def sent(request: Request[Any, Any, Any]) -> tuple[dict[str, str], str, str]:
    """The contest as typed, the version it was typed on, and the button that was pressed."""
    values: dict[str, str] = {}
    for name, value in (await request.form()).multi_items():
        if isinstance(value, str):
            joined = name in LISTS and name in values
            values[name] = f"{values[name]},{value}" if joined else value
    typed = {
        name: value.replace("\x00", "")[:MOST_LETTERS]
        for name, value in values.items()
        if name not in OF_THE_PAGE
    }
    if typed.get("metric") in PERSON_COUNTS.values():
        typed["metric"] = PERSON_COUNTS.get(values.get("person_counts", ""), "responses")
    typed["open_ids"] = values.get(TEAMS.get(typed.get("open_to", ""), ""), "")
    typed |= {name: "no" for name in BOXES if name not in typed}
    return tidy(typed), values.get("version", ""), values.get("do", "")


def shown(typed: Mapping[str, str], version: int) -> Form:
    """The form for the page."""
    times = next((key for key, name in PERSON_COUNTS.items() if typed.get("metric") == name), "")
    of_the_page = {"version": str(version), "person_counts": times or "contest"}
    boxes = TEAMS.get(typed.get("open_to", ""))
    if boxes:
        of_the_page[boxes] = typed.get("open_ids", "")
    return Form({**typed, **of_the_page})


def tile_of(metric: str) -> str:
    """The tile a metric stands on."""
    return "responses" if metric in PERSON_COUNTS.values() else metric
