"""Plays the demo company's contests up to now: published, entered, decided, approved, accepted, paid.

Law: every step is one that a page or the worker takes, at the moment at which it would have; who won
comes from the facts of the history.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from rewards import (
    Contest,
    contest_by_slug,
    enter,
    form_context,
    new_draft,
    publish,
    refresh,
    tick,
)
from scoring import LINKS, snapshot_due
from scoring.connection import Connection
from seeds.budgets import Office, close_quarters, office, open_quarters, prepare_hr
from seeds.contests import DONE, DRAFTS, OPEN, Planned
from seeds.loading import Tell
from seeds.people import EARLIER, joined_at
from seeds.personas import COMPANY
from seeds.winning import after_decision
from seeds.world import Member, World

Step = tuple[datetime, Callable[[datetime], Awaitable[object]]]

# The last step a worker takes about a contest waits five seconds for what is just being written.
_SETTLED = timedelta(seconds=10)
_PUBLISHED = timedelta(days=3)  # before the start


async def play(
    connection: Connection,
    world: World,
    ids: dict[int, int],
    *,
    start_at: datetime,
    now: datetime,
    zone: ZoneInfo,
    disclosure_tag: str,
    tell: Tell,
) -> None:
    """All contests that fit into a history that began at `start_at`, as they stand at `now`."""
    team = office(world, ids)
    fitting = [one for one in (*DONE, *OPEN) if fits(one, world, start_at, now, zone)]
    began = start_at - EARLIER
    await prepare_hr(connection, team, began)
    today = now.astimezone(zone).date()
    ends = [one.ends_at(now, zone).astimezone(zone).date() for one in fitting]
    await open_quarters(connection, team, [today, *_last_quarter(today), *ends], began)
    steps: list[Step] = []
    for one in fitting:
        season = _Season(connection, world, ids, team, one, start_at, now, zone, disclosure_tag)
        steps += season.steps()
    words, last = "Running contests", len(steps) + 1
    tell(words, 0, last)
    while (await refresh(connection, now, 100_000)).people:
        pass  # notes about people whom facts touched before there was any contest
    for number, (moment, do) in enumerate(sorted(steps, key=lambda step: step[0])):
        await do(moment)
        tell(words, number + 1, last)
    for one in DRAFTS:
        await new_draft(
            connection, by=team.hr, form=one.typed(now, zone), now=now - timedelta(hours=5)
        )
    await close_quarters(connection, team, today, now)
    await tick(connection, now)
    while (await refresh(connection, now)).people:
        tell(words, last - 1, last)
    tell(words, last, last)


def fits(one: Planned, world: World, start_at: datetime, now: datetime, zone: ZoneInfo) -> bool:
    """Whether the history reaches back far enough, and somebody other than its author can approve."""
    if one in DONE and len(world.members) < 12:
        return False
    return one.starts_at(now, zone) - _PUBLISHED >= start_at or one.first > 0


def _last_quarter(today: date) -> list[date]:
    return [today.replace(day=1, month=today.month - (today.month - 1) % 3) - timedelta(days=1)]


async def publish_as(
    connection: Connection, typed: dict[str, str], *, by: int, now: datetime, zone: ZoneInfo,
    disclosure_tag: str,
) -> Contest:  # fmt: skip
    """Writes a contest and publishes it at once; Refused as on the page."""
    contest_id, slug = await new_draft(connection, by=by, form=typed, now=now)
    context = await form_context(
        connection, contest_id, by=by, zone=zone, company=COMPANY, disclosure_tag=disclosure_tag,
        now=now,
    )  # fmt: skip
    await publish(connection, contest_id, 1, by=by, now=now, context=context)
    return await contest_by_slug(connection, slug)


class _Season:
    """One contest's way through the weeks."""

    def __init__(
        self, connection: Connection, world: World, ids: dict[int, int], team: Office, one: Planned,
        start_at: datetime, now: datetime, zone: ZoneInfo, disclosure_tag: str,
    ) -> None:  # fmt: skip
        self.connection, self.world, self.ids, self.team, self.one = (
            connection, world, ids, team, one,
        )  # fmt: skip
        self.start_at, self.now, self.zone, self.tag = start_at, now, zone, disclosure_tag
        self.contest: Contest | None = None

    def steps(self) -> list[Step]:
        """What happens to it, each at its moment; nothing of it in the future."""
        starts, ends = (
            self.one.starts_at(self.now, self.zone),
            self.one.ends_at(self.now, self.zone),
        )
        settled = self.one.settles_at(self.now, self.zone) + _SETTLED
        published = min(starts - _PUBLISHED, self.now - timedelta(hours=20))
        steps: list[Step] = [
            (published, self._publish),
            (min(published + timedelta(hours=12), self.now), self._enter),
            (starts, self._tick),
            (starts + timedelta(hours=25), self._tick),
            (ends + timedelta(hours=25), self._tick),
            (settled, self._tick),
        ]
        if self.one in DONE:
            people = {self.ids[member.number]: member for member in self.world.members}
            for after, do in after_decision(
                self.one.key, self.connection, self.team, people, self._slug
            ):
                steps.append((settled + after, do))
        return [step for step in steps if step[0] <= self.now]

    async def _publish(self, moment: datetime) -> None:
        by = self.team.hr
        if self.one.author == "colleague" and self.team.colleagues:
            by = self.team.colleagues[0]
        self.contest = await publish_as(
            self.connection, self.one.typed(self.now, self.zone), by=by, now=moment, zone=self.zone,
            disclosure_tag=self.tag,
        )  # fmt: skip

    def _slug(self) -> str:
        assert self.contest is not None, "published before"
        return self.contest.slug

    async def _enter(self, moment: datetime) -> None:
        assert self.contest is not None, "published before"
        people = await self._who_enters(moment)
        for number, person in enumerate(people):
            await enter(
                self.connection, self.contest.id, person,
                now=min(moment + timedelta(minutes=3 * number), self.now),
            )  # fmt: skip

    async def _who_enters(self, moment: datetime) -> list[int]:
        """The employee and so many others; where followers count, who can be counted at both ends."""
        assert self.contest is not None, "published before"
        charter = self.contest.charter
        free = [
            member for member in self.world.enrolled()
            if member.state == "active" and self._joined(member) < moment
            and self.ids[member.number] != charter.proposer_id
        ]  # fmt: skip
        free.sort(key=lambda member: -member.vigour)
        people = [self.ids[member.number] for member in free]
        if charter.metric in ("growth", "followers") and charter.end_at < self.now:
            networks = [
                network.name for network in charter.networks
                if network.mode == "cash" and network.name != LINKS  # which nobody can follow
            ]  # fmt: skip
            for at in (charter.start_at, charter.end_at):
                late = await snapshot_due(self.connection, people, at, networks)
                without = {one.person_id for one in late}
                people = [person for person in people if person not in without]
        # Not only the busiest: every other of them, down the list, until there are enough.
        chosen = [*people[::2], *people[1::2]][: self.one.crowd]
        if self.one.crowd and self.team.employee in people and self.team.employee not in chosen:
            chosen.append(self.team.employee)
        return chosen

    def _joined(self, member: Member) -> datetime:
        return joined_at(member, self.start_at, self.now).astimezone(UTC)

    async def _tick(self, moment: datetime) -> None:
        await tick(self.connection, moment)
