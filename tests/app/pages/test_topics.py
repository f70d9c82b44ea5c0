"""Topics on pages: communications keeps the list, authors and communications say what posts are about."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import asyncpg
import pytest
from httpx import AsyncClient, Response

from scoring.identity import native_key
from tests.app.pages.company import Company
from tests.app.pages.conftest import As

NETWORK = "mastodon"


def post_of(person_id: int) -> Any:
    return native_key(NETWORK, f"https://social.example/posts/{person_id}")


async def send(client: AsyncClient, path: str, page: str | None = None, **form: str) -> Response:
    """Send a form of a page."""
    token = re.search(r'name="_csrf_token" value="([^"]+)"', (await client.get(page or path)).text)
    assert token
    return await client.post(path, data={"_csrf_token": token[1], **form})


@pytest.fixture
async def topics(connection: asyncpg.Connection, company: Company) -> None:
    """The company has topics since long."""
    for slug, name, words in (
        ("safety", "Safety", ["helmet"]),
        ("garden", "Garden", []),
        ("music", "Music", []),
        ("sport", "Sport", []),
    ):
        await connection.execute("insert into topic values ($1, null, $2)", slug, company.past)
        await connection.execute(
            """insert into topic_list
                 (topic, name, hashtags, keywords, active, person_id, valid_from, recorded_at)
               values ($1, $2, $3, $4, true, null, $5, $5)""",
            slug,
            name,
            [slug],
            words,
            company.past,
        )


async def author(company: Company, name: str, text: str, **more: Any) -> int:
    """Somebody who handed a post in."""
    person = await company.person(name, networks=(NETWORK,), **more)
    await company.post(person, NETWORK, text, handed_in=True)
    return person


async def test_only_communications_keeps_topics(company: Company, signed_in: As) -> None:
    for role in (None, "hr", "leader", "administrator"):
        client = await signed_in(await company.person("Somebody", role=role))
        for path in ("/comms/topics", "/comms/posts", "/comms/topics/safety"):
            assert (await client.get(path)).status_code == 403
    client = await signed_in(await company.person("Cora", role="communications"))
    assert (await client.get("/comms/topics")).status_code == 200
    assert (await client.get("/comms/topics/none")).status_code == 404
    assert 'href="/comms/topics"' in (await client.get("/")).text


async def test_communications_adds_a_topic_looks_first_and_retires_it(
    company: Company, signed_in: As, connection: asyncpg.Connection
) -> None:
    await author(company, "Ada", "Mind your HELMET, everybody")
    await author(company, "Ben", "helmet hair", visibility="hidden")
    client = await signed_in(await company.person("Cora", role="communications"))
    typed = {"name": "Work & safety", "hashtags": "#safety safety", "keywords": "helmet\nhélmet"}
    looked = await send(client, "/comms/topics", do="look", **typed)
    assert looked.status_code == 200
    assert "of 2 posts of the last 30 days" in looked.text
    assert "Mind your HELMET" in looked.text
    assert "helmet hair" not in looked.text
    assert await connection.fetchval("select count(*) from topic") == 0
    wrong = await send(client, "/comms/topics", name="", hashtags="a/b", keywords="x")
    assert wrong.status_code == 422
    for words in ("Give it a name", "is no hashtag", "too short"):
        assert words in wrong.text
    answer = await send(client, "/comms/topics", **typed)
    assert (answer.status_code, answer.headers["location"]) == (303, "/comms/topics/work-safety")
    assert (await send(client, "/comms/topics", **typed)).status_code == 422
    path = "/comms/topics/work-safety"
    page = (await client.get(path)).text
    assert "#safety" in page
    assert "holds from" in page
    assert (await send(client, path, **{**typed, "keywords": ""})).status_code == 303
    assert (await send(client, path, do="retire")).status_code == 303
    page = (await client.get(path)).text
    assert "Use it again" in page
    assert "Retired: " in (await client.get("/comms/topics")).text
    assert (await send(client, path, do="again")).status_code == 303
    rows = await connection.fetch("select active, keywords from topic_list order by id")
    assert [row["active"] for row in rows] == [True, True, False, True]
    assert [len(row["keywords"]) for row in rows] == [1, 0, 0, 0]


@pytest.mark.usefixtures("topics")
async def test_giving_a_topic_to_earlier_posts_needs_a_reason_and_leaves_ones_own(
    company: Company, signed_in: As, connection: asyncpg.Connection
) -> None:
    ada = await author(company, "Ada", "Mind your helmet")
    cora = await author(company, "Cora", "My helmet, too", role="communications")
    client = await signed_in(cora)
    path = "/comms/topics/safety"
    assert (await send(client, f"{path}/past", path, span="30", reason="")).status_code == 422
    assert (await send(client, f"{path}/past", path, span="9", reason="x")).status_code == 422
    answer = await send(client, f"{path}/past", path, span="30", reason="It was there before")
    assert answer.status_code == 303
    marked = await connection.fetch("select post_id, source, reason from topic_mark")
    assert [tuple(row) for row in marked] == [(post_of(ada), "keyword", "It was there before")]
    page = (await client.get(path)).text
    assert "Given to 1 earlier post<" in page
    assert "It was there before" in page


@pytest.mark.usefixtures("topics")
async def test_communications_says_what_colleagues_posts_are_about_and_never_its_own(
    company: Company, signed_in: As, connection: asyncpg.Connection
) -> None:
    ada = await author(company, "Ada", "Tomatoes survived")
    await author(company, "Ben", "Nobody should see whose", alias="Zorro")
    cora = await author(company, "Cora", "My own choir", role="communications")
    await author(company, "Dan", "Hidden words", visibility="hidden")
    client = await signed_in(cora)
    page = (await client.get("/comms/posts")).text
    assert "Tomatoes survived" in page
    assert "A colleague" in page
    for hidden in ("Zorro", "Hidden words", ">Ben<"):
        assert hidden not in page
    assert f"/comms/posts/{post_of(cora)}" not in page
    path = f"/comms/posts/{post_of(ada)}"
    assert (await send(client, path, "/comms/posts", topic="garden")).status_code == 303
    assert "Tomatoes survived" not in (await client.get("/comms/posts")).text
    page = (await client.get("/comms/posts?show=all")).text
    assert "by communications" in page
    own = await send(client, f"/comms/posts/{post_of(cora)}", "/comms/posts", topic="garden")
    assert own.status_code == 422
    assert (await send(client, path, "/comms/posts", topic="none")).status_code == 422
    assert (await send(client, path, "/comms/posts", off="garden")).status_code == 303
    said = await connection.fetch("select post_id, stands, source from topic_mark order by id")
    assert [tuple(row) for row in said] == [
        (post_of(ada), True, "communications"),
        (post_of(ada), False, "communications"),
    ]
    noted = await connection.fetchval("select count(*) from change where subject = 'post'")
    assert noted == 2


@pytest.mark.usefixtures("topics")
async def test_an_author_says_what_their_posts_are_about(
    company: Company, signed_in: As, connection: asyncpg.Connection
) -> None:
    ada = await author(company, "Ada", "Tomatoes survived")
    ben = await author(company, "Ben", "Ben's words")
    client = await signed_in(ada)
    page = (await client.get("/me/topics")).text
    assert "Tomatoes survived" in page
    assert "Ben&#39;s words" not in page
    path = f"/me/topics/{post_of(ada)}"
    for topic in ("garden", "music", "sport"):
        assert (await send(client, path, "/me/topics", topic=topic)).status_code == 303
    full = await send(client, path, "/me/topics", topic="safety")
    assert full.status_code == 422
    assert "3 topics at most" in full.text
    assert (await send(client, path, "/me/topics", off="music")).status_code == 303
    assert (await send(client, path, "/me/topics", topic="safety")).status_code == 303
    other = await send(client, f"/me/topics/{post_of(ben)}", "/me/topics", topic="garden")
    assert other.status_code == 422
    assert "no post of yours" in other.text
    assert (
        await connection.fetchval("select count(*) from topic_mark where person_id = $1", ben) == 0
    )


async def test_a_hashtag_on_no_list_is_named_only_if_three_people_use_it(
    company: Company, signed_in: As, connection: asyncpg.Connection
) -> None:
    people = [await author(company, f"Ada {n}", "hello") for n in range(3)]
    for n, person in enumerate(people):
        for tag in ("compost", "rare")[: 1 if n == 2 else 2]:
            await connection.execute(
                """insert into mark (post_id, name, value, effective_at, recorded_at)
                   values ($1, 'hashtag', $2, $3, $3)""",
                post_of(person),
                tag,
                company.now - timedelta(hours=1),
            )
    client = await signed_in(await company.person("Cora", role="communications"))
    page = (await client.get("/comms/topics")).text
    assert "#compost" in page
    assert "#rare" not in page
    assert 'value="Compost"' in (await client.get("/comms/topics?hashtag=compost")).text


@pytest.mark.usefixtures("topics")
async def test_the_editor_of_rules_offers_the_topics_and_points_name_them(
    company: Company, signed_in: As, connection: asyncpg.Connection
) -> None:
    client = await signed_in(await company.person("Hanna", role="hr"))
    page = (await client.get("/hr/rules/edit")).text
    assert 'name="r0_topic_garden"' in page
    assert "nothing odd about" in page
    toml = (
        '[[rule]]\nname = "a"\nwhen = { relation = "earned", kind = "reply", topic = ["kite"] }\n'
    )
    toml += 'credit = "actor"\nper = "week"\nsteps = [[5, 1]]\n'
    odd = (await send(client, "/hr/rules/edit", base=toml, text=toml, do="text")).text
    assert "There is no topic “kite”" in odd
    assert "kite (no topic)" in odd
    await connection.execute(
        """insert into rulebook (name, toml, sha256, valid_from, recorded_at)
           values ('Ours', $1, 'x', $2, $2)""",
        toml.replace("kite", "garden"),
        company.past,
    )
    assert "Only for posts about Garden." in (await client.get("/points")).text
