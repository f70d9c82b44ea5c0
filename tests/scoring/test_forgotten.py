"""Unlinking an account: what a network had sent of it goes, and nothing that is somebody else's too."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from scoring.accounts import link, unlink
from scoring.carried import carry_snapshot
from scoring.forgotten import forget_account
from scoring.identity import account_id, native_key
from scoring.intake import intake
from scoring.platforms.platform import Named
from scoring.streams import remember_deeds
from tests.scoring.platforms.examples import RECEIVED_AT, read

ADA, BEN, ACME = "ada@social.example", "ben@social.example", "pumpco@social.example"
LONG_AGO = RECEIVED_AT - timedelta(days=300)
UNLINKED = RECEIVED_AT + timedelta(hours=1)
NATIVE = "https://social.example/users/{}/statuses/{}"


async def person(connection: Any, named: str | None, *, company: bool = False) -> int:
    id_: int = await connection.fetchval(
        "insert into person (recorded_at) values ($1) returning id", LONG_AGO
    )
    await connection.execute(
        """insert into enrolment (person_id, effective_at, state, recorded_at)
           values ($1, $2, 'active', $2)""",
        id_,
        LONG_AGO,
    )
    if named is not None:
        await link(connection, id_, "mastodon", Named(named, named), "every", LONG_AGO)
    return id_


async def receive(
    connection: Any, key: str, body: bytes, headers: dict[str, str] | None = None
) -> None:
    id_ = await connection.fetchval(
        """insert into delivery (recorded_on, platform, source, delivery_key, headers, body, received_at)
           values ($1, 'mastodon', $2, $3, $4, $5, $6) returning id""",
        RECEIVED_AT.date(),
        "webhook" if headers is None else "poll",
        key,
        json.dumps(headers or {"fanfare-server": "social.example"}),
        body,
        RECEIVED_AT,
    )
    await connection.execute(
        "insert into pending_delivery (delivery_id, recorded_on) values ($1, $2)",
        id_,
        RECEIVED_AT.date(),
    )


async def left(connection: Any) -> set[str]:
    rows = await connection.fetch("select delivery_key from delivery")
    return {row["delivery_key"] for row in rows}


def followers(account: str, number: int) -> bytes:
    name = account.partition("@")[0]
    return json.dumps(
        {"id": "1", "username": name, "acct": name, "followers_count": number,
         "url": f"https://social.example/@{name}"}
    ).encode()  # fmt: skip


def post(name: str, number: int) -> dict[str, Any]:
    return {
        "id": str(number), "created_at": "2026-09-01T08:15:30.123Z", "visibility": "public",
        "uri": NATIVE.format(name, number), "url": f"https://social.example/@{name}/{number}",
        "content": "<p>We shipped #TeamAcme</p>", "reblog": None, "mentions": [], "tags": [],
        "favourites_count": 4, "replies_count": 1, "reblogs_count": 0,
        "in_reply_to_id": None, "in_reply_to_account_id": None,
        "account": {"id": "2", "username": name, "acct": name, "followers_count": 120,
                    "url": f"https://social.example/@{name}"},
    }  # fmt: skip


@pytest.fixture
async def ada(connection: Any) -> int:
    """Ada, beside Ben and the company; all that follows was received while her account was linked."""
    ada = await person(connection, ADA)
    await person(connection, BEN)
    company = account_id("mastodon", ACME)
    await connection.execute(
        "insert into account (id, platform, native_id, recorded_at) values ($1, 'mastodon', $2, $3)",
        company,
        ACME,
        LONG_AGO,
    )
    await connection.execute(
        """insert into ownership (account_id, effective_at, company, recorded_at)
           values ($1, $2, true, $2)""",
        company,
        LONG_AGO,
    )
    told = {"event": "status.created", "created_at": "2026-09-01T08:15:30.456Z"}
    await receive(connection, "answer", read("mastodon", "notification_reply"))
    await receive(connection, "follow", read("mastodon", "notification_follow"))
    await receive(connection, "colleague", read("mastodon", "notification_reply_of_a_colleague"))
    await receive(connection, "company", read("mastodon", "notification_boost"))
    await receive(connection, "own", json.dumps({**told, "object": post("ada", 70)}).encode())
    await receive(connection, "bens", json.dumps({**told, "object": post("ben", 80)}).encode())
    asked = {"fanfare-poll": "followers", "fanfare-subject": ADA}
    await receive(connection, "counted", followers(ADA, 120), asked)
    await receive(connection, "counted ben", followers(BEN, 9), {**asked, "fanfare-subject": BEN})
    about = {"fanfare-poll": "post", "fanfare-subject": NATIVE.format("ada", 70)}
    await receive(connection, "figures", json.dumps(post("ada", 70)).encode(), about)
    await receive(connection, "broken", b'{"broken": "ada@social.example"')
    await intake(connection, now=RECEIVED_AT, disclosure_tag="#teamacme")
    return ada


async def test_what_concerns_it_alone_goes_and_what_is_others_too_stays(
    connection: Any, ada: int
) -> None:
    engagements = await connection.fetchval("select count(*) from engagement")
    await unlink(connection, ada, account_id("mastodon", ADA), UNLINKED)
    gone = await forget_account(connection, account_id("mastodon", ADA), UNLINKED)
    assert await left(connection) == {"colleague", "company", "bens", "counted ben", "broken"}
    assert (gone.deliveries, gone.waits) == (5, False)
    # The texts of her posts go, Ben's stay; the facts stay, they name nobody.
    texts = await connection.fetch("select post_id from post_text")
    kept = {row["post_id"] for row in texts}
    assert native_key("mastodon", NATIVE.format("ada", 70)) not in kept
    assert native_key("mastodon", NATIVE.format("ben", 80)) in kept
    assert await connection.fetchval("select count(*) from engagement") == engagements
    # Again is nothing.
    again = await forget_account(connection, account_id("mastodon", ADA), UNLINKED)
    assert (again.deliveries, again.texts, again.waits) == (0, 0, False)


async def test_however_much_is_kept_it_is_looked_through_in_portions_and_all_of_it(
    connection: Any, ada: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [row["id"] for row in await connection.fetch("select id from delivery order by id")]
    portions: list[list[int]] = []

    def note(query: Any) -> None:
        if "as subject" in query.query:
            _, after, end, *_ = query.args
            portions.append([id_ for id_ in ids if after < id_ <= end])

    connection.add_query_logger(note)
    monkeypatch.setattr("scoring.forgotten._PORTION", 3)
    await unlink(connection, ada, account_id("mastodon", ADA), UNLINKED)
    gone = await forget_account(connection, account_id("mastodon", ADA), UNLINKED)
    assert gone.deliveries == 5
    assert await left(connection) == {"colleague", "company", "bens", "counted ben", "broken"}
    assert [id_ for portion in portions for id_ in portion] == ids
    assert max(len(portion) for portion in portions) <= 3


async def test_what_nobody_has_read_yet_waits_until_it_was_read(connection: Any, ada: int) -> None:
    id_ = account_id("mastodon", ADA)
    await receive(connection, "late", read("mastodon", "notification_follow"))
    await unlink(connection, ada, id_, UNLINKED)
    assert (await forget_account(connection, id_, UNLINKED)).waits
    assert "late" in await left(connection)
    # What streams told of her by name, so that it can be undone at once, goes with it.
    await remember_deeds(connection, "mastodon", {"hers": ADA, "bens": BEN}, RECEIVED_AT)
    await intake(connection, now=UNLINKED)
    assert not (await forget_account(connection, id_, UNLINKED)).waits
    assert "late" not in await left(connection)
    assert await connection.fetchval("select array_agg(native_id) from stream_deed") == ["bens"]


async def test_what_came_after_the_unlinking_is_whose_it_is_then(connection: Any, ada: int) -> None:
    before = RECEIVED_AT - timedelta(minutes=1)
    await forget_account(connection, account_id("mastodon", ADA), before)
    assert len(await left(connection)) == 10


async def test_what_an_open_case_needs_stays_until_it_is_answered(
    connection: Any, ada: int
) -> None:
    id_, key = account_id("mastodon", ADA), native_key("mastodon", NATIVE.format("ada", 70))
    case_id = await connection.fetchval(
        """insert into case_file (kind, person_id, reason, evidence, recorded_at)
           values ('copied', $1, 'alike', '{}', $2) returning id""",
        ada,
        RECEIVED_AT,
    )
    engagement = await connection.fetchval(
        "select id from engagement where kind = 'post' and actor_id = $1", id_
    )
    await connection.execute(
        """insert into hold (engagement_id, case_id, held, recorded_at) values ($1, $2, true, $3)""",
        engagement,
        case_id,
        RECEIVED_AT,
    )
    assert (await forget_account(connection, id_, UNLINKED)).held
    assert await connection.fetchval("select count(*) from post_text where post_id = $1", key) == 1
    await connection.execute(
        """insert into case_decision (case_id, decided_by, outcome, reason, recorded_at)
           values ($1, $2, 'released', 'fine', $3)""",
        case_id,
        ada,
        RECEIVED_AT,
    )
    await forget_account(connection, id_, UNLINKED)
    assert await connection.fetchval("select count(*) from post_text where post_id = $1", key) == 0


async def test_a_count_stands_in_only_where_somebody_counted_and_twice_a_day(
    connection: Any, ada: int
) -> None:
    assert not await carry_snapshot(connection, account_id("mastodon", "zoe@a.example"), UNLINKED)
    id_ = account_id("mastodon", ADA)
    await connection.execute(
        """insert into snapshot (account_id, followers, observed_at, source, recorded_at)
           values ($1, 130, $2, 'poll', $2)""",
        id_,
        RECEIVED_AT + timedelta(minutes=30),
    )
    assert not await carry_snapshot(connection, id_, UNLINKED)  # counted half an hour ago
    for hours, carried in ((13, True), (14, False), (26, True)):
        at = RECEIVED_AT + timedelta(hours=hours)
        assert await carry_snapshot(connection, id_, at) is carried
    rows = await connection.fetch(
        "select followers, source from snapshot where account_id = $1", id_
    )
    assert {tuple(row) for row in rows} >= {(130, "carried")}
