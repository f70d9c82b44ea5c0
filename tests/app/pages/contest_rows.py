"""Contests for tests of pages: charter, entrants and standings written as the clock and the worker
leave them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import msgspec

from rewards import Amount, Kind, open_budget
from rewards.awards import approve, propose
from rewards.budgets import reserve
from rewards.contests.charter import Among, Bracket, Charter, Network, Prize, PrizeKind
from rewards.contests.decide import Win
from rewards.contests.record import read
from tests.app.pages.company import ZONE, Company

# The numbers of the budgets are those `Contests.awards` gives them.
FIRST = Prize(
    1,
    PrizeKind.CASH,
    Among.EACH,
    (Amount(20_000, "EUR"),),
    first_place=1,
    last_place=1,
    budgets=(1,),
)
NETWORKS = (
    Network("mastodon", "cash", "Mastodon has no rule against it.", "https://example.org", "2026-11-01"),
    Network("x", "recognition", "X forbids it.", "https://example.org", "2026-11-01"),
)  # fmt: skip


class Contests:
    """Adds contests to one test's company."""

    def __init__(self, company: Company, publisher: int) -> None:
        self.company = company
        self.connection = company.connection
        self.publisher = publisher

    async def contest(
        self,
        slug: str = "starters",
        *,
        starts_in: timedelta = timedelta(days=-10),
        lasts: timedelta = timedelta(days=20),
        values: Mapping[int, int] | None = None,
        recognition: Mapping[int, int] | None = None,
        brackets: tuple[Bracket, ...] = (Bracket("Everybody", 0, None),),
        bracket_of: Mapping[int, int] | None = None,
        events: tuple[str, ...] = (),
        clock: bool = False,
        **terms: Any,
    ) -> int:
        """Publish one; `values` are its entrants with what they have, by person.

        With `clock` only that it was published is on record: a running worker does the rest.
        """
        now = self.company.now
        contest_id: int = await self.connection.fetchval(
            "insert into contest (slug, author_id, recorded_at) values ($1, $2, $3) returning id",
            slug,
            self.publisher,
            now,
        )
        charter = self.charter(contest_id, slug, starts_in, lasts, brackets=brackets, **terms)
        charter_id: int = await self.connection.fetchval(
            """insert into charter (contest_id, body, sha256, published_by, recorded_at)
               values ($1, $2, $3, $4, $5) returning id""",
            contest_id,
            charter.canonical().decode(),
            charter.sha256,
            self.publisher,
            now,
        )
        started = ("started",) if starts_in <= timedelta(0) and not clock else ()
        for kind in ("published", *started, *events):
            await self.happened(contest_id, charter_id, kind)
        for person, value in (values or {}).items():
            await self.enters(contest_id, person, (bracket_of or {}).get(person, 0), bool(started))
            await self.has(contest_id, "prize", person, value, (bracket_of or {}).get(person, 0))
        for person, value in (recognition or values or {}).items():
            await self.has(
                contest_id, "recognition", person, value, (bracket_of or {}).get(person, 0)
            )
        return contest_id

    def charter(
        self, contest_id: int, slug: str, starts_in: timedelta, lasts: timedelta, **terms: Any
    ) -> Charter:
        """A charter as it is published."""
        start_at = self.company.now + starts_in
        usual: dict[str, Any] = {
            "contest_id": contest_id,
            "slug": slug,
            "name": slug.replace("-", " ").capitalize(),
            "metric": "responses",
            "metric_version": 1,
            "rulebook": None,
            "zone": ZONE.key,
            "start_at": start_at,
            "end_at": start_at + lasts,
            "networks": NETWORKS[:1],
            "disclosure_tag": None,
            "prizes": (FIRST,),
            "breakers": ("earliest", "order"),
            "order_commitment": "0" * 64,
            "contact": "people@example.org",
            "proposer_id": self.publisher,
        }
        return Charter(**{**usual, **terms})

    async def happened(
        self, contest_id: int, charter_id: int, kind: str, detail: Mapping[str, Any] | None = None
    ) -> None:
        """Record an event of a contest."""
        await self.connection.execute(
            """insert into contest_event (contest_id, charter_id, kind, person_id, detail, recorded_at)
               values ($1, $2, $3, null, $4::jsonb, $5)""",
            contest_id,
            charter_id,
            kind,
            msgspec.json.encode(dict(detail or {})).decode(),
            self.company.now,
        )

    async def enters(self, contest_id: int, person_id: int, bracket: int, placed: bool) -> None:
        """Somebody is in."""
        await self.connection.execute(
            """insert into entrance (contest_id, person_id, state, chosen, recorded_at)
               values ($1, $2, 'entered', true, $3)""",
            contest_id,
            person_id,
            self.company.now,
        )
        if placed:
            await self.connection.execute(
                """insert into placement (contest_id, person_id, bracket, audience, recorded_at)
                   values ($1, $2, $3, 100, $4)""",
                contest_id,
                person_id,
                bracket,
                self.company.now,
            )

    async def has(
        self, contest_id: int, mode: str, person_id: int, value: int, bracket: int
    ) -> None:
        """What somebody has in a standing."""
        await self.connection.execute(
            """insert into tally (contest_id, mode, person_id, bracket, value, reached_at, version)
               values ($1, $2, $3, $4, $5, $6, 1)""",
            contest_id,
            mode,
            person_id,
            bracket,
            value,
            self.company.now,
        )

    async def awards(self, contest_id: int, wins: Sequence[Win], approver: int | None) -> list[int]:
        """Awards as a decision proposes them, out of budgets that are large enough; approved by
        somebody else, unless nobody did yet."""
        now = self.company.now
        charter = (await read(self.connection, contest_id)).charter
        held: dict[int, int] = {}
        for kind, currency, number in ((Kind.CASH, "EUR", 1), (Kind.DAYS, None, 2)):
            budget = await open_budget(
                self.connection, name=f"Budget {contest_id}", kind=kind, currency=currency,
                starts_on=now.date() - timedelta(days=400), ends_on=now.date() + timedelta(days=400),
                units=1_000_000, spenders=[self.publisher], by=None, key=f"{contest_id}:{kind}",
                now=now,
            )  # fmt: skip
            reservation = await reserve(
                self.connection, budget, contest_id, 500_000, by=self.publisher, on=now.date(),
                key=f"{contest_id}:{kind}:reserve", now=now,
            )  # fmt: skip
            held[number] = reservation.id
        made = await propose(
            self.connection, contest_id=contest_id, charter=charter, wins=wins, reservations=held,
            now=now,
        )  # fmt: skip
        if approver is not None:
            for award_id in made:
                await approve(self.connection, award_id, by=approver, now=now)
        return made
