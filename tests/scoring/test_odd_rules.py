"""Rulebooks that can be used and should not: each oddity is said beside its rule, with a way out."""

from contextlib import suppress

import pytest
import tomlkit
from hypothesis import example, given
from hypothesis import strategies as st

from scoring.facts import Kind
from scoring.odd_rules import RuleWarning, rule_warnings
from scoring.platforms import platforms
from scoring.platforms.platform import Incentive
from scoring.relation import Relation
from scoring.rules import CREDIT_PARTS, PER, RulebookInvalid, default_rulebook_toml

ANSWERED = """
[[rule]]
name = "answered"
when = { relation = "earned", kind = "reply" }
credit = "actor+post"
per = "day"
steps = [[2, 5]]
"""


def rule(
    name="odd",
    when='relation = "earned", kind = "reply"',
    credit="actor",
    per="week",
    steps="[[3, 4]]",
):
    return (
        f'[[rule]]\nname = "{name}"\nwhen = {{ {when} }}\ncredit = "{credit}"\n'
        f'per = "{per}"\nsteps = {steps}\n'
    )


def kinds_of(warnings, name="odd"):
    return {warning.kind for warning in warnings if warning.rule == name}


def test_a_good_rulebook_has_no_warnings():
    assert rule_warnings(default_rulebook_toml(), topics={"safety"}) == []


def test_the_same_match_and_credit_twice_is_said_beside_the_second():
    [warning] = rule_warnings(ANSWERED + rule(credit="post+actor", per="week"))
    assert (warning.rule, warning.line, warning.kind) == ("odd", 8, "overlap")
    assert "paid twice, 5 and 4" in warning.words
    assert warning.way_out


@pytest.mark.parametrize(
    "other",
    [
        rule(credit="actor"),
        rule(when='relation = "earned", kind = "quote"', credit="actor+post"),
        rule(when='relation = "earned", kind = "reply", platform = "x"', credit="actor"),
        rule(credit="actor+post", steps="[[1, 0]]"),
    ],
)
def test_rules_that_look_for_different_things_do_not_contradict(other):
    assert "overlap" not in kinds_of(rule_warnings(ANSWERED + other))


@pytest.mark.parametrize(
    "when",
    [
        'relation = "authored", kind = "reply"',
        'relation = "earned", kind = "post"',
        'relation = "conversed", kind = "follow"',
        'relation = "echo", kind = "follow"',
        'relation = "earned", kind = []',
        'relation = "earned", kind = "reply", platform = "myspace"',
        'relation = "earned", kind = "reply", platform = []',
        'relation = "earned", kind = "click", platform = "x"',
    ],
)
def test_what_no_network_can_tell_never_matches(when):
    assert "never" in kinds_of(rule_warnings(ANSWERED + rule(when=when)))


def test_a_follow_belongs_to_no_post():
    odd = rule(when='relation = "earned", kind = "follow"', credit="actor+post")
    assert kinds_of(rule_warnings(ANSWERED + odd)) == {"never"}


def test_a_topic_that_the_company_does_not_have_is_said_where_topics_are_known():
    odd = rule(when='relation = "earned", kind = "reply", topic = "charity"')
    assert kinds_of(rule_warnings(ANSWERED + odd, topics={"travel"})) == {"topic"}
    assert not rule_warnings(ANSWERED + odd, topics={"charity"})
    assert not rule_warnings(ANSWERED + odd)
    assert kinds_of(rule_warnings(ANSWERED + rule(credit="topic"), topics=())) == {"topic"}


def test_points_on_a_network_that_allows_thanks_only_are_called_that():
    odd = rule(when='relation = "earned", kind = "reply", platform = "x"')
    [warning] = rule_warnings(ANSWERED + odd)
    assert warning.kind == "policy"
    assert "recognition only" in warning.words
    assert not rule_warnings(ANSWERED + odd, modes={"x": Incentive.CASH})


def test_points_on_a_network_that_forbids_them_are_warned_about_even_unnamed():
    warnings = rule_warnings(ANSWERED + rule(), modes={"x": Incentive.OFF})
    assert {warning.rule for warning in warnings if warning.kind == "policy"} == {"answered", "odd"}
    named = rule(when='relation = "earned", kind = "reply", platform = "mastodon"')
    assert not kinds_of(rule_warnings(ANSWERED + named, modes={"x": Incentive.OFF}))


