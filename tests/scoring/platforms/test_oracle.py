"""Law: a handshake never gives away a signature that a delivery could carry."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.platforms import platform
from scoring.platforms.platform import ChallengeRefused, NotVerified, Secrets
from tests.scoring.platforms.examples import RECEIVED_AT, SECRETS

X = platform("x")
OLD = "x-twitter-webhooks-signature"


def signed(token: str, secrets: Secrets = SECRETS["x"]) -> str:
    reply = X.challenge({"crc_token": token}, secrets)
    assert reply is not None
    answer: str = json.loads(reply.body)["response_token"]
    return answer


@pytest.mark.parametrize(
    "token",
    ['{"data":{}}', "[1]", '"x"', "a b", "a\n", "\x00", "", "é", "x" * 513, "{", "}", "]"],
)
def test_a_token_that_could_be_a_delivery_is_not_signed(token: str) -> None:
    with pytest.raises(ChallengeRefused):
        signed(token)


@given(st.text(max_size=40))
def test_whatever_is_signed_for_a_handshake_is_refused_as_a_delivery(token: str) -> None:
    one_key = Secrets({"consumer_secret": ("consumer",)})
    try:
        headers = {OLD: signed(token, one_key)}
    except ChallengeRefused:
        return
    with pytest.raises(NotVerified):
        X.verify(headers, token.encode(), one_key, RECEIVED_AT)


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=40))
def test_a_handshake_never_signs_what_is_a_json_object(token: str) -> None:
    try:
        signed(token)
    except ChallengeRefused:
        return
    with pytest.raises((ValueError, AssertionError)):
        assert isinstance(json.loads(token), dict)


def test_tokens_as_x_sends_them_are_signed_with_the_key_of_the_settings() -> None:
    token = "MTQ0NzExNTg2OC1hYmMtZGVmX2doaQ=="
    by_client, by_consumer = (
        signed(token),
        signed(token, Secrets({"consumer_secret": ("consumer",)})),
    )
    assert by_client != by_consumer
    assert len(base64.b64decode(by_client.removeprefix("sha256="))) == 32
    asked_the_old_way = Secrets({**SECRETS["x"].values, "crc_key": ("consumer",)})
    assert signed(token, asked_the_old_way) == by_consumer


def test_a_get_without_token_is_no_handshake_and_other_networks_have_none() -> None:
    assert X.challenge({}, SECRETS["x"]) is None
    assert platform("mastodon").challenge({"crc_token": "x"}, SECRETS["mastodon"]) is None
    with pytest.raises(NotVerified):
        X.challenge({"crc_token": "x"}, Secrets())
