"""`/why/wrong`: “This is wrong”, said of one line of one's own points.

Law: only ever one's own line; what names it is checked against one's own explanation.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException

from app.auth.guards import signed_in, viewer_of
from app.database import transaction
from app.pages.cases.words import disputed_line
from app.pages.form import Form
from app.pages.fragment import back, page
from app.pages.said import Said
from scoring import MOST_ASKED, CaseRefused, Line, NamedLine, dispute, disputed, own_line

HERE: Final = "/why/wrong"
_LONGEST: Final = 200  # of a rule's or a window's name


def address(line: Line) -> str | None:
    """Where this line can be disputed; None for what answers a case already."""
    if line.case_id is not None:
        return None
    named = {"at": line.occurred_at.astimezone(UTC).isoformat()}
    if line.rule is not None:
        named["rule"] = line.rule
    if line.engagement_id is not None:
        named["deed"] = str(line.engagement_id)
    elif line.window is not None:
        named["window"] = line.window
    return f"{HERE}?{urlencode(named)}"


def named_by(line: Line) -> NamedLine:
    """What names a line."""
    window = line.window if line.engagement_id is None else None
    return NamedLine(line.occurred_at, line.engagement_id, line.rule, window)


@get(HERE, guards=[signed_in])
async def ask(request: Request[Any, Any, Any]) -> Response[Any]:
    """The line, and one field."""
    query = request.query_params
    return await _show(request, Form({name: query.get(name, "") for name in _NAMES}))


@post(HERE, guards=[signed_in])
async def dispute_it(request: Request[Any, Any, Any]) -> Response[Any]:
    """Open a case about it."""
    form, now = await Form.of(request), datetime.now(UTC)
    words = form.text("words", ask="Say in a sentence what is wrong.", most=MOST_ASKED)
    if form.fine:
        try:
            async with transaction() as connection:
                await dispute(
                    connection,
                    person_id=viewer_of(request).person_id,
                    named=_named(form),
                    words=words,
                    now=now,
                    zone=request.app.state.settings.timezone,
                )
        except CaseRefused as refused:
            form.wrong("words", str(refused))
    if form.fine:
        return back("/me/cases", Said.DISPUTED)
    return await _show(request, form, status=422)


_NAMES: Final = ("at", "deed", "rule", "window")


def _named(form: Form) -> NamedLine:
    """What names the line. Raises NotFoundException for what names none."""
    try:
        at = datetime.fromisoformat(form.value("at")).astimezone(UTC)
        deed = UUID(form.value("deed")) if form.value("deed") else None
    except (ValueError, OverflowError):
        raise NotFoundException(_GONE) from None
    rule, window = (form.value(name) or None for name in ("rule", "window"))
    if any(text and (len(text) > _LONGEST or not text.isprintable()) for text in (rule, window)):
        raise NotFoundException(_GONE)
    return NamedLine(at, deed, rule, window)


_GONE: Final = "That line is not among your points. Open them again and choose it there."


async def _show(request: Request[Any, Any, Any], form: Form, *, status: int = 200) -> Response[Any]:
    person_id, named = viewer_of(request).person_id, _named(form)
    zone = request.app.state.settings.timezone
    async with transaction(readonly=True) as connection:
        line = await own_line(connection, person_id, named, zone)
        waiting = await disputed(connection, person_id)
    if line is None:
        raise NotFoundException(_GONE)
    context = {
        "form": form,
        "line": disputed_line(line),
        "names": [(name, form.value(name)) for name in _NAMES if form.value(name)],
        "day": line.occurred_at.astimezone(zone).date(),
        "waits": named.key(person_id) in waiting,
        "held": line.outcome == "held",
        "most": MOST_ASKED,
    }
    return page(request, "cases/wrong.html", context, status=status)
