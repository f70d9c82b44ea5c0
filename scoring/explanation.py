"""Why these points: a person's days, rule by rule, with what happened and what did not count.

Law: the points of a day here are the ledger's; every deed of the person appears, counted or with its
reason; what a case holds says what was seen, and what an answered dispute gave names its case.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from scoring import deeds as reading
from scoring.attribution import Attribution, attribute
from scoring.books import Books
from scoring.cases import grant
from scoring.cases.kinds import kind_of
from scoring.connection import Connection
from scoring.credits import credits
from scoring.deed import Deed, Surroundings
from scoring.figure_ways import FigureWay, figure_ways
from scoring.relation import Outcome, Relation
from scoring.rulebooks import load_books
from scoring.surround import surround
from scoring.topics.telling import Paid, abouts

MOST_DEEDS = 3_000  # of one explanation: a viral month is explained from its newest deeds

Counted = tuple[str, UUID]  # rule and engagement


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened, and what became of it."""

    engagement_id: UUID | None
    kind: str
    platform: str
    relation: str | None
    occurred_at: datetime
    post_id: UUID | None
    url: str | None
    text: str | None
    points: int
    rule: str | None
    outcome: Outcome
    source: str
    why: str  # one kind sentence: what became of it
    window: str | None = None  # of an entry: over what its rule's steps count
    case_id: int | None = None  # of an entry that answers a case
    about: tuple[str, ...] = ()  # of an entry: a sentence for every topic that it counted by
    told_by: str | None = None  # of a count without names: by which way it came


@dataclass(frozen=True, slots=True)
class RuleDay:
    """What one rule gave on one day."""

    rule: str
    label: str
    points: int
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a person."""

    on: date
    points: int
    rules: list[RuleDay]
    uncounted: list[Line]


async def explain(
    connection: Connection, person_id: int, *, start_at: datetime, end_at: datetime, zone: ZoneInfo
) -> list[Day]:
    """A person's days in [start, end), newest first; days on which nothing happened are left out."""
    books = await load_books(connection, zone)
    entries = await _entries(connection, person_id, start_at, end_at)
    deeds = await _deeds(connection, person_id, start_at, end_at)
    known = {deed.id for deed in deeds}
    named = {id for row in entries if isinstance(id := row["engagement_id"], UUID)}
    deeds += await reading.by_id(connection, named - known)
    around = await surround(connection, deeds)
    seen = {deed.id: attribute(deed, around) for deed in deeds}
    texts = await _texts(connection, [one.post_id for one in seen.values() if one.post_id])
    nameless = [row["occurred_at"] for row in entries if row["engagement_id"] is None]
    ways = await figure_ways(
        connection, person_id, [at for at in nameless if isinstance(at, datetime)]
    )
    texts |= await _texts(connection, [way.post_id for way in ways.values()])
    lines = [_counted(row, seen, texts, books, ways) for row in entries]
    about = await abouts(connection, _paid_for(entries, seen), books, around)
    lines = [replace(line, about=about.get((line.engagement_id, line.rule), ())) for line in lines]
    uncounted = await _uncounted(connection, person_id, seen, named, texts, books, around)
    uncounted = await _with_what_holds(connection, uncounted)
    return _days(lines, uncounted, books, zone)


async def _entries(
    connection: Connection, person_id: int, start_at: datetime, end_at: datetime
) -> Sequence[dict[str, object]]:
    rows = await connection.fetch(
        """select rule, min(relation) as relation, occurred_at, engagement_id, rule_window,
                  sum(points)::int as points, array_agg(key) as keys
           from (select rule, min(relation) as relation, occurred_at, engagement_id, rule_window, key,
                        sum(points) as points
                 from entry where person_id = $1 and occurred_at >= $2 and occurred_at < $3
                 group by rule, rule_window, occurred_at, engagement_id, key
                 having sum(points) <> 0) each
           group by rule, rule_window, occurred_at, engagement_id having sum(points) <> 0
           order by occurred_at desc, rule, rule_window""",
        person_id,
        start_at,
        end_at,
    )
    return [dict(row) for row in rows]


