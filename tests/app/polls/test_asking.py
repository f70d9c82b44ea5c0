"""Laws of asking: what a network answers becomes facts of who was asked about; what goes wrong is its own."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg
import pytest

from app.polls.budget import Budget, spent
from app.polls.claiming import LEASE, take
from app.polls.planning import plan
from app.polls.running import Poller
from app.settings import Settings
from scoring import (
    About,
    Ask,
    Incentive,
    Named,
    Of,
    Platform,
    Poll,
    Polling,
    Secrets,
    decide_member_data,
    intake,
    name_as_companys,
    platform,
    score,
    unlink,
    wall,
)
from scoring.facts import Delivery, Snapshot, Telling
from scoring.identity import account_id, native_key
from scoring.platforms.platform import Arrival, Capabilities, IncentivePolicy
from scoring.rulebooks import adopt_rulebook
from scoring.rules import default_rulebook_toml
from tests.app.going_out.server import Heard, Serving, answer, serving
from tests.app.polls.company import (
    Clock,
    agreed,
    company_account,
    linked,
    person,
    poller,
    post_of,
    settings,
    settled,
    told,
)
from tests.scoring.platforms.test_polls import ANSWERS

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
ADA, BEN = "did:plc:adaaaaaaaaaaaaaaaaaaaaaa", "did:plc:benaaaaaaaaaaaaaaaaaaaaa"
PROFILES = "/xrpc/app.bsky.actor.getProfiles"
AUTHORS = {"linkedin": "urn:li:person:AbC1234567", "youtube": "UCpumpcoexample000000001"}


def profiles(*counts: tuple[str, int]) -> bytes:
    return json.dumps(
        {"profiles": [{"did": did, "followersCount": count} for did, count in counts]}
    ).encode()


async def snapshots(connection: Any) -> dict[str, int]:
    await intake(connection, now=datetime.now(UTC))
    rows = await connection.fetch(
        "select a.native_id, s.followers from snapshot s join account a on a.id = s.account_id"
    )
    return dict(rows)


async def pause(connection: Any) -> Any:
    return await connection.fetchrow("select * from poll_pause")


async def test_followers_of_people_become_snapshots_by_way_of_deliveries(
    connection: Any, database_url: str
) -> None:
    await linked(connection, "bluesky", ADA)
    await linked(connection, "bluesky", BEN)
    async with serving(Serving()) as server:
        server.says(PROFILES, body=profiles((ADA, 12), (BEN, 7)))
        clock = Clock(NOW)
        one = poller(settings(server.origin, database_url), "bluesky", database_url, clock)
        await settled(one, connection)
        assert len(server.heard) == 1  # both in one question
        await settled(one, connection)
        assert len(server.heard) == 1  # not again before their moments have come
        clock.at = NOW + timedelta(days=1)
        await settled(one, connection)
        assert len(server.heard) == 2
        await one.close()
    first, _ = await told(connection, "bluesky")
    assert first["source"] == "poll"
    assert json.loads(first["headers"])["fanfare-poll"] == "followers"
    assert await snapshots(connection) == {ADA: 12, BEN: 7}


@pytest.mark.parametrize("which", ANSWERS, ids=" ".join)
async def test_every_network_is_asked_in_its_own_words_and_understood(
    which: tuple[str, str], connection: Any, database_url: str
) -> None:
    network, name = which
    subject, body = ANSWERS[which]
    polling = platform(network).polling
    assert polling is not None
    asked = polling.poll(name)
    assert asked is not None
    async with serving(Serving()) as server:
        if network == "mastodon":  # each at its own server
            host = server.origin.removeprefix("http://")
            subject = subject.replace("https://social.example", server.origin)
            subject = subject.replace("social.example", host)
            body = json.loads(json.dumps(body).replace("https://social.example", server.origin))
        made = settings(
            server.origin,
            database_url,
            x={"poll_budget": "25"},
            linkedin={"page_token": "the page's"},
        )
        author = subject if asked.of is not Of.POSTS else AUTHORS.get(network, "2244994945")
        if network == "mastodon" and asked.of is Of.POSTS:
            author = f"ada@{host}"
        if network == "bluesky":
            author = ADA
        if asked.of is Of.COMPANY:
            await company_account(connection, network, author)
        else:
            owner = await linked(connection, network, author)
            await agreed(connection, made, network, author, owner, "the person's")
        if asked.of is Of.POSTS:
            await post_of(connection, network, author, subject, NOW - timedelta(days=2))
        if network == "linkedin":
            await decide_member_data(
                connection, network, True, "as signed", by=None, now=NOW - timedelta(days=1)
            )
        path = asked.ask((subject,), made.secrets_of(network)).url.removeprefix(server.origin)
        server.says(path.partition("?")[0], body=json.dumps(body).encode())
        one = poller(made, network, database_url, Clock(NOW))
        await settled(one, connection)
        heard = [one for one in server.heard if one.target == path]
        await one.close()
    assert len(heard) == 1
    token = "Bearer the page's" if asked.of is Of.COMPANY else "Bearer the person's"
    assert heard[0].headers.get("authorization") == (token if asked.token else None)
    deliveries = [
        row
        for row in await told(connection, network)
        if json.loads(row["headers"])["fanfare-poll"] == name
    ]
    assert len(deliveries) == 1
    assert "person's" not in str(dict(deliveries[0]))
    done = await intake(connection, now=datetime.now(UTC))
    assert done.set_aside == 0
    counted = await connection.fetchval(
        "select (select count(*) from snapshot) + (select count(*) from figure) + (select count(*) from post)"
    )
    assert counted >= (2 if asked.of is Of.POSTS else 1)


FAULTS: dict[str, Callable[[Serving], None]] = {
    "429": lambda it: it.says(PROFILES, status=429, headers={"Retry-After": "900"}),
    "503": lambda it: it.says(PROFILES, status=503, body=b"upstream"),
    "html": lambda it: it.says(PROFILES, headers={"Content-Type": "text/html"}, body=b"<html>Sorry"),
    "redirect": lambda it: it.says(PROFILES, status=302, headers={"Location": "/login"}),
    "huge": lambda it: it.says(PROFILES, body=b"[" + b"1," * 800_000 + b"1]"),
    "cut": lambda it: it.raw.update({PROFILES: lambda _: answer(body=profiles((ADA, 12)))[:-9]}),
    "short": lambda it: it.says(PROFILES, body=profiles((ADA, 12))[:-9]),
    "silence": lambda it: it.raw.update({PROFILES: lambda _: b""}),
    "noise": lambda it: it.raw.update({PROFILES: lambda _: b"\x00\xff\r\n\r\n"}),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_server_in_trouble_is_left_alone_and_nothing_it_sent_counts(
    fault: str, connection: Any, database_url: str
) -> None:
    await linked(connection, "bluesky", ADA)
    async with serving(Serving()) as server:
        FAULTS[fault](server)
        clock = Clock(NOW)
        one = poller(settings(server.origin, database_url), "bluesky", database_url, clock)
        await settled(one, connection)
        assert await told(connection, "bluesky") == []
        rest = (await pause(connection))["until_at"] - NOW
        assert rest >= timedelta(seconds=900 if fault == "429" else 30)
        assert rest <= timedelta(seconds=900 if fault == "429" else 60)
        times = len(server.heard)
        clock.at = NOW + rest - timedelta(seconds=1)
        await settled(one, connection)
        assert len(server.heard) == times  # it rests
        clock.at = NOW + rest
        await settled(one, connection)
        assert len(server.heard) == times + 1
        assert (await pause(connection))["failures"] == 2
        assert (await pause(connection))["until_at"] - clock.at >= timedelta(seconds=90)
        # It is well again: it is asked, and all is forgotten.
        server.says(PROFILES, body=profiles((ADA, 12)))
        clock.at = (await pause(connection))["until_at"]
        await settled(one, connection)
        assert await pause(connection) is None
        await one.close()
    assert await snapshots(connection) == {ADA: 12}


async def test_what_is_json_and_not_understood_is_set_aside_whole_and_asked_again_later(
    connection: Any, database_url: str
) -> None:
    await linked(connection, "bluesky", ADA)
    async with serving(Serving()) as server:
        server.says(PROFILES, body=profiles((BEN, 5)))  # somebody else
        clock = Clock(NOW)
        one = poller(settings(server.origin, database_url), "bluesky", database_url, clock)
        await settled(one, connection)
        assert await pause(connection) is None
        row = await connection.fetchrow("select * from poll_due")
        assert row["failures"] == 1
        assert "asked about" in row["said"]
        assert row["due_at"] > NOW
        await one.close()
    done = await intake(connection, now=datetime.now(UTC))
    assert (done.set_aside, done.stored) == (1, 0)
    assert await snapshots(connection) == {}


async def test_a_server_that_has_enough_of_us_is_left_alone_until_it_says(
    connection: Any, database_url: str
) -> None:
    await linked(connection, "bluesky", ADA)
    async with serving(Serving()) as server:
        headers = {"RateLimit-Remaining": "0", "RateLimit-Reset": "300"}
        server.says(PROFILES, headers=headers, body=profiles((ADA, 12)))
        one = poller(settings(server.origin, database_url), "bluesky", database_url, Clock(NOW))
        await settled(one, connection)
        await one.close()
    resting = await pause(connection)
    assert (resting["failures"], resting["until_at"]) == (0, NOW + timedelta(seconds=300))
    assert await snapshots(connection) == {ADA: 12}


async def test_a_server_that_fails_or_crawls_delays_no_other(
    connection: Any, database_url: str
) -> None:
    async with AsyncExitStack() as stack:
        servers = [await stack.enter_async_context(serving(Serving())) for _ in range(3)]
        hosts = [one.origin.removeprefix("http://") for one in servers]
        body = json.dumps(
            {"id": "1", "username": "ada", "acct": "ada", "followers_count": 9}
        ).encode()
        path = "/api/v1/accounts/lookup"
        servers[0].says(path, body=body, drip_s=0.5)  # it would take half a minute
        servers[1].says(path, status=500)
        servers[2].says(path, body=body)
        for host in hosts:
            await linked(connection, "mastodon", f"ada@{host}")
        made = settings(servers[0].origin, database_url)
        made = type(made)(**{**vars(made), "peers": tuple(one.origin for one in servers)})
        one = poller(made, "mastodon", database_url, Clock(NOW))
        began = asyncio.get_running_loop().time()
        while not (rows := await told(connection, "mastodon")):
            await one.tick(connection)
            await asyncio.sleep(0.01)
        assert asyncio.get_running_loop().time() - began < 5
        assert [json.loads(row["headers"])["fanfare-subject"] for row in rows] == [
            f"ada@{hosts[2]}"
        ]
        assert one.busy  # the crawling one is still being asked
        for _ in range(100):
            await one.tick(connection)
            if (resting := await pause(connection)) is not None:
                break
            await asyncio.sleep(0.01)
        assert resting["server"] == servers[1].origin
        await one.close()


async def test_only_whoever_agreed_is_asked_about_and_in_their_own_name(
    connection: Any, database_url: str
) -> None:
    ada = await linked(connection, "x", "1001")
    await linked(connection, "x", "1002")
    async with serving(Serving()) as server:
        made = settings(server.origin, database_url, x={"poll_budget": "25"})
        await agreed(connection, made, "x", "1001", ada, "of Ada")
        body = {"data": {"id": "1001", "public_metrics": {"followers_count": 5}}}
        server.says("/2/users/1001", body=json.dumps(body).encode())
        one = poller(made, "x", database_url, Clock(NOW))
        await settled(one, connection)
        await one.close()
    assert [one.path for one in server.heard] == ["/2/users/1001"]
    assert server.heard[0].headers["authorization"] == "Bearer of Ada"


@pytest.mark.parametrize("how", ["unlinked", "paused", "left", "withdrawn"])
async def test_whoever_goes_between_planning_and_asking_is_not_asked_about(
    how: str, connection: Any, database_url: str
) -> None:
    owner = await linked(connection, "x", "1001")
    async with serving(Serving()) as server:
        made = settings(server.origin, database_url, x={"poll_budget": "25"})
        await agreed(connection, made, "x", "1001", owner, "of Ada")
        clock = Clock(NOW)
        one = poller(made, "x", database_url, clock)
        assert await plan(connection, platform("x"), made, NOW) == 1
        if how == "unlinked":
            async with connection.transaction():
                await unlink(connection, owner, account_id("x", "1001"), NOW)
        elif how == "withdrawn":
            await connection.execute("update consent set state = 'withdrawn'")
        else:
            await connection.execute(
                """insert into enrolment (person_id, effective_at, state, recorded_at)
                   values ($1, $2, $3, $2)""",
                owner,
                NOW,
                how,
            )
        one._plans_at = NOW + timedelta(minutes=2)  # it planned just now
        await settled(one, connection)
        await one.close()
    assert server.heard == []
    assert await connection.fetchval("select count(*) from poll_due") == 0


async def test_a_token_that_is_refused_ends_that_consent_and_nobody_elses(
    connection: Any, database_url: str
) -> None:
    async with serving(Serving()) as server:
        made = settings(server.origin, database_url, x={"poll_budget": "25"})
        for number in ("1001", "1002"):
            owner = await linked(connection, "x", number)
            await connection.execute(
                """insert into profile (person_id, email, name, visibility, opens_networks, opens_mix,
                     opens_gain) values ($1, $2, 'A', 'name', false, false, false)""",
                owner,
                f"{number}@halden.example",
            )
            await agreed(connection, made, "x", number, owner, f"of {number}")
            body = {"data": {"id": number, "public_metrics": {"followers_count": 5}}}
            server.says(f"/2/users/{number}", body=json.dumps(body).encode())
        server.says("/2/users/1001", status=401, body=b'{"title": "Unauthorized"}')
        one = poller(made, "x", database_url, Clock(NOW))
        await settled(one, connection)
        await one.close()
    assert await snapshots(connection) == {"1002": 5}
    states = await connection.fetch("select account_id, state from consent")
    assert dict(states) == {account_id("x", "1001"): "refused", account_id("x", "1002"): "given"}
    assert await pause(connection) is None


async def test_a_budget_in_money_holds_with_several_workers_that_die(
    connection: Any, database_url: str
) -> None:
    async with serving(Serving()) as server:
        # Nine days are left of November: 9 × 4 cents a day, four questions.
        made = settings(server.origin, database_url, x={"poll_budget": "0.36"})
        for number in range(1001, 1011):
            owner = await linked(connection, "x", str(number))
            await agreed(connection, made, "x", str(number), owner, "a token")
            body = {"data": {"id": str(number), "public_metrics": {"followers_count": 5}}}
            server.says(f"/2/users/{number}", body=json.dumps(body).encode())
        for minutes in (0, 11, 22):  # workers that die while they ask; what they took is due again
            clock = Clock(NOW + timedelta(minutes=minutes))
            dying = await asyncpg.connect(database_url)
            one = poller(made, "x", database_url, clock)
            await one.tick(dying)
            if minutes:
                await settled(one, dying)
            dying.terminate()
            await one.close()
            await asyncio.sleep(0.02)
        month, _ = await spent(connection, "x", NOW)
    assert month.price == 40
    assert len(server.heard) <= 4


async def test_what_was_taken_by_a_worker_that_died_is_due_again_within_minutes(
    connection: Any, database_url: str
) -> None:
    await linked(connection, "bluesky", ADA)
    bluesky, secrets = platform("bluesky"), Secrets()
    budget = Budget(10, None)
    await plan(connection, bluesky, Settings(), NOW)
    first = await take(connection, bluesky, secrets, budget, NOW)
    assert [len(questions) for questions in first.by_server.values()] == [1]
    assert not (await take(connection, bluesky, secrets, budget, NOW)).by_server
    again = await take(connection, bluesky, secrets, budget, NOW + LEASE)
    assert [len(questions) for questions in again.by_server.values()] == [1]
    assert (await spent(connection, "bluesky", NOW))[1].calls == 2


async def test_one_worker_asks_and_another_takes_over_when_it_is_gone(
    connection: Any, database_url: str
) -> None:
    await linked(connection, "bluesky", ADA)
    async with serving(Serving()) as server:
        server.says(PROFILES, body=profiles((ADA, 12)))
        made = settings(server.origin, database_url)
        leader = await asyncpg.connect(database_url)
        first, second = (poller(made, "bluesky", database_url, Clock(NOW)) for _ in range(2))
        assert await first._leads(leader)
        await settled(second, connection)
        assert server.heard == []
        await leader.close()
        await settled(second, connection)
        assert len(server.heard) == 1
        await second.close()


async def test_the_companys_reshare_of_a_persons_post_on_linkedin_is_recognised(
    connection: Any, database_url: str
) -> None:
    page, parent = "urn:li:organization:90001", "urn:li:share:7299999999999999999"
    await company_account(connection, "linkedin", page)
    async with serving(Serving()) as server:
        made = settings(server.origin, database_url, linkedin={"page_token": "the page's"})
        server.says("/rest/posts", body=json.dumps(ANSWERS["linkedin", "posts"][1]).encode())
        clock = Clock(NOW)
        one = poller(made, "linkedin", database_url, clock)
        await settled(one, connection)
        clock.at = NOW + timedelta(hours=1)
        await settled(one, connection)  # asked every hour, and told the same
        await one.close()
    assert len(server.heard) == 2
    await intake(connection, now=datetime.now(UTC))
    row = await connection.fetchrow("select * from engagement")
    assert (row["kind"], row["source"]) == ("quote", "poll")
    assert row["actor_id"] == account_id("linkedin", page)
    assert row["post_id"] == native_key("linkedin", parent)
    assert await connection.fetchval("select count(*) from engagement") == 1


async def test_members_of_linkedin_are_not_asked_about_before_that_is_confirmed(
    connection: Any, database_url: str
) -> None:
    member = "urn:li:person:AbC1234567"
    owner = await linked(connection, "linkedin", member)
    async with serving(Serving()) as server:
        made = settings(server.origin, database_url)
        await agreed(connection, made, "linkedin", member, owner, "of Ada")
        server.says("/rest/memberFollowersCount", body=b'{"elements":[{"memberFollowersCount":9}]}')
        clock = Clock(NOW)
        one = poller(made, "linkedin", database_url, clock)
        await settled(one, connection)
        assert server.heard == []
        await decide_member_data(connection, "linkedin", True, "as signed", by=None, now=NOW)
        clock.at = NOW + timedelta(minutes=3)
        await settled(one, connection)
        assert len(server.heard) == 1
        await decide_member_data(connection, "linkedin", False, "withdrawn", by=None, now=clock.at)
        clock.at = NOW + timedelta(days=2)
        await settled(one, connection)
        assert len(server.heard) == 1
        await one.close()
    assert await snapshots(connection) == {member: 9}


class Pigeons(Platform):
    """A network made up here: nothing else knows of it."""

    name, label, raw_ttl_days = "pigeon", "Pigeon post", 1
    capabilities = Capabilities(frozenset(), frozenset(), frozenset({Arrival.POLL}), "days", "none")
    incentive = IncentivePolicy(Incentive.OFF, "why", "https://pigeon.example", date(2026, 11, 1))
    polling = Polling(
        (
            Poll(
                "loft", "how many doves fly to each", About.FOLLOWERS, Of.PEOPLE,
                lambda subjects, secrets: Ask(f"{secrets.one('api')}/lofts/{subjects[0]}"),
                lambda told: [Snapshot(told.subject, told.json()["doves"].count())],
                token=False,
            ),
        ),
        calls_a_day=5,
        pace_s=0.1,
    )  # fmt: skip

    def verify(self, headers: Any, body: bytes, secrets: Secrets, now: datetime) -> str:
        """Nobody posts here."""
        raise NotImplementedError

    def adapt(self, delivery: Delivery) -> Telling:
        """Read a loft."""
        assert self.polling is not None
        return self.polling.adapt(delivery)


async def test_a_network_made_up_elsewhere_is_asked_like_any_other(
    connection: Any, database_url: str
) -> None:
    await linked(connection, "pigeon", "ada")
    async with serving(Serving()) as server:
        server.says("/lofts/ada", body=b'{"doves": 3}')
        made = settings(server.origin, database_url, pigeon={"api": server.origin})
        one: Poller = poller(made, Pigeons(), database_url, Clock(NOW))
        await settled(one, connection)
        await one.close()
    (delivery,) = await told(connection, "pigeon")
    read = Pigeons().adapt(
        Delivery(1, "pigeon", "poll", json.loads(delivery["headers"]), delivery["body"], NOW)
    )
    assert read.facts == (Snapshot("ada", 3),)


async def test_a_webhook_can_never_pass_for_the_answer_to_a_poll() -> None:
    forged = {"fanfare-poll": "followers", "fanfare-subject": "1"}
    for name in ("x", "linkedin", "mastodon", "facebook", "youtube", "threads", "instagram"):
        network = platform(name)
        assert "fanfare-poll" not in network.kept_headers(forged, Secrets())


async def test_posts_are_asked_about_while_they_are_new(connection: Any, database_url: str) -> None:
    owner = await person(connection)
    await linked(connection, "bluesky", ADA, owner)
    fresh, old = (f"at://{ADA}/app.bsky.feed.post/{name}" for name in ("fresh", "old"))
    await post_of(connection, "bluesky", ADA, fresh, NOW - timedelta(days=13))
    await post_of(connection, "bluesky", ADA, old, NOW - timedelta(days=15))
    bluesky = platform("bluesky")
    await plan(connection, bluesky, Settings(), NOW)
    asked = "select subject from poll_due where poll = 'posts'"
    assert [row["subject"] for row in await connection.fetch(asked)] == [fresh]
    await plan(connection, bluesky, Settings(), NOW + timedelta(days=2))
    assert await connection.fetch(asked) == []


async def test_a_persons_post_that_the_page_reshared_stands_on_the_wall(
    connection: Any, database_url: str
) -> None:
    """From the company's account named by an administrator to «Shared by the company»."""
    page, member = "urn:li:organization:90001", "urn:li:person:AbC1234567"
    parent = "urn:li:share:7299999999999999999"
    long_ago = NOW - timedelta(days=300)
    await adopt_rulebook(
        connection,
        default_rulebook_toml(),
        name="default",
        valid_from=long_ago,
        recorded_at=long_ago,
    )
    async with connection.transaction():
        await name_as_companys(connection, "linkedin", Named(page, page), by=None, now=long_ago)
    ada = await linked(connection, "linkedin", member)
    await post_of(connection, "linkedin", member, parent, datetime(2026, 8, 31, 9, tzinfo=UTC))
    async with serving(Serving()) as server:
        made = settings(server.origin, database_url, linkedin={"page_token": "the page's"})
        server.says("/rest/posts", body=json.dumps(ANSWERS["linkedin", "posts"][1]).encode())
        one = poller(made, "linkedin", database_url, Clock(NOW))
        await settled(one, connection)
        await one.close()
    await intake(connection, now=datetime.now(UTC))
    while (await score(connection, now=datetime.now(UTC), zone=ZoneInfo("Europe/Berlin"))).changes:
        continue
    (reshare,) = await wall(connection, limit=5)
    assert reshare.person_id == ada
    assert reshare.points > 0


