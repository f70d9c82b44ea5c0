"""Random worlds: facts and decisions that may come in any order, for the law «once»."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from scoring.facts import Engagement, Fact, Figure, Kind, Post, Removal, Snapshot
from scoring.identity import engagement_id
from scoring.rulebooks import adopt_rulebook
from tests.scoring import scene
from tests.scoring.scene import ANA, BEN, CEM, NETWORK, NOW, account, hour, tell

EMPLOYEES = ("ana", "ana2", "ben", "cem")
OUTSIDERS = ("out1", "out2", "out3")
# Ties, both sides of a local midnight (23:00 UTC), of a week's and of a month's end.
HOURS = (0, 0, 1, 5, 13.9, 14, 14.1, 30, 62, 86, 133.9, 134, 134.1, 158, 182, 300, 310)

TIGHT = """
[[rule]]
name = "answered"
when = { relation = "earned", kind = ["reply", "quote"] }
credit = "actor+post"
per = "day"
steps = [[1, 5], [1, 2]]
[[rule]]
name = "new_voice"
when = { relation = "earned", kind = ["reply", "quote", "reaction"] }
credit = "actor"
per = "week"
steps = [[1, 7], [2, 3]]
[[rule]]
name = "liked"
when = { relation = "earned", kind = "reaction" }
credit = "actor+post"
per = "post"
steps = [[2, 3], [2, 1]]
[[rule]]
name = "followed"
when = { relation = "earned", kind = ["follow", "mention"] }
credit = "actor+day"
per = "week"
steps = [[2, 1]]
[[rule]]
name = "conversed"
when = { relation = "conversed", kind = "reply" }
credit = "target+thread"
per = "day"
steps = [[2, 4]]
[[rule]]
name = "authored"
when = { relation = "authored", kind = "post" }
credit = "day"
per = "week"
steps = [[2, 4]]
[[rule]]
name = "story_shared"
when = { relation = "shared" }
credit = "post"
per = "week"
steps = [[2, 8]]
[[rule]]
name = "company_shared_yours"
when = { relation = "reshared" }
credit = "post"
per = "month"
steps = [[1, 40], [1, 15]]
[[rule]]
name = "echo"
when = { relation = "echo" }
credit = "actor"
per = "week"
steps = [[2, 1]]
"""

WIDE = """
[[rule]]
name = "answered"
when = { relation = "earned", kind = ["reply", "quote"] }
credit = "actor+post"
per = "week"
repeat = "window"
steps = [[3, 11]]
[[rule]]
name = "new_voice"
when = { relation = "earned", kind = "reply" }
credit = "actor"
per = "post"
steps = [[2, 3]]
[[rule]]
name = "liked"
when = { relation = "earned", kind = ["reaction", "reply"] }
credit = "actor+post"
per = "day"
steps = [[3, 1]]
[[rule]]
name = "topics"
when = { relation = "earned", topic = ["a", "b"] }
credit = "topic"
per = "month"
steps = [[1, 9]]
[[rule]]
name = "threads"
when = { relation = "peer" }
credit = "actor+thread"
per = "day"
repeat = "window"
steps = [[2, 4]]
[[rule]]
name = "echo"
when = { relation = "echo" }
credit = "actor+post"
per = "post"
steps = [[2, 6]]
[[rule]]
name = "conversed"
when = { relation = "conversed" }
credit = "target"
per = "season"
steps = [[5, 4]]
[[rule]]
name = "variety"
when = { relation = "authored" }
credit = "topic"
per = "week"
repeat = "window"
steps = [[1, 5], [1, 2]]
[[rule]]
name = "about_a"
when = { relation = "earned", kind = "reaction", topic = "a" }
credit = "actor+post"
per = "week"
steps = [[3, 2]]
"""


@dataclass(frozen=True)
class Told:
    """A network tells a fact, at a receipt of its own."""

    fact: Fact
    received_at: datetime = NOW

    async def happen(self, connection: Any) -> None:
        await tell(connection, self.fact, received_at=self.received_at)


@dataclass(frozen=True)
class Owned:
    """An account becomes somebody's."""

    name: str
    person: int | None
    counts: str
    at: datetime

    async def happen(self, connection: Any) -> None:
        async with connection.transaction():
            counts = None if self.person is None else self.counts
            await scene.own(connection, self.name, self.person, self.at, counts)


@dataclass(frozen=True)
class Enrolled:
    """A person joins, pauses or leaves."""

    person: int
    state: str
    at: datetime

    async def happen(self, connection: Any) -> None:
        async with connection.transaction():
            await scene.enrol(connection, self.person, self.state, self.at)


@dataclass(frozen=True)
class Marked:
    """Somebody says something about a post."""

    post: str
    name: str
    value: str | None = None

    async def happen(self, connection: Any) -> None:
        async with connection.transaction():
            await scene.mark(connection, self.post, self.name, self.value)


@dataclass(frozen=True)
class Said:
    """The author puts a topic on a post, or communications takes it off; the latter comes later."""

    post: str
    topic: str
    stands: bool

    async def happen(self, connection: Any) -> None:
        async with connection.transaction():
            await scene.say_topic(connection, self.post, self.topic, self.stands)


