"""Form and text, each from the other: nothing that was not changed moves by a letter."""

import difflib
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.facts import Kind
from scoring.presets import presets
from scoring.relation import Relation
from scoring.rule_form import RuleForm, rule_forms, with_forms, with_rule, without_rule
from scoring.rules import CREDIT_PARTS, PER, RulebookInvalid, read_rulebook

OTHER_HANDS = """# by hand, in other ways
[[rule]]   # the first
  name="a"#no space
  when.relation = 'earned'
  when.kind = [
    "reply",   # first
    "quote",
  ]
  credit = 'actor+post'
  per = "day"
  steps = [
    [10, 5], # ten
    [20, 2],
  ]

[[rule]]
name = "b"
credit = "actor"
per = "week"
steps = [[1, 1]]
[rule.when]   # a table of its own
relation = "earned"
"""
TEXTS = [*(preset.toml for preset in presets().values()), OTHER_HANDS]

values = {
    "name": st.from_regex(r"[a-z_]{1,8}", fullmatch=True),
    "label": st.text(max_size=12),
    "relation": st.sampled_from([str(one) for one in Relation]),
    "kinds": st.lists(st.sampled_from([str(one) for one in Kind]), unique=True).map(tuple),
    "platforms": st.lists(st.sampled_from(["x", "mastodon"]), unique=True).map(tuple),
    "topics": st.lists(st.text(max_size=4), unique=True, max_size=2).map(tuple),
    "credit": st.lists(st.sampled_from(CREDIT_PARTS), unique=True, min_size=1).map("+".join),
    "per": st.sampled_from(PER),
    "steps": st.lists(st.tuples(st.integers(1, 99), st.integers(0, 99)), max_size=3).map(tuple),
    "repeat": st.sampled_from(["never", "window"]),
}


@pytest.mark.parametrize("text", TEXTS)
def test_a_form_that_was_not_changed_gives_the_same_text(text):
    assert with_forms(text, rule_forms(text)) == text


@settings(max_examples=60)
@given(st.data())
def test_changing_one_field_changes_its_own_setting_only(data):
    text = data.draw(st.sampled_from(TEXTS))
    forms = list(rule_forms(text))
    place = data.draw(st.integers(0, len(forms) - 1))
    field = data.draw(st.sampled_from(sorted(values)))
    forms[place] = replace(forms[place], **{field: data.draw(values[field])})
    after = with_forms(text, forms)
    read = rule_forms(after)
    assert [set_of(one) for one in read] == [set_of(one) for one in forms]
    if text is not OTHER_HANDS:
        assert len(changed_lines(text, after)) <= 1
    assert with_forms(after, read) == after


@settings(max_examples=30)  # each parses a whole rulebook several times
@given(st.data())
def test_what_was_changed_can_be_changed_back_in_meaning(data):
    text = data.draw(st.sampled_from(TEXTS))
    forms = rule_forms(text)
    changed = [replace(one, **{k: data.draw(v) for k, v in values.items()}) for one in forms]
    back = with_forms(with_forms(text, changed), forms)
    assert read_rulebook(back).rules == read_rulebook(text).rules


@pytest.mark.parametrize("text", TEXTS)
def test_a_rule_is_added_and_taken_away_without_moving_the_others(text):
    new = RuleForm(
        name="new", label="New", relation="earned", kinds=("reply",), credit="actor", per="week",
        steps=((3, 1),),
    )  # fmt: skip
    longer = with_rule(text, new)
    assert longer.startswith(text)
    assert rule_forms(longer)[-1] == new
    read_rulebook(longer)
    count = len(rule_forms(text))
    assert rule_forms(without_rule(longer, count)) == rule_forms(text)
    assert rule_forms(without_rule(text, 0)) == rule_forms(text)[1:]


def test_the_last_rule_stays():
    with pytest.raises(RulebookInvalid, match="at least one"):
        without_rule('[[rule]]\nname = "a"\n', 0)


@pytest.mark.parametrize("text", ["", "rule = 1", "rule = [1]", "a = [", "[rule]\n"])
def test_a_text_without_rules_has_no_form(text):
    with pytest.raises(RulebookInvalid):
        rule_forms(text)


def test_a_text_that_the_form_would_reformat_is_left_to_the_text():
    text = '[[ "rule" ]]\nname = "a"\n[[rule]]\nname = "b"\n'
    first, second = rule_forms(text)
    assert with_forms(text, [first, second]) == text
    with pytest.raises(RulebookInvalid, match="only be changed in the text"):
        with_forms(text, [replace(first, name="c"), second])


def test_a_rule_with_something_wrong_still_has_a_form():
    [form] = rule_forms('[[rule]]\nname = 3\nsteps = "many"\nwhen = []\nper = "year"\n')
    assert form == RuleForm(per="year")


@given(st.text())
def test_any_text_has_a_form_or_is_refused_in_words(text):
    try:
        forms = rule_forms(text)
    except RulebookInvalid:
        return
    assert with_forms(text, forms) == text


def changed_lines(before, after):
    """The lines of the text that are gone or different."""
    told = difflib.ndiff(before.splitlines(), after.splitlines())
    return [line for line in told if line.startswith("- ")]


def set_of(form):
    return replace(
        form,
        kinds=tuple(sorted(form.kinds)),
        platforms=tuple(sorted(form.platforms)),
        topics=tuple(sorted(form.topics)),
        credit="+".join(sorted(form.credit.split("+"))),
    )
