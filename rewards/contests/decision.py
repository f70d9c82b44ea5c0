"""What was decided, as the text under its hash. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from rewards.contests.charter import canonical
from rewards.contests.counting import MODES, Mode
from rewards.contests.decide import Outcome, Win
from rewards.contests.outcome import CountedOut
from rewards.contests.record import Contest


def decision_body(
    contest: Contest,
    counted: CountedOut,
    outcome: Outcome,
    evidence: Mapping[int, str],
    seed: bytes,
    *,
    facts_by: datetime,
    seen_by: datetime,
    decided_at: datetime,
) -> str:
    """What was decided, as canonical JSON; the seed is shown in it."""
    body = {
        "format": 1,
        "contest_id": contest.id,
        "contest": contest.slug,
        "charter_sha256": contest.sha256,
        "amendments": len(contest.amendments),
        "facts_by": facts_by,
        # Up to when it was seen what is held and who takes part; a little before it was decided.
        "holds_by": seen_by,
        "decided_at": decided_at,
        "seed": seed.hex(),
        "entrants": len(counted.people),
        "standings": {mode: standing_body(counted, mode) for mode in sorted(MODES)},
        "wins": [win_body(win) for win in outcome.wins],
        "unwon": outcome.unwon,
        "evidence": {str(person): evidence[person] for person in sorted(evidence)},
    }
    return canonical(body).decode()


def win_body(win: Win) -> dict[str, Any]:
    """A win as the decision keeps it."""
    return {
        "prize": win.prize,
        "place": win.place,
        "bracket": win.bracket,
        "person_id": win.person_id,
        "team": win.team,
        "amount": win.amount,
        "why": win.why,
    }


def standing_body(counted: CountedOut, mode: Mode) -> dict[str, Any]:
    """Everybody with anything by id, hashed whole, so that a recount can be held against it."""
    lines = [
        [c.person_id, c.bracket, c.team, c.value, c.reached_at, c.why_not, sorted(c.goals.items())]
        for c in sorted(counted.standings[mode], key=lambda c: c.person_id)
        if c.value
    ]
    return {"ranked": len(lines), "sha256": sha256(canonical(lines)).hexdigest()}
