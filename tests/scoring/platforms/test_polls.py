"""Laws of polls, pure: each network's answer tells of who was asked about and of nobody else; what is no
answer is refused with words, whatever it is."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.facts import Delivery, Figure, Post, Snapshot, Telling, UnusableFact
from scoring.platforms import platform, platforms
from scoring.platforms.asking import Answer, NoAsk
from scoring.platforms.patience import wait_s
from scoring.platforms.platform import Secrets
from scoring.platforms.polling import Poll, Verdict, check_budget, poll_headers, thousandths
from tests.scoring.platforms.examples import SECRETS

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
ADA = "did:plc:adaaaaaaaaaaaaaaaaaaaaaa"
PAGE, SHARE = "urn:li:organization:90001", "urn:li:share:7300000000000000888"
CHANNEL = "UCpumpcoexample000000001"
MASTODON = "https://social.example/users/ada/statuses/115000000000000101"
ALL = [
    (name, poll) for name, one in platforms().items() if one.polling for poll in one.polling.polls
]

# A subject and an answer of each poll; in its own words, with one member more than is read.
STATUS = {
    "id": "115000000000000101",
    "uri": MASTODON,
    "visibility": "public",
    "favourites_count": 4,
    "reblogs_count": 2,
    "replies_count": 1,
    "quotes_count": 3,
    "account": {"username": "ada", "acct": "ada"},
}
ACCOUNT = {
    "id": "11501",
    "username": "ada",
    "acct": "ada",
    "url": "https://social.example/@ada",
    "followers_count": 547,
}
LINKEDIN_POST = {
    "id": SHARE,
    "author": PAGE,
    "commentary": "Proud of Ada",
    "visibility": "PUBLIC",
    "lifecycleState": "PUBLISHED",
    "publishedAt": 1788250530123,
    "reshareContext": {"parent": "urn:li:share:7299999999999999999"},
}
COUNTS = {"like_count": 4, "reply_count": 1, "retweet_count": 2, "quote_count": 3}
ANSWERS: dict[tuple[str, str], tuple[str, Any]] = {
    ("x", "followers"): (
        "2244994945",
        {"data": {"id": "2244994945", "public_metrics": {"followers_count": 547}}},
    ),
    ("x", "post"): (
        "1800000000000000101",
        {"data": {"id": "1800000000000000101", "public_metrics": COUNTS}},
    ),
    ("mastodon", "followers"): ("ada@social.example", ACCOUNT),
    ("mastodon", "post"): (MASTODON, STATUS),
    ("bluesky", "followers"): (ADA, {"profiles": [{"did": ADA, "followersCount": 547}]}),
    ("bluesky", "posts"): (
        f"at://{ADA}/app.bsky.feed.post/3mxaaaaaaaa2a",
        {
            "posts": [
                {
                    "uri": f"at://{ADA}/app.bsky.feed.post/3mxaaaaaaaa2a",
                    "likeCount": 4,
                    "replyCount": 1,
                    "repostCount": 2,
                    "quoteCount": 3,
                }
            ]
        },
    ),
    ("youtube", "channel"): (
        CHANNEL,
        {
            "items": [
                {
                    "id": CHANNEL,
                    "statistics": {"subscriberCount": "547", "hiddenSubscriberCount": False},
                }
            ]
        },
    ),
    ("youtube", "video"): (
        "aB3dEfGhIjK",
        {"items": [{"id": "aB3dEfGhIjK", "statistics": {"likeCount": "4", "commentCount": "1"}}]},
    ),
    ("linkedin", "posts"): (PAGE, {"elements": [LINKEDIN_POST]}),
    ("linkedin", "followers"): (
        "urn:li:person:AbC1234567",
        {"elements": [{"memberFollowersCount": 547}]},
    ),
    ("linkedin", "post_reactions"): (SHARE, {"elements": [{"count": 4}]}),
    ("linkedin", "post_comments"): (SHARE, {"elements": [{"count": 1}]}),
    ("linkedin", "post_reshares"): (SHARE, {"elements": [{"count": 2}]}),
    ("facebook", "followers"): (
        "8200000000000001",
        {"id": "8200000000000001", "followers_count": 547},
    ),
    ("instagram", "followers"): (
        "17841400000000001",
        {"user_id": "17841400000000001", "followers_count": 547, "id": "9"},
    ),
    ("instagram", "media"): (
        "17841400000000001",
        {
            "data": [
                {
                    "id": "18000000000000101",
                    "timestamp": "2026-09-01T08:15:30+0000",
                    "like_count": 4,
                    "comments_count": 1,
                    "owner": {"id": "17841400000000001"},
                    "caption": "Hi",
                    "permalink": "https://www.instagram.com/p/DAbc123/",
                }
            ]
        },
    ),
    ("threads", "followers"): (
        "ada_works",
        {"data": [{"name": "followers_count", "total_value": {"value": 547}}]},
    ),
    ("threads", "post"): (
        "18050000000000888",
        {
            "data": [
                {
                    "name": name,
                    "values": [{"value": value}],
                    "id": f"18050000000000888/insights/{name}/lifetime",
                }
                for name, value in (("likes", 4), ("replies", 1), ("reposts", 2), ("quotes", 3))
            ]
        },
    ),
}
# The same question, answered about somebody else; what names nobody is not among them.
OTHERS: dict[tuple[str, str], Any] = {
    ("x", "followers"): {"data": {"id": "12", "public_metrics": {"followers_count": 9}}},
    ("x", "post"): {"data": {"id": "12", "public_metrics": COUNTS}},
    ("mastodon", "followers"): {
        **ACCOUNT,
        "username": "eve",
        "acct": "eve",
        "url": "https://social.example/@eve",
    },
    ("mastodon", "post"): {**STATUS, "uri": "https://social.example/users/ada/statuses/12"},
    ("bluesky", "followers"): {
        "profiles": [{"did": "did:plc:eveaaaaaaaaaaaaaaaaaaaaa", "followersCount": 9}]
    },
    ("bluesky", "posts"): {
        "posts": [{"uri": f"at://{ADA}/app.bsky.feed.post/other", "likeCount": 9}]
    },
    ("youtube", "channel"): {"items": [{"id": "UCother", "statistics": {"subscriberCount": "9"}}]},
    ("youtube", "video"): {"items": [{"id": "other", "statistics": {"likeCount": "9"}}]},
    ("linkedin", "posts"): {"elements": [{**LINKEDIN_POST, "author": "urn:li:organization:7"}]},
    ("facebook", "followers"): {"id": "12", "followers_count": 9},
    ("instagram", "followers"): {"user_id": "12", "followers_count": 9},
    ("instagram", "media"): {"data": [{"id": "1", "like_count": 9, "owner": {"id": "12"}}]},
    ("threads", "post"): {
        "data": [{"name": "likes", "values": [{"value": 9}], "id": "12/insights/likes"}]
    },
}


def answered(name: str, poll: str, subject: str, body: bytes) -> Telling:
    found = platform(name).polling
    assert found is not None
    asked = found.poll(poll)
    assert asked is not None
    headers = dict(poll_headers(asked, (subject,)))
    return platform(name).adapt(Delivery(1, name, "poll", headers, body, NOW))


def test_every_poll_has_an_answer_here() -> None:
    assert {(name, poll.name) for name, poll in ALL} == {*ANSWERS, ("youtube", "videos")}


@pytest.mark.parametrize("which", ANSWERS, ids=" ".join)
def test_an_answer_tells_counts_of_who_was_asked_about(which: tuple[str, str]) -> None:
    subject, body = ANSWERS[which]
    told = answered(*which, subject, json.dumps(body).encode())
    counts = {fact.kind: fact.value for fact in told.facts if isinstance(fact, Figure)}
    followers = [fact for fact in told.facts if isinstance(fact, Snapshot)]
    if which[1] in ("followers", "channel"):
        assert followers == [Snapshot(subject, 547)]
    elif which == ("linkedin", "posts"):
        (post,) = (fact for fact in told.facts if isinstance(fact, Post))
        assert (post.author, post.shares) == (PAGE, "urn:li:share:7299999999999999999")
    else:
        expected = {"reaction": 4, "reply": 1, "reshare": 2, "quote": 3}
        assert counts
        assert counts.items() <= expected.items()
        assert not followers


@pytest.mark.parametrize(
    ("which", "several"),
    [(("linkedin", "posts"), "elements"), (("instagram", "media"), "data")],
)
def test_one_post_of_an_answer_that_cannot_be_read_hides_no_other(
    which: tuple[str, str], several: str
) -> None:
    subject, body = ANSWERS[which]
    alone = answered(*which, subject, json.dumps(body).encode())
    beside = {**body, several: [{}, None, *body[several]]}
    told = answered(*which, subject, json.dumps(beside).encode())
    assert told.facts == alone.facts
    assert f"{several}[0]" in (told.unread or "")


@pytest.mark.parametrize("which", OTHERS, ids=" ".join)
def test_an_answer_about_somebody_else_is_refused(which: tuple[str, str]) -> None:
    with pytest.raises(UnusableFact, match="asked about"):
        answered(*which, ANSWERS[which][0], json.dumps(OTHERS[which]).encode())


@pytest.mark.parametrize("which", ANSWERS, ids=" ".join)
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html><title>Sorry</title></html>",
        b"null",
        b"[]",
        b'"x"',
        b'{"data": 1, "items": "x"}',
        b'{"elements": [null]}',
        b'{"profiles": [{}], "posts": [{}], "data": [{}], "items": [{}]}',
        b"\xff\x00",
    ],
)
def test_what_is_no_answer_tells_nothing(which: tuple[str, str], body: bytes) -> None:
    try:
        told = answered(*which, ANSWERS[which][0], body)
    except UnusableFact:
        return
    assert told.facts == ()


@given(st.data())
def test_an_answer_cut_anywhere_is_refused_or_tells_nothing(data: st.DataObject) -> None:
    which = data.draw(st.sampled_from(sorted(ANSWERS)))
    subject, body = ANSWERS[which]
    whole = json.dumps(body).encode()
    with pytest.raises(UnusableFact):
        answered(*which, subject, whole[: data.draw(st.integers(0, len(whole) - 1))])


@given(
    st.sampled_from(sorted(ANSWERS)),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "data",
                        "id",
                        "items",
                        "elements",
                        "profiles",
                        "posts",
                        "count",
                        "name",
                        "values",
                        "statistics",
                        "public_metrics",
                        "followers_count",
                        "user_id",
                        "acct",
                        "uri",
                    ]
                ),
                inner,
                max_size=4,
            )
        ),
        max_leaves=12,
    ),
)
def test_no_answer_at_all_breaks_an_adapter(which: tuple[str, str], value: Any) -> None:
    body = json.dumps(value).encode()
    try:
        told = answered(*which, ANSWERS[which][0], body)
    except UnusableFact:
        return
    if which[1] not in ("media", "posts"):  # those tell of many, by their own names
        subject = ANSWERS[which][0]
        assert {getattr(fact, "account", getattr(fact, "post", None)) for fact in told.facts} <= {
            subject
        }


@pytest.mark.parametrize(("name", "poll"), ALL, ids=[f"{name} {poll.name}" for name, poll in ALL])
def test_a_question_carries_no_secret_and_only_whom_it_is_about(name: str, poll: Poll) -> None:
    subject = CHANNEL if poll.name == "videos" else ANSWERS[name, poll.name][0]
    secrets = SECRETS[name]
    ask = poll.ask((subject,), secrets)
    assert ask.url.startswith("https://")
    assert ask.method == "GET"
    for values in secrets.values.values():
        assert not any(value in ask.url and value != "social.example" for value in values)
    assert "authorization" not in ask.headers
    for odd in ("", "a b", "../../x", "x?y=1", "ü", "a" * 600, "https://evil.example/"):
        with pytest.raises(NoAsk):
            poll.ask((odd,), secrets)


def test_a_question_goes_where_the_settings_say() -> None:
    for name, one in platforms().items():
        if one.polling is None or name == "mastodon":
            continue
        secrets = Secrets({"api": ("https://proxy.example:8443",)})
        for poll in one.polling.polls:
            subject = CHANNEL if poll.name == "videos" else ANSWERS[name, poll.name][0]
            assert poll.ask((subject,), secrets).origin == "https://proxy.example:8443"


def test_mastodon_is_asked_at_the_persons_own_server() -> None:
    polling = platform("mastodon").polling
    assert polling is not None
    ask = polling.polls[0].ask(("ada@social.example",), Secrets())
    assert ask.url == "https://social.example/api/v1/accounts/lookup?acct=ada"


def test_a_page_is_asked_for_the_posts_it_wrote() -> None:
    polling = platform("linkedin").polling
    assert polling is not None
    ask = polling.polls[0].ask((PAGE,), Secrets({"version": ("202611",)}))
    assert parse_qs(urlsplit(ask.url).query)["author"] == [PAGE]
    assert ask.headers["linkedin-version"] == "202611"
    figures = polling.poll("post_reactions")
    assert figures is not None
    assert f"(share:{SHARE})" in unquote(figures.ask((SHARE,), Secrets()).url)


def test_a_feed_of_another_channel_is_refused() -> None:
    feed = (
        '<feed xmlns:yt="http://www.youtube.com/xml/schemas/2015" xmlns="http://www.w3.org/2005/Atom"><entry>'
        f"<yt:videoId>aB3dEfGhIjK</yt:videoId><yt:channelId>{CHANNEL}</yt:channelId>"
        "<title>New</title><published>2026-09-01T08:15:30+00:00</published></entry></feed>"
    ).encode()
    told = answered("youtube", "videos", CHANNEL, feed)
    assert {type(fact).__name__ for fact in told.facts} == {"Post", "Engagement"}
    with pytest.raises(UnusableFact, match="asked about"):
        answered("youtube", "videos", "UCother", feed)


def test_a_hidden_count_is_no_count() -> None:
    body = {
        "items": [
            {"id": CHANNEL, "statistics": {"subscriberCount": "0", "hiddenSubscriberCount": True}}
        ]
    }
    assert answered("youtube", "channel", CHANNEL, json.dumps(body).encode()).facts == ()
    body = {"elements": [{"count": -1}]}
    assert answered("linkedin", "post_reactions", SHARE, json.dumps(body).encode()).facts == ()


GRAPH_LIMIT = json.dumps(
    {"error": {"code": 4, "message": "Application request limit reached"}}
).encode()
GRAPH_GONE = json.dumps({"error": {"code": 100, "message": "Unsupported get request"}}).encode()
QUOTA = json.dumps({"error": {"errors": [{"reason": "quotaExceeded"}]}}).encode()


@pytest.mark.parametrize(
    ("name", "answer", "token", "verdict"),
    [
        ("x", Answer(429), True, Verdict.LATER),
        ("x", Answer(401), True, Verdict.REFUSED),
        ("bluesky", Answer(400), False, Verdict.LATER),
        ("mastodon", Answer(404), False, Verdict.REFUSED),
        ("mastodon", Answer(302), False, Verdict.LATER),
        ("linkedin", Answer(503), True, Verdict.LATER),
        ("linkedin", Answer(403), True, Verdict.REFUSED),
        ("instagram", Answer(400, {}, GRAPH_LIMIT), True, Verdict.LATER),
        ("instagram", Answer(400, {}, GRAPH_GONE), True, Verdict.REFUSED),
        ("threads", Answer(500, {}, b"<html>"), True, Verdict.LATER),
        ("youtube", Answer(403, {}, QUOTA), True, Verdict.LATER),
        ("youtube", Answer(403, {}, b"{}"), True, Verdict.REFUSED),
        ("facebook", Answer(200), True, Verdict.GOOD),
    ],
)
def test_a_refusal_is_told_from_trouble(
    name: str, answer: Answer, token: bool, verdict: Verdict
) -> None:
    polling = platform(name).polling
    assert polling is not None
    assert polling.verdict(answer, token=token) is verdict


@pytest.mark.parametrize(
    ("headers", "waits"),
    [
        ({}, None),
        ({"retry-after": "120"}, 120.0),
        ({"retry-after": "Sun, 22 Nov 2026 09:00:30 GMT"}, 30.0),
        (
            {"x-rate-limit-remaining": "0", "x-rate-limit-reset": str(int(NOW.timestamp()) + 600)},
            600.0,
        ),
        (
            {"x-rate-limit-remaining": "7", "x-rate-limit-reset": str(int(NOW.timestamp()) + 600)},
            None,
        ),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "2026-11-22T09:05:00.000Z"}, 300.0),
        ({"ratelimit-remaining": "0", "ratelimit-reset": str(int(NOW.timestamp()) + 60)}, 60.0),
        ({"ratelimit-remaining": "0", "ratelimit-reset": "60"}, 60.0),
        ({"ratelimit-remaining": "0"}, None),
        ({"x-app-usage": '{"call_count":28,"total_time":25,"total_cputime":25}'}, None),
        ({"x-app-usage": '{"call_count":97,"total_time":25,"total_cputime":25}'}, 3_600.0),
        (
            {
                "x-business-use-case-usage": '{"17":[{"call_count":9,"estimated_time_to_regain_access":15}]}'
            },
            900.0,
        ),
        ({"x-app-usage": "[" * 5_000}, None),
        ({"retry-after": "99999999"}, 86_400.0),
    ],
)
def test_what_a_network_says_about_waiting_is_heard(
    headers: dict[str, str], waits: float | None
) -> None:
    assert wait_s(Answer(200, headers), NOW) == waits


@given(
    st.dictionaries(
        st.sampled_from(
            [
                "retry-after",
                "x-rate-limit-remaining",
                "x-rate-limit-reset",
                "x-ratelimit-remaining",
                "x-ratelimit-reset",
                "ratelimit-remaining",
                "ratelimit-reset",
                "x-app-usage",
                "x-business-use-case-usage",
            ]
        ),
        st.text(max_size=30)
        | st.sampled_from(
            [
                "0",
                "-1",
                "1e308",
                "nan",
                "inf",
                "9" * 30,
                '{"call_count":1e999}',
                '{"a":[{"estimated_time_to_regain_access":' + "9" * 400 + "}]}",
                "0001-01-01",
                "2026-11-22T09:05",
            ]
        ),
    )
)
def test_whatever_headers_say_waiting_is_of_a_day_at_most(headers: dict[str, str]) -> None:
    waits = wait_s(Answer(429, headers), NOW)
    assert waits is None or 0 <= waits <= 86_400


@pytest.mark.parametrize(
    ("typed", "means"),
    [
        ("25", 25_000),
        ("12.5", 12_500),
        ("0.005", 5),
        ("0", 0),
        ("-1", None),
        ("1,5", None),
        ("1e3", None),
        ("", None),
        ("0.0001", None),
        ("99999999", None),
    ],
)
def test_a_budget_is_exact_to_a_tenth_of_a_cent(typed: str, means: int | None) -> None:
    assert thousandths(typed) == means
    if means is None:
        with pytest.raises(ValueError, match="US dollars"):
            check_budget(typed)
