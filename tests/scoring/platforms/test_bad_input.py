"""Law: whatever arrives, an adapter tells facts or says why not, and PostgreSQL can store the
words."""

import copy
import gzip
import json
import re
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scoring.facts import MAX_TEXT_LENGTH, Engagement, Post, Telling, UnusableFact
from scoring.platforms import platforms
from tests.scoring.platforms.examples import RECEIVED_AT, adapted, examples, read, written

NAMES = sorted(platforms())
BODIES = [(name, path.read_bytes()) for name, path in examples() if path.suffix == ".json"]
MARKUP = [(name, path.read_bytes()) for name, path in examples() if path.suffix == ".xml"]

_ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(-(10**400), 10**400),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(),
    st.sampled_from([
        "", "\x00", "a\x00b", "\ud800", "\u202e", "😀" * 10, "x" * 600, "-1", "9" * 30,
        "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-13-01T00:00:00Z", "2026",
        "Tue Xxx 99 99:99:99 +0000 2026", "1970-01-01T00:00:00Z", -1, 2**63, -(2**70), [], {},
        [None], {"data": {"data": None}}, "{}", "[", "https://[", "http://[::1",
        "javascript:alert(1)", "@", "a@b@c", "ada@", "@host", "private", "public", "follow",
    ]),
    st.dictionaries(st.text(max_size=5), st.integers(), max_size=3),
    st.lists(st.text(max_size=5), max_size=3),
)  # fmt: skip


def told(name: str, body: bytes) -> Telling | None:
    """What an adapter tells, or None when it said why not."""
    try:
        telling = adapted(name, body)
    except UnusableFact as refusal:
        reason = str(refusal)
        storable(reason or "a refusal without words")
        return None
    assert bool(telling.facts) != bool(telling.ignored)
    for fact in telling.facts:
        if isinstance(fact, Engagement) and fact.occurred_at is not None:
            assert fact.occurred_at <= RECEIVED_AT
    storable(json.dumps(written(telling), ensure_ascii=False))
    assert "\\u0000" not in json.dumps(written(telling))
    return telling


def storable(words: str) -> None:
    assert "\x00" not in words
    words.encode()  # half surrogates cannot be stored


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner: list[tuple[Any, ...]] = []
    members = value.items() if isinstance(value, dict) else enumerate(value)
    for key, member in members:
        inner.append((*path, key))
        if isinstance(member, dict | list):
            inner.extend(places(member, (*path, key)))
    return inner


@settings(max_examples=400)
@given(data=st.data())
def test_a_body_with_anything_changed_is_read_or_refused_in_words(data: st.DataObject) -> None:
    name, body = data.draw(st.sampled_from(BODIES))
    whole = copy.deepcopy(json.loads(body))
    for _ in range(data.draw(st.integers(1, 3))):
        *way, last = data.draw(st.sampled_from(places(whole)))
        member = whole
        for step in way:
            member = member[step]
        if data.draw(st.booleans()):
            member[last] = copy.deepcopy(data.draw(_ODD))  # lists may be shared
        elif isinstance(member, dict):
            del member[last]
        if not places(whole):
            break
    told(name, json.dumps(whole).encode("utf-8"))


@settings(max_examples=200)
@given(data=st.data())
def test_markup_with_anything_changed_is_read_or_refused_in_words(data: st.DataObject) -> None:
    name, body = data.draw(st.sampled_from(MARKUP))
    at = data.draw(st.integers(0, len(body)))
    until = data.draw(st.integers(at, min(len(body), at + 40)))
    told(name, body[:at] + data.draw(st.binary(max_size=20)) + body[until:])


@settings(max_examples=200)
@given(name=st.sampled_from(NAMES), body=st.binary(max_size=200))
@example("x", b"[" * 100_000)
@example("standard", b'{"data":' * 100_000)
@example("mastodon", b'{"object":' * 500 + b"1" + b"}" * 500)
@example("x", b"1" * 100_000)
@example("x", b"NaN")
@example("x", b'{"data":{"event_type":"post.create","payload":{"id":1e999}}}')
@example("x", b'{"data":{"event_type":NaN,"a":"\\ud800"}}')
@example("x", b"\xef\xbb\xbf{}")
@example("x", b"\xff\xfe{")
@example("mastodon", b'{"event":"update","payload":"' + b"[" * 100_000 + b'"}')
@example("mastodon", b"null")
@example("standard", b'{"type":"followers.counted","timestamp":"2026-09-01T08:15:30Z","data":null}')
@example("standard", b'{"type":"post.removed","timestamp":"2026-09-01T08:15:30Z","data":"\\ud800"}')
@example(
    "standard", b'{"type":"post.removed","timestamp":"2026-09-01T08:15:30Z","data":{"\\ud800":1}}'
)
@example("x", b"")
def test_bytes_that_mean_nothing_are_refused_in_words(name: str, body: bytes) -> None:
    told(name, body)


@settings(max_examples=100)
@given(
    name=st.sampled_from(NAMES),
    whole=st.recursive(
        _ODD, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=10
    ),
)
def test_any_json_is_read_or_refused_in_words(name: str, whole: Any) -> None:
    told(name, json.dumps(whole).encode())


