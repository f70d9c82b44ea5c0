"""What becomes of the awards of the demo's decided contests: HR opens and approves, winners answer,
payroll pays. How far each contest's have come says its key."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from rewards import (
    AwardState,
    AwardView,
    Kind,
    NothingToPay,
    accept,
    all_paid,
    announce,
    approve,
    awards,
    confirm_date,
    contest_by_slug,
    decline,
    import_paid,
    make_payout,
    open_evidence,
    show_award,
    tick,
    wish_date,
)
from scoring.connection import Connection
from seeds.budgets import Office

After = tuple[timedelta, Callable[[datetime], Awaitable[None]]]

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


def after_decision(
    key: str, connection: Connection, team: Office, slug: Callable[[], str]
) -> list[After]:
    """The steps after a contest was decided, each so long after it."""
    case = Awards(connection, team, slug)
    if key == "paid":
        return [
            (16 * _HOUR, case.approve),
            (2 * _DAY, case.accept),
            (3 * _DAY, case.announce),
            (5 * _DAY, case.export),
            (9 * _DAY, case.pay),
        ]
    if key == "accepted":
        return [
            (18 * _HOUR, case.approve),
            (2 * _DAY, case.accept),
            (3 * _DAY, case.announce),
            (4 * _DAY, case.plan_days),
        ]
    return [(2 * _HOUR, case.begin_approving)]


class Awards:
    """The awards of one contest."""

    def __init__(self, connection: Connection, team: Office, slug: Callable[[], str]) -> None:
        self._connection, self._team, self._slug = connection, team, slug

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
        """The winners answer; one of the smallest prizes is declined."""
        views = await self._awards(AwardState.APPROVED)
        small = [view for view in views if view.person_id != self._team.employee]
        declines = min(small, key=_worth).id if len(small) > 10 else None
        for number, view in enumerate(views):
            then = at + number * timedelta(minutes=11)
            if view.id == declines:
                await decline(self._connection, view.id, by=view.person_id, now=then)
                continue
            await accept(self._connection, view.id, by=view.person_id, now=then)
            if number % 3 != 1:  # two thirds let their name be shown
                await show_award(
                    self._connection, view.id, by=view.person_id, name="name",
                    prize=number % 3 == 0, now=then,
                )  # fmt: skip

    async def announce(self, at: datetime) -> None:
        """The leader says who won, with a line of her own; then all of it may be closed."""
        contest = await contest_by_slug(self._connection, self._slug())
        line = "Thank you for every conversation. People remember who answered them."
        await announce(self._connection, contest.id, by=self._team.leader, line=line, now=at)

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
