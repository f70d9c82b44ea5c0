"""Asking outside: what may not be reached is never connected to, and no answer is larger than allowed.

The servers are real ones on loopback; they are reached as peers (`FANFARE_PEERS`).
"""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from ipaddress import ip_network

import httpx
import pytest

from app.going_out import Outside, OutsideAway, OutsideRefused, going_out
from app.settings import Settings
from scoring import Ask
from tests.app.going_out.server import Heard, Serving, serving


@pytest.fixture
async def server() -> AsyncIterator[Serving]:
    async with serving(Serving()) as made:
        yield made


@asynccontextmanager
async def outside(*peers: str, networks: str = "") -> AsyncIterator[Outside]:
    allowed = (ip_network(networks),) if networks else ()
    async with going_out(Settings(peers=peers, hook_networks=allowed)) as way:
        yield way


async def test_a_peer_is_asked_and_its_answer_is_whole(server: Serving) -> None:
    server.says("/whole", headers={"X-Left": "7"}, body=b'{"followers": 12}')
    async with outside(server.origin) as way:
        answer = await way.ask(Ask(f"{server.origin}/whole?of=ana"), token="secret")
    assert (answer.status, answer.headers["x-left"], answer.json()) == (200, "7", {"followers": 12})
    [heard] = server.heard
    assert heard.target == "/whole?of=ana"
    assert heard.headers["authorization"] == "Bearer secret"


async def test_a_form_is_posted_as_a_form(server: Serving) -> None:
    server.says("/token")
    async with outside(server.origin) as way:
        await way.ask(Ask(f"{server.origin}/token", method="POST", form={"code": "a b&c"}))
    assert server.heard[0].method == "POST"
    assert server.heard[0].body == b"code=a+b%26c"


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:{port}/",
        "https://127.0.0.1:{port}/",
        "https://localhost:{port}/",
        "http://localhost:{port}/",
        "https://[::ffff:127.0.0.1]:{port}/",
        "https://10.0.0.1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://[::1]:{port}/",
        "http://example.org/",
        "https://example.org:25/",
    ],
)
async def test_what_lies_inside_or_is_not_encrypted_is_never_connected_to(
    server: Serving, address: str
) -> None:
    async with outside() as way:
        with pytest.raises(OutsideRefused, match=r"\.$"):
            await way.ask(Ask(address.format(port=server.port)))
    assert server.heard == []


async def test_a_peer_opens_no_way_to_its_neighbours(server: Serving) -> None:
    async with serving(Serving()) as other, outside(server.origin) as way:
        for address in (other.origin, f"http://localhost:{server.port}"):
            with pytest.raises(OutsideRefused):
                await way.ask(Ask(f"{address}/"))
    assert server.heard == other.heard == []


async def test_a_name_is_asked_where_the_settings_say_it_is_reached(server: Serving) -> None:
    server.says("/", body=b"here")
    async with outside(f"https://social.example={server.origin}") as way:
        assert (await way.ask(Ask("https://social.example/"))).body == b"here"
        with pytest.raises(OutsideRefused):
            await way.ask(Ask(f"{server.origin}/"))
    assert [heard.headers["host"] for heard in server.heard] == ["social.example"]


async def test_a_network_that_the_settings_name_may_be_asked_plainly(server: Serving) -> None:
    server.says("/")
    async with outside(networks="127.0.0.0/8") as way:
        assert (await way.ask(Ask(f"{server.origin}/"))).status == 200
    async with outside(networks="10.0.0.0/8") as way:
        with pytest.raises(OutsideRefused):
            await way.ask(Ask(f"{server.origin}/"))


async def test_no_redirect_is_followed_unless_asked_and_each_hop_is_checked(
    server: Serving,
) -> None:
    server.says("/there", body=b"arrived")
    server.says("/a", status=302, headers={"Location": "/there#part"})
    server.says("/inside", status=302, headers={"Location": "https://127.0.0.1:1/"})
    server.says("/round", status=302, headers={"Location": "/round"})
    async with outside(server.origin) as way:
        assert (await way.ask(Ask(f"{server.origin}/a"))).status == 302
        assert (await way.ask(Ask(f"{server.origin}/a"), follow=1)).body == b"arrived"
        with pytest.raises(OutsideRefused):
            await way.ask(Ask(f"{server.origin}/inside"), follow=3)
        server.heard.clear()
        assert (await way.ask(Ask(f"{server.origin}/round"), follow=99)).status == 302
    assert len(server.heard) == 4


