"""Laws of what a stream says of deeds that are known: an edit takes back what it tells no more; an account
that is taken down takes along what it did, and brings it back when it comes back."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from app.streams.heap import Heap
from scoring import Named, Sieve, intake, link
from scoring.deeds import by_id
from scoring.identity import account_id as id_of
from scoring.identity import engagement_id
from tests.app.streams.test_bluesky import ADA, FAN, FIRST, POST, event, like

BOB = "did:plc:bobbbbbbbbbbbbbbbbbbbbbb"
BEFORE, NOW = datetime(2026, 8, 1, tzinfo=UTC), datetime(2026, 9, 1, 8, 20, tzinfo=UTC)
FACET = "app.bsky.richtext.facet#mention"
NAME = f"at://{FAN}/app.bsky.feed.post/p"


def mentions(*dids: str) -> dict[str, Any]:
    features = [{"$type": FACET, "did": did} for did in dids]
    return {"text": "Great", "facets": [{"features": features}]}


SAID = {
    "mention": mentions(ADA),
    "reply": {"text": "Great", "reply": {"parent": {"uri": POST}, "root": {"uri": POST}}},
    "quote": {"text": "Great", "embed": {"record": {"uri": POST}}},
}


def post(number: int, record: dict[str, Any], did: str = FAN) -> bytes:
    return event(number, did, "feed.post", "p", record)


def edit(number: int, record: dict[str, Any], did: str = FAN) -> bytes:
    told = json.loads(post(number, record, did))
    told["commit"]["operation"] = "update"
    return json.dumps(told).encode()


def account(number: int, active: bool, status: str | None = None, did: str = FAN) -> bytes:
    said = {"did": did, "active": active, "status": status}
    return json.dumps(
        {"did": did, "time_us": FIRST + number, "kind": "account", "account": said}
    ).encode()


class Heard:
    """Batches of a stream, each committed as it comes; workers read when they are asked to."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self.connection, self.sieve, self.heap = connection, Sieve([ADA, BOB]), Heap()
        self.at = NOW

    async def batch(self, *events: bytes, read: bool = True) -> None:
        self.at += timedelta(seconds=1)
        for one in events:
            heard = self.sieve.heard(one)
            assert heard is not None
            self.heap.add(one, heard)
        heap, self.heap = self.heap, self.heap.next()
        async with self.connection.transaction():
            await heap.commit(self.connection, "wss://j.example", FIRST, self.at)
        if read:
            await self.read()

    async def read(self) -> None:
        await intake(self.connection, now=self.at)

    async def stands(self, kind: str, target: str = ADA, name: str = NAME) -> bool | None:
        """Whether a deed counts; None for one that is not known."""
        id = engagement_id("bluesky", kind, name, id_of("bluesky", target))
        return next((not deed.removed for deed in await by_id(self.connection, [id])), None)


@pytest.fixture
async def heard(connection: asyncpg.Connection) -> Heard:
    """What is heard where Ada and Bob take part."""
    for did, handle in ((ADA, "ada.example.com"), (BOB, "bob.example.com")):
        person = await connection.fetchval(
            "insert into person (recorded_at) values ($1) returning id", BEFORE
        )
        await link(connection, person, "bluesky", Named(did, handle), "every", BEFORE)
    return Heard(connection)


@pytest.mark.parametrize("kind", SAID)
@pytest.mark.parametrize("read", [True, False], ids=["read", "unread"])
async def test_an_edit_that_names_nobody_of_ours_any_more_takes_back_what_was_done(
    heard: Heard, kind: str, read: bool
) -> None:
    await heard.batch(post(1, SAID[kind]), read=read)
    await heard.batch(edit(2, {"text": "Never mind"}), read=read)
    await heard.read()
    assert await heard.stands(kind) is False


async def test_an_edit_takes_back_only_what_it_tells_no_more(heard: Heard) -> None:
    await heard.batch(post(1, mentions(ADA, BOB)))
    await heard.batch(edit(2, mentions(BOB)))
    assert [await heard.stands("mention", one) for one in (ADA, BOB)] == [False, True]
    # Told again after a start: it stays what it is.
    await heard.batch(post(1, mentions(ADA, BOB)), edit(2, mentions(BOB)))
    assert [await heard.stands("mention", one) for one in (ADA, BOB)] == [False, True]


async def test_who_edits_a_colleague_out_of_their_own_post_takes_that_back(heard: Heard) -> None:
    name = f"at://{BOB}/app.bsky.feed.post/p"
    await heard.batch(post(1, SAID["quote"], BOB))
    assert await heard.stands("quote", ADA, name) is True
    await heard.batch(edit(2, {"text": "My own words"}, BOB))
    assert await heard.stands("quote", ADA, name) is False


async def test_an_edit_of_other_words_takes_nothing_back(heard: Heard) -> None:
    await heard.batch(post(1, SAID["reply"]))
    await heard.batch(edit(2, {**SAID["reply"], "text": "Greater"}))
    assert await heard.stands("reply") is True


async def test_strangers_edits_among_themselves_are_not_kept(heard: Heard) -> None:
    await heard.batch(edit(1, mentions("did:plc:other")), read=False)
    assert await heard.connection.fetchval("select count(*) from delivery") == 0


async def test_an_account_that_was_taken_down_counts_again_once_it_is_back(heard: Heard) -> None:
    liked = f"at://{FAN}/app.bsky.feed.like/like1"
    await heard.batch(like(1, FAN), post(2, mentions(ADA, BOB)))
    await heard.batch(edit(3, mentions(BOB)))

    async def standing() -> list[bool | None]:
        return [
            await heard.stands("reaction", name=liked),
            await heard.stands("mention", BOB),
            await heard.stands("mention", ADA),  # edited out: that stays
        ]

    for number in range(10, 40, 10):  # as often as it likes
        await heard.batch(account(number, False, "takendown"))
        assert await standing() == [False, False, False]
        await heard.batch(account(number + 1, False, "takendown"))  # told again
        assert await standing() == [False, False, False]
        await heard.batch(account(number + 2, True))
        assert await standing() == [True, True, False]
    # A deletion while it is down, as at any time, is for ever; so is a deleted account.
    await heard.batch(account(50, False, "takendown"))
    await heard.batch(event(51, FAN, "feed.like", "like1"))
    await heard.batch(account(52, True))
    assert await standing() == [False, True, False]
    await heard.batch(account(60, False, "deleted"))
    await heard.batch(account(61, True))
    assert await standing() == [False, False, False]


async def test_who_is_back_before_anybody_has_read_that_they_were_away_counts_as_well(
    heard: Heard,
) -> None:
    liked = f"at://{FAN}/app.bsky.feed.like/like1"
    await heard.batch(like(1, FAN))
    for number in range(10, 40, 10):
        await heard.batch(account(number, False, "takendown"), read=False)
        await heard.batch(account(number + 1, True))
        assert await heard.stands("reaction", name=liked) is True
    # Both in one batch, as when a day is caught up with.
    await heard.batch(account(50, False, "takendown"), account(51, True))
    assert await heard.stands("reaction", name=liked) is True
    await heard.batch(account(60, True))  # nobody was away
    assert await heard.connection.fetchval("select count(*) from pending_delivery") == 0


async def test_accounts_of_ours_come_back_too(heard: Heard) -> None:
    name = f"at://{BOB}/app.bsky.feed.post/p"
    await heard.batch(post(1, SAID["quote"], BOB))
    await heard.batch(account(2, False, "takendown", BOB))
    assert await heard.stands("quote", ADA, name) is False
    await heard.batch(account(3, True, did=BOB))
    assert await heard.stands("quote", ADA, name) is True
