"""Who wins what: places, ties, thresholds, draws, teams, and who cannot win."""

from __future__ import annotations

from rewards.contests.charter import Among
from rewards.contests.decide import decide
from rewards.contests.sides import order_of
from tests.rewards.contests.field import (
    SEED,
    TWO,
    contest,
    days,
    decided,
    draw,
    place,
    praise,
    reach,
    who,
    won,
)


def sealed(*people: int) -> list[int]:
    return sorted(people, key=lambda person: order_of(SEED, person))


def test_the_most_wins_the_first_place_and_so_on_down() -> None:
    charter = contest(days(1), place(2, 2, 3))
    outcome = decided(charter, who(1, 3), who(2, 9), who(3, 5), who(4, 4))
    assert won(outcome) == [(1, 1, 2, 4), (2, 2, 3, 100_00), (2, 3, 4, 100_00)]


def test_nothing_wins_nothing() -> None:
    outcome = decided(contest(place(1), reach(2, 1, 5)), who(1, 0), who(2, 0))
    assert won(outcome) == []
    assert outcome.unwon == [(1, 1, 0), (2, None, None)]


def test_less_than_the_least_wins_nothing_and_the_place_stays_unwon() -> None:
    outcome = decided(contest(place(1, 1, 2), least=3), who(1, 3), who(2, 2))
    assert won(outcome) == [(1, 1, 1, 100_00)]
    assert outcome.unwon == [(1, 2, 0)]


def test_a_contest_nobody_entered_has_no_winner_and_all_is_unwon() -> None:
    outcome = decided(contest(place(1, 1, 2), draw(2, 1, 3)))
    assert outcome.wins == []
    assert outcome.unwon == [(1, 1, 0), (1, 2, 0), (2, None, None)]


def test_who_cannot_win_is_passed_over_and_the_next_moves_up() -> None:
    charter = contest(place(1, 1, 2), reach(2, 5, 1))
    gone = who(1, 9, goals={5: 1}, eligible=False, why_not="left")
    outcome = decided(charter, gone, who(2, 7, goals={5: 2}), who(3, 5, goals={5: 3}))
    assert won(outcome) == [(1, 1, 2, 100_00), (1, 2, 3, 100_00), (2, None, 2, 25_00)]


def test_a_tie_goes_to_whoever_got_there_first() -> None:
    outcome = decided(contest(place(1), place(2, 2, euros=50_00)), who(1, 5, 3), who(2, 5, 2))
    assert won(outcome) == [(1, 1, 2, 100_00), (2, 2, 1, 50_00)]


def test_those_who_tie_to_the_moment_pool_the_money_of_their_places() -> None:
    charter = contest(place(1), place(2, 2, euros=50_00), place(3, 3, euros=10_00))
    outcome = decided(charter, who(1, 5), who(2, 5), who(3, 5), who(4, 1))
    assert sorted(win[2] for win in won(outcome)) == [1, 2, 3]
    assert sum(units or 0 for *_, units in won(outcome)) == 160_00
    # 160.00 by three: a cent is left, and goes by the sealed order.
    first = sealed(1, 2, 3)[0]
    assert {person: units for _, _, person, units in won(outcome)} == {
        person: 53_34 if person == first else 53_33 for person in (1, 2, 3)
    }


def test_who_ties_at_the_last_place_that_wins_shares_it() -> None:
    outcome = decided(contest(place(1, 1, 2)), who(1, 9), who(2, 5), who(3, 5))
    assert won(outcome)[0] == (1, 1, 1, 100_00)
    assert sorted(win[1:] for win in won(outcome)[1:]) == [(2, 2, 50_00), (2, 3, 50_00)]


def test_less_than_a_cent_is_not_won() -> None:
    outcome = decided(contest(place(1, euros=2)), who(1, 5), who(2, 5), who(3, 5))
    assert [win[2:] for win in won(outcome)] == [(person, 1) for person in sealed(1, 2, 3)[:2]]


def test_days_are_never_split_the_sealed_order_decides() -> None:
    outcome = decided(contest(days(1)), who(1, 5), who(2, 5))
    assert won(outcome) == [(1, 1, sealed(1, 2)[0], 4)]
    assert outcome.wins[0].why == "sealed order"


def test_days_and_money_tied_together_go_by_the_sealed_order() -> None:
    first, second = sealed(1, 2)
    outcome = decided(contest(days(1), place(2, 2)), who(1, 5), who(2, 5))
    assert won(outcome) == [(1, 1, first, 4), (2, 2, second, 100_00)]


def test_money_of_two_budgets_is_not_pooled() -> None:
    outcome = decided(contest(place(1), place(2, 2, budgets=(9,))), who(1, 5), who(2, 5))
    first, second = sealed(1, 2)
    assert won(outcome) == [(1, 1, first, 100_00), (2, 2, second, 100_00)]


def test_without_pooling_the_sealed_order_decides_about_money_too() -> None:
    outcome = decided(contest(place(1), breakers=("order",)), who(1, 5, 1), who(2, 5, 2))
    assert won(outcome) == [(1, 1, sealed(1, 2)[0], 100_00)]


def test_another_seed_may_order_otherwise_the_same_one_never() -> None:
    charter = contest(days(1))
    people = [who(person, 5) for person in range(1, 9)]
    winners = {won(decided(charter, *people, seed=bytes([n])))[0][2] for n in range(30)}
    assert len(winners) > 3
    assert won(decided(charter, *people)) == won(decided(charter, *reversed(people)))


