"""What some people would have under a draft: their deeds read in bulk, judged by the same attribution,
credits and fold as everything that counts.

Law: deeds that differ in nothing that is looked at are judged once. Who is nobody of ours and did the same
kind of thing to the same post of the same account, between the same changes of hands, did the same.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias
from uuid import UUID

from asyncpg.pgproto import pgproto

from scoring.attribution import Attribution, attribute
from scoring.books import Ruling
from scoring.credits import named_parts
from scoring.deed import UNMARKED, Deed, Surroundings
from scoring.facts import Kind
from scoring.figure_claims import takes_figures
from scoring.relation import Relation
from scoring.rules import Rule
from scoring.what_if.draft import Draft
from scoring.what_if.keys import First, Key, Keys
from scoring.what_if.rows import (
    KINDS,
    NOBODY,
    PLAIN,
    Row,
    deed_of,
    moment_of,
    number_of,
    some,
    uuid,
)

# Stand for what differs among deeds that are judged once for all of them.
_ANY: dict[str, UUID] = {
    part: pgproto.UUID(bytes([n]) * 16)
    for n, part in enumerate(("actor", "target", "post", "thread"))
}
_POST = KINDS.index(Kind.POST)

Settled: TypeAlias = set[tuple[int, UUID, Kind]]
# From actor, target, post, thread and day to the key.
_Make: TypeAlias = Callable[[bytes, bytes, bytes, bytes, date | None], Key]


# Where keys of a rule are kept, whether they need an actor, the day, and how each is made.
_Way: TypeAlias = tuple[dict[Key, First], bool, date | None, _Make]


@dataclass(slots=True)
class _Plan:
    """What deeds of a sort are between two changes: whose, and where their keys go."""

    seen: Attribution
    person: int
    alike: tuple[object, ...]  # all that a rule looks at
    names: tuple[str, ...]  # of the rules that count in time
    of_post: tuple[str, ...]  # of those that count per post
    ways: dict[int, tuple[_Way, ...]]  # by piece of time
    at_post: tuple[_Way, ...] | None = None  # once it is known, where only one version rules


@dataclass(slots=True)
class _Alike:
    """Deeds of anybody's to one post of an account: of each kind judged once between two changes."""

    deed: Deed
    changes: list[int] = field(default_factory=list)
    plans: dict[tuple[int, int], _Plan | None] = field(default_factory=dict)  # by kind and era


