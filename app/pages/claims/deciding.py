"""`/admin/accounts`: accounts that an administrator confirms, or that two people say are theirs.

Laws: an administrator who is on one side reads nothing of it but that somebody else decides; each answer
says what it does before it is given; nothing is decided by the page itself, however strong a proof is.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from app.auth.guards import has_role, viewer_of
from app.database import transaction
from app.pages.approvals.acting import names_of
from app.pages.claims.words import how_they_showed
from app.pages.form import Form
from app.pages.fragment import back, page
from app.pages.linking import label
from app.pages.said import Said
from app.proofs import (
    MOST_WORDS,
    ClaimRefused,
    Waiting,
    claim_by_id,
    decide_claim,
    decided_claims,
    decision_of,
    proofs_of,
    request_of,
    waiting_claims,
)
from scoring import CaseRefused, everyone_of, holder_of, platform

HERE: Final = "/admin/accounts"
GUARDS: Final = [has_role("administrator")]
_NOBODY: Final = "Nobody asked about this account."
ANSWERS: Final = ("yes", "no")


@get(HERE, guards=GUARDS)
async def accounts(request: Request[Any, Any, Any]) -> Response[Any]:
    """What waits, the oldest first, and what was decided last."""
    viewer = viewer_of(request)
    async with transaction(readonly=True) as connection:
        waiting, decided = await waiting_claims(connection), await decided_claims(connection)
        mine = await everyone_of(connection, viewer.person_id)
        people = {
            one
            for row in (*waiting, *decided)
            for one in (row.claim.person_id, row.holder_id, row.decided_by)
        }
        names = await names_of(connection, people)

    def told(row: Waiting) -> dict[str, Any]:
        sides = {row.claim.person_id, row.holder_id}
        return {
            "claim": row.claim,
            "label": label(row.claim.platform),
            "others": not mine.isdisjoint(sides - {None}),
            "who": names.get(row.claim.person_id, ""),
            "holder": names.get(row.holder_id) if row.holder_id is not None else None,
            "by": names.get(row.decided_by) if row.decided_by is not None else None,
        }

    context = {"waiting": list(map(told, waiting)), "decided": list(map(told, decided))}
    return page(request, "claims/queue.html", context)


@get(HERE + "/{claim_id:int}", guards=GUARDS)
async def one(request: Request[Any, Any, Any], claim_id: FromPath[int]) -> Response[Any]:
    """One of them with both sides."""
    return await _show(request, claim_id)


@post(HERE + "/{claim_id:int}", guards=GUARDS)
async def decide(request: Request[Any, Any, Any], claim_id: FromPath[int]) -> Response[Any]:
    """Say yes or no, with a reason that both sides read."""
    form = await Form.of(request)
    chosen = form.choice("answer", ANSWERS, ask="Choose an answer.")
    reason = form.text("reason", ask="Write a sentence that both sides read.", most=MOST_WORDS)
    if form.fine:
        try:
            async with transaction() as connection:
                await decide_claim(
                    connection, claim_id, by=viewer_of(request).person_id, yes=chosen == "yes",
                    reason=reason, now=datetime.now(UTC),
                )  # fmt: skip
        except ClaimRefused as why:
            form.wrong("answer", str(why))
        except CaseRefused as why:
            form.wrong("reason" if why.field == "reason" else "answer", str(why))
    if form.fine:
        return back(HERE, Said.ACCOUNT_DECIDED)
    return await _show(request, claim_id, form, status=422)


async def _show(
    request: Request[Any, Any, Any], claim_id: int, form: Form | None = None, *, status: int = 200
) -> Response[Any]:
    viewer = viewer_of(request)
    async with transaction(readonly=True) as connection:
        claim, asked = (
            await claim_by_id(connection, claim_id),
            await request_of(connection, claim_id),
        )
        if claim is None or asked is None:
            raise NotFoundException(_NOBODY)
        mine = await everyone_of(connection, viewer.person_id)
        proofs = (await proofs_of(connection, [claim.account_id])).get(claim.account_id, [])
        holder = await holder_of(connection, claim.account_id)
        now_with = None if holder is None else holder.person_id
        decision = await decision_of(connection, asked.case_id)
        people = {claim.person_id, asked.holder_id, now_with, decision.by if decision else None}
        names = await names_of(connection, people)
    sides = [one for one in (claim.person_id, asked.holder_id) if one is not None]
    by_number = claim.native_id.isdecimal() and claim.native_id != claim.handle
    context = {
        "claim": claim,
        "label": label(claim.platform),
        "native_id": claim.native_id if claim.native_id != claim.handle else None,
        # A name that was typed beside a number proves nothing: the number is what would be linked.
        "typed": by_number and all(proof.person_id != claim.person_id for proof in proofs),
        "url": platform(claim.platform).profile_url(
            claim.native_id, "" if by_number else claim.handle
        ),
        "form": form or Form(),
        "others": not mine.isdisjoint(sides),
        "who": names.get(claim.person_id, "Somebody"),
        "holder": names.get(asked.holder_id, "Somebody") if asked.holder_id is not None else None,
        "moved": now_with not in (None, asked.holder_id),
        "since_at": holder.since_at if holder is not None and now_with == asked.holder_id else None,
        "sides": [
            {
                "name": names.get(person, "Somebody"),
                "asks": person == claim.person_id,
                "words": asked.words.get(person),
                "shown": [
                    {"how": how_they_showed(proof), "at": proof.recorded_at}
                    for proof in proofs
                    if proof.person_id == person
                ],
            }
            for person in sides
        ],
        "asked_at": asked.recorded_at,
        "decision": decision,
        "decided_by": names.get(decision.by) if decision else None,
        "most": MOST_WORDS,
    }
    return page(request, "claims/one.html", context, status=status)


HANDLERS: Final = (accounts, one, decide)
