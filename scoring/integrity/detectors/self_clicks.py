"""Clicks that no reader made: previews that fetch a link as it is posted, programs, the author.

A reader opens a link once or twice. Many readers at once are many visitors, and never found.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import fmean, pstdev
from typing import Final
from uuid import UUID

from scoring.facts import Kind
from scoring.integrity.detector import Detector
from scoring.integrity.finding import MOST_HELD, Finding
from scoring.integrity.happened import Act, Happened

A_DAY: Final = 8  # clicks of one visitor on one person's links; whoever rereads comes back thrice
# Programs keep time: gaps that differ by less than a tenth of themselves, six times running.
LEAST_EVEN: Final = 6
EVEN: Final = 0.1
SHORTEST_GAP_S: Final = 1.0  # faster is one click told twice
# Networks and messengers fetch a link within seconds of its posting, readers need to see it first.
PREVIEW: Final = timedelta(seconds=5)
LEAST_PREVIEWS: Final = 6  # below it nobody should be bothered with a case
# The author checks each link right after posting it: the first visitor of nearly every post, of nobody
# else's, within minutes.
SOON: Final = timedelta(minutes=3)
LEAST_POSTS: Final = 8
OF_ALL: Final = 0.8


def find(happened: Happened) -> Iterator[Finding]:
    """For every person each visitor that is none, and the previews of their links."""
    for person, acts in happened.received.items():
        clicks = [act for act in acts if act.kind is Kind.CLICK]
        if not clicks:
            continue
        posted = {post.post_id: post.at for post in happened.written.get(person, ())}
        visitors: dict[UUID, list[Act]] = defaultdict(list)
        previews: list[Act] = []
        for act in clicks:
            at = posted.get(act.post_id) if act.post_id is not None else None
            if act.outsider is not None:
                visitors[act.outsider].append(act)
            elif at is not None and at <= act.at <= at + PREVIEW:
                previews.append(act)
        for visitor, own in visitors.items():
            met = happened.met.get(visitor)
            if met is None or met.people > 1:
                continue  # reads others, too
            if why := _too_often(own) or _keeps_time(own) or _checks(own, posted):
                yield _found(person, f"{person}:{visitor}", why, own, 1)
        if len(previews) >= LEAST_PREVIEWS:
            why = f"{len(previews)} clicks came within {PREVIEW.seconds} seconds of posting."
            yield _found(person, f"{person}:previews", why, previews, 0)


def _too_often(own: Sequence[Act]) -> str | None:
    most = max(Counter(act.at.date() for act in own).values())
    return f"One visitor clicked {most} times in a day." if most >= A_DAY else None


def _keeps_time(own: Sequence[Act]) -> str | None:
    gaps = [(after.at - before.at).total_seconds() for before, after in pairwise(own)]
    for place in range(len(gaps) - LEAST_EVEN + 1):
        some = gaps[place : place + LEAST_EVEN]
        mean = fmean(some)
        if mean >= SHORTEST_GAP_S and pstdev(some) < EVEN * mean:
            return f"One visitor clicked every {mean:.0f} seconds."
    return None


def _checks(own: Sequence[Act], posted: Mapping[UUID, datetime]) -> str | None:
    soon = {
        act.post_id
        for act in own
        if act.post_id is not None
        and (at := posted.get(act.post_id)) is not None
        and act.at - at <= SOON
    }
    if len(soon) < LEAST_POSTS:
        return None
    since = own[0].at - SOON
    whole = sum(1 for at in posted.values() if since <= at <= own[-1].at)
    if len(soon) < OF_ALL * whole:
        return None
    return f"One visitor opened {len(soon)} of {whole} links within minutes of their posting."


def _found(person: int, subject: str, why: str, clicks: Sequence[Act], visitors: int) -> Finding:
    return Finding(
        kind="self_clicks",
        person_id=person,
        subject=subject,
        reason=why,
        hold=[act.id for act in clicks][:MOST_HELD],
        evidence={"clicks": len(clicks), "visitors": visitors},
        goes_on=True,
    )


DETECTOR = Detector("self_clicks", "Clicks by previews, programs and the author", find)
