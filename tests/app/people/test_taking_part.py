"""Joining, changing one's mind, and what that does to what counts."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from uuid import uuid4

import asyncpg
import pytest
from redis.asyncio import Redis

from app.live.screens import PEOPLE, SCREENS
from app.live.topics import topic_versions
from scoring import accounts_of, enrolment_state
from scoring.identity import account_id, native_key
from tests.app.people.visitor import Visitor, error_beside, path, values

SignIn = Callable[..., Awaitable[Visitor]]
JOIN = {
    "accept": "yes",
    "version": "1",
    "network": "mastodon",
    "handle": "@Ada@Social.Example",
    "counts": "disclosed",
    "kind": "professional",
    "visibility": "name",
}


async def join(visitor: Visitor, **changed: str):  # type: ignore[no-untyped-def]
    """Send the whole form of joining, and show that the account is one's own."""
    answer = await visitor.send_form("/join", "/join", **{**JOIN, **changed})
    return await visitor.show(answer) if path(answer).startswith("/me/accounts/claims") else answer


async def id_of(connection: asyncpg.Connection, name: str) -> int:
    """A person's id by name."""
    person_id: int = await connection.fetchval(
        "select person_id from profile where name = $1", name
    )
    return person_id


async def test_joining_links_enrols_accepts_and_tells_the_scoring_in_one_act(
    signed_in: SignIn, connection: asyncpg.Connection
) -> None:
    ada = await signed_in("Ada Lovelace")
    answer = await join(ada, opens_mix="yes")
    assert path(answer) == "/me"
    assert "The account is linked" in answer.text
    assert "ada@social.example" in answer.text
    person_id = await id_of(connection, "Ada Lovelace")
    now = datetime.now(UTC)
    assert await enrolment_state(connection, person_id, now) == "active"
    [account] = await accounts_of(connection, person_id, now)
    assert (account.native_id, account.counts) == ("ada@social.example", "disclosed")
    assert account.url == "https://social.example/@ada"
    subjects = values(await connection.fetch("select subject from change order by subject"))
    assert subjects == ["account", "person"]
    actions = values(
        await connection.fetch(
            "select action from audit where person_id = $1 order by id", person_id
        )
    )
    assert actions == ["policy_accepted", "shown", "enrolled", "linked", "account_proven"]
    profile = await connection.fetchrow("select * from profile where person_id = $1", person_id)
    assert (profile["opens_networks"], profile["opens_mix"], profile["opens_gain"]) == (
        False,
        True,
        False,
    )
    assert "Welcome" not in (await ada.get("/me")).text


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"accept": ""}, "accept"),
        ({"handle": ""}, "handle"),
        ({"handle": "ada"}, "handle"),
        ({"handle": "x" * 400}, "handle"),
        ({"handle": "a\0da@social.example"}, "handle"),
        ({"network": "myspace"}, "network"),
        ({"network": "x", "handle": "@ada"}, "handle"),
        ({"counts": "all of it"}, "counts"),
        ({"kind": ""}, "kind"),
        ({"visibility": "alias", "alias": ""}, "alias"),
        ({"visibility": "somehow"}, "visibility"),
        ({"version": "0"}, "accept"),
    ],
)
async def test_what_is_wrong_stands_beside_its_field_and_nothing_is_half_done(
    signed_in: SignIn, connection: asyncpg.Connection, changed: dict[str, str], field: str
) -> None:
    ada = await signed_in("Ada Lovelace")
    answer = (
        await join(ada, alias="Countess", **changed)
        if "alias" not in changed
        else await join(ada, **changed)
    )
    assert answer.status_code in (409, 422)
    assert error_beside(answer, field)
    if "alias" not in changed:
        assert 'value="Countess"' in answer.text
    for table in ("enrolment", "ownership", "policy_acceptance", "change", "account_claim"):
        assert await connection.fetchval(f"select count(*) from {table}") == 0


async def test_what_was_named_is_not_linked_before_it_is_shown(
    signed_in: SignIn, connection: asyncpg.Connection
) -> None:
    ada = await signed_in("Ada Lovelace")
    answer = await ada.send_form("/join", "/join", **JOIN)
    assert "Welcome" in answer.text
    person_id, now = await id_of(connection, "Ada Lovelace"), datetime.now(UTC)
    assert await enrolment_state(connection, person_id, now) == "active"
    assert await accounts_of(connection, person_id, now) == []
    assert await connection.fetchval("select count(*) from ownership") == 0
    assert "Not linked yet" in (await ada.get("/me")).text


async def test_an_account_belongs_to_one_person(
    signed_in: SignIn, connection: asyncpg.Connection
) -> None:
    ada, eve = await signed_in("Ada Lovelace"), await signed_in("Eve Moriarty")
    await join(ada)
    # Even who writes into the profile does not get what somebody else has.
    answer = await join(eve, handle="https://social.example/@ADA")
    assert "A colleague has linked this account" in answer.text
    eve_id, ada_id = (
        await id_of(connection, "Eve Moriarty"),
        await id_of(connection, "Ada Lovelace"),
    )
    assert await accounts_of(connection, eve_id, datetime.now(UTC)) == []
    assert len(await accounts_of(connection, ada_id, datetime.now(UTC))) == 1


