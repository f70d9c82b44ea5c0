"""A rulebook as a form and as text, each made from the other without loss. Pure.

Laws: a form that was not changed gives back the very same text; a field that was changed changes its
own setting and nothing else, so that comments, order and spacing stay.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, cast

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT, Array, InlineTable, Item, Table

from scoring.rules import RulebookInvalid, read_toml

_WHEN = {"relation": "relation", "kinds": "kind", "platforms": "platform", "topics": "topic"}
_SEVERAL = frozenset({"kinds", "platforms", "topics"})
_NO_NUMBER = 10**12  # of anything in a rule


@dataclass(frozen=True, slots=True)
class RuleForm:
    """A rule's settings as a form shows them; what is not said is '' or ().

    It holds what was typed, so it need not be a rule that can be used.
    """

    name: str = ""
    label: str = ""
    relation: str = ""
    kinds: tuple[str, ...] = ()
    platforms: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    credit: str = ""
    per: str = ""
    steps: tuple[tuple[int, int], ...] = ()
    repeat: str = "never"


def rule_forms(toml: str) -> tuple[RuleForm, ...]:
    """The form of every rule of a text, in its order.

    Raises `RulebookInvalid` for a text that lists no rules; a rule with something wrong has a form.
    """
    return tuple(_form(raw) for raw in _listed(toml))


def with_forms(toml: str, forms: Sequence[RuleForm]) -> str:
    """The text with the settings that differ put in place; as many forms as it has rules.

    Raises `RulebookInvalid` where the text is written in a way that cannot be changed by a form.
    """
    before = rule_forms(toml)
    if len(before) != len(forms):
        raise RulebookInvalid(f"the text has {len(before)} rules and the form {len(forms)}")
    wanted = [_as_said(old, new) for old, new in zip(before, forms, strict=True)]
    if list(before) == wanted:
        return toml
    document = _parsed(toml)
    rules = cast("list[Table | InlineTable]", document["rule"])
    for rule, old, new in zip(rules, before, wanted, strict=True):
        for field in fields(RuleForm):
            if getattr(old, field.name) != getattr(new, field.name):
                _put(rule, field.name, getattr(new, field.name))
    return _checked(tomlkit.dumps(document), wanted)


def with_rule(toml: str, form: RuleForm) -> str:
    """The text with one more rule at its end."""
    before = rule_forms(toml)
    kinds = [f"kind = {_quoted(form.kinds)}"] if form.kinds else []
    when = ", ".join([f"relation = {_quoted(form.relation)}", *kinds])
    begin = toml if toml.endswith("\n") else f"{toml}\n"
    steps = [list(step) for step in form.steps]
    text = (
        f"{begin}\n[[rule]]\nname   = {_quoted(form.name)}\nlabel  = {_quoted(form.label)}\n"
        f"when   = {{ {when} }}\ncredit = {_quoted(form.credit)}\nper    = {_quoted(form.per)}\n"
        f"steps  = {steps}\n"
    )
    return _checked(text, [*before, form])


def without_rule(toml: str, place: int) -> str:
    """The text without the rule at a place, from 0."""
    before = list(rule_forms(toml))
    if not 0 <= place < len(before):
        raise RulebookInvalid(f"the text has no rule {place + 1}")
    if len(before) == 1:
        raise RulebookInvalid("the last rule stays: a rulebook has at least one")
    document = _parsed(toml)
    rules = document["rule"]
    del cast("AoT | Array", rules)[place]
    return _checked(tomlkit.dumps(document), before[:place] + before[place + 1 :])


def _listed(toml: str) -> list[dict[str, Any]]:
    listed = read_toml(toml).get("rule")
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        raise RulebookInvalid("a rulebook is a list of [[rule]] tables and nothing else")
    return listed


def _form(raw: dict[str, Any]) -> RuleForm:
    when = raw.get("when")
    when = when if isinstance(when, dict) else {}
    return RuleForm(
        name=_line(raw.get("name")),
        label=_line(raw.get("label")),
        relation=_line(when.get("relation")),
        kinds=_lines(when.get("kind")),
        platforms=_lines(when.get("platform")),
        topics=_lines(when.get("topic")),
        credit=_line(raw.get("credit")),
        per=_line(raw.get("per")),
        steps=_steps(raw.get("steps")),
        repeat=_line(raw.get("repeat", "never")),
    )


def _line(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _lines(value: Any) -> tuple[str, ...]:
    listed = value if isinstance(value, list) else [value]
    return tuple(one for one in listed if isinstance(one, str))


def _steps(value: Any) -> tuple[tuple[int, int], ...]:
    whole = isinstance(value, list) and all(
        isinstance(step, list)
        and len(step) == 2
        # In hexadecimal a number may be longer than Python writes in digits.
        and all(type(n) is int and abs(n) < _NO_NUMBER for n in step)
        for step in value
    )
    return tuple((step[0], step[1]) for step in value) if whole else ()


def _as_said(old: RuleForm, new: RuleForm) -> RuleForm:
    """The new form, in the old one's order where only the order of what is a set differs."""
    values = {field.name: getattr(new, field.name) for field in fields(RuleForm)}
    for name in _SEVERAL:
        if set(values[name]) == set(getattr(old, name)):
            values[name] = getattr(old, name)
    if set(new.credit.split("+")) == set(old.credit.split("+")):
        values["credit"] = old.credit
    return RuleForm(**values)


def _parsed(toml: str) -> tomlkit.TOMLDocument:
    document: tomlkit.TOMLDocument | None
    try:
        document = tomlkit.parse(toml)
    except (TOMLKitError, ValueError, RecursionError):
        document = None
    if document is None or tomlkit.dumps(document) != toml:
        raise RulebookInvalid("this is written in a way that can only be changed in the text")
    return document


def _put(rule: Table | InlineTable, name: str, value: Any) -> None:
    """Set or take away one setting where it stands."""
    inside = _WHEN.get(name)
    if inside is not None and "when" not in rule:
        rule["when"] = tomlkit.inline_table()
    table = cast("Table | InlineTable", rule["when"]) if inside is not None else rule
    key = inside or name
    if not value and name not in ("name", "relation", "credit", "per", "steps"):
        table.pop(key, None)
    elif name == "steps":
        table[key] = _array([_array(list(step)) for step in value])
    elif name in _SEVERAL:
        table[key] = value[0] if len(value) == 1 else _array(list(value))
    else:
        table[key] = value


def _array(values: Sequence[Any]) -> Item:
    array = tomlkit.array()
    array.extend(values)
    return array


def _quoted(value: str | tuple[str, ...]) -> str:
    return tomlkit.item(list(value) if isinstance(value, tuple) else value).as_string()


def _checked(text: str, wanted: Sequence[RuleForm]) -> str:
    """The text, if it says what was wanted: the library that writes is not the one that reads."""
    if list(rule_forms(text)) != list(wanted):
        raise RulebookInvalid("this can only be changed in the text")
    return text
