"""Rulebooks to begin with: each is whole, bounded, explained, and free of what we warn about."""

import re

import pytest

from scoring.odd_rules import rule_warnings
from scoring.presets import BrokenPreset, described, presets
from scoring.rules import MAX_POINTS, MAX_STEPS, default_rulebook_toml, read_rulebook

MOST_A_DAY = 1_000  # points of one rule in a day: above it a single day would be the month


def test_the_first_preset_is_the_rulebook_that_fanfare_begins_with():
    assert next(iter(presets())) == "conversation_first"
    assert presets()["conversation_first"].toml == default_rulebook_toml()
    assert set(presets()) >= {"conversation_first", "balanced", "launch_month", "team_spirit"}


@pytest.mark.parametrize("name", presets())
def test_a_preset_says_what_it_is_and_why(name):
    preset = presets()[name]
    assert preset.name == name
    assert preset.title
    assert len(preset.why.split()) > 20


@pytest.mark.parametrize("name", presets())
def test_every_rule_of_a_preset_is_bounded_and_falls(name):
    for rule in read_rulebook(presets()[name].toml).rules.values():
        assert rule.capacity <= MAX_STEPS
        worth = [points for _, points in rule.steps]
        assert worth == sorted(worth, reverse=True)
        assert 0 < worth[0] <= MAX_POINTS
        assert sum(count * points for count, points in rule.steps) <= MOST_A_DAY


@pytest.mark.parametrize("name", presets())
def test_we_have_nothing_to_warn_about_in_our_own_presets(name):
    assert rule_warnings(presets()[name].toml) == []


@pytest.mark.parametrize("name", presets())
def test_the_numbers_of_a_preset_have_their_reasons_in_the_text(name):
    rules = presets()[name].toml.split("[[rule]]")[1:]
    assert all("#" in rule for rule in rules)
    assert re.search(r"^# .*scale", presets()[name].toml, re.MULTILINE | re.IGNORECASE)


def test_a_file_without_a_reason_is_no_preset():
    with pytest.raises(BrokenPreset, match=r"bare\.toml must begin with its title"):
        described("bare", "# Bare\n[[rule]]\n")
