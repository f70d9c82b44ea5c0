"""Answers: how many people outside answered each of your posts, each person once a post."""

from scoring.facts import Kind
from scoring.metrics.metric import Contest, ContestExample, Metric, SampleAnswer, Source

METRIC = Metric(
    name="answers",
    label="Answers",
    hint="Each person who answers a post of yours counts, once for each post.",
    unit_one="answer",
    unit_many="answers",
    contest=Contest(
        source=Source.ANSWERS,
        credit=("actor", "post"),
        card="The most answers",
        sentence="with the most answers",
        goal="gets {value}",
        examples=(
            ContestExample(
                "a person who answers the same post twice counts once",
                1,
                answers=(SampleAnswer("zoe", "p1"), SampleAnswer("zoe", "p1", Kind.QUOTE)),
            ),
            ContestExample(
                "a person who answers two posts counts for both",
                2,
                answers=(SampleAnswer("zoe", "p1"), SampleAnswer("zoe", "p2")),
            ),
        ),
    ),
)
