"""Texts that people write themselves, what they say in passing, and copies of them."""

from __future__ import annotations

from random import Random

_SUBJECTS = (
    "our team", "the workshop", "a customer", "my colleague", "the night shift", "our apprentice",
    "the test bench", "the new pump", "a farmer", "our service van", "the harbour crew", "my manager",
)  # fmt: skip
_VERBS = (
    "repaired", "measured", "painted", "explained", "built", "tested", "drew", "found", "shipped",
    "cleaned", "opened", "invented", "mended", "planned", "learned", "showed",
)  # fmt: skip
_THINGS = (
    "a leaking valve", "the old seal", "three drawings", "a quiet motor", "the whole line",
    "forty spare parts", "a better manual", "the pressure curve", "an odd noise", "the cellar",
    "a greenhouse", "the crane", "two bearings", "the night report", "a tiny gasket", "the label",
)  # fmt: skip
_HOWS = (
    "patiently", "twice", "at last", "by accident", "together", "slowly", "again", "properly",
    "half asleep", "proudly", "quickly", "in secret", "with tape", "on a Sunday", "blindfolded",
)  # fmt: skip
_TURNS = (
    "before breakfast", "without a word", "in the rain", "on the first try", "after six attempts",
    "with a borrowed wrench", "while the coffee got cold", "to everybody's surprise",
    "for the neighbours", "in under an hour", "by hand", "at minus ten degrees", "and laughed",
    "as if it were nothing", "with help from Lisbon", "between two meetings",
)  # fmt: skip
_ASIDES = (
    "I still smile about it.", "Nobody had told me that.", "More of this, please.",
    "Ask me how it works.", "Some days are like that.", "It took us all week.",
    "The pictures are blurred, sorry.", "Next time I bring cake.", "What would you have done?",
    "I learned something again.", "My feet hurt.", "Worth every minute.",
)  # fmt: skip
_CLOSINGS = (
    "We are hiring, come and join us, you find everything on our site. #TeamHaldenLys",
    "Opinions are my own, as always. #TeamHaldenLys https://example.org/jobs",
    "Thank you for reading, more about that next week. #TeamHaldenLys",
)  # fmt: skip
GREETINGS = ("Happy Friday everyone, enjoy your weekend!", "Good morning from the workshop!")
STORY = (
    "Our workshop in Bergen has put ten thousand pumps back to work since the first of January, "
    "and every one of them would have been scrapped a few years ago."
)
NEWS = (
    "Six apprentices start with us today, four of them in the foundry. Ask them anything you like.",
    "From March on every spare part travels without plastic, and the boxes come back to us.",
)
_STORY_FACT = "our workshop in Bergen has put ten thousand pumps back to work"


def own_words(rng: Random, sentences: int | None = None) -> str:
    """A few sentences that nobody else would write just so; now and then with a common closing."""
    said = []
    for _ in range(sentences or rng.randint(2, 5)):
        parts = [rng.choice(_SUBJECTS), rng.choice(_VERBS), rng.choice(_THINGS)]
        parts += [*rng.sample(_HOWS, rng.randint(0, 2)), rng.choice(_TURNS)]
        said.append(" ".join(parts).capitalize() + ".")
        if rng.random() < 0.5:
            said.append(rng.choice(_ASIDES))
    if rng.random() < 0.25:
        said.append(rng.choice(_CLOSINGS))
    return " ".join(said)


def about_the_story(rng: Random) -> str:
    """The company's news in somebody's own words: its fact stands in everybody's text."""
    return f"{own_words(rng, 1)} And {_STORY_FACT}! {own_words(rng, rng.randint(1, 2))}"


def copied(rng: Random, text: str, changed: float) -> str:
    """The text, with that part of its words exchanged, and another closing where any was."""
    spare = " ".join((*_SUBJECTS, *_THINGS, *_TURNS)).split()
    words = [rng.choice(spare) if rng.random() < changed else word for word in text.split()]
    if changed:
        words.append(rng.choice(("🚀", "#proud #TeamHaldenLys", "https://example.org/a?b=c")))
    return " ".join(words)
