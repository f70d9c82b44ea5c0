"""What Mastodon's servers are asked: public counts of people and of their posts, each at its own server.

Sources, read 2026-11-22: docs.joinmastodon.org/methods/accounts#lookup, methods/statuses#get,
api/rate-limits (300 questions in 5 minutes from one address).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import quote

from scoring.facts import Fact, Figure, Kind, UnusableFact
from scoring.platforms.asking import Ask, NoAsk
from scoring.platforms.mastodon.names import Server, host_of, web_host
from scoring.platforms.mastodon.statuses import counted, is_public
from scoring.platforms.platform import Secrets
from scoring.platforms.polling import About, Of, Poll, Polling, Told

_COUNTS: Final = (
    ("favourites_count", Kind.REACTION),
    ("replies_count", Kind.REPLY),
    ("reblogs_count", Kind.RESHARE),
    ("quotes_count", Kind.QUOTE),
)
_POST: Final = re.compile(r"https?://([A-Za-z0-9.:-]+)/users/[^/]+/statuses/([0-9]{1,20})")
_HERE: Final = re.compile(r"(127\.0\.0\.1|localhost)(:[0-9]+)?")


def origin_of(host: str) -> str:
    """Where a server answers: by https, but for one on this very machine."""
    return f"{'http' if _HERE.fullmatch(host) else 'https'}://{host}"


def _ask_account(subjects: tuple[str, ...], _: Secrets) -> Ask:
    (subject,) = subjects
    user, _at, host = subject.partition("@")
    if not user or not host or host_of(host) != host:
        raise NoAsk("an account of Mastodon is named with its server")
    return Ask(f"{origin_of(host)}/api/v1/accounts/lookup?acct={quote(user, safe='')}")


def _ask_post(subjects: tuple[str, ...], _: Secrets) -> Ask:
    (subject,) = subjects
    found = _POST.fullmatch(subject)
    if found is None:
        raise NoAsk("only posts that were written on Mastodon can be asked about")
    return Ask(f"{origin_of(found[1].lower())}/api/v1/statuses/{found[2]}")


def _read_account(told: Told) -> Iterator[Fact]:
    account = told.json()
    # Whatever host its pages have: the server that keeps the account was asked.
    server = Server(told.subject.partition("@")[2], web_host(account))
    if (name := server.account(account)) != told.subject:
        told.wrong(name)
    yield from counted(account, server)


def _read_post(told: Told) -> Iterator[Fact]:
    status, asked = told.json(), _POST.fullmatch(told.subject)
    if asked is None:
        raise UnusableFact("a post was asked about that was not written on Mastodon")
    if (name := Server(asked[1].lower()).post(status)) != told.subject:
        told.wrong(name)
    if not is_public(status):
        return
    for member, kind in _COUNTS:
        if (count := status[member]).given:
            yield Figure(name, kind, count.count())


POLLING: Final = Polling(
    polls=(
        Poll(
            "followers", "how many follow each person", About.FOLLOWERS, Of.PEOPLE,
            _ask_account, _read_account, token=False, at_home=True,
        ),
        Poll(
            "post", "favourites, answers, boosts and quotes of people’s posts", About.FIGURES, Of.POSTS,
            _ask_post, _read_post, token=False,
        ),
    ),
    calls_a_day=200_000,
    pace_s=1.5,  # of one server: 200 in the 5 minutes in which it allows 300
)  # fmt: skip
