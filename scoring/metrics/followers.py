"""Followers gained: what the follower counts of your accounts rose by during the contest."""

from scoring.metrics.metric import Contest, ContestExample, Found, Metric, Source


def value(found: Found) -> int:
    """Followers at the end less those at the start; a loss stands at nothing."""
    return max(0, found.gained)


METRIC = Metric(
    name="followers",
    label="Followers gained",
    hint="Followers at the end less followers at the start, over your accounts on the networks that count.",
    unit_one="follower",
    unit_many="followers",
    contest=Contest(
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
