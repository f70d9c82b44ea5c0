"""`/comms/figures/{n}`: one statement with its picture, to confirm or to refuse with a reason.

Law: nobody decides about their own; what was decided is told to its author in the same transaction.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from app.auth.guards import viewer_of
from app.database import transaction
from app.pages.by_hand.handing_in import HEADERS, small
from app.pages.by_hand.queue import GUARDS, HERE
from app.pages.by_hand.words import KINDS, shown
from app.pages.form import Form
from app.pages.fragment import back, page
from app.pages.heard import way
from app.pages.linking import label
from app.pages.said import Said
from rewards import notify
from scoring import (
    MOST_REASON,
    NoStatement,
    NotAnswered,
    confirm_statement,
    everyone_of,
    figures_known,
    picture_of,
    refuse_statement,
    said_of_the_same,
    statement,
)


@get(HERE + "/{statement_id:int}", guards=GUARDS)
async def one(request: Request[Any, Any, Any], statement_id: FromPath[int]) -> Response[Any]:
    """One statement."""
    return await _page(request, statement_id, Form())


@post(HERE + "/{statement_id:int}", guards=GUARDS)
async def decide(request: Request[Any, Any, Any], statement_id: FromPath[int]) -> Response[Any]:
    """Confirm it or refuse it."""
    form, by, now = await Form.of(request), viewer_of(request).person_id, datetime.now(UTC)
    answer = form.choice("do", ("confirm", "refuse"), ask="Say whether it is right.")
    reason = form.optional("reason", most=MOST_REASON)
    if answer == "refuse" and not reason and form.fine:
        form.wrong("reason", "Say why: whoever handed it in reads it.")
    if form.fine:
        try:
            async with transaction() as connection:
                if answer == "confirm":
                    new = await confirm_statement(connection, small(statement_id), by=by, now=now)
                else:
                    new = await refuse_statement(
                        connection, small(statement_id), by=by, reason=reason, now=now
                    )
                about = await statement(connection, small(statement_id))
                if new and about is not None:
                    said = "It is confirmed and counts." if answer == "confirm" else (
                        f"It was not confirmed: {reason}"
                    )  # fmt: skip
                    await notify(
                        connection, about.person_id, "statement_answered",
                        {"network": label(about.platform), "outcome": said},
                        key=f"statement_answered:{about.id}", now=now,
                    )  # fmt: skip
        except NoStatement:
            raise NotFoundException from None
        except NotAnswered as refused:
            form.wrong("do", str(refused))
    if not form.fine:
        return await _page(request, statement_id, form, status=422)
    return back(HERE, Said.STATEMENT_CONFIRMED if answer == "confirm" else Said.STATEMENT_REFUSED)


@get(HERE + "/{statement_id:int}/picture", guards=GUARDS)
async def picture(request: Request[Any, Any, Any], statement_id: FromPath[int]) -> Response[Any]:
    """The picture of the figures."""
    async with transaction(readonly=True) as connection:
        found = await picture_of(connection, small(statement_id))
    if found is None:
        raise NotFoundException("There is no such picture.")
    return Response(found.body, media_type=found.media_type, headers=HEADERS)


async def _page(
    request: Request[Any, Any, Any], statement_id: int, form: Form, *, status: int = 200
) -> Response[Any]:
    async with transaction(readonly=True) as connection:
        found = await statement(connection, small(statement_id))
        if found is None:
            raise NotFoundException("There is nothing of that number.")
        mine = await everyone_of(connection, viewer_of(request).person_id)
        known = await figures_known(connection, found.id)
        others = await said_of_the_same(connection, found.id)
    figures = [
        {
            "kind": words[1],
            "value": found.counts[kind],
            "known": known[kind].value if kind in known else None,
            "way": way(known[kind].source) if kind in known else None,
        }
        for kind, words in KINDS.items()
        if kind in found.counts
    ]
    context = {
        "form": form,
        "it": shown(found),
        "own": found.person_id in mine,
        "figures": figures,
        "others": [{"it": shown(one), "own": one.person_id in mine} for one in others],
        "most_reason": MOST_REASON,
    }
    return page(request, "by_hand/one.html", context, status=status)


HANDLERS: Final = (one, decide, picture)
