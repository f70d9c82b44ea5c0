"""`/me/accounts/asked/{id}`: somebody says that one's account is theirs.

Laws: whoever has the account says what they know, gives it up, or does nothing, and nothing is held
against them; they are not told who asks.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from app.auth.guards import signed_in, viewer_of
from app.database import transaction
from app.pages.claims.words import how_shown
from app.pages.form import Form
from app.pages.fragment import back, page
from app.pages.linking import label
from app.pages.said import Said
from app.proofs import MOST_WORDS, ClaimRefused, claim_by_id, proofs_of, request_of, say

HERE: Final = "/me/accounts/asked/{claim_id:int}"
_NOBODY: Final = "Nobody asks about an account of yours here."


@get(HERE, guards=[signed_in])
async def asked_page(request: Request[Any, Any, Any], claim_id: FromPath[int]) -> Response[Any]:
    """What is asked, and a field for what one knows."""
    return await _show(request, claim_id)


@post(HERE, guards=[signed_in])
async def answer(request: Request[Any, Any, Any], claim_id: FromPath[int]) -> Response[Any]:
    """Keep what one says to it."""
    form = await Form.of(request)
    words = form.text("words", ask="Say in a sentence what you know.", most=MOST_WORDS)
    if form.fine:
        try:
            async with transaction() as connection:
                await say(
                    connection, viewer_of(request).person_id, claim_id, words, datetime.now(UTC)
                )
        except ClaimRefused as why:
            form.wrong("words", str(why))
    if form.fine:
        return back(f"/me/accounts/asked/{claim_id}", Said.ACCOUNT_ANSWERED)
    return await _show(request, claim_id, form, status=422)


async def _show(
    request: Request[Any, Any, Any], claim_id: int, form: Form | None = None, *, status: int = 200
) -> Response[Any]:
    person_id = viewer_of(request).person_id
    async with transaction(readonly=True) as connection:
        claim = await claim_by_id(connection, claim_id)
        asked = await request_of(connection, claim_id)
        if claim is None or asked is None or asked.holder_id != person_id:
            raise NotFoundException(_NOBODY)
        proofs = await proofs_of(connection, [claim.account_id], person_id=person_id)
    said = asked.words.get(person_id)
    context = {
        "claim": claim,
        "label": label(claim.platform),
        "form": form or Form({"words": said or ""}),
        "said": said,
        "asked_at": asked.recorded_at,
        "shown": how_shown(proofs.get(claim.account_id, [])),
        "most": MOST_WORDS,
    }
    return page(request, "claims/asked.html", context, status=status)


HANDLERS: Final = (asked_page, answer)
