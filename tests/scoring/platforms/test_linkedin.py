"""Laws of LinkedIn: the guarded challenge, both forms of the signature, one name for one deed."""

from __future__ import annotations

import hashlib
import hmac
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.facts import Engagement, Kind, Removal
from scoring.platforms import platform
from scoring.platforms.platform import ChallengeRefused, NotAnAccount, NotVerified, Secrets
from scoring.platforms.polling import Of
from tests.scoring.platforms.examples import RECEIVED_AT, SECRETS, adapted, read

LINKEDIN = platform("linkedin")
CODE = "890e4665-4dfe-4ab1-b689-ed553bceeed0"
BODY = read("linkedin", "comment")


def digest(signed: bytes) -> str:
    return hmac.new(b"client secret", signed, hashlib.sha256).hexdigest()


def test_a_uuid_is_answered_with_its_digest() -> None:
    reply = LINKEDIN.challenge({"challengeCode": CODE, "applicationId": "1"}, SECRETS["linkedin"])
    assert reply is not None
    assert reply.content_type == "application/json"
    assert json.loads(reply.body) == {
        "challengeCode": CODE, "challengeResponse": digest(CODE.encode())
    }  # fmt: skip


@given(code=st.text())
def test_nothing_but_a_uuid_is_ever_signed(code: str) -> None:
    with pytest.raises(ChallengeRefused):
        LINKEDIN.challenge({"challengeCode": code}, SECRETS["linkedin"])


@pytest.mark.parametrize(
    "code", [f"hmacsha256={BODY.decode()}", f"{{{CODE}}}", CODE.replace("-", ""), f"{CODE}\n"]
)
def test_neither_a_delivery_nor_a_uuid_written_otherwise_is_signed(code: str) -> None:
    with pytest.raises(ChallengeRefused):
        LINKEDIN.challenge({"challengeCode": code}, SECRETS["linkedin"])


def test_without_a_secret_nothing_is_signed_and_a_get_without_a_code_is_no_challenge() -> None:
    assert LINKEDIN.challenge({}, SECRETS["linkedin"]) is None
    with pytest.raises(NotVerified):
        LINKEDIN.challenge({"challengeCode": CODE}, Secrets())


@pytest.mark.parametrize(
    "header",
    [digest(BODY), f"hmacsha256={digest(BODY)}", f"hmacsha256={digest(b'hmacsha256=' + BODY)}"],
)
def test_the_older_forms_are_taken_only_where_the_settings_say_so(header: str) -> None:
    lenient = Secrets({**SECRETS["linkedin"].values, "signature": ("lenient",)})
    assert LINKEDIN.verify({"x-li-signature": header}, BODY, lenient, RECEIVED_AT)
    with pytest.raises(NotVerified):
        LINKEDIN.verify({"x-li-signature": header}, BODY, SECRETS["linkedin"], RECEIVED_AT)


def test_an_answered_challenge_is_no_signature_of_a_delivery_in_either_form() -> None:
    lenient = Secrets({**SECRETS["linkedin"].values, "signature": ("lenient",)})
    answered = {"x-li-signature": digest(CODE.encode())}
    for secrets in (SECRETS["linkedin"], lenient):
        with pytest.raises(NotVerified):
            LINKEDIN.verify(answered, CODE.encode(), secrets, RECEIVED_AT)


def test_while_a_secret_is_replaced_both_sign() -> None:
    both = Secrets({"client_secret": ("new", "client secret")})
    headers = {"x-li-signature": digest(b"hmacsha256=" + BODY)}
    assert LINKEDIN.verify(headers, BODY, both, RECEIVED_AT)


def test_a_comment_has_one_name_when_written_edited_and_deleted() -> None:
    (written,), (edited,), (deleted,) = (
        adapted("linkedin", read("linkedin", name)).facts
        for name in ("comment", "comment_edit", "comment_delete")
    )
    assert isinstance(written, Engagement)
    assert isinstance(edited, Engagement)
    assert written.native_id == edited.native_id
    assert deleted == Removal(written.native_id)
    assert edited.occurred_at is None


def test_a_company_reshare_is_known_by_its_parent_and_drafts_and_private_posts_are_left_out() -> (
    None
):
    told = [
        (fact.kind, fact.post)
        for fact in adapted("linkedin", read("linkedin", "polled_reshare")).facts
        if isinstance(fact, Engagement)
    ]
    assert told == [
        (Kind.QUOTE, "urn:li:share:7299999999999999999"),
        (Kind.RESHARE, "urn:li:share:7299999999999999998"),
    ]
    posts = adapted("linkedin", read("linkedin", "polled_post")).facts
    assert {getattr(fact, "native_id", "") for fact in posts} == {
        "urn:li:share:7300000000000000000"
    }


@pytest.mark.parametrize(
    ("typed", "native_id", "url"),
    [
        ("https://www.linkedin.com/in/Ada-Example/?x=1", "in/ada-example",
         "https://www.linkedin.com/in/ada-example/"),
        ("linkedin.com/company/northwind", "company/northwind",
         "https://www.linkedin.com/company/northwind/"),
        ("AbC1234567", "urn:li:person:AbC1234567", None),
        ("urn:li:person:AbC1234567", "urn:li:person:AbC1234567", None),
        ("urn:li:organization:90001", "urn:li:organization:90001",
         "https://www.linkedin.com/company/90001/"),
    ],
)  # fmt: skip
def test_a_person_or_page_is_named_by_address_or_id(
    typed: str, native_id: str, url: str | None
) -> None:
    named = LINKEDIN.named(typed)
    assert named.native_id == native_id
    assert LINKEDIN.profile_url(named.native_id, named.handle) == url


@pytest.mark.parametrize("typed", ["", "ada", "https://evil.example/in/ada", "urn:li:share:1"])
def test_what_names_nobody_is_refused_in_words(typed: str) -> None:
    with pytest.raises(NotAnAccount, match="address of your profile"):
        LINKEDIN.named(typed)


def test_members_are_asked_for_their_data_only_where_linkedin_approved_the_app_for_it() -> None:
    linkedin = platform("linkedin")
    consent, polling = linkedin.consent, linkedin.polling
    assert consent is not None
    assert polling is not None
    assert consent.asking(Secrets()) is consent
    told = {"FANFARE_LINKEDIN_MEMBER_SCOPES": "r_member_profileAnalytics r_member_postAnalytics"}
    asked = {scope.name for scope in consent.asking(linkedin.secrets(told)).scopes}
    assert asked == {"openid", "profile", *told["FANFARE_LINKEDIN_MEMBER_SCOPES"].split()}
    of_company = linkedin.page_consents["company"]
    assert of_company.asking(linkedin.secrets(told)) is of_company
    of_page = {scope.name for scope in of_company.scopes}
    assert not of_page & asked
    assert {poll.scope for poll in polling.polls if poll.of is not Of.COMPANY} <= asked
    assert {poll.scope for poll in polling.polls if poll.of is Of.COMPANY} == of_page
    assert {scope.name for scope in consent.scopes} == {"openid", "profile"}
    with pytest.raises(ValueError, match="MEMBER_SCOPES must be"):
        linkedin.secrets({"FANFARE_LINKEDIN_MEMBER_SCOPES": "w_member_social"})
