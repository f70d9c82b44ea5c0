"""Kinds of channels: found by name, and what they write is what the other side takes, whatever was typed."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from email.parser import BytesParser
from email.policy import default
from pathlib import Path
from typing import Any

import msgspec
import pytest

from app.going_out import NotReachable
from app.notify.channels.kinds import MalformedKind, channel_kinds, find
from app.notify.channels.kinds.slack import MOST_BLOCKS, MOST_TOGETHER, escaped
from app.notify.channels.kinds.teams import MOST_BYTES
from app.notify.channels.said import Chapter, Said, own, plain, shortened, size
from app.notify.mail.letter import composed
from tests.app.notify.formats import check_slack, check_teams, texts_of_teams
from tests.rewards.life.world import START

KINDS = channel_kinds()
EXAMPLES = [(kind, example) for kind in KINDS.values() for example in kind.examples]
RTL = "محمد بن عبد الله الأنصاري"
MARKUP = (
    "*b* _i_ ~s~ `c` <!channel> <https://evil.example|click> [x](https://evil.example) :tada: @here "
    "{{DATE(2026-01-01,SHORT)}} {{{{ &amp; \\ # h1\r\nBcc: all@example.org\r\n\r\n<script>alert(1)</script>"
)


def said(**changes: Any) -> Said:
    usual: dict[str, Any] = {
        "title": f"The winners of “{own(MARKUP)}”",
        "lead": "Answered by the most people.",
        "line": own(MARKUP),
        "chapters": (Chapter(own(MARKUP), (f"First place: {own(MARKUP)}", f"Second place: {own(RTL)}")),),
        "link": "https://fanfare.example.org/contests/x",
        "link_words": "See all winners",
        "footer": "Fanfare of Northwind",
    }  # fmt: skip
    return Said(**{**usual, **changes})


def crowd(brackets: int, lines: int = 3, name: str = "N" * 60) -> Said:
    chapters = tuple(
        Chapter(f"Bracket {n}", tuple(f"First place: {own(name)} {m}, €200" for m in range(lines)))
        for n in range(brackets)
    )
    return said(title="Winners", line="", chapters=chapters)


HARD = {
    "markup": said(),
    "a line of 200 signs": said(line="ß" * 200),
    "fifty brackets": crowd(50),
    "two hundred brackets": crowd(200),
    "a bracket with a thousand": crowd(1, 1000),
    "names beyond all measure": crowd(20, 3, "🎺" * 2000),
    "all of it right to left": crowd(50, 3, RTL * 5),
    "a title beyond all measure": said(title="&<>" * 500, lead="&" * 4000, footer="<" * 900),
}


@pytest.mark.parametrize(("kind", "example"), EXAMPLES, ids=lambda one: getattr(one, "name", None))
def test_an_example_is_written_as_it_says(kind: Any, example: Any) -> None:
    assert kind.message(example.said) == example.payload


@pytest.mark.parametrize("name", HARD)
def test_what_slack_is_sent_is_what_it_takes(name: str) -> None:
    payload = KINDS["slack"].message(HARD[name])
    check_slack(payload)
    texts = [block["text"]["text"] for block in payload["blocks"] if "text" in block]
    assert sum(map(size, texts)) <= MOST_TOGETHER + 200
    assert len(payload["blocks"]) <= MOST_BLOCKS
    for text in (*texts, payload["text"]):
        assert text.count("\u2068") == text.count("\u2069")


@pytest.mark.parametrize("name", HARD)
def test_what_teams_is_sent_is_what_it_takes(name: str) -> None:
    payload = KINDS["teams"].message(HARD[name])
    check_teams(payload)
    assert len(msgspec.json.encode(payload)) <= MOST_BYTES
    for text in texts_of_teams(payload):
        assert "{{" not in text
        assert text.count("\u2068") == text.count("\u2069")


@pytest.mark.parametrize("name", HARD)
def test_a_letter_holds_all_of_it_under_headers_of_ours_only(name: str) -> None:
    letter = KINDS["email"].message(HARD[name])
    raw = composed(
        letter, sender="Fanfare <fanfare@example.org>", to="list@example.org", key="k", now=START
    ).as_bytes()
    read = BytesParser(policy=default).parsebytes(raw)
    assert set(read.keys()) == {
        "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "X-Auto-Response-Suppress",
        "Content-Type", "Content-Transfer-Encoding", "MIME-Version",
    }  # fmt: skip
    assert read["To"] == "list@example.org"
    assert read["Auto-Submitted"] == "auto-generated"
    assert read.get_content_type() == "text/plain"
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    for chapter in HARD[name].chapters:
        assert chapter.title in read.get_content()


def test_what_does_not_fit_is_counted_in_words() -> None:
    slack = KINDS["slack"].message(crowd(200))
    *_, last, _context = slack["blocks"]
    shown = sum("Bracket" in str(block) for block in slack["blocks"])
    assert last["text"]["text"] == f"… and {200 - shown} more parts on the page."
    teams = texts_of_teams(KINDS["teams"].message(crowd(500)))
    assert any("more parts on the page" in text for text in teams)
    [_, _, _, lines, _] = KINDS["slack"].message(crowd(1, 1000))["blocks"]
    assert lines["text"]["text"].endswith("more winners on the page.")


def test_fifty_brackets_are_all_there() -> None:
    for text in (
        str(KINDS["slack"].message(crowd(50, 1, "Maya"))),
        str(KINDS["teams"].message(crowd(50, 1, "Maya"))),
        KINDS["email"].message(crowd(50)).text,
    ):
        assert all(f"Bracket {n}" in text for n in range(50))


def test_in_slack_nothing_people_wrote_is_read_as_markup() -> None:
    payload = KINDS["slack"].message(said())
    for block in payload["blocks"]:
        for text in [block["text"]] if "text" in block else block["elements"]:
            if text["type"] == "mrkdwn":
                assert text["text"] == "<https://fanfare.example.org/contests/x|See all winners>"
            else:
                assert text["emoji"] is False
                assert "<" not in text["text"]
    assert payload["mrkdwn"] is False
    assert "<" not in payload["text"]
    assert escaped("<!channel> &") == "&lt;!channel&gt; &amp;"


def test_notifications_and_screen_readers_get_all_of_it_as_text() -> None:
    for name in ("markup", "a line of 200 signs"):
        text = KINDS["slack"].message(HARD[name])["text"]
        assert text == escaped(plain(HARD[name]))


def test_a_name_that_turns_the_direction_turns_only_itself() -> None:
    assert own(RTL) == f"\u2068{RTL}\u2069"
    assert own("Ma\u202eya\u2069\u0000\n x") == "Maya x"
    assert own("Maya") == "Maya"


def test_a_text_is_cut_between_words_and_closed() -> None:
    assert shortened("one two three", 13) == "one two three"
    assert shortened("one two three", 12) == "one two…"
    cut = shortened(f"First: {own(RTL)}", 20)
    assert size(cut) <= 20
    assert cut.endswith("…\u2069")
    assert size(shortened("🎺" * 50, 11)) <= 11


GOOD = {
    "slack": [
        "https://hooks.slack.com/services/T01ABCDEF/B02ABCDEF/abcdefABCDEF012345678901",
        "https://hooks.slack-gov.com/services/T01ABCDEF/B02ABCDEF/abcdefABCDEF012345678901",
    ],
    "teams": [
        "https://prod-12.westeurope.logic.azure.com:443/workflows/0a1b2c3d4e5f/triggers/manual/paths/invoke?api-version=2016-06-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=verySecretSignature",
        "https://default0a1b2c.3d.environment.api.powerplatform.com:443/powerautomate/automations/direct/workflows/0a1b2c3d4e5f/triggers/manual/paths/invoke?api-version=1&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=verySecretSignature",
    ],
    "email": ["winners@example.org", "all+winners@lists.example.org"],
}  # fmt: skip
BAD = {
    "slack": [
        "", "slack", "http://hooks.slack.com/services/T1/B1/abc", "https://hooks.slack.com/",
        "https://hooks.slack.com/services/T01/B02", "https://hooks.slack.com/services/T1/B1/abc?x=1",
        "https://hooks.slack.com/triggers/T1/123/abc", "https://hooks.slack.com/workflows/T1/A1/1/abc",
        "https://hooks.slack.com.evil.example/services/T1/B1/abc", "https://evil.example/services/T1/B1/abc",
        "https://u:p@hooks.slack.com/services/T1/B1/abc", "https://127.0.0.1/services/T1/B1/abc",
        "https://hooks.slack.com/services/T1/B1/abc\r\nHost: evil",
    ],
    "teams": [
        "", "https://company.webhook.office.com/webhookb2/abc/IncomingWebhook/def",
        "https://prod-12.westeurope.logic.azure.com/workflows/0a/triggers/manual/paths/invoke",
        "https://logic.azure.com.evil.example/workflows/0a/triggers/manual/paths/invoke?sig=x",
        "http://prod-12.westeurope.logic.azure.com/workflows/0a/triggers/manual/paths/invoke?sig=x",
        "https://prod-12.westeurope.logic.azure.com/?sig=x", "https://[::1]/workflows/0a/triggers/m/paths/invoke?sig=x",
    ],
    "email": [
        "", "winners", "a@b@c.example", "a@example.org, b@example.org", "Winners <a@example.org>",
        "a@example.org\r\nBcc: b@example.org", "ä@example.org", f"{'a' * 250}@example.org",
        "a..b@example.org",
    ],
}  # fmt: skip


@pytest.mark.parametrize(("kind", "typed"), [(k, one) for k, many in GOOD.items() for one in many])
def test_an_address_of_the_kind_is_taken_and_only_its_mask_shown(kind: str, typed: str) -> None:
    address = KINDS[kind].check(f"  {typed} ", ())
    assert address == typed
    shown = KINDS[kind].shown(address)
    for secret in ("abcdefABCDEF012345678901", "verySecretSignature", "0a1b2c3d4e5f", "winners@"):
        assert secret not in shown


@pytest.mark.parametrize(("kind", "typed"), [(k, one) for k, many in BAD.items() for one in many])
def test_any_other_address_is_refused_with_a_sentence(kind: str, typed: str) -> None:
    with pytest.raises(NotReachable, match=r"\.$|>\.$|…\.$"):
        KINDS[kind].check(typed, ())


@pytest.mark.parametrize("kind", ["slack", "teams"])
def test_what_cannot_heal_is_told_from_what_can(kind: str) -> None:
    hopeless = KINDS[kind].hopeless
    for status in (400, 404, 410, 403):
        assert (hopeless(status, "") or "").endswith(".")
    for status in (429, 500, 502, 503, 408):
        assert hopeless(status, "") is None
    assert KINDS["slack"].hopeless(403, "invalid_token") != KINDS["slack"].hopeless(
        403, "action_prohibited"
    )
    assert KINDS["email"].hopeless(550, "no such user")
    assert KINDS["email"].hopeless(451, "later") is None
    assert KINDS["email"].hopeless(535, "wrong password") is None


@pytest.fixture
def package(tmp_path: Path) -> Iterator[Path]:
    sys.path.insert(0, str(tmp_path))
    folder = tmp_path / f"channel_kinds_{tmp_path.name.replace('-', '_')}"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    yield folder
    sys.path.remove(str(tmp_path))


def test_a_new_kind_is_one_file_and_touches_no_list(package: Path) -> None:
    (package / "megaphone.py").write_text(
        "from dataclasses import replace\n"
        "from app.notify.channels.kinds.slack import KIND as SLACK\n"
        "KIND = replace(SLACK, name='megaphone', label='Megaphone')\n"
    )
    found = find(package.name, [str(package)])
    assert list(found) == ["megaphone"]
    assert found["megaphone"].message(said())


@pytest.mark.parametrize(
    "body", ["", "KIND = 'loud'", "from app.notify.channels.kinds.slack import KIND"]
)
def test_a_file_that_is_no_kind_stops_the_start_with_words(package: Path, body: str) -> None:
    (package / "whisper.py").write_text(body)
    with pytest.raises(MalformedKind, match="whisper"):
        find(package.name, [str(package)])
