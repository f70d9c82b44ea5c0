"""`/hr/contests/{slug}`: a published contest for HR, from its publication to its last award.

Law: entrants are numbers; a list of names there is only of winners, whom somebody must approve and pay.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from litestar import Request, Response, get
from litestar.params import FromPath

from app.auth.guards import has_role, viewer_of
from app.database import Connection, transaction
from app.pages.contest_run.costs import costs
from app.pages.contest_run.found import contest_at
from app.pages.contest_run.moments import MOVING, STAGE_WORDS, line, way
from app.pages.contest_run.standing import ahead
from app.pages.contest_run.won import unwon, winners
from app.pages.contests.dates import days
from app.pages.fragment import back, page
from rewards import (
    Contest,
    Stage,
    official_rules,
    sentence,
    waits_for,
)

LIVE: Final = frozenset({Stage.RUNNING, Stage.SETTLING, Stage.REVIEW})
OVER: Final = frozenset({Stage.DECIDED, Stage.ANNOUNCED, Stage.CLOSED})
_ENTRANTS: Final = """
select p.bracket, count(*) as people from (
  select distinct on (person_id) person_id, state from entrance where contest_id = $1
  order by person_id, id desc) e
left join placement p on p.contest_id = $1 and p.person_id = e.person_id
where e.state = 'entered' group by p.bracket order by p.bracket
"""


@dataclass(frozen=True, slots=True)
class Option:
    """Something HR can do with it now."""

    href: str
    word: str
    small: str


@get("/hr/contests/{slug:str}", guards=[has_role("hr")])
async def contest_run(request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[Any]:
    """Where it stands, who is ahead, what blocks it, who won, what it costs."""
    now, settings = datetime.now(UTC), request.app.state.settings
    async with transaction(readonly=True) as connection:
        contest = await contest_at(connection, slug)
        if contest.published is None:
            return back(f"/hr/contests/{slug}/edit")
        stage = contest.stage(now)
        entrants = await entrants_of(connection, contest)
        secret = settings.require_secret_key()
        context = {
            "standings": await ahead(connection, contest, now=now, secret=secret)
            if stage in LIVE | OVER
            else [],
            "winners": await winners(connection, contest, viewer_of(request).person_id)
            if stage in OVER
            else None,
            "unwon": await unwon(connection, contest) if stage in OVER else [],
            "waits_for": await waits_for(connection, contest.id) if stage is Stage.REVIEW else [],
            "costs": await costs(connection, contest.id),
            **await paper(connection, contest),
        }
    happened = {event.kind: event.at for event in contest.events}
    context |= {
        "slug": slug,
        "name": contest.charter.name,
        "dates": days(contest.charter.start_at, contest.charter.end_at, settings.timezone),
        "stage": STAGE_WORDS[stage],
        "going": stage in LIVE,
        "moves": stage in MOVING,
        "line": line(stage, contest.moments, now),
        "moments": way(contest.moments, happened, now, cancelled_at=happened.get("cancelled")),
        "entrants": entrants,
        "options": options(slug, stage, sum(count for _, count in entrants), told=is_told(contest)),
        "frozen": "frozen" in happened and "decided" not in happened,
    }
    return page(request, "contest_run/page.html", context)


def options(slug: str, stage: Stage, entrants: int, *, told: bool = False) -> list[Option]:
    """What can be done at this stage, the mildest first."""
    found = []
    if stage is Stage.DECIDED:
        found.append(Option(f"/leader/announcements/{slug}", "Announce it", "On the team screens."))
    if told:
        found.append(
            Option(f"/announcements/{slug}", "How it was announced", "Corrections are made there.")
        )
    if stage in {Stage.SCHEDULED, Stage.RUNNING}:
        found.append(
            _deed(slug, "amend", "Amend the rules", "Entrants are told; nothing is taken back.")
        )
    if stage is Stage.SCHEDULED and not entrants:
        found.append(_deed(slug, "withdraw", "Withdraw it", "It becomes a draft again."))
    if stage in {Stage.SCHEDULED, Stage.RUNNING, Stage.SETTLING, Stage.REVIEW}:
        found.append(
            _deed(slug, "cancel", "Cancel it", "It ends without winners; entrants are told.")
        )
    return found


def is_told(contest: Contest) -> bool:
    """Whether there is a page of its announcement."""
    announced = contest.happened("announced")
    return announced is not None and "announcement" in announced.detail


def _deed(slug: str, key: str, word: str, small: str) -> Option:
    return Option(f"/hr/contests/{slug}/{key}", word, small)


async def entrants_of(connection: Connection, contest: Contest) -> list[tuple[str, int]]:
    """How many are in, by bracket; those without one yet stand under a name of their own."""
    by_bracket = {
        row["bracket"]: row["people"] for row in await connection.fetch(_ENTRANTS, contest.id)
    }
    named = [
        (bracket.name, by_bracket.get(place, 0))
        for place, bracket in enumerate(contest.charter.brackets)
    ]
    unplaced = by_bracket.get(None, 0)
    if not any(count for _, count in named):
        return [("Entered", unplaced)]
    return [*named, ("Not placed yet", unplaced)] if unplaced else named


async def paper(connection: Connection, contest: Contest) -> dict[str, Any]:
    """The charter as it was published, with all that was added to it."""
    row = await connection.fetchrow(
        """select h.recorded_at, coalesce(p.name, 'a former colleague') as by from charter h
           left join profile p on p.person_id = h.published_by where h.id = $1""",
        contest.charter_id,
    )
    assert contest.published is not None, "asked of published contests only"
    assert row is not None, "its charter is on record"
    amendments = await connection.fetch(
        """select body::jsonb->>'text' as words, sha256, recorded_at from amendment
           where charter_id = $1 order by id""",
        contest.charter_id,
    )
    return {
        "sentence": sentence(contest.charter),
        "rules": official_rules(contest.published, contest.amendments),
        "charter_sha256": contest.sha256,
        "published_at": row["recorded_at"],
        "published_by": row["by"],
        "overrides": [
            (network.name, network.override)
            for network in contest.published.networks
            if network.override
        ],
        "amendments": [dict(amendment) for amendment in amendments],
    }


HANDLERS: Final = (contest_run,)
