"""Winners made up for tests: awards and faces, without a database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from app.announcing.podium import Material
from app.pages.faces import Face
from rewards import Amount, Announcement, AwardState, AwardView, Charter, Plan
from rewards.announcements import Won, plan
from rewards.awards.award import Display, Held, Terms

NOW = datetime(2026, 12, 15, 14, tzinfo=UTC)
EUROS = Held(Amount(20_000, "EUR"), 1)
DAYS = Held(Amount(4), 2)


def face(person: int = 1, name: str = "Ana Lima", *, alias: bool = False) -> Face:
    """Somebody of Research, or their alias."""
    return Face(
        person_id=person, key="k", name=name, tint=person % 10,
        place=None if alias else "Research", networks=(), opens_mix=False, opens_gain=False,
        is_alias=alias,
    )  # fmt: skip


def award(id: int = 1, **changes: Any) -> AwardView:
    """An accepted award of €200 whose winner shows name and prize; with changes."""
    usual: dict[str, Any] = {
        "id": id, "contest_id": 1, "prize": 1, "place": 1, "bracket": 0, "person_id": id,
        "team": None, "kind": "cash", "options": (EUROS,), "proposer_id": 99, "passed_from": None,
        "proposed_at": NOW, "events": (), "state": AwardState.ACCEPTED, "approvals": (),
        "chosen": EUROS, "told_at": NOW, "accepted_at": NOW, "expires_on": None, "left": False,
        "passed_on": False, "expired": False, "recovered": 0, "dates": (),
        "display": Display("name", prize=True),
        "terms": Terms("Quarter", "quarter", 1, 14, False, True, None, "Europe/Berlin"),
    }  # fmt: skip
    return AwardView(**(usual | changes))


def announced(
    charter: Charter, awards: Sequence[AwardView], line: str = "Well done"
) -> Announcement:
    """A timed announcement of these awards that begins now."""
    won = [Won(one.id, one.prize, one.place, one.bracket) for one in awards]
    made: Plan = plan(charter, won)
    return Announcement(7, 1, "quarter", 99, line, "timed", NOW, made, NOW, ())


def material(
    charter: Charter,
    awards: Sequence[AwardView],
    faces: Sequence[Face] | None = None,
    **changes: Any,
) -> Material:
    """All that is known of them; everybody is called a first and a last name unless faces say so."""
    if faces is None:
        faces = [face(one.person_id, f"First{one.id} Last{one.id}") for one in awards]
    usual: dict[str, Any] = {
        "charter": charter,
        "awards": {one.id: one for one in awards},
        "faces": {one.person_id: one for one in faces},
        "values": {
            (mode, one.person_id): 100 + one.person_id
            for one in awards
            for mode in ("prize", "recognition")
        },
        "team_values": {},
    }
    return Material(**(usual | changes))