async def test_a_token_is_not_carried_to_another_origin(server: Serving) -> None:
    async with serving(Serving()) as other, outside(server.origin, other.origin) as way:
        other.says("/", body=b"elsewhere")
        server.says("/", status=307, headers={"Location": f"{other.origin}/"})
        answer = await way.ask(Ask(f"{server.origin}/"), token="secret", follow=1)
        assert answer.body == b"elsewhere"
        assert "authorization" in server.heard[0].headers
        assert "authorization" not in other.heard[0].headers


@pytest.mark.parametrize(
    ("packing", "pack"),
    [("identity", bytes), ("gzip", gzip.compress)],
)
async def test_no_answer_is_larger_than_allowed_however_small_it_is_packed(
    server: Serving, packing: str, pack: Callable[[bytes], bytes]
) -> None:
    server.says("/", headers={"Content-Encoding": packing}, body=pack(b"0" * 100_000))
    async with outside(server.origin) as way:
        assert len((await way.ask(Ask(f"{server.origin}/"), most_bytes=100_000)).body) == 100_000
        with pytest.raises(OutsideRefused, match=r"99,999 bytes\.$"):
            await way.ask(Ask(f"{server.origin}/"), most_bytes=99_999)


async def test_a_packing_that_breaks_or_is_unknown_is_refused(server: Serving) -> None:
    server.says("/broken", headers={"Content-Encoding": "gzip"}, body=b"not gzip at all")
    server.says("/unknown", headers={"Content-Encoding": "br"}, body=b"x")
    async with outside(server.origin) as way:
        for path in ("/broken", "/unknown"):
            with pytest.raises(OutsideRefused):
                await way.ask(Ask(server.origin + path))


async def test_a_packed_answer_that_breaks_off_is_none(server: Serving) -> None:
    whole = gzip.compress(b'{"items": []}' * 100)
    server.says("/", headers={"Content-Encoding": "gzip"}, body=whole[:-9])
    async with outside(server.origin) as way:
        with pytest.raises(OutsideAway, match="broke off"):
            await way.ask(Ask(f"{server.origin}/"))


async def test_nobody_is_waited_for_longer_than_the_time_altogether(server: Serving) -> None:
    server.says("/", drip_s=0.05, body=b"x" * 100)
    async with outside(server.origin) as way:
        with pytest.raises(OutsideAway, match="in time"):
            await way.ask(Ask(f"{server.origin}/"), timeout_s=0.3)


async def test_nobody_there_is_away_and_no_secret_stands_in_the_sentence() -> None:
    async with serving(Serving()) as gone:
        origin = gone.origin
    async with outside(origin) as way:
        with pytest.raises(OutsideAway) as away:
            await way.ask(Ask(f"{origin}/?access_token=hush"), token="hush")
    assert "hush" not in str(away.value)


async def test_no_cookie_is_kept_between_two_questions(server: Serving) -> None:
    server.says("/", headers={"Set-Cookie": "who=ana; Path=/"})
    async with outside(server.origin) as way:
        await way.ask(Ask(f"{server.origin}/"))
        await way.ask(Ask(f"{server.origin}/"))
    assert [heard.headers.get("cookie") for heard in server.heard] == [None, None]


async def test_what_is_no_answer_of_http_is_away(server: Serving) -> None:
    def nonsense(_: Heard) -> bytes:
        return b"SSH-2.0-OpenSSH_9.2\r\n"

    server.raw["/"] = nonsense
    async with outside(server.origin) as way:
        with pytest.raises(OutsideAway):
            await way.ask(Ask(f"{server.origin}/"))


async def test_a_library_with_a_client_of_its_own_goes_the_same_way(server: Serving) -> None:
    server.says("/", body=b"x")
    async with serving(Serving()) as gone:
        away = gone.origin
    async with outside(server.origin, away) as way:
        assert (await way.client.get(f"{server.origin}/")).content == b"x"
        with pytest.raises(OutsideRefused):
            await way.client.get(f"http://localhost:{server.port}/")
        with pytest.raises(httpx.ConnectError):
            await way.client.get(away)