def test_every_bracket_has_its_own_places_and_a_prize_in_all_comes_on_top() -> None:
    charter = contest(place(1), place(2, among=Among.ALL, euros=7_00), brackets=TWO)
    outcome = decided(charter, who(1, 3), who(2, 9, bracket=1), who(3, 2), who(4, 8, bracket=1))
    assert won(outcome) == [(1, 1, 1, 100_00), (1, 1, 2, 100_00), (2, 1, 2, 7_00)]
    assert [win.bracket for win in outcome.wins] == [0, 1, None]


def test_a_person_wins_one_place_of_a_standing_at_most() -> None:
    outcome = decided(contest(place(1), place(2, 2)), who(1, 9))
    assert won(outcome) == [(1, 1, 1, 100_00)]
    assert outcome.unwon == [(2, 2, 0)]


def test_a_threshold_is_won_by_the_first_to_reach_it_however_far_they_went_on() -> None:
    charter = contest(reach(1, 25, 2))
    keen = who(1, 90, 400, goals={25: 10})  # went on for weeks
    outcome = decided(
        charter, keen, who(2, 25, 20, goals={25: 20}), who(3, 26, 40, goals={25: 30}), who(4, 24, 1)
    )
    assert won(outcome) == [(1, None, 1, 25_00), (1, None, 2, 25_00)]


def test_those_who_reach_a_threshold_at_once_are_ordered_by_the_seal() -> None:
    people = [who(person, 25, 1, goals={25: 7}) for person in (1, 2, 3)]
    outcome = decided(contest(reach(1, 25, 2)), *people)
    assert [win[2] for win in won(outcome)] == sealed(1, 2, 3)[:2]


def test_followers_have_no_moments_so_the_seal_decides_who_of_them_is_in_time() -> None:
    people = [who(person, 30, None) for person in (1, 2, 3)]
    outcome = decided(contest(reach(1, 25, 1), breakers=("pool", "order")), *people)
    assert [win[2] for win in won(outcome)] == sealed(1, 2, 3)[:1]


def test_a_threshold_below_the_least_takes_the_least() -> None:
    outcome = decided(contest(reach(1, 2, 5), least=4), who(1, 3), who(2, 4, goals={4: 1}))
    assert won(outcome) == [(1, None, 2, 25_00)]


def test_a_draw_takes_so_many_of_those_who_reached_it_whatever_they_have() -> None:
    people = [who(person, 5 + person, person) for person in range(1, 9)]
    charter = contest(draw(1, 7, 3))
    outcome = decided(charter, *people)
    drawn = [win[2] for win in won(outcome)]
    able = range(2, 9)
    assert drawn == sorted(able, key=lambda person: order_of(SEED, f"draw:1:{person}"))[:3]
    assert {win.why for win in outcome.wins} == {"drawn"}


def test_two_draws_of_a_contest_are_drawn_apart() -> None:
    people = [who(person, 5) for person in range(1, 30)]
    outcome = decided(contest(draw(1, 1, 9), draw(2, 1, 9)), *people)
    first = [win.person_id for win in outcome.wins if win.prize == 1]
    assert first != [win.person_id for win in outcome.wins if win.prize == 2]


def test_recognition_is_won_in_its_own_standing() -> None:
    charter = contest(place(1), praise(2))
    standings = {"prize": [who(1, 9), who(2, 3)], "recognition": [who(1, 9), who(2, 12)]}
    assert won(decide(charter, standings, SEED)) == [(1, 1, 1, 100_00), (2, 1, 2, None)]  # type: ignore[arg-type]


def test_a_team_has_its_mean_and_its_money_is_shared_to_the_cent() -> None:
    charter = contest(place(1), who="departments", team_least=3)
    research = [who(person, 4, team="Research") for person in (1, 2, 3)]
    sales = [who(4, 9, team="Sales"), who(5, 1, team="Sales"), who(6, 1, team="Sales")]
    outcome = decided(charter, *research, *sales)
    shares = {win.person_id: win.amount.units for win in outcome.wins if win.amount}
    assert shares == {
        person: 33_34 if person == sealed(1, 2, 3)[0] else 33_33 for person in (1, 2, 3)
    }
    assert {win.team for win in outcome.wins} == {"Research"}


def test_a_team_below_the_least_size_is_not_ranked_whatever_its_mean() -> None:
    charter = contest(place(1), who="departments", team_least=2)
    people = [
        who(1, 90, team="Research"),
        who(2, 1, team="Sales"),
        who(3, 1, team="Sales"),
        who(4, 99),
    ]
    assert {win.team for win in decided(charter, *people).wins} == {"Sales"}


def test_means_are_compared_exactly() -> None:
    charter = contest(place(1), who="departments", team_least=1)
    a = [who(person, value, team="A") for person, value in enumerate([3, 3, 4], 1)]  # 10/3
    b = [who(person, value, team="B") for person, value in enumerate([3] * 6 + [6], 11)]  # 24/7
    assert {win.team for win in decided(charter, *a, *b).wins} == {"B"}


def test_who_of_a_team_cannot_win_leaves_their_share_to_the_others() -> None:
    charter = contest(place(1), who="departments", team_least=2)
    people = [who(1, 5, team="A"), who(2, 5, team="A"), who(3, 5, team="A", eligible=False)]
    assert sorted(win[2:] for win in won(decided(charter, *people))) == [(1, 50_00), (2, 50_00)]
