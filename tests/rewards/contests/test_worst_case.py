"""What a contest can cost at most, by budget and by kind."""

from __future__ import annotations

import msgspec
import pytest

from rewards.amounts import Amount
from rewards.contests.charter import Among, Prize, PrizeKind
from rewards.contests.worst_case import worst_by_kind, worst_case
from tests.rewards.contests.field import DAYS, EUROS, TWO, contest, days, draw, place, praise, reach
from tests.rewards.contests.office import charter


def test_the_contest_of_the_picture_costs_1350_euros_and_six_days() -> None:
    worst = worst_case(charter())
    assert worst == {1: Amount(135_000, "EUR"), 2: Amount(12)}
    assert worst_by_kind(charter()) in ([worst[1], worst[2]], [worst[2], worst[1]])


def test_places_count_in_every_bracket_or_once() -> None:
    made = contest(place(1, 1, 3), place(2, among=Among.ALL), days(3, 4), brackets=TWO)
    assert worst_case(made) == {EUROS: Amount(7 * 100_00, "EUR"), DAYS: Amount(8)}


def test_thresholds_and_draws_cost_as_many_as_may_win() -> None:
    made = contest(reach(1, 25, 30), draw(2, 5, 10, among=Among.EACH), brackets=TWO)
    assert worst_case(made) == {EUROS: Amount((30 + 20) * 25_00, "EUR")}


def test_a_choice_sets_both_aside_until_the_winner_chooses() -> None:
    both = (Amount(200_00, "EUR"), Amount(4))
    made = contest(place(1, kind=PrizeKind.CHOICE, amounts=both, budgets=(EUROS, DAYS)))
    assert worst_case(made) == {EUROS: both[0], DAYS: both[1]}


def test_recognition_costs_nothing() -> None:
    assert worst_case(contest(praise(1, 1, 3))) == {}


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"first_place": None}, "for places or for reaching"),
        ({"reach": 5}, "for places or for reaching"),
        ({"first_place": None, "reach": 5}, "at most"),
        ({"budgets": (1, 2)}, "every amount"),
    ],
)
def test_no_charter_holds_a_prize_whose_cost_has_no_end(
    wrong: dict[str, object], sentence: str
) -> None:
    body = msgspec.to_builtins(place(1)) | wrong
    with pytest.raises(msgspec.ValidationError, match=sentence):
        msgspec.convert(body, Prize)
