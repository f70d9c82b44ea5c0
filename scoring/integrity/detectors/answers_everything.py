"""The same outsider answers everything of one person, day after day, and nobody else here.

Friends and faithful readers answer much, not everything, and sooner or later somebody else, too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Final
from uuid import UUID

from scoring.facts import Kind
from scoring.integrity.detector import Detector
from scoring.integrity.finding import MOST_HELD, Finding
from scoring.integrity.happened import Act, Happened

ANSWERS: Final = frozenset({Kind.REPLY, Kind.QUOTE})
# Ten posts on eight days are two to four weeks of somebody who writes on most working days.
LEAST_POSTS: Final = 10
LEAST_DAYS: Final = 8
# One in twelve may be missed: also a program is away now and then. A close friend answers half, the
# most faithful of readers three of four.
OF_ALL: Final = 0.92


def find(happened: Happened) -> Iterator[Finding]:
    """Every such pair of a person and an outsider."""
    for person, acts in happened.received.items():
        by_outsider: dict[UUID, list[Act]] = defaultdict(list)
        for act in acts:
            if act.kind in ANSWERS and act.outsider is not None and act.post_id is not None:
                by_outsider[act.outsider].append(act)
        for outsider, answers in by_outsider.items():
            met = happened.met.get(outsider)
            if len(answers) >= LEAST_POSTS and met is not None and met.people == 1:
                yield from _judged(happened, person, outsider, answers)


def _judged(
    happened: Happened, person: int, outsider: UUID, answers: list[Act]
) -> Iterator[Finding]:
    answered = {act.post_id for act in answers}
    written = happened.written.get(person, ())
    # The stretch in which they answered: from the first post that was answered to the last answer.
    since = min((post.at for post in written if post.post_id in answered), default=None)
    if since is None:
        return
    posts = [post for post in written if since <= post.at <= answers[-1].at]
    hits = sum(1 for post in posts if post.post_id in answered)
    days = len({act.at.date() for act in answers})
    if hits < LEAST_POSTS or days < LEAST_DAYS or hits < OF_ALL * len(posts):
        return
    percent = round(100 * hits / len(posts))
    yield Finding(
        kind="answers_everything",
        person_id=person,
        subject=f"{person}:{outsider}",
        reason=f"One account answered {hits} of {len(posts)} posts on {days} days, and nobody else here.",
        hold=[act.id for act in answers][:MOST_HELD],
        evidence={"posts": hits, "share": percent, "days": days, "actor_id": str(outsider)},
        goes_on=True,
    )


DETECTOR = Detector("answers_everything", "One outsider who answers everything of one person", find)
