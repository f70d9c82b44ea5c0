"""Laws of deciding that hold for any contest and any field of people."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from rewards.contests.charter import Charter, PrizeKind
from rewards.contests.decide import Outcome
from rewards.contests.worst_case import how_often, worst_case
from tests.rewards.contests.field import charters, decided, fields

worlds = charters().flatmap(lambda charter: st.tuples(st.just(charter), fields(charter)))


def spent(charter: Charter, outcome: Outcome) -> dict[int, int]:
    sums: Counter[int] = Counter()
    for win in outcome.wins:
        if win.amount is not None:
            sums[charter.prizes[win.prize - 1].budgets[0]] += win.amount.units
    return dict(sums)


@given(worlds)
def test_no_budget_pays_more_than_the_worst_case(world: Any) -> None:
    charter, people = world
    worst = worst_case(charter)
    for budget, units in spent(charter, decided(charter, *people)).items():
        assert units <= worst[budget].units


@given(worlds, st.randoms(use_true_random=False))
def test_the_order_in_which_people_are_read_changes_nothing(world: Any, random: Any) -> None:
    charter, people = world
    shuffled = list(people)
    random.shuffle(shuffled)
    assert decided(charter, *people) == decided(charter, *shuffled)


@given(worlds)
def test_only_who_is_able_and_has_enough_wins(world: Any) -> None:
    charter, people = world
    known = {one.person_id: one for one in people}
    for win in decided(charter, *people).wins:
        one, prize = known[win.person_id], charter.prizes[win.prize - 1]
        assert one.eligible
        assert win.bracket in (None, one.bracket)
        assert win.team == (one.team if charter.who != "people" else None)
        if charter.who == "people":
            assert one.value >= max(charter.least, prize.reach or 1)


@given(worlds)
def test_nobody_wins_a_prize_twice_nor_two_places_of_one_standing(world: Any) -> None:
    charter, people = world
    wins = decided(charter, *people).wins
    assert len({(win.prize, win.bracket, win.person_id) for win in wins}) == len(wins)
    places = [
        (charter.prizes[win.prize - 1].mode, win.bracket, win.person_id)
        for win in wins
        if win.place is not None
    ]
    assert len(set(places)) == len(places)


@given(worlds)
def test_whoever_wins_a_better_place_has_at_least_as_much(world: Any) -> None:
    charter, people = world
    if charter.who != "people":
        return
    value = {one.person_id: one.value for one in people}
    ladders: dict[Any, list[Any]] = {}
    for win in decided(charter, *people).wins:
        if win.place is not None:
            ladders.setdefault((charter.prizes[win.prize - 1].mode, win.bracket), []).append(win)
    for wins in ladders.values():
        by_place = sorted(wins, key=lambda win: win.place)
        values = [value[win.person_id] for win in by_place]
        assert values == sorted(values, reverse=True)


@given(worlds)
def test_money_is_given_whole_wherever_there_is_anybody_to_give_it_to(world: Any) -> None:
    """Of a ladder of money of one budget exactly the places that were taken are paid out."""
    charter, people = world
    if charter.who != "people" or any(prize.kind is not PrizeKind.CASH for prize in charter.prizes):
        return
    outcome = decided(charter, *people)
    unwon: Counter[int] = Counter(number for number, place, _ in outcome.unwon if place is not None)
    for prize in charter.prizes:
        if prize.first_place is None:
            gone = sum(win.prize == prize.number for win in outcome.wins)
            assert gone <= how_often(charter, prize)
    due = sum(
        prize.amounts[0].units * (how_often(charter, prize) - unwon[prize.number])
        for prize in charter.prizes
        if prize.first_place is not None
    )
    paid = sum(win.amount.units for win in outcome.wins if win.place is not None and win.amount)
    assert paid == due


@given(worlds, st.data())
def test_without_somebody_who_won_nothing_everybody_wins_the_same(world: Any, data: Any) -> None:
    charter, people = world
    outcome = decided(charter, *people)
    winners = {win.person_id for win in outcome.wins}
    others = [one for one in people if one.person_id not in winners]
    # Where a place above one that wins wins nothing, whoever stands there keeps others off it.
    if charter.who != "people" or not others or _gaps(charter):
        return
    gone = data.draw(st.sampled_from(others))
    kept = [one for one in people if one is not gone]
    # Whoever shared less than a cent apiece may have won nothing of a place they tied for.
    if any(one.value == gone.value for one in kept):
        return
    assert decided(charter, *kept).wins == outcome.wins


@given(worlds, st.data())
def test_being_unable_to_win_is_for_the_others_as_if_one_were_not_there(
    world: Any, data: Any
) -> None:
    charter, people = world
    if charter.who != "people" or not people:
        return
    gone = data.draw(st.sampled_from(list(people)))
    barred = [replace(one, eligible=False) if one is gone else one for one in people]
    assert decided(charter, *barred) == decided(
        charter, *(one for one in people if one is not gone)
    )


@given(worlds, st.data())
def test_who_has_more_never_wins_less_of_the_places(world: Any, data: Any) -> None:
    """Doing more never costs anybody a place they had."""
    charter, people = world
    if charter.who != "people" or not people:
        return
    one = data.draw(st.sampled_from(list(people)))
    better = [replace(other, value=other.value + 1) if other is one else other for other in people]

    def ladders(outcome: Outcome) -> set[tuple[str, int | None]]:
        return {
            (charter.prizes[win.prize - 1].mode, win.bracket)
            for win in outcome.wins
            if win.person_id == one.person_id and win.place is not None
        }

    before = ladders(decided(charter, *people))
    after = ladders(decided(charter, *better))
    first_places = {
        (prize.mode, None if prize.among == "all" else one.bracket)
        for prize in charter.prizes
        if prize.first_place == 1
    }
    # Where only a second place wins, moving up to the first is what one asked for.
    assert before & first_places <= after | _gaps(charter)


def _gaps(charter: Charter) -> set[tuple[str, int | None]]:
    """Standings where some place above the last that wins wins nothing."""
    found: set[tuple[str, int | None]] = set()
    for mode in ("prize", "recognition"):
        for among in ("each", "all"):
            prizes = [
                prize
                for prize in charter.prizes
                if (prize.mode, prize.among) == (mode, among) and prize.first_place is not None
            ]
            places = {
                place
                for prize in prizes
                for place in range(prize.first_place or 1, (prize.last_place or 1) + 1)
            }
            if places and places != set(range(1, max(places) + 1)):
                brackets = [None] if among == "all" else list(range(len(charter.brackets)))
                found |= {(mode, bracket) for bracket in brackets}
    return found
