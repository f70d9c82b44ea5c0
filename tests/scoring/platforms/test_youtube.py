"""Laws of YouTube: only what we asked for is confirmed, every method of signing, XML that means harm."""

from __future__ import annotations

import hashlib
import hmac
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.facts import Engagement, Post, Removal, UnusableFact
from scoring.platforms import platform
from scoring.platforms.hubs import Confirmed, Wish, lease_of
from scoring.platforms.platform import ChallengeRefused, NotAnAccount, NotVerified, Secrets
from scoring.platforms.youtube.websub import channel_of, check_secret, subscription
from tests.scoring.platforms.examples import RECEIVED_AT, SECRETS, adapted, read

YOUTUBE = platform("youtube")
SECRET = "a secret of our own"
CHANNEL = "UCnorthwindexample00001x"


def asked_back(channel: str = CHANNEL, **changed: str) -> dict[str, str]:
    """What the hub asks after our own form."""
    form = subscription("https://fanfare.example", channel, SECRET)
    return {
        **dict(parse_qsl(urlsplit(form["hub.callback"]).query)),
        "hub.mode": form["hub.mode"],
        "hub.topic": form["hub.topic"],
        "hub.challenge": "qH5-x/9+=",
        "hub.lease_seconds": "432000",
        **changed,
    }


def test_what_we_asked_for_is_confirmed_also_when_the_hub_names_the_older_address() -> None:
    for topic in (
        f"https://www.youtube.com/xml/feeds/videos.xml?channel_id={CHANNEL}",
        f"https://www.youtube.com/feeds/videos.xml?channel_id={CHANNEL}",
    ):
        reply = YOUTUBE.challenge(asked_back(**{"hub.topic": topic}), SECRETS["youtube"])
        assert reply is not None
        assert (reply.body, reply.content_type) == (b"qH5-x/9+=", "text/plain; charset=utf-8")


@pytest.mark.parametrize(
    "changed",
    [
        {"proof": ""}, {"proof": "0" * 64}, {"channel": "UCother"},
        {"hub.topic": "https://www.youtube.com/xml/feeds/videos.xml?channel_id=UCother"},
        {"hub.topic": f"https://evil.example/xml/feeds/videos.xml?channel_id={CHANNEL}"},
        {"hub.topic": "https://[::1"},
        {"hub.topic": f"https://www.youtube.com/xml/feeds/videos.xml?channel_id={CHANNEL}&channel_id=x"},
    ],
)  # fmt: skip
def test_what_we_did_not_ask_for_is_not_confirmed(changed: dict[str, str]) -> None:
    with pytest.raises(NotVerified):
        YOUTUBE.challenge({**asked_back(), **changed}, SECRETS["youtube"])


def test_a_proof_of_one_channel_is_none_of_another() -> None:
    other = asked_back("UCotherexample0000000001x")
    with pytest.raises(NotVerified):
        YOUTUBE.challenge({**asked_back(), "proof": other["proof"]}, SECRETS["youtube"])


@pytest.mark.parametrize("words", ["", "a\nb", "é", "x" * 513])
def test_what_is_no_challenge_is_not_reflected(words: str) -> None:
    with pytest.raises(ChallengeRefused):
        YOUTUBE.challenge(asked_back(**{"hub.challenge": words}), SECRETS["youtube"])


def test_a_refusal_of_the_hub_is_heard_where_we_asked_and_reflects_nothing() -> None:
    with pytest.raises(NotVerified):
        YOUTUBE.challenge({"hub.mode": "denied", "hub.topic": "x"}, SECRETS["youtube"])
    said = asked_back(**{"hub.mode": "denied", "hub.reason": "no\n longer"})
    reply = YOUTUBE.challenge(said, SECRETS["youtube"])
    assert reply is not None
    assert reply.body == b""
    assert YOUTUBE.hub is not None
    assert YOUTUBE.hub.confirmed(said) == Confirmed(CHANNEL, Wish.DENIED, 432_000, "no longer")


