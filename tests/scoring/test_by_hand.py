"""Posts handed in by their addresses, and figures that people state: what they count, and when nothing."""

from __future__ import annotations

import asyncio
from datetime import date, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from scoring.accounts import link, unlink
from scoring.by_hand.answering import NoStatement, NotAnswered, confirm, refuse, withdraw
from scoring.by_hand.handed_in import HandedIn, NotStated, Picture
from scoring.by_hand.listed import (
    own_statements,
    picture_of,
    said_of_the_same,
    statement,
    waiting_count,
    waiting_statements,
)
from scoring.by_hand.older import older_posts
from scoring.by_hand.settling import forget_pictures, settle_told
from scoring.by_hand.stating import Stated, state
from scoring.explanation import explain
from scoring.facts import Delivery, Engagement, Figure, Kind, Post, Telling
from scoring.identity import native_key
from scoring.intake import intake
from scoring.metrics import contest_metrics
from scoring.one_person import same_person
from scoring.platforms.platform import Named
from scoring.store import Told, store
from scoring.verify import verify
from tests.scoring.scene import (
    ANA,
    BEN,
    CEM,
    LONG_AGO,
    NOW,
    ZONE,
    account,
    by_rule,
    count,
    hour,
    like,
    raise_curtain,
    reply,
    tell,
)
from tests.scoring.tallies.contest import terms, value

PICTURE = Picture("image/png", b"pixels")
POST = "https://x.com/ana/status/2117542000000000000"  # in the scene's first week
NAME = "2117542000000000000"


async def scene(connection: Any) -> None:
    await raise_curtain(connection)
    for name in ("ana", "ben", "cem"):
        await connection.execute(
            "insert into account_face values ($1, $2, null, false, false)", account(name), name
        )


async def said(connection: Any, person: int = ANA, address: str = POST, **more: Any) -> Stated:
    more.setdefault("account_id", account("ana") if person == ANA else None)
    if more.get("counts"):
        more.setdefault("picture", PICTURE)
    async with connection.transaction():
        return await state(connection, person, HandedIn(address, **more), NOW, ZONE)


async def read(connection: Any) -> None:
    """The workers read what was delivered and count it."""
    await intake(connection, now=NOW)
    await count(connection)


async def points(connection: Any, person: int = ANA) -> int:
    return sum((await by_rule(connection, person)).values())


