"""`/hr/contests/{slug}/evidence/{person}`: every fact that was counted for a winner, readable.

Laws: what stands here is the file under its hash and nothing computed anew; texts that were erased
since leave their line standing without them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec
from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from app.auth.guards import has_role
from app.database import Connection, transaction
from app.pages.deeds import quoted
from app.pages.fragment import page
from app.pages.wall import safe_address
from rewards import awards
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
_FILE: Final = """
select e.body, e.sha256, d.sha256 as decision_sha256, d.recorded_at as decided_at, c.id, c.slug,
       h.body::jsonb->>'name' as name, coalesce(p.name, 'A former colleague') as winner
from evidence e
join contest c on c.id = e.contest_id
join decision d on d.contest_id = c.id
join charter h on h.id = d.charter_id
left join profile p on p.person_id = e.person_id
where c.slug = $1 and e.person_id = $2
"""
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
    async with transaction(readonly=True) as connection:
        file = await connection.fetchrow(_FILE, slug, person_id % 2**63)
        if file is None:
            raise NotFoundException("Nobody won there, or it is not decided yet.")
        won = await awards(connection, contest_id=file["id"], person_id=person_id)
        body = msgspec.json.decode(file["body"])
        told = await what_is_told(connection, body)
    counted = metrics()[body["metric"]]
    context = {
        **{name: file[name] for name in ("slug", "name", "winner", "decided_at", "sha256")},
        "decision_sha256": file["decision_sha256"],
        "facts_by": datetime.fromisoformat(body["facts_by"]),
        "awards": [award.id for award in won],
        "standings": [
            {
                "title": STANDINGS.get(mode, mode),
                "value": counted.in_words(standing["value"]),
                "facts": [line(fact, told) for fact in standing["facts"]],
            }
            for mode, standing in body["standings"].items()
        ],
        "body": file["body"],
    }
    return page(request, "contest_run/evidence.html", context)


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
