"""“This is wrong”: from the line to the case, and nobody's but one's own."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from httpx import AsyncClient

from scoring import MOST_ASKED, open_case
from tests.app.pages.conftest import As
from tests.scoring.cases.scene import ANSWERS, id_of
from tests.scoring.scene import ANA, BEN, NOW, count, points

DAY = "/why?day=2026-11-02"


async def hrefs(client: AsyncClient) -> list[str]:
    """Where the lines of the day can be said to be wrong."""
    page = (await client.get(DAY)).text
    return [unescape(href) for href in re.findall(r'href="(/why/wrong\?[^"]+)"', page)]


async def say(client: AsyncClient, href: str, words: str) -> Any:
    """Open the form of a line, write into it, send it."""
    page = await client.get(href)
    assert page.status_code == 200, page.text
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.text)
    sent = {name: unescape(value) for name, value in hidden}
    return await client.post("/why/wrong", data={**sent, "words": words})


async def test_every_line_counted_or_not_can_be_said_to_be_wrong(
    played: Any, signed_in: As
) -> None:
    client = await signed_in(ANA)
    page = (await client.get(DAY)).text
    found = await hrefs(client)
    assert len(found) == len(set(found)) == page.count("<li><span>")
    assert page.count("<li><span>") == len(found)
    for href in found:
        assert (await client.get(href)).status_code == 200
    assert "It came from a colleague" in page
    assert "The same was already counted once." in page


async def test_what_is_said_waits_and_moves_nothing(played: Any, signed_in: As) -> None:
    client, before = await signed_in(ANA), await points(played)
    href, *rest = await hrefs(client)
    assert (await say(client, href, "She wrote on <b>Friday</b>.")).status_code == 303
    own = (await client.get("/me/cases")).text
    assert "She wrote on &lt;b&gt;Friday&lt;/b&gt;." in own
    assert "waits for an answer" in own
    assert await hrefs(client) == rest
    assert "Waits for an answer" in (await client.get(DAY)).text
    assert "You said so already." in (await client.get(href)).text
    assert await points(played) == before
    assert "Friday" not in (await (await signed_in(BEN)).get("/me/cases")).text
    assert "Friday" in (await client.get("/me/seen.json")).text


async def test_five_thousand_letters_pass_and_one_more_is_said_beside_the_field(
    played: Any, signed_in: As
) -> None:
    client = await signed_in(ANA)
    href, *_ = await hrefs(client)
    words = ("<script>alert(1)</script>" * 300)[:MOST_ASKED]
    for wrong, sentence in ((words + "x", "at most 5000 characters"), ("  ", "Say in a sentence")):
        refused = await say(client, href, wrong)
        assert refused.status_code == 422
        assert sentence in refused.text
        assert "<script>alert" not in refused.text
    assert (await say(client, href, words)).status_code == 303
    own = (await client.get("/me/cases")).text
    assert "<script>alert" not in own
    assert own.count("&lt;script&gt;") == 200


async def test_anothers_line_is_no_page(played: Any, signed_in: As) -> None:
    ana, ben = await signed_in(ANA), await signed_in(BEN)
    href, *_ = await hrefs(ana)
    assert (await ben.get(href)).status_code == 404
    for odd in ("", "?at=x", "?at=2026-11-02T10:00:00%2B00:00&deed=7",
                "?at=9999-12-31T23:59:59.999999-12:00", "?at=2026-11-02T10:00:00&rule=%00",
                "?at=2026-11-02T10:00:00Z&rule=answered&window=" + "x" * 999):  # fmt: skip
        assert (await ana.get(f"/why/wrong{odd}")).status_code == 404
    token = (await ben.get("/me/notices")).text.split('name="_csrf_token" value="')[1].split('"')[0]
    sent = dict(pair.split("=", 1) for pair in href.split("?")[1].split("&"))
    answer = await ben.post("/why/wrong", data={**sent, "_csrf_token": token, "words": "Mine."})
    assert answer.status_code in (404, 422)
    assert await played.fetchval("select count(*) from case_file") == 0


async def test_what_is_held_says_kindly_what_was_seen(played: Any, signed_in: As) -> None:
    await open_case(
        played, kind="near_duplicates", person_id=ANA, reason="alike", evidence={"key": "k"},
        hold=[id_of(ANSWERS[0])], now=NOW,
    )  # fmt: skip
    await count(played)
    client = await signed_in(ANA)
    page = (await client.get(DAY)).text
    assert "Colleagues posted nearly the same text." in page
    assert "a few words of your own always count" in (await client.get("/me/cases")).text