def shortcode(at: datetime) -> str:
    """What Threads calls a post of a moment, in its address."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    number, code = (int(at.timestamp() * 1000) - 1_314_220_021_721) << 23, ""
    while number:
        number, digit = divmod(number, 64)
        code = letters[digit] + code
    return code


async def test_what_nobody_confirmed_counts_nothing(connection: Any) -> None:
    await scene(connection)
    stated = await said(connection, counts={Kind.REPLY: 7, Kind.REACTION: 40})
    await read(connection)
    assert await points(connection) == 0
    assert await waiting_count(connection) == 1
    assert not await connection.fetchval("select count(*) from post")
    assert stated.statement_id is not None
    assert await confirm(connection, stated.statement_id, by=BEN, now=NOW)
    await read(connection)
    assert await points(connection) > 0
    rows = await connection.fetch("select kind, value, source from figure order by kind")
    assert [tuple(row) for row in rows] == [("reaction", 40, "hand"), ("reply", 7, "hand")]
    assert await connection.fetchval("select name from mark") == "handed_in"
    assert (await verify(connection, zone=ZONE)).differences == []
    assert await waiting_statements(connection) == []


async def test_points_of_a_stated_figure_say_that_they_were_told_by_hand(connection: Any) -> None:
    await scene(connection)
    stated = await said(connection, counts={Kind.REPLY: 2})
    assert stated.statement_id is not None
    await confirm(connection, stated.statement_id, by=BEN, now=NOW)
    await read(connection)
    await tell(connection, Figure(NAME, Kind.REPLY, 3, NOW + timedelta(minutes=1)))
    await count(connection)
    days = await explain(
        connection, ANA, start_at=NOW - timedelta(days=1), end_at=NOW + timedelta(days=1), zone=ZONE
    )
    lines = [line for day in days for rule in day.rules for line in rule.lines]
    told = {
        (line.kind, line.told_by, line.url is not None) for line in lines if line.source == "figure"
    }
    assert told == {("reply", "hand", True), ("reply", "webhook", True)}


async def test_nobody_confirms_their_own_under_whichever_record(connection: Any) -> None:
    await scene(connection)
    stated = await said(connection, counts={Kind.REPLY: 7})
    assert stated.statement_id is not None
    with pytest.raises(NotAnswered, match="your own"):
        await confirm(connection, stated.statement_id, by=ANA, now=NOW)
    async with connection.transaction():
        await same_person(connection, CEM, ANA, by=None, reason="married", now=NOW)
    with pytest.raises(NotAnswered, match="your own"):
        await confirm(connection, stated.statement_id, by=CEM, now=NOW)
    with pytest.raises(NotAnswered, match="your own"):
        await refuse(connection, stated.statement_id, by=CEM, reason="no", now=NOW)


async def test_an_answer_is_given_once(connection: Any, database_url: str) -> None:
    await scene(connection)
    stated = await said(connection, counts={Kind.REPLY: 7})
    id_ = stated.statement_id
    assert id_ is not None

    async def decide(by: int, *, yes: bool) -> str:
        other = await asyncpg.connect(database_url)
        try:
            async with other.transaction():
                if yes:
                    return str(await confirm(other, id_, by=by, now=NOW))
                return str(await refuse(other, id_, by=by, reason="blurred", now=NOW))
        except NotAnswered as why:
            return str(why)
        finally:
            await other.close()

    answers = await asyncio.gather(
        *(decide(BEN if n % 2 else CEM, yes=n % 3 > 0) for n in range(9))
    )
    assert answers.count("True") == 1
    outcome = await connection.fetchval("select outcome from statement_answer")
    deliveries = await connection.fetchval("select count(*) from delivery")
    assert deliveries == (1 if outcome == "confirmed" else 0)
    with pytest.raises(NoStatement):
        await confirm(connection, 999, by=BEN, now=NOW)


async def test_a_refusal_needs_a_reason_and_its_author_reads_it(connection: Any) -> None:
    await scene(connection)
    stated = await said(connection, counts={Kind.REPLY: 7})
    assert stated.statement_id is not None
    with pytest.raises(NotAnswered, match="Say why"):
        await refuse(connection, stated.statement_id, by=BEN, reason="  ", now=NOW)
    assert await refuse(connection, stated.statement_id, by=BEN, reason="Too blurred", now=NOW)
    assert not await refuse(connection, stated.statement_id, by=BEN, reason="Too blurred", now=NOW)
    (own,) = await own_statements(connection, ANA)
    assert (own.outcome, own.reason) == ("refused", "Too blurred")
    await read(connection)
    assert await points(connection) == 0


async def test_the_same_post_is_one_by_whichever_address(connection: Any) -> None:
    await scene(connection)
    first = await said(connection)
    again = await said(connection, address=f"https://mobile.twitter.com/Ana/status/{NAME}?s=20")
    assert (again.post_id, again.again) == (first.post_id, True)
    assert await waiting_count(connection) == 1


async def test_a_post_that_its_network_told_of_waits_for_nobody(connection: Any) -> None:
    await scene(connection)
    await tell(connection, Post(NAME, "ana", hour(1), url=f"https://x.com/i/web/status/{NAME}"))
    stated = await said(connection)
    assert (stated.known, stated.statement_id) == (True, None)
    assert await waiting_count(connection) == 0
    figures = await said(connection, counts={Kind.REACTION: 3})
    assert figures.statement_id is not None
    await confirm(connection, figures.statement_id, by=BEN, now=NOW)
    await read(connection)
    assert await connection.fetchval("select count(distinct post_id) from post") == 1
    assert not await connection.fetchval("select count(*) from engagement")  # its network tells it


async def test_names_and_stated_figures_stand_beside_each_other_and_never_add_up(
    connection: Any,
) -> None:
    await scene(connection)
    await tell(connection, Post(NAME, "ana", hour(1)))
    await tell(connection, *(reply(f"r{n}", f"out{n}", "ana", NAME, 2) for n in range(5)))
    await count(connection)
    before = await points(connection)
    stated = await said(connection, counts={Kind.REPLY: 5})
    assert stated.statement_id is not None
    await confirm(connection, stated.statement_id, by=BEN, now=NOW)
    await read(connection)
    assert await points(connection) == before
    more = await said(connection, counts={Kind.REPLY: 6})
    assert more.statement_id is not None
    await confirm(connection, more.statement_id, by=BEN, now=NOW + timedelta(hours=1))
    await read(connection)
    # Both were stated at one moment, of which the smaller holds.
    assert await points(connection) == before


async def test_only_posts_of_ones_own_accounts_are_taken(connection: Any) -> None:
    await scene(connection)
    with pytest.raises(NotStated, match="names “cem”"):
        await said(connection, BEN, f"https://x.com/cem/status/{NAME}")
    with pytest.raises(NotStated, match="linked no account"):
        await said(connection, BEN, "urn:li:share:7236952500000000001")
    with pytest.raises(NotStated, match="2 accounts on X"):
        await said(connection, ANA, f"https://x.com/i/status/{NAME}", account_id=None)
    with pytest.raises(NotStated, match="names no post"):
        await said(connection, ANA, "https://x.com/ana")
    with pytest.raises(NotStated, match="no address of a post"):
        await said(connection, ANA, "yesterday’s one")


async def test_a_colleagues_post_is_never_confirmed_and_nobody_learns_that_it_is_known(
    connection: Any,
) -> None:
    await scene(connection)
    await tell(connection, Post(NAME, "cem", hour(1)))
    stated = await said(connection, BEN, f"https://x.com/i/status/{NAME}")
    assert (stated.known, stated.again) == (False, False)
    assert stated.statement_id is not None
    assert not await connection.fetchval("select count(*) from mark")
    with pytest.raises(NotAnswered, match="Another account wrote this"):
        await confirm(connection, stated.statement_id, by=ANA, now=NOW)


async def test_of_two_who_claim_one_post_one_gets_it(connection: Any) -> None:
    await scene(connection)
    ours = [await said(connection, who, f"https://x.com/i/status/{NAME}") for who in (BEN, CEM)]
    ids = [one.statement_id for one in ours if one.statement_id is not None]
    assert [(await statement(connection, id_)).others for id_ in ids] == [1, 1]  # type: ignore[union-attr]
    await confirm(connection, ids[1], by=ANA, now=NOW)
    await read(connection)
    with pytest.raises(NotAnswered, match="Another account wrote this"):
        await confirm(connection, ids[0], by=ANA, now=NOW)


async def test_ones_own_name_in_an_address_proves_nothing_and_nothing_of_it_counts_unconfirmed(
    connection: Any,
) -> None:
    await scene(connection)
    ids = []
    for who, name in ((ANA, "ana"), (BEN, "ben")):  # X shows the post whatever name stands there
        address = f"https://x.com/{name}/status/{NAME}"
        stated = await said(connection, who, address, counts={Kind.REPLY: 7, Kind.REACTION: 40})
        ids.append(stated.statement_id or 0)
    # A count of a post that X names by a number alone does not say whose it is, either.
    figures = Telling.of([Figure(NAME, Kind.REPLY, 7, NOW), Figure(NAME, Kind.REACTION, 40, NOW)])
    for source in ("poll", "webhook"):
        async with connection.transaction():
            await store(
                connection, [Told(Delivery(9, "x", source, {}, b"", NOW), figures)], now=NOW
            )
    await tell(
        connection, reply("r1", "out1", "stranger", NAME, 2), like("out2", "stranger", NAME, 3)
    )
    assert await settle_told(connection, NOW) == 0
    await read(connection)
    assert not await connection.fetchval("select count(*) from post")
    assert not await connection.fetchval("select count(*) from mark")
    for who in (ANA, BEN):
        assert await points(connection, who) == 0
        for metric in contest_metrics():
            asked = terms(metric, start_at=LONG_AGO, end_at=NOW + timedelta(days=1))
            assert await value(connection, asked, who) == 0, metric
    assert [one.id for one in await waiting_statements(connection)] == ids
    # Both are shown to whoever looks at either, and of both one is confirmed, also before workers read.
    for mine, other in (ids, reversed(ids)):
        assert [one.id for one in await said_of_the_same(connection, mine)] == [other]
    assert await confirm(connection, ids[1], by=CEM, now=NOW)
    with pytest.raises(NotAnswered, match="Another account"):
        await confirm(connection, ids[0], by=CEM, now=NOW)
    await read(connection)
    assert await points(connection, BEN) > await points(connection, ANA) == 0


async def test_who_looks_at_a_post_is_told_that_its_network_named_another_author(
    connection: Any,
) -> None:
    await scene(connection)
    stated = await said(connection, BEN, f"https://x.com/ben/status/{NAME}")
    assert stated.statement_id is not None
    about = await statement(connection, stated.statement_id)
    assert about is not None
    assert (about.known, about.of_another) == (False, False)
    await tell(connection, Post(NAME, "cem", hour(1)))
    about = await statement(connection, stated.statement_id)
    assert about is not None
    assert (about.known, about.of_another) == (False, True)


async def test_of_two_statements_of_one_post_confirmed_at_once_one_is(
    connection: Any, database_url: str
) -> None:
    await scene(connection)
    ids = []
    for who, name in ((ANA, "ana"), (BEN, "ben")):
        stated = await said(connection, who, f"https://x.com/{name}/status/{NAME}")
        ids.append(stated.statement_id or 0)

    async def decide(id_: int) -> bool:
        other = await asyncpg.connect(database_url)
        try:
            async with other.transaction():
                return await confirm(other, id_, by=CEM, now=NOW)
        except NotAnswered:
            return False
        finally:
            await other.close()

    assert sorted(await asyncio.gather(*map(decide, ids))) == [False, True]


async def test_figures_need_a_picture_a_known_kind_and_a_number(connection: Any) -> None:
    await scene(connection)
    for wrong, field in (
        ({"counts": {Kind.REPLY: 7}, "picture": None}, "picture"),
        ({"counts": {Kind.CLICK: 7}}, "click"),
        ({"counts": {Kind.REPLY: -1}}, "reply"),
        ({"counts": {Kind.REPLY: 10**12}}, "reply"),
        ({"picture": PICTURE}, "reaction"),
    ):
        with pytest.raises(NotStated) as refused:
            if "picture" in wrong and wrong["picture"] is None:
                async with connection.transaction():
                    await state(connection, ANA, HandedIn(POST, counts={Kind.REPLY: 7}), NOW, ZONE)
            else:
                await said(connection, **wrong)
        assert refused.value.field == field


async def test_a_post_without_a_moment_in_its_name_asks_for_its_day(connection: Any) -> None:
    await scene(connection)
    channel = "UCabcdefghijklmnopqrstuv"
    await link(connection, BEN, "youtube", Named(channel, channel), "every", hour(0))
    video = "https://youtu.be/AbCdEfGhIjK"
    for wrong in (None, date(2026, 11, 21), date(1999, 1, 1)):
        with pytest.raises(NotStated) as refused:
            await said(connection, BEN, video, published_on=wrong)
        assert refused.value.field == "published_on"
    await said(connection, BEN, video, published_on=date(2026, 11, 3))
    (own,) = await own_statements(connection, BEN)
    assert (own.dated, own.published_at.astimezone(ZONE).date()) == ("author", date(2026, 11, 3))
    await said(connection, BEN, video, counts={Kind.REPLY: 1})  # its day is known by now
    assert [one.dated for one in await own_statements(connection, BEN)] == ["author", "author"]


async def test_what_waits_can_be_taken_back_by_its_author_alone(connection: Any) -> None:
    await scene(connection)
    stated = await said(connection, counts={Kind.REPLY: 7})
    assert stated.statement_id is not None
    with pytest.raises(NoStatement):
        await withdraw(connection, stated.statement_id, by=BEN, now=NOW)
    assert await withdraw(connection, stated.statement_id, by=ANA, now=NOW)
    assert not await withdraw(connection, stated.statement_id, by=ANA, now=NOW)
    with pytest.raises(NotAnswered, match="took it back"):
        await confirm(connection, stated.statement_id, by=BEN, now=NOW)
    assert (await said(connection)).statement_id is not None


async def test_a_network_that_tells_of_the_post_answers_for_communications(connection: Any) -> None:
    await scene(connection)
    await said(connection)
    assert await settle_told(connection, NOW) == 0
    await tell(connection, Post(NAME, "ana", hour(1)), received_at=NOW)
    assert await settle_told(connection, NOW) == 1
    assert await settle_told(connection, NOW) == 0
    (own,) = await own_statements(connection, ANA)
    assert (own.outcome, own.by_network, own.known) == ("confirmed", True, True)
    assert await connection.fetchval("select name from mark") == "handed_in"


async def test_a_network_that_tells_of_a_colleagues_post_answers_nothing(connection: Any) -> None:
    await scene(connection)
    await said(connection, BEN, f"https://x.com/i/status/{NAME}")
    await tell(connection, Post(NAME, "cem", hour(1)), Post("2", "ben", hour(1)))
    assert await settle_told(connection, NOW) == 0
    assert await waiting_count(connection) == 1


async def test_a_network_that_was_asked_and_had_figures_answers_for_communications(
    connection: Any,
) -> None:
    await scene(connection)
    address = "https://social.example/@ben/117551687270400001"
    await link(
        connection,
        BEN,
        "mastodon",
        Named("ben@social.example", "ben@social.example"),
        "every",
        hour(0),
    )
    stated = await said(connection, BEN, address)
    figure = Figure(
        "https://social.example/users/ben/statuses/117551687270400001", Kind.REPLY, 3, NOW
    )
    delivery = Delivery(9, "mastodon", "poll", {}, b"", NOW)
    async with connection.transaction():
        await store(connection, [Told(delivery, Telling.of([figure]))], now=NOW)
    await count(connection)
    assert await points(connection, BEN) == 0
    assert await settle_told(connection, NOW) == 1
    assert await settle_told(connection, NOW) == 0
    await read(connection)
    assert await points(connection, BEN) > 0
    (own,) = await own_statements(connection, BEN)
    assert (own.id, own.outcome, own.by_network) == (stated.statement_id, "confirmed", True)


async def test_a_post_that_its_network_calls_otherwise_becomes_one_with_it(connection: Any) -> None:
    await scene(connection)
    await link(connection, BEN, "threads", Named("ben_works", "ben_works"), "every", hour(0))
    address = f"https://www.threads.net/@ben_works/post/{shortcode(hour(1))}"
    stated = await said(connection, BEN, address, counts={Kind.REPLY: 3})
    assert stated.statement_id is not None
    await confirm(connection, stated.statement_id, by=ANA, now=NOW)
    await read(connection)
    before = await by_rule(connection, BEN)
    assert before
    told = Telling.of(
        [
            Post("178", "ben_works", hour(1), url=address),
            Engagement(Kind.POST, "178", "ben_works", None, occurred_at=hour(1)),
            Figure("178", Kind.REPLY, 3, NOW),
        ]
    )
    delivery = Delivery(9, "threads", "poll", {}, b"", NOW + timedelta(minutes=1))
    async with connection.transaction():
        await store(connection, [Told(delivery, told)], now=NOW + timedelta(minutes=1))
    assert await settle_told(connection, NOW) == 1
    assert await settle_told(connection, NOW) == 0
    await read(connection)
    assert await by_rule(connection, BEN) == before
    assert (await verify(connection, zone=ZONE)).differences == []
    again = await said(connection, BEN, address)
    assert (again.known, again.post_id) == (True, native_key("threads", "178"))


async def test_what_is_confirmed_counts_at_once_under_the_name_its_network_gave_it_meanwhile(
    connection: Any,
) -> None:
    await scene(connection)
    await link(connection, CEM, "threads", Named("cem_w", "cem_w"), "handed_in", hour(0))
    address = f"https://www.threads.net/@cem_w/post/{shortcode(hour(1))}"
    stated = await said(connection, CEM, address, counts={Kind.REPLY: 3})
    assert stated.statement_id is not None
    told = Telling.of([Post("178", "cem_w", hour(1), url=address)])
    delivery = Delivery(9, "threads", "poll", {}, b"", NOW)
    async with connection.transaction():
        await store(connection, [Told(delivery, told)], now=NOW)
    await confirm(connection, stated.statement_id, by=ANA, now=NOW)
    await read(connection)
    assert await by_rule(connection, CEM)
    assert await connection.fetchval("select post_id from mark") == native_key("threads", "178")


async def test_who_unlinks_an_account_takes_back_what_waits_from_it(connection: Any) -> None:
    await scene(connection)
    await said(connection, CEM, f"https://x.com/cem/status/{NAME}", counts={Kind.REPLY: 2})
    await settle_told(connection, NOW)
    assert (await own_statements(connection, CEM))[0].outcome is None
    await unlink(connection, CEM, account("cem"), NOW)
    await settle_told(connection, NOW + timedelta(minutes=1))
    (own,) = await own_statements(connection, CEM)
    assert (own.outcome, own.address, own.pictured) == ("withdrawn", None, False)
    assert await waiting_count(connection) == 0


async def test_pictures_go_a_month_after_the_answer(connection: Any) -> None:
    await scene(connection)
    stated = await said(connection, counts={Kind.REPLY: 7})
    id_ = stated.statement_id
    assert id_ is not None
    await forget_pictures(connection, NOW + timedelta(days=90))
    assert await picture_of(connection, id_) == PICTURE
    await confirm(connection, id_, by=BEN, now=NOW)
    await forget_pictures(connection, NOW + timedelta(days=29))
    assert await picture_of(connection, id_) == PICTURE
    await forget_pictures(connection, NOW + timedelta(days=31))
    assert await picture_of(connection, id_) is None


OLD = "1985274000000000000"  # a year before anybody took part


async def test_of_a_post_older_than_the_link_counts_what_came_since_and_nothing_before(
    connection: Any,
) -> None:
    await scene(connection)
    address = f"https://x.com/ana/status/{OLD}"
    (older,) = await older_posts(connection, ANA, address, NOW)
    assert (older.handle, older.since_at, older.surely) == ("ana", LONG_AGO, True)
    assert await older_posts(connection, ANA, POST, NOW) == []
    stated = await said(connection, address=address, counts={Kind.REACTION: 40})
    assert stated.statement_id is not None
    await confirm(connection, stated.statement_id, by=BEN, now=NOW)
    await read(connection)
    assert await points(connection) == 0  # neither having written it nor the forty
    later = NOW + timedelta(hours=1)
    await tell(connection, Figure(OLD, Kind.REACTION, 43, later))
    await count(connection)
    assert await by_rule(connection) == {"liked": 3}
    days = await explain(connection, ANA, start_at=NOW, end_at=later + timedelta(days=1), zone=ZONE)
    lines = [line for day in days for rule in day.rules for line in rule.lines]
    assert {line.told_by for line in lines} == {"webhook"}
    await tell(connection, *(like(f"out{n}", "ana", OLD, 440 + n) for n in range(5)))
    await count(connection)
    assert await by_rule(connection) == {"liked": 5}  # more names since than the figure knows
    assert (await verify(connection, zone=ZONE)).differences == []


async def test_of_a_post_whose_day_is_not_known_it_is_said_since_when_it_can_count(
    connection: Any,
) -> None:
    await scene(connection)
    channel = Named("UCanaworkshop00000000000", "UCanaworkshop00000000000")
    await link(connection, ANA, "youtube", channel, "every", hour(0))
    (older,) = await older_posts(connection, ANA, "https://youtu.be/AbCdEfGhIjK", NOW)
    assert (older.since_at, older.surely) == (hour(0), False)


async def test_all_that_is_wrong_is_said_at_once(connection: Any) -> None:
    await scene(connection)
    for name in ("UCanaworkshop00000000000", "UCanasecond0000000000000"):
        await link(connection, ANA, "youtube", Named(name, name), "every", hour(0))
    with pytest.raises(NotStated) as refused:
        await said(
            connection, address="https://youtu.be/AbCdEfGhIjK", account_id=None,
            counts={Kind.QUOTE: 2}, picture=None,
        )  # fmt: skip
    assert list(refused.value.faults) == ["quote", "picture", "account", "published_on"]
    assert not await connection.fetchval("select count(*) from statement")
