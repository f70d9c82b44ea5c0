"""What Facebook is asked: how many follow a page that a person linked, in their own name. Facebook tells
nobody how many follow a profile that is no page.

Source: developers.facebook.com/docs/graph-api/reference/page (followers_count), read 2026-11-22.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from scoring.facts import Fact, Snapshot
from scoring.platforms import graph
from scoring.platforms.asking import Ask, NoAsk
from scoring.platforms.platform import Secrets
from scoring.platforms.poll_settings import api
from scoring.platforms.polling import About, Of, Poll, Polling, Told

_API: Final = "https://graph.facebook.com"


def _ask(subjects: tuple[str, ...], secrets: Secrets) -> Ask:
    (subject,) = subjects
    if not (subject.isascii() and subject.isdecimal() and len(subject) < 21):
        raise NoAsk("Facebook names pages by numbers")
    return Ask(f"{api(secrets, _API)}/{subject}?fields=id,followers_count")


def _read(told: Told) -> Iterator[Fact]:
    page = told.json()
    if (name := page["id"].id()) != told.subject:
        told.wrong(name)
    if (count := page["followers_count"]).given:
        yield Snapshot(name, count.count())


POLLING: Final = Polling(
    polls=(
        Poll(
            "followers", "how many follow pages that people run", About.FOLLOWERS, Of.PEOPLE,
            _ask, _read, token=True, scope="pages_read_engagement",
        ),
    ),
    calls_a_day=4_000,  # 200 an hour for each user of the app
    pace_s=1.0,
    verdict=graph.verdict,
)  # fmt: skip
