"""Which stretch of the past a draft is run over: the last month, or that of a contest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from app.database import Connection
from app.pages.contests.dates import days
from app.pages.rulebooks.examples import RECENT, last_month, usual
from rewards import every_contest

MOST_CONTESTS: Final = 12  # the latest; older ones say little about the rules of today


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch as the page names it."""

    key: str
    words: str
    start_at: datetime
    end_at: datetime
    contest: str | None = None  # the slug of the contest whose stretch it is


async def stretches(connection: Connection, zone: ZoneInfo) -> dict[str, Stretch]:
    """What there is to choose from, by key, the usual one first."""
    now = datetime.now(UTC)
    start_at, end_at = last_month(now, zone)
    found = {
        "month": Stretch("month", f"{start_at.astimezone(zone):%B %Y}", start_at, end_at),
        "days": Stretch("days", "the last 30 days", now - RECENT, now),
    }
    first = await usual(connection, now, zone)
    found = {first: found[first], **found}
    begun = [
        contest.charter
        for contest in await every_contest(connection)
        if contest.published is not None and contest.charter.start_at < now
    ]
    begun.sort(key=lambda charter: charter.start_at, reverse=True)
    for charter in begun[:MOST_CONTESTS]:
        key = f"contest:{charter.slug}"
        end_at = min(charter.end_at, now)
        words = f"{charter.name}, {days(charter.start_at, end_at, zone)}"
        found[key] = Stretch(key, words, charter.start_at, end_at, charter.slug)
    return found
