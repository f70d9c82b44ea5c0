"""Followers gained: what the follower counts of your accounts rose by."""

from scoring.metrics.metric import (
    Board,
    Contest,
    ContestExample,
    Example,
    Found,
    Metric,
    Source,
)


def value(found: Found) -> int:
    """Followers at the end less those at the start; a loss stands at nothing."""
    return max(0, found.gained)


METRIC = Metric(
    name="followers",
    label="Followers gained",
    hint="What the follower counts of your accounts rose by, each rise on the day it was seen.",
    unit_one="follower",
    unit_many="followers",
    tab="Followers",
    place=2,
    board=Board(
        source=Source.FOLLOWERS,
        examples=(
            Example("what an account begins with is not gained", (), 0, counts=(800,)),
            Example("what every count adds is gained", (), 45, counts=(800, 810, 845)),
            Example("who goes is taken off again", (), 5, counts=(800, 850, 805)),
        ),
    ),
    contest=Contest(
        hint="Followers at the end less followers at the start, over your accounts on the networks"
        " that count.",
        source=Source.FOLLOWERS,
        value=value,
        card="The most followers gained",
        sentence="who gains the most followers",
        goal="gains {value}",
        examples=(
            ContestExample("new followers count", 45, found=Found(gained=45, base=800)),
            ContestExample("losing followers costs nothing", 0, found=Found(gained=-3, base=800)),
        ),
    ),
)
