"""Law: a composer's address carries exactly what was handed in, and nothing handed in changes the address."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.platforms import platform, platforms
from scoring.platforms.platform import Named

URL = "https://fanfare.example/s/k7Qe?a=1&b=ä #top"
TEXT = "50 % more & “quiet”: <b>pumps</b>\nread on + see? #PumpDay=1"
ADA = Named("ada@social.example", "ada", also="ada@web.social.example")
BOTH = f"{TEXT}\n\n{URL}"

COMPOSERS = [
    ("x", None, "https://x.com/intent/tweet", {"text": TEXT, "url": URL}),
    ("linkedin", None, "https://www.linkedin.com/sharing/share-offsite/", {"url": URL}),
    # Meta's rules want no text that an app wrote.
    ("facebook", None, "https://www.facebook.com/sharer/sharer.php", {"u": URL}),
    ("threads", None, "https://www.threads.net/intent/post", {"url": URL}),
    ("bluesky", None, "https://bsky.app/intent/compose", {"text": BOTH}),
    (
        "mastodon",
        Named("ada@social.example", "ada"),
        "https://social.example/share",
        {"text": BOTH},
    ),
    ("mastodon", ADA, "https://web.social.example/share", {"text": BOTH}),
    ("mastodon", Named("ada@[::1", "ada"), "https://share.joinmastodon.org/#", {"text": BOTH}),
    ("mastodon", None, "https://share.joinmastodon.org/#", {"text": BOTH}),
]


def carried(address: str) -> tuple[str, dict[str, str]]:
    """The address without what it carries, and what it carries."""
    parts = urlsplit(address)
    where = f"{parts.scheme}://{parts.netloc}{parts.path}{'#' if parts.fragment else ''}"
    values = parse_qs(parts.query or parts.fragment, strict_parsing=True)
    return where, {name: value for name, (value,) in values.items()}


@pytest.mark.parametrize(("name", "own", "where", "what"), COMPOSERS)
def test_each_network_s_own_composer_begins_with_what_its_rules_allow(
    name: str, own: Named | None, where: str, what: dict[str, str]
) -> None:
    address = platform(name).share_link(TEXT, URL, own)
    assert address is not None
    assert carried(address) == (where, what)
    assert "+" not in address  # a space is %20: not every composer reads a plus as one
    assert address.isascii()


def test_every_other_network_has_no_composer() -> None:
    without = {name for name, one in platforms().items() if one.share_link(TEXT, URL) is None}
    assert without == set(platforms()) - {name for name, *_ in COMPOSERS}


@given(
    name=st.sampled_from(sorted({name for name, *_ in COMPOSERS})),
    text=st.text(),
    url=st.text(min_size=1),
)
def test_whatever_is_written_stays_in_its_place(name: str, text: str, url: str) -> None:
    address = platform(name).share_link(text, url, ADA)
    plain = platform(name).share_link("a", "b", ADA)
    assert address is not None
    assert plain is not None
    assert address.partition("?")[0] == plain.partition("?")[0]
    assert address.count("&") == plain.count("&")
    assert not {'"', "<", ">", " ", "\n", "'"} & set(address)
