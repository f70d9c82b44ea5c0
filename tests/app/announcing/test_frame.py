"""The pictures of a reveal: each adds its step, none shows what comes later or who must not be seen."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from app.announcing.frame import Frame, frame
from app.announcing.named import A_TEAM, Audience
from app.announcing.podium import Material, podiums
from rewards import Among, Announcement, AwardState, StepKind
from rewards.awards.award import Display
from tests.app.announcing.winners import announced, award, face, material
from tests.rewards.contests.field import TWO, contest, draw, place, praise, reach

THREE = [award(n, place=n) for n in (1, 2, 3)]
PODIUM = contest(place(1, 1, 3))


def film(made: Announcement, known: Material, audience: Audience = "staff") -> list[Frame]:
    return [frame(made, step, known, audience) for step in range(len(made.plan.steps))]


def shown(one: Frame) -> list[tuple[int | None, str]]:
    return [(who.place, who.named.short) for who in one.podium.places] if one.podium else []


def test_each_step_adds_one_place_and_shows_nothing_of_those_to_come() -> None:
    frames = film(announced(PODIUM, THREE), material(PODIUM, THREE))
    assert [shown(one) for one in frames] == [
        [],
        [(3, "First3")],
        [(2, "First2"), (3, "First3")],
        [(1, "First1"), (2, "First2"), (3, "First3")],
        [(1, "First1"), (2, "First2"), (3, "First3")],
        [],
    ]
    assert [one.newest for one in frames] == [None, 3, 2, 1, None, None]
    for one in frames[:4]:
        assert one.headline == ()
        assert one.firsts == ()
    for before in frames[:3]:
        assert "First1" not in repr(before)


def test_the_headline_names_the_podium_after_the_first_place_best_first() -> None:
    headline = film(announced(PODIUM, THREE), material(PODIUM, THREE))[4]
    assert headline.kind is StepKind.HEADLINE
    assert [who.short for who in headline.headline] == ["First1", "First2", "First3"]


def test_the_closing_shows_every_first_place_once_more() -> None:
    charter = contest(place(1, 1, 2), brackets=TWO)
    won = [award(n, place=p, bracket=b) for n, p, b in ((1, 1, 0), (2, 2, 0), (3, 1, 1))]
    closing = film(announced(charter, won), material(charter, won))[-1]
    assert closing.podium is None
    assert [(one.bracket, [who.named.short for who in one.places]) for one in closing.firsts] == [
        ("Small", ["First1"]),
        ("Large", ["First3"]),
    ]


def test_a_frame_says_where_it_is_and_what_the_leader_wrote() -> None:
    made = announced(PODIUM, THREE, line="<b>Thanks</b>")
    one = frame(made, 1, material(PODIUM, THREE), "staff", rehearsal=True)
    assert (one.step, one.steps, one.line, one.slug, one.announcement, one.rehearsal) == (
        2, 6, "<b>Thanks</b>", "quarter", 7, True,
    )  # fmt: skip
    assert (one.contest, one.metric) == (PODIUM.name, PODIUM.metric)


def test_who_ties_stands_there_together() -> None:
    tied = [award(1), award(2)]
    frames = film(announced(PODIUM, tied), material(PODIUM, tied))
    assert shown(frames[1]) == [(1, "First1"), (1, "First2")]


@pytest.mark.parametrize("audience", ["staff", "public"])
def test_a_nameless_winner_has_no_value_no_prize_and_no_department_in_any_frame(
    audience: Audience,
) -> None:
    won = [award(1, display=Display("none", prize=True)), award(2, place=2)]
    known = material(PODIUM, won, [face(1, "Vera Quist"), face(2)])
    for one in [*film(announced(PODIUM, won), known, audience)]:
        assert "Vera" not in repr(one)
        assert "Quist" not in repr(one)
        for who in one.podium.places if one.podium else ():
            if who.named.nameless:
                assert (who.value, who.named.gift, who.named.department) == (None, None, None)
                assert who.place == 1


@pytest.mark.parametrize("audience", ["staff", "public"])
def test_who_hides_left_or_declined_is_a_colleague_and_the_others_keep_their_places(
    audience: Audience,
) -> None:
    made = announced(PODIUM, THREE)
    hidden = material(PODIUM, THREE, [face(2, "Ben Two"), face(3, "Caro Three")])
    declined = material(PODIUM, THREE[1:], [face(1), face(2, "Ben Two"), face(3, "Caro Three")])
    for known in (hidden, declined):
        one = frame(made, 3, known, audience)
        assert shown(one) == [(1, "A colleague"), (2, "Ben"), (3, "Caro")]
        assert one.podium is not None
        assert one.podium.places[0].value is None


def test_a_public_frame_has_no_surname_department_or_prize() -> None:
    for one in film(announced(PODIUM, THREE), material(PODIUM, THREE), "public"):
        said = repr(one)
        assert "Last" not in said
        assert "Research" not in said
        assert "Amount" not in said


def test_values_are_those_of_the_parts_own_standing() -> None:
    charter = contest(place(1), praise(2))
    won = [award(1), award(2, prize=2, person_id=1, kind="recognition", options=(), chosen=None)]
    values = {("prize", 1): 5, ("recognition", 1): 9}
    known = material(charter, won, [face(1)], values=values)
    recognition, prize = podiums(announced(charter, won).plan, known, "staff")
    assert [who.value for who in recognition.places] == [9]
    assert [who.value for who in prize.places] == [5]


def test_a_team_stands_there_once_with_its_own_value_also_when_a_member_declined() -> None:
    charter = contest(place(1), who="departments")
    won = [award(n, team="Sales", display=Display()) for n in (1, 2, 3)]
    made = announced(charter, won)
    for left, members in ((won, 3), (won[1:], 2)):
        known = material(charter, left, [], team_values={("prize", "Sales"): 42})
        [who] = podiums(made.plan, known, "staff")[0].places
        assert (who.named.name, who.value, who.members, who.place) == ("Sales", 42, members, 1)
        [outside] = podiums(made.plan, known, "public")[0].places
        assert (outside.named, outside.value, outside.place) == (A_TEAM, None, 1)
        assert "Sales" not in repr(outside)
    [nobody] = podiums(made.plan, material(charter, [], []), "staff")
    assert all(who.named.nameless for who in nobody.places)


def test_thresholds_and_draws_are_counted_and_name_nobody() -> None:
    charter = contest(place(1), reach(2, 25, 30), draw(3, 25, 2), least=10)
    won = [award(1), *(award(n, prize=2, place=None, bracket=None) for n in range(2, 6))]
    won += [award(9, prize=3, place=None, bracket=None)]
    known = material(charter, [one for one in won if one.id != 5])  # one declined since
    reached = [one for one in film(announced(charter, won), known) if one.kind == "reached"]
    last = reached[-1].podium
    assert last is not None
    assert [(one.prize, one.count, one.value, one.drawn) for one in last.reached] == [
        (2, 3, 25, False), (3, 1, 25, True),
    ]  # fmt: skip
    assert "First2" not in repr(reached)


def test_behind_the_third_place_they_stand_together() -> None:
    charter = contest(place(1, 1, 6))
    won = [award(n, place=n) for n in range(1, 7)]
    one = frame(announced(charter, won), 1, material(charter, won), "staff")
    assert one.podium is not None
    assert [who.place for who in one.podium.behind] == [4, 5, 6]
    assert one.podium.places == ()


def test_nobody_won_and_twenty_brackets_are_films_like_any_other() -> None:
    assert [one.kind for one in film(announced(PODIUM, []), material(PODIUM, []))] == [
        "opening", "nobody", "closing",
    ]  # fmt: skip
    brackets = tuple(
        msgspec.structs.replace(TWO[0], name=f"B{n}", at_least=n, below=n + 1) for n in range(20)
    )
    charter = contest(place(1), brackets=brackets)
    won = [award(n + 1, bracket=n) for n in range(20)]
    closing = film(announced(charter, won), material(charter, won))[-1]
    assert [one.bracket for one in closing.firsts] == [f"B{n}" for n in range(20)]


def test_what_is_among_all_is_said_to_be_so_only_where_there_are_several_brackets() -> None:
    won: list[Any] = [award(1, bracket=None, state=AwardState.PAID)]
    for brackets, of_all in ((TWO, True), (PODIUM.brackets, False)):
        charter = contest(place(1, among=Among.ALL), brackets=brackets)
        one = podiums(announced(charter, won).plan, material(charter, won), "staff")[-1]
        assert (one.of_all, one.bracket) == (of_all, None)
