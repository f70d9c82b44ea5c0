"""A contest in plain words: one paragraph that a person reads once and knows what it is. Pure.

Law: everything that decides who wins what stands in it or in the official rules, nothing beside.
"""

from __future__ import annotations

from rewards.contests.charter import Among, Charter, Prize
from rewards.contests.phrases import (
    between,
    brackets_words,
    for_several,
    ladder,
    listed,
    metric_of,
    number_words,
    places,
    threshold,
    wins,
)


def sentence(charter: Charter) -> str:
    """'From 1 to 21 December, in each of three brackets by audience, the ambassador answered by the
    most people wins 2 vacation days and the second €200. …'"""
    said = [_places(charter), *_thresholds(charter)]
    if any(prize.first_place is not None for prize in charter.prizes):
        said.append(_ties(charter))
    return " ".join(part for part in said if part)


def _places(charter: Charter) -> str:
    contest = metric_of(charter).contest
    assert contest is not None
    standings = [
        (among, found)
        for mode in ("prize", "recognition")
        for among in Among
        if (found := ladder(charter, among, mode))
    ]
    when = between(charter)
    if not standings:
        card = contest.card[:1].lower() + contest.card[1:]
        return f"{when}, everybody who takes part sees where they stand: {card}."
    said = []
    for number, (among, prizes) in enumerate(standings):
        scope = brackets_words(charter) if among is Among.EACH else _in_all(charter)
        parts = [_lead(charter, contest.sentence, prizes[0])]
        parts += [f"{places(prize)} {wins(prize)}" for prize in prizes[1:]]
        text = f"{scope}{listed(parts)}."
        said.append(f"{when}, {text}" if number == 0 else f"{text[:1].upper()}{text[1:]}")
    return " ".join(said)


def _lead(charter: Charter, leads: str, first: Prize) -> str:
    """'the ambassador answered by the most people wins 2 vacation days', or 'the three … win … each'."""
    one = "ambassador" if charter.who == "people" else charter.who[:-1]
    last = first.last_place or first.first_place or 1
    if first.first_place != 1:
        return f"{places(first)} of the {one}s {for_several(leads)} gets {wins(first)}"
    if last == 1:
        return f"the {one} {leads} wins {wins(first)}"
    return f"the {number_words(last)} {one}s {for_several(leads)} win {wins(first)}"


def _in_all(charter: Charter) -> str:
    return "in all brackets together, " if len(charter.brackets) > 1 else ""


def _thresholds(charter: Charter) -> list[str]:
    return [threshold(charter, prize) for prize in charter.prizes if prize.first_place is None]


def _ties(charter: Charter) -> str:
    pool = "pool" in charter.breakers
    if "earliest" in charter.breakers:
        return "Ties go to whoever got there first" + ("; else money is shared." if pool else ".")
    if pool:
        return "Those who tie share the money of their places."
    return "Ties are broken by an order that nobody can know before."
