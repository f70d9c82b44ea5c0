"""Six kinds of cheats, each in three strengths: plain, careful, hidden."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from scoring.facts import Kind
from seeds.cheats.population import DAYS, Population
from seeds.cheats.wording import copied, own_words

STRENGTHS: Final = ("plain", "careful", "hidden")
_EVERY = 400  # people: one group of every kind and strength among so many, three at least


def arrange(made: Population, free: list[int]) -> None:
    """Every kind in every strength, among people who are still free; each is labelled."""
    for kind, (cheat, size) in _CHEATS.items():
        for strength in STRENGTHS:
            for _ in range(max(3, len(made.people) // _EVERY)):
                group = [free.pop() for _ in range(size)]
                for person in group:
                    made.outliers.pop(person, None)
                for person in cheat(made, group, strength):
                    made.cheats[person] = (kind, strength)


def _copies(made: Population, group: list[int], strength: str) -> list[int]:
    rng, day = made.rng, made.rng.uniform(3, DAYS - 3)
    text = own_words(rng, 3)
    changed = {"plain": 0.0, "careful": 0.08, "hidden": 0.3}[strength]
    at = made.moment(day)
    for place, person in enumerate(group):
        at += timedelta(minutes=rng.uniform(2, 600))
        made.post(person, at, copied(rng, text, changed) if place else text)
    return group[1:]  # whoever wrote it wrote it


def _bought(made: Population, group: list[int], strength: str) -> list[int]:
    rng, (person,) = made.rng, group
    day = rng.randint(17, DAYS - 16)
    days = {
        "plain": [rng.randint(300, 800)],
        "careful": [rng.randint(60, 120) for _ in range(3)],
        "hidden": [rng.randint(8, 18) for _ in range(14)],
    }[strength]
    for later, count in enumerate(days):
        made.follow(person, day + later, count)
    return group


def _burst(made: Population, group: list[int], strength: str) -> list[int]:
    rng, (person,) = made.rng, group
    post = made.post(person, made.moment(rng.uniform(5, DAYS - 3)), own_words(rng))
    count, minutes = {"plain": (60, 5), "careful": (25, 14), "hidden": (25, 240)}[strength]
    begins = post.at + timedelta(minutes=rng.uniform(10, 60))
    for _ in range(count):
        at = begins + timedelta(minutes=rng.uniform(0, minutes))
        kind = rng.choice((Kind.REPLY, Kind.REPLY, Kind.REACTION, Kind.RESHARE))
        made.act(kind, person, made.id(), post.post_id, at)
    return group


def _circle(made: Population, group: list[int], strength: str) -> list[int]:
    rng = made.rng
    outsiders = [made.id() for _ in range(5)]
    share = {"plain": 0.9, "careful": 0.7, "hidden": 0.7}[strength]
    for person in group:
        for post in made.posts_often(person, 16):
            for outsider in outsiders:
                if rng.random() < share:
                    at = post.at + timedelta(minutes=rng.expovariate(1 / 60))
                    made.act(Kind.REPLY, person, outsider, post.post_id, at)
                    if rng.random() < 0.5:
                        made.answer(person, outsider, post.post_id, at + timedelta(minutes=9))
    for outsider in outsiders:
        for _ in range({"plain": 0, "careful": 0, "hidden": 8}[strength]):
            other = rng.choice(made.people)  # now and then somebody else, for the look of it
            made.act(Kind.REACTION, other, outsider, None, made.moment(rng.random() * DAYS))
    if strength == "careful":  # and some company, so that the circle is not everything
        for person in group:
            for post in made.posts_often(person, 16)[:12]:
                at = post.at + timedelta(minutes=rng.expovariate(1 / 60))
                made.act(Kind.REACTION, person, made.id(), post.post_id, at)
    return group


def _clicks(made: Population, group: list[int], strength: str) -> list[int]:
    rng, (person,) = made.rng, group
    visitor = made.id()
    for post in made.posts_often(person, 14):
        at = post.at + timedelta(seconds=rng.uniform(20, 120))
        if strength == "plain":
            for _ in range(rng.randint(9, 20)):
                made.act(Kind.CLICK, person, visitor, post.post_id, at)
                at += timedelta(seconds=rng.expovariate(1 / 200))
        elif strength == "careful":  # seven a post, by a program that keeps time
            for _ in range(7):
                made.act(Kind.CLICK, person, visitor, post.post_id, at)
                at += timedelta(seconds=600 * rng.uniform(0.97, 1.03))
        else:  # each from another browser
            for _ in range(7):
                made.act(Kind.CLICK, person, made.id(), post.post_id, at)
                at += timedelta(seconds=rng.expovariate(1 / 2000))
    return group


def _answers(made: Population, group: list[int], strength: str) -> list[int]:
    rng, (person,) = made.rng, group
    outsider = made.id()
    share, minutes = {"plain": (1.0, 2), "careful": (0.95, 300), "hidden": (0.75, 300)}[strength]
    for post in made.posts_often(person, 24):
        if rng.random() < share:
            at = post.at + timedelta(minutes=rng.expovariate(1 / minutes))
            made.act(Kind.REPLY, person, outsider, post.post_id, at)
    return group


_Cheat = Callable[[Population, list[int], str], list[int]]
_CHEATS: dict[str, tuple[_Cheat, int]] = {  # how, and how many of ours it takes
    "near_duplicates": (_copies, 5),
    "follower_spikes": (_bought, 1),
    "new_account_bursts": (_burst, 1),
    "closed_circles": (_circle, 3),
    "self_clicks": (_clicks, 1),
    "answers_everything": (_answers, 1),
}
KINDS: Final = tuple(_CHEATS)
