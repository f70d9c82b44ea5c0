"""What the editor offers to choose from: what can count, teams, brackets, budgets, networks.

Law: a value that a draft holds is always among what is offered, so that opening a draft and saving
it changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from app.pages.contest_editor.sent import PERSON_COUNTS, tile_of
from rewards import CASH_OR_DAYS, DRAWS, BudgetTerms, FormContext, in_words
from scoring import contest_metrics

Options = Sequence[tuple[str, str]]

OPEN_TO: Final = (
    ("all", "All ambassadors"),
    ("departments", "Certain departments"),
    ("offices", "Certain offices"),
)
BRACKETS: Final = (
    ("none", "All together"),
    ("audience:500,5000", "Audience: under 500, 500–5,000, above"),
    ("audience:1000", "Audience: under 1,000, above"),
    ("custom", "Brackets of my own"),
)
WHO: Final = (
    ("people", "Each person"),
    ("departments", "Departments, by mean per member"),
    ("offices", "Offices, by mean per member"),
)
PRIZE_FOR: Final[Options] = (
    ("place", "A place"),
    ("reach", "Reaching a value"),
    ("draw", "A draw"),
)
PRIZE_KINDS: Final[Options] = (
    ("cash", "Money"),
    ("days", "Vacation days"),
    ("choice", "Money or days"),
    ("recognition", "Recognition"),
)
AMONG: Final = (("each", "in every bracket"), ("all", "in all"))
ENTERING: Final = (
    ("click", "By a click"),
    ("default", "Everybody is in and can leave"),
)
BREAKERS: Final = (
    ("", "As usual for what counts"),
    ("earliest,pool,order", "Who got there first; then money is shared"),
    ("pool,order", "Money is shared"),
    ("earliest,order", "Who got there first; money is not shared"),
    ("order", "An order nobody can know before"),
)
# On the tile that stands for two metrics; how often a person counts is chosen below it.
ANSWERED: Final = "Each new person who answers you counts, as often as you say below."
TIMES: Final = (("contest", "Once in the contest"), ("post", "Once for each post"))
MAY: Final = {
    "cash": "for every prize",
    "recognition": "for recognition only",
    "off": "may not be rewarded",
}


@dataclass(frozen=True, slots=True)
class Choices:
    """All that is offered; `networks` say in their small line what may be won for them, `allowed` is
    what the company allows itself beyond the usual: cash_or_days, draws.
    """

    allowed: frozenset[str]
    departments: Sequence[tuple[str, str, None]]
    offices: Sequence[tuple[str, str, None]]
    budgets: Options
    networks: Sequence[tuple[str, str, str]]
    open_to: Options = OPEN_TO
    who: Options = WHO
    among: Options = AMONG
    entering: Options = ENTERING
    breakers: Options = BREAKERS
    person_counts: Options = TIMES

    @property
    def metrics(self) -> list[tuple[str, str, str]]:
        """The tiles: what counts, in two words and in a sentence."""
        hidden = set(PERSON_COUNTS.values()) - {"responses"}
        tiles = [
            (name, metric.label, ANSWERED if name == "responses" else metric.contest_hint)
            for name, metric in contest_metrics().items()
            if name not in hidden
        ]
        return sorted(tiles, key=lambda tile: tile[0] != "responses")

    def tile_of(self, metric: str) -> str:
        """The tile that a metric of a draft stands on."""
        return tile_of(metric)

    def brackets_for(self, value: str) -> Options:
        """The brackets offered, and what the draft has."""
        return kept(BRACKETS, value, audience(value))

    def prize_for(self, value: str) -> Options:
        """How a prize can be won; a draw only where the company allows draws, or the draft has it."""
        off = DRAWS not in self.allowed and value != "draw"
        return [option for option in PRIZE_FOR if not (off and option[0] == "draw")]

    def prize_kinds(self, value: str) -> Options:
        """What a prize can be; a choice only where it is allowed, or the draft has it."""
        off = CASH_OR_DAYS not in self.allowed and value != "choice"
        return [option for option in PRIZE_KINDS if not (off and option[0] == "choice")]

    def budgets_for(self, value: str) -> Options:
        """The budgets offered, and what the draft has."""
        return kept((("", "Whichever fits"), *self.budgets), value, "A budget that is closed")


def audience(value: str) -> str:
    """'Audience: under 250, 250–600, above' for 'audience:250,600'."""
    ends = [
        f"{int(end):,}" for end in value.removeprefix("audience:").split(",") if end.isdecimal()
    ]
    if not ends:
        return value
    between = [f"{low}–{high}" for low, high in pairwise(ends)]
    return f"Audience: {', '.join([f'under {ends[0]}', *between, 'above'])}"


def kept(options: Options, value: str, words: str) -> Options:
    """The options, with the draft's own where it is none of them."""
    known = not value or any(value == offered for offered, _ in options)
    return options if known else (*options, (value, words))


def choices(context: FormContext) -> Choices:
    """What there is to choose from in this company."""
    return Choices(
        allowed=context.allowed,
        departments=[(str(id), name, None) for id, name in context.departments.items()],
        offices=[(str(id), name, None) for id, name in context.offices.items()],
        budgets=[(str(budget.id), budget_words(budget)) for budget in context.budgets.values()],
        networks=[
            (policy.name, policy.label, MAY["cash" if policy.override else policy.mode])
            for policy in context.networks.values()
        ],
    )


def budget_words(budget: BudgetTerms) -> str:
    """'Q4 ambassadors: €3,150 left'."""
    return f"{budget.name}: {in_words(budget.amount(budget.available))} left"
