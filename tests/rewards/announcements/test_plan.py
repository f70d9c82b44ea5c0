"""The plan of a reveal: every place after those behind it, everybody once, and nobody's name."""

from __future__ import annotations

from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from rewards.announcements import Plan, StepKind, Won, plan
from rewards.contests.charter import Among, Bracket, Charter, Prize
from tests.rewards.contests.field import (
    TWO,
    charters,
    contest,
    decided,
    draw,
    fields,
    place,
    praise,
    reach,
    who,
)


def wins(charter: Charter, *people: Any) -> list[Won]:
    """What was won at the end of a contest, as awards with numbers."""
    outcome = decided(charter, *people)
    return [
        Won(award, win.prize, win.place, win.bracket) for award, win in enumerate(outcome.wins, 1)
    ]


def told(made: Plan) -> list[tuple[str, int | None, int | None, tuple[int, ...]]]:
    return [(str(step.kind), step.part, step.place, step.awards) for step in made.steps]


def test_three_places_are_revealed_third_second_first_and_then_the_headline() -> None:
    won = [Won(11, 1, 1, 0), Won(12, 1, 2, 0), Won(13, 1, 3, 0)]
    assert told(plan(contest(place(1, 1, 3)), won)) == [
        ("opening", None, None, ()),
        ("place", 0, 3, (13,)),
        ("place", 0, 2, (12,)),
        ("place", 0, 1, (11,)),
        ("headline", 0, None, ()),
        ("closing", None, None, ()),
    ]


def test_one_winner_has_one_step_and_the_headline() -> None:
    made = plan(contest(place(1)), [Won(1, 1, 1, 0)])
    assert [step.kind for step in made.steps] == ["opening", "place", "headline", "closing"]


def test_when_nobody_won_that_is_said_once_however_many_brackets_there_are() -> None:
    for charter in (contest(place(1)), contest(place(1), brackets=TWO), contest()):
        made = plan(charter, [])
        assert [step.kind for step in made.steps] == ["opening", "nobody", "closing"]
        assert made.steps[1].part is None


def test_a_bracket_that_nobody_won_is_said_to_be_so_beside_one_that_somebody_did() -> None:
    made = plan(contest(place(1), brackets=TWO), [Won(1, 1, 1, 1)])
    assert told(made)[1:-1] == [
        ("nobody", 0, None, ()),
        ("place", 1, 1, (1,)),
        ("headline", 1, None, ()),
    ]


def test_everybody_behind_the_third_place_shares_the_first_step() -> None:
    won = [Won(number, 1, number, 0) for number in range(1, 8)]
    made = plan(contest(place(1, 1, 7)), won)
    assert made.steps[1].kind is StepKind.PLACES
    assert made.steps[1].awards == (4, 5, 6, 7)


def test_who_ties_shares_the_step() -> None:
    charter = contest(place(1, 1, 2))
    made = plan(charter, wins(charter, who(1, 5), who(2, 5), who(3, 3)))
    assert [step.awards for step in made.steps if step.kind is StepKind.PLACE] == [(1, 2)]


def test_two_standings_of_one_bracket_are_parts_of_their_own_recognition_first() -> None:
    charter = contest(place(1), praise(2))
    made = plan(charter, wins(charter, who(1, 5), who(2, 3)))
    assert [(part.mode, part.bracket) for part in made.parts] == [("recognition", 0), ("prize", 0)]
    assert [step.part for step in made.steps if step.kind is StepKind.PLACE] == [0, 1]


def test_the_members_of_a_winning_team_stand_there_together() -> None:
    charter = contest(place(1), who="departments", team_least=2)
    people = [who(1, 5, team="Sales"), who(2, 4, team="Sales"), who(3, 1, team="Research")]
    made = plan(charter, wins(charter, *people))
    [first] = [step for step in made.steps if step.kind is StepKind.PLACE]
    assert sorted(first.awards) == [1, 2]


