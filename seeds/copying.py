"""Three colleagues who posted nearly the same long text within two days: what HR's queue of the demo holds.

Law: nobody wins or loses a contest by it: they are people from the middle of the board whom no visitor
signs in as. The first keeps everything; of the others only the publishing is held (scoring/integrity).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from scoring.connection import Connection
from seeds import odds
from seeds.budgets import colleagues
from seeds.words import DISCLOSURE_TAG
from seeds.world import Linked, Member, World

# When before now, and the words: the first its author's own, the others edited a little.
TEXTS = (
    (timedelta(hours=50),
     "Before you replace a pump that hums, hold a screwdriver to your ear and listen: nine times out "
     "of ten it is air in the pipe, and ten minutes at the valve save you a new one."),
    (timedelta(hours=46),
     "Before you replace a pump that rattles, hold a screwdriver to your ear and listen: nine times "
     "out of ten it is just air in the pipe, and ten minutes at the valve save you a new pump."),
    (timedelta(hours=25),
     "Before you swap a pump that hums, hold a screwdriver to your ear and listen. Nine times out of "
     "ten it is air in the pipe, and five minutes at the valve save you a new one!"),
)  # fmt: skip
TAGS = ("education", DISCLOSURE_TAG)


def copyists(world: World) -> list[tuple[Member, Linked]]:
    """Who posts it, in this order, and on which account; nobody in a company of a handful."""
    known = {member.number for member in colleagues(world)}
    found = [
        (member, linked)
        for member in world.enrolled()
        if member.persona is None and member.number not in known
        and (member.state, member.joined, member.visibility) == ("active", 1, "name")
        and (linked := _open(member)) is not None
    ]  # fmt: skip
    if len(found) < 2 * len(TEXTS):
        return []
    found.sort(key=lambda one: (-one[0].vigour, one[0].number))
    return found[len(found) // 2 :][: len(TEXTS)]


def _open(member: Member) -> Linked | None:
    """An account whose disclosed posts count without being handed in."""
    return next(
        (linked for linked in member.accounts
         if linked.face.platform in odds.RESHARING and linked.counts != "handed_in"),
        None,
    )  # fmt: skip


async def look_soon(connection: Connection, people: Iterable[int]) -> None:
    """Lets the worker look at these people now rather than hours after what became known of them."""
    await connection.execute(
        "update unwatched set due_at = now() where person_id = any($1::bigint[])", list(people)
    )