@dataclass(frozen=True)
class Held:
    """A case holds a deed; `order` keeps a release after its hold."""

    kind: Kind
    native_id: str
    target: str | None
    held: bool

    async def happen(self, connection: Any) -> None:
        target = None if self.target is None else account(self.target)
        async with connection.transaction():
            deed = engagement_id(NETWORK, self.kind, self.native_id, target)
            await scene.hold(connection, deed, self.held)


@dataclass(frozen=True)
class Adopted:
    """A version of the rulebook, valid from the past."""

    toml: str
    valid_from: datetime
    recorded_at: datetime

    async def happen(self, connection: Any) -> None:
        async with connection.transaction():
            known = await connection.fetchval(
                "select exists (select from rulebook where recorded_at = $1)", self.recorded_at
            )
            if not known:
                await adopt_rulebook(
                    connection,
                    self.toml,
                    name="correction",
                    valid_from=self.valid_from,
                    recorded_at=self.recorded_at,
                )


Act = Told | Owned | Enrolled | Marked | Said | Held | Adopted


@dataclass(frozen=True)
class World:
    """A rulebook and everything that becomes known, in one possible order."""

    toml: str
    acts: tuple[Act, ...]


@st.composite
def worlds(draw: st.DrawFn, most_deeds: int = 14) -> World:
    """A world of a few posts by everybody and what is done to them."""
    authors: dict[str, str] = {}
    deeds: dict[tuple[Kind, str, str | None], Engagement] = {}
    acts: list[Act] = []
    hours = st.sampled_from(HOURS)

    def did(kind: Kind, name: str, actor: str | None, target: str | None, **more: Any) -> None:
        deeds.setdefault((kind, name, target), Engagement(kind, name, actor, target, **more))

    for n, author in enumerate(("ana", "ana2", "ben", "cem", "acme", "out1")):
        authors[f"p{n}"] = author
        if draw(st.booleans()):
            did(Kind.POST, f"p{n}", author, None, occurred_at=hour(draw(hours)))
        if author != "out1" and draw(st.booleans()):
            topics = tuple(draw(st.lists(st.sampled_from("abc"), max_size=2)))
            text = draw(st.sampled_from(["hello", f"hello {scene.TAG}"]))
            # Published before anything is done to it, as on any network.
            at = hour(draw(st.sampled_from([-1, -0.5, 0])))
            acts.append(Told(Post(f"p{n}", author, at, text=text, topics=topics)))
    for n in range(draw(st.integers(2, most_deeds))):
        post = draw(st.sampled_from(sorted(authors)))
        target = authors[post]
        actor = draw(st.sampled_from((*OUTSIDERS, *OUTSIDERS, *EMPLOYEES, "acme", "acme")))
        kind = draw(
            st.sampled_from(
                [Kind.REPLY, Kind.REPLY, Kind.QUOTE, Kind.RESHARE, Kind.REACTION, Kind.MENTION,
                 Kind.FOLLOW]
            )
        )  # fmt: skip
        if actor in OUTSIDERS and target in OUTSIDERS:
            target = draw(st.sampled_from(EMPLOYEES))
            post = next(p for p, author in authors.items() if author == target)
        at = draw(st.none() | hours.map(hour))
        also = tuple(f"alias{n}{m}" for m in range(draw(st.integers(0, 2))))
        if kind is Kind.FOLLOW:
            did(kind, f"{actor}>{target}", actor, target, occurred_at=at, also=also)
        elif kind is Kind.REACTION:
            unknown = draw(st.integers(0, 5)) == 0
            who = None if unknown else actor
            did(kind, f"like:{actor}>{post}", who, target, post=post, occurred_at=at, also=also)
        else:
            name = f"d{n}"
            thread = draw(st.sampled_from([None, "t1"]))
            did(kind, name, actor, target, post=post, thread=thread, occurred_at=at, also=also)
            authors[name] = actor
            if draw(st.integers(0, 6)) == 0:  # another source does not say whose post it was
                did(kind, name, actor, None, post=post, thread=thread, occurred_at=at, also=also)
            if draw(st.integers(0, 6)) == 0:  # the same mentions somebody else, too
                other = draw(st.sampled_from(EMPLOYEES))
                did(Kind.MENTION, name, actor, other, post=post, occurred_at=at)

    for deed in deeds.values():
        acts.append(Told(deed, hour(draw(hours) + 320)))
        for _ in range(draw(st.sampled_from([0, 0, 0, 1, 2]))):
            again = draw(st.none() | hours.map(hour))
            changed = Engagement(
                deed.kind, deed.native_id, deed.actor, deed.target, deed.post, deed.thread, again,
                deed.also[:1],
            )  # fmt: skip
            acts.append(Told(changed, hour(draw(hours) + 320)))
    names = sorted({name for deed in deeds.values() for name in (deed.native_id, *deed.also)})
    acts += [Told(Removal(name)) for name in draw(st.lists(st.sampled_from(names), max_size=4))]
    for key in draw(st.lists(st.sampled_from(sorted(deeds, key=str)), max_size=2, unique=True)):
        acts.append(Held(*key, True))
        if draw(st.booleans()):
            acts.append(Held(*key, False))
    for _ in range(draw(st.integers(0, 4))):
        figure = Figure(
            draw(st.sampled_from(["p0", "p1", "p2", "p3"])),
            draw(st.sampled_from([Kind.REACTION, Kind.REPLY])),
            draw(st.integers(0, 4)),
            hour(draw(hours)),
        )
        acts.append(Told(figure))
    for _ in range(draw(st.integers(0, 6))):
        owner = draw(st.sampled_from([*EMPLOYEES, "out2"]))
        acts.append(Told(Snapshot(owner, draw(st.integers(0, 9)), hour(draw(hours)))))
    marks = st.tuples(
        st.sampled_from(sorted(authors)),
        st.sampled_from([("handed_in", None), ("disclosed", None), ("topic", "a"), ("topic", "b")]),
    )
    acts += [Marked(post, *what) for post, what in draw(st.lists(marks, max_size=4, unique=True))]
    topics = st.tuples(st.sampled_from(sorted(authors)), st.sampled_from("ab"))
    for post, topic in draw(st.lists(topics, max_size=3, unique=True)):
        words = draw(st.sampled_from([(True,), (False,), (True, False)]))
        acts += [Said(post, topic, stands) for stands in words]
    acts += _decisions(draw)
    book = draw(st.sampled_from([TIGHT, TIGHT, WIDE]))
    if draw(st.integers(0, 4)) == 0:
        # One, for two corrections of the same moment would have no order.
        valid_from = hour(draw(st.just(-5) | hours))
        other = draw(st.sampled_from([TIGHT, WIDE]))
        acts.append(Adopted(other, valid_from, NOW))
    return World(book, tuple(acts))


