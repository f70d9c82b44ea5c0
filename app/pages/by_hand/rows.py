"""`/comms/figures/import/{n}/rows`: what each row of a file would do, and taking exactly that.

Law: what leaves as a file holds what others wrote, so nothing in it can be a formula.
"""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlencode

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Stream

from app.auth.guards import viewer_of
from app.database import transaction
from app.pages.by_hand.importing import HERE, own_file
from app.pages.by_hand.queue import GUARDS
from app.pages.by_hand.words import KINDS
from app.pages.form import Form
from app.pages.fragment import HEADERS, back, page
from app.pages.linking import label
from app.pages.said import Said
from app.pages.seen import cell
from app.pages.wall import safe_address
from scoring import (
    LINE_OUTCOMES,
    FileRefused,
    PlannedLine,
    apply_file,
    file_lines,
    file_sums,
    lower_rows,
)

A_PAGE: Final = 100
_A_STRETCH: Final = 2_000  # rows of the file that is handed out at once

OUTCOMES: Final[Mapping[str, tuple[str, str]]] = {
    "new": ("New", "would be taken"),
    "same": ("Same", "known already"),
    "lower": ("Lower than known", "would take back points"),
    "unknown": ("Unknown post", "of nobody who takes part, or not handed in yet"),
    "own": ("Your own", "a colleague imports them"),
    "unreadable": ("Cannot be read", "left out"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A row as the page shows it."""

    line: int
    outcome: str
    words: str
    url: str | None
    figures: str


@get(HERE + "/{file_id:int}/rows", guards=GUARDS)
async def rows(request: Request[Any, Any, Any], file_id: FromPath[int]) -> Response[Any]:
    """The dry run, row by row."""
    return await _page(request, file_id, Form())


@get(HERE + "/{file_id:int}/rows.csv", guards=GUARDS)
async def rows_csv(request: Request[Any, Any, Any], file_id: FromPath[int]) -> Stream:
    """The same as a file, every row."""
    by, pool = viewer_of(request).person_id, request.app.state.pool
    async with transaction(readonly=True) as connection:
        file = await own_file(connection, file_id, by)

    async def written() -> AsyncIterator[bytes]:
        yield _csv([("line", "what", "post or reason", "figures")], begin=True)
        after = 0
        while True:
            async with pool.acquire() as connection:
                lines = await file_lines(connection, file.id, after=after, limit=_A_STRETCH)
            if not lines:
                return
            after = lines[-1].line
            yield _csv([
                (str(one.line), OUTCOMES[one.outcome][0], one.words, figures(one)) for one in lines
            ])  # fmt: skip

    headers = {**HEADERS, "Content-Disposition": 'attachment; filename="figures-dry-run.csv"'}
    return Stream(written(), media_type="text/csv", headers=headers)


@post(HERE + "/{file_id:int}/apply", guards=GUARDS)
async def apply(request: Request[Any, Any, Any], file_id: FromPath[int]) -> Response[Any]:
    """Take what the dry run showed."""
    form, by, now = await Form.of(request), viewer_of(request).person_id, datetime.now(UTC)
    done: int | None = 0
    try:
        async with transaction() as connection:
            file = await own_file(connection, file_id, by)
            if form.value("looked_at") != _stamp(file.looked_at):
                raise FileRefused(
                    "The file was looked into anew meanwhile. This is what it would do now."
                )
            done = await apply_file(connection, file, lower=form.ticked("lower"), by=by, now=now)
    except FileRefused as refused:
        form.wrong("file", str(refused))
        return await _page(request, file_id, form, status=409)
    said = Said.FIGURES_TAKEN if done else Said.FIGURES_NONE
    return back(f"{HERE}/{file_id}/rows", Said.FIGURES_TAKEN_BEFORE if done is None else said)


def figures(line: PlannedLine) -> str:
    """ "12 likes (was 9), 3 answers (lower than 5)". Pure."""
    parts = []
    for kind in (name for name in KINDS if name in line.figures):
        value, before, verdict = line.figures[kind]
        known = {
            "same": " (known)",
            "lower": f" (lower than {before or 0:,})",
            "new": f" (was {before:,})" if before else "",
        }[verdict]
        parts.append(f"{value:,} {KINDS[kind][0] if value == 1 else KINDS[kind][1]}{known}")
    return ", ".join(parts)


def _csv(lines: list[tuple[str, ...]], *, begin: bool = False) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([cell(value) for value in line] for line in lines)
    # A byte order mark, without which spreadsheets take UTF-8 for something else.
    return text.getvalue().encode("utf-8-sig" if begin else "utf-8")


def _stamp(at: datetime | None) -> str:
    return "" if at is None else at.isoformat()


async def _page(
    request: Request[Any, Any, Any], file_id: int, form: Form, *, status: int = 200
) -> Response[Any]:
    query, by = request.query_params, viewer_of(request).person_id
    outcome = query.get("outcome", "")
    outcome = outcome if outcome in LINE_OUTCOMES else ""
    after = query.get("after", "")
    since = int(after) if after.isascii() and after.isdigit() and len(after) < 10 else 0
    async with transaction(readonly=True) as connection:
        file = await own_file(connection, file_id, by)
        if file.how is None:
            return back(f"{HERE}/{file.id}")
        sums = await file_sums(connection, file.id)
        lower = await lower_rows(connection, file.id)
        found = await file_lines(
            connection, file.id, outcome=outcome or None, after=since, limit=A_PAGE + 1
        )
    href = f"{HERE}/{file.id}/rows"
    pairs = [("outcome", outcome)] if outcome else []
    context = {
        "form": form,
        "file": file,
        "network": label(file.platform),
        "seen_at": file.how.seen_at,
        "stamp": _stamp(file.looked_at),
        "sums": [
            (
                name,
                OUTCOMES[name][0],
                "taken" if name == "new" and file.applied_at else OUTCOMES[name][1],
                count,
                f"{href}?{urlencode([('outcome', name)])}",
            )
            for name, count in sums.items()
            if count
        ],
        "rows_in_all": sum(sums.values()),
        "new": sums["new"],
        "lower": lower,
        "outcome": outcome,
        "lines": [
            Line(one.line, one.outcome, one.words, safe_address(one.words), figures(one))
            for one in found[:A_PAGE]
        ],
        "names": {name: words[0] for name, words in OUTCOMES.items()},
        "later_href": f"{href}?{urlencode([*pairs, ('after', str(found[A_PAGE - 1].line))])}"
        if len(found) > A_PAGE
        else None,
        "href": href,
        "columns_href": f"{HERE}/{file.id}",
    }
    return page(request, "by_hand/rows.html", context, status=status)


HANDLERS: Final = (rows, rows_csv, apply)
