"""What becomes of the awards of the demo's decided contests: HR opens and approves, winners answer,
payroll pays. How far each contest's have come says its key."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from random import Random

from rewards import (
    AwardState,
    AwardView,
    Kind,
    NothingToPay,
    accept,
    all_paid,
    approve,
    awards,
    confirm_date,
    contest_by_slug,
    decline,
    import_paid,
    make_payout,
    open_evidence,
    tick,
    wish_date,
)
from scoring.connection import Connection
from seeds import celebrating
from seeds.budgets import Office
from seeds.world import Member

After = tuple[timedelta, Callable[[datetime], Awaitable[None]]]

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


def after_decision(
    key: str, connection: Connection, team: Office, people: Mapping[int, Member],
    slug: Callable[[], str],
) -> list[After]:  # fmt: skip
    """The steps after a contest was decided, each so long after it. `people` by person id."""
    case = Awards(connection, team, people, slug, key)
    if key == "paid":
        return [
            (16 * _HOUR, case.approve),
            (2 * _DAY, case.accept),
            (3 * _DAY, case.announce),
            (3 * _DAY + _HOUR, case.clap),
            (5 * _DAY, case.export),
            (9 * _DAY, case.pay),
        ]
    if key == "accepted":
        return [
            (18 * _HOUR, case.approve),
            (2 * _DAY, case.accept),
            (3 * _DAY, case.announce),
            (3 * _DAY + _HOUR, case.put_right),
            (3 * _DAY + 2 * _HOUR, case.clap),
            (4 * _DAY, case.plan_days),
        ]
    if key == "ready":
        # Announced by whoever looks at the demo.
        return [(16 * _HOUR, case.approve), (1 * _DAY, case.accept)]
    return [(2 * _HOUR, case.begin_approving)]


class Awards:
    """The awards of one contest."""

    def __init__(
        self, connection: Connection, team: Office, people: Mapping[int, Member],
        slug: Callable[[], str], key: str,
    ) -> None:  # fmt: skip
        self._connection, self._team, self._people = connection, team, people
        self._slug, self._key = slug, key

    async def _awards(self, state: AwardState) -> list[AwardView]:
        contest = await contest_by_slug(self._connection, self._slug())
        return await awards(self._connection, contest_id=contest.id, state=state)

    async def _approve(self, view: AwardView, at: datetime, most: int) -> None:
        """So many of those who may approve it do, after they opened its evidence."""
        people = [self._team.hr, *self._team.colleagues]
        may = [one for one in reversed(people) if one not in (view.proposer_id, view.person_id)]
        for by in may[:most]:
            await open_evidence(self._connection, view.id, by=by, now=at)
            await approve(self._connection, view.id, by=by, now=at + timedelta(minutes=2))

    async def approve(self, at: datetime) -> None:
        """HR approves everything; what is above the limit, two of them."""
        for number, view in enumerate(await self._awards(AwardState.PROPOSED)):
            await self._approve(view, at + number * timedelta(minutes=4), view.approvals_needed)

    async def begin_approving(self, at: datetime) -> None:
        """One of HR approves the employee's and gives the first voice to what needs two."""
        for view in await self._awards(AwardState.PROPOSED):
            if view.person_id == self._team.employee or view.approvals_needed > 1:
                await self._approve(view, at, 1)

    async def accept(self, at: datetime) -> None:
        """The winners answer; one of the smallest prizes is declined, but where all is ready."""
        views = await self._awards(AwardState.APPROVED)
        said = celebrating.minds(views, self._people)
        small = [view for view in views if view.person_id != self._team.employee]
        declines = min(small, key=_worth).id if len(small) > 10 and self._key != "ready" else None
        for number, view in enumerate(views):
            then = at + number * timedelta(minutes=11)
            if view.id == declines:
                await decline(self._connection, view.id, by=view.person_id, now=then)
                continue
            await accept(self._connection, view.id, by=view.person_id, now=then)
            await celebrating.choose_display(self._connection, view, said[view.person_id], then)

    async def announce(self, at: datetime) -> None:
        """The leader says who won; then all of it may be closed."""
        line = celebrating.LINES[self._key]
        await celebrating.announce(self._connection, self._team, self._slug(), line, at)

    async def clap(self, at: datetime) -> None:
        """Colleagues congratulate who was named."""
        rng = Random(f"claps {self._key}")
        await celebrating.clap(self._connection, self._slug(), self._people, rng, at)

    async def put_right(self, at: datetime) -> None:
        """The leader corrects a slip of hers."""
        await celebrating.put_right(self._connection, self._team, self._slug(), at)

    async def plan_days(self, at: datetime) -> None:
        """Winners of days wish for dates; HR confirms every other one."""
        wished = [view for view in await self._awards(AwardState.ACCEPTED) if view.gives_days]
        for number, view in enumerate(wished[:6]):
            day = (at + timedelta(days=30 + 5 * number)).date()
            day += timedelta(days=max(0, 7 - day.isoweekday()) if day.isoweekday() > 5 else 0)
            if day.isoweekday() > 5:
                day += timedelta(days=1)
            view = await wish_date(
                self._connection, view.id, by=view.person_id, on=day, half_days=1, now=at
            )
            if number % 2 == 0 and view.person_id != self._team.hr:
                await confirm_date(
                    self._connection,
                    view.id,
                    view.dates[-1].id,
                    by=self._team.hr,
                    now=at + 5 * _HOUR,
                )

    async def export(self, at: datetime) -> None:
        """HR hands the money to payroll in a file."""
        try:
            payout = await make_payout(
                self._connection, format="payroll", kind=Kind.CASH, currency="EUR",
                by=self._team.hr, now=at,
            )  # fmt: skip
        except NothingToPay:
            return
        self._payout = payout.number

    async def pay(self, at: datetime) -> None:
        """Payroll sends the file back: all paid."""
        file = await all_paid(self._connection, self._payout, at.date())
        await import_paid(self._connection, file, by=self._team.hr, now=at)
        await tick(self._connection, at)


def _worth(view: AwardView) -> int:
    return view.amount.units if view.amount is not None else 10**9
