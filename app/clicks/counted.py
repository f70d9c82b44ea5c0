"""Whether an opening of a link counts. Pure.

Law: what a program, a preview, the author or the office did counts for nobody; a person counts whatever
browser, app or proxy they use.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import Final

from crawlerdetect.crawlerdetect import (
    get_compiled_crawler_regex,
    get_compiled_exclusions_regex,
)

Network = IPv4Network | IPv6Network

# Fetchers of previews that the library's list does not know by a word of theirs.
PREVIEWS: Final = re.compile(r"cardyb|preview|link-?expand|unfurl|iframely|embedly|snap url", re.I)
_AHEAD: Final = ("purpose", "sec-purpose", "x-purpose", "x-moz")
_LONGEST_NAME: Final = 1000  # of a browser; longer ones are made up, and slow to look through


def why_not_counted(
    method: str,
    headers: Mapping[str, str],
    client: str,
    office: Sequence[Network],
    *,
    by_author: bool,
) -> str | None:
    """The reason in a word for the metrics, or None: it counts. Header names are lower case."""
    if method != "GET":
        return "method"
    if any(re.search("prefetch|preview|prerender", headers.get(name, ""), re.I) for name in _AHEAD):
        return "prefetch"
    # A browser says what it wants; an image, a frame or a script in a page is no reader.
    if headers.get("sec-fetch-dest", "document") != "document":
        return "embedded"
    browser = headers.get("user-agent", "").strip()
    if not browser or len(browser) > _LONGEST_NAME or _is_program(browser):
        return "program"
    if by_author:
        return "author"
    if _within(client, office):
        return "office"
    return None


# Names of browsers are few and come again.
@lru_cache(maxsize=4_096)
def _is_program(browser: str) -> bool:
    # The library's two steps: without what browsers are called, and their versions, a name is nearly
    # nothing, of which there are few; only that is looked through, which costs far more.
    rest = get_compiled_exclusions_regex().sub("", browser)
    return bool(PREVIEWS.search(browser)) or (bool(rest) and _names_a_program(rest))


@lru_cache(maxsize=4_096)
def _names_a_program(rest: str) -> bool:
    return get_compiled_crawler_regex().search(rest) is not None


def _within(client: str, networks: Sequence[Network]) -> bool:
    if not networks:
        return False
    try:
        address = ip_address(client)
    except ValueError:
        return False
    return any(address in network for network in networks)
