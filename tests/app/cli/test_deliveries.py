"""`fanfare deliveries` and `fanfare play`, against a real database and a real server."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from click.testing import CliRunner, Result

from app.cli import main
from app.settings import Settings
from scoring import platforms
from scoring.inbox import Outcome, claim, record_outcomes
from seeds.signing import is_signed
from tests.scoring.platforms.examples import examples

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
SECRETS = {
    "FANFARE_MASTODON_SECRET": "not so secret, is it",
    "FANFARE_MASTODON_SERVER": "social.example",
    "FANFARE_X_CLIENT_SECRET": "new secret",
    "FANFARE_STANDARD_SECRET": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    "FANFARE_FACEBOOK_SECRET": "of the app",
    "FANFARE_INSTAGRAM_SECRET": "of the app",
    "FANFARE_THREADS_SECRET": "of the app",
    "FANFARE_LINKEDIN_CLIENT_SECRET": "of the client",
    "FANFARE_YOUTUBE_SECRET": "a-secret-of-our-own",
}


def run(environment: dict[str, str], *arguments: str) -> Result:
    return CliRunner().invoke(main, arguments, env=environment)


@pytest.fixture
def served(database_url: str, redis_url: str, tmp_path: Path) -> dict[str, str]:
    return {
        "FANFARE_DATABASE_URL": database_url,
        "FANFARE_REDIS_URL": redis_url,
        "FANFARE_DATA_DIR": str(tmp_path),
    }


def set_one_aside(database_url: str) -> int:
    async def work() -> int:
        connection = await asyncpg.connect(database_url)
        id_ = await connection.fetchval(
            "with told as (insert into delivery (recorded_on, platform, source, delivery_key,"
            " headers, body, received_at) values ('2026-11-22', 'mastodon', 'webhook', 'k', '{}',"
            " 'no \\377 json', $1) returning id, recorded_on),"
            " queued as (insert into pending_delivery select * from told) select id from told",
            NOW,
        )
        (claimed,) = (await claim(connection, 10)).deliveries
        outcome = Outcome.of(claimed, "set_aside", "The body is no JSON.")
        await record_outcomes(connection, [outcome], NOW)
        await connection.close()
        return int(id_)

    return asyncio.run(work())


def test_what_is_set_aside_is_listed_shown_and_retried(served: dict[str, str]) -> None:
    empty = run(served, "deliveries", "list")
    assert (empty.exit_code, "Nothing is set aside" in empty.output) == (0, True)

    id_ = set_one_aside(served["FANFARE_DATABASE_URL"])
    listed = run(served, "deliveries", "list").output
    assert f"{id_}  mastodon  2026-11-22 09:30 UTC  9 bytes" in listed
    assert "The body is no JSON." in listed
    assert "1 set aside." in listed
    shown = run(served, "deliveries", "show", str(id_)).output
    assert "set aside: The body is no JSON." in shown
    assert "no \\xff json" in shown

    assert "1 put back" in run(served, "deliveries", "retry", "--all").output
    assert "It waits for a worker now." in run(served, "deliveries", "show", str(id_)).output
    again = run(served, "deliveries", "retry", str(id_), "999")
    assert again.exit_code == 1
    assert f"Left out: {id_}, 999." in again.output


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("retry",), "--all"),
        (("retry", "--all", "1"), "--all"),
        (("retry", "99999999999999999999"), "9223372036854775807"),
        (("show", "12345"), "There is no delivery 12345."),
    ],
)
def test_a_wrong_wish_is_answered_in_words(
    served: dict[str, str], arguments: tuple[str, ...], says: str
) -> None:
    result = run(served, "deliveries", *arguments)
    assert result.exit_code != 0
    assert says in result.output


class _Listener(BaseHTTPRequestHandler):
    heard: list[tuple[str, dict[str, str], bytes]]
    status = 200

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        type(self).heard.append((self.path, headers, body))
        self.send_response(self.status)
        self.send_header("content-length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: Any) -> None:
        """Says nothing to the terminal."""


@pytest.fixture
def listener() -> Iterator[tuple[str, type[_Listener]]]:
    class Listener(_Listener):
        heard = []

    server = HTTPServer(("127.0.0.1", 0), Listener)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}", Listener
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(
    ("platform", "fixture"),
    [("mastodon", "webhook_post"), ("x", "aaa_like.json"), ("standard", "post_published")],
)
def test_a_played_example_is_signed_as_its_network_would(
    listener: tuple[str, type[_Listener]], platform: str, fixture: str
) -> None:
    address, heard = listener
    result = run(SECRETS, "play", platform, fixture, "--to", address)
    assert result.exit_code == 0, result.output
    assert "200: accepted" in result.output
    assert "facts; the worker reads it next" in result.output
    assert "invented accounts" in result.output
    ((path, headers, body),) = heard.heard
    assert path == f"/webhooks/{platform}"
    secrets = Settings.from_environment(SECRETS).secrets_of(platform)
    assert platforms()[platform].verify(headers, body, secrets, datetime.now(UTC))


@pytest.mark.parametrize("name", sorted(platforms()))
def test_every_example_of_every_network_can_be_played(
    name: str, listener: tuple[str, type[_Listener]], served: dict[str, str]
) -> None:
    address, heard = listener
    paths = [path for of, path in examples() if of == name]
    environment = {**served, **SECRETS}
    # Examples may say the same; what is kept is kept once.
    bodies = {path.read_bytes() for path in paths}
    secrets = Settings.from_environment(SECRETS).secrets_of(name)
    for path in paths:
        to = ["--to", address] if is_signed(name) else []
        played = run(environment, "play", name, path.name, *to)
        assert played.exit_code == 0, played.output
    if is_signed(name):
        for _, headers, body in heard.heard:
            assert body in bodies
            assert platforms()[name].verify(headers, body, secrets, datetime.now(UTC))
        assert len(heard.heard) == len(paths)
    else:
        assert asyncio.run(kept(served["FANFARE_DATABASE_URL"], name)) == bodies


async def kept(database_url: str, name: str) -> set[bytes]:
    connection = await asyncpg.connect(database_url)
    try:
        rows = await connection.fetch("select body from delivery where platform = $1", name)
        return {row["body"] for row in rows}
    finally:
        await connection.close()


def test_an_answer_to_a_poll_is_kept_with_its_question(
    served: dict[str, str], tmp_path: Path
) -> None:
    did = "did:plc:adaaaaaaaaaaaaaaaaaaaaaa"
    answer = tmp_path / "profiles.json"
    answer.write_text(f'{{"profiles": [{{"did": "{did}", "followersCount": 812}}]}}')
    played = run(served, "play", "bluesky", str(answer), "--poll", "followers", "--about", did)
    assert "tells 1 fact;" in played.output, played.output
    unknown = run(served, "play", "bluesky", str(answer), "--poll", "gossip", "--about", did)
    assert "there are: followers" in unknown.output
    alone = run(served, "play", "bluesky", str(answer), "--poll", "followers")
    assert "Say with --about" in alone.output
    without = run(served, "play", "bluesky", "like", "--about", did)
    assert "name it by --poll" in without.output


def test_a_text_of_an_example_can_be_replaced(listener: tuple[str, type[_Listener]]) -> None:
    address, heard = listener
    arguments = ("play", "mastodon", "webhook_post", "--to", address, "-r", "social.example")
    replaced = run(SECRETS, *arguments, "other.example")
    assert (replaced.exit_code, "invented" in replaced.output) == (0, False)
    assert b"other.example" in heard.heard[0][2]
    missing = run(SECRETS, "play", "mastodon", "webhook_post", "-r", "nobody wrote this", "x")
    assert "does not say" in missing.output


def test_playing_says_what_is_wrong(listener: tuple[str, type[_Listener]]) -> None:
    address, heard = listener
    assert "no network 'myspace'" in run(SECRETS, "play", "myspace", "x").output
    assert "webhook_post" in run(SECRETS, "play", "mastodon", "no such example").output
    unset = run({}, "play", "x", "aaa_like", "--to", address)
    assert "FANFARE_X_CLIENT_SECRET or FANFARE_X_CONSUMER_SECRET is not set" in unset.output
    away = run(SECRETS, "play", "x", "aaa_like", "--to", "http://127.0.0.1:9")
    assert "Is it running?" in away.output
    heard.status = 401
    refused = run(SECRETS, "play", "x", "aaa_like", "--to", address)
    assert (refused.exit_code, "another secret" in refused.output) == (1, True)
    nowhere = run(SECRETS, "play", "bluesky", "like", "--to", address)
    assert "heard on a stream that Fanfare opens" in nowhere.output
    gone = {"FANFARE_DATABASE_URL": "postgresql://127.0.0.1:9/x", "FANFARE_REDIS_URL": "redis://x"}
    assert "The database does not answer" in run(gone, "play", "links", "opened").output
