"""Laws of Bluesky: one deed, one name, one moment whichever stream tells it; nobody posts to its webhook."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.facts import Engagement, Post, Removal
from scoring.platforms import platform
from scoring.platforms.bluesky.names import address_of, handle_of, moment_of
from scoring.platforms.platform import NotAnAccount, NotVerified
from tests.scoring.platforms.examples import RECEIVED_AT, SECRETS, adapted, read

BLUESKY = platform("bluesky")
LETTERS = "234567abcdefghijklmnopqrstuvwxyz"


def tid(microseconds: int, clock: int) -> str:
    number, text = microseconds << 10 | clock, ""
    for _ in range(13):
        number, letter = divmod(number, 32)
        text = LETTERS[letter] + text
    return text


@given(st.integers(0, 2**53 - 1), st.integers(0, 1023))
def test_a_revision_tells_its_moment_whichever_clock_made_it(microseconds: int, clock: int) -> None:
    assert moment_of(tid(microseconds, clock)) == datetime(1970, 1, 1, tzinfo=UTC) + timedelta(
        microseconds=microseconds
    )


@pytest.mark.parametrize("text", ["", "3mx", "zzzzzzzzzzzzz", "3mxrev0aaaa2d", "3MXREVAAAAA2D"])
def test_what_is_no_revision_tells_no_moment(text: str) -> None:
    assert moment_of(text) is None


@pytest.mark.parametrize("name", ["post", "like", "unlike"])
def test_both_versions_of_the_stream_tell_the_same(name: str) -> None:
    first, second = (adapted("bluesky", read("bluesky", f"{name}{v}")) for v in ("", "_v2"))
    assert first.facts
    assert first == second


@pytest.mark.parametrize(
    ("made", "undone"),
    [
        ("like", "unlike"), ("follow", "unfollow"), ("reply", "reply_deleted"),
        ("company_reposts", "company_takes_the_repost_back"),
    ],
)  # fmt: skip
def test_a_deletion_which_says_nothing_else_names_the_deed(made: str, undone: str) -> None:
    names = {f.native_id for f in adapted("bluesky", read("bluesky", made)).facts}  # type: ignore[union-attr]
    (removal,) = adapted("bluesky", read("bluesky", undone)).facts
    assert isinstance(removal, Removal)
    assert names == {removal.native_id}


def test_what_the_author_says_of_the_time_does_not_move_a_deed() -> None:
    moments = set()
    for said in ("2006-09-01T08:15:29.900Z", "2026-09-01T08:15:29.900Z", "2099-01-01T00:00:00Z"):
        event = json.loads(read("bluesky", "like"))
        event["commit"]["record"]["createdAt"] = said
        (told,) = adapted("bluesky", json.dumps(event).encode()).facts
        assert isinstance(told, Engagement)
        moments.add(told.occurred_at)
    assert moments == {datetime(2026, 9, 1, 8, 15, 30, 123456, tzinfo=UTC)}


def test_without_a_usable_revision_the_records_own_time_counts_and_without_both_the_receipt() -> (
    None
):
    event = json.loads(read("bluesky", "post"))
    event["commit"]["rev"] = tid(2**52, 1)  # the year 2112
    post, _ = adapted("bluesky", json.dumps(event).encode()).facts
    assert isinstance(post, Post)
    assert post.published_at == datetime(2026, 9, 1, 8, 15, 29, 900000, tzinfo=UTC)
    del event["commit"]["record"]["createdAt"]
    post, deed = adapted("bluesky", json.dumps(event).encode()).facts
    assert isinstance(post, Post)
    assert isinstance(deed, Engagement)
    assert (post.published_at, deed.occurred_at) == (RECEIVED_AT, None)


def test_nobody_can_post_to_its_webhook() -> None:
    with pytest.raises(NotVerified):
        BLUESKY.verify({}, read("bluesky", "like"), SECRETS["bluesky"], RECEIVED_AT)


@given(st.text())
def test_any_text_is_an_address_or_is_none(text: str) -> None:
    found = address_of(text)
    assert found is None or str(found) == text


@pytest.mark.parametrize(
    ("typed", "native_id", "handle"),
    [
        ("@Ada.Example.com did:plc:adaaaaaaaaaaaaaaaaaaaaaa", "did:plc:adaaaaaaaaaaaaaaaaaaaaaa",
         "ada.example.com"),
        ("https://bsky.app/profile/did:plc:adaaaaaaaaaaaaaaaaaaaaaa", "did:plc:adaaaaaaaaaaaaaaaaaaaaaa",
         "did:plc:adaaaaaaaaaaaaaaaaaaaaaa"),
        ("did:web:ada.example.com", "did:web:ada.example.com", "did:web:ada.example.com"),
    ],
)  # fmt: skip
def test_an_account_is_its_did(typed: str, native_id: str, handle: str) -> None:
    named = BLUESKY.named(typed)
    assert (named.native_id, named.handle) == (native_id, handle)
    assert BLUESKY.profile_url(native_id, handle) == f"https://bsky.app/profile/{native_id}"


@pytest.mark.parametrize("typed", ["", "ada", "@ada.example.com", "did:plc:", "plc:ada"])
def test_a_handle_alone_names_no_account_because_it_may_become_another_ones(typed: str) -> None:
    with pytest.raises(NotAnAccount, match="DID"):
        BLUESKY.named(typed)


def test_handles_are_domain_names() -> None:
    assert handle_of(" Ada.Example.COM ") == "ada.example.com"
    assert [handle_of(text) for text in ("ada", "a..b", "-a.b", "a.b" * 100, "ada.example.1")] == [
        None
    ] * 5
