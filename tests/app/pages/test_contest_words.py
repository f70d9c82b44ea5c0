"""What contest pages say, without any database: countdowns, days, prizes, choices."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlsplit
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.pages.contests.chosen import Chosen, modes
from app.pages.contests.countdown import elapsed, left
from app.pages.contests.dates import days, span
from app.pages.contests.prizes import prize_lines
from rewards import Amount, Charter
from rewards.contests.charter import Among, Bracket, Network, Prize, PrizeKind

ZONE = ZoneInfo("Europe/Berlin")
START = datetime(2026, 12, 1, 8, tzinfo=UTC)
BRACKETS = (Bracket("Under 500", 0, 500), Bracket("From 500", 500, None))


def network(name: str, mode: str = "cash") -> Network:
    return Network(name, mode, "as their policy says", "https://example.org", "2026-11-01")  # type: ignore[arg-type]


def charter(**more: object) -> Charter:
    """A small charter; a test names what it is about."""
    terms: dict[str, object] = {
        "contest_id": 1,
        "slug": "words",
        "name": "Words",
        "metric": "responses",
        "metric_version": 1,
        "rulebook": None,
        "zone": ZONE.key,
        "start_at": START,
        "end_at": START + timedelta(days=20),
        "networks": (network("mastodon"),),
        "disclosure_tag": None,
        "brackets": BRACKETS,
        "prizes": (
            Prize(1, PrizeKind.DAYS, Among.EACH, (Amount(4),), first_place=1, last_place=1),
        ),
        "breakers": ("earliest", "order"),
        "order_commitment": "0" * 64,
        "contact": "people@example.org",
        "proposer_id": 1,
    }
    return Charter(**{**terms, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("span_", "words"),
    [
        (timedelta(days=17, hours=5), "17 d"),
        (timedelta(days=4, hours=6, minutes=59), "4 d 06 h"),
        (timedelta(hours=6, minutes=5), "6 h 05 min"),
        (timedelta(minutes=12, seconds=50), "12 min"),
        (timedelta(minutes=2, seconds=9), "2 min 09 s"),
        (timedelta(seconds=8), "8 s"),
        (timedelta(0), "a moment"),
        (timedelta(days=-3), "a moment"),
    ],
)
def test_what_is_left_is_said_as_finely_as_it_matters(span_: timedelta, words: str) -> None:
    assert left(span_) == words


def test_the_bar_is_never_more_than_full() -> None:
    end = START + timedelta(days=20)
    assert elapsed(START, end, START - timedelta(days=1)) == 0
    assert elapsed(START, end, START + timedelta(days=5)) == 25
    assert elapsed(START, end, end + timedelta(days=1)) == 100


def test_days_are_the_company_s_own_and_a_clock_change_is_named() -> None:
    # 23:30 in London is the next day in Berlin.
    late = datetime(2026, 11, 30, 23, 30, tzinfo=UTC)
    assert days(late, START + timedelta(days=20), ZONE) == "1–21 Dec 2026"
    midnight = datetime(2026, 12, 31, 23, tzinfo=UTC)
    assert days(late, midnight, ZONE) == "1–31 Dec 2026"
    assert "clocks" not in span(START, START + timedelta(days=20), ZONE)
    october = datetime(2026, 10, 20, 7, tzinfo=UTC)
    assert "the clocks change" in span(october, october + timedelta(days=10), ZONE)


def test_every_prize_says_who_wins_it_what_it_is_and_among_whom() -> None:
    prizes = (
        Prize(1, PrizeKind.DAYS, Among.EACH, (Amount(4),), first_place=1, last_place=1),
        Prize(2, PrizeKind.CASH, Among.EACH, (Amount(20_000, "EUR"),), first_place=2, last_place=3),
        Prize(3, PrizeKind.CASH, Among.ALL, (Amount(2_500, "EUR"),), reach=25, at_most=30),
        Prize(4, PrizeKind.RECOGNITION, Among.ALL, text="A thank-you", reach=1, at_most=1),
        Prize(
            5, PrizeKind.CHOICE, Among.ALL, (Amount(20_000, "EUR"), Amount(2)),
            first_place=1, last_place=1,
        ),
    )  # fmt: skip
    said = [(line.who, line.among, line.what) for line in prize_lines(charter(prizes=prizes))]
    assert said == [
        ("1st place", "in every bracket", "2 vacation days"),
        ("2nd to 3rd place, each", "in every bracket", "€200"),
        ("Everyone who is answered by 25 people", "the first 30, in all brackets together", "€25"),
        ("Everyone who is answered by 1 person", "the first one, in all brackets together",
         "A thank-you"),
        ("1st place", "in all brackets together", "€200 or 1 vacation day, as you choose"),
    ]  # fmt: skip


def test_where_all_networks_may_count_for_prizes_there_is_one_standing() -> None:
    assert modes(charter()) == ("prize",)
    assert modes(charter(networks=(network("x", "recognition"),))) == ("recognition",)
    both = charter(networks=(network("mastodon"), network("x", "recognition")))
    assert modes(both) == ("prize", "recognition")


@given(
    st.dictionaries(
        st.sampled_from(["for", "bracket", "rows"]),
        st.one_of(st.text(max_size=9), st.sampled_from(["1", "2", "3", "recognition", "prize"])),
    ),
    st.sampled_from([None, 0, 1]),
)
def test_any_query_gives_a_standing_the_contest_has(
    query: dict[str, str], own_bracket: int | None
) -> None:
    terms = charter(networks=(network("mastodon"), network("x", "recognition")))
    chosen = Chosen.of(query, "words", terms, own_bracket)
    assert chosen.bracket in (0, 1)
    again = dict(parse_qsl(urlsplit(chosen.href).query))
    assert Chosen.of(again, "words", terms, own_bracket) == chosen
