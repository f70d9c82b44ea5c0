"""Who is in the population, what they did, and what is true of them."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

from scoring.facts import Kind
from scoring.integrity.happened import Act, Count, Happened, OwnText, Written, by_person, met_in

NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)
DAYS = 42
BEGIN = NOW - timedelta(days=DAYS)
LONG_AGO = NOW - timedelta(days=400)


class Population:
    """People 1 … n. `cheats` says of whom is what true, and how well hidden; `outliers` who stands out."""

    def __init__(self, people: int, seed: int) -> None:
        self.rng = Random(f"cheats {seed} {people}")
        self.people = range(1, people + 1)
        self.cheats: dict[int, tuple[str, str]] = {}
        self.outliers: dict[int, str] = {}
        self.linked_at = dict.fromkeys(self.people, LONG_AGO)
        self.written: dict[int, list[Written]] = defaultdict(list)
        self.gains: dict[int, list[int]] = {}  # new followers, day by day
        self.company_texts: list[str] = []
        self._received: list[Act] = []
        self._answered: list[Act] = []
        self._texts: list[OwnText] = []

    def id(self) -> UUID:
        """An id nobody else has."""
        return UUID(int=self.rng.getrandbits(128))

    def shuffled(self) -> list[int]:
        """Everybody, in no order: parts are given out from its end."""
        free = list(self.people)
        self.rng.shuffle(free)
        return free

    def moment(self, day: float) -> datetime:
        """Some time on the day-th day, when people are awake."""
        return BEGIN + timedelta(days=int(day), hours=self.rng.triangular(0, 17, 6))

    def post(self, person: int, at: datetime, text: str | None = None) -> Written:
        """A person writes something."""
        post = Written(self.id(), at)
        self.written[person].append(post)
        if text is not None:
            self._texts.append(OwnText(post.post_id, person, at, text, (self.id(),)))
        return post

    def posts_often(self, person: int, least: int) -> list[Written]:
        """A person's posts in order of time, at least so many, spread over the weeks."""
        for n in range(least - len(self.written[person])):
            self.post(person, self.moment(n * DAYS / least))
        return sorted(self.written[person], key=lambda post: post.at)

    def act(
        self, kind: Kind, person: int, outsider: UUID | None, post: UUID | None, at: datetime
    ) -> None:
        """Somebody outside does something to a person; what lies ahead does not happen."""
        if at <= NOW:
            self._received.append(Act(self.id(), kind, person, outsider, post, at))

    def answer(self, person: int, outsider: UUID, post: UUID | None, at: datetime) -> None:
        """A person answers somebody outside."""
        if at <= NOW:
            self._answered.append(Act(self.id(), Kind.REPLY, person, outsider, post, at))

    def follow(self, person: int, day: int, count: int) -> None:
        """So many follow somebody on a day, whoever they are."""
        for _ in range(count):
            self.act(Kind.FOLLOW, person, self.id(), None, self.moment(day))
        self.gains[person][day] += count

    @property
    def engagements(self) -> int:
        """How many things were done."""
        return len(self._received) + len(self._answered) + len(self._texts)

    def happened(self) -> Happened:
        """All of it, as detectors see it."""
        acts = self._received
        return Happened(
            now=NOW,
            received=by_person(acts),
            answered=by_person(self._answered),
            written={
                person: sorted(posts, key=lambda post: post.at)
                for person, posts in self.written.items()
            },
            linked_at=self.linked_at,
            met=met_in(acts),
            texts=self._texts,
            company_texts=self.company_texts,
            counts={person: [self._counts(person)] for person in self.people},
        )

    def _counts(self, person: int) -> list[Count]:
        followers, counts = 500, []
        for day, gained in enumerate(self.gains[person]):
            followers += gained
            counts.append(Count(BEGIN + timedelta(days=day, hours=17.9), followers))
        return counts