def _replaced(name: str, fixture: str, old: str, new: str) -> bytes:
    body = read(name, fixture).decode()
    assert old in body
    return body.replace(old, new).encode()


def test_a_refusal_names_the_place() -> None:
    body = _replaced("x", "xaa_post", '"author_id": "7001000000000000001"', '"author_id": [1]')
    with pytest.raises(
        UnusableFact, match=r"^data\.payload\.author_id: expected an id, got a list$"
    ):
        adapted("x", body)


@pytest.mark.parametrize(
    ("fixture", "old", "new", "words"),
    [
        ("followers_counted", "812", '"many"',
         "data.followers: expected a whole number, got a text (Expected `int`, got `str`)"),
        ("followers_counted", "812", "-1",
         "data.followers: expected 0 or more, got less (Expected `int` >= 0)"),
        ("followers_counted", '"followers"', '"fans"',
         "data: «followers» is missing (Object missing required field `followers`)"),
        ("followers_counted", "812", "812}", "this is not JSON from character "),
        ("followers_counted", "}", "", "it breaks off: the JSON has no end ("),
        ("post_figures", '"reaction"', '"cheers"',
         "data.figures (one of its names): «cheers» is none of the words that are known here ("),
        ("post_figures", '"reaction": ', '"reaction": -',
         "data.figures (one of its values): expected 0 or more, got less (Expected `int` >= 0)"),
    ],
)  # fmt: skip
def test_what_the_decoder_refuses_is_said_in_words_and_its_own_follow(
    fixture: str, old: str, new: str, words: str
) -> None:
    with pytest.raises(UnusableFact, match="^" + re.escape(words)):
        adapted("standard", _replaced("standard", fixture, old, new))


def test_a_delivery_without_a_body_says_so() -> None:
    with pytest.raises(UnusableFact, match=r"^there is nothing in it$"):
        adapted("standard", b" ")


# Where a network tells several things at once: the way to the list of them, and what each of them needs.
BATCHES = [
    ("x", "aaa_reply", ("tweet_create_events",), "user"),
    ("facebook", "comment_add", ("entry", 0, "changes"), "field"),
    ("facebook", "comment_add", ("entry",), "id"),
    ("instagram", "comment", ("entry", 0, "changes"), "value"),
    ("instagram", "comment_with_instagram_login", ("entry",), "value"),
    ("threads", "reply_in_the_older_envelope", ("entry", 0, "changes"), "value"),
    ("linkedin", "comment", ("notifications",), "action"),
    ("linkedin", "polled_post", ("elements",), "visibility"),
    ("bluesky", "batch", (), "kind"),
]


@pytest.mark.parametrize(("name", "example", "way", "needs"), BATCHES)
@pytest.mark.parametrize("odd", [None, [], {}, "\ud800", 1.5])
def test_one_of_several_that_cannot_be_read_sets_only_itself_aside_and_is_named(
    name: str, example: str, way: tuple[Any, ...], needs: str, odd: Any
) -> None:
    whole = json.loads(read(name, example))
    alone = adapted(name, json.dumps(whole).encode())
    several = whole
    for step in way:
        several = several[step]
    several.insert(0, {**several[0], needs: odd})
    place = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in way)
    told = adapted(name, json.dumps(whole).encode())
    assert told.facts == alone.facts
    assert told.unread is not None
    place = f"{place.removeprefix('.')}[0]"
    assert told.unread.startswith(f"a part of it, while the rest counts: {place}")
    del several[1:]
    with pytest.raises(UnusableFact, match=f"^{re.escape(place)}"):
        adapted(name, json.dumps(whole).encode())


@settings(max_examples=60)
@given(
    batch=st.sampled_from(BATCHES),
    odd=st.recursive(
        _ODD, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=6
    ),
    first=st.booleans(),
)
def test_whatever_stands_beside_it_what_can_be_read_is_told(
    batch: tuple[str, str, tuple[Any, ...], str], odd: Any, first: bool
) -> None:
    name, fixture, way, _ = batch
    whole = json.loads(read(name, fixture))
    alone = adapted(name, json.dumps(whole).encode())
    several = whole
    for step in way:
        several = several[step]
    several.insert(0 if first else len(several), odd)
    beside = told(name, json.dumps(whole).encode())
    assert beside is not None
    assert set(alone.facts) <= set(beside.facts)


def test_a_video_that_cannot_be_read_hides_no_other() -> None:
    body = read("youtube", "video")
    told = adapted("youtube", body.replace(b"<entry>", b"<entry/><entry>"))
    assert told.facts == adapted("youtube", body).facts
    assert "videoId" in (told.unread or "")


