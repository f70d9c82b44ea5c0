"""A small company with contests: HR and an administrator, ambassadors `a1`, `a2` … on three networks.

Facts of `standard` and `mastodon` may be rewarded with cash, those of `x` with recognition only.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from rewards.amounts import Amount, Kind
from rewards.budgets import open_budget
from rewards.contests.charter import Among, Bracket, Charter, Network, Prize, PrizeKind
from rewards.contests.drafts import new_draft
from rewards.contests.enacting import enact
from rewards.contests.record import lock
from rewards.contests.refreshing import refresh
from rewards.contests.ticking import tick
from scoring.facts import Delivery, Engagement, Fact, Snapshot, Telling
from scoring.facts import Kind as Deed
from scoring.identity import account_id, engagement_id, native_key
from scoring.rulebooks import adopt_rulebook
from scoring.rules import default_rulebook_toml
from scoring.score import score
from scoring.store import Told, store

ZONE = ZoneInfo("Europe/Berlin")
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)  # when contests are published
START = datetime(2026, 12, 1, 8, tzinfo=UTC)
END = datetime(2026, 12, 11, 8, tzinfo=UTC)
HR, HR2, ADMIN = 1, 2, 3
FIRST = 4  # the first ambassador's id
TAG = "#TeamHalden"
EUROS, DAYS = 1, 2  # budgets

NETWORKS = (
    Network("standard", "cash", "the company's own", "", "2026-11-01"),
    Network("x", "recognition", "X forbids paying for what happens there", "", "2026-11-01"),
)
EVERYBODY = (Bracket("Everybody", 0, None),)
SMALL_AND_LARGE = (Bracket("Under 500", 0, 500), Bracket("500 and more", 500, None))


def cash(units: int) -> Amount:
    """Euro cents."""
    return Amount(units, "EUR")


def first(amount: int = 10_000, *, last: int = 1, among: Among = Among.EACH) -> Prize:
    """Euros for the first place, or the first places."""
    return Prize(
        number=1, kind=PrizeKind.CASH, among=among, amounts=(cash(amount),), first_place=1,
        last_place=last, budgets=(EUROS,),
    )  # fmt: skip


def praise(number: int = 2) -> Prize:
    """A word of thanks for the first place for recognition."""
    return Prize(
        number=number, kind=PrizeKind.RECOGNITION, among=Among.EACH, text="A word of thanks",
        first_place=1, last_place=1,
    )  # fmt: skip


def charter(**changes: Any) -> Charter:
    """Responses from 1 to 11 December, €100 for the first, by a click; with changes."""
    terms: dict[str, Any] = {
        "contest_id": 0,
        "slug": "",
        "name": "Conversation starters",
        "metric": "responses",
        "metric_version": 1,
        "rulebook": None,
        "zone": ZONE.key,
        "start_at": START,
        "end_at": END,
        "networks": NETWORKS,
        "disclosure_tag": None,
        "brackets": EVERYBODY,
        "prizes": (first(),),
        "breakers": ("earliest", "pool", "order"),
        "order_commitment": "",
        "contact": "hr@halden.example",
        "proposer_id": HR,
    }
    return Charter(**(terms | changes))


async def found(
    connection: Any,
    people: int = 4,
    department: str | None = None,
    until: date = date(2027, 3, 31),
) -> list[int]:
    """The company with so many ambassadors, its budgets of €1,000 and of 5 days, to be spent until then;
    their ids."""
    await adopt_rulebook(
        connection, default_rulebook_toml(), name="default",
        valid_from=datetime(1970, 1, 1, tzinfo=UTC), recorded_at=datetime(1970, 1, 1, tzinfo=UTC),
    )  # fmt: skip
    for name in ("hr", "hr2", "admin"):
        await hire(connection, name)
    for person, role in ((HR, "hr"), (HR2, "hr"), (ADMIN, "administrator")):
        await connection.execute(
            """insert into role_grant (person_id, role, granted, granted_by, recorded_at)
               values ($1, $2, true, null, $3)""",
            person, role, LONG_AGO,
        )  # fmt: skip
    for name, kind, currency, units in (
        ("Q4 money", Kind.CASH, "EUR", 100_000), ("Q4 days", Kind.DAYS, None, 10),
    ):  # fmt: skip
        await open_budget(
            connection, name=name, kind=kind, currency=currency, starts_on=date(2026, 10, 1),
            ends_on=until, units=units, spenders=[HR, HR2], by=HR, key=f"open-{name}",
            now=LONG_AGO,
        )  # fmt: skip
    return [
        await join(connection, f"a{number}", department=department)
        for number in range(1, people + 1)
    ]


async def hire(connection: Any, name: str, department: str | None = None) -> int:
    """Somebody of the company who takes no part."""
    person: int = await connection.fetchval(
        "insert into person (recorded_at) values ($1) returning id", LONG_AGO
    )
    where = None
    if department is not None:
        where = await connection.fetchval(
            """insert into department (name) values ($1)
               on conflict (name) do update set name = excluded.name returning id""",
            department,
        )
    await connection.execute(
        """insert into profile (person_id, email, name, department_id, visibility, opens_networks,
             opens_mix, opens_gain) values ($1, $2, $3, $4, 'name', false, false, false)""",
        person, f"{name}@halden.example", name.title(), where,
    )  # fmt: skip
    return person


async def join(
    connection: Any, name: str, at: datetime = LONG_AGO, department: str | None = None
) -> int:
    """An ambassador with accounts of that name everywhere, whose every post counts."""
    person = await hire(connection, name, department)
    await become(connection, person, "active", at)
    for network in ("standard", "mastodon", "x"):
        await own(connection, network, name, person, at)
    return person


async def become(connection: Any, person: int, state: str, at: datetime) -> None:
    """Take part, pause or leave from a moment on."""
    await connection.execute(
        """insert into enrolment (person_id, effective_at, state, recorded_at)
           values ($1, $2, $3, $2)""",
        person, at, state,
    )  # fmt: skip
    await connection.execute(
        "insert into change (subject, person_id, since_at) values ('person', $1, $2)", person, at
    )


async def own(connection: Any, network: str, name: str, person: int | None, at: datetime) -> None:
    """An account is somebody's from a moment on, or nobody's."""
    await connection.execute(
        "insert into account values ($1, $2, $3, $4) on conflict do nothing",
        account_id(network, name), network, name, at,
    )  # fmt: skip
    await connection.execute(
        """insert into ownership (account_id, effective_at, person_id, company, counts, recorded_at)
           values ($1, $2, $3, false, $4, $2)""",
        account_id(network, name), at, person, None if person is None else "every",
    )  # fmt: skip


_numbers = itertools.count(1)


async def tell(
    connection: Any, *facts: Fact, network: str = "standard", received_at: datetime | None = None
) -> None:
    """A network tells facts, each in a delivery of its own, and they are counted."""
    for fact in facts:
        at = received_at or getattr(fact, "occurred_at", None) or NOW
        delivery = Delivery(next(_numbers), network, "webhook", {}, b"", at)
        async with connection.transaction():
            await store(
                connection, [Told(delivery, Telling.of([fact]))], now=at, disclosure_tag=TAG
            )
    await count(connection, received_at or NOW)


async def count(connection: Any, now: datetime) -> None:
    """Let the worker count."""
    while (await score(connection, now=now, zone=ZONE, limit=500)).changes:
        pass


def answer(who: str, name: str, at: datetime, post: str | None = None) -> Engagement:
    """Somebody outside answers `who`."""
    return Engagement(
        Deed.REPLY, f"r:{who}:{name}:{post}", name, who, post=post or f"p:{who}", occurred_at=at
    )


def answers(who: str, number: int, at: datetime, since: int = 0) -> list[Engagement]:
    """So many different people answer `who`, a minute after another."""
    return [answer(who, f"o{since + n}", at + timedelta(minutes=n)) for n in range(number)]


def followers(who: str, number: int, at: datetime) -> Snapshot:
    """So many follow `who` at a moment."""
    return Snapshot(who, number, at)


def id_of(fact: Engagement, network: str = "standard") -> Any:
    """The id under which an engagement is stored."""
    target = None if fact.target is None else account_id(network, fact.target)
    return engagement_id(network, fact.kind, fact.native_id, target)


def post_of(name: str, network: str = "standard") -> Any:
    """The id of a post."""
    return native_key(network, name)


async def hold(connection: Any, fact: Engagement, at: datetime) -> int:
    """A case holds an engagement; its id."""
    case: int = await connection.fetchval(
        """insert into case_file (kind, reason, evidence, recorded_at)
           values ('test', 'looks odd', '{}', $1) returning id""",
        at,
    )
    await connection.execute(
        "insert into hold (engagement_id, case_id, held, recorded_at) values ($1, $2, true, $3)",
        id_of(fact), case, at,
    )  # fmt: skip
    return case


async def decide_case(
    connection: Any, case: int, fact: Engagement, *, release: bool, at: datetime
) -> None:
    """Somebody decides a case."""
    await connection.execute(
        """insert into case_decision (case_id, decided_by, outcome, reason, recorded_at)
           values ($1, $2, $3, 'looked at it', $4)""",
        case, ADMIN, "released" if release else "upheld", at,
    )  # fmt: skip
    if release:
        await connection.execute(
            """insert into hold (engagement_id, case_id, held, recorded_at)
               values ($1, $2, false, $3)""",
            id_of(fact), case, at,
        )  # fmt: skip


async def published(connection: Any, terms: Charter | None = None, now: datetime = NOW) -> int:
    """A contest with this charter in force; its id."""
    terms = terms or charter()
    contest_id, _ = await new_draft(connection, by=HR, form={"name": terms.name}, now=now)
    async with connection.transaction():
        contest = await lock(connection, contest_id)
        await enact(connection, contest, terms, version=1, by=terms.proposer_id, now=now)
    return contest_id


async def fresh(connection: Any, now: datetime) -> None:
    """Let standings follow the facts."""
    while (await refresh(connection, now)).people:
        pass


async def decided(connection: Any, at: datetime = END + timedelta(days=3, minutes=1)) -> None:
    """Let time go by until all that ended is settled."""
    for now in (START, START + timedelta(days=1, minutes=1), END, at):
        failed = (await tick(connection, now)).failed
        assert not failed, failed


async def wins(connection: Any, contest_id: int) -> list[tuple[Any, ...]]:
    """(prize, place, person, units) of all awards, in order."""
    rows = await connection.fetch(
        """select prize, place, person_id, units from award where contest_id = $1
           order by prize, bracket, place, person_id""",
        contest_id,
    )
    return [tuple(row) for row in rows]


async def decision(connection: Any, contest_id: int) -> Any:
    """The decision's body, None before."""
    body = await connection.fetchval("select body from decision where contest_id = $1", contest_id)
    return None if body is None else msgspec.json.decode(body)


async def notices(connection: Any, kind: str) -> list[int]:
    """Who was told something of a kind."""
    rows: Iterable[Any] = await connection.fetch(
        "select person_id from notice where kind = $1 order by person_id", kind
    )
    return [row["person_id"] for row in rows]
