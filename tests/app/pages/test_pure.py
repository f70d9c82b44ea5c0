"""The pure parts of pages: addresses, places, periods and words."""

from __future__ import annotations

from datetime import UTC, date, datetime
from urllib.parse import parse_qsl, urlsplit
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment, FileSystemLoader

from app.asgi import TEMPLATES
from app.pages.deeds import deed, possessive, quoted
from app.pages.headline import name, title
from app.pages.leaderboard.kindness import listed, may_see, parted, upper_half
from app.pages.leaderboard.look import marked
from app.pages.leaderboard.rows import mix_words
from app.pages.leaderboard.selection import Selection
from app.pages.linking import gives_back
from app.pages.rule_words import in_words
from app.pages.wall import safe_address
from app.pages.why import span_of
from app.settings import Settings
from scoring import Mix, Period
from scoring.facts import Kind
from scoring.relation import Relation
from scoring.rules import default_rulebook_toml, read_rulebook

ZONE = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TODAY = date(2026, 11, 22)


@given(
    st.dictionaries(
        st.sampled_from(["period", "metric", "audience", "on", "rows", "q"]),
        st.one_of(
            st.text(max_size=20),
            st.sampled_from(
                [
                    "week",
                    "quarter",
                    "season",
                    "all",
                    "shared",
                    "offices",
                    "office-3",
                    "2026-10-07",
                    "50",
                ]
            ),
        ),
    )
)
def test_any_query_gives_a_selection_whose_address_gives_it_again(query: dict[str, str]) -> None:
    selection = Selection.of(query, NOW, ZONE)
    again = dict(parse_qsl(urlsplit(selection.href).query))
    assert Selection.of(again, NOW, ZONE) == selection


@given(st.integers(1, 60), st.integers(1, 60), st.integers(0, 60))
def test_from_the_lower_half_nobody_beneath_is_seen(ranked: int, rank: int, own: int) -> None:
    seen = may_see(rank, own=own or None, ranked=ranked)
    if own > upper_half(ranked) and rank > own:
        assert not seen
    if rank <= upper_half(ranked):
        assert seen
    elif not own:
        assert not seen  # who looks on cannot ask for the bottom of the table name by name


@given(st.integers(0, 3000), st.integers(0, 500))
def test_a_list_never_goes_beyond_its_middle(ranked: int, wanted: int) -> None:
    assert listed(ranked, wanted) <= upper_half(ranked)


def test_gaps_between_shown_rows_are_counted() -> None:
    parts = parted(10, {36: "own", 35: "above", 50: "found"})
    assert [(part.more, part.rows) for part in parts] == [
        (24, ("above", "own")),
        (13, ("found",)),
    ]
    assert [part.more for part in parted(10, {11: "next"})] == [0]
    assert [part.more for part in parted(10, {35.5: "private"})] == [25]


@pytest.mark.parametrize(
    ("period", "begins_on", "words"),
    [
        (Period.DAY, TODAY, "Today’s leaderboard"),
        (Period.DAY, date(2026, 11, 21), "Leaderboard of 21 November"),
        (Period.WEEK, date(2026, 11, 16), "This week’s leaderboard"),
        (Period.WEEK, date(2025, 12, 29), "Leaderboard of the week from 29 December 2025"),
        (Period.MONTH, date(2026, 11, 1), "November leaderboard"),
        (Period.MONTH, date(2025, 11, 1), "November 2025 leaderboard"),
        (Period.QUARTER, date(2026, 10, 1), "October–December leaderboard"),
        (Period.ALL, date(1970, 1, 1), "All-time leaderboard"),
    ],
)
def test_a_period_has_the_name_people_give_it(period: Period, begins_on: date, words: str) -> None:
    assert title(period, begins_on, TODAY) == words
    assert name(period, begins_on, TODAY)