def test_of_a_thousand_that_cannot_be_read_the_reason_tells_three() -> None:
    whole = json.loads(read("facebook", "comment_add"))
    whole["entry"][0]["changes"] += [{"field": number} for number in range(999)]
    told = adapted("facebook", json.dumps(whole).encode())
    assert told.facts == adapted("facebook", read("facebook", "comment_add")).facts
    assert (told.unread or "").count("entry[0].changes") == 3
    assert (told.unread or "").endswith("and 996 more like that")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (gzip.compress(b"{}", mtime=0), "compressed (gzip)"),
        (b"\xef\xbb\xbf{}", "byte order mark"),
        ("{}".encode("utf-16"), "UTF-16"),
        (b"\n <!doctype html><title>502</title>", "HTML or XML"),
        (b"payload=%7B%7D", "a form's fields"),
        (b" " * 1000 + b"{]", "from character 1,002 on"),
    ],
)
def test_what_somebody_meant_well_is_called_by_its_name(body: bytes, words: str) -> None:
    with pytest.raises(UnusableFact, match=re.escape(words)):
        adapted("standard", body)


@pytest.mark.parametrize("count", ["-1", "9007199254740992", '"5"', "1.5", "1" + "0" * 400])
def test_a_follower_count_that_cannot_be_is_refused(count: str) -> None:
    for name, fixture, old in (
        ("x", "xaa_follow", '"followers_count": 97'),
        ("x", "aaa_like", '"followers_count": 97'),
        ("mastodon", "notification_favourite", '"followers_count": 97'),
        ("standard", "followers_counted", '"followers": 812'),
    ):
        with pytest.raises(UnusableFact):
            adapted(name, _replaced(name, fixture, old, f"{old.split(':')[0]}: {count}"))


def test_a_text_keeps_its_emoji_and_loses_what_cannot_be_stored() -> None:
    text = json.dumps("مرحبا 👩‍🚀\x00\x07 end \ud83d\nnext")[1:-1]
    body = _replaced("x", "aaa_mention", "Thank you @ada_works", text)
    (post,) = [fact for fact in adapted("x", body).facts if isinstance(fact, Post)]
    assert post.text == "مرحبا 👩‍🚀 end \ufffd\nnext"


def test_a_text_of_900_kilobytes_is_cut() -> None:
    for name, fixture, old in (
        ("x", "xaa_mention", "Thank you @ada_works"),
        ("mastodon", "notification_mention", "<p>Thanks @ada</p>"),
        ("standard", "post_published", "Our pump is out, and I helped to build it"),
    ):
        body = _replaced(name, fixture, old, "<" * 450_000 + "ä" * 200_000)
        (post,) = [fact for fact in adapted(name, body).facts if isinstance(fact, Post)]
        assert post.text is not None
        assert len(post.text) == MAX_TEXT_LENGTH


def test_ids_beyond_64_bit_and_negative_ones_are_names_like_others() -> None:
    body = _replaced("x", "xaa_mention", '"id": "2104000000000000001"', f'"id": {-(2**70)}')
    kinds = {fact.native_id for fact in adapted("x", body).facts if isinstance(fact, Engagement)}
    assert kinds == {str(-(2**70))}


@pytest.mark.parametrize(
    ("at", "kept"),
    [
        ("2026-09-01T08:15:30.123456789Z", "2026-09-01T08:15:30.123456+00:00"),
        ("2026-09-01T10:15:30+02:00", "2026-09-01T08:15:30+00:00"),
        ("2026-09-02T08:19:59Z", RECEIVED_AT.isoformat()),  # a clock that runs ahead
    ],
)
def test_a_time_is_understood_and_never_later_than_the_receipt(at: str, kept: str) -> None:
    body = _replaced("standard", "reply_recorded", "2026-09-01T08:15:30Z", at)
    (deed, _) = adapted("standard", body).facts
    assert isinstance(deed, Engagement)
    assert deed.occurred_at is not None
    assert deed.occurred_at.isoformat() == kept


@pytest.mark.parametrize(
    "at",
    [
        "2005-12-31T23:59:59Z",
        "2026-09-02T08:20:01Z",
        "0001-01-01T00:00:00+14:00",
        "2026-09-01",
        "2026-09-01T08:15:30",
        "soon",
        "0",
    ],
)
def test_an_absurd_time_of_our_own_systems_is_refused(at: str) -> None:
    with pytest.raises(UnusableFact, match=r"^timestamp: "):
        adapted("standard", _replaced("standard", "reply_recorded", "2026-09-01T08:15:30Z", at))


def test_an_absurd_time_that_another_server_claims_leaves_the_deed_undated() -> None:
    body = _replaced(
        "mastodon", "notification_reply", "2026-09-01T08:15:30.123Z", "1999-01-01T00:00:00Z"
    )
    facts = adapted("mastodon", body).facts
    assert [fact.occurred_at for fact in facts if isinstance(fact, Engagement)] == [None]
    assert not [fact for fact in facts if isinstance(fact, Post)]


def test_addresses_a_browser_should_not_follow_are_left_out() -> None:
    for address in (
        "javascript:alert(1)",
        "data:text/html,x",
        "//x.example",
        "https://x y",
        "ftp://x",
    ):
        body = _replaced(
            "standard", "post_published", "https://intranet.example/posts/4711", address
        )
        (post,) = [fact for fact in adapted("standard", body).facts if isinstance(fact, Post)]
        assert post.url is None
