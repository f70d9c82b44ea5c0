"""`/hr/contests/{slug}/evidence/{person}`: every fact that was counted for a winner, readable.

Laws: what stands here is the file under its hash and nothing computed anew; texts that were erased
since leave their line standing without them; opening it is recorded, as approving asks for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

import msgspec
from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from app.auth.guards import has_role, viewer_of
from app.database import Connection, transaction
from app.pages.contest_run.found import contest_at
from app.pages.contest_run.lone_servers import lone_followers
from app.pages.deeds import quoted
from app.pages.fragment import page
from app.pages.wall import safe_address
from rewards import awards, open_evidence, proof_of
from scoring import metrics, platforms

ENGAGEMENTS: Final = {
    "reply": "An answer to a post",
    "quote": "A quote of a post",
    "reshare": "A post shared on",
    "reaction": "A reaction to a post",
    "mention": "A mention",
    "follow": "A new follower",
    "click": "A link opened",
    "post": "A post",
}
KINDS: Final = {"snapshot": "A follower count", "figure": "A count without names"}
STANDINGS: Final = {
    "prize": "Counted for money and days",
    "recognition": "Counted for recognition",
}
MOST_ID: Final = 2**63 - 1
_TOLD: Final = """
select e.id::text, e.kind, t.text, t.url from engagement e
left join post_text t on t.post_id = e.post_id where e.id = any($1::uuid[])
"""


@dataclass(frozen=True, slots=True)
class Fact:
    """One counted fact as a line."""

    at: datetime
    what: str
    text: str | None
    url: str | None
    network: str
    key: str
    worth: int


@get("/hr/contests/{slug:str}/evidence/{person_id:int}", guards=[has_role("hr")])
async def evidence(
    request: Request[Any, Any, Any], slug: FromPath[str], person_id: FromPath[int]
) -> Response[Any]:
    """The file, and how to check it."""
    by, now = viewer_of(request).person_id, datetime.now(UTC)
    async with transaction() as connection:
        contest = await contest_at(connection, slug)
        if person_id > MOST_ID:
            raise NotFoundException("There is no such person.")
        won = await awards(connection, contest_id=contest.id, person_id=person_id)
        won = [award for award in won if not award.kept_from(by)]
        proof = await proof_of(connection, won[0]) if won else None
        if proof is None:
            raise NotFoundException("This person won nothing there, or it is not decided yet.")
        for award in won:
            await open_evidence(connection, award.id, by=by, now=now)
        body = msgspec.json.decode(proof.body)
        told = await what_is_told(connection, body)
        settings = request.app.state.settings
        lone = await lone_followers(connection, settings, body, list(body["standings"]), now)
        name = await connection.fetchval("select name from profile where person_id = $1", person_id)
    counted = metrics()[body["metric"]]
    context = {
        "slug": slug,
        "name": contest.charter.name,
        "winner": name or "a former colleague",
        "decided_at": proof.decided_at,
        "sha256": proof.sha256,
        "kept": proof.kept,
        "decision_sha256": proof.decision_sha256,
        "facts_by": datetime.fromisoformat(body["facts_by"]),
        "awards": [award.id for award in won],
        "lone": lone,
        "standings": [
            {
                "title": title,
                "value": counted.in_words(standing["value"]),
                "facts": [line(fact, told) for fact in standing["facts"]],
            }
            for title, standing in apart(body["standings"])
        ],
        "body": proof.body,
    }
    return page(request, "contest_run/evidence.html", context)


def apart(standings: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """The standings with their titles; where all counted the same, one for all."""
    different = list(standings.values())
    if all(standing == different[0] for standing in different[1:]):
        return [("Counted for every prize", standing) for standing in different[:1]]
    return [(STANDINGS.get(mode, mode), standing) for mode, standing in standings.items()]


async def what_is_told(
    connection: Connection, body: Mapping[str, Any]
) -> dict[str, Mapping[str, Any]]:
    """Kind, text and address of the engagements in a file, as far as they are still kept."""
    ids = [
        UUID(fact["id"])
        for standing in body["standings"].values()
        for fact in standing["facts"]
        if fact["kind"] == "engagement"
    ]
    return {row["id"]: row for row in await connection.fetch(_TOLD, ids)}


def line(fact: Mapping[str, Any], told: Mapping[str, Mapping[str, Any]]) -> Fact:
    """A fact in words."""
    row = told.get(fact["id"]) if fact["kind"] == "engagement" else None
    known = platforms().get(fact["platform"])
    what = KINDS.get(fact["kind"], "Something told by a network")
    return Fact(
        at=datetime.fromisoformat(fact["at"]),
        what=ENGAGEMENTS.get(row["kind"], what) if row else what,
        text=quoted(row["text"]) if row else None,
        url=safe_address(row["url"]) if row else None,
        network=known.label if known else fact["platform"],
        key=fact["key"],
        worth=fact["worth"],
    )


HANDLERS: Final = (evidence,)
