"""What is shown of a winner: never more than they said, and less where strangers pass by."""

from __future__ import annotations

from typing import Any

import pytest

from app.announcing.named import COLLEAGUE, Audience, Gift, first_name, named, outside
from app.screens.sighted import sighted
from rewards.awards.award import Display
from tests.app.announcing.winners import DAYS, EUROS, award, face

ALIAS = face(1, "Kestrel", alias=True)
BOTH: tuple[Audience, ...] = ("staff", "public")


def shown(name: Any, *, prize: bool = False, **changes: Any) -> Any:
    return award(display=Display(name, prize), **changes)


@pytest.mark.parametrize("audience", BOTH)
@pytest.mark.parametrize(
    ("said", "seen"),
    [
        ("name", None),  # hides, pauses or left
        ("alias", None),
        ("none", face()),  # never answered, or prefers not to
        ("none", ALIAS),
        ("alias", face()),  # chose an alias, and has none any more
    ],
)
def test_without_a_yes_to_what_is_there_now_it_is_a_colleague_and_nothing_else(
    audience: Audience, said: str, seen: Any
) -> None:
    who = named(shown(said, prize=True), seen, audience)
    assert who == COLLEAGUE
    assert (who.nameless, who.department, who.gift, who.initials, who.tint) == (
        True, None, None, "", None,
    )  # fmt: skip


def test_staff_read_name_department_and_what_the_winner_allows() -> None:
    who = named(shown("name", prize=True), face(), "staff")
    assert (who.name, who.short, who.initials, who.department) == (
        "Ana Lima", "Ana", "AL", "Research",
    )  # fmt: skip
    assert who.gift == Gift((EUROS.amount,))
    assert named(shown("name"), face(), "staff").gift is None


def test_the_public_reads_a_first_name_and_neither_department_nor_prize() -> None:
    who = named(shown("name", prize=True), face(), "public")
    assert (who.name, who.short, who.initials) == ("Ana", "Ana", "A")
    assert (who.department, who.gift) == (None, None)
    assert "Lima" not in repr(who)


@pytest.mark.parametrize("said", ["name", "alias"])
@pytest.mark.parametrize("audience", BOTH)
def test_an_alias_stays_an_alias_whatever_was_said_when_and_has_no_department(
    said: str, audience: Audience
) -> None:
    # Somebody who said "name" and took an alias since is the alias from then on.
    who = named(shown(said), ALIAS, audience)
    assert (who.name, who.short, who.department, who.is_alias) == (
        "Kestrel", "Kestrel", None, True,
    )  # fmt: skip


def test_of_a_choice_both_are_shown_until_the_winner_chose() -> None:
    open_ = award(kind="choice", options=(EUROS, DAYS), chosen=None)
    assert named(open_, face(), "staff").gift == Gift((EUROS.amount, DAYS.amount))
    chose = award(kind="choice", options=(EUROS, DAYS), chosen=DAYS)
    assert named(chose, face(), "staff").gift == Gift((DAYS.amount,))


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("Ana Lima", "Ana"),
        ("Ana", "Ana"),
        ("محمد بن سلمان", "محمد"),
        ("  ", "  "),
        ("李 小龙", "李"),
        # As directories write names.
        ("Okafor, Maya Ada", "Maya"),
        ("Okafor,", "Okafor"),
        ("Martin King, Jr.", "Martin"),
        (",", ","),
        ("Prof. Dr. Maya Okafor", "Maya"),
        ("Okafor, Dr. Maya", "Maya"),
        ("Dipl.-Ing. Jonas Weiß", "Jonas"),
        ("Frau Aiko Mori", "Aiko"),
        ("Prof.Dr.rer.nat. Phil Nat", "Phil"),
        ("Ingmar Medić", "Ingmar"),
        ("Dr. Maya", "Maya"),
        ("Dr.", "Dr."),
    ],
)
def test_a_first_name_is_the_first_word_that_is_no_title_behind_a_family_set_off_by_a_comma(
    name: str, first: str
) -> None:
    assert first_name(name) == first


@pytest.mark.parametrize(
    "name",
    ["李小龙", "李 小龙", "山田太郎", "やまだ たろう", "ヤマダ", "김민수", "Dr. Okafor", "Okafor, Dr.",
     "Okafor,", "Mrs Okafor"],
)  # fmt: skip
def test_whose_first_name_nobody_can_tell_is_a_colleague_to_the_public_unless_by_alias(
    name: str,
) -> None:
    assert outside(name) is None
    assert named(shown("name", prize=True), face(name=name), "public") == COLLEAGUE
    assert named(shown("name"), face(name=name), "staff").name == name
    assert sighted(face(name=name), "public") is None
    alias = face(name=name, alias=True)
    assert named(shown("name"), alias, "public").name == name
    assert getattr(sighted(alias, "public"), "name", None) == name


def test_the_public_reads_no_title() -> None:
    assert named(shown("name"), face(name="Dr. Maya Okafor"), "public").name == "Maya"
