"""A company of 2,000 and what happens to it in six weeks, from one seed. Pure.

Everything is told the way networks tell it: late, twice, in another order, taken back, and for two days
not at all. The season holds the end of summer time, and a contest that ends while a network is silent.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from random import Random
from typing import Any

import msgspec

START = datetime(2026, 10, 5, tzinfo=UTC)
WEEKS = 6
END = START + timedelta(weeks=WEEKS)
# Mastodon is silent for two days; what happened meanwhile comes in the hours after.
SILENT_FROM = START + timedelta(days=15, hours=6)
SILENT_UNTIL = SILENT_FROM + timedelta(days=2)
# Days of the season on which followers are counted.
COUNTED_ON = (0, 7, 14, 28, 35)
TAG = "#TeamNorthwind"
COMPANY = "co"
NETWORKS = ("mastodon", "x", "standard")


@dataclass(frozen=True, slots=True)
class Told:
    """A delivery of the company's own bridge, as it arrives."""

    received_at: datetime
    key: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Deed:
    """Something a person does in Fanfare: enrol, leave, pause, resume, link, unlink."""

    at: datetime
    person: int  # 1, 2, 3 …
    verb: str
    network: str | None = None
    counts: str | None = None


@dataclass(slots=True)
class World:
    """Who there is, what they do in Fanfare, and what the networks tell of them."""

    people: int
    deeds: list[Deed] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)


def account(person: int) -> str:
    """What a person is called on every network."""
    return f"e{person}"


def world(seed: int, people: int = 2_000, happenings: int = 12_000) -> World:
    """The season of a seed."""
    random = Random(seed)
    made = World(people)
    linked = _people(made, random)
    events = list(_events(random, people, linked, happenings))
    for number, (at, type_, data) in enumerate(events):
        body = msgspec.json.encode({"type": type_, "timestamp": at, "data": data})
        for repeat in range(1 + (random.random() < 0.05)):
            received_at = _received(random, at, str(data.get("platform")))
            made.told.append(Told(received_at, f"{number}-{repeat}", body))
    made.told.sort(key=lambda told: (told.received_at, told.key))
    made.deeds.sort(key=lambda deed: (deed.at, deed.person))
    return made


def _people(made: World, random: Random) -> dict[str, list[int]]:
    """Who takes part from when on; returns who has an account on which network at some time."""
    linked: dict[str, list[int]] = {network: [] for network in NETWORKS}
    before = START - timedelta(days=20)
    for person in range(1, made.people + 1):
        since = before if random.random() < 0.9 else _moment(random)
        made.deeds.append(Deed(since, person, "enrol"))
        for network, share in (("mastodon", 0.9), ("x", 0.4), ("standard", 0.2)):
            if random.random() < share:
                at = since + timedelta(minutes=1)
                if random.random() < 0.1:  # a late link
                    at = max(at, _moment(random))
                counts = "every" if random.random() < 0.6 else "disclosed"
                made.deeds.append(Deed(at, person, "link", network, counts))
                linked[network].append(person)
                if random.random() < 0.03:
                    late = max(at, _moment(random)) + timedelta(minutes=5)
                    made.deeds.append(Deed(late, person, "unlink", network))
        if random.random() < 0.04:
            away = max(since, _moment(random)) + timedelta(hours=2)
            if random.random() < 0.5:
                made.deeds.append(Deed(away, person, "leave"))
            else:
                made.deeds.append(Deed(away, person, "pause"))
                made.deeds.append(Deed(away + timedelta(days=3), person, "resume"))
    return linked


def _moment(random: Random) -> datetime:
    return START + timedelta(seconds=random.randrange(WEEKS * 7 * 86_400))


def _received(random: Random, at: datetime, network: str) -> datetime:
    received_at = at + timedelta(seconds=random.expovariate(1 / 240))
    if random.random() < 0.01:
        received_at += timedelta(hours=random.uniform(1, 120))
    if network == "mastodon" and SILENT_FROM <= received_at < SILENT_UNTIL:
        received_at = SILENT_UNTIL + timedelta(seconds=random.uniform(0, 4 * 3600))
    return received_at


