"""`/announcements/{slug}/picture/{award}.png`: a winner's own picture, for them to share.

Laws: for the winner alone, once everybody knows; it shows what that winner chose to be shown, and
nothing of it is kept.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any, Final

from litestar import Request, Response, get
from litestar.exceptions import HTTPException, NotFoundException
from litestar.params import FromPath, FromQuery

from app.announcing.frames import material
from app.announcing.named import Named, named
from app.announcing.podium import Material
from app.auth.guards import signed_in, viewer_of
from app.pages.download import download
from app.pages.fragment import environment
from app.pages.words import initials
from app.pictures import CannotWrite, Shape, Winner, drawn
from app.screens.language import Language
from app.settings import Settings
from rewards import (
    Announcement,
    AwardView,
    NoSuchContest,
    announcements,
    contest_by_slug,
)

_FILE: Final = re.compile(r"([1-9][0-9]{0,17})\.png")
_NOT_THERE: Final = "There is no such picture, or it is another winner's."
_MEDALS: Final = 3


@get("/announcements/{slug:str}/picture/{file:str}", guards=[signed_in])
async def picture(
    request: Request[Any, Any, Any],
    slug: FromPath[str],
    file: FromPath[str],
    shape: FromQuery[Shape] = "landscape",
) -> Response[bytes]:
    """The picture of one award as PNG, lying or standing; everybody but its winner gets 404."""
    wanted, person_id = _FILE.fullmatch(file), viewer_of(request).person_id
    if wanted is None:
        raise NotFoundException(_NOT_THERE)
    state, now = request.app.state, datetime.now(UTC)
    settings: Settings = state.settings
    async with state.pool.acquire() as connection:
        announced = await _announced(connection, slug)
        secret = settings.require_secret_key()
        read = await material(connection, announced, now=now, secret=secret, besides=person_id)
    award = read.awards.get(int(wanted[1]))
    if award is None or award.person_id != person_id:
        raise NotFoundException(_NOT_THERE)
    who = _shown(award, read)
    if who.nameless:
        raise NotFoundException("You chose not to be shown, so there is no picture of you.")
    winner = _winner(announced, award, who, read, settings)
    try:
        png = await drawn(environment(request), winner, shape)
    except CannotWrite as cannot:
        raise HTTPException(str(cannot), status_code=422) from cannot
    return download(f"{slug}-{shape}.png", png, "image/png")


async def _announced(connection: Any, slug: str) -> Announcement:
    """The contest's announcement, once it is over; 404."""
    try:
        contest = await contest_by_slug(connection, slug)
    except NoSuchContest:
        raise NotFoundException(_NOT_THERE) from None
    found = await announcements(connection, contest_id=contest.id, finished=True, limit=1)
    if not found:
        raise NotFoundException(_NOT_THERE)
    return found[0]


def _shown(award: AwardView, read: Material) -> Named:
    """The winner as colleagues may see them; of a team the team."""
    if award.team is not None:
        return Named(award.team, award.team, initials(award.team), 0)
    return named(award, read.faces.get(award.person_id), "staff")


def _winner(
    announced: Announcement, award: AwardView, who: Named, read: Material, settings: Settings
) -> Winner:
    charter, language = read.charter, Language("en")
    prize = next(one for one in charter.prizes if one.number == award.prize)
    if award.team is not None:
        value = read.team_values.get((prize.mode, award.team))
    else:
        value = read.values.get((prize.mode, award.person_id))
    bracket = ""
    if len(charter.brackets) > 1:
        among_all = language.say("all_brackets")
        bracket = among_all if award.bracket is None else charter.brackets[award.bracket].name
    finished_at = announced.finished_at or announced.starts_at
    return Winner(
        name=who.name,
        initials=who.initials,
        tint=who.tint or 0,
        medal=award.place if (award.place or _MEDALS + 1) <= _MEDALS else None,
        place=language.place(award.place) if award.place else language.say("congratulations"),
        metric=language.metric(charter.metric),
        value="" if value is None else language.figure(charter.metric, value),
        unit="" if value is None else language.unit(charter.metric, value),
        contest=charter.name,
        company=settings.company_name,
        day=language.day(finished_at.astimezone(settings.timezone).date()),
        bracket=bracket,
        department=who.department or "",
        gift=language.gift(who.gift) if who.gift else "",
    )


HANDLERS = (picture,)
