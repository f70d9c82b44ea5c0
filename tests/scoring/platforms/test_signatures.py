"""Law: what the secret holder sent is accepted, anything else is refused, nothing is an error."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.platforms import platform
from scoring.platforms.platform import NotVerified, Secrets
from tests.scoring.platforms.examples import RECEIVED_AT, SECRETS, read
from tests.scoring.platforms.signing import (
    by_linkedin,
    by_mastodon,
    by_meta,
    by_standard,
    by_x,
    by_youtube,
)

NEW = "x-twitter-webhooks-signature-oauth2"
OLD = "x-twitter-webhooks-signature"
WHSEC = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
SIGNED_AT = datetime.fromtimestamp(1_614_265_330, UTC)

BODIES = {
    "mastodon": read("mastodon", "webhook_company_boosts"),
    "x": read("x", "xaa_company_reposts"),
    "standard": read("standard", "reply_recorded"),
    "facebook": read("facebook", "comment_add"),
    "instagram": read("instagram", "comment"),
    "threads": read("threads", "reply"),
    "linkedin": read("linkedin", "several"),
    "youtube": read("youtube", "video"),
}
HEADERS = {
    "mastodon": by_mastodon(BODIES["mastodon"], "c0ffee" * 6),
    "x": by_x(BODIES["x"], "client", NEW),
    "standard": by_standard(BODIES["standard"], WHSEC, RECEIVED_AT),
    "youtube": by_youtube(BODIES["youtube"], "a secret of our own"),
    "linkedin": by_linkedin(BODIES["linkedin"], "client secret"),
    **{name: by_meta(BODIES[name], "app secret") for name in ("facebook", "instagram", "threads")},
}
NETWORKS = sorted(BODIES)


def verified(
    name: str,
    body: bytes,
    headers: dict[str, str],
    secrets: Secrets | None = None,
    now: datetime = RECEIVED_AT,
) -> str:
    return platform(name).verify(headers, body, secrets or SECRETS[name], now)


def refused(name: str, *args: object, **options: object) -> bool:
    try:
        verified(name, *args, **options)  # type: ignore[arg-type]
    except NotVerified:
        return True
    return False


@pytest.mark.parametrize("name", NETWORKS)
def test_a_signed_delivery_is_accepted_and_named_the_same_when_sent_again(name: str) -> None:
    first = verified(name, BODIES[name], HEADERS[name])
    assert first
    assert first == verified(name, BODIES[name], HEADERS[name])


@pytest.mark.parametrize("name", NETWORKS)
def test_a_body_with_any_bit_changed_is_refused(name: str) -> None:
    body = bytearray(BODIES[name])
    for bit in range(8 * len(body)):
        body[bit // 8] ^= 1 << bit % 8
        assert refused(name, bytes(body), HEADERS[name]), bit
        body[bit // 8] ^= 1 << bit % 8


@pytest.mark.parametrize("name", NETWORKS)
def test_a_header_with_any_bit_changed_is_refused(name: str) -> None:
    for header, value in HEADERS[name].items():
        for bit in range(8 * len(value)):
            at, changed = bit // 8, list(value)
            changed[at] = chr(ord(value[at]) ^ 1 << bit % 8)
            said = "".join(changed)
            if said.lower() == value.lower() and name not in ("x", "standard"):
                continue  # a digit of hex in capitals is the same digit
            assert refused(name, BODIES[name], {**HEADERS[name], header: said}), (header, said)


@pytest.mark.parametrize("name", NETWORKS)
@given(data=st.data())
def test_any_other_header_value_is_refused_in_words(name: str, data: st.DataObject) -> None:
    header = data.draw(st.sampled_from(sorted(HEADERS[name])))
    value = HEADERS[name][header]
    changed = data.draw(
        st.one_of(
            st.text(),
            st.text().map(lambda text: f"sha256={text}"),
            st.text().map(lambda text: f"v1,{text}"),
            st.integers(0, len(value)).map(lambda cut: value[:cut]),
        )
    )
    if changed != value:
        assert refused(name, BODIES[name], {**HEADERS[name], header: changed})


@pytest.mark.parametrize("name", NETWORKS)
def test_without_headers_or_without_secrets_everything_is_refused(name: str) -> None:
    assert refused(name, BODIES[name], {})
    assert refused(name, BODIES[name], HEADERS[name], Secrets({"server": ("social.example",)}))
    assert platform(name).problems(Secrets())
    assert platform(name).problems(SECRETS[name]) == []


def test_x_answers_its_published_vectors() -> None:
    headers = {OLD: "sha256=P/M6xYi2AxkjB8C36xD3AfjT5XuOx3dWgw9EVXCYA2U="}
    # The vector's body is no JSON object, so the refusal names that and not the signature.
    with pytest.raises(NotVerified, match="no JSON object"):
        verified("x", b"html body", headers, Secrets({"consumer_secret": ("bbbbbb",)}))
    with pytest.raises(NotVerified, match="does not fit"):
        verified("x", b"html body", headers, Secrets({"consumer_secret": ("bbbbbc",)}))
    reply = platform("x").challenge(
        {"crc_token": "helloWorld"}, Secrets({"consumer_secret": ("ss",)})
    )
    assert reply is not None
    assert reply.content_type == "application/json"
    assert reply.body == b'{"response_token":"sha256=YFpPr1o5UmzuIUDQn+BqYQ14kFOjWiWYc7oNiVymMgg="}'


def test_the_new_header_of_x_decides_where_it_is_present() -> None:
    body, old = BODIES["x"], by_x(BODIES["x"], "consumer", OLD)
    assert verified("x", body, old)
    assert verified("x", body, {**old, **by_x(body, "client", NEW)})
    assert refused("x", body, {**old, **by_x(body, "consumer", NEW)})
    assert refused("x", body, {**old, NEW: ""})
    only_consumer = Secrets({"consumer_secret": ("consumer",)})
    with pytest.raises(NotVerified, match=r"with the OAuth 2\.0 client secret, which is not set"):
        verified("x", body, {**old, **by_x(body, "client", NEW)}, only_consumer)
    with pytest.raises(NotVerified, match="with the consumer secret, which is not set"):
        verified("x", body, old, Secrets({"client_secret": ("client",)}))


def test_an_event_of_x_has_the_same_key_though_counters_inside_have_moved_on() -> None:
    def key(body: bytes) -> str:
        return verified("x", body, by_x(body, "client", NEW))

    body = read("x", "xaa_follow")
    assert key(body) == key(body.replace(b"5502", b"5503"))
    assert key(body) != key(read("x", "xaa_unfollow"))
    # The same post under one event_uuid, told to the company and to the employee.
    assert key(read("x", "xaa_company_reposts")) != key(read("x", "xaa_repost_of_employee"))


@pytest.mark.parametrize("nameless", ['""', "0", "null", "[]"])
def test_events_of_x_without_a_name_of_their_own_never_pass_for_one_another(nameless: str) -> None:
    keys = set()
    for followers in (5502, 5503):
        event = json.loads(read("x", "xaa_follow"))
        event["data"]["event_uuid"] = json.loads(nameless)
        event["data"]["payload"]["source"]["data"]["id"] = str(followers)
        body = json.dumps(event).encode()
        keys.add(verified("x", body, by_x(body, "client", NEW)))
    assert len(keys) == 2


def test_standard_webhooks_answer_their_published_vector() -> None:
    body, secrets = b'{"test": 2432232314}', Secrets({"secret": (WHSEC,)})
    headers = {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }
    assert verified("standard", body, headers, secrets, SIGNED_AT) == headers["webhook-id"]
    wrong = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OA="
    assert refused("standard", body, {**headers, "webhook-signature": wrong}, secrets, SIGNED_AT)
    several = f"v1a,AAAA v2,x v1,%% v1 {wrong} {headers['webhook-signature']}"
    assert verified("standard", body, {**headers, "webhook-signature": several}, secrets, SIGNED_AT)


def test_standard_webhooks_older_or_newer_than_five_minutes_are_refused() -> None:
    for seconds in (-300, 0, 300):
        now = RECEIVED_AT + timedelta(seconds=seconds)
        assert verified("standard", BODIES["standard"], HEADERS["standard"], now=now)
    for seconds in (-301, 301, 10**8):
        now = RECEIVED_AT + timedelta(seconds=seconds)
        assert refused("standard", BODIES["standard"], HEADERS["standard"], now=now)


def test_while_a_secret_is_replaced_both_are_accepted() -> None:
    new = "whsec_" + "QUJD" * 8
    both, body = Secrets({"secret": (WHSEC, new)}), BODIES["standard"]
    for secret in (WHSEC, new):
        assert verified("standard", body, by_standard(body, secret, RECEIVED_AT), both)
    assert refused(
        "standard", body, by_standard(body, new, RECEIVED_AT), Secrets({"secret": (WHSEC,)})
    )


@pytest.mark.parametrize(
    ("secret", "words"),
    [
        (f"v1,{WHSEC}", "only the part from whsec_ on"),
        ("whsk_abc", "shared secrets"),
        ("secret", "does not begin with whsec_"),
        ("whsec_ä", "not base64"),
        ("whsec_QUJD", "3 bytes"),
    ],
)
def test_an_unusable_standard_secret_is_refused_in_words_at_the_settings(
    secret: str, words: str
) -> None:
    (problem,) = platform("standard").problems(Secrets({"secret": (secret,)}))
    assert problem.startswith("FANFARE_STANDARD_SECRET")
    assert words in problem
    assert refused(
        "standard", BODIES["standard"], HEADERS["standard"], Secrets({"secret": (secret,)})
    )


def test_secrets_are_picked_from_the_settings_by_the_platforms_name() -> None:
    told = {
        "FANFARE_X_CLIENT_SECRET": "a",
        "FANFARE_X_CONSUMER_SECRET": " ",
        "FANFARE_STANDARD_SECRET": " whsec_b  whsec_c",
        "FANFARE_MASTODON_SERVER": "social.example",
        "FANFARE_MASTODON_UNHEARD_OF": "x",
    }
    assert platform("x").secrets(told).one("client_secret") == "a"
    assert platform("x").secrets(told).one("consumer_secret") is None
    assert platform("standard").secrets(told).every("secret") == ("whsec_b", "whsec_c")
    assert platform("mastodon").secrets(told).one("unheard_of") is None
    assert "social.example" not in repr(platform("mastodon").secrets(told))


def test_a_setting_that_a_network_cannot_use_is_named_in_words() -> None:
    with pytest.raises(ValueError, match=r"^FANFARE_X_CRC_KEY must be client or consumer$"):
        platform("x").secrets({"FANFARE_X_CRC_KEY": "both"})