def test_twenty_brackets_are_revealed_one_after_another_and_what_is_among_all_at_the_end() -> None:
    brackets = tuple(
        Bracket(f"Bracket {number}", number * 100, (number + 1) * 100) for number in range(20)
    )
    charter = contest(place(1, 1, 3), reach(2, 4, 3), draw(3, 4, 1), brackets=brackets)
    people = [who(n, n % 7 + 1, bracket=n % 20, goals={4: 1}) for n in range(1, 90)]
    made = plan(charter, wins(charter, *people))
    parts = [step.part for step in made.steps if step.part is not None]
    assert parts == sorted(parts)
    assert [part.bracket for part in made.parts] == [*range(20), None]
    assert [(step.kind, step.prize) for step in made.steps[-3:-1]] == [
        (StepKind.REACHED, 2),
        (StepKind.REACHED, 3),
    ]


@st.composite
def revealed(draw_: st.DrawFn) -> tuple[Charter, list[Won]]:
    """A contest and its awards, of which approvers have refused some."""
    charter = draw_(charters())
    won = wins(charter, *draw_(fields(charter)))
    refused = draw_(st.sets(st.sampled_from([one.award for one in won]))) if won else set()
    return charter, [one for one in won if one.award not in refused]


@given(revealed())
def test_of_any_contest_every_award_is_revealed_once_and_a_place_after_all_behind_it(
    case: tuple[Charter, list[Won]],
) -> None:
    charter, won = case
    made = plan(charter, won)
    shown = [award for step in made.steps for award in step.awards]
    assert sorted(shown) == sorted(one.award for one in won)
    places = {one.award: one.place for one in won}
    step_of = {award: at for at, step in enumerate(made.steps) for award in step.awards}
    for step in made.steps:
        assert step.part is None or 0 <= step.part < len(made.parts)
        if step.kind is StepKind.PLACE:
            assert {places[award] for award in step.awards} == {step.place}
    for part in range(len(made.parts)):
        here = [
            award
            for step in made.steps
            if step.part == part
            for award in step.awards
            if places[award]
        ]
        for one in here:
            for other in here:
                ahead, behind = places[one] or 0, places[other] or 0
                if ahead < behind and ahead <= 3:
                    assert step_of[one] > step_of[other]
                if ahead == behind:
                    assert step_of[one] == step_of[other]
    assert made.steps[0].kind is StepKind.OPENING
    assert made.steps[-1].kind is StepKind.CLOSING


@given(revealed())
def test_a_headline_follows_right_after_the_first_places_and_only_a_podium_has_one(
    case: tuple[Charter, list[Won]],
) -> None:
    made = plan(*case)
    for at, step in enumerate(made.steps):
        if step.kind is StepKind.HEADLINE:
            assert made.steps[at - 1].kind is StepKind.PLACE
            assert made.steps[at - 1].part == step.part
    with_place = {step.part for step in made.steps if step.kind is StepKind.PLACE}
    headlines = [step.part for step in made.steps if step.kind is StepKind.HEADLINE]
    assert len(headlines) == len(with_place)
    assert set(headlines) == with_place


@given(revealed())
def test_a_plan_is_kept_as_it_is_and_holds_no_word_but_its_own(
    case: tuple[Charter, list[Won]],
) -> None:
    made = plan(*case)
    written = msgspec.json.encode(made)
    assert msgspec.json.decode(written, type=Plan) == made
    words = set(_strings(msgspec.json.decode(written)))
    assert words <= {"prize", "recognition", *StepKind}


def _strings(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [word for each in value.values() for word in _strings(each)]
    if isinstance(value, list):
        return [word for each in value for word in _strings(each)]
    return []


def test_a_prize_added_later_is_revealed_like_the_others() -> None:
    extra: Prize = place(2, among=Among.ALL)
    made = plan(contest(place(1), extra, brackets=TWO), [Won(7, 2, 1, None)])
    assert made.parts[-1].bracket is None
    assert (7,) in [step.awards for step in made.steps]
