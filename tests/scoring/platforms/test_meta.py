"""Laws of Facebook, Instagram and Threads: the handshake, escaped bytes, what is private, batches."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.facts import Engagement, Kind, Removal
from scoring.platforms import platform
from scoring.platforms.platform import ChallengeRefused, NotAnAccount, NotVerified, Secrets
from tests.scoring.platforms.examples import RECEIVED_AT, SECRETS, adapted, delivered, read
from tests.scoring.platforms.signing import by_meta

PRODUCTS = ("facebook", "instagram", "threads")
ASKED = {
    "hub.mode": "subscribe",
    "hub.challenge": "1158201444",
    "hub.verify_token": "our words",
}


@pytest.mark.parametrize("name", PRODUCTS)
def test_the_challenge_is_given_back_as_plain_text_to_who_knows_the_token(name: str) -> None:
    reply = platform(name).challenge(ASKED, SECRETS[name])
    assert reply is not None
    assert (reply.body, reply.content_type) == (b"1158201444", "text/plain; charset=utf-8")


@pytest.mark.parametrize("name", PRODUCTS)
@given(token=st.text())
def test_nobody_else_gets_it_back(name: str, token: str) -> None:
    if token == "our words":
        return
    with pytest.raises(NotVerified):
        platform(name).challenge({**ASKED, "hub.verify_token": token}, SECRETS[name])
    with pytest.raises(NotVerified):
        platform(name).challenge(ASKED, Secrets({"secret": ("app secret",)}))


@pytest.mark.parametrize("words", ["", "<script>", "a b", "é", "1" * 257, "1\n2"])
def test_what_is_no_challenge_is_not_reflected(words: str) -> None:
    with pytest.raises(ChallengeRefused):
        platform("facebook").challenge({**ASKED, "hub.challenge": words}, SECRETS["facebook"])


def test_while_a_token_is_replaced_both_are_taken_and_a_get_without_a_mode_is_no_challenge() -> (
    None
):
    both = Secrets({"secret": ("s",), "verify_token": ("new", "our words")})
    assert platform("threads").challenge(ASKED, both)
    assert platform("threads").challenge({}, both) is None


def test_the_signature_is_over_the_bytes_as_they_come_and_written_anew_they_do_not_fit() -> None:
    body = rb'{"object":"page","entry":[],"say":"\u00e4\/\u003C\u0025\u0040"}'
    secrets = Secrets({"secret": ("new secret", "app secret"), "verify_token": ("t",)})
    facebook = platform("facebook")
    assert facebook.verify(by_meta(body, "app secret"), body, secrets, RECEIVED_AT)
    again = json.dumps(json.loads(body)).encode()
    with pytest.raises(NotVerified):
        facebook.verify(by_meta(body, "app secret"), again, secrets, RECEIVED_AT)
    with pytest.raises(NotVerified):
        facebook.verify({"x-hub-signature": "sha1=00"}, body, secrets, RECEIVED_AT)


@pytest.mark.parametrize("name", ["facebook", "instagram"])
def test_messages_of_people_are_not_stored_and_anything_else_stays_the_same_bytes(
    name: str,
) -> None:
    kept = platform(name).kept_body(read(name, "messages"))
    assert b"private" not in kept
    assert json.loads(kept)["entry"][0]["messaging"] == []
    for body in (read("facebook", "batch"), b"[", b"", b"[1]", b'{"entry":7}'):
        assert platform(name).kept_body(body) == body


@pytest.mark.parametrize(
    "body",
    [
        b'[{"object":"instagram","entry":[{"id":"1","messaging":[{"text":"private"}]}]}]',
        b'{"object":"page","entry":[7,{"id":"1","standby":[{"text":"private \\ud83d"}]}]}',
        b'{"object":"instagram","entry":[{"changes":[{"field":"messages","value":{"text":"private"}}]}]}',
        b'{"object":"instagram","entry":[{"field":"messaging_postbacks","value":{"text":"private"}}]}',
    ],
)
def test_messages_are_in_no_envelope_and_with_no_half_character_stored(body: bytes) -> None:
    kept = platform("instagram").kept_body(body)
    assert b"private" in body
    assert b"private" not in kept
    assert platform("instagram").kept_body(kept) == kept


def test_another_reaction_of_the_same_person_is_the_same_reaction_and_its_removal_names_it() -> (
    None
):
    (added,), (edited,), (removed,) = (
        adapted("facebook", read("facebook", f"reaction_{verb}")).facts
        for verb in ("add", "edit", "remove")
    )
    assert isinstance(added, Engagement)
    assert isinstance(edited, Engagement)
    assert added.native_id == edited.native_id
    assert edited.occurred_at is None  # when it was changed is not when it was made
    assert removed == Removal(added.native_id)


def test_a_batch_of_a_thousand_changes_is_read_whole() -> None:
    whole = json.loads(read("facebook", "comment_add"))
    (change,) = whole["entry"][0]["changes"]
    whole["entry"][0]["changes"] = [
        {**change, "value": {**change["value"], "comment_id": f"1_{number}"}}
        for number in range(1000)
    ]
    facts = adapted("facebook", json.dumps(whole).encode()).facts
    assert len({fact.native_id for fact in facts if isinstance(fact, Engagement)}) == 1000


def test_all_envelopes_tell_the_same() -> None:
    for name, several in (
        ("instagram", ("comment", "comment_with_instagram_login", "comment_in_a_list")),
        ("threads", ("reply", "reply_in_the_older_envelope")),
    ):
        first, *others = (adapted(name, read(name, example)) for example in several)
        assert first.facts
        assert all(other == first for other in others)


def test_an_address_of_a_mail_mentions_nobody_and_a_full_stop_belongs_to_the_sentence() -> None:
    told = adapted("threads", read("threads", "mention")).facts
    named = [f.target for f in told if isinstance(f, Engagement) and f.kind is Kind.MENTION]
    assert named == ["ada_works"]


@pytest.mark.parametrize(
    ("name", "typed", "native_id", "handle"),
    [
        ("facebook", "https://www.facebook.com/ada.example/", "ada.example", "ada.example"),
        ("facebook", "8200000000000001", "8200000000000001", "8200000000000001"),
        ("instagram", "@ada 17841400000000001", "17841400000000001", "ada"),
        ("threads", "https://www.threads.net/@Ada_Works/post/1", "ada_works", "ada_works"),
        ("threads", "@Ada_Works", "ada_works", "ada_works"),
    ],
)
def test_a_person_is_named_as_the_network_names_them(
    name: str, typed: str, native_id: str, handle: str
) -> None:
    named = platform(name).named(typed)
    assert (named.native_id, named.handle) == (native_id, handle)
    assert (platform(name).profile_url(native_id, handle) or "https://").startswith("https://")


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("facebook", "https://evil.example/ada"), ("facebook", "a b"), ("facebook", ""),
        ("instagram", "@ada"), ("instagram", "https://[::1"), ("threads", "ada works"),
        ("threads", "https://evil.example/@ada"), ("facebook", "https://[::1"),
    ],
)  # fmt: skip
def test_what_names_nobody_is_refused_in_words(name: str, typed: str) -> None:
    with pytest.raises(NotAnAccount, match=r"^(Type|Add) "):
        platform(name).named(typed)


def test_a_delivery_without_the_right_object_is_kept_with_its_reason() -> None:
    assert "not a page" in (adapted("facebook", read("facebook", "other_object")).ignored or "")
    assert delivered("facebook", b"{}").platform == "facebook"
