"""Most improved: points in the contest, less those of the equally long stretch before it."""

from scoring.metrics.metric import Contest, ContestExample, Found, Metric, Source


def value(found: Found) -> int:
    """Never below nothing: a quieter time than the last costs nobody anything."""
    return max(0, found.earned - found.before)


METRIC = Metric(
    name="improved",
    label="Most improved",
    hint="Your points in the contest, less those of the equally long time just before it.",
    unit_one="point more",
    unit_many="points more",
    contest=Contest(
        source=Source.RULEBOOK,
        value=value,
        looks_before=True,
        card="The most improved",
        sentence="who improved the most",
        goal="earns {value} than in the time before",
        examples=(
            ContestExample(
                "what was earned just before is taken off", 25, found=Found(earned=40, before=15)
            ),
            ContestExample(
                "who did less than before stands at nothing, not below",
                0,
                found=Found(earned=10, before=15),
            ),
        ),
    ),
)
