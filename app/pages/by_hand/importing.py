"""`/comms/figures/import`: a file of figures as networks export them: brought, its columns named.

Law: between the upload and the dry run nothing but the file is kept, and only its uploader sees it.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, Final

from litestar import Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from app.auth.guards import viewer_of
from app.database import Connection, transaction
from app.pages.by_hand.handing_in import small
from app.pages.by_hand.queue import GUARDS
from app.pages.by_hand.words import ASKED
from app.pages.form import Form
from app.pages.fragment import back, page
from app.pages.linking import label
from app.pages.said import Said
from scoring import (
    FIGURE_KINDS,
    MOST_COLUMNS_NAME,
    MOST_FILE_BYTES,
    Columns,
    FigureFile,
    FileRefused,
    SavedColumns,
    bring_file,
    company_zone,
    drop_file,
    end_of,
    figure_file,
    file_rows,
    files_of,
    guessed,
    keep_columns,
    look_into,
    platforms,
    saved_columns,
    tells_posts,
)

HERE: Final = "/comms/figures/import"
FIRST_ROWS: Final = 4
MOST_SHOWN: Final = 60  # letters of a cell
MOST_BODY: Final = MOST_FILE_BYTES + 1024 * 1024  # the form around the file
ORDERS: Final = (
    ("auto", "As the dates themselves show"),
    ("day", "The day: 31/12/2026"),
    ("month", "The month: 12/31/2026"),
)


@get(HERE, guards=GUARDS)
async def ask(request: Request[Any, Any, Any]) -> Response[Any]:
    """The form for a file, and files brought lately."""
    return await _start(request, Form())


@post(HERE, guards=GUARDS, request_max_body_size=MOST_BODY)
async def bring(request: Request[Any, Any, Any]) -> Response[Any]:
    """Keep a file and ask what its columns mean."""
    form, by = await Form.of(request), viewer_of(request).person_id
    network = form.choice("network", [name for name, _ in networks()], ask="Choose the network.")
    sent = (await request.form()).get("file")
    if not isinstance(sent, UploadFile) or not sent.filename:
        form.wrong("file", "Choose the file that the network gave you.")
    elif form.fine:
        try:
            async with transaction() as connection:
                id_ = await bring_file(
                    connection, by, network, sent.filename, sent.file, datetime.now(UTC)
                )
        except FileRefused as refused:
            form.wrong("file", str(refused))
        else:
            return back(f"{HERE}/{id_}")
    return await _start(request, form, status=422)


@get(HERE + "/{file_id:int}", guards=GUARDS)
async def columns(request: Request[Any, Any, Any], file_id: FromPath[int]) -> Response[Any]:
    """What its columns mean: as saved, as guessed, or as chosen before."""
    return await _columns(request, file_id, None)


@post(HERE + "/{file_id:int}", guards=GUARDS)
async def look(request: Request[Any, Any, Any], file_id: FromPath[int]) -> Response[Any]:
    """Look into the file by these columns: the dry run."""
    form, by, now = await Form.of(request), viewer_of(request).person_id, datetime.now(UTC)
    zone = company_zone(request.app.state.settings.timezone)
    chosen, seen_at = read_columns(form), _seen_at(form, now, zone)
    name = form.optional("name", most=MOST_COLUMNS_NAME)
    if form.fine and seen_at is not None:
        try:
            async with transaction() as connection:
                file = await own_file(connection, file_id, by)
                await look_into(connection, file, chosen, seen_at, by=by, now=now, zone=zone)
                if name:
                    saved = SavedColumns(name, file.platform, chosen)
                    if saved not in await saved_columns(connection, file.platform):
                        await keep_columns(connection, saved, by, now)
        except FileRefused as refused:
            form.wrong(refused.field, str(refused))
        else:
            return back(f"{HERE}/{file_id}/rows")
    return await _columns(request, file_id, form)


@post(HERE + "/{file_id:int}/drop", guards=GUARDS)
async def drop(request: Request[Any, Any, Any], file_id: FromPath[int]) -> Response[Any]:
    """Forget a file."""
    async with transaction() as connection:
        file = await figure_file(connection, small(file_id), viewer_of(request).person_id)
        if file is not None:
            await drop_file(connection, file.id)
    return back(HERE, Said.FIGURES_DROPPED)


def networks() -> list[tuple[str, str]]:
    """The networks whose posts can be named: name and label."""
    known = [(one.name, one.label) for one in platforms().values() if tells_posts(one)]
    return sorted(known, key=lambda one: one[1].casefold())


def read_columns(form: Form) -> Columns:
    """The columns that were chosen; what is wrong stands beside them."""
    name = form.value("post")
    if not name:
        form.wrong("post", "Choose the column with the address or the id of the post.")
    kinds = {kind.value: form.value(kind.value) for kind in FIGURE_KINDS if form.value(kind.value)}
    if not kinds:
        form.wrong(FIGURE_KINDS[0].value, "Choose at least one column with figures.")
    used: dict[str, str] = {name: "post"}
    for field, column in (*kinds.items(), ("observed", form.value("observed"))):
        if column and column in used:
            form.wrong(field, "This column means something else already.")
        used[column] = field
    order = form.value("order")
    return Columns(
        name, kinds, form.value("observed") or None,
        "day" if order == "day" else "month" if order == "month" else "auto",
    )  # fmt: skip


async def own_file(connection: Connection, file_id: int, by: int) -> FigureFile:
    """One's own file, while it is kept."""
    file = await figure_file(connection, small(file_id), by)
    if file is None:
        raise NotFoundException("There is no such file; files go a day after they came.")
    return file


