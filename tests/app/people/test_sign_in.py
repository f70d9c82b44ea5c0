"""Who gets in, and who does not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import asyncpg
import pytest
from litestar import Litestar
from redis.asyncio import Redis

from app.auth import links, passwords
from app.auth.attempts import PER_EMAIL, may_try
from app.pages.sign_in import safe_path
from tests.app.people.conftest import PASSWORD, NewPerson
from tests.app.people.visitor import Visitor, error_beside, path

ADA = "ada.lovelace@northwind.test"


async def test_a_person_signs_in_and_lands_where_they_wanted_to(
    visitor: Visitor, person: NewPerson
) -> None:
    await person("Ada Lovelace")
    asked = await visitor.get("/me/seen")
    assert path(asked) == "/sign-in"
    assert 'value="/me/seen"' in asked.text
    answer = await visitor.send_form(
        "/sign-in", "/sign-in", email=ADA.upper(), password=PASSWORD, next="/me/seen"
    )
    assert path(answer) == "/me/seen"
    assert "Ada Lovelace" in answer.text


async def test_the_session_id_is_new_at_every_sign_in_and_the_old_one_is_over(
    application: Litestar, visitor: Visitor, person: NewPerson
) -> None:
    await person("Ada Lovelace")
    visitor.cookies.set("fanfare_session", "chosen-by-somebody-else", domain="fanfare.test")
    await visitor.sign_in(ADA, PASSWORD)
    first = visitor.cookies["fanfare_session"]
    assert first != "chosen-by-somebody-else"
    async with Visitor(application) as other:
        other.cookies.set("fanfare_session", first, domain="fanfare.test")
        assert path(await other.get("/me")) == "/me"
        page = await other.get("/me")
        assert page.status_code == 200
        await visitor.send_form("/me", "/sign-out")
        assert path(await other.get("/me")) == "/sign-in"


async def test_a_visit_without_signing_in_leaves_nothing_in_redis(
    visitor: Visitor, redis: Redis
) -> None:
    for page in ("/sign-in", "/policy", "/join", "/nowhere", "/me"):
        await visitor.get(page)
    assert await redis.keys("fanfare:session*") == []


async def test_a_wrong_password_and_an_unknown_person_look_alike(
    visitor: Visitor, person: NewPerson
) -> None:
    await person("Ada Lovelace")
    wrong = await visitor.sign_in(ADA, "not this one at all")
    unknown = await visitor.sign_in("nobody@northwind.test", "not this one at all")
    assert wrong.status_code == unknown.status_code == 422
    assert error_beside(wrong, "password") == error_beside(unknown, "password")
    assert f'value="{ADA}"' in wrong.text
    assert "not this one at all" not in wrong.text


async def test_after_too_many_tries_even_the_right_password_must_wait(
    visitor: Visitor, person: NewPerson, redis: Redis
) -> None:
    await person("Ada Lovelace")
    await visitor.sign_in(ADA, "wrong")
    key = (await redis.keys("fanfare:attempts:email:*"))[0]
    await redis.incrby(key, PER_EMAIL)
    answer = await visitor.sign_in(ADA, PASSWORD)
    assert answer.status_code == 429
    assert "quarter of an hour" in (error_beside(answer, "password") or "")
    assert 0 < await redis.ttl(key) <= 900


async def test_no_other_spelling_of_an_address_gives_more_tries(redis: Redis) -> None:
    # PostgreSQL's lower() makes an i of a capital I with a dot.
    spellings = ["ida@n.test", "IDA@N.TEST", "\u0130da@n.test", " ida@n.test "]
    tries = [await may_try(redis, spellings[n % 4], f"10.0.0.{n}") for n in range(PER_EMAIL + 4)]
    assert tries == [True] * PER_EMAIL + [False] * 4


async def test_a_form_without_its_token_is_refused(visitor: Visitor, person: NewPerson) -> None:
    await person("Ada Lovelace")
    answer = await visitor.post("/sign-in", data={"email": ADA, "password": PASSWORD})
    assert answer.status_code == 403
    assert path(await visitor.get("/me")) == "/sign-in"


async def test_the_cookies_are_out_of_reach_for_scripts_and_other_sites(
    visitor: Visitor, person: NewPerson
) -> None:
    await person("Ada Lovelace")
    visitor.follow_redirects = False
    cookies = (await visitor.sign_in(ADA, PASSWORD)).headers.get_list("set-cookie")
    session = next(c for c in cookies if c.startswith("fanfare_session="))
    assert "HttpOnly" in session
    assert "SameSite=lax" in session


@pytest.mark.parametrize(
    "elsewhere", ["//evil.test", "https://evil.test", "/\\evil.test", "javascript:x", "", "/\t/x"]
)
def test_nobody_is_sent_elsewhere_after_signing_in(elsewhere: str) -> None:
    assert safe_path(elsewhere) == "/"


async def test_a_new_password_ends_the_sessions_before_it(
    visitor: Visitor,
    application: Litestar,
    person: NewPerson,
    connection: asyncpg.Connection,
) -> None:
    person_id = await person("Ada Lovelace")
    await visitor.sign_in(ADA, PASSWORD)
    token = await links.make(connection, person_id, "invite", datetime.now(UTC))
    async with Visitor(application) as phone:
        words = "another long sentence"
        answer = await phone.send_form(
            f"/enter/{token}", f"/enter/{token}", password=words, again=words
        )
        assert path(answer) == "/join"
        assert path(await visitor.get("/me")) == "/sign-in"
        assert path(await phone.get("/me")) == "/me"
    async with Visitor(application) as again:
        assert (await again.get(f"/enter/{token}")).status_code == 404


async def test_opening_an_invitation_does_not_use_it_up(
    visitor: Visitor, person: NewPerson, connection: asyncpg.Connection
) -> None:
    token = await links.make(connection, await person("Ada Lovelace"), "invite", datetime.now(UTC))
    for _ in range(3):
        assert (await visitor.get(f"/enter/{token}")).status_code == 200
    refused = await visitor.send_form(
        f"/enter/{token}", f"/enter/{token}", password="Ada.Lovelace", again="ada lovelace"
    )
    assert refused.status_code == 422
    assert "first thing" in (error_beside(refused, "password") or "")
    assert error_beside(refused, "again")
    assert (await visitor.get(f"/enter/{token}")).status_code == 200


async def test_a_used_invitation_takes_the_persons_older_ones_along(
    visitor: Visitor, person: NewPerson, connection: asyncpg.Connection
) -> None:
    ada, eve = await person("Ada Lovelace"), await person("Eve Moriarty")
    now = datetime.now(UTC)
    old, new, other = [await links.make(connection, who, "invite", now) for who in (ada, ada, eve)]
    assert not await links.use_up(connection, "no such link", now)
    assert await links.use_up(connection, new, now)
    assert not await links.use_up(connection, old, now)
    assert (await visitor.get(f"/enter/{old}")).status_code == 404
    assert (await visitor.get(f"/enter/{other}")).status_code == 200


async def test_demo_links_open_nothing_outside_the_demo(
    visitor: Visitor, person: NewPerson, connection: asyncpg.Connection
) -> None:
    token = await links.make(connection, await person("Ada Lovelace"), "demo", datetime.now(UTC))
    assert (await visitor.get(f"/enter/{token}")).status_code == 404
    assert path(await visitor.get("/me")) == "/sign-in"
    now = datetime.now(UTC)
    assert await links.look_up(connection, token, now, demo=True) is not None
    assert await links.look_up(connection, token, now + timedelta(days=400), demo=True) is None


@pytest.mark.parametrize(
    "weak", ["short", "ada.lovelace@northwind.test", "AdaLovelace", "aaaaaaaaaaaaa", "x" * 2000]
)
def test_weak_passwords_are_refused_with_words(weak: str) -> None:
    with pytest.raises(passwords.PasswordUnfit, match=r"\.$"):
        passwords.fit(weak, email=ADA, name="Ada Lovelace")


async def test_a_hash_with_old_parameters_is_made_anew_at_sign_in(
    visitor: Visitor, person: NewPerson, connection: asyncpg.Connection
) -> None:
    person_id = await person("Ada Lovelace")
    query = "select password_hash from credential where person_id = $1"
    assert passwords.outdated(await connection.fetchval(query, person_id))
    await visitor.sign_in(ADA, PASSWORD)
    assert not passwords.outdated(await connection.fetchval(query, person_id))
    assert path(await visitor.get("/me")) == "/me"
