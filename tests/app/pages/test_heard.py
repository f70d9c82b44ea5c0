"""Figures carry where they come from and how fresh they are; what did not count says why."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
from markupsafe import escape

from app.pages.heard import said
from scoring import Heard, open_case
from scoring.cases.kinds import kind_of
from scoring.relation import Outcome
from tests.app.pages.company import ZONE, Company
from tests.app.pages.conftest import As
from tests.scoring.scene import ANA, BEN, NOW, count, hour, raise_curtain, reply, tell, wrote

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)


def test_freshness_is_said_as_a_person_would_say_it() -> None:
    heard = [
        Heard("mastodon", "webhook", AT - timedelta(minutes=3)),
        Heard("x", "import", AT - timedelta(days=1)),
    ]
    assert said(heard, AT, ZONE, counted=False) == (
        "Heard last from Mastodon (by webhook, 3 min ago), X (from a file, yesterday)."
    )
    assert "Tracked links (by tracked link, 3 min ago)" in said(
        [Heard("links", "link", AT - timedelta(minutes=3))], AT, ZONE, counted=False
    )
    counted = [Heard("mastodon", "poll", AT - timedelta(hours=25))]
    assert said(counted, AT, ZONE, counted=True) == (
        "Followers counted last on Mastodon (asked for by Fanfare, yesterday)."
    )
    assert said([], AT, ZONE, counted=True) == "No followers were counted yet."


async def test_boards_and_contests_say_where_their_figures_come_from_and_how_fresh_they_are(
    company: Company, signed_in: As, connection: asyncpg.Connection
) -> None:
    people = [await company.person(f"Ada {n}", 90 - n, networks=("mastodon",)) for n in range(6)]
    await connection.execute(
        """insert into delivery (recorded_on, platform, source, delivery_key, headers, body, received_at)
           values ($1, 'mastodon', 'webhook', 'k1', '{}', '', $2),
                  ($3, 'x', 'import', 'k2', '{}', '', $4)""",
        company.now.date(),
        company.now - timedelta(minutes=4),
        company.now.date() - timedelta(days=1),
        company.now - timedelta(days=1),
    )
    await connection.execute(
        """insert into snapshot (account_id, followers, observed_at, source, recorded_at)
           select account_id, 90, $1, 'poll', $1 from ownership""",
        company.now - timedelta(days=2),
    )
    for person in people:
        await company.total(person, "followers", 30 - person, 0)
    client = await signed_in(people[0])
    assert (
        "Mastodon (by webhook, 4 min ago), X (from a file, yesterday)"
        in (await client.get("/")).text
    )
    page = (await client.get("/?metric=followers")).text
    assert "Followers counted last on Mastodon (asked for by Fanfare, 2 days ago)" in page
    assert "Heard last from Mastodon" in (await client.get("/why")).text


async def test_each_reason_why_something_did_not_count_stands_in_words_on_the_page(
    signed_in: As, connection: Any
) -> None:
    await raise_curtain(connection)
    for person, name in ((ANA, "Ana"), (BEN, "Ben")):
        await connection.execute(
            """insert into profile (person_id, email, name, visibility, opens_networks, opens_mix,
                 opens_gain) values ($1, $2, $3, 'name', false, false, false)""",
            person,
            f"{name}@example.org",
            name,
        )
    await tell(
        connection,
        wrote("p1", "ana", 0),
        wrote("p2", "ben", 0),
        reply("quiet", "out1", "ben", "p2", 1),
        reply("held", "out7", "ana", "p1", 1),
        reply("peer", "ben", "ana", "p1", 1),
        reply("first", "out1", "ana", "p1", 2),
        reply("again", "out1", "ana", "p1", 3),
        *(reply(f"full{n}", f"many{n}", "ana", "p1", 4) for n in range(31)),
    )
    await count(connection)
    for kind, what in (
        ("closed_circles", "native_id = 'held'"),
        ("near_duplicates", "kind = 'post'"),
    ):
        id = await connection.fetchval(f"select id from engagement where {what} order by native_id")
        await open_case(
            connection, kind=kind, person_id=ANA, reason="Seen.", evidence={"key": kind}, hold=[id],
            now=NOW,
        )  # fmt: skip
    await count(connection)
    expected = {
        ANA: (
            Outcome.COLLEAGUE.words,
            Outcome.ALREADY_COUNTED.words,
            Outcome.BEYOND_STEPS.words,
            kind_of("closed_circles").held,
            kind_of("near_duplicates").held,
        ),
        BEN: (Outcome.NOT_DISCLOSED.words,),
    }
    for person, words in expected.items():
        page = (await (await signed_in(person)).get(f"/why?day={hour(0).date()}")).text
        assert [one for one in words if str(escape(one)) not in page] == []
        assert "X, by webhook" in page
