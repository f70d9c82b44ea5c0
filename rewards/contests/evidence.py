"""The evidence file of a winner: every fact that was counted for them, under a hash.

Law: what is written here is enough to recount the winner's value without asking anybody, and holds
no name: only ids and hashes of what the networks call things.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from rewards.contests.charter import Charter, canonical
from rewards.contests.counting import Mode
from scoring import Tallied


def evidence_body(
    charter: Charter,
    charter_sha256: str,
    person_id: int,
    counted: Mapping[Mode, Tallied],
    *,
    facts_by: datetime,
    holds_by: datetime,
) -> str:
    """The file as canonical JSON."""
    body = {
        "format": 1,
        "contest": charter.slug,
        "charter_sha256": charter_sha256,
        "person_id": person_id,
        "metric": charter.metric,
        "facts_by": facts_by,
        "holds_by": holds_by,
        "standings": {mode: _standing(tallied) for mode, tallied in sorted(counted.items())},
    }
    return canonical(body).decode()


def digest(body: str) -> str:
    """The hash under which a file is kept."""
    return sha256(body.encode()).hexdigest()


def _standing(tallied: Tallied) -> dict[str, Any]:
    return {
        "value": tallied.value,
        "reached_at": tallied.reached_at,
        "facts": [
            {
                "kind": fact.kind,
                "id": str(fact.id),
                "platform": fact.platform,
                "key": fact.key,
                "at": fact.at,
                "worth": fact.worth,
            }
            for fact in tallied.facts
        ],
    }
