"""People who stand out honestly: what happens to them looks odd and is none of anybody's making."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from scoring.facts import Kind
from seeds.cheats.population import BEGIN, DAYS, NOW, Population
from seeds.cheats.wording import STORY, about_the_story, own_words

_EVERY = 200  # people: one of each kind among so many, three at least


def stand_out(made: Population, free: list[int]) -> None:
    """Give every kind of honest outlier to some people who are still free."""
    for name, happen in _OUTLIERS.items():
        for _ in range(max(3, len(made.people) // _EVERY)):
            person = free.pop()
            made.outliers[person] = name
            happen(made, person)
    # A story that everybody tells, most in their own words, some in the company's.
    day = made.rng.uniform(15, 35)
    for person in made.rng.sample(list(made.people), len(made.people) // 4):
        at = made.moment(day + made.rng.random() * 2)
        text = about_the_story(made.rng) if made.rng.random() < 0.85 else f"{STORY} 👏"
        made.post(person, at, text)
        if person in free:
            made.outliers.setdefault(person, "story")


def _some_day(made: Population) -> int:
    return made.rng.randint(18, DAYS - 4)


def _viral(made: Population, person: int) -> None:
    rng, day = made.rng, _some_day(made)
    post = made.post(person, made.moment(day), own_words(rng))
    kinds = (Kind.REACTION, Kind.REACTION, Kind.REACTION, Kind.REPLY, Kind.RESHARE, Kind.QUOTE)
    for _ in range(rng.randint(300, 1200)):
        # Slowly first, then an hour in which everybody comes, then for days.
        at = post.at + timedelta(minutes=rng.lognormvariate(5.0, 1.1))
        outsider = made.id()
        made.act(rng.choice(kinds), person, outsider, post.post_id, at)
        if rng.random() < 0.2:
            made.act(Kind.CLICK, person, made.id(), post.post_id, at)
    for later, share in enumerate((1.0, 0.5, 0.2)):
        made.follow(person, day + later, int(rng.randint(80, 300) * share))


def _talk(made: Population, person: int) -> None:
    rng, day = made.rng, _some_day(made)
    post = made.post(person, BEGIN + timedelta(days=day, hours=2), own_words(rng))
    begins = post.at + timedelta(hours=3)
    followers = 0
    for _ in range(rng.randint(50, 150)):
        # During the talk, at its end, and over the day.
        at = begins + timedelta(
            minutes=rng.choice((rng.uniform(0, 45), 45 + rng.expovariate(1 / 70)))
        )
        outsider = made.id()
        kind = rng.choice((Kind.MENTION, Kind.REACTION, Kind.REPLY, Kind.FOLLOW))
        made.act(kind, person, outsider, None if kind is Kind.FOLLOW else post.post_id, at)
        followers += kind is Kind.FOLLOW
    made.gains[person][day] += followers


def _hashtag(made: Population, person: int) -> None:
    rng = made.rng
    post = made.post(person, made.moment(_some_day(made)), own_words(rng))
    for _ in range(rng.randint(60, 140)):
        at = post.at + timedelta(minutes=rng.uniform(0, 600))
        made.act(rng.choice((Kind.REACTION, Kind.REPLY)), person, made.id(), post.post_id, at)


def _newcomer(made: Population, person: int) -> None:
    rng, day = made.rng, _some_day(made)
    made.linked_at[person] = BEGIN + timedelta(days=day)
    post = made.post(person, made.moment(day) + timedelta(hours=1), own_words(rng))
    for _ in range(rng.randint(25, 50)):  # friends and former colleagues say welcome at once
        at = post.at + timedelta(minutes=rng.uniform(1, 14))
        made.act(rng.choice((Kind.REPLY, Kind.REACTION)), person, made.id(), post.post_id, at)


def _regular(made: Population, person: int, share: float, answered: float) -> None:
    rng, friend = made.rng, made.id()
    for post in made.posts_often(person, 24):
        if rng.random() < share:
            at = post.at + timedelta(minutes=rng.expovariate(1 / 200))
            made.act(Kind.REPLY, person, friend, post.post_id, at)
            if rng.random() < answered:
                made.answer(person, friend, post.post_id, at + timedelta(minutes=20))


def _friends(made: Population, person: int) -> None:
    _regular(made, person, 0.5, 0.8)


def _faithful(made: Population, person: int) -> None:
    _regular(made, person, 0.72, 0.3)


def _community(made: Population, person: int) -> None:
    """Five who share a hobby with two of ours, talk to them often and to others, too."""
    rng = made.rng
    others = rng.sample(list(made.people), 12)
    friends: list[UUID] = [made.id() for _ in range(5)]
    posts = [(one, post) for one in (person, others[0]) for post in made.posts_often(one, 8)]
    for friend in friends:
        for one, post in rng.sample(posts, 10):
            made.act(Kind.REPLY, one, friend, post.post_id, post.at + timedelta(hours=rng.random()))
            made.answer(one, friend, post.post_id, post.at + timedelta(hours=2))
        for one in rng.sample(others, 4):
            made.act(Kind.REACTION, one, friend, None, _any_time(made))


def _family(made: Population, person: int) -> None:
    """Three relatives of two who both work here; they answer when there is something to say."""
    rng = made.rng
    relatives = [made.id() for _ in range(3)]
    for one in (person, rng.choice(made.people)):
        for post in made.posts_often(one, 12):
            for relative in relatives:
                if rng.random() < 0.2:
                    at = post.at + timedelta(minutes=rng.expovariate(1 / 300))
                    made.act(Kind.REPLY, one, relative, post.post_id, at)
                    made.answer(one, relative, post.post_id, at + timedelta(minutes=30))
            for _ in range(rng.randint(0, 3)):
                at = post.at + timedelta(minutes=rng.expovariate(1 / 300))
                made.act(Kind.REPLY, one, made.id(), post.post_id, at)


def _any_time(made: Population) -> datetime:
    return min(NOW, made.moment(made.rng.random() * DAYS))


_OUTLIERS: dict[str, Callable[[Population, int], None]] = {
    "viral": _viral,
    "talk": _talk,
    "hashtag": _hashtag,
    "newcomer": _newcomer,
    "friends": _friends,
    "faithful": _faithful,
    "community": _community,
    "family": _family,
}
