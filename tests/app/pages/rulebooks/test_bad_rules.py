"""Bad rulebooks on the page: each is refused or warned about in words, and nothing that was typed is lost."""

from __future__ import annotations

from html import unescape

from app.pages.rulebooks.draft import MOST_TEXT
from scoring import default_rulebook_toml
from tests.app.pages.conftest import As
from tests.app.pages.rulebooks.test_rulebooks import Rules, rules, send, text_of
from tests.app.pages.test_contests import words

__all__ = ["rules"]

GOOD = """[[rule]]
name = "answered"
when = { relation = "earned", kind = "reply" }
credit = "actor+post"
per = "day"
steps = [[2, 5]]
"""


def changed(old: str, new: str) -> str:
    assert old in GOOD
    return GOOD.replace(old, new)


REFUSED = {
    "a bracket that is not closed": (changed("[[2, 5]]", "[[2, 5]"), "ends at line 6"),
    "a quotation mark that is missing": (
        changed('"day"', '"day'),
        "mark is missing at the end of a line (at line 5",
    ),
    "a name that stands twice": (GOOD + GOOD, "stands twice"),
    "a setting that nobody knows": (GOOD + "bonus = 3\n", "unknown setting bonus"),
    "a condition that nobody knows": (changed('kind = "reply"', 'mood = "happy"'), "when takes"),
    "no such relation": (changed('"earned"', '"admired"'), "is no relation"),
    "no such kind": (changed('"reply"', '"applause"'), "is no kind"),
    "no such window": (changed('"day"', '"fortnight"'), "per is one of"),
    "no such credit": (changed('"actor+post"', '"luck"'), "credit is made of"),
    "a credit twice": (changed('"actor+post"', '"actor+actor"'), "each once"),
    "more points than a step may have": (changed("[[2, 5]]", "[[1, 1001]]"), "points from 0"),
    "points below nothing": (changed("[[2, 5]]", "[[1, -5]]"), "points from 0"),
    "more places than a window may have": (changed("[[2, 5]]", "[[501, 1]]"), "more than 500"),
    "a number without end": (
        changed("[[2, 5]]", "[[1, " + "9" * 5000 + "]]"),
        "thousands of digits",
    ),
    "a number without end in other digits": (
        changed("[[2, 5]]", "[[1, 0x" + "f" * 5000 + "]]"),
        "points from 0",
    ),
    "a name within names without end": (GOOD + "a" + ".a" * 40_000 + " = 1\n", "dots"),
    "steps without any": (changed("[[2, 5]]", "[]"), "steps is a list"),
    "half a step": (changed("[[2, 5]]", "[[2.5, 5]]"), "steps is a list"),
    "no rule at all": ("# nothing\n", "list of [[rule]] tables"),
    "something else beside": ('title = "Ours"\n' + GOOD, "nothing else"),
    "too long": (GOOD + "#" * MOST_TEXT, "longer than"),
}
WARNED = {
    "the same paid twice": (GOOD + GOOD.replace("answered", "again"), "paid twice"),
    "what never happens": (changed('"reply"', '"post"'), "never matches"),
    "what no network is called": (
        changed('kind = "reply"', 'platform = "friendster"'),
        "No network",
    ),
    "points where thanks alone are allowed": (
        changed('kind = "reply"', 'kind = "reply", platform = "x"'),
        "recognition only",
    ),
    "one post that decides the month": (changed("[[2, 5]]", "[[500, 50]]"), "decide the month"),
    "steps that rise": (changed("[[2, 5]]", "[[1, 1], [1, 5]]"), "Let the steps fall"),
    "steps worth nothing": (changed("[[2, 5]]", "[[3, 0]]"), "gives nothing"),
    "a credit that is always the same": (changed('"actor+post"', '"target"'), "never again"),
    "a topic that nobody has": (
        changed('kind = "reply"', 'kind = "reply", topic = "unicorns"'),
        "unicorns",
    ),
}


async def test_what_cannot_be_used_is_refused_in_words_with_all_that_was_typed(
    rules: Rules, signed_in: As
) -> None:
    await rules.begin(signed_in)
    for what, (toml, said) in REFUSED.items():
        answer = await send(
            rules.hr, "/hr/rules/edit",
            base=default_rulebook_toml(), text=toml, do="try", begun_from="Mine",
        )  # fmt: skip
        assert answer.status_code == 422, what
        assert text_of(answer.text).strip() == toml.strip(), what
        assert said in unescape(words(answer.text)), what


async def test_what_is_unwise_is_warned_about_beside_the_rule_and_can_be_run(
    rules: Rules, signed_in: As
) -> None:
    await rules.begin(signed_in)
    for each, (toml, said) in WARNED.items():
        answer = await send(
            rules.hr, "/hr/rules/edit",
            base=default_rulebook_toml(), text=toml, do="text", begun_from="Mine",
        )  # fmt: skip
        assert answer.status_code == 200, each
        assert said in unescape(words(answer.text)), each
        assert text_of(answer.text).strip() == toml.strip(), each
        assert await rules.try_(toml)
