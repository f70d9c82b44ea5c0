"""`/share/post`: a person hands in a post of theirs by its address, alone or with figures and a picture.

Law: two steps, of which the first changes nothing; only what the address leaves open is asked.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from app.auth.guards import signed_in, viewer_of
from app.database import Connection, transaction
from app.pages.by_hand.words import ASKED, shown
from app.pages.form import Form
from app.pages.fragment import back, page
from app.pages.linking import label
from app.pages.said import Said
from app.pages.upload import uploaded
from app.screens.pictures import drawn_of
from rewards import Refused
from scoring import (
    HandedIn,
    Kind,
    LinkedAccount,
    NoStatement,
    NotAnswered,
    NotStated,
    Picture,
    accounts_of,
    check_stated,
    company_zone,
    counted_on,
    named_by,
    older_posts,
    own_statements,
    picture_of,
    platforms,
    state_post,
    tells_posts,
    withdraw_statement,
)

HERE: Final = "/share/post"
MOST_ADDRESS: Final = 2_000
MOST_DIGITS: Final = 12
HEADERS: Final = {"Cache-Control": "private, no-store"}


@get(HERE, guards=[signed_in])
async def ask(request: Request[Any, Any, Any]) -> Response[Any]:
    """The form for an address, and what was handed in before."""
    return await _page(request, Form())


@post(HERE, guards=[signed_in])
async def hand_in(request: Request[Any, Any, Any]) -> Response[Any]:
    """Recognise an address, or take what was said of it."""
    form, viewer = await Form.of(request), viewer_of(request)
    address = form.text("post", ask="Paste the address of your post.", most=MOST_ADDRESS)
    if form.fine and viewer.enrolment is None:
        form.wrong("post", "Only who takes part hands in posts. Join first.")
    if not form.fine or form.value("do") != "hand-in":
        return await _page(request, form, status=200 if form.fine else 422)
    handed = HandedIn(
        address, _account(form), _day(form), read_counts(form), await _picture(request, form)
    )
    now, zone = datetime.now(UTC), company_zone(request.app.state.settings.timezone)
    if not form.any_wrong(""):
        try:
            async with transaction() as connection:
                stated = await state_post(connection, viewer.person_id, handed, now, zone)
        except NotStated as refused:
            _wrong(form, refused)
        else:
            if stated.again:
                return back(HERE, Said.HANDED_IN_BEFORE)
            return back(HERE, Said.HANDED_IN if stated.statement_id is None else Said.POST_STATED)
    else:
        # Whatever else is wrong is said at once, too; of a figure that cannot be read, that it is there.
        asked = {Kind(name): 0 for name in ASKED if form.value(name).strip()} | {**handed.counts}
        handed = replace(handed, counts=asked)
        try:
            async with transaction(readonly=True) as connection:
                await check_stated(connection, viewer.person_id, handed, now, zone)
        except NotStated as refused:
            _wrong(form, refused)
    return await _page(request, form, status=422)


def _wrong(form: Form, refused: NotStated) -> None:
    for field, words in refused.faults.items():
        form.wrong(field, words)


@post(HERE + "/{statement_id:int}/withdraw", guards=[signed_in])
async def take_back(request: Request[Any, Any, Any], statement_id: FromPath[int]) -> Response[Any]:
    """Take back what waits."""
    by, now = viewer_of(request).person_id, datetime.now(UTC)
    try:
        async with transaction() as connection:
            await withdraw_statement(connection, small(statement_id), by=by, now=now)
    except NoStatement:
        raise NotFoundException from None
    except NotAnswered:
        return back(HERE, Said.STATEMENT_ANSWERED)
    return back(HERE, Said.STATEMENT_WITHDRAWN)


@get(HERE + "/{statement_id:int}/picture", guards=[signed_in])
async def own_picture(
    request: Request[Any, Any, Any], statement_id: FromPath[int]
) -> Response[Any]:
    """The picture of one's own figures."""
    person_id = viewer_of(request).person_id
    async with transaction(readonly=True) as connection:
        mine = {one.id for one in await own_statements(connection, person_id)}
        found = await picture_of(connection, statement_id) if statement_id in mine else None
    if found is None:
        raise NotFoundException("There is no such picture.")
    return Response(found.body, media_type=found.media_type, headers=HEADERS)


def small(number: int) -> int:
    """A number from an address as the database can hold it."""
    return min(number, 2**62)


def read_counts(form: Form) -> dict[Kind, int]:
    """The figures that were typed, with whatever sets thousands apart in it."""
    counts = {}
    for name in ASKED:
        typed = form.value(name).strip()
        if not typed:
            continue
        plain = "".join(letter for letter in typed if letter not in " .,'’\u00a0\u202f")
        if not (plain.isascii() and plain.isdigit()) or len(plain) > MOST_DIGITS:
            form.wrong(name, "Type a whole number, such as 120.")
            continue
        counts[Kind(name)] = int(plain)
    return counts


async def _picture(request: Request[Any, Any, Any], form: Form) -> Picture | None:
    """The picture that was sent along, made anew; what is wrong with it stands beside its field."""
    sent = await uploaded(request, "picture")
    if not sent:
        return None
    try:
        drawn = await drawn_of(sent)
    except Refused as refused:
        form.wrong("picture", str(refused))
        return None
    return Picture(drawn.media_type, drawn.body)


def _account(form: Form) -> UUID | None:
    try:
        return UUID(form.value("account")) if form.value("account") else None
    except ValueError:
        form.wrong("account", "Choose one of your accounts.")
        return None


def _day(form: Form) -> date | None:
    try:
        typed = form.value("published_on")
        return date.fromisoformat(typed) if typed else None
    except ValueError:
        form.wrong("published_on", "Choose the day on which it was published.")
        return None


async def _page(request: Request[Any, Any, Any], form: Form, *, status: int = 200) -> Response[Any]:
    viewer, now = viewer_of(request), datetime.now(UTC)
    async with transaction(readonly=True) as connection:
        looked = await _looked(connection, viewer.person_id, form, now)
        statements = await own_statements(connection, viewer.person_id)
    zone = company_zone(request.app.state.settings.timezone)
    context = {
        "form": form,
        "looked": looked,
        "rows": [shown(one) for one in statements],
        "today": now.astimezone(zone).date().isoformat(),
        "networks": sorted(one.label for one in platforms().values() if tells_posts(one)),
    }
    return page(request, "by_hand/post.html", context, status=422 if not form.fine else status)


async def _looked(
    connection: Connection, person_id: int, form: Form, now: datetime
) -> dict[str, Any] | None:
    """What an address means, and what it leaves open; None where it means nothing of this person's."""
    if not form.value("post") or form.error("post"):
        return None
    own = await accounts_of(connection, person_id, now)
    try:
        network, named = named_by(form.value("post").strip(), own)
    except NotStated as refused:
        form.wrong("post", str(refused))
        return None
    here: list[LinkedAccount] = [one for one in own if one.platform == network]
    if not here:
        form.wrong(
            "post",
            f"This post is on {label(network)}, where you have linked no account. Link yours on your "
            "own page first; posts count from then on.",
        )
        return None
    return {
        "network": label(network),
        "address": named.address,
        "published_at": named.published_at,
        "accounts": here if len(here) > 1 and named.author is None else [],
        "handle": here[0].handle if len(here) == 1 else named.author,
        "older": await older_posts(connection, person_id, form.value("post").strip(), now),
        "kinds": [(kind.value, ASKED[kind.value]) for kind in counted_on(network)],
    }


HANDLERS: Final = (ask, hand_in, take_back, own_picture)
