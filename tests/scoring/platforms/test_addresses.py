"""Addresses of posts as people copy them: what each means, and which name none."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scoring.platforms import platforms
from scoring.platforms.addresses import NotAPost
from scoring.platforms.platform import Named
from scoring.platforms.recognising import NoNetwork, recognise

ADA_DID = "did:plc:ada7777777777777777777aa"
OWN = {
    "facebook": (Named("61550000000001", "ada.example"),),
    "mastodon": (Named("ada@social.example", "ada@social.example"),),
    "bluesky": (Named(ADA_DID, "ada.example.com"),),
}
X = "1831230000000000001"
LI = "7236952500000000001"
TOOT = "113067000000000001"

# What is pasted, on which network, its name there, and who wrote it as the address says.
MEANT = [
    (f"https://x.com/Ada_Works/status/{X}", "x", X, "ada_works"),
    (f"https://twitter.com/Ada_Works/status/{X}?s=20&t=AbC", "x", X, "ada_works"),
    (f"https://mobile.twitter.com/ada_works/status/{X}/photo/1", "x", X, "ada_works"),
    (f"HTTPS://WWW.X.COM/ada_works/statuses/{X}/#m", "x", X, "ada_works"),
    (f"x.com/i/web/status/{X}", "x", X, None),
    (f"https://x.com/i/status/{X}&s=20", "x", X, None),
    (
        f"https://www.linkedin.com/posts/ada-example_a-pump-in-winter-activity-{LI}-AbCd?utm_source=share",
        "linkedin", f"urn:li:activity:{LI}", "in/ada-example",
    ),
    (
        f"https://de.linkedin.com/posts/ada-example_ugcPost-{LI}-x_Yz/",
        "linkedin", f"urn:li:ugcPost:{LI}", "in/ada-example",
    ),
    (f"https://www.linkedin.com/feed/update/urn:li:share:{LI}/", "linkedin", f"urn:li:share:{LI}", None),
    (
        f"https://www.linkedin.com/feed/update/urn%3Ali%3Aactivity%3A{LI}?commentUrn=urn%3Ali%3Acomment",
        "linkedin", f"urn:li:activity:{LI}", None,
    ),
    (f"urn:li:activity:{LI}", "linkedin", f"urn:li:activity:{LI}", None),
    (
        "https://www.facebook.com/ada.example/posts/900000000000101?mibextid=xyz",
        "facebook", "61550000000001_900000000000101", "ada.example",
    ),
    (
        "https://m.facebook.com/story.php?story_fbid=900000000000101&id=61550000000001",
        "facebook", "61550000000001_900000000000101", "61550000000001",
    ),
    (
        "https://www.facebook.com/permalink.php?story_fbid=pfbid02AbCdEfGhIjKlMn&id=61550000000001",
        "facebook", "pfbid02AbCdEfGhIjKlMn", "61550000000001",
    ),
    (
        "https://www.facebook.com/ada.example/posts/a-title/pfbid02AbCdEfGhIjKlMn",
        "facebook", "pfbid02AbCdEfGhIjKlMn", "ada.example",
    ),
    ("https://www.facebook.com/photo?fbid=900000000000102&set=a.1", "facebook", "900000000000102", None),
    ("https://www.facebook.com/reel/900000000000103/", "facebook", "900000000000103", None),
    ("https://www.instagram.com/p/DAbc123xyz_/?igsh=abc==", "instagram", "DAbc123xyz_", None),
    ("instagram.com/ada_works/reel/DAbc123xyz_", "instagram", "DAbc123xyz_", "ada_works"),
    ("https://www.threads.net/@Ada_Works/post/DAbc123xyz_?xmt=1", "threads", "DAbc123xyz_", "ada_works"),
    ("https://www.threads.com/t/DAbc123xyz_/", "threads", "DAbc123xyz_", None),
    ("https://www.youtube.com/watch?v=AbCdEfGhIjK&list=PL1&t=3s", "youtube", "AbCdEfGhIjK", None),
    ("https://youtu.be/AbCdEfGhIjK?si=x", "youtube", "AbCdEfGhIjK", None),
    ("https://m.youtube.com/shorts/AbCdEfGhIjK/", "youtube", "AbCdEfGhIjK", None),
    ("https://www.youtube.com/live/AbCdEfGhIjK?feature=share", "youtube", "AbCdEfGhIjK", None),
    (
        f"https://social.example/@ada/{TOOT}/",
        "mastodon", f"https://social.example/users/ada/statuses/{TOOT}", "ada@social.example",
    ),
    (
        f"https://social.example/users/ada/statuses/{TOOT}",
        "mastodon", f"https://social.example/users/ada/statuses/{TOOT}", "ada@social.example",
    ),
    (
        f"https://social.example/deck/@ada/{TOOT}",
        "mastodon", f"https://social.example/users/ada/statuses/{TOOT}", "ada@social.example",
    ),
    (
        f"https://web.social.example/@ada/{TOOT}",
        "mastodon", f"https://web.social.example/users/ada/statuses/{TOOT}", "ada@social.example",
    ),
    (
        f"https://social.example/ap/users/1143/statuses/{TOOT}",
        "mastodon", f"https://social.example/users/ada/statuses/{TOOT}", "ada@social.example",
    ),
    (
        "https://other.example/@ben/statuses/01J6V3ZK8Q0000000000000000",
        "mastodon", "https://other.example/users/ben/statuses/01J6V3ZK8Q0000000000000000",
        "ben@other.example",
    ),
    (
        "https://bsky.app/profile/Ada.Example.com/post/3l3qo2vuowo2b?ref=x",
        "bluesky", f"at://{ADA_DID}/app.bsky.feed.post/3l3qo2vuowo2b", ADA_DID,
    ),
    (
        f"at://{ADA_DID}/app.bsky.feed.post/3l3qo2vuowo2b",
        "bluesky", f"at://{ADA_DID}/app.bsky.feed.post/3l3qo2vuowo2b", ADA_DID,
    ),
    (
        "https://bsky.app/profile/stranger.example.org/post/3l3qo2vuowo2b",
        "bluesky", "at://stranger.example.org/app.bsky.feed.post/3l3qo2vuowo2b", "stranger.example.org",
    ),
]  # fmt: skip

# On a network, but no post.
NONE = [
    "https://x.com/ada_works", "https://x.com/ada_works/status/ten", "https://t.co/AbCdEf",
    "https://www.linkedin.com/in/ada-example/", "https://lnkd.in/eAbCdEf",
    "https://www.linkedin.com/pulse/a-long-article-ada-example", "https://www.linkedin.com/feed/",
    "https://www.facebook.com/ada.example", "https://www.facebook.com/share/p/1AbCdEf/",
    "https://fb.watch/AbCd/", "https://www.instagram.com/ada_works/",
    "https://www.instagram.com/stories/ada_works/3300000000000000000/",
    "https://www.threads.net/@ada_works", "https://www.youtube.com/@ada", "https://youtu.be/",
    "https://www.youtube.com/watch?v=short", "https://social.example/@ada",
    f"https://social.example/@ben@other.example/{TOOT}",
    "https://bsky.app/profile/ada.example.com", "https://bsky.app/profile/ada.example.com/post/1",
    "at://did:plc:abc/app.bsky.feed.like/3l3qo2vuowo2b",
]  # fmt: skip

# No post on any network.
NOWHERE = [
    "", "hello", "https://", "https://example.org/news", "mailto:ada@example.org", "javascript:alert(1)",
    "https://[::1", "ftp://x.com/ada/status/1", "https://notx.com/ada/status/1831230000000000001",
    "https://x.com.example.org/ada/status/1831230000000000001", "https://example.org/users/ada",
    "a b https://x.com/ada/status/1831230000000000001",
]  # fmt: skip


@pytest.mark.parametrize(("text", "network", "name", "author"), MEANT)
def test_an_address_names_a_post_of_one_network(
    text: str, network: str, name: str, author: str | None
) -> None:
    found, post = recognise(text, OWN)
    assert (found, post.native_id, post.author) == (network, name, author)
    assert recognise(post.address, OWN)[1].same(post)


@pytest.mark.parametrize("text", NONE)
def test_what_is_on_a_network_but_no_post_is_refused_with_words(text: str) -> None:
    with pytest.raises(NotAPost, match=r"\.$") as refused:
        recognise(text, OWN)
    assert not isinstance(refused.value, NoNetwork)


@pytest.mark.parametrize("text", NOWHERE)
def test_what_is_on_no_network_is_nobodys(text: str) -> None:
    with pytest.raises(NoNetwork, match=r"Bluesky, Facebook, .* and YouTube"):
        recognise(text, OWN)


PATHS = st.from_regex(r"https?://[a-z.]{1,20}(/[@A-Za-z0-9:%_.-]{0,20}){0,5}")


@given(st.one_of(st.text(max_size=80), PATHS))
@example("https://x.com/%00/status/1831230000000000001")
@example("https://x.com/ada/status/٣")
def test_whatever_is_pasted_means_a_post_or_is_refused(text: str) -> None:
    for name, network in platforms().items():
        try:
            post = network.post_named(text, OWN.get(name, ()))
        except NotAPost:
            continue
        assert post is None or post.native_id


def test_ids_tell_when_a_post_was_published() -> None:
    def at(text: str) -> datetime | None:
        return recognise(text, OWN)[1].published_at

    # A well-known post of that second.
    assert at("https://x.com/i/status/1585841080431321088") == datetime(
        2022, 10, 28, 3, 49, 11, 734000, UTC
    )
    assert at("https://x.com/i/status/20") is None  # counted up: says nothing
    shared = at(f"https://www.linkedin.com/feed/update/urn:li:share:{LI}/")
    assert shared is not None
    assert f"{shared:%Y-%m-%d}" == "2024-09-04"
    day = at(f"https://social.example/@ada/{TOOT}")
    assert day is not None
    assert (day.year, day.month) == (2024, 9)
    assert at("https://social.example/@ada/42") is None
    assert at("https://youtu.be/AbCdEfGhIjK") is None


def test_an_activity_and_the_share_it_was_made_with_are_one_post() -> None:
    linkedin = platforms()["linkedin"]
    activity = linkedin.post_named("urn:li:activity:7236952500000000001")
    share = linkedin.post_named("urn:li:share:7236952498000000000")
    later = linkedin.post_named("urn:li:activity:7236962500000000001")
    assert activity is not None
    assert share is not None
    assert later is not None
    assert activity.same(share)
    assert not activity.same(later)


def test_a_post_is_its_authors_where_their_server_has_another_host_than_their_handle() -> None:
    own = {"mastodon": [Named("ada@handles.example", "ada", "ada@kept.example")]}
    for address in (f"https://kept.example/@ada/{TOOT}", f"https://handles.example/@ada/{TOOT}"):
        _, post = recognise(address, own)
        assert post.author == "ada@handles.example"
    _, post = recognise(f"https://other.example/@ada/{TOOT}", own)
    assert post.author == "ada@other.example"
