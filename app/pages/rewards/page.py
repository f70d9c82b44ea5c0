"""`/rewards`: one's own wallet, for nobody else."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from app.auth.guards import signed_in, viewer_of
from app.pages.form import Form
from app.pages.fragment import page
from app.pages.rewards.shown import Shown, place, shown, words_of
from rewards import (
    Amount,
    AwardView,
    ContestView,
    NoSuchAward,
    Wallet,
    award,
    calendar,
    contest,
    has_days,
    in_words,
    wallet,
)
from scoring import everyone_of


@get("/rewards", guards=[signed_in], name="rewards")
async def rewards_page(request: Request[Any, Any, Any]) -> Response[Any]:
    """The wallet."""
    return await rewards_answer(request)


async def rewards_answer(
    request: Request[Any, Any, Any],
    *,
    award_id: int | None = None,
    forms: Mapping[str, Form] | None = None,
    status: int = 200,
) -> Response[Any]:
    """The wallet, with the forms of an award in which something was wrong."""
    person_id, now = viewer_of(request).person_id, datetime.now(UTC)
    async with request.app.state.pool.acquire() as connection:
        mine = await wallet(connection, person_id, now)
        alias = await connection.fetchval(
            "select alias from profile where person_id = $1 and visibility = 'alias'", person_id
        )
        slugs = dict.fromkeys(one.terms.slug for one in mine.awards)
        views = {slug: await contest(connection, slug, now=now) for slug in slugs}
    made = [
        (
            one,
            shown(
                one,
                alias=alias,
                tax_notes=dict(views[one.terms.slug].charter.tax_notes),
                announced=is_announced(views[one.terms.slug]),
                now=now,
                forms=(forms or {}) if one.id == award_id else {},
            ),
        )
        for one in mine.awards
    ]
    context = {
        "awards": mine.awards,
        "figures": figures(mine),
        "groups": [
            ("awards-waiting", "Waiting for you", _of(made, "waiting")),
            ("awards-going", "On the way", _of(made, "going")),
            ("awards-done", "Done", _of(made, "done")),
        ],
    }
    return page(request, "rewards/page.html", context, status=status)


@get("/rewards/{award_id:int}/calendar.ics", guards=[signed_in])
async def calendar_file(
    request: Request[Any, Any, Any], award_id: FromPath[int]
) -> Response[bytes]:
    """One's confirmed days for one's own calendar; of others' awards there is nothing here."""
    async with request.app.state.pool.acquire() as connection:
        try:
            view = await award(connection, award_id)
        except NoSuchAward as unknown:
            raise NotFoundException(str(unknown)) from unknown
        mine = await everyone_of(connection, viewer_of(request).person_id)
    if view.person_id not in mine or not has_days(view):
        raise NotFoundException("There is no such award.")
    return Response(
        calendar(view),
        media_type="text/calendar; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="vacation-{award_id}.ics"',
            "Cache-Control": "private, no-store",
        },
    )


def is_announced(view: ContestView) -> bool:
    """Whether there is a page of how it was announced."""
    return any(e.kind == "announced" and "announcement" in e.detail for e in view.events)


def figures(mine: Wallet) -> list[tuple[str, list[str], str | None]]:
    """The sums at the top."""
    told: list[tuple[str, list[str], str | None]] = [
        ("Won", words_of(mine.won), "accepted by you"),
        ("On the way", words_of(mine.waiting), None),
        ("Paid", words_of(mine.paid), None),
    ]
    if mine.days_left or mine.days_planned or mine.days_taken:
        told += [
            ("Days left", [_days(mine.days_left)], None),
            ("Days planned", [_days(mine.days_planned)], None),
            ("Days taken", [_days(mine.days_taken)], None),
        ]
    return told


def _days(half_days: int) -> str:
    return in_words(Amount(half_days)) if half_days else "–"


def _of(made: list[tuple[AwardView, Shown]], where: str) -> list[Shown]:
    return [one for view, one in made if place(view) == where]


HANDLERS: Final = (rewards_page, calendar_file)
