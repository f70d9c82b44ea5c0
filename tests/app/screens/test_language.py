"""The languages of screens: whole, natural, and by CLDR."""

from __future__ import annotations

import string
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.announcing.named import A_TEAM, COLLEAGUE, Gift, Named
from app.pages.contests.countdown import left as left_on_pages
from app.screens.fit import STEPS, fit, width
from app.screens.language import Language, UnknownLanguage, languages, read_words
from rewards import Amount
from scoring import Period, metrics

EN, DE, FR, ES = (Language(code) for code in ("en", "de", "fr", "es"))
BERLIN = ZoneInfo("Europe/Berlin")
ALL = sorted(languages())


def someone(name: str) -> Named:
    return Named(name, name.split()[0], name[0], 1)


MAYA, TOMAS, AIKO = someone("Maya Okafor"), someone("Tomas Lindqvist"), someone("Aiko Rahman")


def sentences(words: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
    for name, value in words.items():
        if isinstance(value, str):
            yield f"{path}{name}", value
        else:
            yield from sentences(value, f"{path}{name}.")


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("code", ALL)
def test_every_language_says_everything_that_english_says(code: str) -> None:
    assert dict(sentences(read_words(code))).keys() == dict(sentences(read_words("en"))).keys()


@pytest.mark.parametrize("code", ALL)
def test_every_language_fills_in_what_english_fills_in(code: str) -> None:
    english = dict(sentences(read_words("en")))
    for name, text in sentences(read_words(code)):
        # "a colleague" has no place for the number that "3 colleagues" has.
        here = places(text) - {"n"} if name.startswith("count.") else places(text)
        there = (
            places(english[name]) - {"n"} if name.startswith("count.") else places(english[name])
        )
        assert here == there, f"{code}: {name}"


@pytest.mark.parametrize("code", ALL)
def test_no_sentence_of_a_language_was_forgotten_or_left_in_english(code: str) -> None:
    for name, text in sentences(read_words(code)):
        assert text.strip() == text != "", f"{code}: {name}"
    if code != "en":
        same = {
            name
            for name, text in sentences(read_words(code)["say"])
            if text == read_words("en")["say"][name] and places(text) < {text.strip("{}")}
        }
        assert same == set()


@pytest.mark.parametrize("code", ALL)
def test_every_plural_that_cldr_asks_for_has_a_form(code: str) -> None:
    language = Language(code)
    for name in read_words(code)["count"]:
        for n in (0, 1, 2, 5, 11, 21, 1_000_000):
            assert language.count(name, n, value="25")


@pytest.mark.parametrize("code", ALL)
def test_every_period_and_every_metric_has_words(code: str) -> None:
    language = Language(code)
    for period in Period:
        assert language.period(period)
    for name in metrics():
        assert all((language.metric(name), language.label_of(name), language.unit(name, 2)))
        assert "{" not in language.reached(name, 23, 25) + language.amount(name, 25)


def test_a_new_metric_is_called_what_it_calls_itself_until_a_language_knows_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    new = replace(
        metrics()["answers"], name="claps", label="Claps", unit_one="clap", unit_many="claps"
    )
    monkeypatch.setattr("app.screens.language.metrics", lambda: MappingProxyType({"claps": new}))
    assert FR.metric("claps") == "The most answers"
    assert (FR.unit("claps", 1), FR.unit("claps", 2)) == ("clap", "claps")
    assert FR.amount("claps", 3) == "3 claps"
    assert FR.reached("claps", 2, 3) == "collègues ont atteint 3 claps"


def test_names_are_said_as_a_person_would_say_them() -> None:
    assert EN.names([MAYA]) == "Maya"
    assert EN.names([MAYA, TOMAS, AIKO]) == "Maya, Tomas and Aiko"
    assert DE.names([MAYA, TOMAS, AIKO]) == "Maya, Tomas und Aiko"
    assert ES.names([MAYA, TOMAS]) == "Maya y Tomas"


def test_who_is_not_named_is_counted() -> None:
    assert EN.names([TOMAS, COLLEAGUE]) == "Tomas and a colleague"
    assert EN.names([COLLEAGUE, TOMAS, COLLEAGUE]) == "Tomas and 2 colleagues"
    assert [EN.names([A_TEAM] * n) for n in (1, 2)] == ["A team", "2 teams"]
    assert EN.name(A_TEAM) == "A team"
    assert EN.names([COLLEAGUE]) == "A colleague"
    assert FR.names([COLLEAGUE, COLLEAGUE]) == "2 collègues"


def test_a_crowd_is_not_read_out() -> None:
    crowd = [someone(name) for name in ("Ana", "Bea", "Cem", "Dia", "Eli", "Fay")]
    assert EN.names(crowd) == "Ana, Bea, Cem and 3 more"
    assert EN.names([*crowd, COLLEAGUE]) == "Ana, Bea, Cem and 4 more"


def test_a_name_that_reads_from_the_right_does_not_turn_the_sentence() -> None:
    said = EN.names([someone("פנינה"), MAYA])
    assert said == "\u2068פנינה\u2069 and Maya"


def test_money_stands_as_in_the_reader_s_language() -> None:
    gift = Gift((Amount(15_000, "EUR"),))
    assert [one.gift(gift) for one in (EN, DE, ES)] == ["€150", "150\u00a0€", "150\u00a0€"]


def test_vacation_days_have_halves_and_plurals() -> None:
    said = [EN.gift(Gift((Amount(units),))) for units in (1, 2, 3, 4)]
    assert said == ["half a vacation day", "1 vacation day", "1½ vacation days", "2 vacation days"]
    assert DE.gift(Gift((Amount(4),))) == "2 Urlaubstage"
    assert FR.gift(Gift((Amount(3),))) == "1½ jour de congé"  # in French, plural begins at two


def test_what_may_be_chosen_is_joined_by_or() -> None:
    both = Gift((Amount(20_000, "EUR"), Amount(4)))
    assert EN.gift(both) == "€200 or 2 vacation days"
    assert ES.gift(both) == "200\u00a0€ o 2 días de vacaciones"


def test_recognition_is_in_the_words_of_who_gives_it() -> None:
    assert DE.gift(Gift(text="Breakfast with the board")) == "Breakfast with the board"
    assert DE.gift(Gift()) == "Anerkennung"


def test_figures_and_units_follow_the_language() -> None:
    assert (EN.figure("growth", 125), DE.figure("growth", 125)) == ("12.5", "12,5")
    assert (EN.figure("growth", 120), EN.unit("responses", 1)) == ("12", "person answered")
    assert DE.number(1204) == "1.204"
    assert EN.reached("responses", 23, 25) == "colleagues were answered by 25 people"


def test_days_and_moments_are_the_company_s_and_in_the_language_s_order() -> None:
    at = datetime(2026, 12, 21, 16, 0, tzinfo=UTC)
    assert EN.moment(at, BERLIN) == "Monday 21 December, 17:00"
    assert DE.moment(at, BERLIN) == "Montag, 21. Dezember, 17:00 Uhr"
    assert FR.moment(at, BERLIN) == "lundi 21 décembre, 17:00"
    assert ES.moment(at, BERLIN) == "lunes, 21 de diciembre, 17:00"
    assert DE.day(date(2026, 12, 21)) == "21. Dezember 2026"
    assert EN.when(at, at, BERLIN) == "today, 17:00"
    assert EN.when(at, at - timedelta(hours=18), BERLIN) == "tomorrow, 17:00"
    assert EN.when(at, at - timedelta(days=2), BERLIN) == "Monday 21 December, 17:00"


@given(st.integers(-10, 40 * 86_400))
def test_what_is_left_is_said_as_on_the_pages(seconds: int) -> None:
    span = timedelta(seconds=seconds)
    assert EN.left(span) == left_on_pages(span)


@pytest.mark.parametrize("code", ALL)
def test_what_is_left_is_short_in_every_language(code: str) -> None:
    for span in (timedelta(days=300), timedelta(days=6, hours=23), timedelta(hours=23, minutes=59)):
        assert 0 < len(Language(code).left(span)) <= 16


def test_a_language_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(UnknownLanguage, match=r"'tlh'.*de, en, es, fr"):
        Language("tlh").say("left", left="")


@given(st.text(), st.text(min_size=1))
def test_longer_text_is_never_larger(one: str, more: str) -> None:
    assert 1 <= fit(one) <= fit(one + more) <= len(STEPS) + 1


def test_a_wide_sign_takes_the_room_of_two_and_a_mark_none() -> None:
    assert (width("欧阳"), width("Zoe\u0308"), width("Zoë")) == (4, 3, 3)