class Judging:
    """The deeds of some people on their way to keys."""

    def __init__(
        self,
        draft: Draft,
        persons: Iterable[int],
        rows: Sequence[Row],
        changed: Sequence[Deed],
        platforms: Mapping[bytes, str],
    ) -> None:
        self.keys = Keys()
        self._draft, self._persons, self._rows = draft, frozenset(persons), rows
        self._sorts: dict[tuple[bytes, bytes], _Alike] = {}
        # By a version's rule, which lives as long as the draft, and what it looks at.
        self._forms: dict[tuple[object, ...], tuple[_Make, ...]] = {}
        self._shared: dict[tuple[object, ...], dict[int, tuple[_Way, ...]]] = defaultdict(dict)
        self._single = list(changed)
        self._platforms = platforms
        self._names: dict[tuple[Relation, Kind], tuple[tuple[str, ...], tuple[str, ...]]] = {}
        self._changed: dict[UUID, frozenset[int]] = {}
        for row in rows:
            if row[8] != PLAIN or row[7] == _POST:
                self._single.append(self._deed(row))
            elif (sort := (row[3], row[4])) not in self._sorts:
                self._sorts[sort] = _Alike(self._anybodys(row))

    def _deed(self, row: Row) -> Deed:
        return deed_of(row, self._platforms.get(row[3]) or self._platforms.get(row[2], ""))

    def _anybodys(self, row: Row) -> Deed:
        """Anybody's deed to a post, of a kind about which nothing less than of others must be known."""
        _, _, _, target, post, _, at, _, _ = row
        return Deed(
            _ANY["actor"], self._platforms.get(target, ""), Kind.REACTION, _ANY["actor"],
            _ANY["actor"], some(target), some(post), _ANY["thread"], moment_of(at), False, False, "",
        )  # fmt: skip

    @property
    def deeds(self) -> list[Deed]:
        """Every deed that is judged, for which it must be known what surrounds it."""
        return [*self._single, *(sort.deed for sort in self._sorts.values())]

    def judge(self, around: Surroundings, settled: Settled) -> None:
        """Collect the keys; where a figure has `settled` (person, post, kind), deeds make none."""
        for deed in self._single:
            self._judge(deed, around, settled)
        begins = min((row[6] for row in self._rows), default=0)
        for sort in self._sorts.values():
            sort.changes = [at for at in self._changes(sort.deed, around) if at > begins]
        self._judge_alike(around, settled)

    def _judge(self, deed: Deed, around: Surroundings, settled: Settled) -> None:
        """A deed by itself."""
        plan = self._plan(deed, around, settled)
        if plan is None:
            return
        at, id = number_of(deed.occurred_at), deed.id.bytes
        topics = self._topics(plan.seen, around)
        for name in (*plan.names, *plan.of_post):
            ruling = self._ruling(name, plan.seen, at, around)
            if ruling is None:
                continue
            for parts in named_parts(ruling[0], plan.seen, topics, self._draft.books):
                keys = self._kept_in(plan, ruling, settled)
                _keep(keys, as_rows_have_it(ruling[0], parts), (at, id))

    def _judge_alike(self, around: Surroundings, settled: Settled) -> None:
        """Deeds of which many are alike: what is the same of them is looked up."""
        sorts, piece_of = self._sorts, self._draft.piece
        for deed_id, _, actor, target, post, thread, at, kind, how in self._rows:
            if how != PLAIN or kind == _POST:
                continue
            sort = sorts[target, post]
            era = kind, bisect_right(sort.changes, at) if sort.changes else 0
            try:
                plan = sort.plans[era]
            except KeyError:
                judged = sort.deed._replace(kind=KINDS[kind], occurred_at=moment_of(at))
                plan = sort.plans[era] = self._plan(judged, around, settled)
            if plan is None:
                continue
            piece = piece_of(at)
            ways = plan.ways.get(piece)
            if ways is None:
                ways = self._ways(plan, plan.names, piece, at, around, settled)
                if piece >= 0:
                    plan.ways[piece] = ways
            if plan.of_post:
                at_post = plan.at_post
                if at_post is None:
                    at_post = self._at_post(plan, at, around, settled)
                ways += at_post
            one = at, deed_id
            for keys, needs_actor, day, make in ways:
                if needs_actor and actor == NOBODY:
                    continue
                key = make(actor, target, post, thread, day)
                before = keys.get(key)
                if before is None or one < before:
                    keys[key] = one

    def _plan(self, deed: Deed, around: Surroundings, settled: Settled) -> _Plan | None:
        seen = attribute(deed, around)
        if seen.refusal is not None or seen.relation is None or seen.person_id is None:
            return None
        if seen.person_id not in self._persons:
            return None
        asked = seen.relation, deed.kind
        names = self._names.get(asked)
        if names is None:
            names = self._names[asked] = self._named(*asked)
        in_time, of_post = names
        if not in_time and not of_post:
            return None
        alike = seen.relation, deed.kind, deed.platform, self._topics(seen, around)
        return _Plan(
            seen,
            seen.person_id,
            alike,
            in_time,
            of_post,
            # What a figure settles is another matter for every post.
            {} if settled else self._shared[seen.person_id, alike],
        )

    def _named(self, relation: Relation, kind: Kind) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The rules that look for such deeds: those that count in time, and those per post."""
        draft = self._draft
        names = [name for name in draft.books.names_for(relation, kind) if name in draft.names]
        return (
            tuple(name for name in names if name not in draft.per_post),
            tuple(name for name in names if name in draft.per_post),
        )

    def _ways(
        self,
        plan: _Plan,
        names: Iterable[str],
        piece: int,
        at: int,
        around: Surroundings,
        settled: Settled,
    ) -> tuple[_Way, ...]:
        """Where the keys of a plan's deeds go in a piece of time, or at their post."""
        found: list[_Way] = []
        for name in names:
            ruling = self._ruling(name, plan.seen, at, around)
            if ruling is None:
                continue
            rule = ruling[0]
            makes = self._forms.get((id(rule), *plan.alike))
            if makes is None:
                makes = self._forms[(id(rule), *plan.alike)] = self._makes(plan, rule, around)
            if makes:
                keys = self._kept_in(plan, ruling, settled)
                day = self._draft.day(piece, at) if "day" in rule.credit else None
                found += [(keys, "actor" in rule.credit, day, make) for make in makes]
        return tuple(found)

    def _at_post(
        self, plan: _Plan, at: int, around: Surroundings, settled: Settled
    ) -> tuple[_Way, ...]:
        piece = self._draft.piece(at)
        ways = self._ways(plan, plan.of_post, piece, at, around, settled)
        if len(self._draft.books.versions) == 1 and not any(day for _, _, day, _ in ways):
            plan.at_post = ways
        return ways

    def _ruling(self, name: str, seen: Attribution, at: int, around: Surroundings) -> Ruling | None:
        """What rules a moment, or the post."""
        draft = self._draft
        if name not in draft.per_post:
            return draft.ruling(name, draft.piece(at), at)
        post = seen.post_id.hex if seen.post_id else None
        published_at = around.published.get(seen.post_id) if seen.post_id else None
        return draft.books.ruling(name, moment_of(at), post, published_at)

    def _kept_in(self, plan: _Plan, ruling: Ruling, settled: Settled) -> dict[Key, First]:
        rule, seen = ruling[0], plan.seen
        if (
            settled
            and takes_figures(rule)
            and seen.post_id is not None
            and (plan.person, seen.post_id, seen.deed.kind) in settled
        ):
            return self.keys.elsewhere[plan.person, rule.name]
        return self.keys.window(plan.person, ruling).keys

    def _topics(self, seen: Attribution, around: Surroundings) -> frozenset[str]:
        return around.marks.get(seen.post_id, UNMARKED).topics if seen.post_id else frozenset()

    def _makes(self, plan: _Plan, rule: Rule, around: Surroundings) -> tuple[_Make, ...]:
        """How the keys of a plan's deeds are made under a rule: asked once with what stands for any."""
        deed = plan.seen.deed._replace(
            actor_id=_ANY["actor"], target_id=_ANY["target"], thread_id=_ANY["thread"]
        )
        any_ = plan.seen._replace(deed=deed, post_id=_ANY["post"])
        every = named_parts(rule, any_, self._topics(plan.seen, around), self._draft.books)
        return tuple(_make(rule.credit, parts) for parts in every)

    def _changes(self, deed: Deed, around: Surroundings) -> list[int]:
        """When what such a deed is may become another: somebody links, joins, pauses, leaves, or the
        company passes the post on."""
        reshares = around.reshares.get(deed.post_id, ()) if deed.post_id else ()
        makers = around.makers.get(deed.post_id, ()) if deed.post_id else ()
        whose = {deed.target_id, *(maker.target_id for maker in makers)} - {None}
        moments = {number_of(reshare.occurred_at) for reshare in reshares}
        for account in whose:
            if account is not None:
                moments |= self._changes_of(account, around)
        return sorted(moments)

    def _changes_of(self, account: UUID, around: Surroundings) -> frozenset[int]:
        known = self._changed.get(account)
        if known is None:
            moments = set(around.ownerships.changes_of(account))
            for owner in around.ownerships.ever_owned(account):
                for record in {owner.person_id, owner.record_id} - {None}:
                    assert record is not None
                    moments.update(around.enrolments.changes_of(record))
            known = self._changed[account] = frozenset(map(number_of, moments))
        return known


def as_rows_have_it(rule: Rule, parts: Iterable[object]) -> Key:
    """A key's parts as rows name accounts and posts."""
    return tuple(
        part.bytes if isinstance(part, UUID) else NOBODY if name in _ANY and part == "" else part
        for name, part in zip(rule.credit, parts, strict=True)
    )


def as_credits_have_it(key: Key) -> list[object]:
    """The same the other way round."""
    return [
        ("" if part == NOBODY else uuid(part)) if isinstance(part, bytes) else part for part in key
    ]


def _make(credit: Sequence[str], parts: Sequence[object]) -> _Make:
    if credit == ("actor",):
        return lambda actor, target, post, thread, day: (actor,)
    if credit == ("actor", "post"):
        return lambda actor, target, post, thread, day: (actor, post)

    def make(actor: bytes, target: bytes, post: bytes, thread: bytes, day: date | None) -> Key:
        its = {"actor": actor, "target": target, "post": post, "thread": thread, "day": day}
        return tuple(its.get(name, part) for name, part in zip(credit, parts, strict=True))

    return make


def _keep(keys: dict[Key, First], key: Key, one: First) -> None:
    before = keys.get(key)
    if before is None or one < before:
        keys[key] = one
