"""A contest that is decided and approved, and a leader to announce it.

Written straight into the tables, as the clock and HR would leave them, for deciding is not measured.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

import msgspec

from rewards import Among, Bracket, Charter, Network, Prize, PrizeKind

_PLACES: Final = 3
_LEADER: Final = 10  # somebody who won nothing
_SLUG: Final = "conversation-starters"


async def decided_contest(connection: Any, now: datetime) -> tuple[int, int]:
    """Three colleagues won recognition; returns the contest and the leader."""
    contest: int = await connection.fetchval(
        "insert into contest (slug, author_id, recorded_at) values ($1, $2, $3) returning id",
        _SLUG, _LEADER, now,
    )  # fmt: skip
    charter = _charter(contest, now)
    charter_id: int = await connection.fetchval(
        """insert into charter (contest_id, body, sha256, published_by, recorded_at)
           values ($1, $2, $3, $4, $5) returning id""",
        contest, charter.canonical().decode(), charter.sha256, _LEADER, now,
    )  # fmt: skip
    await connection.executemany(
        """insert into contest_event (contest_id, charter_id, kind, person_id, detail, recorded_at)
           values ($1, $2, $3, null, '{}', $4)""",
        [
            (contest, charter_id, kind, now)
            for kind in ("published", "started", "settled", "decided")
        ],
    )
    await connection.execute(
        """insert into role_grant (person_id, role, granted, granted_by, recorded_at)
           values ($1, 'leader', true, null, $2)""",
        _LEADER, now,
    )  # fmt: skip
    for place in range(1, _PLACES + 1):
        await _won(connection, charter, place, now)
    return contest, _LEADER


async def _won(connection: Any, charter: Charter, place: int, now: datetime) -> None:
    """The person of that number has that place, approved, and shows their name."""
    award: int = await connection.fetchval(
        """insert into award (contest_id, prize, place, bracket, person_id, team, kind, currency,
             units, reservation_id, proposer_id, recorded_at)
           values ($1, 1, $2::int, 0, $2::int, null, 'recognition', null, 0, null, $3, $4) returning id""",
        charter.contest_id, place, charter.proposer_id, now,
    )  # fmt: skip
    terms = {
        "contest": charter.name, "slug": charter.slug, "approvals": 1,
        "accept_days": charter.accept_days, "pass_on": False, "tell_privately": True,
        "days_expire_months": None, "zone": charter.zone, "text": charter.prizes[0].text,
    }  # fmt: skip
    events: list[tuple[str, dict[str, object]]] = [
        ("proposed", {"terms": terms, "why": "place"}),
        ("approved", {"last": True}),
        ("told", {}),
        ("shown", {"name": "name", "prize": True}),
    ]
    for kind, detail in events:
        await connection.execute(
            """insert into award_event (award_id, kind, person_id, for_person, reason, detail,
                 recorded_at)
               values ($1, $2, $3, null, null, $4::jsonb, $5)""",
            award, kind, _LEADER, msgspec.json.encode(detail).decode(), now,
        )  # fmt: skip
    body = {"standings": {"recognition": {"value": 100 * (_PLACES + 1 - place)}}}
    await connection.execute(
        """insert into evidence (contest_id, person_id, body, sha256, recorded_at)
           values ($1, $2, $3, '', $4)""",
        charter.contest_id, place, msgspec.json.encode(body).decode(), now,
    )  # fmt: skip


def _charter(contest: int, now: datetime) -> Charter:
    return Charter(
        contest_id=contest,
        slug=_SLUG,
        name="Conversation starters",
        metric="responses",
        metric_version=1,
        rulebook=None,
        zone="UTC",
        start_at=now - timedelta(days=31),
        end_at=now - timedelta(days=4),
        networks=(Network("standard", "cash", "None forbids it.", "https://example.org", "2026-11-01"),),
        disclosure_tag=None,
        brackets=(Bracket("Everybody", 0, None),),
        prizes=(
            Prize(
                1, PrizeKind.RECOGNITION, Among.EACH,
                text="Breakfast with the board", first_place=1, last_place=_PLACES,
            ),
        ),
        breakers=("earliest", "order"),
        order_commitment="0" * 64,
        contact="people@example.org",
        proposer_id=_LEADER,
    )  # fmt: skip
