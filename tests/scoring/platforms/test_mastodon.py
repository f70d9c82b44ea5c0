"""Laws of Mastodon's folder: nothing private is kept, names hold with any settings."""

import json

import pytest

from scoring.facts import Engagement, UnusableFact
from scoring.platforms import platform
from scoring.platforms.mastodon.plain import plain
from scoring.platforms.mastodon.stream import AccountEar
from scoring.platforms.platform import Secrets
from tests.scoring.platforms.examples import SECRETS, adapted, examples, read

MASTODON = platform("mastodon")
PRIVATE = ("webhook_private", "notification_private")


def test_of_private_messages_and_moderators_data_nothing_is_stored() -> None:
    for example in PRIVATE:
        body = read("mastodon", example)
        assert b"between us" in body
        assert b"between us" not in MASTODON.kept_body(body)
        wrapped = json.dumps({"event": "notification", "payload": body.decode()}).encode()
        assert b"between us" not in MASTODON.kept_body(wrapped)
    assert b"192.0.2.7" not in MASTODON.kept_body(read("mastodon", "webhook_account"))


@pytest.mark.parametrize("visibility", ["private", "direct", "limited", "", 1, None, []])
def test_what_is_not_plainly_public_is_not_stored(visibility: object) -> None:
    whole = json.loads(read("mastodon", "webhook_company_boosts"))
    whole["object"]["reblog"]["visibility"] = visibility
    kept = MASTODON.kept_body(json.dumps(whole).encode())
    assert b"We shipped" not in kept


def test_a_public_body_is_stored_byte_for_byte() -> None:
    for name, path in examples():
        if name == "mastodon" and path.stem not in (*PRIVATE, "webhook_account"):
            assert MASTODON.kept_body(path.read_bytes()) == path.read_bytes()
    for body in (b"", b"[", b"[" * 100_000, b"{", b"null", b'"x"'):
        assert MASTODON.kept_body(body) == body


def test_the_account_is_named_by_its_page_where_the_settings_are_silent() -> None:
    def actors(headers: dict[str, str]) -> set[str | None]:
        facts = adapted("mastodon", read("mastodon", "webhook_reply"), headers).facts
        return {fact.actor for fact in facts if isinstance(fact, Engagement)}

    assert actors({}) == actors(MASTODON.kept_headers({}, SECRETS["mastodon"]))
    # Pages on a sub-domain, handles under the name: other servers say ben@example, and so do we.
    assert actors({"fanfare-server": "example"}) == {"ben@example"}
    assert actors({"fanfare-server": "elsewhere.example"}) == {"ben@social.example"}


def test_an_account_is_met_by_its_own_name_where_pages_have_another_host() -> None:
    headers = MASTODON.kept_headers(
        {}, Secrets({"server": ("handles.example",), "web": ("social.example",)})
    )
    facts = adapted("mastodon", read("mastodon", "webhook_reply"), headers).facts
    assert {fact.actor for fact in facts if isinstance(fact, Engagement)} == {"ben@handles.example"}
    ours = ["ada@handles.example"]
    ear = AccountEar("handles.example", ours[0], ours, for_itself=True, web="social.example")
    status = json.loads(read("mastodon", "webhook_company_boosts"))["object"]["reblog"]
    found = ear.told("update", status)
    assert found is not None
    assert found.own == status["id"]
    assert ear.among([]).server.web == "social.example"


def test_a_deletion_needs_the_servers_name_and_says_so() -> None:
    with pytest.raises(UnusableFact, match="FANFARE_MASTODON_SERVER"):
        adapted("mastodon", read("mastodon", "frame_delete"), {})


def test_a_follow_that_does_not_say_of_whom_is_refused_with_what_to_do() -> None:
    whole = json.loads(read("mastodon", "notification_follow"))
    del whole["recipient"]
    with pytest.raises(UnusableFact, match="adds «recipient»"):
        adapted("mastodon", json.dumps(whole).encode())


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>a</p><p>b<br>c</p>", "a\n\nb\nc"),
        ("<P>1 &lt; 2 &amp;&amp; 3 > 2</P>", "1 < 2 && 3 > 2"),
        ('<a href="x" onclick="y">link</a>', "link"),
        ("&#0;&#x1F600;", "\ufffd😀"),
        ("<<b>>", "<>"),
        ("", ""),
    ],
)
def test_markup_becomes_text(markup: str, text: str) -> None:
    assert plain(markup) == text


def test_a_profile_has_an_address() -> None:
    assert MASTODON.profile_url("ada@social.example", "") == "https://social.example/@ada"
    assert MASTODON.profile_url("ada", "") is None
    assert platform("x").profile_url("70010", "@ada_works") == "https://x.com/ada_works"
    assert platform("x").profile_url("70010", "") == "https://x.com/i/user/70010"
    assert platform("x").profile_url("x", "a/b") is None
