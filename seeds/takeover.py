"""Two colleagues say that an account is theirs: what waits for the administrator of the demo.

Law: neither is somebody a visitor signs in as, and the account is one of no other story, so that nothing
else of the demo hangs on how it is decided.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from app.proofs import Choices, ask_administrator, note_proof, open_claim, say
from scoring import Named, link
from scoring.connection import Connection
from seeds.budgets import colleagues
from seeds.copying import copyists
from seeds.personas import MASTODON_HOST
from seeds.world import Member, World

NETWORK, ACCOUNT = "mastodon", f"repaircafe@{MASTODON_HOST}"
ASKS = (
    "The repair café’s account is the whole group’s, and since the summer it is me who writes there. You can "
    "see it: the posts from our last three Saturdays are mine."
)
ANSWERS = (
    "I set the account up and still answer there. Happy to hand it over at the end of the year."
)
LINKED, ASKED, ANSWERED = timedelta(days=30), timedelta(hours=26), timedelta(hours=19)


async def contest_account(
    connection: Connection, world: World, ids: dict[int, int], start_at: datetime, now: datetime
) -> None:
    """One has linked it, the other asks for it, both say why. In a company of a handful nobody does."""
    sides = _sides(world)
    if sides is None:
        return
    holder, asks = (ids[member.number] for member in sides)
    linked_at = max(start_at, now - LINKED)
    named = Named(ACCOUNT, ACCOUNT)
    async with connection.transaction():
        account = await link(connection, holder, NETWORK, named, "disclosed", linked_at)
        await note_proof(connection, account, holder, "code", ACCOUNT, linked_at)
    async with connection.transaction():
        choices = Choices("disclosed", professional=False, disclaimer=True)
        claim = await open_claim(connection, asks, NETWORK, named, choices, now - ASKED)
        await ask_administrator(connection, asks, claim, ASKS, now - ASKED, otherwise=True)
        await say(connection, holder, claim, ANSWERS, now - ANSWERED)


def _sides(world: World) -> tuple[Member, Member] | None:
    """Who has it and who asks: of one office, neither of them in another story."""
    elsewhere = {member.number for member in colleagues(world)}
    elsewhere |= {member.number for member, _ in copyists(world)}
    free = [
        member for member in world.enrolled()
        if member.persona is None and member.number not in elsewhere
        and (member.state, member.joined, member.visibility) == ("active", 1, "name")
    ]  # fmt: skip
    for one in free[::-1]:
        for other in free:
            if one is not other and one.office == other.office:
                return one, other
    return None
