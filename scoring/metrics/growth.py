"""Follower growth: followers gained against followers at the start. The value is in tenths of a percent.

A floor keeps the smallest accounts from winning by one new follower: whoever starts with less is
measured as if they had started with so many.
"""

from scoring.metrics.metric import Contest, ContestExample, Found, Metric, Source


def value(found: Found) -> int:
    """Whole tenths of a percent, rounded down; a loss stands at nothing."""
    return max(0, found.gained) * 1000 // max(found.base, found.floor, 1)


METRIC = Metric(
    name="growth",
    label="Follower growth",
    hint="Followers gained, in percent of the followers you had at the start.",
    unit_one="percent",
    unit_many="percent",
    decimals=1,
    contest=Contest(
        source=Source.FOLLOWERS,
        value=value,
        card="The strongest growth in followers",
        sentence="whose followers grow the most in percent",
        goal="gains {value} in followers",
        examples=(
            ContestExample(
                "growth is relative: 50 on top of 400 are 12.5 percent",
                125,
                found=Found(gained=50, base=400, floor=100),
            ),
            ContestExample(
                "who starts below the floor is measured against the floor",
                30,
                found=Found(gained=3, base=1, floor=100),
            ),
            ContestExample(
                "what is less than a tenth of a percent is left off",
                3,
                found=Found(gained=1, base=300, floor=100),
            ),
            ContestExample(
                "losing followers costs nothing", 0, found=Found(gained=-9, base=300, floor=100)
            ),
        ),
    ),
)
