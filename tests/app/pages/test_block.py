"""The rows everybody sees alike: who gets them, when they are rendered, what they never hold."""

from __future__ import annotations

import asyncio
import re

from httpx import AsyncClient
from litestar import Litestar
from redis.asyncio import Redis

from app.pages.leaderboard.blocks import CHECKED_S
from scoring import BoardKey
from scoring.boards import publish, republish_person
from tests.app.pages.company import ZONE, Company
from tests.app.pages.conftest import As


async def block_of(client: AsyncClient) -> tuple[str, dict[str, str]]:
    """Where the page of this person has its rows from, and with which key."""
    page = (await client.get("/")).text
    href = re.search(r'id="board-rows" hx-get="([^"]+)"', page)
    key = re.search(r'"x-board-key": "([^"]+)"', page)
    assert href
    assert key
    return href[1], {"x-board-key": key[1]}


async def ten(company: Company) -> list[int]:
    return [await company.person(f"Ada {n}", 100 - 5 * n) for n in range(10)]


async def test_rows_need_the_key_of_a_page_and_no_session(
    company: Company, signed_in: As, visitor: AsyncClient
) -> None:
    people = await ten(company)
    href, key = await block_of(await signed_in(people[0]))
    answer = await visitor.get(href, headers=key)
    assert answer.status_code == 200
    assert answer.text.count("<tr ") == 5
    assert "set-cookie" not in answer.headers
    for wrong in ({}, {"x-board-key": "0" * 32}):
        refused = await visitor.get(href, headers=wrong)
        assert refused.status_code == 401
        assert refused.headers["hx-refresh"] == "true"
        assert not refused.content


async def test_what_has_not_changed_is_answered_with_304(
    company: Company, signed_in: As, visitor: AsyncClient
) -> None:
    people = await ten(company)
    href, key = await block_of(await signed_in(people[0]))
    first = await visitor.get(href, headers=key)
    again = await visitor.get(href, headers={**key, "if-none-match": first.headers["etag"]})
    assert again.status_code == 304
    assert not again.content
    assert again.headers["etag"] == first.headers["etag"]
    assert "no-cache" in first.headers["cache-control"]


async def test_a_change_is_seen_by_the_first_question_after_its_signal(
    company: Company, signed_in: As, visitor: AsyncClient, redis_url: str
) -> None:
    people = await ten(company)
    href, key = await block_of(await signed_in(people[0]))
    before = await visitor.get(href, headers=key)
    await company.connection.execute(
        "update profile set visibility = 'hidden' where person_id = $1", people[1]
    )
    async with Redis.from_url(redis_url) as redis:
        await republish_person(company.connection, people[1])
        await publish(company.connection, redis, ZONE)
    await asyncio.sleep(CHECKED_S)
    after = await visitor.get(href, headers={**key, "if-none-match": before.headers["etag"]})
    assert after.status_code == 200
    assert "Ada 1<" in before.text
    assert "Ada 1<" not in after.text


async def test_the_block_is_the_same_for_everybody_and_marks_nobody(
    company: Company, signed_in: As
) -> None:
    people = await ten(company)
    found = []
    for person in (people[0], people[3], people[9]):
        client = await signed_in(person)
        href, key = await block_of(client)
        found.append((await client.get(href, headers=key)).text)
    assert found[0] == found[1] == found[2]
    assert "aria-current" not in found[0]


async def test_of_many_who_ask_at_once_one_causes_the_work(
    application: Litestar, company: Company
) -> None:
    await ten(company)
    blocks, renders = application.state.blocks, 0
    rendered = blocks.render

    def counting(*arguments: object, **named: object) -> bytes:
        nonlocal renders
        renders += 1
        return bytes(rendered(*arguments, **named))

    blocks.render = counting
    from datetime import UTC, datetime

    from scoring import Period, starts_on

    board = BoardKey("points", Period.MONTH, starts_on(Period.MONTH, datetime.now(UTC), ZONE))
    answers = await asyncio.gather(*(blocks.block(board) for _ in range(50)))
    assert renders == 1
    assert len({answer.etag for answer in answers}) == 1


async def test_a_board_that_cannot_be_is_not_found(
    company: Company, signed_in: As, visitor: AsyncClient
) -> None:
    people = await ten(company)
    _, key = await block_of(await signed_in(people[0]))
    for name in (
        "x",
        "points:month:2026-11-02:all",
        "likes:day:2026-11-22:all",
        "a:b:c:departments",
        "points:day:9999-12-31:all",
        "points:month:0001-01-01:departments",
    ):
        assert (await visitor.get(f"/board/{name}", headers=key)).status_code == 404


async def test_any_number_of_rows_may_be_asked_for(
    company: Company, signed_in: As, visitor: AsyncClient
) -> None:
    people = await ten(company)
    href, key = await block_of(await signed_in(people[0]))
    for rows in ("9" * 5000, "-1", "x", "500"):
        answer = await visitor.get(f"{href}?rows={rows}", headers=key)
        assert answer.status_code == 200
        assert answer.text.count("<tr ") == 5


async def test_a_board_of_too_few_has_no_rows_to_fetch(
    company: Company, signed_in: As, visitor: AsyncClient
) -> None:
    people = await ten(company)
    await company.person("Lone Lou", 517, department="Tiny")
    href, key = await block_of(await signed_in(people[0]))
    tiny = await company.team("department", "Tiny")
    client = await signed_in(people[0])
    answer = await visitor.get(href.replace(":all", f":department-{tiny}"), headers=key)
    assert answer.status_code == 200
    assert not answer.text.strip()
    for target in ("", "leaderboard", "own-line", "board-mine", "board-rows"):
        page = await client.get(
            f"/?audience=department-{tiny}&q=lou",
            headers={"hx-request": "true", "hx-target": target} if target else {},
        )
        assert page.status_code == 200
        assert "Lou" not in page.text
        assert not re.search(r"\b517\b", page.text)
