"""An announcement as one person may read it afterwards. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from app.announcing.named import named
from app.announcing.podium import Material, Podium, Standee, podiums
from app.pages.announcing.lines import reached_lines, value_words
from app.pages.announcing.own import Own, own
from app.pages.announcing.steps import gift_words, where_of
from app.pages.contests.about import listed
from app.pages.faces import Face
from app.pages.words import counted
from rewards import Announcement, AwardView, Congratulated, Contest, StepKind
from scoring import metrics


@dataclass(frozen=True, slots=True)
class ToldRow:
    """A winner's line; `wished` are congratulations in words."""

    award: int
    place: int | None
    name: str
    tint: int | None  # None: not named
    about: str
    prize: str | None
    wished: str | None
    may_wish: bool
    given: bool
    is_own: bool


@dataclass(frozen=True, slots=True)
class ToldGroup:
    """The winners of a part; `reached` says how many reached a threshold, `besides` who of them."""

    title: str | None
    rows: list[ToldRow]
    reached: list[str]
    besides: list[ToldRow]


@dataclass(frozen=True, slots=True)
class Told:
    """A whole announcement."""

    id: int
    slug: str
    contest: str
    metric: str
    at: datetime
    line: str
    corrections: list[tuple[datetime, str]]
    groups: list[ToldGroup]
    own: list[Own]


def told(
    contest: Contest,
    announcement: Announcement,
    material: Material,
    wished: Mapping[int, Congratulated],
    known: Mapping[int, Face],
    viewer_id: int,
) -> Told:
    """Put it together; `known` are the faces of who congratulated the viewer."""
    charter = contest.charter
    counted_by = metrics()[charter.metric].contest
    made = [
        _group(podium, announcement, material, wished, viewer_id)
        for podium in podiums(announcement.plan, material, "staff")
    ]
    theirs = [award for award in material.awards.values() if award.person_id == viewer_id]
    return Told(
        id=announcement.id,
        slug=announcement.slug,
        contest=charter.name,
        metric=counted_by.card if counted_by else "",
        at=announcement.finished_at or announcement.starts_at,
        line=announcement.line,
        corrections=[(one.at, one.words or "") for one in announcement.corrections],
        groups=[
            *(group for group in made if group.rows or group.reached),
            *_passed_on(announcement, material, wished, viewer_id),
        ],
        own=[own(award, announcement.slug, wished[award.id], known, material) for award in theirs],
    )


def _group(
    podium: Podium,
    announcement: Announcement,
    material: Material,
    wished: Mapping[int, Congratulated],
    viewer_id: int,
) -> ToldGroup:
    rows = [_row(one, material, wished, viewer_id) for one in (*podium.places, *podium.behind)]
    reached = [
        id
        for step in announcement.plan.steps
        if step.kind is StepKind.REACHED
        and step.part is not None
        and announcement.plan.parts[step.part] == podium.part
        for id in step.awards
        if id in material.awards
    ]
    besides = [
        _row(standee, material, wished, viewer_id) for standee in _by_name(reached, material)
    ]
    return ToldGroup(where_of(podium), rows, reached_lines(podium, material.charter), besides)


def _passed_on(
    announcement: Announcement,
    material: Material,
    wished: Mapping[int, Congratulated],
    viewer_id: int,
) -> list[ToldGroup]:
    """Who got what somebody declined after it was planned: no step tells of them."""
    told_of = {id for step in announcement.plan.steps for id in step.awards}
    heirs = [award for id, award in material.awards.items() if id not in told_of]
    shown = [
        Standee(award.id, None, named(award, material.faces.get(award.person_id), "staff"), None)
        for award in heirs
    ]
    rows = [_row(standee, material, wished, viewer_id) for standee in shown]
    return [ToldGroup("Besides, passed on", rows, [], [])] if rows else []


def _by_name(awards: Iterable[int], material: Material) -> list[Standee]:
    """Those who reached a threshold and stand there by name; the others are a number."""
    found = []
    for id in awards:
        award = material.awards[id]
        if award.team is None:
            shown = named(award, material.faces.get(award.person_id), "staff")
            if not shown.nameless:
                found.append(Standee(id, None, shown, None))
    return found


def _row(
    standee: Standee,
    material: Material,
    wished: Mapping[int, Congratulated],
    viewer_id: int,
) -> ToldRow:
    award = material.awards.get(standee.award)
    is_own = award is not None and _is_theirs(award, material, viewer_id)
    may_wish = award is not None and not standee.named.nameless and not is_own
    given = wished[standee.award] if award is not None else Congratulated()
    parts = [standee.named.department, value_words(standee, material.charter)]
    return ToldRow(
        award=standee.award,
        place=standee.place,
        name=standee.named.name,
        tint=standee.named.tint,
        about=" · ".join(part for part in parts if part),
        prize=gift_words(standee.named.gift),
        wished=None if standee.named.nameless else wished_words(given),
        may_wish=may_wish,
        given=given.given,
        is_own=is_own,
    )


def _is_theirs(award: AwardView, material: Material, viewer_id: int) -> bool:
    if award.team is None:
        return award.person_id == viewer_id
    return any(
        one.team == award.team and one.person_id == viewer_id for one in material.awards.values()
    )


def wished_words(given: Congratulated) -> str | None:
    """'12 colleagues congratulated', 'You and 11 colleagues congratulated'; None where nobody did."""
    others = given.count - (1 if given.given else 0)
    if not given.count:
        return None
    who = listed(
        (["You"] if given.given else []) + ([counted(others, "colleague")] if others else [])
    )
    return f"{who} congratulated"