def _seen_at(form: Form, now: datetime, zone: Any) -> datetime | None:
    try:
        day = date.fromisoformat(form.value("seen_on"))
    except ValueError:
        day = None
    if day is None or not date(2006, 1, 1) <= day <= now.astimezone(zone).date():
        form.wrong("seen_on", "Choose the day on which the network made the file.")
        return None
    return end_of(day, zone, now)


async def _start(
    request: Request[Any, Any, Any], form: Form, *, status: int = 200
) -> Response[Any]:
    async with transaction(readonly=True) as connection:
        files = await files_of(connection, viewer_of(request).person_id)
        saved = await saved_columns(connection)
    context = {
        "form": form,
        "networks": networks(),
        "files": [(file, label(file.platform), f"{HERE}/{file.id}") for file in files],
        "saved": [(one.name, label(one.platform)) for one in saved],
    }
    return page(request, "by_hand/import.html", context, status=status)


async def _columns(
    request: Request[Any, Any, Any], file_id: int, form: Form | None
) -> Response[Any]:
    by, now = viewer_of(request).person_id, datetime.now(UTC)
    async with transaction(readonly=True) as connection:
        file = await own_file(connection, file_id, by)
        line, header, first = await file_rows(connection, file.id)
        saved = await saved_columns(connection, file.platform)
    fitting = [one for one in saved if not one.columns.lacking(header)]
    wanted = request.query_params.get("saved", "")
    used = next((one for one in fitting if one.name == wanted), fitting[0] if fitting else None)
    zone = company_zone(request.app.state.settings.timezone)
    if form is None:
        columns = used.columns if used else guessed(header)
        if file.how is not None and not wanted:
            columns = file.how.columns
        form = Form({
            **columns.kinds, "post": columns.post, "observed": columns.observed or "",
            "order": columns.order, "name": used.name if used else "",
            "seen_on": (file.how.seen_at if file.how else now).astimezone(zone).date().isoformat(),
        })  # fmt: skip
    context = {
        "form": form,
        "file": file,
        "network": label(file.platform),
        "header": header,
        "line": line,
        "first": [[_short(cell) for cell in row.cells] for row in first[:FIRST_ROWS]],
        "kinds": [(kind.value, ASKED[kind.value]) for kind in FIGURE_KINDS],
        "orders": ORDERS,
        "used": used.name if used else None,
        "others": [one.name for one in fitting if used is None or one.name != used.name],
        "today": now.astimezone(zone).date().isoformat(),
        "href": f"{HERE}/{file.id}",
    }
    return page(request, "by_hand/columns.html", context, status=200 if form.fine else 422)


def _short(cell: str) -> str:
    return cell if len(cell) <= MOST_SHOWN else f"{cell[: MOST_SHOWN - 1]}…"


HANDLERS: Final = (ask, bring, columns, look, drop)