def _decisions(draw: st.DrawFn) -> list[Act]:
    """Links, unlinks, pauses: at most one of an account or person at a moment."""
    owned: dict[tuple[str, datetime], Act] = {}
    hours = st.sampled_from(HOURS)
    for _ in range(draw(st.integers(0, 3))):
        name = draw(st.sampled_from([*EMPLOYEES, "acme", "out2"]))
        person = draw(st.sampled_from([None, ANA, BEN, CEM]))
        at = hour(draw(hours))
        counts = draw(st.sampled_from(["every", "disclosed", "handed_in"]))
        owned.setdefault((name, at), Owned(name, person, counts, at))
    states: dict[tuple[int, datetime], Act] = {}
    for _ in range(draw(st.integers(0, 2))):
        who = draw(st.sampled_from([ANA, BEN, CEM]))
        at = hour(draw(hours))
        state = draw(st.sampled_from(["active", "paused", "left"]))
        states.setdefault((who, at), Enrolled(who, state, at))
    return [*owned.values(), *states.values()]


def in_lawful_order(acts: Sequence[Act]) -> list[Act]:
    """The same acts; where a deed is held and released, the hold first; topics are put on first, too."""
    ordered = list(acts)
    places: dict[tuple[Any, ...], list[int]] = {}
    for place, act in enumerate(ordered):
        if isinstance(act, Held):
            places.setdefault((act.kind, act.native_id, act.target), []).append(place)
        elif isinstance(act, Said):
            places.setdefault((act.post, act.topic), []).append(place)
    for same in places.values():
        sorted_acts = sorted(
            (ordered[p] for p in same),
            key=lambda act: not (act.held if isinstance(act, Held) else act.stands),  # type: ignore[union-attr]
        )
        for place, act in zip(same, sorted_acts, strict=True):
            ordered[place] = act
    return ordered


_FACTS = (
    "entry", "hold", "case_decision", "case_file", "mark", "post", "snapshot", "figure", "removal",
    "retiming", "alias", "engagement", "ownership", "enrolment", "rulebook", "topic_mark",
)  # fmt: skip
_ANSWERS = ("total", "answered", "outbox", "change", "post_text")


async def clear(connection: Any) -> None:
    """Forget everything but people and accounts."""
    async with connection.transaction():
        await connection.execute("set local fanfare.forgetting = 'on'")
        for table in (*_FACTS, *_ANSWERS):
            await connection.execute(f"delete from {table}")


async def begin(connection: Any, world: World) -> None:
    """An empty company with the world's rulebook, everybody linked and enrolled."""
    await clear(connection)
    if not await connection.fetchval("select count(*) from person"):
        await scene.raise_curtain(connection, toml=world.toml)
        await scene.company_topics(connection, a=["#a"], b=["#b"])  # "c" is a mere hashtag
        await connection.execute(
            "insert into account values ($1, $2, 'out2', $3)",
            account("out2"),
            NETWORK,
            scene.LONG_AGO,
        )
        return
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    await adopt_rulebook(
        connection, world.toml, name="default", valid_from=epoch, recorded_at=epoch
    )
    for person in (ANA, BEN, CEM):
        await scene.enrol(connection, person, "active", scene.LONG_AGO)
    for name in (*scene.OWNERS, "acme"):
        await scene.own(connection, name, scene.OWNERS.get(name), scene.LONG_AGO)
    await connection.execute("delete from change")