@given(st.integers(-5, 10_000), st.integers(-5, 10_000), st.integers(-5, 10_000))
def test_a_mix_adds_up_to_a_hundred_and_says_its_numbers(a: int, b: int, c: int) -> None:
    words = mix_words(Mix(a, b, c))
    if max(a, 0) + max(b, 0) + max(c, 0) == 0:
        assert words is None
    else:
        assert words is not None
        assert sum(words.shares) == 100
        assert min(words.shares) >= 0
        assert f"{max(a, 0):,} from responses" in words.words


def test_every_rule_of_the_default_rulebook_is_told_with_its_numbers() -> None:
    for rule in read_rulebook(default_rulebook_toml()).rules.values():
        told = in_words(rule)
        assert told.label
        assert told.words.endswith(".")
        assert "{" not in told.words
        assert [step.points for step in told.steps] == [points for _, points in rule.steps]
        assert "Counts once for" in told.words


def test_every_deed_has_words() -> None:
    for relation in (*Relation, None, "self", "brand"):
        for kind in Kind:
            assert deed(kind, relation)
    assert deed("reply", "earned") == "Somebody answered you"


def test_an_address_from_a_network_is_only_ever_a_web_address() -> None:
    assert safe_address("https://social.example/1") == "https://social.example/1"
    assert safe_address("javascript:alert(1)") is None
    assert safe_address(None) is None


def test_a_quote_is_one_short_line() -> None:
    assert quoted("  a\n b ") == "a b"
    assert quoted(" ") is None
    assert len(quoted("x" * 500) or "") == 140
    assert possessive("Joris") == "Joris’"
    assert possessive("Aiko") == "Aiko’s"


def test_why_shows_a_period_in_pages_of_a_month() -> None:
    month = span_of({}, NOW, ZONE)
    assert (month.first, month.last, month.earlier) == (date(2026, 11, 1), TODAY, None)
    quarter = span_of({"period": "season"}, NOW, ZONE)  # no season has a name
    assert quarter.first == date(2026, 10, 23)
    assert quarter.earlier == "/why?period=quarter&until=2026-10-22"
    further = span_of({"period": "quarter", "until": "2026-10-22"}, NOW, ZONE)
    assert (further.first, further.last) == (date(2026, 10, 1), date(2026, 10, 22))
    assert further.later == "/why?period=quarter&until=2026-11-22"
    day = span_of({"day": "2026-11-20"}, NOW, ZONE)
    assert (day.first, day.last) == (date(2026, 11, 20), date(2026, 11, 20))
    assert span_of({"day": "2027-01-01"}, NOW, ZONE) == month


def test_who_looks_for_oneself_is_found_and_is_still_oneself() -> None:
    body = marked(b'<tr id="r-a" class=""><tr id="r-b" class="">', "a", frozenset({"a", "b"}))
    assert body == (b'<tr id="r-a" aria-current="true" class="found "><tr id="r-b" class="found ">')


@pytest.mark.parametrize(
    ("network", "words"),
    [
        ("x", " and, where it may look, tells X to forget that"),
        ("facebook", " and, where it may look, tells Facebook to forget that"),
        ("linkedin", "LinkedIn lets only you take it back, in your settings there"),
        ("threads", "Threads lets only you take it back, in your settings there"),
        ("standard", ""),
        ("gone", ""),
    ],
)
def test_unlinking_promises_to_tell_only_networks_that_can_be_told(
    network: str, words: str
) -> None:
    assert gives_back(network).endswith(words)
    assert bool(gives_back(network)) == bool(words)


def test_the_second_listener_is_explained_for_one_name_and_for_two() -> None:
    template = Environment(loader=FileSystemLoader(TEMPLATES)).get_template(
        "connections/reach.html"
    )
    inside, outside = "https://fanfare.example.org", "https://hear.example.org"
    one = template.render(settings=Settings(base_url=inside, outside_port=8002))
    two = template.render(
        settings=Settings(base_url=inside, outside_url=outside, outside_port=8002)
    )
    assert "when it is asked for from the internet, and to the pages from inside" in one
    assert f"lead <code>{outside}</code> to it" in two
    assert f"the pages stay inside, at <code>{inside}</code>" in two
