"""Shared by the company: how often the company's account reshared a person's own post.

Boards only: in a contest the company's own choice of posts would decide who wins.
"""

from scoring.metrics.metric import Board, EntryLike, Example, Metric, SampleEntry


def value(entry: EntryLike) -> int:
    """A reshare by the company counts one, its reversal takes the one back."""
    if entry.relation != "reshared":
        return 0
    return (entry.points > 0) - (entry.points < 0)


METRIC = Metric(
    name="shared",
    label="Shared by the company",
    hint="How often the company's own account reshared something you wrote.",
    unit_one="time",
    unit_many="times",
    place=3,
    board=Board(
        value=value,
        examples=(
            Example(
                "each reshare counts one, however many points it gave",
                (SampleEntry("reshared", 40), SampleEntry("reshared", 10)),
                2,
            ),
            Example(
                "a removed reshare no longer counts",
                (SampleEntry("reshared", 40), SampleEntry("reshared", -40)),
                0,
            ),
            Example(
                "what others do with the company's reshare is not another one",
                (SampleEntry("reshared", 40), SampleEntry("echo", 2), SampleEntry("earned", 5)),
                1,
            ),
            Example("sharing the company's story is not it", (SampleEntry("shared", 10),), 0),
        ),
    ),
)
