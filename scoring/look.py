"""Looking for the deeds of windows: where they are found, how far to read, and how far it reached.

Laws: a look reads no more than it was allowed, and says up to when it is complete; looking at many
windows at once reads what one look at each would, in fewer questions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from scoring.connection import Connection
from scoring.deed import Deed
from scoring.facts import Kind
from scoring.fold import DirtyWindow
from scoring.probes import BEGINNING, END, Probe, probe
from scoring.relation import BY_ACTOR, BY_TARGET, Relation
from scoring.sight import Sight
from scoring.surround import company_accounts

FIRST_LOOK = 128  # deeds of one side and kind at most; fewer where the steps are full sooner
SPARE = 8  # beyond the steps: some deeds are refused or stand behind the same key
AT_ONCE = 1_000  # deeds of one side and kind in a look at a person's whole stretch of time


class Look(NamedTuple):
    """The deeds that were found, for rules of which names, and up to when each window is complete."""

    deeds: dict[UUID, Deed]
    asked: Mapping[UUID, set[str]]
    horizons: list[datetime | None]  # None: to the window's end


@dataclass(frozen=True, slots=True)
class Places:
    """Where the deeds of people are found: their accounts, and the company's reshares of their posts."""

    accounts: Mapping[int, Sequence[UUID]]
    echoes: Mapping[int, Sequence[UUID]]

    def of(self, window: DirtyWindow) -> Iterator[tuple[str, UUID, UUID | None]]:
        """(side, account or post, account on the other side) of a window."""
        own, relation = self.accounts[window.person_id], window.rule.relation
        if window.post_id is not None:
            if relation in BY_ACTOR:
                yield from (("post", window.post_id, account) for account in own)
            else:
                yield "post", window.post_id, None
        elif relation is Relation.ECHO:
            yield from (("post", post, None) for post in self.echoes.get(window.person_id, ()))
        else:
            side = "target" if relation in BY_TARGET else "actor"
            yield from ((side, account, None) for account in own)


async def echo_posts(
    connection: Connection, accounts: Mapping[int, Sequence[UUID]], sight: Sight
) -> dict[int, list[UUID]]:
    """The posts with which the company reshared people's, where applause may be found."""
    owners = owners_of(accounts)
    if not owners:
        return {}
    rows = await connection.fetch(
        f"""select e.target_id, c.name from engagement e join called c on c.engagement_id = e.id
            where e.target_id = any($1::uuid[]) and e.kind in ('reshare', 'quote')
              and e.actor_id = any($2::uuid[]){sight.cutoff.facts("e")}""",
        list(owners),
        await company_accounts(connection),
    )
    posts: dict[int, list[UUID]] = defaultdict(list)
    for row in rows:
        for person in owners[row["target_id"]]:
            posts[person].append(row["name"])
    return posts


def owners_of(accounts: Mapping[int, Sequence[UUID]]) -> dict[UUID, list[int]]:
    """Whose each account is or was: one that changed hands is more than one person's."""
    owners: dict[UUID, list[int]] = defaultdict(list)
    for person, owned in accounts.items():
        for account in owned:
            owners[account].append(person)
    return owners


@dataclass(slots=True)
class _Question:
    """A probe to be, and the rules it is asked for."""

    side: str
    ref: UUID
    other: UUID | None
    kind: Kind
    from_at: datetime
    to_at: datetime
    most: int
    rules: set[str] = field(default_factory=set)
    times: list[datetime] = field(default_factory=list)

    @property
    def horizon(self) -> datetime | None:
        """Up to when the answer is complete, where it was cut."""
        return max(self.times) if len(self.times) >= self.most else None


async def look(
    connection: Connection,
    windows: Sequence[DirtyWindow],
    places: Places,
    sight: Sight,
    *,
    further: int = 1,
    at_once: bool = False,
) -> Look:
    """The first deeds of every window, `further` times as many as a first look finds.

    `at_once`: windows of time are not looked at one by one but all of a person in one stretch,
    which pays where nearly all windows of the stretch are asked for.
    """
    questions: dict[tuple[object, ...], _Question] = {}
    of_window: list[list[_Question]] = []
    for n, window in enumerate(windows):
        mine: list[_Question] = []
        from_at, to_at = window.start_at or BEGINNING, window.end_at or END
        shared = at_once and window.start_at is not None
        most = AT_ONCE if shared else min(FIRST_LOOK, window.rule.capacity + SPARE) * further
        for side, ref, other in places.of(window):
            for kind in window.rule.kinds:
                key = side, ref, other, kind, None if shared else n
                asked = questions.get(key)
                if asked is None:
                    asked = _Question(side, ref, other, kind, from_at, to_at, most)
                    questions[key] = asked
                asked.from_at, asked.to_at = min(asked.from_at, from_at), max(asked.to_at, to_at)
                asked.rules.add(window.rule.name)
                mine.append(asked)
        of_window.append(mine)
    deeds, rules = await _ask(connection, list(questions.values()), sight)
    return Look(
        deeds, rules, [_horizon(w, asked) for w, asked in zip(windows, of_window, strict=True)]
    )


async def _ask(
    connection: Connection, questions: Sequence[_Question], sight: Sight
) -> tuple[dict[UUID, Deed], dict[UUID, set[str]]]:
    by_side: dict[str, list[Probe]] = defaultdict(list)
    for n, q in enumerate(questions):
        by_side[q.side].append(Probe(n, q.ref, q.kind, q.from_at, q.to_at, q.other, q.most))
    deeds: dict[UUID, Deed] = {}
    rules: dict[UUID, set[str]] = defaultdict(set)
    for side, probes in by_side.items():
        for hit in await probe(connection, side, probes, sight.cutoff):
            question = questions[hit.n]
            deeds[hit.deed.id] = hit.deed
            rules[hit.deed.id] |= question.rules
            if hit.told_at is not None:
                question.times.append(hit.told_at)
    return deeds, rules


def _horizon(window: DirtyWindow, asked: Sequence[_Question]) -> datetime | None:
    cut = [horizon for question in asked if (horizon := question.horizon) is not None]
    if not cut or (window.end_at is not None and min(cut) >= window.end_at):
        return None
    return min(cut)
