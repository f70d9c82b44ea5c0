"""A television gets its key by a code: once, for ten minutes, and nobody else gets it."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime

import asyncpg
import pytest
from redis.asyncio import Redis

from app.screens.pairing import (
    ALPHABET,
    SHOWN_PER_ADDRESS,
    TYPED_PER_PERSON,
    begin,
    code_of,
    hashed,
    read_code,
    take,
)
from app.screens.screens import add_screen, key_of, revoke_screen
from app.screens.setting import Setting
from rewards import Refused
from tests.app.screens.conftest import SECRET, Television

ADMIN = 7
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


async def test_a_code_is_six_signs_that_nobody_confuses(redis: Redis) -> None:
    codes = {(await begin(redis, "192.0.2.1")).code for _ in range(40)}
    assert len(codes) == 40
    assert all(re.fullmatch(f"[{ALPHABET}]{{6}}", code) for code in codes)
    assert not set("01258BILOSUVZ") & set(ALPHABET)


async def test_a_code_is_taken_however_it_is_typed_and_only_once(redis: Redis) -> None:
    shown = await begin(redis, "192.0.2.1")
    typed = f" {shown.code[:3].lower()}-{shown.code[3:]} "
    assert await take(redis, typed, ADMIN) == hashed(shown.secret)
    assert await take(redis, shown.code, ADMIN) is None
    assert await code_of(redis, shown.secret) is None


async def test_of_many_who_type_a_code_at_once_one_gets_the_screen(redis: Redis) -> None:
    shown = await begin(redis, "192.0.2.1")
    taken = await asyncio.gather(*(take(redis, shown.code, person) for person in range(20)))
    assert [one for one in taken if one is not None] == [hashed(shown.secret)]


async def test_a_code_is_over_after_ten_minutes(redis: Redis) -> None:
    shown = await begin(redis, "192.0.2.1", NOW)
    assert (shown.expires_at - NOW).total_seconds() == 600
    for key in await redis.keys("fanfare:pairing:*"):
        assert 0 < await redis.ttl(key) <= 600
    await redis.delete(*await redis.keys("fanfare:pairing:*"))  # as Redis does after that time
    assert await take(redis, shown.code, ADMIN) is None


async def test_nothing_in_redis_opens_a_screen(redis: Redis) -> None:
    shown = await begin(redis, "192.0.2.1")
    kept = [key async for key in redis.scan_iter()]
    kept += [await redis.get(key) for key in kept]
    assert not any(shown.secret.encode() in one for one in kept)


@pytest.mark.parametrize("typed", ["", "ACD", "ACD34", "ACD3499", "ACD 34O", "АСD349", "x" * 5000])
async def test_what_is_no_code_is_none(redis: Redis, typed: str) -> None:
    assert await take(redis, typed, ADMIN) is None
    assert len(read_code(typed)) <= 32


async def test_who_guesses_is_stopped_and_others_go_on(redis: Redis) -> None:
    shown = await begin(redis, "192.0.2.1")
    for _ in range(TYPED_PER_PERSON):
        assert await take(redis, "AAAAAA", ADMIN) is None
    with pytest.raises(Refused, match="Too many tries"):
        await take(redis, shown.code, ADMIN)
    assert await take(redis, shown.code, ADMIN + 1) == hashed(shown.secret)


async def test_no_address_asks_for_codes_without_end(redis: Redis) -> None:
    for _ in range(SHOWN_PER_ADDRESS):
        await begin(redis, "192.0.2.1")
    with pytest.raises(Refused, match="Too many codes"):
        await begin(redis, "192.0.2.1")
    assert (await begin(redis, "192.0.2.2")).code


async def test_a_television_shows_a_code_and_a_square_and_then_its_screen(
    television: Television, redis: Redis, connection: asyncpg.Connection
) -> None:
    tv = await television()
    page = await tv.get("/screens")
    assert page.status_code == 200
    code = re.search(r'class="letters"[^>]*>([A-Z0-9]{3} [A-Z0-9]{3})<', page.text)
    assert code
    assert "<svg" in page.text
    cookie = page.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "Path=/screens" in cookie
    assert "samesite=lax" in cookie.lower()
    again = await tv.get("/screens/pairing")
    assert code[1] in again.text  # the same as long as it holds
    assert "<html" not in again.text

    taken = await take(redis, code[1], ADMIN)
    # While the administrator thinks of a name, the television shows another code already.
    assert code[1] not in (await tv.get("/screens/pairing")).text
    screen = await add_screen(
        connection,
        Setting("Canteen"),
        pairing_sha256=taken,
        by=None,
        secret_key=SECRET,
        now=datetime.now(UTC),
    )
    sent = await tv.get("/screens/pairing")
    assert sent.status_code == 303
    assert sent.headers["location"] == f"/screens/{key_of(SECRET, screen.id)}"
    assert "fanfare_screen" in sent.headers["set-cookie"]
    # A kiosk that starts again opens the door and stands before its screen.
    assert (await tv.get("/screens")).headers["location"] == sent.headers["location"]
    # Who only knows the code gets a code of their own.
    assert (await (await television()).get("/screens/pairing")).status_code == 200


async def test_one_pairing_is_one_screen(connection: asyncpg.Connection, redis: Redis) -> None:
    sha256 = hashed((await begin(redis, "192.0.2.1")).secret)

    async def add() -> None:
        await add_screen(
            connection,
            Setting("Canteen"),
            pairing_sha256=sha256,
            by=None,
            secret_key=SECRET,
            now=datetime.now(UTC),
        )

    await add()
    with pytest.raises(Refused, match="used already"):
        await add()
    assert await connection.fetchval("select count(*) from screen") == 1


async def test_a_television_whose_screen_was_revoked_shows_a_code_that_can_be_used(
    television: Television, redis: Redis, connection: asyncpg.Connection
) -> None:
    tv = await television()
    for _ in range(2):
        page = await tv.get("/screens")
        code = re.search(r'class="letters"[^>]*>([A-Z0-9 ]{7})<', page.text)
        assert code
        screen = await add_screen(
            connection,
            Setting("Canteen"),
            pairing_sha256=await take(redis, code[1], ADMIN),
            by=None,
            secret_key=SECRET,
            now=datetime.now(UTC),
        )
        assert (await tv.get("/screens/pairing")).status_code == 303
        await revoke_screen(connection, screen.id, None, datetime.now(UTC))
        await asyncio.sleep(0.12)


async def test_too_many_codes_are_refused_in_words(television: Television, redis: Redis) -> None:
    for _ in range(SHOWN_PER_ADDRESS):
        await begin(redis, "127.0.0.1")
    page = await (await television()).get("/screens")
    assert page.status_code == 429
    assert "Please wait" in page.text
