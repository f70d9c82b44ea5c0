"""Far more new followers in a day than this account ever gained, and nothing that would explain them.

An account is measured by its own past: the median of its days and how far days usually lie from it,
which one odd day does not move. People who came for a reason also say something; bought ones do not.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from math import sqrt
from statistics import median
from typing import Final

from scoring.facts import Kind
from scoring.integrity.detector import Detector
from scoring.integrity.finding import MOST_HELD, Finding
from scoring.integrity.happened import Act, Count, Happened

LEAST_PAST_DAYS: Final = 14  # below it nothing is usual yet
LEAST_GAINED: Final = 40  # fewer are a pleasant day for anybody
# Days lie this many (robust) standard deviations above the median by chance less than once in a
# lifetime, even where a busy day is three times a quiet one.
DEVIATIONS: Final = 8.0
TIMES: Final = 5.0  # and at least so many times the usual
_MAD_TO_DEVIATION: Final = 1.4826  # for a normal distribution
# Explained if on that day, or the two before, other things happened: at least so many people more
# than usual who answered, shared or mentioned, or one for every so many followers.
CROWD: Final = 3.0
FOLLOWERS_A_VOICE: Final = 20
REASON_DAYS: Final = 3

_DAY: Final = timedelta(days=1)


def find(happened: Happened) -> Iterator[Finding]:
    """Every such day of an account."""
    people = set(happened.counts) | set(happened.received)
    for person in people:
        acts = happened.received.get(person, ())
        follows: dict[date, list[Act]] = defaultdict(list)
        for act in acts:
            if act.kind is Kind.FOLLOW:
                follows[act.at.date()].append(act)
        series = [gained(counts) for counts in happened.counts.get(person, ())]
        series = [days for days in series if len(days) > LEAST_PAST_DAYS]
        if not series and acts:
            series = [_named(follows, acts, happened)]
        voices = _voices(acts, happened.unnamed.get(person, {}))
        for days in series:
            for day, count, usual in _spikes(days):
                if not _explained(day, count, voices, days):
                    yield _found(person, day, count, usual, follows.get(day, ()))


def gained(counts: Sequence[Count]) -> dict[date, int]:
    """What an account gained on each day, by the last count of the day; a gap is spread evenly."""
    last = {count.at.date(): count.followers for count in counts}
    days: dict[date, int] = {}
    ordered = sorted(last)
    for before, day in pairwise(ordered):
        gap = (day - before).days
        for n in range(gap):
            days[day - n * _DAY] = (last[day] - last[before]) // gap
    return days


def _named(
    follows: Mapping[date, Sequence[Act]], acts: Sequence[Act], happened: Happened
) -> dict[date, int]:
    """Where nobody counts: the follows that were told, day by day."""
    first = acts[0].at.date()
    whole = (happened.now.date() - first).days
    return {day: len(follows.get(day, ())) for n in range(whole) for day in (first + n * _DAY,)}


def _spikes(days: Mapping[date, int]) -> Iterator[tuple[date, int, float]]:
    ordered = sorted(days)
    for place, day in enumerate(ordered):
        count = days[day]
        if place < LEAST_PAST_DAYS or count < LEAST_GAINED:
            continue
        past = [days[before] for before in ordered[:place]]
        usual = max(0.0, median(past))
        spread = _MAD_TO_DEVIATION * median(abs(one - usual) for one in past)
        # Counts scatter by their root even where the past looks still.
        spread = max(spread, sqrt(usual + 1))
        if count > usual + DEVIATIONS * spread and count >= TIMES * max(usual, 1):
            yield day, count, usual


def _voices(acts: Sequence[Act], unnamed: Mapping[date, int]) -> Counter[date]:
    """How many people did something else than follow, day by day; where unnamed, how often."""
    seen = {(act.at.date(), act.outsider) for act in acts if act.kind is not Kind.FOLLOW}
    return Counter(day for day, _ in seen) + Counter(unnamed)


def _explained(day: date, count: int, voices: Counter[date], days: Mapping[date, int]) -> bool:
    usual = median(voices[before] for before in days if before < day)
    crowd = max(voices[day - n * _DAY] for n in range(REASON_DAYS))
    return crowd >= max(count / FOLLOWERS_A_VOICE, CROWD * usual, 3)


def _found(person: int, day: date, count: int, usual: float, follows: Sequence[Act]) -> Finding:
    return Finding(
        kind="follower_spikes",
        person_id=person,
        subject=f"{person}:{day}",
        reason=f"{count} new followers on {day}, where {usual:.0f} a day are usual, and nobody "
        "answered, shared or mentioned more than usual.",
        hold=[act.id for act in follows][:MOST_HELD],
        evidence={"gained": count, "usual": round(usual), "day": str(day)},
    )


DETECTOR = Detector(
    "follower_spikes", "New followers out of all proportion and without a reason", find
)