def test_steps_that_rise_or_give_nothing_are_said():
    assert kinds_of(rule_warnings(ANSWERED + rule(steps="[[3, 1], [3, 4]]"))) == {"rising"}
    assert kinds_of(rule_warnings(ANSWERED + rule(steps="[[3, 0]]"))) == {"nothing"}


def test_a_rule_by_which_one_post_decides_the_month_is_said():
    odd = rule(when='relation = "earned", kind = "reaction"', credit="actor+post", per="post",
               steps="[[500, 2]]")  # fmt: skip
    [warning] = rule_warnings(ANSWERED + odd)
    assert warning.kind == "one_post"
    assert "1,000 points" in warning.words


@pytest.mark.parametrize(
    ("when", "credit"),
    [
        ('relation = "conversed", kind = "reply"', "actor"),
        ('relation = "authored", kind = "post"', "target"),
        ('relation = "earned", kind = "reply"', "target"),
        ('relation = "shared", kind = "reshare"', "actor+platform"),
    ],
)
def test_a_credit_that_is_always_the_same_counts_once_in_a_life(when, credit):
    [warning] = [w for w in rule_warnings(rule(when=when, credit=credit)) if w.kind == "once"]
    assert "once in a person" in warning.words
    again = rule(when=when, credit=credit) + 'repeat = "window"\n'
    assert "once" not in kinds_of(rule_warnings(again))


@pytest.mark.parametrize(
    ("credit", "per", "unreached"),
    [
        ("day", "day", True),
        ("day", "week", False),
        ("post", "post", True),
        ("actor+post", "post", False),
        ("day+actor", "day", False),
    ],
)
def test_steps_that_nobody_can_reach_are_said(credit, per, unreached):
    found = kinds_of(rule_warnings(rule(credit=credit, per=per)))
    assert ("unreached" in found) is unreached


def test_likes_among_colleagues_are_warned_about_and_answers_are_not():
    likes = rule(when='relation = "peer", kind = "reaction"')
    assert kinds_of(rule_warnings(ANSWERED + likes)) == {"circle"}
    assert not rule_warnings(ANSWERED + rule(when='relation = "peer", kind = "reply"'))


def test_a_line_is_said_only_where_it_is_certain():
    listed = (
        'rule = [{ name = "odd", when = { relation = "earned" }, credit = "actor", per = "week", '
    )
    [warning] = rule_warnings(listed + "steps = [[1, 0]] }]")
    assert warning.line is None


_odd_words = st.one_of(
    st.text(max_size=5), st.integers(), st.lists(st.text(max_size=3), max_size=2)
)
_values = {
    "name": st.sampled_from(["a", "b", "c", 7, ""]),
    "label": st.text(max_size=8),
    "relation": st.sampled_from([*Relation, "foe", ["earned"]]),
    "kind": st.one_of(st.sampled_from([*Kind, "shout"]), st.lists(st.sampled_from(list(Kind)))),
    "platform": st.one_of(st.sampled_from([*platforms(), "myspace"]), _odd_words),
    "topic": _odd_words,
    "credit": st.lists(st.sampled_from([*CREDIT_PARTS, "luck"])).map("+".join),
    "per": st.sampled_from([*PER, "hour", ["day"]]),
    "steps": st.lists(st.lists(st.integers(-1, 2000), max_size=3), max_size=3),
    "repeat": st.sampled_from(["never", "window", 1]),
}


@st.composite
def rulebooks(draw):
    """Texts that look like rulebooks, most of them with something wrong."""
    rules = []
    for _ in range(draw(st.integers(0, 3))):
        put = {name: draw(value) for name, value in _values.items() if draw(st.integers(0, 9))}
        when = {
            key: put.pop(key) for key in ("relation", "kind", "platform", "topic") if key in put
        }
        rules.append({**put, "when": when} if draw(st.integers(0, 9)) else draw(_odd_words))
    return tomlkit.dumps({"rule": rules})


@given(st.one_of(rulebooks(), st.text()), st.sets(st.text(max_size=3)))
@example("rule = [1]", set())
@example("a = " + "[" * 5000, set())
@example("a = " + "9" * 5000, set())
@example('[[rule]]\nname = "a"\nwhen = 3', set())
def test_any_text_is_warned_about_or_refused_and_nothing_else(toml, topics):
    with suppress(RulebookInvalid):
        warnings = rule_warnings(toml, topics=topics)
        assert all(isinstance(warning, RuleWarning) for warning in warnings)
        assert all(warning.words.endswith(".") and warning.way_out for warning in warnings)
