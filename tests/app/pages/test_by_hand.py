"""Posts handed in on pages, and the queue of those who look at them."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
from httpx import AsyncClient, Response
from PIL import Image

from scoring.identity import account_id, native_key
from tests.app.pages.company import Company
from tests.app.pages.conftest import As
from tests.app.pages.test_topics import send

NETWORK = "mastodon"
# Of ten days ago: Mastodon's numbers begin with milliseconds.
NUMBER = int((datetime.now(UTC) - timedelta(days=10)).timestamp() * 1000) << 16 | 1
OLD = 105_512_960_000_000_001  # of January 2021, before anybody took part


def address(person: int) -> str:
    return f"https://social.example/@person{person}/{NUMBER}?utm_source=app"


def screenshot() -> bytes:
    out = io.BytesIO()
    picture = Image.new("RGB", (320, 200), (250, 240, 220))
    exif = Image.Exif()
    exif[0x010E] = "where I live"
    picture.save(out, "JPEG", exif=exif)
    return out.getvalue()


async def hand_in(
    client: AsyncClient, typed: str, picture: bytes | None = None, **more: str
) -> Response:
    """Both steps of the form."""
    page = (await client.get("/share/post")).text
    token = re.search(r'name="_csrf_token" value="([^"]+)"', page)
    assert token
    files: dict[str, Any] = {"picture": ("p.jpg", picture or b"", "image/jpeg")}
    form = {"_csrf_token": token[1], "post": typed, "do": "hand-in", **more}
    return await client.post("/share/post", data=form, files=files)


async def test_a_post_is_recognised_first_and_handed_in_then(
    company: Company, signed_in: As, connection: asyncpg.Connection[Any]
) -> None:
    ana = await company.person("Ana", networks=(NETWORK,))
    client = await signed_in(ana)
    looked = await send(client, "/share/post", post=address(ana), do="look")
    assert looked.status_code == 200
    assert "It is older than your link" not in looked.text
    old = await send(
        client, "/share/post", post=address(ana).replace(str(NUMBER), str(OLD)), do="look"
    )
    assert "It is older than your link" in old.text
    assert "The first figures after that only say how much was there" in old.text
    assert f"https://social.example/@person{ana}/{NUMBER}<" in looked.text
    assert "Mastodon" in looked.text
    assert "Quotes" in looked.text
    assert not await connection.fetchval("select count(*) from statement")
    done = await hand_in(client, address(ana))
    assert (done.status_code, done.headers["location"]) == (303, "/share/post")
    page = (await client.get("/share/post")).text
    assert "Communications looks at it" in page
    assert "waits" in page
    again = await hand_in(client, address(ana).replace("social.example/@", "social.example/web/@"))
    assert "handed that post in before" in (await client.get(again.headers["location"])).text
    assert await connection.fetchval("select count(*) from statement") == 1


async def test_what_is_wrong_stands_beside_its_field(company: Company, signed_in: As) -> None:
    ana = await company.person("Ana", networks=(NETWORK, "x"))
    client = await signed_in(ana)
    for typed, words in (
        ("", "Paste the address"),
        ("https://example.org/news", "no address of a post that we can read"),
        ("https://x.com/ana", "names no post"),
        (f"https://social.example/@person{ana + 1}/{NUMBER}", "Hand in posts of your own"),
        ("urn:li:activity:7236952500000000001", "linked no account"),
    ):
        answer = await hand_in(client, typed)
        assert answer.status_code == 422, typed
        assert words in answer.text
    for more, words in (
        ({"reply": "many"}, "Type a whole number"),
        ({"reply": "7"}, "Add a picture"),
    ):
        answer = await hand_in(client, address(ana), None, **more)
        assert answer.status_code == 422
        assert words in answer.text
    answer = await hand_in(client, address(ana), b"GIF89a", reply="7", reaction="many")
    assert "not a picture we can read" in answer.text
    assert "Type a whole number" in answer.text
    both = await hand_in(client, address(ana), None, reply="many")
    assert "Type a whole number" in both.text
    assert "Add a picture" in both.text
    outsider = await signed_in(await company.person("Olga", state=None))
    assert "Join first" in (await hand_in(outsider, address(ana))).text


async def test_figures_are_confirmed_by_communications_and_told(
    company: Company, signed_in: As, connection: asyncpg.Connection[Any]
) -> None:
    ana = await company.person("Ana", networks=(NETWORK,), alias="Zorro")
    cora = await company.person("Cora", role="communications")
    author, comms = await signed_in(ana), await signed_in(cora)
    done = await hand_in(author, address(ana), screenshot(), reaction="1.240", reply="7")
    assert done.status_code == 303
    assert "1,240 likes and 7 answers" in (await author.get("/share/post")).text
    id_ = await connection.fetchval("select id from statement")
    queue = (await comms.get("/comms/figures")).text
    assert f"/comms/figures/{id_}" in queue
    assert "told by hand" in queue
    assert "Ana" not in queue
    assert "Zorro" not in queue
    page = (await comms.get(f"/comms/figures/{id_}")).text
    assert "1,240" in page
    picture = await comms.get(f"/comms/figures/{id_}/picture")
    assert picture.headers["content-type"] == "image/jpeg"
    assert b"where I live" not in picture.content
    assert (await author.get(f"/share/post/{id_}/picture")).content == picture.content
    assert (await comms.get(f"/share/post/{id_}/picture")).status_code == 404
    path = f"/comms/figures/{id_}"
    refused = await send(comms, path, do="refuse", reason=" ")
    assert refused.status_code == 422
    assert "Say why" in refused.text
    assert (await send(comms, path, do="perhaps")).status_code == 422
    assert (await send(comms, path, do="confirm")).status_code == 303
    assert (await send(comms, path, "/comms/figures", do="confirm")).status_code == 303
    late = await send(comms, path, "/comms/figures", do="refuse", reason="No")
    assert (late.status_code, "confirmed already" in late.text) == (422, True)
    assert "Your post on Mastodon: It is confirmed" in (await author.get("/me/notices")).text
    assert await connection.fetchval("select count(*) from notice") == 1
    assert await connection.fetchval("select source from delivery") == "hand"
    assert "Confirmed" in (await comms.get(path)).text


async def test_nobody_looks_at_their_own_and_only_communications_looks(
    company: Company, signed_in: As, connection: asyncpg.Connection[Any]
) -> None:
    cora = await company.person("Cora", role="communications", networks=(NETWORK,))
    client = await signed_in(cora)
    await hand_in(client, address(cora), screenshot(), reply="7")
    id_ = await connection.fetchval("select id from statement")
    assert "Yours: a colleague decides here" in (await client.get("/comms/figures")).text
    assert "Yes, it is right" not in (await client.get(f"/comms/figures/{id_}")).text
    answer = await send(client, f"/comms/figures/{id_}", "/share/post", do="confirm")
    assert (answer.status_code, "This is your own" in answer.text) == (422, True)
    assert not await connection.fetchval("select count(*) from statement_answer")
    for role in (None, "hr", "leader", "administrator"):
        other = await signed_in(await company.person("Somebody", role=role))
        for path in ("/comms/figures", f"/comms/figures/{id_}", f"/comms/figures/{id_}/picture"):
            assert (await other.get(path)).status_code == 403
        stranger = await send(other, f"/share/post/{id_}/withdraw", "/share/post")
        assert stranger.status_code == 404
    assert (await client.get("/comms/figures/999999999999999999999")).status_code == 404
    back = await send(client, f"/share/post/{id_}/withdraw", "/share/post")
    assert back.status_code == 303
    assert "taken back" in (await client.get("/share/post")).text


async def test_the_page_asks_only_what_an_address_leaves_open(
    company: Company, signed_in: As, connection: asyncpg.Connection[Any]
) -> None:
    ana = await company.person("Ana", networks=("youtube",))
    client = await signed_in(ana)
    looked = await send(client, "/share/post", post="https://youtu.be/AbCdEfGhIjK", do="look")
    assert "Published on" in looked.text
    assert "From which of your accounts" not in looked.text
    assert "If it was published before" in looked.text
    answer = await hand_in(client, "https://youtu.be/AbCdEfGhIjK")
    assert (answer.status_code, "Choose the day" in answer.text) == (422, True)
    done = await hand_in(client, "https://youtu.be/AbCdEfGhIjK", published_on="2026-01-07")
    assert done.status_code == 303
    assert "as you said" in (await client.get("/share/post")).text


async def test_ones_own_page_takes_a_post_that_no_network_told_of(
    company: Company, signed_in: As, connection: asyncpg.Connection[Any]
) -> None:
    ana = await company.person("Ana", networks=(NETWORK, "youtube"))
    client = await signed_in(ana)
    for typed, words in (
        ("https://social.example/@somebody/1", "We know of no such post"),
        ("https://youtu.be/AbCdEfGhIjK", "The page below asks for it"),
    ):
        answer = await send(client, "/me/hand-in", "/me", post=typed)
        assert (answer.status_code, words in answer.text) == (422, True), typed
    old = address(ana).replace(str(NUMBER), str(OLD))
    answer = await send(client, "/me/hand-in", "/me", post=old)
    assert (answer.status_code, "before you linked that account" in answer.text) == (422, True)
    for _ in range(2):
        assert (await send(client, "/me/hand-in", "/me", post=address(ana))).status_code == 303
    assert await connection.fetchval("select count(*) from statement") == 1


async def test_whoever_looks_is_told_that_a_name_in_an_address_proves_nothing_and_what_to_check(
    company: Company, signed_in: As, connection: asyncpg.Connection[Any]
) -> None:
    number = 1_985_274_000_000_000_000
    people = [await company.person(name, networks=("x",)) for name in ("Ana", "Ben")]
    comms = await signed_in(await company.person("Cora", role="communications"))
    for person in people:
        own = await signed_in(person)
        picture = screenshot() if person == people[0] else None
        figures = {"reaction": "40"} if picture else {}
        done = await hand_in(own, f"https://x.com/i/status/{number}", picture, **figures)
        assert done.status_code == 303
    first, second = [
        row["id"] for row in await connection.fetch("select id from statement order by 1")
    ]
    page = (await comms.get(f"/comms/figures/{first}")).text
    for words in (
        "The name in an address proves nothing",
        "Above it must stand",
        "The picture shows this very post",
        "Somebody else says that this post is theirs, too",
        f'href="/comms/figures/{second}"',
        "Yes, it is right",
    ):
        assert words in page
    assert (
        "The picture shows this very post" not in (await comms.get(f"/comms/figures/{second}")).text
    )
    await connection.execute(
        """insert into post (post_id, platform, native_id, author_id, published_at, recorded_at)
           values ($1, 'x', $2, $3, $4, $4)""",
        native_key("x", str(number)), str(number),
        account_id("x", f"person{people[0]}@social.example"), company.past,
    )  # fmt: skip
    page = (await comms.get(f"/comms/figures/{second}")).text
    assert "another account wrote this post. It can only be refused" in page
    assert "Yes, it is right" not in page
    assert "What to check" not in (await comms.get(f"/comms/figures/{first}")).text
