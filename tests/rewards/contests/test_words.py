"""A contest in words: the sentence, the rules, and what speaks against publishing."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from rewards.contests.form import read_form
from rewards.contests.official_rules import official_rules
from rewards.contests.sentence import sentence
from rewards.contests.templates import templates
from rewards.contests.warnings import warnings
from scoring import contest_metrics
from tests.rewards.contests.office import CONTEXT, FORM, charter, company


def test_the_sentence_says_who_wins_what_when() -> None:
    assert sentence(charter()) == (
        "From 1 to 21 December, in each of three brackets by audience, the ambassador answered by the "
        "most people wins 2 vacation days and the second €200. The first 30 people to be answered by 25 "
        "people receive €25 each. Ties go to whoever got there first; else money is shared."
    )


@pytest.mark.parametrize("metric", contest_metrics())
def test_every_metric_reads_as_a_sentence_and_as_rules(metric: str) -> None:
    made = charter(metric=metric, prize_2_to="4")
    said = sentence(made)
    assert said.startswith("From 1 to 21 December, ")
    assert "  " not in said
    assert "{" not in said
    rules = official_rules(made)
    assert all(section.paragraphs and section.title for section in rules)
    assert all(paragraph[-1] in ".)" for section in rules for paragraph in section.paragraphs)
    [counts] = [section for section in rules if section.title == "What counts"]
    assert counts.paragraphs[0] == contest_metrics()[metric].contest_hint


def test_only_answers_are_about_people_who_answer() -> None:
    """Points are a board's metric, too, whose sentence speaks of something else."""
    about = {name for name, one in contest_metrics().items() if "answers" in one.contest_hint}
    assert about == {"responses", "answers"}


def test_the_sentence_crosses_months_and_years_with_what_is_needed() -> None:
    assert sentence(charter(start_on="2026-11-24")).startswith("From 24 November to 21 December, ")
    none = {"prize_1_for": "", "prize_1_what": "", "prize_2_for": "", "prize_2_what": "",
            "prize_3_for": "", "prize_3_what": ""}  # fmt: skip
    assert sentence(charter(end_on="2027-01-08", **none)).startswith(
        "From 1 December 2026 to 8 January 2027, everybody"
    )
    assert sentence(charter(end_on="2026-12-01", **none)).startswith(
        "On 1 December 2026 from 09:00 to 17:00, "
    )


@pytest.mark.parametrize("template", templates(), ids=lambda template: template.key)
def test_every_template_lacks_only_days_budgets_and_whom_to_ask(template: object) -> None:
    form = {**template.form, "name": "A name", "start_on": "2026-12-01",  # type: ignore[attr-defined]
            "end_on": "2026-12-21", "contact": "HR", "metric": template.form.get("metric", "points")}  # type: ignore[attr-defined]  # fmt: skip
    context = company(networks={**CONTEXT.networks, "standard": CONTEXT.networks["mastodon"]})
    made, found = read_form(form, context)
    assert found == {}
    assert made is not None


def texts(level: str, **changed: str) -> str:
    return " ".join(w.text for w in warnings(charter(**changed), CONTEXT) if w.level == level)


def test_a_network_that_forbids_pay_counts_for_recognition_and_says_why() -> None:
    said = texts("care")
    assert "X forbids compensation" in said
    assert "for recognition here, not for these prizes" in said
    assert "#TeamNorthwind" in said
    assert texts("forbidden") == ""


def test_prizes_on_such_a_network_alone_are_forbidden_with_a_lawful_way_out() -> None:
    [found] = [w for w in warnings(charter(networks="x"), CONTEXT) if w.level == "forbidden"]
    assert "may not be won for what happens on X" in found.text
    assert found.why_url == "https://x.example/rules"
    assert found.alternative is not None
    assert "Mastodon" in found.alternative


def test_recognition_may_be_won_there() -> None:
    made = charter(
        networks="x", prize_1_kind="recognition", prize_1_what="A cake", prize_2_for="",
        prize_2_what="", prize_3_for="", prize_3_what="",
    )  # fmt: skip
    assert [w for w in warnings(made, CONTEXT) if w.level == "forbidden"] == []


def test_what_an_administrator_has_not_allowed_is_forbidden() -> None:
    strict = company(allowed=frozenset())
    draw = {**FORM, "prize_3_for": "draw"}
    made, _ = read_form(draw, strict)
    assert made is not None
    [found] = [w for w in warnings(made, strict) if w.level == "forbidden"]
    assert "Draws are regulated" in found.text
    assert [w for w in warnings(made, CONTEXT) if w.level == "forbidden"] == []


@dataclass(frozen=True)
class Bracket:
    name: str
    could_enter: int
    real_chance: int


@dataclass(frozen=True)
class Outlook:
    could_enter: int
    brackets: tuple[Bracket, ...]
    share_of_top: float | None
    unwon: int


def test_what_last_time_says_is_said_in_people() -> None:
    outlook = Outlook(
        213, (Bracket("a", 120, 21), Bracket("b", 53, 12), Bracket("c", 40, 8)), 0.2, 1
    )
    said = [w.text for w in warnings(charter(), CONTEXT, outlook)]
    assert "213 ambassadors could enter today, at least 40 in every bracket." in said
    assert (
        "Had this run until today, 41 people would have won or come within a fifth of a prize."
        in said
    )
    assert "Three people would have taken 20% of the prizes." in said
    assert "1 prize would have found no winner; what is not won goes back to its budget." in said
