"""Laws of servers that people choose, and may run themselves: what they say of others counts for nobody."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from app.going_out import OutsideAway
from app.streams import channel
from scoring import AccountEar, EventLines
from scoring.facts import Engagement, Fact, Kind, Post, Snapshot
from tests.app.streams.instances import Instance
from tests.scoring.platforms.examples import adapted

MALLORY, ADA, COMPANY = "mallory@own.example", "ada@social.example", "pumpco@social.example"
OURS = frozenset({MALLORY, ADA, COMPANY})
EAR = AccountEar("own.example", MALLORY, OURS, for_itself=True)


class Server(Instance):
    """One whose posts are of the morning at which the examples are received."""

    def write(self, user: str, text: str = "Hi", **other: Any) -> dict[str, Any]:
        return super().write(user, text, **{"created_at": "2026-09-01T08:00:00Z", **other})


THERE = Server("social.example")
OWN = Server("own.example")


def told(event: str, payload: dict[str, Any], ear: AccountEar = EAR) -> list[Fact]:
    """What is stored of what the server says, as the adapter reads it."""
    try:
        found = ear.told(event, payload)
    except ValueError:  # UnusableFact is one: nothing of it is kept
        return []
    if found is None or not found.body:
        return []
    headers = {"fanfare-server": "own.example", "fanfare-chosen-by": MALLORY}
    return list(adapted("mastodon", found.body, headers).facts)


def notified(kind: str, actor: str, status: dict[str, Any] | None = None) -> dict[str, Any]:
    return OWN.notify("mallory", kind, actor, status)


def test_what_the_person_and_strangers_do_there_is_heard() -> None:
    mine = OWN.write("mallory")
    assert {one.kind for one in told("update", mine) if isinstance(one, Engagement)} == {Kind.POST}
    facts = told("notification", notified("favourite", "fan@other.example", mine))
    assert [one.target for one in facts if isinstance(one, Engagement)] == [MALLORY]
    answer = THERE.write("fan", uri="https://social.example/users/fan/statuses/9",
                         account=OWN.account("fan@social.example"),
                         in_reply_to_id=mine["id"], in_reply_to_account_id=mine["account"]["id"],
                         mentions=[mine["account"]])  # fmt: skip
    facts = told("notification", notified("mention", "fan@social.example", answer))
    deeds = [one for one in facts if isinstance(one, Engagement)]
    assert [(one.kind, one.target, one.post) for one in deeds] == [
        (Kind.REPLY, MALLORY, mine["uri"])
    ]
    # Pages may live below the name in people's handles.
    below = OWN.write("fan@other.example", uri="https://pages.other.example/users/fan/statuses/1",
                      mentions=[mine["account"]])  # fmt: skip
    assert told("notification", notified("mention", "fan@other.example", below))


@pytest.mark.parametrize("of", ["ada", "celebrity"])
def test_nobody_comes_into_a_post_by_its_name(of: str) -> None:
    theirs = f"https://social.example/users/{of}/statuses/1"
    assert told("update", OWN.write("mallory", uri=theirs)) == []
    stranger = OWN.write("fan@other.example", uri=theirs, mentions=[OWN.account("mallory")])
    assert told("notification", notified("mention", "fan@other.example", stranger)) == []
    boosted = OWN.write("mallory", reblog=OWN.write("mallory", uri=theirs))
    assert told("update", boosted) == []
    own = OWN.write("mallory", url=theirs)
    assert [one.url for one in told("update", own) if isinstance(one, Post)] == [None]


@pytest.mark.parametrize(
    "ada",
    [
        {"id": "7", "acct": ADA, "username": "ada", "url": "https://social.example/@ada"},
        # As if she were of this server, with a page at her own.
        {"id": "7", "acct": "ada", "username": "ada", "url": "https://social.example/@ada"},
    ],
)
def test_what_strangers_do_there_is_done_to_nobody_else_of_ours(ada: dict[str, Any]) -> None:
    me = OWN.account("mallory")
    post = {"in_reply_to_id": "1", "in_reply_to_account_id": "7", "mentions": [ada, me]}
    quoted = {**THERE.write("ada"), "account": ada}
    for more in (post, {"quote": {"state": "accepted", "quoted_status": quoted}, "mentions": [me]}):
        facts = told("notification", notified("mention", "fan", OWN.write("fan", **more)))
        assert {one.actor for one in facts if isinstance(one, Engagement)} == {"fan@own.example"}
        assert [one.target for one in facts if isinstance(one, Engagement) and one.target] == [
            MALLORY
        ]
        assert not [one for one in facts if isinstance(one, Post) and one.author == ADA]


def test_nobody_at_anothers_server_is_the_author_of_a_neighbours_post() -> None:
    theirs = "https://social.example/users/ada/statuses/1"
    numbered = "https://social.example/ap/users/7/statuses/1"
    for uri, name in ((theirs, "zoe"), (numbered, "ada")):
        zoe = {**OWN.account("zoe@social.example"), "username": name}
        post = THERE.write("zoe", account=zoe, uri=uri, mentions=[OWN.account("mallory")])
        assert told("notification", notified("mention", "zoe@social.example", post)) == []


def test_a_colleagues_post_has_the_moment_that_its_own_server_says() -> None:
    for of in ("ada", "pumpco"):
        early = {**THERE.write(of), "account": OWN.account(f"{of}@social.example")}
        early["created_at"] = "2007-01-01T00:00:00Z"
        facts = told("update", OWN.write("mallory", reblog=early))
        assert [one.kind for one in facts if isinstance(one, Engagement)] == [Kind.RESHARE]
        assert not [one for one in facts if isinstance(one, Post | Snapshot) and of in str(one)]


def test_what_a_server_the_company_named_says_is_taken_as_it_stands() -> None:
    ear = AccountEar("social.example", COMPANY, OURS)
    post = THERE.write("fan@other.example", uri="https://elsewhere.example/1",
                       mentions=[THERE.account("ada"), THERE.account("pumpco")])  # fmt: skip
    heard = ear.told("notification", THERE.notify("pumpco", "mention", "fan@other.example", post))
    assert heard is not None
    facts = adapted("mastodon", heard.body, {"fanfare-server": "social.example"}).facts
    assert {one.target for one in facts if isinstance(one, Engagement)} == {None, ADA, COMPANY}


async def test_a_connection_that_says_nothing_without_end_is_ended(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(channel, "_MOST_HEARD", 1_000)

    async def beating() -> AsyncIterator[bytes]:
        yield b"event: delete\ndata: 1\n\n"
        while True:
            yield b":\n" * 100

    told = channel._told_in_lines("https://own.example", httpx.Response(200, content=beating()))
    assert (await anext(told)).data == "1"
    with pytest.raises(OutsideAway, match="enough"):
        await anext(told)


def test_a_line_that_comes_byte_by_byte_costs_no_more_than_its_length() -> None:
    lines, begin = EventLines(), time.process_time()
    for _ in range(400_000):
        assert not lines.feed(b"x")
    assert time.process_time() - begin < 5  # put together each time it would take minutes
    assert [one.data for one in lines.feed(b"\nevent: delete\ndata: 7\n\n")] == ["7"]
