"""Fields, drafts and moments of the rules' pages."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from app.pages.rulebooks.draft import BOTH, draft_of, typed
from app.pages.rulebooks.examples import last_month, sentence
from app.pages.rulebooks.fields import forms_of, values_of
from app.pages.rulebooks.trying import moment, next_monday
from app.pages.rulebooks.unsaid import is_few, unsaid
from scoring import default_rulebook_toml, foresee, presets, rule_forms

ZONE = ZoneInfo("Europe/Berlin")
TOML = default_rulebook_toml()


def as_sent(toml: str = TOML, **changed: str) -> dict[str, str]:
    return {**values_of(rule_forms(toml)), "base": toml, "text": toml, **changed}


@pytest.mark.parametrize("preset", presets().values(), ids=list(presets()))
def test_fields_of_a_preset_say_what_it_says(preset):
    forms = rule_forms(preset.toml)
    typed_, wrong = forms_of(values_of(forms), forms)
    assert not wrong
    assert draft_of(preset.toml).usable
    assert typed(as_sent(preset.toml), "form").toml == preset.toml
    assert [set(form.kinds) for form in typed_] == [set(form.kinds) for form in forms]


def test_a_field_that_was_changed_changes_its_line_of_the_text():
    draft = typed(as_sent(r0_points_0="7"), "form")
    assert draft.toml == TOML.replace("steps  = [[10, 5], [20, 2]]", "steps  = [[10, 7], [20, 2]]")


def test_a_text_that_was_changed_changes_the_fields():
    text = TOML.replace("[[10, 5], [20, 2]]", "[[9, 5]]")
    draft = typed(as_sent(text=text), "follow")
    assert draft.toml == text
    assert draft.form.value("r0_count_0") == "9"
    assert draft.form.value("r0_count_1") == ""


def test_line_ends_of_browsers_are_those_of_files():
    sent = as_sent(base=TOML.replace("\n", "\r\n"), text=TOML.replace("\n", "\r\n"))
    assert typed(sent, "follow").toml == TOML


def test_where_both_sides_were_changed_nothing_is_thrown_away_and_it_is_said():
    text = TOML.replace("[[10, 5], [20, 2]]", "[[9, 5]]")
    draft = typed(as_sent(text=text, r1_points_0="9"), "try")
    assert (draft.problem, draft.toml) == (BOTH, text)
    assert not draft.usable


def test_what_is_no_number_is_said_beside_its_field_and_kept():
    draft = typed(as_sent(r0_points_0="many", r1_label="Renamed"), "try")
    assert draft.form.error("r0_points_0")
    assert draft.form.value("r0_points_0") == "many"
    assert "Renamed" in draft.toml
    assert not draft.usable


def test_a_rule_is_added_and_taken_away():
    longer = typed(as_sent(), "add")
    assert len(longer.forms) == len(rule_forms(TOML)) + 1
    again = typed(as_sent(longer.toml), "add")
    assert [form.name for form in again.forms][-2:] == ["new_rule_1", "new_rule_2"]
    assert typed(as_sent(), "remove_0").forms[0].name == "new_voice"
    assert typed(as_sent(), "remove_99").problem


def test_a_mistake_stands_beside_its_rule():
    draft = typed(as_sent(r0_name="two words"), "form")
    assert (
        draft.problem_of("two words") == "name must be one word of letters, digits and underscores"
    )
    assert draft.problem_of("new_voice") is None


def test_a_text_that_is_no_rulebook_has_no_form_and_is_kept():
    draft = typed(as_sent(text="rule = ["), "text")
    assert draft.problem
    assert (draft.toml, list(draft.forms)) == ("rule = [", [])
    assert draft_of("#" * 100_001).problem


def test_of_one_or_two_people_no_number_is_said():
    assert "1,204 points to 83 people" in sentence(1204, 83, 9)
    assert not any(letter.isdigit() for letter in sentence(1204, 2, 9))


def test_no_number_is_said_that_would_be_somebodys_nor_one_that_tells_it():
    assert unsaid({"answered": 40, "asked": 9, "wrote": 2, "never": 0}, 3) == {"wrote", "asked"}
    # Both may be the same person's: what is left of the sum must be more people's.
    assert unsaid({"answered": 40, "asked": 1, "wrote": 1}, 3) == {"answered", "asked", "wrote"}
    assert unsaid({"answered": 40, "asked": 9, "never": 0}, 3) == set()
    assert unsaid({"answered": 40, "asked": 4}, 5) == {"answered", "asked"}  # as the council agreed

    def found(now: dict[int, int], then: dict[int, int]) -> bool:
        return is_few(foresee(now, then, ()), 3)

    many, one = {1: 5, 2: 7, 3: 9}, {1: 5}
    assert found(many, one)  # a draft that gives points to one person would say how many
    assert found(one, many)
    assert found(one, {})
    assert not found(many, many)
    assert not found(many, {})


def test_the_default_moment_is_the_next_monday_of_the_company():
    assert next_monday(datetime(2026, 11, 22, 22, 59, tzinfo=UTC), ZONE) == date(2026, 11, 23)
    assert next_monday(datetime(2026, 11, 22, 23, 1, tzinfo=UTC), ZONE) == date(2026, 11, 30)
    assert moment("2026-11-30", "00:00", ZONE) == datetime(2026, 11, 29, 23, tzinfo=UTC)
    assert moment("soon", "00:00", ZONE) is None


def test_last_month_is_a_whole_month_of_the_companys_calendar():
    start_at, end_at = last_month(datetime(2026, 11, 30, 23, 30, tzinfo=UTC), ZONE)
    assert start_at == datetime(2026, 10, 31, 23, tzinfo=UTC)
    assert end_at == datetime(2026, 11, 30, 23, tzinfo=UTC)