async def test_one_answer_that_cannot_be_read_spoils_the_others_but_once(
    connection: Any, database_url: str
) -> None:
    await linked(connection, "bluesky", ADA)
    await linked(connection, "bluesky", BEN)

    def counted(heard: Heard) -> bytes:
        both = [one for one in (ADA, BEN) if one.replace(":", "%3A") in heard.target]
        counts = {ADA: 12, BEN: -1}
        return answer(body=profiles(*((did, counts[did]) for did in both)))

    async with serving(Serving()) as server:
        server.raw[PROFILES] = counted
        clock = Clock(NOW)
        one = poller(settings(server.origin, database_url), "bluesky", database_url, clock)
        for day in range(2):
            clock.at = NOW + timedelta(days=day)
            await settled(one, connection)
        await one.close()
    assert len(server.heard) == 3  # together, then each alone
    assert await snapshots(connection) == {ADA: 12}


async def test_a_question_that_makes_a_server_stumble_lets_the_others_go_first(
    connection: Any, database_url: str
) -> None:
    async with serving(Serving()) as server:
        made = settings(server.origin, database_url, x={"poll_budget": "25"})
        for number in ("1001", "1002", "1003"):
            owner = await linked(connection, "x", number)
            await agreed(connection, made, "x", number, owner, "a token")
            body = {"data": {"id": number, "public_metrics": {"followers_count": 5}}}
            server.says(f"/2/users/{number}", body=json.dumps(body).encode())
        server.says("/2/users/1002", status=500)
        clock = Clock(NOW)
        one = poller(made, "x", database_url, clock)
        for minutes in (0, 1, 2):
            clock.at = NOW + timedelta(minutes=minutes)
            await settled(one, connection)
        await one.close()
    assert await snapshots(connection) == {"1001": 5, "1003": 5}