async def test_an_account_given_up_can_become_somebody_elses(
    signed_in: SignIn, connection: asyncpg.Connection
) -> None:
    ada, eve = await signed_in("Ada Lovelace"), await signed_in("Eve Moriarty")
    await join(ada)
    account = account_id("mastodon", "ada@social.example")
    await ada.send_form("/me", f"/me/accounts/{account}/unlink")
    assert path(await join(eve)) == "/me"
    eve_id = await id_of(connection, "Eve Moriarty")
    assert len(await accounts_of(connection, eve_id, datetime.now(UTC))) == 1


async def test_an_alias_is_taken_by_one_person_and_never_a_colleagues_name(
    signed_in: SignIn,
) -> None:
    ada, eve = await signed_in("Ada Lovelace"), await signed_in("Eve Moriarty")
    await join(ada, visibility="alias", alias="Countess")
    for alias in ("countess", "ADA LOVELACE"):
        answer = await join(eve, visibility="alias", alias=alias, later="yes")
        assert "already" in (error_beside(answer, "alias") or "")


async def test_pause_resume_and_leave_hold_at_once(
    signed_in: SignIn, connection: asyncpg.Connection
) -> None:
    ada = await signed_in("Ada Lovelace")
    await join(ada)
    person_id = await id_of(connection, "Ada Lovelace")
    for action, state in (("pause", "paused"), ("resume", "active"), ("pause", "paused")):
        await ada.send_form("/me", f"/me/{action}")
        assert await enrolment_state(connection, person_id, datetime.now(UTC)) == state
    hasty = await ada.send_form("/me", "/me/leave")
    assert hasty.status_code == 422
    assert error_beside(hasty, "sure")
    answer = await ada.send_form("/me", "/me/leave", sure="yes")
    assert "costs you nothing" in answer.text
    now = datetime.now(UTC)
    assert await enrolment_state(connection, person_id, now) == "left"
    assert await accounts_of(connection, person_id, now) == []
    assert path(await join(ada)) == "/me"
    assert await enrolment_state(connection, person_id, datetime.now(UTC)) == "active"


async def test_hiding_and_pausing_are_told_to_the_boards_in_the_same_transaction(
    signed_in: SignIn, connection: asyncpg.Connection
) -> None:
    ada = await signed_in("Ada Lovelace")
    await join(ada)
    person_id = await id_of(connection, "Ada Lovelace")
    await connection.execute(
        "insert into total values ('points', 'all', '1970-01-01', $1, 5, 1)", person_id
    )
    await ada.send_form("/me", "/me/shown", visibility="hidden")
    await ada.send_form("/me", "/me/pause")
    versions = values(await connection.fetch("select version from outbox order by id"))
    assert versions == [2, 3]


async def test_screens_hear_at_once_that_somebody_hides_pauses_or_leaves(
    signed_in: SignIn, connection: asyncpg.Connection, redis: Redis
) -> None:
    ada = await signed_in("Ada Lovelace")
    await join(ada)
    told = [0]
    for where, fields in (
        ("/me/shown", {"visibility": "hidden"}),
        ("/me/pause", {}),
        ("/me/leave", {"sure": "yes"}),
    ):
        await ada.send_form("/me", where, **fields)
        told.append((await topic_versions(redis, [PEOPLE]))[PEOPLE])
    assert told == sorted(set(told))
    # On a topic of their own: whoever does it again and again delays no leader's tap.
    assert await topic_versions(redis, [SCREENS]) == {SCREENS: 0}


async def test_whoever_administers_the_page_on_linkedin_reads_their_other_way_beside_the_account(
    signed_in: SignIn, connection: asyncpg.Connection
) -> None:
    ada = await signed_in("Ada Lovelace")
    await join(ada)
    assert "administer the company’s page" not in (await ada.get("/me")).text
    account = account_id("linkedin", "urn:li:person:AbC1234567")
    await connection.execute(
        """with told as (insert into account (id, platform, native_id, recorded_at)
                         values ($1, 'linkedin', 'urn:li:person:AbC1234567', now()) returning id)
           insert into ownership (account_id, effective_at, person_id, company, counts, recorded_at)
           select id, now(), $2, false, 'every', now() from told""",
        account,
        await id_of(connection, "Ada Lovelace"),
    )
    assert "administer the company’s page" in (await ada.get("/me")).text


