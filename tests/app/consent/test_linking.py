"""Linking by consent: each network in its own shapes, and everything that comes back but a yes."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from cryptography.fernet import Fernet
from litestar import Litestar

from app.consent import Keys, token_of
from app.going_out import Outside
from app.polls.planning import plan
from app.proofs import Choices, ask_administrator, decide_claim, find_account, open_claim
from app.settings import Settings
from scoring import AccountTaken, Ask, Named, NotAnAccount, accounts_of, link, platform
from tests.app.consent.conftest import BASE, Person, own, owners, said
from tests.app.consent.world import NATIVE, PEOPLE, PROOF, Somebody, World
from tests.app.polls.company import Clock, poller, settled

NETWORKS = sorted(NATIVE)


@pytest.mark.parametrize("network", NETWORKS)
async def test_each_network_says_whose_the_account_is_and_it_is_linked(
    ada: Person, world: World, connection: Any, settings: Settings, outside: Outside, network: str
) -> None:
    consent = platform(network).consent
    assert consent is not None
    page = await ada.browser.get(f"/me/accounts/consent/{network}")
    for scope in consent.scopes:
        assert scope.words in said(page)
    assert consent.never in said(page)

    there = await ada.leaves(network)
    asks = {name: value for name, [value] in parse_qs(urlsplit(there).query).items()}
    assert asks["scope"].split(consent.separator) == [scope.name for scope in consent.scopes]
    at = "?at=social.example" if network == "mastodon" else ""
    assert asks["redirect_uri"] == f"{BASE}/oauth/{network}/callback{at}"
    assert len(asks["state"]) >= 43
    assert asks.get("code_challenge_method") == ("S256" if network in PROOF else None)

    answer = await ada.returns(world.say(there, PEOPLE[network]))
    assert (answer.status_code, answer.headers["location"]) == (303, "/me/accounts/consent")
    assert await owners(connection, own(network)) == [ada.id]
    face = await connection.fetchrow(
        "select professional, disclaimer from account_face where account_id = $1", own(network)
    )
    assert tuple(face) == (False, True)

    token = await token_of(connection, settings, outside, own(network))
    assert token is not None
    server = "https://social.example" if network == "mastodon" else None
    assert token.server == server
    who = await outside.ask(consent.who(server), token=token.access)
    assert consent.named(who, server).native_id == NATIVE[network]
    lies = str(await connection.fetchrow("select * from consent"))
    assert token.access not in lies
    assert token.access.encode().hex() not in lies
    shown = said(await ada.browser.get("/me/accounts/consent"))
    assert "working" in shown


async def test_who_names_an_account_on_x_is_led_there_where_an_app_is_set(
    ada: Person, connection: Any, application: Litestar, settings: Settings
) -> None:
    shown = said(await ada.browser.get("/me"))
    assert "nothing to type; X asks you" in shown
    assert "data archive" not in shown
    chosen = {"counts": "handed_in", "kind": "professional", "disclaimer": "yes"}
    answer = await ada.posts("/me/accounts", network="x", handle="", **chosen)
    where = "/me/accounts/consent/x?counts=handed_in&kind=professional&disclaimer=yes"
    assert (answer.status_code, answer.headers["location"]) == (303, where)
    page = (await ada.browser.get(where)).text
    for value in ("handed_in", "professional", "yes"):
        assert f'value="{value}" checked' in page
    assert await connection.fetchval("select count(*) from account_claim") == 0
    # Without an app the number is the way.
    application.state.settings = settings.with_secrets("x", client_id=(), client_secret=())
    try:
        answer = await ada.posts("/me/accounts", network="x", handle="@ada", **chosen)
    finally:
        application.state.settings = settings
    assert "Add the number of the account" in said(answer)


async def test_a_no_links_nothing_and_keeps_what_was_chosen(
    ada: Person, world: World, connection: Any
) -> None:
    for network in NETWORKS:
        there = await ada.leaves(network, counts="handed_in", kind="professional")
        answer = await ada.returns(world.say(there, PEOPLE[network], yes=False))
        assert answer.status_code == 422
        assert "You said no" in said(answer)
        assert 'value="handed_in" checked' in answer.text
        assert 'value="professional" checked' in answer.text
        assert await owners(connection, own(network)) == []
    assert not await connection.fetchval("select count(*) from consent")


async def test_a_way_back_is_good_once(ada: Person, world: World, connection: Any) -> None:
    back = world.say(await ada.leaves("x"), PEOPLE["x"])
    assert (await ada.returns(back)).status_code == 303
    again = await ada.returns(back)
    assert again.status_code == 422
    assert "used before" in said(again)
    assert await owners(connection, own("x")) == [ada.id]


async def test_a_way_back_is_good_for_the_session_it_was_made_in(
    ada: Person, ben: Person, world: World, connection: Any
) -> None:
    back = world.say(await ada.leaves("x"), PEOPLE["x"])
    answer = await ben.returns(back)
    assert answer.status_code == 422
    assert "not yours" in said(answer)
    assert await owners(connection, own("x")) == []
    # Nor can it be used by its owner afterwards: somebody else has seen it.
    assert (await ada.returns(back)).status_code == 422
    assert await owners(connection, own("x")) == []


async def test_a_way_back_of_one_network_opens_no_other(
    ada: Person, world: World, connection: Any
) -> None:
    back = world.say(await ada.leaves("x"), PEOPLE["x"])
    answer = await ada.returns(back.replace("/oauth/x/", "/oauth/threads/"))
    assert answer.status_code == 422
    assert not world.grants
    assert await connection.fetchval("select count(*) from ownership") == 0


async def test_a_way_back_without_state_or_code_says_so(ada: Person, world: World) -> None:
    for query in ("", "?code=x", "?state=x", "?state=x&code=y", "?error=access_denied"):
        answer = await ada.returns(f"{BASE}/oauth/x/callback{query}")
        assert answer.status_code == 422
        assert "begin again" in said(answer)
    back = world.say(await ada.leaves("x"), PEOPLE["x"])
    state = parse_qs(urlsplit(back).query)["state"][0]
    answer = await ada.returns(f"{BASE}/oauth/x/callback?{urlencode({'state': state})}")
    assert "sent nothing along" in said(answer)


async def test_a_code_that_was_used_before_links_nothing(
    ada: Person, world: World, connection: Any
) -> None:
    for network in NETWORKS:
        back = world.say(await ada.leaves(network), PEOPLE[network])
        code = parse_qs(urlsplit(back).query)["code"][0]
        del world.codes[code]
        answer = await ada.returns(back)
        assert answer.status_code == 422
        assert "did not take its own answer" in said(answer)
        assert await owners(connection, own(network)) == []


async def test_an_answer_of_another_place_is_refused(
    ada: Person, world: World, connection: Any
) -> None:
    back = world.say(await ada.leaves("youtube"), PEOPLE["youtube"])
    wrong = back.replace("accounts.google.com", "accounts.evil.example")
    assert "not from the place" in said(await ada.returns(wrong))
    back = world.say(await ada.leaves("mastodon"), PEOPLE["mastodon"])
    wrong = back.replace("at=social.example", "at=other.example")
    assert "not from the place" in said(await ada.returns(wrong))
    assert not world.grants
    assert await connection.fetchval("select count(*) from ownership") == 0


async def test_a_code_of_another_flow_is_refused_by_its_proof_key(
    ada: Person, ben: Person, world: World, connection: Any
) -> None:
    stolen = parse_qs(urlsplit(world.say(await ada.leaves("x"), PEOPLE["x"])).query)["code"][0]
    back = world.say(await ben.leaves("x"), Somebody("5", "ben"))
    mine = parse_qs(urlsplit(back).query)["code"][0]
    answer = await ben.returns(back.replace(mine, stolen))
    assert "did not take its own answer" in said(answer)
    assert await connection.fetchval("select count(*) from ownership") == 0


async def test_who_leaves_a_scope_out_reads_which_and_the_network_is_told(
    ada: Person, world: World, connection: Any
) -> None:
    consent = platform("x").consent
    assert consent is not None
    there = await ada.leaves("x")
    answer = await ada.returns(world.say(there, PEOPLE["x"], leave_out=("tweet.read",)))
    assert "see your public posts" in said(answer)
    assert await owners(connection, own("x")) == []
    assert all(grant.dead for grant in world.grants)


async def test_an_account_of_somebody_else_stays_theirs_and_the_token_is_given_back(
    ada: Person, ben: Person, world: World, connection: Any, settings: Settings, outside: Outside
) -> None:
    await ada.links("x")
    answer = await ben.links("x")
    assert answer.status_code == 422
    assert "linked to somebody else" in said(answer)
    assert await owners(connection, own("x")) == [ada.id]
    # Both have shown that they hold it; an administrator can be asked, and nothing else happens.
    shown = await connection.fetch("select person_id, how from account_proof order by id")
    assert [tuple(row) for row in shown] == [(ada.id, "oauth"), (ben.id, "oauth")]
    [claim] = await connection.fetch("select id, person_id from account_claim")
    assert claim["person_id"] == ben.id
    assert f'href="/me/accounts/claims/{claim["id"]}"' in answer.text
    assert (await ben.browser.get(f"/me/accounts/claims/{claim['id']}")).status_code == 200
    assert [grant.dead for grant in world.grants] == [False, True]
    # Where taking one token back ends all of an account, hers must go on working.
    await ada.links("youtube")
    assert (await ben.links("youtube")).status_code == 422
    token = await token_of(connection, settings, outside, own("youtube"))
    assert token is not None
    assert (
        await outside.ask(Ask("https://www.googleapis.com/youtube/v3/channels"), token=token.access)
    ).good


async def test_the_companys_own_account_is_nobodys_to_link(ben: Person, connection: Any) -> None:
    await connection.execute(
        "insert into account (id, platform, native_id, recorded_at) values ($1, 'x', $2, now())",
        own("x"),
        NATIVE["x"],
    )
    await connection.execute(
        """insert into ownership (account_id, effective_at, company, recorded_at)
           values ($1, now(), true, now())""",
        own("x"),
    )
    answer = await ben.links("x")
    assert "the company’s own account" in said(answer)
    assert not await connection.fetchval("select count(*) from consent")


async def test_of_two_people_who_link_one_account_at_once_one_has_it(
    ada: Person, ben: Person, world: World, connection: Any
) -> None:
    for network in ("mastodon", "x", "threads"):
        ways = [world.say(await one.leaves(network), PEOPLE[network]) for one in (ada, ben)]
        answers = await asyncio.gather(ada.returns(ways[0]), ben.returns(ways[1]))
        assert sorted(one.status_code for one in answers) == [303, 422]
        [owner] = await owners(connection, own(network))
        kept = await connection.fetch(
            "select person_id from consent where platform = $1 and state = 'given'", network
        )
        assert [row["person_id"] for row in kept] == [owner]


async def test_renewing_with_another_account_changes_nothing(
    ada: Person, world: World, connection: Any, settings: Settings, outside: Outside
) -> None:
    await ada.links("x")
    before = await token_of(connection, settings, outside, own("x"))
    answer = await ada.links("x", Somebody("777", "second"), account=str(own("x")))
    assert "signed in as second, but this is ada" in said(answer)
    assert await connection.fetchval("select count(*) from account") == 1
    assert await token_of(connection, settings, outside, own("x")) == before


async def test_a_network_that_is_away_links_nothing_and_says_so(
    ada: Person, world: World, connection: Any
) -> None:
    back = world.say(await ada.leaves("x"), PEOPLE["x"])
    world.away = True
    answer = await ada.returns(back)
    assert "try again in a minute" in said(answer)
    world.away = False
    assert await connection.fetchval("select count(*) from ownership") == 0
    assert (await ada.links("x")).status_code == 303


async def test_an_answer_that_is_no_token_links_nothing(
    ada: Person, world: World, connection: Any
) -> None:
    for answer in (
        (200, {}), (200, []), (200, b"<html>"), (200, {"access_token": ""}), (500, {"error": {}}),
        (200, {"access_token": ["x"]}), (200, {"access_token": "a\nb"}), (400, b"\xff"), (302, {}),
        (200, {"error": "\x00"}), (200, {"access_token": "x" * 10_000}), (204, b""),
    ):  # fmt: skip
        back = world.say(await ada.leaves("x"), PEOPLE["x"])
        world.fail["api.x.com/2/oauth2/token"] = answer
        told = await ada.returns(back)
        assert told.status_code == 422
        assert "Nothing was linked" in said(told)
    assert await connection.fetchval("select count(*) from ownership") == 0


@pytest.mark.parametrize("network", NETWORKS)
async def test_a_network_that_does_not_say_whose_it_is_links_nothing(
    ada: Person, world: World, connection: Any, network: str
) -> None:
    consent = platform(network).consent
    assert consent is not None
    asked = urlsplit(consent.who("https://social.example").url)
    for whose in ({}, [], {"data": 5}, {"id": {}}, {"username": "a b"}, b"no"):
        back = world.say(await ada.leaves(network), PEOPLE[network])
        world.fail[asked.netloc + asked.path] = (200, whose)
        told = await ada.returns(back)
        assert told.status_code == 422
        assert "did not say whose account it is" in said(told)
    assert await connection.fetchval("select count(*) from ownership") == 0


async def test_a_server_speaks_for_its_own_accounts_only(
    ada: Person, world: World, connection: Any
) -> None:
    for name in ("ben@other.example", "../x", "ada@social.example"):
        answer = await ada.links("mastodon", Somebody("1", name))
        assert answer.status_code == 422, name
    assert await connection.fetchval("select count(*) from ownership") == 0
    await ada.links("mastodon", Somebody("1", "Ben"), server="@whoever@other.example")
    assert await connection.fetchval("select native_id from account") == "ben@other.example"


async def test_an_account_is_one_by_whichever_of_its_two_names_it_is_linked(
    ada: Person,
    ben: Person,
    world: World,
    connection: Any,
    settings: Settings,
    outside: Outside,
) -> None:
    who = Somebody("7", "ada")
    for typed in (
        "@ada@split.example",
        "split.example",
        "kept.example",
        "https://kept.example/@ada",
    ):
        assert (await ada.links("mastodon", who, server=typed)).status_code == 303, typed
        assert (await find_account(settings, outside, "mastodon", "@ada@kept.example")) == Named(
            "ada@split.example", "ada@split.example", "ada@kept.example"
        )
    now = datetime.now(UTC)
    [account] = await accounts_of(connection, ada.id, now)
    assert (account.native_id, account.url) == ("ada@split.example", "https://kept.example/@ada")
    token = await token_of(connection, settings, outside, account.id)
    assert token is not None
    assert token.server == "https://kept.example"
    # Whoever asks about it goes to the server that keeps it.
    await plan(connection, platform("mastodon"), replace(settings, demo=False), now)
    [due] = await connection.fetch("select subject, server from poll_due")
    assert tuple(due) == ("ada@split.example", "https://kept.example")
    # Nor is it anybody else's by the other name, or twice hers if she had linked that before.
    assert (await ben.links("mastodon", who, server="kept.example")).status_code == 422
    both = Named("eve@split.example", "eve", "eve@kept.example")
    async with connection.transaction():
        await link(connection, ada.id, "mastodon", Named("eve@kept.example", "eve"), "every", now)
    async with connection.transaction():
        with pytest.raises(AccountTaken):
            await link(connection, ben.id, "mastodon", both, "every", now)
    async with connection.transaction():
        await link(connection, ada.id, "mastodon", both, "every", now)
    names = [one.native_id for one in await accounts_of(connection, ada.id, datetime.now(UTC))]
    assert names == ["ada@split.example", "eve@split.example"]


async def test_an_account_that_nobody_looked_at_is_asked_about_where_it_is_kept(
    ada: Person,
    ben: Person,
    world: World,
    connection: Any,
    database_url: str,
    settings: Settings,
) -> None:
    now, name = datetime.now(UTC), "ada@split.example"
    async with connection.transaction():
        claim = await open_claim(
            connection, ada.id, "mastodon", Named(name, name), Choices("every", False, False), now
        )
        await ask_administrator(connection, ada.id, claim, "It is mine.", now, otherwise=False)
        await decide_claim(connection, claim, by=ben.id, yes=True, reason="I know her.", now=now)
    clock = Clock(now + timedelta(seconds=1))
    asking = poller(replace(settings, demo=False), "mastodon", database_url, clock)
    try:
        await settled(asking, connection)
        clock.at += timedelta(seconds=1)
        await settled(asking, connection)
    finally:
        await asking.close()
    looked = [asked.host for asked in world.asked if asked.path.endswith("/lookup")]
    assert looked == ["split.example", "kept.example"]
    [account] = await accounts_of(connection, ada.id, clock.at)
    assert account.url == "https://kept.example/@ada"
    assert account.named.also == "ada@kept.example"
    [delivery] = await connection.fetch("select body from delivery")
    assert b'"followers_count": 12' in delivery["body"]
    [due] = await connection.fetch("select server, failures, due_at from poll_due")
    assert tuple(due)[:2] == ("https://kept.example", 0)
    assert due["due_at"] > clock.at


async def test_a_server_that_calls_its_accounts_anothers_is_not_believed(
    ada: Person, world: World, connection: Any
) -> None:
    world.lies = True
    assert (await ada.links("mastodon", server="other.example")).status_code == 303
    assert await connection.fetchval("select native_id from account") == "ada@other.example"


async def test_fanfare_registers_itself_once_at_a_server(
    ada: Person, ben: Person, world: World, connection: Any
) -> None:
    world.slow_s = 0.05
    await asyncio.gather(*(one.leaves("mastodon") for one in (ada, ben)))
    world.slow_s = 0.0
    registered = [asked for asked in world.asked if asked.path == "/api/v1/apps"]
    assert len(registered) == 1
    assert (
        registered[0].form["redirect_uris"] == f"{BASE}/oauth/mastodon/callback?at=social.example"
    )
    assert registered[0].form["scopes"] == "read:accounts read:statuses read:notifications"
    secret = world.apps["social.example"][1]
    assert secret.encode() not in await connection.fetchval("select client_secret from consent_app")


async def test_an_app_whose_secret_no_key_opens_is_made_anew_once(
    ada: Person,
    ben: Person,
    world: World,
    connection: Any,
    settings: Settings,
) -> None:
    assert (await ada.links("mastodon")).status_code == 303
    lost = replace(settings, token_keys=(Fernet.generate_key().decode(),))
    sealed = Keys.of(lost).seal("a secret")
    await connection.execute(
        "update consent_app set client_secret = $1, sealed_by = $2, aside_with = 'others'",
        sealed,
        Keys.of(lost).name,
    )
    world.slow_s = 0.05  # so that all of them come while it is asked
    ways = await asyncio.gather(*(who.leaves("mastodon") for who in (ada, ben, ben)))
    assert [asked.path for asked in world.asked].count("/api/v1/apps") == 2
    assert len({parse_qs(urlsplit(way).query)["client_id"][0] for way in ways}) == 1
    answer = await ben.returns(world.say(ways[1], Somebody("12", "ben")))
    assert answer.status_code == 303, said(answer)
    [app] = await connection.fetch("select sealed_by, aside_with from consent_app")
    assert tuple(app) == (Keys.of(settings).name, None)


async def test_a_server_that_forgot_fanfare_meets_it_anew(ada: Person, world: World) -> None:
    back = world.say(await ada.leaves("mastodon"), PEOPLE["mastodon"])
    world.apps.clear()
    assert "invalid_client" in said(await ada.returns(back))
    assert (await ada.links("mastodon")).status_code == 303


async def test_a_server_that_is_none_is_said_beside_its_field(ada: Person, world: World) -> None:
    for typed in ("", "localhost", "127.0.0.1", "http://", "a b", "social", "@ada", "x" * 400,
                  "юникод", "[::1]", "évil\x00.example"):  # fmt: skip
        answer = await ada.asks("mastodon", server=typed, counts="handed_in")
        assert answer.status_code == 422, typed
        assert 'id="server-error"' in answer.text
        assert 'value="handed_in" checked' in answer.text
    assert not world.asked


async def test_no_secret_is_logged(
    ada: Person,
    world: World,
    connection: Any,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(0)
    for network in NETWORKS:
        await ada.links(network)
    printed = capfd.readouterr()
    logged = f"{caplog.text}{printed.out}{printed.err}"
    secrets = {one for grant in world.grants for one in (grant.access, grant.refresh, grant.short)}
    assert len(world.grants) == len(NETWORKS)
    for secret in (secrets - {""}) | {"the app", "the+app"}:
        assert secret not in logged


async def test_only_who_takes_part_links_and_only_where_there_is_a_way(
    ada: Person, connection: Any, application: Any, company: Any
) -> None:
    assert (await ada.browser.get("/me/accounts/consent/standard")).status_code == 404
    assert (await ada.browser.get("/me/accounts/consent/nowhere")).status_code == 404
    assert (await ada.browser.get("/oauth/nowhere/callback?code=1&state=2")).status_code == 404
    await connection.execute(
        """insert into enrolment (person_id, effective_at, state, recorded_at)
           values ($1, now(), 'left', now())""",
        ada.id,
    )
    answer = await ada.asks("x")
    assert "Only who takes part" in said(answer)


async def test_where_the_company_names_the_servers_it_trusts_no_other_is_linked(
    ada: Person, world: World, connection: Any, settings: Settings, outside: Outside,
    application: Litestar,
) -> None:  # fmt: skip
    trusting = settings.with_secrets("mastodon", hosts=("trusted.example", "Other.Example:443"))
    application.state.settings = trusting
    answer = await ada.links("mastodon", Somebody("1", "ada"))
    assert answer.status_code == 422
    assert "takes those at trusted.example, other.example" in said(answer)
    assert await connection.fetchval("select count(*) from ownership") == 0
    with pytest.raises(NotAnAccount, match="trusted"):
        await find_account(trusting, outside, "mastodon", "@ada@social.example")
    await ada.links("mastodon", Somebody("1", "Ben"), server="@whoever@other.example")
    assert await connection.fetchval("select count(*) from ownership") == 1


async def test_nothing_is_linked_to_who_left_while_they_were_away(
    ada: Person, world: World, connection: Any
) -> None:
    back = world.say(await ada.leaves("mastodon"), PEOPLE["mastodon"])
    await connection.execute(
        """insert into enrolment (person_id, state, effective_at, recorded_at)
           values ($1, 'left', now(), now())""",
        ada.id,
    )
    answer = await ada.returns(back)
    assert answer.status_code == 422
    assert "Only who takes part" in said(answer)
    for table in ("ownership", "consent", "account_proof"):
        assert await connection.fetchval(f"select count(*) from {table}") == 0


async def test_a_server_that_is_slow_keeps_nobody_from_fanfare(
    ada: Person, ben: Person, world: World
) -> None:
    await ada.asks("mastodon")  # whatever is built once is there
    slow = world.held["other.example"] = asyncio.Event()
    leaving = [asyncio.create_task(ada.asks("mastodon", server="other.example")) for _ in range(24)]
    await asyncio.sleep(1.0)  # all of them wait for it by now
    answer = await ben.browser.get("/me")
    assert answer.status_code == 200
    assert not any(one.done() for one in leaving), "the server must still be asked meanwhile"
    slow.set()
    answers = await asyncio.gather(*leaving)
    assert {one.status_code for one in answers} == {200}
    assert [one.path for one in world.asked if one.host == "other.example"] == ["/api/v1/apps"]
