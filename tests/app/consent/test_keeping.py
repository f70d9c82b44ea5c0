"""What becomes of a consent: renewed by one at a time, warned of, ended with days of grace, taken back."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from redis.asyncio import Redis

from app.connections import known_connections, trouble_of
from app.consent import (
    GRACE,
    Keys,
    Unreadable,
    anything_due,
    held,
    keep_consents,
    token_of,
    token_refused,
    under_other_keys,
    withdraw,
)
from app.going_out import NotReachable, Outside
from app.proofs import Choices, ask_administrator, note_proof, open_claim
from app.settings import Settings, SettingsFault
from app.worker.worker import Worker
from scoring import (
    Answer,
    Ask,
    Consent,
    Granted,
    Named,
    NotGranted,
    link,
    platform,
    snapshot_due,
    unlink,
)
from tests.app.consent.conftest import Person, Rounds, own, said
from tests.app.consent.world import NATIVE, PEOPLE, RENEWS, Somebody, World

NETWORKS = sorted(NATIVE)


def later(**span: float) -> datetime:
    return datetime.now(UTC) + timedelta(**span)


async def state_of(connection: Any, network: str) -> str | None:
    state: str | None = await connection.fetchval(
        "select state from consent where account_id = $1 order by id desc limit 1", own(network)
    )
    return state


async def told(connection: Any, person_id: int) -> list[str]:
    rows = await connection.fetch(
        "select kind from notice where person_id = $1 and kind like 'consent%' order by id",
        person_id,
    )
    return [row["kind"] for row in rows]


def renewals(world: World) -> list[str]:
    return [
        asked.host
        for asked in world.asked
        if "refresh" in {**asked.query, **asked.form}.get("grant_type", "")
    ]


@pytest.mark.parametrize("network", sorted(RENEWS))
async def test_a_token_is_renewed_in_time_and_works(
    ada: Person, world: World, connection: Any, settings: Settings, outside: Outside, network: str
) -> None:
    await ada.links(network)
    first = await token_of(connection, settings, outside, own(network))
    assert first is not None
    assert first.expires_at is not None
    almost = first.expires_at - timedelta(minutes=2)
    second = await token_of(connection, settings, outside, own(network), almost)
    assert second is not None
    assert second.access != first.access
    assert second.expires_at is not None
    assert second.expires_at > first.expires_at
    consent = platform(network).consent
    assert consent is not None
    assert (await outside.ask(consent.who(None), token=second.access)).good
    assert await token_of(connection, settings, outside, own(network)) == second
    assert len(renewals(world)) == 1


async def test_one_renews_at_a_time_and_all_get_the_same_token(
    ada: Person, world: World, database_url: str, settings: Settings, outside: Outside
) -> None:
    await ada.links("x")
    world.slow_s = 0.05
    many = [await asyncpg.connect(database_url) for _ in range(6)]
    try:
        tokens = await asyncio.gather(
            *(token_of(one, settings, outside, own("x"), later(hours=3)) for one in many)
        )
    finally:
        for one in many:
            await one.close()
    assert len({token.access for token in tokens if token is not None}) == 1
    assert None not in tokens
    assert len(renewals(world)) == 1


async def test_nothing_a_network_gave_hangs_on_a_transaction_of_somebody_else(
    ada: Person, connection: Any, settings: Settings, outside: Outside
) -> None:
    await ada.links("x")
    async with connection.transaction():
        with pytest.raises(RuntimeError, match="outside a transaction"):
            await token_of(connection, settings, outside, own("x"))


async def test_a_lost_answer_is_asked_for_again_and_ends_in_clear_words(
    ada: Person, world: World, connection: Any, settings: Settings, outside: Outside
) -> None:
    await ada.links("x")
    first = await token_of(connection, settings, outside, own("x"))
    assert first is not None
    world.lose = (
        "/2/oauth2/token"  # X rotates: the old refresh token is used up, the new one nobody's
    )
    almost = later(minutes=117)
    assert await token_of(connection, settings, outside, own("x"), almost) == first
    assert await state_of(connection, "x") == "given"
    # The second try: X knows the old refresh token no more.
    assert await token_of(connection, settings, outside, own("x"), later(hours=3)) is None
    assert await state_of(connection, "x") == "refused"
    assert await told(connection, ada.id) == ["consent_ended"]
    assert "the answer got lost" in said(await ada.browser.get("/me/accounts/consent"))


async def test_a_network_that_is_away_ends_no_consent(
    ada: Person, world: World, connection: Any, settings: Settings, outside: Outside
) -> None:
    await ada.links("youtube")
    for trouble in ((500, {}), (503, {"error": "invalid_grant"}), (429, {}), (200, b"<html>"),
                    (401, {"error": "invalid_client"})):  # fmt: skip
        world.fail["oauth2.googleapis.com/token"] = trouble
        with pytest.raises(NotReachable):
            await token_of(connection, settings, outside, own("youtube"), later(hours=2))
    world.away = True
    with pytest.raises(NotReachable):
        await token_of(connection, settings, outside, own("youtube"), later(hours=2))
    world.away = False
    assert await state_of(connection, "youtube") == "given"
    assert await token_of(connection, settings, outside, own("youtube"), later(hours=2)) is not None


async def test_what_was_taken_back_at_the_network_ends_opens_grace_and_can_be_given_again(
    ada: Person, world: World, connection: Any, settings: Settings, outside: Outside, rounds: Rounds
) -> None:
    await ada.links("mastodon")
    await connection.execute(
        """insert into snapshot (account_id, followers, observed_at, source, recorded_at)
           values ($1, 120, $2, 'poll', $2)""",
        own("mastodon"),
        later(days=-2),
    )
    world.grants[0].dead = True
    await token_refused(connection, settings, own("mastodon"))
    assert await token_of(connection, settings, outside, own("mastodon")) is None
    assert await told(connection, ada.id) == ["consent_ended"]
    page = said(await ada.browser.get("/me/accounts/consent"))
    assert "you lose nothing" in page
    assert "Fanfare cannot look any more" in page
    # It is told once, the account stays hers, and her last count stands in.
    await token_refused(connection, settings, own("mastodon"))
    for hours in (0, 1, 13, 26):
        await rounds(hours=hours)
    assert await told(connection, ada.id) == ["consent_ended"]
    stood = await connection.fetch(
        "select followers, source from snapshot where account_id = $1 order by observed_at",
        own("mastodon"),
    )
    assert [tuple(row) for row in stood] == [(120, "poll")] + [(120, "carried")] * 3
    # So a contest that begins or ends meanwhile finds a count within its day, and she places in it.
    for hours in (2, 20, 30):
        assert await snapshot_due(connection, [ada.id], later(hours=hours)) == []
    # After the days of grace nothing stands in any more.
    beyond = datetime.now(UTC) + GRACE + timedelta(days=1)
    await rounds(days=GRACE.days + 1)
    assert await connection.fetchval("select count(*) from snapshot") == 4
    assert await snapshot_due(connection, [ada.id], beyond) != []
    answer = await ada.links("mastodon", account=str(own("mastodon")))
    assert answer.status_code == 303
    assert await state_of(connection, "mastodon") == "given"
    assert await token_of(connection, settings, outside, own("mastodon")) is not None


async def test_a_refused_token_that_can_be_renewed_is(
    ada: Person, world: World, connection: Any, settings: Settings, outside: Outside
) -> None:
    await ada.links("x")
    first = await token_of(connection, settings, outside, own("x"))
    await token_refused(connection, settings, own("x"))
    second = await token_of(connection, settings, outside, own("x"))
    assert first is not None
    assert second is not None
    assert first.access != second.access
    assert await told(connection, ada.id) == []


@pytest.mark.parametrize("network", ["linkedin", "facebook"])
async def test_what_only_its_owner_renews_is_warned_of_two_weeks_ahead_and_once(
    ada: Person, connection: Any, settings: Settings, outside: Outside, rounds: Rounds, network: str
) -> None:
    await ada.links(network)
    await rounds(days=40)
    assert await told(connection, ada.id) == []
    for days in (46.5, 47, 50):
        await rounds(days=days)
    assert await told(connection, ada.id) == ["consent_expiring"]
    assert await state_of(connection, network) == "expiring"
    # It goes on working until its last day.
    assert await token_of(connection, settings, outside, own(network), later(days=59)) is not None
    assert "ends soon" in said(await ada.browser.get("/me/accounts/consent"))
    await rounds(days=61)
    assert await told(connection, ada.id) == ["consent_expiring", "consent_ended"]
    assert await token_of(connection, settings, outside, own(network), later(days=61)) is None


@pytest.mark.parametrize("network", ["instagram", "threads"])
async def test_what_renews_itself_is_renewed_long_before_its_end(
    ada: Person, world: World, connection: Any, rounds: Rounds, network: str
) -> None:
    await ada.links(network)
    await rounds(days=29)
    assert not renewals(world)
    await rounds(days=31)
    assert len(renewals(world)) == 1
    assert await told(connection, ada.id) == []
    ends = await connection.fetchval("select expires_at from consent")
    assert ends > later(days=85)


@pytest.mark.parametrize("network", NETWORKS)
async def test_unlinking_stops_at_once_tells_the_network_and_keeps_no_token(
    ada: Person, world: World, connection: Any, settings: Settings, outside: Outside, network: str
) -> None:
    await ada.links(network)
    answer = await ada.posts(f"/me/accounts/{own(network)}/unlink")
    assert answer.status_code == 303
    assert await token_of(connection, settings, outside, own(network)) is None
    assert await connection.fetchval("select count(*) from consent") == 0
    consent = platform(network).consent
    assert consent is not None
    knows = consent.endpoints("https://s").revoke or consent.revocation("https://s")
    assert world.grants[0].dead is bool(knows)


async def test_unlinking_deletes_how_it_was_linked_and_keeps_what_was_decided(
    ada: Person, ben: Person, connection: Any, rounds: Rounds
) -> None:
    await ada.links("mastodon")
    named, now = Named(NATIVE["mastodon"], NATIVE["mastodon"]), datetime.now(UTC)
    choices = Choices("every", False, False)
    async with connection.transaction():
        mine = await open_claim(connection, ada.id, "mastodon", named, choices, now)
        await connection.execute(
            "insert into claim_look (claim_id, recorded_at) values ($1, now())", mine
        )
        asked = await open_claim(connection, ben.id, "mastodon", named, choices, now)
        await ask_administrator(connection, ben.id, asked, "It is mine.", now, otherwise=False)
        await note_proof(connection, own("mastodon"), ben.id, "code", "your bio", now)
        await note_proof(
            connection, own("mastodon"), ada.id, "confirmed", "a word", now, confirmed_by=ben.id
        )
    assert "Deleted are the key to it" in said(await ada.browser.get("/me/seen"))
    await ada.posts(f"/me/accounts/{own('mastodon')}/unlink")
    claims = await connection.fetch("select id from account_claim")
    assert [row["id"] for row in claims] == [asked]
    assert not await connection.fetchval("select count(*) from claim_look")
    proofs = await connection.fetch("select person_id, how from account_proof order by id")
    assert [tuple(row) for row in proofs] == [(ben.id, "code"), (ada.id, "confirmed")]
    assert await connection.fetchval("select count(*) from ownership") == 2
    # Linked again and looked at once more: what is new is not touched by the old end.
    await ada.links("mastodon")
    await rounds(days=2)
    assert await connection.fetchval("select count(*) from account_proof where how = 'oauth'") == 1


async def test_a_network_that_is_away_is_told_later_and_asked_nothing_meanwhile(
    ada: Person, world: World, connection: Any, settings: Settings, outside: Outside, rounds: Rounds
) -> None:
    await ada.links("x")
    world.away = True
    assert (await ada.posts(f"/me/accounts/{own('x')}/unlink")).status_code == 303
    assert await token_of(connection, settings, outside, own("x")) is None
    assert await state_of(connection, "x") == "withdrawn"
    await rounds(minutes=11)
    assert await state_of(connection, "x") == "withdrawn"
    world.away = False
    # Linked again before the network heard of the first: the two do not touch each other.
    assert (await ada.links("x")).status_code == 303
    await rounds(minutes=22)
    assert [grant.dead for grant in world.grants] == [True, False]
    assert await token_of(connection, settings, outside, own("x")) is not None


async def test_what_was_given_before_is_told_to_the_network_and_what_works_goes_on(
    ada: Person, world: World, connection: Any, settings: Settings, outside: Outside, rounds: Rounds
) -> None:
    for network in ("x", "youtube", "mastodon"):
        world.grants.clear()
        world.same_again = network == "mastodon"
        await ada.links(network)
        await ada.links(network, account=str(own(network)))
        await rounds(seconds=1)
        assert [grant.dead for grant in world.grants] == [network == "x", False]
        assert (
            await connection.fetchval("select count(*) from consent where platform = $1", network)
            == 1
        )
        token = await token_of(connection, settings, outside, own(network))
        assert token is not None
        assert token.access == world.grants[-1].access


async def test_no_renewal_waits_for_what_an_unlinking_has_to_look_through(
    ada: Person,
    ben: Person,
    world: World,
    connection: Any,
    settings: Settings,
    outside: Outside,
    rounds: Rounds,
) -> None:
    await ada.links("x")
    await ben.links("x", Somebody("7", "ben"))
    async with connection.transaction():
        await unlink(connection, ada.id, own("x"), datetime.now(UTC))
        await withdraw(connection, own("x"), ada.id, datetime.now(UTC))
    other = await asyncpg.connect(settings.database_url)
    try:
        async with asyncio.timeout(20), other.transaction():
            await other.execute("lock table delivery in access exclusive mode")
            await keep_consents(connection, settings, outside, later(hours=25))
            assert renewals(world) == ["api.x.com"]
    finally:
        await other.close()
    assert await state_of(connection, "x") == "withdrawn"
    await rounds(hours=25)
    assert await state_of(connection, "x") is None


async def test_after_a_day_the_token_is_thrown_away_whatever_the_network_says(
    ada: Person, world: World, connection: Any, rounds: Rounds
) -> None:
    await ada.links("x")
    world.away = True
    await ada.posts(f"/me/accounts/{own('x')}/unlink")
    await rounds(hours=25)
    assert await connection.fetchval("select count(*) from consent") == 0


async def test_whoever_leaves_the_programme_takes_every_consent_back(
    ada: Person, world: World, connection: Any, settings: Settings, outside: Outside, rounds: Rounds
) -> None:
    await ada.links("x")
    await ada.links("mastodon")
    async with connection.transaction():  # one that Fanfare never looked at by consent
        await link(connection, ada.id, "standard", Named("e-1", "e-1"), "every", datetime.now(UTC))
    answer = await ada.posts("/me/leave", sure="yes")
    assert answer.status_code == 303
    assert await connection.fetchval("select count(*) from consent where state = 'withdrawn'") == 3
    assert await token_of(connection, settings, outside, own("x")) is None
    for _ in range(2):
        await rounds(seconds=1)
    assert await connection.fetchval("select count(*) from consent") == 0
    assert all(grant.dead for grant in world.grants)


async def test_who_lost_an_account_in_whatever_way_has_taken_the_consent_back_at_once(
    ada: Person, world: World, connection: Any, settings: Settings, redis: Redis
) -> None:
    async def loses_it() -> None:
        async with connection.transaction():
            await unlink(connection, ada.id, own("x"), datetime.now(UTC))

    [loop] = [one for one in Worker(settings, redis).loops if one.name == "taken back"]
    # While no worker runs, and while one has nothing to do for a day.
    await ada.links("x")
    await loses_it()
    working = asyncio.create_task(loop.run())
    try:
        for again in (False, True):
            if again:
                await ada.links("x")
                await loses_it()
            async with asyncio.timeout(20):
                while await connection.fetchval("select count(*) from consent"):
                    await asyncio.sleep(0.02)
            assert all(grant.dead for grant in world.grants)
    finally:
        loop.end()
        await working


async def test_a_token_is_never_of_somebody_who_has_the_account_no_more(
    ada: Person, connection: Any, settings: Settings, outside: Outside
) -> None:
    await ada.links("x")
    async with connection.transaction():
        await unlink(connection, ada.id, own("x"), datetime.now(UTC))
    assert await token_of(connection, settings, outside, own("x")) is None


async def test_keys_rotate_and_no_token_is_lost(
    ada: Person, connection: Any, settings: Settings, outside: Outside, rounds: Rounds
) -> None:
    await ada.links("mastodon")
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    first = await token_of(connection, settings, outside, own("mastodon"))
    for keys in ((old,), (new, old), (new,)):
        rotated = replace(settings, token_keys=keys)
        assert await token_of(connection, rotated, outside, own("mastodon")) == first
        await rounds(rotated, seconds=1)
        assert await under_other_keys(connection, Keys.of(rotated)) == 0
        assert (await held(connection, Keys.of(rotated))).words().startswith("1 accounts are seen")
        assert await token_of(connection, rotated, outside, own("mastodon")) == first
    # A key that went too soon is named, and nothing is thrown away.
    with pytest.raises(Unreadable, match="FANFARE_TOKEN_KEYS"):
        await token_of(connection, replace(settings, token_keys=(old,)), outside, own("mastodon"))
    await rounds(replace(settings, token_keys=(old,)), seconds=2)
    gone = await held(connection, Keys.of(replace(settings, token_keys=(old,))))
    assert (gone.unreadable, gone.older) == (2, 0)  # the account's token and the app's secret
    older = await held(connection, Keys.of(replace(settings, token_keys=(old, new))))
    assert (older.unreadable, older.older) == (0, 2)
    back = replace(settings, token_keys=(new,))
    assert await token_of(connection, back, outside, own("mastodon")) == first


async def test_what_cannot_be_read_is_set_aside_and_stands_before_nothing(
    ada: Person, connection: Any, settings: Settings, outside: Outside, rounds: Rounds
) -> None:
    await ada.links("mastodon")
    await ada.links("x")
    old, new, lost = (Fernet.generate_key().decode() for _ in range(3))
    await rounds(replace(settings, token_keys=(lost,)))
    gone = Keys.of(replace(settings, token_keys=(lost,)))
    rotated = replace(settings, token_keys=(new, old))
    await connection.execute(
        "update consent set access = $1, refresh = null, sealed_by = $2 where platform = 'x'",
        Keys.of(replace(settings, token_keys=(old,))).seal("a token"),
        Keys.of(replace(settings, token_keys=(old,))).name,
    )
    await connection.execute(
        """insert into account (id, platform, native_id, recorded_at)
           select gen_random_uuid(), 'mastodon', 'u' || n || '@s.example', now()
           from generate_series(1, 30) n"""
    )
    # More of them than a round looks at, and all before the one that can be moved.
    await connection.execute(
        """insert into ownership (account_id, effective_at, person_id, company, counts, recorded_at)
           select id, now(), $1, false, 'every', now() from account where native_id like 'u%@s.example'""",
        ada.id,
    )
    await connection.execute(
        """insert into consent (account_id, person_id, platform, server, state, scopes, access, sealed_by,
             due_at, given_at, changed_at)
           select id, $1, 'mastodon', 'https://s.example', 'given', '{}', 'x', $2, now(), now(), now()
           from account where native_id like 'u%@s.example'""",
        ada.id,
        gone.name,
    )
    await connection.execute("update consent set id = default where platform = 'x'")
    for _ in range(4):
        await rounds(rotated, seconds=1)
    assert not await anything_due(connection, rotated, later(seconds=2))
    assert (
        await connection.fetchval("select sealed_by from consent where platform = 'x'")
        == Keys.of(rotated).name
    )
    # Ada reads what it is, an administrator what to do; and with its key every one of them goes on.
    assert "Fanfare cannot read the key to it" in said(
        await ada.browser.get("/me/accounts/consent")
    )
    told_to = await known_connections(connection, rotated, later())
    trouble = [line for one in told_to for line in trouble_of(one, later())]
    assert any("31 let Fanfare see lies aside" in line for line in trouble)
    back = replace(settings, token_keys=(new, old, lost))
    assert await anything_due(connection, back, later(seconds=3))
    await rounds(back, seconds=3)
    [row] = await connection.fetch(
        "select aside_at, sealed_by from consent where account_id = $1", own("mastodon")
    )
    assert tuple(row) == (None, Keys.of(back).name)
    assert await token_of(connection, back, outside, own("mastodon")) is not None


async def test_what_nobody_can_read_is_still_deleted_once_it_is_unlinked(
    ada: Person, connection: Any, rounds: Rounds
) -> None:
    await ada.links("x")
    await connection.execute("update consent set access = 'x', refresh = null, sealed_by = 'gone'")
    assert (await ada.posts(f"/me/accounts/{own('x')}/unlink")).status_code == 303
    await rounds(hours=1)
    assert await state_of(connection, "x") == "withdrawn"
    await rounds(hours=25)
    assert await connection.fetchval("select count(*) from consent") == 0


async def test_a_network_that_is_slow_delays_no_other(
    ada: Person, world: World, connection: Any, settings: Settings, outside: Outside
) -> None:
    await ada.links("youtube")
    await ada.links("x")
    await connection.execute("update consent set due_at = now() where platform = 'youtube'")
    slow = world.held["oauth2.googleapis.com"] = asyncio.Event()
    before = await connection.fetchval("select access from consent where platform = 'x'")
    round_ = asyncio.create_task(keep_consents(connection, settings, outside, later(hours=25)))
    other = await asyncpg.connect(settings.database_url)
    try:
        async with asyncio.timeout(30):
            while await other.fetchval("select access from consent where platform = 'x'") == before:
                await asyncio.sleep(0.05)
    finally:
        await other.close()
    assert not round_.done()
    slow.set()
    await round_
    assert sorted(renewals(world)) == ["api.x.com", "oauth2.googleapis.com"]


def test_a_key_that_is_none_is_refused_by_its_variable() -> None:
    for wrong in ("short", "é" * 44, "A" * 43, "A" * 44 + "=="):
        environment = {"FANFARE_TOKEN_KEYS": wrong}
        with pytest.raises(SettingsFault, match="FANFARE_TOKEN_KEYS"):
            Settings.from_environment(environment)


async def test_every_message_leads_to_the_page_where_something_can_be_done(
    ada: Person, world: World, rounds: Rounds
) -> None:
    await ada.links("linkedin")
    await rounds(days=47)
    page = await ada.browser.get("/me/notices")
    assert re.search(r"ends on \d+ \w+ \d{4}", said(page))
    assert 'href="/me/accounts/consent"' in page.text


def outcome(consent: Consent, answer: Answer) -> Granted | NotGranted:
    try:
        return consent.granted(answer)
    except NotGranted as refusal:
        return refusal


@pytest.mark.parametrize("network", NETWORKS)
def test_no_answer_of_a_network_makes_anything_but_a_token_or_a_refusal(network: str) -> None:
    consent = platform(network).consent
    assert consent is not None
    plain = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
    names = st.sampled_from(
        ["access_token", "refresh_token", "expires_in", "scope", "error", "data", "code", "type",
         "permissions", "error_type", "token_type"]
    )  # fmt: skip
    value = st.recursive(
        plain, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=5)
    )

    @examples(max_examples=150)
    @given(st.sampled_from([200, 204, 302, 400, 401, 429, 500]), value | st.binary(max_size=40))
    def law(status: int, body: Any) -> None:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        said = outcome(consent, Answer(status, {}, raw))
        if isinstance(said, NotGranted):
            assert said.code.isprintable()
            assert len(said.code) <= 80
        else:
            assert said.access.isascii()
            assert said.access.isprintable()
            assert said.lasts_s is None or said.lasts_s > 0

    law()


def test_what_is_asked_is_never_shown_with_a_secret() -> None:
    assert "secret" not in repr(Ask("https://a.example/", "POST", form={"client_secret": "secret"}))
    assert PEOPLE.keys() == NATIVE.keys()