async def test_the_same_choice_again_appends_no_fact(
    signed_in: SignIn, connection: asyncpg.Connection
) -> None:
    ada = await signed_in("Ada Lovelace")
    await join(ada)
    account = account_id("mastodon", "ada@social.example")
    where = f"/me/accounts/{account}/counts"
    await ada.send_form("/me", where, counts="disclosed")
    await ada.send_form("/me", where, counts="every")
    await ada.send_form("/me", where, counts="every")
    await ada.send_form("/me", "/me/pause")
    await ada.send_form("/me", "/me/pause")
    counts = values(await connection.fetch("select counts from ownership order by id"))
    assert counts == ["disclosed", "every"]
    assert await connection.fetchval("select count(*) from enrolment") == 2


async def test_nobody_touches_an_account_or_a_post_of_somebody_else(
    signed_in: SignIn, connection: asyncpg.Connection
) -> None:
    ada, eve = await signed_in("Ada Lovelace"), await signed_in("Eve Moriarty")
    await join(ada)
    await join(eve, handle="@eve@social.example")
    account = account_id("mastodon", "ada@social.example")
    for action, form in (("unlink", {}), ("counts", {"counts": "every"})):
        answer = await eve.send_form("/me", f"/me/accounts/{account}/{action}", **form)
        assert answer.status_code == 404
    assert (await eve.send_form("/me", f"/me/accounts/{uuid4()}/unlink")).status_code == 404
    assert await connection.fetchval("select count(*) from ownership") == 2
    await tell_post(connection, "https://social.example/users/ada/statuses/1", account)
    said = [
        error_beside(await eve.send_form("/me", "/me/hand-in", post=post), "post")
        for post in (
            "https://social.example/users/ada/statuses/1",
            "https://social.example/users/nobody/statuses/1",
        )
    ]
    # Otherwise anybody could ask whether a colleague's post is counted.
    assert said[0]
    assert said[0] == said[1]
    assert await connection.fetchval("select count(*) from mark") == 0


async def tell_post(connection: asyncpg.Connection, native_id: str, author: object) -> None:
    """A post as a worker would have stored it."""
    now = datetime.now(UTC)
    post_id = native_key("mastodon", native_id)
    await connection.execute(
        """insert into post (post_id, platform, native_id, author_id, published_at, recorded_at)
           values ($1, 'mastodon', $2, $3, $4, $4)""",
        post_id,
        native_id,
        author,
        now,
    )
    await connection.execute(
        "insert into post_text values ($1, 'Hello', 'https://social.example/@ada/1', $2)",
        post_id,
        now,
    )


@pytest.mark.parametrize(
    "named", ["https://social.example/users/ada/statuses/1", "https://social.example/@ada/1"]
)
async def test_a_post_is_handed_in_by_its_address_or_its_id_and_once(
    signed_in: SignIn, connection: asyncpg.Connection, named: str
) -> None:
    ada = await signed_in("Ada Lovelace")
    await join(ada, counts="handed_in")
    unknown = await ada.send_form("/me", "/me/hand-in", post=named)
    assert error_beside(unknown, "post")
    assert f'value="{named}"' in unknown.text
    account = account_id("mastodon", "ada@social.example")
    await tell_post(connection, "https://social.example/users/ada/statuses/1", account)
    for _ in range(2):
        assert "Thank you" in (await ada.send_form("/me", "/me/hand-in", post=named)).text
    assert values(await connection.fetch("select name from mark")) == ["handed_in"]
    assert "post" in values(await connection.fetch("select subject from change"))


async def test_what_we_see_about_you_is_complete_and_leaves_as_json_and_csv(
    signed_in: SignIn, connection: asyncpg.Connection
) -> None:
    ada = await signed_in("Ada Lovelace")
    await join(ada, handle="@ada@social.example", visibility="alias", alias="=HYPERLINK(1)")
    await tell_post(
        connection,
        "https://social.example/users/ada/statuses/1",
        account_id("mastodon", "ada@social.example"),
    )
    page = await ada.get("/me/seen")
    assert page.status_code == 200
    assert "ada@social.example" in page.text
    everything = json.loads((await ada.get("/me/seen.json")).text)
    assert everything["profile"][0]["name"] == "Ada Lovelace"
    assert everything["posts"][0]["text"] == "Hello"
    assert [row["action"] for row in everything["log"]][-2:] == ["linked", "account_proven"]
    assert everything["policy"][0]["policy_version"] == 1
    assert everything["proofs"][0]["how"] == "code"
    assert everything["named_accounts"][0]["outcome"] == "linked"
    assert "password_hash" not in json.dumps(everything)
    sheet = (await ada.get("/me/seen.csv")).content.decode("utf-8-sig")
    assert "profile,1,alias,'=HYPERLINK(1)" in sheet


async def test_htmx_gets_the_block_it_asks_for_and_nothing_around_it(signed_in: SignIn) -> None:
    ada = await signed_in("Ada Lovelace")
    await join(ada)
    asks = {"HX-Request": "true", "HX-Target": "me-accounts"}
    block = (await ada.get("/me", headers=asks)).text
    assert block.lstrip().startswith('<section class="card" id="me-accounts"')
    assert "<html" not in block
    asks["HX-Target"] = "me-secrets"
    assert "<html" in (await ada.get("/me", headers=asks)).text
