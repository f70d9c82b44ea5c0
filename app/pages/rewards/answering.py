"""What a winner decides: accepting, choosing, declining, a day to take, what others see.

Law: only the winner's own awards are there at all; of another's this says the same as of none.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from typing import Any, Final

from litestar import Request, Response, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from app.auth.guards import signed_in, viewer_of
from app.database import transaction
from app.pages.form import Form
from app.pages.fragment import back
from app.pages.live import tell_of_somebody
from app.pages.rewards.page import rewards_answer
from app.pages.said import Said
from rewards import NoSuchAward, Refused, award, show_award, wish_date
from rewards import accept as accept_award
from rewards import decline as decline_award
from scoring import everyone_of

Deed = Callable[[Any, int, datetime], Awaitable[object]]
SURE: Final = "Please confirm that you mean it: it cannot be taken back."


@post("/rewards/{award_id:int}/accept", guards=[signed_in])
async def accept(request: Request[Any, Any, Any], award_id: FromPath[int]) -> Response[Any]:
    """Accept, with the choice where there is one."""
    form = await Form.of(request)
    choice = form.value("choice") or None

    async def deed(connection: Any, person_id: int, now: datetime) -> object:
        return await accept_award(connection, award_id, by=person_id, choice=choice, now=now)

    return await _do(request, award_id, "answer", form, "accept", deed, Said.AWARD_ACCEPTED)


@post("/rewards/{award_id:int}/decline", guards=[signed_in])
async def decline(request: Request[Any, Any, Any], award_id: FromPath[int]) -> Response[Any]:
    """Decline for good, which is asked twice."""
    form = await Form.of(request)
    if not form.ticked("sure"):
        form.wrong("sure", SURE)

    async def deed(connection: Any, person_id: int, now: datetime) -> object:
        return await decline_award(connection, award_id, by=person_id, now=now)

    return await _do(request, award_id, "answer", form, "decline", deed, Said.AWARD_DECLINED)


@post("/rewards/{award_id:int}/date", guards=[signed_in])
async def wish(request: Request[Any, Any, Any], award_id: FromPath[int]) -> Response[Any]:
    """Ask for a day."""
    form = await Form.of(request)
    on = _date(form)
    half_days = 1 if form.value("half_days") == "1" else None

    async def deed(connection: Any, person_id: int, now: datetime) -> object:
        return await wish_date(
            connection, award_id, by=person_id, on=on or date.min, half_days=half_days, now=now
        )

    return await _do(request, award_id, "wish", form, "on", deed, Said.DATE_WISHED)


@post("/rewards/{award_id:int}/shown", guards=[signed_in])
async def show(request: Request[Any, Any, Any], award_id: FromPath[int]) -> Response[Any]:
    """Say what others may see."""
    form = await Form.of(request)
    name, _, prize = form.value("shown").partition("+")

    async def deed(connection: Any, person_id: int, now: datetime) -> object:
        return await show_award(
            connection, award_id, by=person_id, name=name, prize=prize == "prize", now=now
        )

    return await _do(request, award_id, "shown", form, "shown", deed, Said.AWARD_SHOWN)


async def _do(
    request: Request[Any, Any, Any],
    award_id: int,
    name: str,
    form: Form,
    field: str,
    deed: Deed,
    said: Said,
) -> Response[Any]:
    person_id, now = viewer_of(request).person_id, datetime.now(UTC)
    if form.fine:
        try:
            async with transaction() as connection:
                view = await award(connection, award_id)
                mine = await everyone_of(connection, person_id)
                if view.person_id not in mine or view.told_at is None:
                    raise NoSuchAward
                await deed(connection, view.person_id, now)
        except NoSuchAward as unknown:
            raise NotFoundException(str(unknown)) from unknown
        except Refused as refused:
            form.wrong(refused.field or field, str(refused))
    if not form.fine:
        return await rewards_answer(request, award_id=award_id, forms={name: form}, status=422)
    await tell_of_somebody(request, now)
    return back("/rewards", said)


def _date(form: Form) -> date | None:
    try:
        return date.fromisoformat(form.value("on").strip())
    except ValueError:
        form.wrong("on", "Choose a day, like 2027-05-14.")
        return None


HANDLERS: Final = (accept, decline, wish, show)
