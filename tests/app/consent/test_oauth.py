"""The requests that are the same everywhere, of a network made up here: another one touches nothing else."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from app.consent.kept import WARNING, warns_at
from app.consent.oauth import fresh_secret, leaving, redeeming, refreshing, revoking
from scoring import Answer, Ask, Client, Consent, Named, NotGranted, Scope, platforms
from scoring.platforms.consent import Endpoints

CLIENT = Client("our id", "our:secret")
BACK = "https://fanfare.example/oauth/madeup/callback?at=here"


class MadeUp(Consent):
    """A network that nobody knows."""

    scopes = (Scope("see", "see you"), Scope("hear", "hear you"))
    never = "It cannot speak."
    own_hand = "https://madeup.example/apps"
    authentication = "client_secret_basic"
    extra = {"prompt": "consent"}

    def endpoints(self, server: str | None) -> Endpoints:
        return Endpoints(
            "https://m.example/ask?tenant=1", "https://m.example/t", "https://m.example/r"
        )

    def who(self, server: str | None) -> Ask:
        return Ask("https://m.example/me")

    def named(self, answer: Answer, server: str | None) -> Named:
        return Named("1", "one")


def test_the_page_is_asked_for_exactly_what_was_said() -> None:
    url = leaving(MadeUp(), CLIENT, None, BACK, "state", "v" * 43)
    assert url.startswith("https://m.example/ask?tenant=1&")
    asks = {name: value for name, [value] in parse_qs(urlsplit(url).query).items()}
    assert asks.pop("code_challenge") != "v" * 43
    assert asks == {
        "tenant": "1", "response_type": "code", "client_id": "our id", "redirect_uri": BACK,
        "scope": "see hear", "state": "state", "code_challenge_method": "S256", "prompt": "consent",
    }  # fmt: skip


def test_a_client_proves_itself_as_its_network_wants() -> None:
    class InForm(MadeUp):
        authentication = "client_secret_post"
        proof_key = False

    ask = redeeming(MadeUp(), CLIENT, None, BACK, "the code", "v" * 43)
    basic = base64.b64encode(b"our id:our:secret").decode()
    assert ask.headers["authorization"] == f"Basic {basic}"
    assert ask.form is not None
    assert dict(ask.form) == {
        "grant_type": "authorization_code", "code": "the code", "redirect_uri": BACK,
        "code_verifier": "v" * 43, "client_id": "our id",
    }  # fmt: skip
    ask = redeeming(InForm(), CLIENT, None, BACK, "the code", "v" * 43)
    assert "authorization" not in ask.headers
    assert ask.form is not None
    assert (ask.form["client_secret"], "code_verifier" in ask.form) == ("our:secret", False)
    again = refreshing(InForm(), CLIENT, None, "r+/=")
    assert again.form is not None
    assert (again.form["grant_type"], again.form["refresh_token"]) == ("refresh_token", "r+/=")
    gone = revoking(InForm(), CLIENT, "https://m.example/r", "t", "access_token")
    assert gone.form is not None
    assert (gone.form["token"], gone.form["token_type_hint"]) == ("t", "access_token")
    assert "grant_type" not in gone.form


def test_secrets_are_long_and_never_the_same() -> None:
    made = {fresh_secret() for _ in range(200)}
    assert len(made) == 200
    assert all(43 <= len(one) <= 128 and one.isalnum() for one in made)


def test_every_network_asks_in_words_for_what_it_asks() -> None:
    for known in platforms().values():
        consent = known.consent
        if consent is None:
            continue
        assert consent.never.endswith(".")
        for scope in consent.scopes:
            assert scope.words
            assert not scope.words[0].isupper()  # "Whether Fanfare may see …"
            # Nothing that lets an app act in somebody's name.
            assert "write" not in scope.name
            assert "publish" not in scope.name


@pytest.mark.parametrize(
    ("said", "final"),
    [(b'{"error": "invalid_grant"}', True), (b'{"error": "invalid_client"}', False),
     (b'{"error": "temporarily_unavailable"}', False), (b"", False), (b"[]", False)],
)  # fmt: skip
def test_only_a_no_to_this_person_ends_their_consent(said: bytes, final: bool) -> None:
    with pytest.raises(NotGranted) as refused:
        MadeUp().granted(Answer(400, {}, said))
    assert refused.value.final is final
    with pytest.raises(NotGranted) as away:
        MadeUp().granted(Answer(503, {}, said))
    assert not away.value.final


def test_a_short_consent_is_warned_of_at_half_its_life() -> None:
    given = datetime(2026, 11, 1, tzinfo=UTC)
    assert warns_at(given + timedelta(days=60), given) == given + timedelta(days=60) - WARNING
    assert warns_at(given + timedelta(days=10), given) == given + timedelta(days=5)
