"""The contest that ends three minutes after the demo began, made anew at every start.

Law: it is a contest like any other; the worker decides it, from what the live traffic brought.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from rewards import Contest, Stage, contests, enter
from rewards.contests.form import comes_twice
from scoring import Incentive, platform
from scoring.connection import Connection
from seeds.budgets import Office, colleagues, open_quarters
from seeds.contests import form, place, when
from seeds.personas import EMPLOYEE, HR, LEADER
from seeds.season import publish_as
from seeds.world import World

ENTRANTS = 24
RUNS = timedelta(minutes=3)
_SHORT = timedelta(seconds=30)  # ends are whole minutes: two and a half to three and a half


async def begin(
    connection: Connection, world: World, ids: dict[int, int], team: Office, *, now: datetime,
    zone: ZoneInfo, disclosure_tag: str,
) -> Contest:  # fmt: skip
    """Publishes it and lets the busiest people and the employee enter. It began with this minute."""
    start = now.astimezone(UTC).replace(second=0, microsecond=0)
    end = _minute_after(now + RUNS - _SHORT)
    if comes_twice(start, zone) or comes_twice(end, zone):
        # The clocks go back just now: its local times would mean the hour before.
        zone = ZoneInfo("UTC")
    published = start - timedelta(minutes=1)
    await open_quarters(connection, team, [end.astimezone(zone).date()], now)
    local = end.astimezone(zone)
    typed = form(
        f"Three minutes to {local:%H:%M}", "points",
        place(1, 1, "cash", "€30", "all"), place(2, 3, "cash", "€15", "all"),
        place(1, 1, "recognition", "Choose the next coffee", "all"),
        description="A very short one, to see how a contest is decided: watch it until the end.",
        brackets="none", settle_hours="0", breakers="earliest,pool,order",
    )  # fmt: skip
    typed |= when(start.astimezone(zone), local)
    # A colleague's, so that the HR persona may approve what is won in it.
    by = team.colleagues[0] if team.colleagues else team.hr
    contest = await publish_as(
        connection, typed, by=by, now=published, zone=zone, disclosure_tag=disclosure_tag
    )
    for number in entrants(world):
        await enter(connection, contest.id, ids[number], now=published)
    return contest


async def running(connection: Connection, now: datetime) -> list[tuple[str, str]]:
    """Name and slug of what runs."""
    cards = await contests(connection, viewer_id=None, now=now)
    return [(card.name, card.slug) for card in cards if card.stage is Stage.RUNNING]


def entrants(world: World) -> list[int]:
    """The employee and the busiest others whose networks may be paid for, by member number."""
    # Who publishes, approves or announces it does not win it.
    publishers = {HR.name, LEADER.name, *(member.name for member in colleagues(world))}
    free = [
        member for member in world.enrolled()
        if member.persona == EMPLOYEE
        or (member.state == "active" and member.name not in publishers
            and any(platform(linked.face.platform).incentive.mode is Incentive.CASH
                    for linked in member.accounts))
    ]  # fmt: skip
    free.sort(key=lambda member: (member.persona != EMPLOYEE, -member.vigour))
    return [member.number for member in free[:ENTRANTS]]


def _minute_after(moment: datetime) -> datetime:
    whole = moment.astimezone(UTC).replace(second=0, microsecond=0)
    return whole + timedelta(minutes=1)