@pytest.mark.parametrize(
    ("said", "means"),
    [("432000", 432_000), ("0", None), ("-5", None), ("", None), ("9" * 12, 30 * 86_400), ("9" * 400, None)],
)  # fmt: skip
def test_a_lease_is_of_some_days_at_most(said: str, means: int | None) -> None:
    assert lease_of(said) == means


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512"])
def test_every_method_of_the_recommendation_is_taken(method: str) -> None:
    body = read("youtube", "video")
    digest = hmac.new(SECRET.encode(), body, getattr(hashlib, method)).hexdigest()
    both = Secrets({"secret": ("another secret, new", SECRET)})
    assert YOUTUBE.verify({"x-hub-signature": f"{method}={digest}"}, body, both, RECEIVED_AT)


@pytest.mark.parametrize("header", ["md5=00", "sha1=", "sha1=zz", "sha1", "sha256=é", ""])
def test_any_other_signature_is_refused(header: str) -> None:
    with pytest.raises(NotVerified):
        YOUTUBE.verify({"x-hub-signature": header}, b"<feed/>", SECRETS["youtube"], RECEIVED_AT)


def test_a_renamed_video_is_the_same_and_a_deletion_names_it() -> None:
    (post, deed), (renamed, again), (removal,) = (
        adapted("youtube", read("youtube", name)).facts
        for name in ("video", "video_renamed", "video_deleted")
    )
    assert isinstance(post, Post)
    assert isinstance(renamed, Post)
    assert isinstance(deed, Engagement)
    assert deed == again
    assert (post.text, renamed.text) == ("New pump & how it works", "How the quiet pump works")
    assert removal == Removal(post.native_id)


@pytest.mark.parametrize(
    "body",
    [
        b"", b"<", b"<a/>", b"{}", "<feed/>".encode("utf-16"),
        b'<!DOCTYPE lolz [<!ENTITY lol "lol">]><feed xmlns="http://www.w3.org/2005/Atom">&lol;</feed>',
        b'<!DOCTYPE x SYSTEM "http://evil.example/x.dtd"><feed xmlns="http://www.w3.org/2005/Atom"/>',
        b'<?xml version="1.0" encoding="no-such"?><feed xmlns="http://www.w3.org/2005/Atom"/>',
        b'<feed xmlns="http://www.w3.org/2005/Atom">' + b"<entry/>" * 1001 + b"</feed>",
        b'<feed xmlns="http://www.w3.org/2005/Atom"><entry/></feed>',
        b"<feed>" + b"<a>" * 100_000,
    ],
)  # fmt: skip
def test_xml_that_means_harm_or_nothing_is_set_aside_in_words(body: bytes) -> None:
    with pytest.raises(UnusableFact) as why:
        adapted("youtube", body)
    assert str(why.value)
    assert "evil" not in str(why.value)


@given(st.text())
def test_any_topic_has_a_channel_or_none(topic: str) -> None:
    assert channel_of(topic) is None or "youtube.com" in topic


@pytest.mark.parametrize("secret", ["short", "x" * 200, "é" * 100])
def test_a_secret_no_hub_takes_is_refused_in_words(secret: str) -> None:
    with pytest.raises(ValueError, match="16 to 199"):
        check_secret(secret)


def test_a_channel_is_named_by_its_id_or_its_address() -> None:
    assert YOUTUBE.named(f" https://www.youtube.com/channel/{CHANNEL}?x ").native_id == CHANNEL
    assert YOUTUBE.profile_url(CHANNEL, "") == f"https://www.youtube.com/channel/{CHANNEL}"
    assert YOUTUBE.profile_url("x", "") is None
    for typed in ("", "@northwind", "https://evil.example/channel/" + CHANNEL):
        with pytest.raises(NotAnAccount, match="begins with UC"):
            YOUTUBE.named(typed)
