"""Laws: a question is a plain web request; what it carries in secret shows nowhere; waiting is read as
the networks write it."""

from __future__ import annotations

import pytest

from scoring.platforms.asking import Answer, Ask, BadAnswer, NoAsk


@pytest.mark.parametrize(
    "url",
    ["ftp://a.example/", "https://", "https://me:word@a.example/", "https://a.example/#part",
     "https://a.example/\r\nhost: b", "https://ä.example/", "https://a.example/" + "a" * 9_000],
)  # fmt: skip
def test_what_is_no_web_address_is_no_question(url: str) -> None:
    with pytest.raises(NoAsk):
        Ask(url)


def test_a_form_is_posted_and_headers_are_lower_case() -> None:
    with pytest.raises(NoAsk):
        Ask("https://a.example/", form={"a": "b"})
    with pytest.raises(NoAsk):
        Ask("https://a.example/", headers={"Accept": "text/html"})
    assert Ask("https://A.example:8443/x?y=1", method="POST", form={}).origin == (
        "https://a.example:8443"
    )


def test_what_is_secret_shows_in_no_log() -> None:
    ask = Ask("https://a.example/", "POST", {"x-key": "hidden"}, {"hub.secret": "hidden"})
    assert "hidden" not in repr(ask)
    assert "hidden" not in repr(Answer(200, {}, b"hidden"))


@pytest.mark.parametrize(
    ("said", "waits"),
    [("120", 120.0), ("0", 0.0), ("-1", None), ("soon", None), ("", None), ("9" * 40, None),
     ("Thu, 01 Jan 1970 00:01:40 GMT", 40.0), ("Thu, 01 Jan 1970 00:01:40 -0000", 40.0),
     ("Thu, 01 Jan 1970 00:00:01 GMT", 0.0)],
)  # fmt: skip
def test_waiting_is_read_in_both_its_forms(said: str, waits: float | None) -> None:
    assert Answer(429, {"retry-after": said}).retry_after_s(60.0) == waits


@pytest.mark.parametrize("body", [b"", b"<html>", b'{"a":', b"\xff\xfe", b"[" * 100_000])
def test_what_is_not_json_is_a_bad_answer_without_its_body(body: bytes) -> None:
    with pytest.raises(BadAnswer) as why:
        Answer(200, {"content-type": "text/html; charset=utf-8"}, body).json()
    assert "text/html" in str(why.value)
