"""A rulebook's fields on the page: from forms of rules to names and values, and back. Pure.

Law: what was typed is never lost; what is no number is said beside its field.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from scoring import RuleForm

KINDS: Final = (
    ("reply", "answers"), ("quote", "quotes"), ("reshare", "shares"), ("reaction", "likes"),
    ("mention", "mentions"), ("follow", "follows"), ("post", "posts"), ("click", "opened links"),
)  # fmt: skip
RELATIONS: Final = (
    ("earned", "Somebody outside, to an employee"),
    ("conversed", "An employee, to somebody outside who wrote"),
    ("shared", "An employee, to the company"),
    ("reshared", "The company, to an employee"),
    ("echo", "Somebody outside, to the company’s reshare of an employee’s post"),
    ("authored", "An employee writes a post"),
    ("peer", "An employee, to a colleague"),
)
CREDITS: Final = (
    ("actor", "who did it"), ("target", "whom it was done to"), ("post", "post"),
    ("thread", "conversation"), ("topic", "topic"), ("day", "day"), ("platform", "network"),
)  # fmt: skip
PERIODS: Final = (
    ("day", "a day"), ("week", "a week"), ("month", "a month"), ("season", "a quarter"),
    ("post", "each post"),
)  # fmt: skip
MOST_STEPS: Final = 12  # rows of one rule that a form shows


def values_of(forms: Sequence[RuleForm]) -> dict[str, str]:
    """The fields of these rules with their values."""
    values: dict[str, str] = {}
    for n, form in enumerate(forms):
        plain = {
            "name": form.name, "label": form.label, "relation": form.relation, "per": form.per,
            "repeat": form.repeat,
        }  # fmt: skip
        values |= {f"r{n}_{name}": value for name, value in plain.items()}
        for name, several in (
            ("kind", form.kinds), ("platform", form.platforms), ("credit", parts(form.credit)),
            ("topic", form.topics),
        ):  # fmt: skip
            values |= {f"r{n}_{name}_{one}": "yes" for one in several}
        for place, (count, points) in enumerate(form.steps):
            values |= {f"r{n}_count_{place}": str(count), f"r{n}_points_{place}": str(points)}
    return values


def forms_of(
    values: Mapping[str, str], before: Sequence[RuleForm]
) -> tuple[list[RuleForm], dict[str, str]]:
    """The rules as typed, and what is wrong by field; a field that is wrong keeps what it was."""
    wrong: dict[str, str] = {}
    return [_form(values, n, old, wrong) for n, old in enumerate(before)], wrong


def _form(values: Mapping[str, str], n: int, old: RuleForm, wrong: dict[str, str]) -> RuleForm:
    if f"r{n}_name" not in values:
        return old  # the page was sent without this rule

    def line(name: str) -> str:
        return " ".join(values.get(f"r{n}_{name}", "").split())

    def ticked(name: str, known: Sequence[str]) -> tuple[str, ...]:
        return tuple(one for one in known if values.get(f"r{n}_{name}_{one}") == "yes")

    def named(name: str) -> list[str]:
        given = f"r{n}_{name}_"
        return [field.removeprefix(given) for field in values if field.startswith(given)]

    return RuleForm(
        name=line("name"),
        label=line("label"),
        relation=line("relation"),
        kinds=ticked("kind", [kind for kind, _ in KINDS]),
        platforms=ticked("platform", named("platform")),
        topics=ticked("topic", named("topic")),
        credit="+".join(ticked("credit", [part for part, _ in CREDITS])),
        per=line("per"),
        steps=_steps(values, n, old, wrong),
        repeat="window" if values.get(f"r{n}_repeat") == "window" else "never",
    )


def _steps(
    values: Mapping[str, str], n: int, old: RuleForm, wrong: dict[str, str]
) -> tuple[tuple[int, int], ...]:
    steps = []
    for place in range(MOST_STEPS):
        fields = f"r{n}_count_{place}", f"r{n}_points_{place}"
        typed = [values.get(field, "").strip() for field in fields]
        if not any(typed):
            continue
        for field, text in zip(fields, typed, strict=True):
            if not (text.isascii() and text.isdecimal() and len(text) < 6):
                wrong[field] = "A whole number, please."
        if not any(field in wrong for field in fields):
            steps.append((int(typed[0]), int(typed[1])))
    return old.steps if any(field.startswith(f"r{n}_") for field in wrong) else tuple(steps)


def parts(credit: str) -> tuple[str, ...]:
    """What a credit is made of."""
    return tuple(part for part in credit.split("+") if part)