async def _deeds(
    connection: Connection, person_id: int, start_at: datetime, end_at: datetime
) -> list[Deed]:
    rows = await connection.fetch(
        """with own as (select distinct account_id from ownership where person_id = $1),
                echoed as (
                  select c.name from engagement e join called c on c.engagement_id = e.id
                  where e.target_id in (select account_id from own) and e.kind in ('reshare', 'quote')
                    and e.actor_id in (select account_id from ownership where company)),
                mine as (
                  select id, occurred_at from engagement where target_id in (select * from own)
                  union select id, occurred_at from engagement where actor_id in (select * from own)
                  union select id, occurred_at from engagement where post_id in (select * from echoed)
                  union select e.id, r.occurred_at from retiming r
                        join engagement e on e.id = r.engagement_id
                        where r.target_id in (select * from own) or r.actor_id in (select * from own))
           select id from mine where occurred_at >= $2 and occurred_at < $3
           group by id order by max(occurred_at) desc limit $4""",
        person_id,
        start_at,
        end_at,
        MOST_DEEDS,
    )
    deeds = await reading.by_id(connection, [row["id"] for row in rows])
    return [deed for deed in deeds if start_at <= deed.occurred_at < end_at]


def _paid_for(entries: Sequence[dict[str, object]], seen: dict[UUID, Attribution]) -> list[Paid]:
    """The entries of deeds, each with the keys that hold its points."""
    found = []
    for row in entries:
        id, keys = row["engagement_id"], row["keys"]
        if isinstance(id, UUID) and id in seen and isinstance(keys, list):
            found.append(Paid(seen[id], str(row["rule"]), keys))
    return found


async def _texts(
    connection: Connection, posts: Sequence[UUID]
) -> dict[UUID, tuple[str | None, str | None]]:
    rows = await connection.fetch(
        "select post_id, text, url from post_text where post_id = any($1::uuid[])", list(set(posts))
    )
    return {row["post_id"]: (row["text"], row["url"]) for row in rows}


def _counted(
    row: dict[str, object],
    seen: dict[UUID, Attribution],
    texts: dict[UUID, tuple[str | None, str | None]],
    books: Books,
    ways: Mapping[UUID, FigureWay],
) -> Line:
    points = row["points"]
    occurred_at = row["occurred_at"]
    assert isinstance(points, int)
    assert isinstance(occurred_at, datetime)
    engagement_id = row["engagement_id"]
    rule = str(row["rule"])
    window = str(row["rule_window"])
    case_id = grant.case_of(window)
    if isinstance(engagement_id, UUID) and engagement_id in seen:
        line = _line(seen[engagement_id], Outcome.COUNTED, texts, rule, points)
        return replace(line, window=window, case_id=case_id)
    keys = row["keys"] if isinstance(row["keys"], list) else []
    came = {ways[key] for key in keys if key in ways}
    # Counts of several posts that rose at one moment stand in one line, which then is nobody's.
    way = came.pop() if len(came) == 1 else None
    post_id = UUID(window.removeprefix("post:")) if window.startswith("post:") else None
    post_id = way.post_id if way else post_id
    told_by = {one.source for one in came} | ({way.source} if way else set())
    text, url = texts.get(post_id, (None, None)) if post_id else (None, None)
    kinds = next((b.rules[rule].kinds for b in reversed(books.versions) if rule in b.rules), ())
    kind = way.kind if way else next(iter(sorted(kinds)), "reaction")
    source = "figure" if case_id is None else "case"
    return Line(
        None, str(kind), "", str(row["relation"]), occurred_at, post_id, url, text, points, rule,
        Outcome.COUNTED, source, Outcome.COUNTED.words, window, case_id,
        told_by=told_by.pop() if len(told_by) == 1 else None,
    )  # fmt: skip


def _line(
    one: Attribution,
    outcome: Outcome,
    texts: dict[UUID, tuple[str | None, str | None]],
    rule: str | None = None,
    points: int = 0,
) -> Line:
    deed = one.deed
    text, url = texts.get(one.post_id, (None, None)) if one.post_id else (None, None)
    if one.relation is Relation.CONVERSED:
        text = None  # the answered post is somebody else's
    return Line(
        deed.id, deed.kind.value, deed.platform, one.relation.value if one.relation else None,
        deed.occurred_at, one.post_id, url, text, points, rule, outcome, deed.source, outcome.words,
    )  # fmt: skip


