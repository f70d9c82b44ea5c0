"""Responses: how many different people outside replied to you or quoted you."""

from scoring.facts import Kind
from scoring.metrics.metric import (
    Board,
    Contest,
    ContestExample,
    Example,
    Metric,
    SampleAnswer,
    Source,
)

METRIC = Metric(
    name="responses",
    label="Responses",
    hint="Each new person who answers you counts, once in the time shown.",
    unit_one="person",
    unit_many="people",
    place=1,
    board=Board(
        source=Source.ANSWERS,
        examples=(
            Example(
                "a person counts once, on however many posts and days they answer",
                (),
                1,
                answers=(SampleAnswer("zoe", "p1"), SampleAnswer("zoe", "p2", day=1)),
            ),
            Example(
                "different people count each, and a quote is an answer too",
                (),
                2,
                answers=(SampleAnswer("zoe", "p1"), SampleAnswer("yan", "p1", Kind.QUOTE)),
            ),
            Example(
                "a like is no answer", (), 0, answers=(SampleAnswer("zoe", "p1", Kind.REACTION),)
            ),
        ),
    ),
    contest=Contest(
        hint="Each new person who answers you counts, once in the whole contest.",
        source=Source.ANSWERS,
        credit=("actor",),
        card="Answered by the most people",
        sentence="answered by the most people",
        goal="is answered by {value}",
        examples=(
            ContestExample(
                "a person counts once, on however many posts they answer",
                1,
                answers=(SampleAnswer("zoe", "p1"), SampleAnswer("zoe", "p2")),
            ),
            ContestExample(
                "different people count each",
                2,
                answers=(SampleAnswer("zoe", "p1"), SampleAnswer("yan", "p1")),
            ),
            ContestExample(
                "a quote is an answer too",
                1,
                answers=(SampleAnswer("zoe", "p1", Kind.QUOTE),),
            ),
            ContestExample(
                "a like is no answer",
                0,
                answers=(SampleAnswer("zoe", "p1", Kind.REACTION),),
            ),
        ),
    ),
)
