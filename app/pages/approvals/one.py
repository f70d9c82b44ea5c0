"""`/hr/approvals/{award}`: one award with every fact behind it, and what can be decided about it.

Law: looking at it is opening its evidence, and is recorded; so approving many at once can ask for it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import msgspec
from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from app.database import Connection, transaction
from app.pages.approvals.acting import Acting, acting, names_of
from app.pages.approvals.history import history
from app.pages.approvals.lines import STATES, won_by
from app.pages.contest_run.evidence import STANDINGS, line, what_is_told
from app.pages.contest_run.lone_servers import lone_followers
from app.pages.form import Form
from app.pages.fragment import page
from rewards import (
    Amount,
    AwardState,
    AwardView,
    NoSuchAward,
    Proof,
    award,
    has_days,
    in_words,
    may_note_leaving,
    needs_settling,
    open_evidence,
    proof_of,
)
from scoring import contest_metrics


@get("/hr/approvals/{award_id:int}")
async def one(request: Request[Any, Any, Any], award_id: FromPath[int]) -> Response[Any]:
    """The award with its evidence."""
    return await show(request, award_id, Form({"key": f"{uuid4()}"}))


async def show(
    request: Request[Any, Any, Any], award_id: int, form: Form, *, status: int = 200
) -> Response[Any]:
    """The page, with what was wrong with a form on it. Raises NotFoundException."""
    now = datetime.now(UTC)
    async with transaction() as connection:
        who = await acting(connection, request, now)
        view = await known(connection, award_id, who.person_id)
        proof = await proof_of(connection, view)
        if view.state is AwardState.PROPOSED and proof is not None:
            await open_evidence(connection, view.id, by=who.person_id, now=now)
        people = {view.person_id, view.proposer_id}
        for event in view.events:
            people |= {who for who in (event.person_id, event.for_person) if who is not None}
        names = await names_of(connection, people)
        standings = await standings_of(connection, view, proof)
        lone = []
        if proof is not None:
            settings, body = request.app.state.settings, msgspec.json.decode(proof.body)
            lone = await lone_followers(connection, settings, body, [decided_by(view)], now)
    context = {
        "form": form,
        "view": view,
        "winner": names[view.person_id],
        "proposer": names[view.proposer_id],
        "approvers": [
            (names[one.by], names[one.for_person] if one.for_person else None)
            for one in view.approvals
        ],
        "state": STATES[view.state],
        "won_by": won_by(view),
        "proof": proof,
        "standings": standings,
        "lone": lone,
        "history": history(view, names),
        **choices(view, who),
    }
    return page(request, "approvals/one.html", context, status=status)


async def known(connection: Connection, award_id: int, viewer_id: int) -> AwardView:
    """The award, for who looks. Raises NotFoundException, also for what is still kept from them."""
    try:
        view = await award(connection, award_id)
        if view.kept_from(viewer_id):
            raise NoSuchAward
    except NoSuchAward as missing:
        raise NotFoundException(str(missing)) from None
    return view


def choices(view: AwardView, who: Acting) -> dict[str, Any]:
    """What the person who looks can do with it. Pure."""
    others = who.is_hr and who.person_id != view.person_id
    left = None
    if view.amount is not None and view.state is AwardState.PAID:
        left = in_words(Amount(view.amount.units - view.recovered, view.amount.currency))
    proposed = view.state is AwardState.PROPOSED
    return {
        "ways": who.ways(view) if proposed else [],
        "why_not": who.why_not(view) if proposed else None,
        "recoverable": left if others else None,
        "settles": others and needs_settling(view),
        "may_leave": others and may_note_leaving(view),
        "has_days": has_days(view),
    }


def decided_by(view: AwardView) -> str:
    """The standing that decided it. Pure."""
    return "recognition" if view.kind == "recognition" else "prize"


async def standings_of(
    connection: Connection, view: AwardView, proof: Proof | None
) -> list[dict[str, Any]]:
    """What was counted in the standing that decided it, as lines; nothing where nothing was decided."""
    if proof is None:
        return []
    body = msgspec.json.decode(proof.body)
    told = await what_is_told(connection, body)
    counted = contest_metrics()[body["metric"]]
    return [
        {
            "title": STANDINGS.get(mode, mode),
            "value": counted.in_words(standing["value"]),
            "facts": [line(fact, told) for fact in standing["facts"]],
        }
        for mode, standing in body["standings"].items()
        if mode == decided_by(view)
    ]
