"""Points: what the rulebook gives, reversals included."""

from scoring.metrics.metric import (
    Board,
    Contest,
    ContestExample,
    EntryLike,
    Example,
    Found,
    Metric,
    SampleEntry,
    Source,
)


def value(entry: EntryLike) -> int:
    """An entry is worth its points."""
    return entry.points


METRIC = Metric(
    name="points",
    label="Points",
    hint="Each new person who answers you counts.",
    unit_one="point",
    unit_many="points",
    place=0,
    board=Board(
        value=value,
        examples=(
            Example(
                "points of all relations add up",
                (SampleEntry("earned", 5), SampleEntry("shared", 3)),
                8,
            ),
            Example(
                "an undo takes back exactly what it gave",
                (SampleEntry("earned", 5), SampleEntry("earned", -5)),
                0,
            ),
        ),
    ),
    contest=Contest(
        source=Source.RULEBOOK,
        hint="Your points for what happens in the contest, as the rulebook gives them.",
        card="The most points",
        sentence="with the most points",
        goal="reaches {value}",
        examples=(
            ContestExample(
                "points of moments in the contest add up, by the rulebook it was published with",
                38,
                found=Found(earned=38),
            ),
        ),
    ),
)
