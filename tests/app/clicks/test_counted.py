"""Law: a reader counts whatever they use; programs, previews, the author and the office do not."""

from __future__ import annotations

from ipaddress import ip_network

import pytest
from crawlerdetect import CrawlerDetect
from hypothesis import given
from hypothesis import strategies as st

from app.clicks import why_not_counted
from app.clicks.counted import PREVIEWS
from app.clicks.visitor import visitor_of

OFFICE = (ip_network("203.0.113.0/24"), ip_network("2001:db8::/32"))
CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36"
READERS = (
    CHROME,
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Mobile/15E148 [LinkedInApp]/9.28.7586",
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 "
    "Chrome/120.0 Mobile Safari/537.36 [FBAN/FB4A;FBAV/443.0]",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 14.1; rv:121.0) Gecko/20100101 Firefox/121.0",
)
PROGRAMS = (
    "LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)",
    "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)", "Twitterbot/1.0",
    "WhatsApp/2.23.20.0", "TelegramBot (like TwitterBot)", "Discordbot/2.0",
    "Mozilla/5.0 (Windows NT 6.1) AppleWebKit/534+ (KHTML, like Gecko) BingPreview/1.0b",
    "http.rb/5.1.1 (Mastodon/4.2.1; +https://social.example/)",
    "Mozilla/5.0 (compatible; Bluesky Cardyb/1.1; +mailto:support@bsky.app)",
    "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5", "curl/8.5.0",
    "python-requests/2.31", "Googlebot/2.1", "", "x" * 1001,
)  # fmt: skip


def reason(
    method: str = "GET", client: str = "198.51.100.7", by_author: bool = False, **headers: str
) -> str | None:
    told = {
        "user-agent": CHROME,
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    return why_not_counted(method, told, client, OFFICE, by_author=by_author)


@pytest.mark.parametrize("browser", READERS)
def test_a_reader_counts_in_any_browser_or_app(browser: str) -> None:
    assert reason(user_agent=browser) is None
    assert reason(user_agent=browser, sec_fetch_dest="document") is None


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_program_does_not_count(program: str) -> None:
    assert reason(user_agent=program) == "program"


@given(
    st.lists(
        st.sampled_from([*READERS, *PROGRAMS[:-1], " ", "; ", "/", "Chrome/1", "Linux", "bot", "Safari/5.1"]),
        min_size=1, max_size=4,
    ).map("".join).filter(str.strip)
)  # fmt: skip
def test_names_are_told_apart_exactly_as_the_library_does(name: str) -> None:
    says = CrawlerDetect().isCrawler(name) or PREVIEWS.search(name) is not None
    assert (reason(user_agent=name) == "program") == (says or len(name.strip()) > 1000)


@pytest.mark.parametrize(
    ("header", "value"),
    [("purpose", "prefetch"), ("sec_purpose", "prefetch;prerender"), ("x_moz", "prefetch"),
     ("x_purpose", "preview"), ("purpose", "Prefetch")],
)  # fmt: skip
def test_a_browser_that_looks_ahead_does_not_count(header: str, value: str) -> None:
    assert reason(**{header: value}) == "prefetch"


def test_a_look_without_reading_does_not_count() -> None:
    assert reason("HEAD") == "method"
    assert reason(sec_fetch_dest="image") == "embedded"


def test_the_author_and_the_office_do_not_count() -> None:
    assert reason(by_author=True) == "author"
    assert reason(client="203.0.113.9") == "office"
    assert reason(client="2001:db8::1") == "office"
    assert reason(client="unknown") is None


@given(
    st.text(), st.text(), st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32)
)
def test_a_visitor_is_the_same_for_a_day_and_a_link_and_nobody_the_next_day(
    client: str, browser: str, today: bytes, tomorrow: bytes
) -> None:
    seen = visitor_of(today, "code-1234", client, browser)
    assert seen == visitor_of(today, "code-1234", client, browser)
    assert seen != visitor_of(today, "code-5678", client, browser)
    assert (seen == visitor_of(tomorrow, "code-1234", client, browser)) == (today == tomorrow)
    assert not client or client not in seen or len(client) < 3
