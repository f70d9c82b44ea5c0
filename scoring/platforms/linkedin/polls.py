"""What LinkedIn is asked: the company's own posts, among them its reshares of people's posts; followers and
figures of people who agreed, in their own name, where an administrator confirmed that this may be used.

Sources, read 2026-11-22: learn.microsoft.com/linkedin/marketing/community-management, shares/posts-api,
members/follower-statistics (memberFollowersCount) and members/post-statistics (memberCreatorPostAnalytics);
limits start anew at midnight UTC, learn.microsoft.com/linkedin/shared/api-guide/concepts/rate-limits.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final
from urllib.parse import quote, urlencode

from scoring.facts import Fact, Figure, Kind, Snapshot, Telling, UnusableFact
from scoring.platforms.asking import Ask, NoAsk
from scoring.platforms.linkedin import posts
from scoring.platforms.platform import Secrets
from scoring.platforms.poll_settings import api
from scoring.platforms.polling import HOUR_S, About, Of, Poll, Polling, Told

_API: Final = "https://api.linkedin.com"
# A version is served for a year at least; FANFARE_LINKEDIN_VERSION names another.
_VERSION: Final = "202610"
_PAGE: Final = re.compile(r"urn:li:organization:[0-9]{1,19}")
_PERSON: Final = re.compile(r"urn:li:person:[A-Za-z0-9_-]{8,20}")
_POST: Final = re.compile(r"urn:li:(share|ugcPost):[0-9]{1,19}")
_KINDS: Final = (("REACTION", Kind.REACTION), ("COMMENT", Kind.REPLY), ("RESHARE", Kind.RESHARE))
_NEWEST: Final = 50  # posts; hourly, no page changes more


def check_version(value: str) -> None:
    """A version of LinkedIn's API. Raises ValueError."""
    if not re.fullmatch(r"20[2-9][0-9](0[1-9]|1[0-2])", value):
        raise ValueError("must be a version of LinkedIn's API, such as 202610")


def _ask(path: str, secrets: Secrets) -> Ask:
    version = secrets.one("version") or _VERSION
    headers = {"linkedin-version": version, "x-restli-protocol-version": "2.0.0"}
    return Ask(f"{api(secrets, _API)}/rest/{path}", headers=headers)


def ask_posts(subjects: tuple[str, ...], secrets: Secrets) -> Ask:
    """Asks for what a page published last. Raises NoAsk."""
    (page,) = subjects
    if not _PAGE.fullmatch(page):
        raise NoAsk("a page is named by its URN, such as urn:li:organization:90001")
    asked = {"q": "author", "author": page, "count": str(_NEWEST), "sortBy": "LAST_MODIFIED"}
    return _ask(f"posts?{urlencode(asked)}", secrets)


def _ask_followers(subjects: tuple[str, ...], secrets: Secrets) -> Ask:
    (person,) = subjects
    if not _PERSON.fullmatch(person):
        raise NoAsk("a member is known by the app's own id, which comes with their consent")
    return _ask("memberFollowersCount?q=me", secrets)


def _ask_count(what: str) -> Callable[[tuple[str, ...], Secrets], Ask]:
    def ask(subjects: tuple[str, ...], secrets: Secrets) -> Ask:
        (post,) = subjects
        found = _POST.fullmatch(post)
        if found is None:
            raise NoAsk("only shares and user-generated posts have figures")
        kind = "ugc" if found[1] == "ugcPost" else "share"
        entity = f"({kind}:{quote(post, safe='')})"
        return _ask(
            f"memberCreatorPostAnalytics?q=entity&entity={entity}&queryType={what}&aggregation=TOTAL",
            secrets,
        )

    return ask


def _read_posts(told: Told) -> Telling:
    return told.only_of_the_subject(posts.adapt(told.json(), told.received_at))


def _read_followers(told: Told) -> Iterator[Fact]:
    for element in told.json()["elements"]:
        yield Snapshot(told.subject, element["memberFollowersCount"].count())


def _read_count(kind: Kind) -> Callable[[Told], Iterator[Fact]]:
    def read(told: Told) -> Iterator[Fact]:
        found = list(told.json()["elements"])
        if len(found) > 1:
            raise UnusableFact(f"one total was asked for, {len(found)} were told")
        for element in found:
            if (value := element["count"].integer()) >= 0:  # −1: LinkedIn does not know
                yield Figure(told.subject, kind, value)

    return read


POLLING: Final = Polling(
    polls=(
        Poll(
            "posts", "what the company published, and whose posts it reshared", About.NEWS, Of.COMPANY,
            ask_posts, _read_posts, token=True, every_s=HOUR_S,
            scope="r_organization_social",
        ),
        Poll(
            "followers", "how many follow each person", About.FOLLOWERS, Of.PEOPLE,
            _ask_followers, _read_followers, token=True, scope="r_member_profileAnalytics",
        ),
        *(
            Poll(
                f"post_{what.lower()}s", f"{what.lower()}s of people’s posts", About.FIGURES, Of.POSTS,
                _ask_count(what), _read_count(kind), token=True,
                scope="r_member_postAnalytics",
            )
            for what, kind in _KINDS
        ),
    ),
    calls_a_day=20_000,
    pace_s=1.0,
)  # fmt: skip
