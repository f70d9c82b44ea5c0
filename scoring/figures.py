"""Counts without names beside names: for a post and kind, whichever is larger. Pure.

Law: the n-th count happened at the earlier of «the n-th name was seen» and «the figure reached n and
never fell below it again»; nothing counts twice, and a figure that falls takes back what it gave.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from uuid import UUID

from scoring.fold import Claim
from scoring.identity import credit_key


def rises(observations: Iterable[tuple[datetime, int]]) -> list[tuple[datetime, int]]:
    """The lasting rises of a figure: (moment, count reached), both increasing.

    Of several values seen at one moment the smallest holds.
    """
    at_moment: dict[datetime, int] = {}
    for observed_at, value in observations:
        at_moment[observed_at] = min(value, at_moment.get(observed_at, value))
    lasting: list[tuple[datetime, int]] = []
    floor: int | None = None
    for observed_at in sorted(at_moment, reverse=True):
        value = at_moment[observed_at]
        floor = value if floor is None else min(floor, value)
        lasting.append((observed_at, floor))
    lasting.reverse()
    out: list[tuple[datetime, int]] = []
    for observed_at, value in lasting:
        if value > (out[-1][1] if out else 0):
            out.append((observed_at, value))
    return out


def since_theirs(
    observed: Sequence[tuple[datetime, int]],
    published_at: datetime | None,
    theirs: Callable[[datetime], bool],
) -> list[tuple[datetime, int]]:
    """What was added to a count since a post could count for somebody.

    All of it where it could when it was `published_at`. Of an older post nobody knows how much was there
    before: the first count since it is `theirs` is where adding begins, and counts nothing itself.
    """
    if published_at is None or theirs(published_at):
        return list(observed)
    since = sorted(one for one in observed if theirs(one[0]))
    begin = since[0][1] if since else 0  # of several of one moment the smallest, as everywhere
    return [(at, max(0, value - begin)) for at, value in since]


def merge(
    post_id: UUID,
    kind: str,
    named: Sequence[Claim],
    observations: Iterable[tuple[datetime, int]],
    most: int,
) -> list[Claim]:
    """Names and figure of one post and kind as one sequence of claims.

    At most `most` nameless claims stand for one rise: no window can pay more of one moment.
    """
    ordered = sorted(named, key=lambda claim: (claim.at, claim.key))
    merged: list[Claim] = []
    count = 0
    for observed_at, reached in rises(observations):
        while count < len(ordered) and count < reached and ordered[count].at <= observed_at:
            merged.append(ordered[count])
            count += 1
        for n in range(count, min(reached, count + most)):
            nameless = credit_key("figure", post_id, kind, n)
            merged.append(Claim(nameless, observed_at, None, (post_id, kind)))
        count = max(count, reached)
    merged.extend(ordered[count:])
    return merged
