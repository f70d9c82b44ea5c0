"""Laws of a server's own stream: told in Jetstream's words, and no bytes raise an error."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scoring import Sieve, read_frame
from scoring.facts import Removal, UnusableFact
from tests.scoring.platforms.examples import adapted, read
from tests.scoring.platforms.repositories import Operation, archive, cid_of, commit, frame

ADA = "did:plc:adaaaaaaaaaaaaaaaaaaaaaa"
FAN = "did:plc:fanaaaaaaaaaaaaaaaaaaaaa"
LIKE = {"$type": "app.bsky.feed.like", "createdAt": "2026-09-01T08:15:29.900Z",
        "subject": {"cid": "b", "uri": f"at://{ADA}/app.bsky.feed.post/3mxaaaaaaaa2a"}}  # fmt: skip
_TOLD_BY_BOTH = (
    "post", "like", "unlike", "reply", "reply_deleted", "follow", "unfollow", "company_reposts",
    "company_quotes", "company_quotes_with_a_picture", "company_takes_the_repost_back",
    "like_of_a_feed", "embeds_a_feed",
)  # fmt: skip


def as_frame(event: dict[str, Any], seq: int = 7) -> bytes:
    """What a server tells where Jetstream tells this event."""
    said = event["commit"]
    operation: Operation = (
        said["operation"], f"{said['collection']}/{said['rkey']}", said.get("record"),
    )  # fmt: skip
    return commit(seq, event["did"], said["rev"], operation)


@pytest.mark.parametrize("name", _TOLD_BY_BOTH)
def test_a_deed_heard_by_jetstream_and_by_a_server_is_one(name: str) -> None:
    event = json.loads(read("bluesky", name))
    heard = read_frame(as_frame(event))
    assert heard.position == 7
    (told,) = heard.events
    assert adapted("bluesky", told) == adapted("bluesky", json.dumps(event).encode())


def test_a_commit_of_many_records_tells_each_and_other_collections_are_passed_over() -> None:
    heard = read_frame(
        commit(
            1, FAN, "3mxreveaaaa2c",
            ("create", "app.bsky.feed.like/a", LIKE),
            ("create", "app.bsky.actor.profile/self", {"displayName": "Fan"}),
            ("create", "app.bsky.feed.like/b", LIKE),
            ("delete", "app.bsky.graph.follow/c", None),
        )
    )  # fmt: skip
    told = [json.loads(event)["commit"] for event in heard.events]
    assert [(one["operation"], one["rkey"]) for one in told] == [
        ("create", "a"), ("create", "b"), ("delete", "c"),
    ]  # fmt: skip
    assert heard.untold is None


def test_pictures_links_and_bytes_in_a_record_are_written_as_the_protocol_writes_json() -> None:
    record = {**LIKE, "via": {"ref": cid_of(b"picture")}, "raw": b"\x00\xff", "size": 7}
    (event,) = read_frame(
        commit(1, FAN, "3mxreveaaaa2c", ("create", "app.bsky.feed.like/a", record))
    ).events
    told = json.loads(event)["commit"]["record"]
    assert told["raw"] == {"$bytes": "AP8"}
    assert told["via"]["ref"]["$link"].startswith("bafyrei")


@pytest.mark.parametrize(
    ("kind", "said", "what", "which"),
    [
        ("error", {"error": "FutureCursor", "message": "Cursor in the future."}, "refused",
         "FutureCursor"),
        ("error", {"error": "ConsumerTooSlow"}, "refused", "ConsumerTooSlow"),
        ("error", {}, "refused", "an error without a name"),
        ("info", {"name": "OutdatedCursor"}, "informed", "OutdatedCursor"),
        ("sync", {"seq": 3, "did": FAN, "rev": "3mxreveaaaa2c", "blocks": b""}, "untold", FAN),
        ("commit", {"seq": 3, "repo": FAN, "rev": "3mxreveaaaa2c", "blocks": b"", "ops": [],
                    "tooBig": True}, "untold", FAN),
    ],
)  # fmt: skip
def test_what_a_server_says_of_the_stream_itself_is_named(
    kind: str, said: dict[str, Any], what: str, which: str
) -> None:
    heard = read_frame(frame(kind, said))
    assert getattr(heard, what) == which
    assert heard.events == ()


def test_a_record_that_is_not_there_makes_its_repository_one_to_be_read_again() -> None:
    empty = archive(cid_of(b""), {})
    told = commit(
        4, FAN, "3mxreveaaaa2c",
        ("create", "app.bsky.feed.like/a", LIKE), ("delete", "app.bsky.feed.like/b", None),
        blocks=empty,
    )  # fmt: skip
    heard = read_frame(told)
    assert (heard.position, heard.untold) == (4, FAN)
    assert [json.loads(event)["commit"]["operation"] for event in heard.events] == ["delete"]
    broken = read_frame(
        commit(5, FAN, "3m", ("create", "app.bsky.feed.like/a", LIKE), blocks=b"\x01")
    )
    assert (broken.position, broken.untold, broken.events) == (5, FAN, ())


def test_an_account_that_is_gone_takes_its_deeds_along_and_one_that_pauses_does_not() -> None:
    def told(**said: Any) -> tuple[str | None, tuple[str, bool] | None]:
        (event,) = read_frame(frame("account", {"seq": 5, "did": FAN, **said})).events
        overheard = Sieve([ADA]).heard(event)
        assert overheard is not None
        assert not overheard.matters
        return overheard.gone, overheard.there

    assert told(active=False, status="deleted") == (FAN, None)
    assert told(active=False, status="takendown") == (None, (FAN, False))
    assert told(active=False, status="deactivated") == (None, None)
    assert told(active=False) == (None, None)
    assert told(active=True) == (None, (FAN, True))


def test_a_new_handle_of_somebody_of_ours_is_heard_and_a_strangers_is_not() -> None:
    (event,) = read_frame(
        frame("identity", {"seq": 5, "did": ADA, "handle": "Ada.Example.org"})
    ).events
    heard = Sieve([ADA]).heard(event)
    assert heard is not None
    assert heard.renamed == (ADA, "ada.example.org")
    stranger = Sieve([FAN]).heard(event)
    assert stranger is not None
    assert stranger.renamed is None
    assert adapted("bluesky", event).ignored == "identity"


# Any bytes -------------------------------------------------------------------------------------------

_GOOD = [
    as_frame(json.loads(read("bluesky", name))) for name in ("post", "unlike", "company_quotes")
] + [frame("identity", {"seq": 5, "did": ADA}), frame("error", {"error": "FutureCursor"})]
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.text(max_size=8)
    | st.binary(max_size=8) | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(["create", "app.bsky.feed.like/a", ADA, "#commit", cid_of(b"x")]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["seq", "repo", "did", "ops", "action", "path", "cid", "blocks", "rev",
                         "error", "name", "tooBig", "active", "status", "handle"]), inner,
        max_size=5),
    max_leaves=12,
)  # fmt: skip


def quiet(data: bytes) -> None:
    """It is read or says why not; and what it tells, the adapter can read or refuse."""
    heard = read_frame(data)
    sieve = Sieve([ADA])
    for event in heard.events:
        json.loads(event)
        assert sieve.heard(event) is not None
        try:
            told = adapted("bluesky", event)
        except UnusableFact:
            continue
        assert bool(told.facts) != bool(told.ignored)
        assert all(isinstance(fact, Removal) or fact for fact in told.facts)


@given(st.binary())
@example(b"\x81" * 100_000)
@example(b"\x9b\xff\xff\xff\xff\xff\xff\xff\xff")
@example(b"\xbb" + b"\xff" * 8)
def test_any_bytes_are_a_frame_or_say_why_not(data: bytes) -> None:
    quiet(data)


@given(
    st.sampled_from(_GOOD), st.lists(st.tuples(st.integers(0), st.integers(0, 255)), max_size=6),
    st.integers(0, 3000),
)  # fmt: skip
def test_a_frame_with_changed_or_missing_bytes_is_a_frame_or_says_why_not(
    good: bytes, changes: list[tuple[int, int]], length: int
) -> None:
    data = bytearray(good)
    for place, byte in changes:
        data[place % len(data)] = byte
    quiet(bytes(data[:length] if length % 2 else data))


@given(st.sampled_from(["commit", "sync", "identity", "account", "info", "error", ""]), _VALUES)
def test_any_values_in_a_frame_are_read_or_refused(kind: str, said: Any) -> None:
    quiet(frame(kind, said if isinstance(said, dict) else {"said": said}))


@given(st.lists(st.dictionaries(st.text(max_size=6), _VALUES, max_size=3), max_size=3))
def test_any_records_in_a_commit_are_told_or_called_untold(records: list[dict[str, Any]]) -> None:
    told = commit(
        9, FAN, "3mxreveaaaa2c",
        *(("create", f"app.bsky.feed.like/{n}", record) for n, record in enumerate(records)),
    )  # fmt: skip
    quiet(told)
    assert len(read_frame(told).events) == len(records)


# Jetstream's own words for the same ------------------------------------------------------------------

_V2 = "network.bsky.jetstream.subscribeEvents#"


def by_jetstream(kind: str, said: dict[str, Any]) -> list[bytes]:
    """What both versions of Jetstream say of an account."""
    whole = {"seq": 3, "did": ADA, "time": "2026-09-01T08:15:30Z", **said}
    first = {"did": ADA, "time_us": 5, "kind": kind, kind: whole}
    second = {"$type": "message", "payload": {"$type": f"{_V2}{kind}", "seq": 5, "did": ADA,
                                              kind: whole}}  # fmt: skip
    return [json.dumps(event).encode() for event in (first, second)]


def test_an_account_that_is_gone_or_renamed_is_heard_by_both_jetstreams_too() -> None:
    gone = by_jetstream("account", {"active": False, "status": "deleted"})
    renamed = by_jetstream("identity", {"handle": "ada.example.org"})
    for event, new in zip(gone, renamed, strict=True):
        ended, moved = Sieve([ADA]).heard(event), Sieve([ADA]).heard(new)
        assert ended is not None
        assert moved is not None
        assert (ended.position, ended.gone) == (5, ADA)
        assert (moved.position, moved.renamed) == (5, (ADA, "ada.example.org"))


def test_what_jetstream_says_of_the_stream_itself_is_named() -> None:
    error = Sieve([ADA]).heard(b'{"$type":"error","error":"ConsumerTooSlow","message":"x"}')
    info = Sieve([ADA]).heard(
        json.dumps(
            {"$type": "message", "payload": {"$type": f"{_V2}info", "name": "OutdatedCursor"}}
        ).encode()
    )
    assert error is not None
    assert info is not None
    assert error.refused == "ConsumerTooSlow"
    assert info.informed == "OutdatedCursor"
    assert (error.position, info.position) == (0, 0)


@given(st.binary() | _VALUES.map(lambda said: json.dumps(said, default=repr).encode()))
def test_any_event_of_a_jetstream_is_overheard_or_passed_over(event: bytes) -> None:
    Sieve([ADA]).heard(event)