async def _uncounted(
    connection: Connection,
    person_id: int,
    seen: dict[UUID, Attribution],
    counted: set[UUID],
    texts: dict[UUID, tuple[str | None, str | None]],
    books: Books,
    around: Surroundings,
) -> list[Line]:
    """Deeds that gave nothing, each with the reason that weighs most."""
    waiting: list[tuple[Attribution, list[tuple[str, UUID]]]] = []
    lines: list[Line] = []
    for one in seen.values():
        if one.deed.id in counted or one.person_id != person_id:
            continue
        if one.refusal is not None:
            lines.append(_line(one, one.refusal, texts))
            continue
        keys = [(credit.rule.name, credit.key) for credit in credits(one, books, around)]
        if keys:
            waiting.append((one, keys))
        else:
            lines.append(_line(one, _ruleless(one), texts))
    paid = await _paid(connection, person_id, [key for _, keys in waiting for key in keys])
    for one, keys in waiting:
        again = any(key in paid for key in keys)
        outcome = Outcome.ALREADY_COUNTED if again else Outcome.BEYOND_STEPS
        lines.append(_line(one, outcome, texts, keys[0][0]))
    return lines


async def _with_what_holds(connection: Connection, lines: list[Line]) -> list[Line]:
    """What is held says what was seen, as the kind of the case that holds it says it."""
    rows = await connection.fetch(
        """select distinct on (h.engagement_id) h.engagement_id as id, f.kind, d.outcome
           from hold h join case_file f on f.id = h.case_id
           left join case_decision d on d.case_id = f.id
           where h.engagement_id = any($1::uuid[]) and h.held
             and coalesce(d.outcome, 'open') <> 'released'
           order by h.engagement_id, d.outcome is not null, h.id""",
        [line.engagement_id for line in lines if line.outcome is Outcome.HELD],
    )
    why = {
        row["id"]: kind_of(row["kind"]).upheld if row["outcome"] else kind_of(row["kind"]).held
        for row in rows
    }
    return [
        replace(line, why=why[line.engagement_id])
        if line.outcome is Outcome.HELD and line.engagement_id in why
        else line
        for line in lines
    ]


def _ruleless(one: Attribution) -> Outcome:
    if one.relation is Relation.PEER:
        return Outcome.COLLEAGUE
    return Outcome.UNKNOWN_ACTOR if one.deed.actor_id is None else Outcome.NO_RULE


async def _paid(
    connection: Connection, person_id: int, keys: Sequence[tuple[str, UUID]]
) -> set[tuple[str, UUID]]:
    """Which of these keys hold points, whenever they counted."""
    rows = await connection.fetch(
        """select e.rule, e.key from entry e
           join (select distinct * from unnest($2::text[], $3::uuid[]) as k(rule, key)) k using (rule, key)
           where e.person_id = $1 group by 1, 2 having sum(e.points) <> 0""",
        person_id,
        [rule for rule, _ in keys],
        [key for _, key in keys],
    )
    return {(row["rule"], row["key"]) for row in rows}


def _days(
    counted: Sequence[Line], uncounted: Sequence[Line], books: Books, zone: ZoneInfo
) -> list[Day]:
    labels = {name: rule.label for book in books.versions for name, rule in book.rules.items()}
    labels[grant.RULE] = grant.LABEL
    by_day: dict[date, dict[str, list[Line]]] = defaultdict(lambda: defaultdict(list))
    without: dict[date, list[Line]] = defaultdict(list)
    for line in counted:
        by_day[line.occurred_at.astimezone(zone).date()][line.rule or ""].append(line)
    for line in sorted(uncounted, key=lambda one: one.occurred_at, reverse=True):
        without[line.occurred_at.astimezone(zone).date()].append(line)
    days = []
    for on in sorted(by_day.keys() | without.keys(), reverse=True):
        rules = [
            RuleDay(name, labels.get(name, name), sum(line.points for line in lines), lines)
            for name, lines in by_day[on].items()
        ]
        rules.sort(key=lambda rule: (-rule.points, rule.rule))
        days.append(Day(on, sum(rule.points for rule in rules), rules, without.get(on, [])))
    return days