Event = tuple[datetime, str, dict[str, Any]]


def _events(
    random: Random, people: int, linked: dict[str, list[int]], happenings: int
) -> Iterator[Event]:
    """Posts, answers, reactions, follows, shares and reshares, removals, follower counts."""
    # Few are answered much and many a little, as everywhere.
    weights = {
        network: list(accumulate(1 / (1 + random.randrange(people)) ** 0.7 for _ in persons))
        for network, persons in linked.items()
    }
    posts: dict[str, list[tuple[datetime, str, str]]] = {network: [] for network in NETWORKS}
    for network in NETWORKS:
        for number, person in enumerate(random.choices(linked[network], cum_weights=weights[network],
                                                       k=happenings // 12)):  # fmt: skip
            at = _moment(random) - timedelta(days=2)
            name = f"p{number}"
            posts[network].append((at, name, account(person)))
            text = f"A day at work {number}" + (f" {TAG}" if random.random() < 0.5 else "")
            yield at, "post.published", {
                "platform": network, "id": name, "author": account(person), "text": text,
            }  # fmt: skip
        stories = [(START + timedelta(days=day), f"s{day}") for day in range(0, WEEKS * 7, 3)]
        for at, name in stories:
            yield at, "post.published", {
                "platform": network, "id": name, "author": COMPANY, "text": "News of the company",
            }  # fmt: skip
        posts[network].sort()
    for number in range(happenings):
        network = random.choices(NETWORKS, (6, 3, 1))[0]
        yield from _happening(random, number, network, posts[network], linked[network])
    for network in NETWORKS:
        for person in linked[network]:
            yield from _followers(random, network, person)


def _happening(
    random: Random,
    number: int,
    network: str,
    posts: list[tuple[datetime, str, str]],
    linked: list[int],
) -> Iterator[Event]:
    at, post, author = random.choice(posts)
    at += timedelta(minutes=random.expovariate(1 / 600))
    outsider = f"o{random.randrange(4_000)}"
    common = {"platform": network, "target": author, "post": post, "thread": post}
    draw = random.random()
    match draw:
        case _ if draw < 0.6:
            kind = "reply" if draw < 0.52 else "quote"
            actor = outsider if random.random() < 0.93 else account(random.choice(linked))
            made = {**common, "kind": kind, "id": f"r{number}", "actor": actor}
            yield at, "engagement.recorded", made
            if random.random() < 0.05:
                gone_at = at + timedelta(hours=random.expovariate(1 / 60))
                yield gone_at, "engagement.removed", {"platform": network, "id": f"r{number}"}
        case _ if draw < 0.75:
            yield at, "engagement.recorded", {**common, "kind": "reaction", "actor": outsider}
        case _ if draw < 0.82:
            yield at, "engagement.recorded", {
                "platform": network, "kind": "follow", "actor": outsider, "target": author,
            }  # fmt: skip
        case _ if draw < 0.95:
            day = random.randrange(0, WEEKS * 7, 3)
            story_at = START + timedelta(days=day, minutes=random.expovariate(1 / 900))
            yield story_at, "engagement.recorded", {
                "platform": network, "kind": "reshare", "id": f"h{number}",
                "actor": account(random.choice(linked)), "target": COMPANY, "post": f"s{day}",
            }  # fmt: skip
        case _:
            made = {**common, "kind": "reshare", "id": f"c{number}", "actor": COMPANY}
            yield at, "engagement.recorded", made


def _followers(random: Random, network: str, person: int) -> Iterator[Event]:
    """A count on the days around which contests of followers begin and end, with gaps."""
    followers = int(random.lognormvariate(5.5, 1.4))
    hour = random.uniform(0, 24)
    for day in COUNTED_ON:
        followers = max(0, followers + random.choice((-4, 0, 0, 2, 5, 9, 14)))
        if random.random() < 0.9:
            yield START + timedelta(days=day, hours=hour), "followers.counted", {
                "platform": network, "account": account(person), "followers": followers,
            }  # fmt: skip
