"""How the demo's decided contests are told: winners let others see what they like, the leader announces,
colleagues congratulate, and one thing said wrongly is corrected.

Law: nobody chooses for somebody else, and nobody congratulates who is not named.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from random import Random

from rewards import (
    AwardView,
    announcements,
    awards_of_announcement,
    congratulate,
    contest_by_slug,
    correct,
    finish_due,
    length,
    plan_announcement,
    show_award,
)
from scoring.connection import Connection
from seeds.budgets import Office
from seeds.world import Member

Choice = tuple[str, bool] | None  # name, alias or none; whether the prize stands beside it

LINES = {
    "paid": "Thank you for every conversation. People remember who answered them.",
    "accepted": "Three weeks, and so many new faces. Welcome to all who follow us now.",
}
CORRECTION = "It ran for two weeks, not three as I said. Who won has won."
CLAPS, FEW_CLAPS = 24, 2  # at most so many congratulate who has a place, who reached a threshold
# What winners let others see, in turn; None: they never said.
_CHOICES: tuple[Choice, ...] = (
    ("name", True), ("name", False), ("none", False), ("name", True), None, ("name", True),
)  # fmt: skip


def minds(views: Iterable[AwardView], people: Mapping[int, Member]) -> dict[int, Choice]:
    """What each winner says, the same of all they won; whose alias stands on the boards stays with it;
    None for nothing. Pure."""
    said: dict[int, Choice] = {}
    for view in sorted(views, key=lambda view: view.id):
        if view.person_id not in said:
            choice = _CHOICES[len(said) % len(_CHOICES)]
            if people[view.person_id].visibility == "alias":
                choice = ("alias", choice is not None and choice[1])
            said[view.person_id] = choice
    return said


async def choose_display(
    connection: Connection, view: AwardView, said: Choice, at: datetime
) -> None:
    """The winner of an accepted award says what others may see of it."""
    if said is not None:
        name, prize = said
        await show_award(
            connection, view.id, by=view.person_id, name=name, prize=prize, now=at
        )  # fmt: skip


async def announce(
    connection: Connection, team: Office, slug: str, line: str, at: datetime
) -> datetime:
    """The leader announces at once, with a line of her own; when the last screen has shown it."""
    contest = await contest_by_slug(connection, slug)
    planned = await plan_announcement(
        connection, contest.id, by=team.leader, line=line, manner="timed", starts_at=None, now=at
    )
    over_at = planned.starts_at + length(planned.plan)
    await finish_due(connection, over_at)
    return over_at


async def clap(
    connection: Connection, slug: str, people: Mapping[int, Member], rng: Random, at: datetime
) -> None:
    """Colleagues congratulate the winners that were named, one a minute and winner."""
    contest = await contest_by_slug(connection, slug)
    (told,) = await announcements(connection, contest_id=contest.id, finished=True)
    here = sorted(id for id, one in people.items() if one.state == "active" and one.joined == 1)
    for view in (await awards_of_announcement(connection, told)).values():
        winner = people[view.person_id]
        seen = winner.state == "active" and winner.visibility != "hidden"
        if not seen or view.display.name == "none":
            continue
        most = min(len(here), FEW_CLAPS if view.place is None else CLAPS)
        those = rng.sample(here, rng.randint(0, most))
        for minute, by in enumerate(who for who in those if who != view.person_id):
            then = at + timedelta(minutes=minute)
            await congratulate(connection, view.id, by=by, given=True, now=then)


async def put_right(connection: Connection, team: Office, slug: str, at: datetime) -> None:
    """The leader corrects a slip of her own; screens said it aloud for a minute."""
    contest = await contest_by_slug(connection, slug)
    (told,) = await announcements(connection, contest_id=contest.id, finished=True)
    if not told.corrections:
        await correct(connection, told.id, by=team.leader, words=CORRECTION, now=at)
