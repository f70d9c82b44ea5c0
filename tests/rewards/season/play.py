"""The season played on a fast clock: an hour at a time, with a worker that dies in each of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import asyncpg
from redis.asyncio import Redis

from rewards.awards import (
    AwardState,
    accept,
    approve,
    awards,
    decline,
    lapse,
    open_evidence,
    pay,
)
from rewards.awards import export as export_award
from rewards.contests.drafts import new_draft
from rewards.contests.entering import enter, leave_contest
from rewards.contests.form_context import form_context
from rewards.contests.publishing import publish
from rewards.contests.refreshing import refresh
from rewards.contests.ticking import tick
from rewards.contests.withdrawing import cancel
from rewards.refusal import Refused
from scoring import accounts_of, enrol, intake, leave, link, pause, resume, score, unlink
from scoring import publish as publish_boards
from scoring.platforms.platform import Named
from tests.rewards.season.contests import CANCELLED, CANCELLED_AT, EMPTY, FORMS, ZONE
from tests.rewards.season.world import END, START, TAG, Deed, Told, World, account
from tests.scoring.test_once import Killed, Mortal

HOUR = timedelta(hours=1)
CLICKED = 250  # people who enter a contest by a click
OVER = END + timedelta(days=12)  # everything is settled, answered and paid


@dataclass
class Season:
    """A season under way."""

    database_url: str
    redis: Redis
    world: World
    hr: tuple[int, int, int]
    random: Random
    connection: Any
    contest_ids: list[int] = field(default_factory=list)
    dying: Any = None  # the connection of the workers that die
    killed: int = 0
    refused: int = 0

    async def play(self) -> None:
        """From the first link to the last payment."""
        deeds, told = _by_hour(self.world.deeds, _when), _by_hour(self.world.told, _received)
        clicks = await self._publish_all()
        hours = sorted({*deeds, *told, *_hours(START, OVER)})
        for hour in hours:
            for deed in deeds.get(hour, ()):
                await self._do(deed)
            await self._arrive(told.get(hour, ()))
            for contest_id, person in clicks.get(hour, ()):
                await self._click(contest_id, person, hour)
            if hour == CANCELLED_AT:
                await cancel(
                    self.connection, self.contest_ids[CANCELLED], by=self.hr[0],
                    reason="The budget was needed elsewhere.", now=hour,
                )  # fmt: skip
            end = hour + HOUR
            await self._work_until_killed(end)
            await self._work(self.connection, end)
            if hour.hour == 3:
                await self.redis.flushdb()
            if hour.hour == 12 and hour >= START:
                await self._office_hours(end)

    async def _publish_all(self) -> dict[datetime, list[tuple[int, int]]]:
        """Every contest is written and published before it starts; who will click on which when."""
        clicks: dict[datetime, list[tuple[int, int]]] = defaultdict(list)
        for number, form in enumerate(FORMS):
            now = START - timedelta(days=2)
            contest_id, _ = await new_draft(self.connection, by=self.hr[0], form=form, now=now)
            self.contest_ids.append(contest_id)
            context = await form_context(
                self.connection, contest_id, by=self.hr[0], zone=ZONE, company="Northwind",
                disclosure_tag=TAG, now=now,
            )  # fmt: skip
            charter = await publish(
                self.connection, contest_id, 1, by=self.hr[0], now=now, context=context
            )
            if charter.entering == "click" and number != EMPTY:
                hours = list(_hours(START, charter.end_at - HOUR))
                for person in self.random.sample(range(1, self.world.people + 1), CLICKED):
                    clicks[self.random.choice(hours)].append((contest_id, person))
            elif number != EMPTY:
                hours = list(_hours(charter.start_at + HOUR, charter.end_at - HOUR))
                for person in self.random.sample(range(1, self.world.people + 1), 15):
                    clicks[self.random.choice(hours)].append((-contest_id, person))
        return clicks

    async def _click(self, contest_id: int, person: int, now: datetime) -> None:
        """Somebody enters, or (negative) leaves."""
        try:
            if contest_id > 0:
                await enter(self.connection, contest_id, person, now=now)
            else:
                await leave_contest(self.connection, -contest_id, person, now=now)
        except Refused:
            self.refused += 1  # not enrolled at the moment, or cancelled: said so, and nothing done

    async def _do(self, deed: Deed) -> None:
        async with self.connection.transaction():
            match deed.verb:
                case "link":
                    named = Named(account(deed.person), account(deed.person))
                    assert deed.network
                    assert deed.counts
                    await link(
                        self.connection, deed.person, deed.network, named,
                        deed.counts, deed.at,  # type: ignore[arg-type]
                    )  # fmt: skip
                case "unlink":
                    for mine in await accounts_of(self.connection, deed.person, deed.at):
                        if mine.platform == deed.network:
                            await unlink(self.connection, deed.person, mine.id, deed.at)
                case _:
                    verbs = {"enrol": enrol, "leave": leave, "pause": pause, "resume": resume}
                    await verbs[deed.verb](self.connection, deed.person, deed.at)

    async def _arrive(self, told: list[Told] | tuple[()]) -> None:
        """Deliveries are committed as the web process does; a repeated one is known already."""
        await self.connection.execute(
            """with arrived as (
                 insert into delivery (recorded_on, platform, source, delivery_key, headers, body,
                   received_at)
                 select (at at time zone 'UTC')::date, 'standard', 'webhook', key, '{}', body, at
                 from unnest($1::timestamptz[], $2::text[], $3::bytea[]) as t(at, key, body)
                 on conflict do nothing returning id, recorded_on)
               insert into pending_delivery (delivery_id, recorded_on)
               select id, recorded_on from arrived""",
            [one.received_at for one in told],
            [one.key for one in told],
            [one.body for one in told],
        )

    async def _work_until_killed(self, now: datetime) -> None:
        """A worker begins the hour's work and dies before some statement of it."""
        dying = self.dying or await asyncpg.connect(self.database_url)
        try:
            await self._work(Mortal(dying, self.random.randrange(1, 60)), now)
        except Killed:
            self.killed += 1
        # PostgreSQL undoes what was open and lets go of what was locked when a session breaks off. A
        # new session learns every type and statement anew, so that it really breaks off twice a day.
        if now.hour % 12:
            await dying.reset()
            self.dying = dying
        else:
            dying.terminate()
            self.dying = None

    async def _work(self, connection: Any, now: datetime) -> None:
        while (await intake(connection, now=now, disclosure_tag=TAG)).claimed:
            pass
        while (await score(connection, now=now, zone=ZONE)).changes:
            pass
        while (await publish_boards(connection, self.redis, ZONE, 2_000)).rows:
            pass
        await tick(connection, now)
        # What people see meanwhile; deciding counts anew.
        if now.hour == 6 and now.weekday() == 0 and now.isocalendar().week % 3 == 0:
            while (await refresh(connection, now)).people:
                pass

    async def _office_hours(self, now: datetime) -> None:
        """HR approves, winners answer, payroll pays."""
        _, second, third = self.hr
        for view in await awards(self.connection, state=AwardState.PROPOSED):
            for by in (second, third):
                await open_evidence(self.connection, view.id, by=by, now=now)
                await approve(self.connection, view.id, by=by, now=now)
        for view in await awards(self.connection, state=AwardState.APPROVED):
            draw = self.random.random()
            if draw < 0.1:
                continue  # says nothing; it lapses in the end
            if draw < 0.2:
                await decline(self.connection, view.id, by=view.person_id, now=now)
            else:
                choice = self.random.choice(("cash", "days")) if view.kind == "choice" else None
                await accept(self.connection, view.id, by=view.person_id, choice=choice, now=now)
        for view in await awards(self.connection, state=AwardState.ACCEPTED):
            if view.amount is not None and self.random.random() < 0.9:
                number = f"P-{now:%Y%m%d}"
                await export_award(self.connection, view.id, payout=number, by=second, now=now)
                await pay(
                    self.connection, view.id, reference=f"{number}-{view.id}", paid_on=now.date(),
                    by=third, now=now,
                )  # fmt: skip
        await lapse(self.connection, now)


def _when(deed: Deed) -> datetime:
    return deed.at


def _received(told: Told) -> datetime:
    return told.received_at


def _by_hour(things: list[Any], moment: Callable[[Any], datetime]) -> dict[datetime, list[Any]]:
    found: dict[datetime, list[Any]] = defaultdict(list)
    for thing in things:
        found[moment(thing).replace(minute=0, second=0, microsecond=0)].append(thing)
    return found


def _hours(start: datetime, end: datetime) -> list[datetime]:
    first = start.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    return [first + n * HOUR for n in range(int((end - first) / HOUR))]
