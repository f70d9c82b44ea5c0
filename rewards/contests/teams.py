"""Teams: what a department or office has in a contest. Pure.

Law: a team has what its entrants have on average, so that a large team has no advantage; one with fewer
entrants than the charter asks for is not ranked. Averages are compared exactly, and shown cut to whole
units.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from rewards.contests.charter import Charter


@dataclass(frozen=True, slots=True)
class Team:
    """A team's place."""

    name: str
    rank: int
    mean: Fraction
    members: int

    @property
    def value(self) -> int:
        """The average, cut to whole units of the metric."""
        return int(self.mean)


def team_standing(charter: Charter, members: Iterable[tuple[str | None, int]]) -> list[Team]:
    """All teams that are ranked, the best first, by (team, value) of every entrant."""
    values: dict[str, list[int]] = defaultdict(list)
    for name, value in members:
        if name is not None:
            values[name].append(value)
    means = {
        name: Fraction(sum(found), len(found))
        for name, found in values.items()
        if len(found) >= charter.team_least and sum(found) > 0
    }
    return [
        Team(name, 1 + sum(other > mean for other in means.values()), mean, len(values[name]))
        for name, mean in sorted(means.items(), key=lambda item: (-item[1], item[0]))
    ]
