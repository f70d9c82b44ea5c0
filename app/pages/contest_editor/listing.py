"""`/hr/contests`: all contests by where they stand, those that need somebody first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from litestar import Request, Response, get

from app.auth.guards import has_role
from app.database import Connection, transaction
from app.pages.contest_editor.when import moment
from app.pages.contest_run.moments import line
from app.pages.contests.dates import days
from app.pages.fragment import page
from rewards import Contest, Stage, every_contest

GROUPS: Final = (
    ("review", "In review", {Stage.REVIEW}),
    ("running", "Running", {Stage.RUNNING}),
    ("settling", "Settling", {Stage.SETTLING}),
    ("drafts", "Drafts", {Stage.DRAFT}),
    ("upcoming", "Upcoming", {Stage.SCHEDULED}),
    ("decided", "Decided", {Stage.DECIDED, Stage.ANNOUNCED}),
    ("over", "Over", {Stage.CLOSED, Stage.CANCELLED}),
)
_ENTRANTS: Final = """
select contest_id, count(*) as people from (
  select distinct on (contest_id, person_id) contest_id, person_id, state from entrance
  order by contest_id, person_id, id desc) e
where state = 'entered' group by contest_id
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One contest in the list; no number of entrants for a draft."""

    slug: str
    href: str
    name: str
    when: str
    entrants: int | None
    stands: str


@dataclass(frozen=True, slots=True)
class Group:
    """The contests at one stage of their life."""

    key: str
    title: str
    rows: list[Row]


@get("/hr/contests", guards=[has_role("hr")])
async def contest_list(request: Request[Any, Any, Any]) -> Response[Any]:
    """All contests; a stage without any is left out."""
    now, zone = datetime.now(UTC), request.app.state.settings.timezone
    async with transaction(readonly=True) as connection:
        contests = await every_contest(connection)
        forms = await drafts(connection)
        people = {row[0]: row[1] for row in await connection.fetch(_ENTRANTS)}
    groups = [
        Group(
            key,
            title,
            [
                row(contest, forms.get(contest.id, {}), people.get(contest.id, 0), now, zone)
                for contest in at_stage(contests, stages, now)
            ],
        )
        for key, title, stages in GROUPS
    ]
    context = {"groups": [group for group in groups if group.rows]}
    return page(request, "contest_editor/list.html", context)


def at_stage(contests: Iterable[Contest], stages: set[Stage], now: datetime) -> list[Contest]:
    """The contests at one of the stages, the newest first."""
    return [contest for contest in contests if contest.stage(now) in stages]


def row(
    contest: Contest, form: Mapping[str, Any], people: int, now: datetime, zone: ZoneInfo
) -> Row:
    """A contest as a line; of a draft what its form says."""
    href = f"/hr/contests/{contest.slug}"
    if contest.published is None:
        start, end = moment(form, "start", zone), moment(form, "end", zone)
        planned = days(start, end, zone) if start and end and start < end else "not said yet"
        name = form.get("name") or "A contest without a name"
        return Row(contest.slug, f"{href}/edit", name, planned, None, "Nobody but HR sees it.")
    charter = contest.charter
    when = days(charter.start_at, charter.end_at, zone)
    stands = line(contest.stage(now), contest.moments, now)
    return Row(contest.slug, href, charter.name, when, people, stands)


async def drafts(connection: Connection) -> dict[int, dict[str, str]]:
    """What the drafts say of name and dates."""
    rows = await connection.fetch(
        """select contest_id, form->>'name' as name, form->>'start_on' as start_on,
             form->>'start_time' as start_time, form->>'end_on' as end_on,
             form->>'end_time' as end_time from contest_draft"""
    )
    return {row["contest_id"]: {name: value or "" for name, value in row.items()} for row in rows}


HANDLERS: Final = (contest_list,)
