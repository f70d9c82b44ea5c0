"""A draft as the page shows it: its text, its rules, what is odd about each. Pure.

Law: of form and text the one that was changed speaks; where both were, nothing is thrown away.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from app.pages.form import Form
from app.pages.rulebooks.fields import forms_of, values_of
from scoring import (
    Incentive,
    RulebookInvalid,
    RuleForm,
    RuleWarning,
    rule_forms,
    rule_warnings,
    with_forms,
    with_rule,
    without_rule,
)

MOST_TEXT: Final = 100_000  # letters; a hundred rules with long comments have a third of it
NEW: Final = RuleForm(
    label="A new rule", relation="earned", kinds=("reply",), credit="actor", per="week",
    steps=((5, 1),),
)  # fmt: skip
BOTH: Final = (
    "Both the form and the text were changed. The text is kept below; what you typed into the form is "
    "not in it yet. Change one of the two and take it over before the other."
)


@dataclass(slots=True)
class Draft:
    """The text, the forms it has, the fields as typed, and what to say about it."""

    toml: str
    forms: Sequence[RuleForm] = ()
    form: Form = field(default_factory=Form)
    problem: str | None = None  # why it cannot be used as it is
    warnings: list[RuleWarning] = field(default_factory=list)

    @property
    def usable(self) -> bool:
        """Whether it can be run and adopted."""
        return self.problem is None and self.form.fine

    def about(self, name: str) -> list[RuleWarning]:
        """What is odd about a rule."""
        return [warning for warning in self.warnings if warning.rule == name]

    def problem_of(self, name: str) -> str | None:
        """What keeps the rulebook from being used, if it is this rule."""
        begin = f"rule «{name}»: "
        found = self.problem if name and self.problem else None
        return found.removeprefix(begin) if found and found.startswith(begin) else None


def draft_of(
    toml: str, topics: Collection[str] = (), modes: Mapping[str, Incentive] | None = None
) -> Draft:
    """A draft from its text. `modes`: what may be won on each network here; None: as they say."""
    draft = Draft(toml)
    if len(toml) > MOST_TEXT:
        draft.problem = f"The text is longer than {MOST_TEXT:,} letters."
        return draft
    try:
        draft.forms = rule_forms(toml)
        draft.form = Form(values_of(draft.forms))
        draft.warnings = rule_warnings(toml, topics=topics, modes=modes)
    except RulebookInvalid as refused:
        draft.problem = str(refused)
    return draft


def typed(
    values: Mapping[str, str],
    do: str,
    topics: Collection[str] = (),
    modes: Mapping[str, Incentive] | None = None,
) -> Draft:
    """The draft that was sent: `do` says which button was pressed, or which side was typed in."""
    base, text = lines(values.get("base", "")), lines(values.get("text", ""))
    before = draft_of(base, topics, modes)
    forms, wrong = forms_of(values, before.forms)
    form_changed = wrong or list(forms) != list(before.forms)
    if do == "text" or (text != base and not form_changed):
        return _changed(text, do, topics, modes)
    if text != base and do != "form":
        draft = draft_of(text, topics, modes)
        draft.problem = BOTH
        return draft
    try:
        toml = with_forms(base, forms)
    except RulebookInvalid as refused:
        before.problem = str(refused)
        before.form = Form(values)
        return before
    draft = _changed(toml, do, topics, modes)
    if wrong:
        draft.form = Form({**values_of(draft.forms), **values})
        for name, words in wrong.items():
            draft.form.wrong(name, words)
    return draft


def _changed(
    toml: str, do: str, topics: Collection[str], modes: Mapping[str, Incentive] | None
) -> Draft:
    """The draft after a button that adds a rule or takes one away."""
    try:
        if do == "add":
            toml = with_rule(toml, _named(NEW, toml))
        elif do.startswith("remove_") and do[7:].isdecimal() and len(do) < 12:
            toml = without_rule(toml, int(do[7:]))
    except RulebookInvalid as refused:
        draft = draft_of(toml, topics, modes)
        draft.problem = str(refused)
        return draft
    return draft_of(toml, topics, modes)


def _named(form: RuleForm, toml: str) -> RuleForm:
    taken = {one.name for one in rule_forms(toml)}
    number = next(n for n in range(1, len(taken) + 2) if f"new_rule_{n}" not in taken)
    return RuleForm(
        f"new_rule_{number}", form.label, form.relation, form.kinds, credit=form.credit,
        per=form.per, steps=form.steps,
    )  # fmt: skip


def lines(sent: str) -> str:
    """A text as browsers send it, with the line ends that files have."""
    return sent.replace("\r\n", "\n")