async def test_without_the_key_of_tokens_nobody_is_asked_and_nothing_is_paid(
    connection: Any, database_url: str
) -> None:
    owner = await linked(connection, "x", "1001")
    async with serving(Serving()) as server:
        made = settings(server.origin, database_url, x={"poll_budget": "25"})
        other = replace(made, secret_key="another key that is as long as it must be")
        await agreed(connection, other, "x", "1001", owner, "of Ada")
        one = poller(made, "x", database_url, Clock(NOW))
        await settled(one, connection)
        await one.close()
    assert server.heard == []
    assert (await spent(connection, "x", NOW))[0].price == 0
    assert "FANFARE_TOKEN_KEYS" in await connection.fetchval("select said from poll_due")


async def test_what_somebody_did_not_agree_to_is_not_asked_in_their_name(
    connection: Any, database_url: str
) -> None:
    owner = await linked(connection, "x", "1001")
    made = settings("http://127.0.0.1:9", database_url, x={"poll_budget": "25"})
    await agreed(connection, made, "x", "1001", owner, "of Ada")
    await post_of(connection, "x", "1001", "1800000000000000101", NOW - timedelta(days=1))
    x, asked = platform("x"), "select poll from poll_due"
    await plan(connection, x, made, NOW)
    assert {row["poll"] for row in await connection.fetch(asked)} == {"followers", "post"}
    await connection.execute("update consent set scopes = array['users.read']")
    await plan(connection, x, made, NOW)
    assert [row["poll"] for row in await connection.fetch(asked)] == ["followers"]
