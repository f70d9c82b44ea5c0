"""Deeds that may stand behind the same key elsewhere in time.

A key that may count only once is looked for before a window (has it counted already?) and after a deed
(which window gains or loses it?). The question asks the narrowest index the rule's credit allows; what
comes back may be more than the same key and is judged like any other deed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from scoring.attribution import attribute
from scoring.books import Books
from scoring.connection import Connection
from scoring.credits import Credit, credits
from scoring.deed import Deed
from scoring.facts import Kind
from scoring.probes import Probe, probe
from scoring.relation import BY_ACTOR, Relation
from scoring.rules import Rule
from scoring.sight import EVERYTHING, Sight
from scoring.surround import load_accounts, surround

# account or post, kind, from, to, account on the other side, the deed that is known already
_Question = tuple[UUID, Kind, datetime, datetime, UUID | None, UUID]

MOST_SAME = 2_000  # deeds of one person under one key that are looked at; beyond lies only spam


def can_recur(rule: Rule) -> bool:
    """Whether a key of this rule can turn up in more than one window and may count in only one."""
    if rule.repeats or (rule.relation is Relation.AUTHORED and "post" in rule.credit):
        return False
    if rule.per == "post":
        return "post" not in rule.credit
    return "day" not in rule.credit  # a day lies in one window whole


async def same_keys(
    connection: Connection,
    asked: Sequence[tuple[Credit, datetime, datetime]],
    books: Books,
    sight: Sight = EVERYTHING,
) -> list[list[Deed]]:
    """For every (credit, from, to): other deeds in that stretch that may stand behind the key."""
    kinds = {name: books.kinds_of(name) for name in {credit.rule.name for credit, _, _ in asked}}
    accounts = await load_accounts(connection, {credit.person_id for credit, _, _ in asked})
    # Two rules often ask the same about a deed.
    by_side: dict[str, dict[_Question, list[int]]] = {"target": {}, "actor": {}, "post": {}}
    for n, (credit, from_at, to_at) in enumerate(asked):
        for side, ref, other in _narrowest(credit, accounts[credit.person_id]):
            for kind in kinds[credit.rule.name]:
                question = ref, kind, from_at, to_at, other, credit.deed.id
                by_side[side].setdefault(question, []).append(n)
    found: list[list[Deed]] = [[] for _ in asked]
    for side, questions in by_side.items():
        askers = list(questions.values())
        probes = [
            Probe(n, ref, kind, from_at, to_at, other, MOST_SAME, but)
            for n, (ref, kind, from_at, to_at, other, but) in enumerate(questions)
        ]
        for hit in await probe(connection, side, probes, sight.cutoff):
            for n in askers[hit.n]:
                found[n].append(hit.deed)
    return found


_BY_MANY = frozenset({Relation.EARNED, Relation.PEER})  # where many actors meet one target


def _narrowest(credit: Credit, own: Sequence[UUID]) -> list[tuple[str, UUID, UUID | None]]:
    """(side, account or post asked, account on the other side), enough to find the same key."""
    parts, deed = credit.rule.credit, credit.deed
    by_actor = credit.rule.relation in BY_ACTOR
    if "actor" in parts and deed.actor_id is not None and credit.rule.relation in _BY_MANY:
        # What one outsider did to one person is little, however many people they talk to.
        return [("actor", deed.actor_id, account) for account in own]
    if "post" in parts and deed.post_id is not None:
        if by_actor:
            return [("post", deed.post_id, account) for account in own]
        return [("post", deed.post_id, deed.actor_id if "actor" in parts else None)]
    if "actor" in parts and deed.actor_id is not None:
        return [("actor", deed.actor_id, None)]
    if "target" in parts and by_actor and deed.target_id is not None:
        return [("target", deed.target_id, account) for account in own]
    return [("actor" if by_actor else "target", account, None) for account in own]


async def live_same(
    connection: Connection,
    asked: Sequence[tuple[Credit, datetime, datetime]],
    books: Books,
    sight: Sight = EVERYTHING,
) -> list[list[Credit]]:
    """Like `same_keys`, but judged: only unrefused credits of the very same key, in order of time."""
    found = await same_keys(connection, asked, books, sight) if asked else []
    if not any(found):  # nearly always: most keys are new
        return [[] for _ in asked]
    every = {deed.id: deed for deeds in found for deed in deeds}
    around = await surround(connection, list(every.values()), sight=sight)
    judged: list[list[Credit]] = []
    for (credit, from_at, to_at), deeds in zip(asked, found, strict=True):
        same: list[Credit] = []
        for deed in {deed.id: deed for deed in deeds}.values():
            seen = attribute(deed, around)
            if seen.refusal is not None or not from_at <= deed.occurred_at < to_at:
                continue
            mine = credits(seen, books, around, only=(credit.rule.name,))
            same += [c for c in mine if (c.person_id, c.key) == (credit.person_id, credit.key)]
        judged.append(sorted(same, key=lambda c: (c.at, c.deed.id)))
    return judged
