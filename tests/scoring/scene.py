"""A small company whose networks tell facts: Ana, Ben and Cem, the company's account, people outside.

Accounts are `ana`, `ana2` (Ana's second), `ben`, `cem` and `acme` on the network `x`; anything else
is an outsider. Ana lets every post count, Ben those that are disclosed, Cem those handed in.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from scoring.facts import Delivery, Engagement, Fact, Kind, Telling
from scoring.identity import account_id, native_key
from scoring.rulebooks import adopt_rulebook
from scoring.rules import default_rulebook_toml
from scoring.score import score
from scoring.store import Told, store

ZONE = ZoneInfo("Europe/Berlin")
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
MONDAY = datetime(2026, 11, 2, 9, tzinfo=UTC)  # when the scene begins
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)  # when the workers work
TAG = "#teamacme"
NETWORK = "x"

ANA, BEN, CEM = 1, 2, 3  # the first three ids of a fresh database
COUNTS = {ANA: "every", BEN: "disclosed", CEM: "handed_in"}
OWNERS = {"ana": ANA, "ana2": ANA, "ben": BEN, "cem": CEM}

Sums = dict[tuple[int, str, date], int]


def hour(n: float) -> datetime:
    """The n-th hour after the scene begins."""
    return MONDAY + timedelta(hours=n)


def account(name: str) -> Any:
    """The id of an account by its name."""
    return account_id(NETWORK, name)


def post_id(name: str) -> Any:
    """The id of a post by its name."""
    return native_key(NETWORK, name)


async def raise_curtain(
    connection: Any, *, toml: str | None = None, enrolled: bool = True, linked: bool = True
) -> None:
    """People, accounts, the rulebook and, unless said otherwise, enrolments and links."""
    await adopt_rulebook(
        connection,
        toml or default_rulebook_toml(),
        name="default",
        valid_from=datetime(1970, 1, 1, tzinfo=UTC),
        recorded_at=datetime(1970, 1, 1, tzinfo=UTC),
    )
    for person in (ANA, BEN, CEM):
        made = await connection.fetchval(
            "insert into person (recorded_at) values ($1) returning id", LONG_AGO
        )
        assert made == person
        if enrolled:
            await enrol(connection, person, "active", LONG_AGO)
    for name in (*OWNERS, "acme"):
        await connection.execute(
            "insert into account values ($1, $2, $3, $4)", account(name), NETWORK, name, LONG_AGO
        )
        if linked or name == "acme":
            await own(connection, name, OWNERS.get(name), LONG_AGO)
    await connection.execute("delete from change")


async def own(
    connection: Any, name: str, person: int | None, at: datetime, counts: str | None = None
) -> None:
    """An account becomes somebody's, or nobody's (the company's if it is `acme`), from `at` on."""
    await connection.execute(
        """insert into ownership (account_id, effective_at, person_id, company, counts, recorded_at)
           values ($1, $2, $3, $4, $5, $2) on conflict do nothing""",
        account(name),
        at,
        person,
        name == "acme" and person is None,
        None if person is None else counts or COUNTS[person],
    )
    await connection.execute(
        "insert into change (subject, subject_id, since_at) values ('account', $1, $2)",
        account(name),
        at,
    )


async def enrol(connection: Any, person: int, state: str, at: datetime) -> None:
    """A person takes part, pauses or leaves from `at` on."""
    await connection.execute(
        """insert into enrolment (person_id, effective_at, state, recorded_at)
           values ($1, $2, $3, $2) on conflict do nothing""",
        person,
        at,
        state,
    )
    await connection.execute(
        "insert into change (subject, person_id, since_at) values ('person', $1, $2)", person, at
    )


async def mark(connection: Any, post: str, name: str, value: str | None = None) -> None:
    """Somebody says something about a post."""
    await connection.execute(
        """insert into mark (post_id, name, value, effective_at, recorded_at)
           values ($1, $2, $3, $4, $4) on conflict do nothing""",
        post_id(post),
        name,
        value,
        NOW,
    )
    await connection.execute(
        "insert into change (subject, subject_id) values ('post', $1)", post_id(post)
    )


async def company_topics(connection: Any, **words: list[str]) -> None:
    """The company has these topics, from the beginning on, each with hashtags and keywords.

    A word that begins with # is a hashtag of the list, any other a keyword.
    """
    for slug, listed in words.items():
        await connection.execute(
            "insert into topic values ($1, null, $2) on conflict do nothing", slug, LONG_AGO
        )
        await connection.execute(
            """insert into topic_list
                 (topic, name, hashtags, keywords, active, person_id, valid_from, recorded_at)
               values ($1, $2, $3, $4, true, null, $5, $5)""",
            slug,
            slug.capitalize(),
            [word[1:] for word in listed if word.startswith("#")],
            [word for word in listed if not word.startswith("#")],
            LONG_AGO,
        )


async def say_topic(connection: Any, post: str, topic: str, stands: bool) -> None:
    """The author puts a topic on a post, or communications takes it off; each says so once."""
    await connection.execute(
        """insert into topic_mark
             (post_id, topic, source, word, stands, reason, person_id, effective_at, recorded_at)
           select $1, $2, $3, null, $4, null, $5, $6, $6
           where not exists (select from topic_mark
                             where post_id = $1 and topic = $2 and source = $3)""",
        post_id(post),
        topic,
        "author" if stands else "communications",
        stands,
        ANA,
        NOW,
    )
    await connection.execute(
        "insert into change (subject, subject_id) values ('post', $1)", post_id(post)
    )


async def hold(connection: Any, engagement: Any, held: bool) -> None:
    """A case holds an engagement, or lets it go."""
    case = await connection.fetchval(
        """insert into case_file (kind, reason, evidence, recorded_at)
           values ('test', 'looks odd', '{}', $1) returning id""",
        NOW,
    )
    await connection.execute(
        "insert into hold (engagement_id, case_id, held, recorded_at) values ($1, $2, $3, $4)",
        engagement,
        case,
        held,
        NOW,
    )
    await connection.execute(
        "insert into change (subject, subject_id) values ('engagement', $1)", engagement
    )


_numbers = itertools.count(1)


def told(facts: Iterable[Fact], received_at: datetime = NOW) -> list[Told]:
    """Every fact in a delivery of its own."""
    return [
        Told(Delivery(next(_numbers), NETWORK, "webhook", {}, b"", received_at), Telling.of([fact]))
        for fact in facts
    ]


async def tell(connection: Any, *facts: Fact, received_at: datetime = NOW) -> None:
    """The network tells facts, in one batch."""
    async with connection.transaction():
        await store(connection, told(facts, received_at), now=NOW, disclosure_tag=TAG)


async def count(connection: Any, limit: int = 500) -> None:
    """Score until nothing is left to do."""
    while (await score(connection, now=NOW, zone=ZONE, limit=limit)).changes:
        pass


async def points(connection: Any) -> Sums:
    """Points by person, rule and local day; nothing is left out."""
    rows = await connection.fetch(
        """select person_id, rule, (occurred_at at time zone $1)::date as day, sum(points)::int as p
           from entry group by 1, 2, 3 having sum(points) <> 0""",
        ZONE.key,
    )
    return {(row["person_id"], row["rule"], row["day"]): row["p"] for row in rows}


async def by_rule(connection: Any, person: int = ANA) -> dict[str, int]:
    """A person's points by rule."""
    sums: dict[str, int] = {}
    for (whose, rule, _), value in (await points(connection)).items():
        if whose == person:
            sums[rule] = sums.get(rule, 0) + value
    return sums


async def totals(connection: Any) -> dict[Sequence[Any], int]:
    """All totals that are not zero."""
    rows = await connection.fetch(
        "select metric, period, starts_on, person_id, value from total where value <> 0"
    )
    return {tuple(row)[:4]: row["value"] for row in rows}


def reply(
    name: str, actor: str | None, target: str, post: str, at: float, **more: Any
) -> Engagement:
    """Somebody answers a post."""
    return Engagement(Kind.REPLY, name, actor, target, post=post, occurred_at=hour(at), **more)


def like(actor: str | None, target: str, post: str, at: float | None) -> Engagement:
    """Somebody likes a post."""
    when = None if at is None else hour(at)
    name = f"like:{actor}>{post}"
    return Engagement(Kind.REACTION, name, actor, target, post=post, occurred_at=when)


def share(name: str, actor: str, target: str, post: str, at: float, **more: Any) -> Engagement:
    """Somebody quotes a post: the quote is a post of its own."""
    return Engagement(Kind.QUOTE, name, actor, target, post=post, occurred_at=hour(at), **more)


def wrote(name: str, author: str, at: float) -> Engagement:
    """Somebody writes a post."""
    return Engagement(Kind.POST, name, author, None, occurred_at=hour(at))
