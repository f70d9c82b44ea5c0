"""Many accounts never seen before, within minutes at one person, then silence.

What travels by itself comes with a crowd before and after; what was ordered begins and ends like a
switch. A crowd with a tail (a viral post, a talk, a hashtag) is never found, however new it is here.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from scoring.integrity.detector import Detector
from scoring.integrity.finding import MOST_HELD, Finding
from scoring.integrity.happened import Act, Happened

WITHIN: Final = timedelta(minutes=15)
# A dozen friends of a friend may turn up at once; rulebooks pay for ten answers a day in full.
LEAST_ACCOUNTS: Final = 15
# Of those who came in these minutes: accounts that never did anything to anybody else here.
NEW_SHARE: Final = 0.9
# For this long before and after, hardly anybody else may have come. It also is how long a burst waits
# to be judged: while a crowd may still be growing, nothing is said.
AROUND: Final = timedelta(hours=2)
OTHERS_SHARE: Final = 0.25  # others in that time, of the burst's accounts: more is a crowd's tail
# Whoever has just linked an account meets everybody for the first time.
SETTLED: Final = timedelta(days=14)


def find(happened: Happened) -> Iterator[Finding]:
    """Every such burst, once it is over."""
    for person, acts in happened.received.items():
        linked_at = happened.linked_at.get(person)
        named = [act for act in acts if act.outsider is not None]
        if linked_at is None or len(named) < LEAST_ACCOUNTS:
            continue
        yield from _bursts(happened, person, named, linked_at + SETTLED)


def _bursts(
    happened: Happened, person: int, acts: Sequence[Act], settled_at: datetime
) -> Iterator[Finding]:
    times = [act.at for act in acts]
    new = [
        act for act in acts
        if act.outsider is not None and (met := happened.met.get(act.outsider)) is not None
        and met.first_at == act.at and met.people == 1
    ]  # fmt: skip
    new_times = [act.at for act in new]
    place = 0
    while place < len(new):
        until = bisect_right(new_times, new[place].at + WITHIN)
        if until - place < LEAST_ACCOUNTS:
            place += 1
            continue
        # Of the stretches that begin within this one the fullest.
        ends = {n: bisect_right(new_times, new[n].at + WITHIN) for n in range(place, until)}
        begin = max(ends, key=lambda n: (ends[n] - n, -n))
        burst = new[begin : ends[begin]]
        place = ends[begin]
        start_at, end_at = burst[0].at, burst[-1].at
        if start_at < settled_at or end_at + AROUND > happened.now:
            continue
        accounts = {act.outsider for act in burst}
        inside = {
            act.outsider for act in acts[bisect_left(times, start_at) : bisect_right(times, end_at)]
        }
        near = acts[bisect_left(times, start_at - AROUND) : bisect_right(times, end_at + AROUND)]
        others = {act.outsider for act in near} - accounts
        if len(accounts) < NEW_SHARE * len(inside) or len(others) > OTHERS_SHARE * len(accounts):
            continue
        minutes = max(1, round((end_at - start_at) / timedelta(minutes=1)))
        yield Finding(
            kind="new_account_bursts",
            person_id=person,
            subject=f"{person}:{start_at:%Y-%m-%d}",
            reason=f"{len(accounts)} accounts that nobody here had met came within {minutes} minutes, "
            f"and hardly anybody for {AROUND // timedelta(hours=1)} hours before and after.",
            hold=[act.id for act in acts if act.outsider in accounts][:MOST_HELD],
            evidence={
                "accounts": len(accounts),
                "minutes": minutes,
                "others": len(others),
                "posts": len({act.post_id for act in burst}),
            },
        )


DETECTOR = Detector("new_account_bursts", "Many never-seen accounts at once, then silence", find)
