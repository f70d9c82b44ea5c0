"""The ledger of points: entries are appended, totals follow in the same transaction.

Law: the sum of entries of a key at a moment is what the fold says; a difference is written as the
reversal of what stood there and the new amount, never as an update.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from scoring.connection import Connection
from scoring.fold import DirtyWindow, Earned
from scoring.metrics import boards_by_metric
from scoring.periods import Period, current

Amounts = Mapping[tuple[str, Period, date, int], int]  # metric, period, first day, person → amount
Moment = tuple[UUID, datetime]  # a key and when it counted
NOTHING: Amounts = MappingProxyType({})

_CLOCKS_DIFFER = timedelta(days=1)  # of entries written before the day of the deed was minded
_FIRST = datetime(1, 1, 2, tzinfo=UTC)


class Entry(NamedTuple):
    """Points of a person, signed, with what they are for."""

    person_id: int
    rule: str
    relation: str
    rule_window: str
    key: UUID
    points: int
    reason: str  # counted | reversed
    occurred_at: datetime
    engagement_id: UUID | None
    rulebook_id: int


async def standing(
    connection: Connection, windows: Sequence[DirtyWindow]
) -> dict[tuple[int, str, str], dict[Moment, Entry]]:
    """What the ledger says of these windows now: the net entry of every key and moment."""
    # Window by window, by index, and only in months in which a window can have entries: joined as a
    # whole, the ledger is read as a whole, and every month of its past asked about today.
    rows = await connection.fetch(
        """select w.person_id, w.rule, w.rule_window, net.*
           from unnest($1::bigint[], $2::text[], $3::text[], $4::date[])
             as w(person_id, rule, rule_window, since_on)
           cross join lateral (
             select e.key, e.occurred_at, sum(e.points) as points, min(e.relation) as relation,
               min(e.rulebook_id) as rulebook_id, min(e.engagement_id::text)::uuid as engagement_id
             from entry e
             where e.person_id = w.person_id and e.rule = w.rule and e.rule_window = w.rule_window
               and e.recorded_on >= w.since_on
             group by e.key, e.occurred_at having sum(e.points) <> 0) net""",
        [window.person_id for window in windows],
        [window.rule.name for window in windows],
        [window.window_name for window in windows],
        [_recorded_since(window) for window in windows],
    )
    net: dict[tuple[int, str, str], dict[Moment, Entry]] = defaultdict(dict)
    for person, rule, window, key, at, points, relation, book, engagement in rows:
        net[person, rule, window][key, at] = Entry(
            person, rule, relation, window, key, points, "counted", at, engagement, book
        )
    return net


def _recorded_on(entry: Entry, now: datetime) -> date:
    """The day an entry is kept under: today's, and never before what it is for, whatever clocks say."""
    return max(now, entry.occurred_at).astimezone(UTC).date()


def _recorded_since(window: DirtyWindow) -> date:
    """No entry of a window is kept under an earlier day."""
    if window.start_at is None:
        return _FIRST.date()
    return max(window.start_at.astimezone(UTC) - _CLOCKS_DIFFER, _FIRST).date()


def difference(
    window: DirtyWindow, earned: Iterable[Earned], stands: Mapping[Moment, Entry]
) -> list[Entry]:
    """The entries that turn what stands into what was earned; none where nothing changed. Pure."""
    wanted = {(one.claim.key, one.claim.at): one for one in earned}
    out: list[Entry] = []
    for moment, entry in stands.items():
        if moment in wanted and wanted[moment].points == entry.points:
            continue
        out.append(
            Entry(
                entry.person_id, entry.rule, entry.relation, entry.rule_window, entry.key,
                -entry.points, "reversed", entry.occurred_at, entry.engagement_id, window.book.id,
            )
        )  # fmt: skip
    for moment, one in wanted.items():
        if moment in stands and stands[moment].points == one.points:
            continue
        out.append(
            Entry(
                window.person_id, window.rule.name, window.rule.relation.value, window.window_name,
                one.claim.key, one.points, "counted", one.claim.at, one.claim.engagement_id,
                window.book.id,
            )
        )  # fmt: skip
    return out


async def append(
    connection: Connection,
    entries: Sequence[Entry],
    beside: Amounts = NOTHING,
    *,
    now: datetime,
    zone: ZoneInfo,
) -> int:
    """Append entries, carry them into the totals and put the new totals into the outbox.

    `beside`: what totals that are not sums of entries move by. Inside the caller's transaction, which
    holds the lock of every person concerned. Returns how many totals changed.
    """
    if not entries:
        return await _carry(connection, beside)
    await connection.copy_records_to_table(
        "entry",
        records=[
            (
                _recorded_on(e, now), e.person_id, e.rule, e.relation, e.rule_window, e.key, e.points,
                e.reason, e.occurred_at, e.engagement_id, e.rulebook_id, now,
            )
            for e in entries
        ],
        columns=[
            "recorded_on", "person_id", "rule", "relation", "rule_window", "key", "points",
            "reason", "occurred_at", "engagement_id", "rulebook_id", "recorded_at",
        ],
    )  # fmt: skip
    return await _carry(connection, {**sums(entries, zone), **beside})


def sums(entries: Iterable[Entry], zone: ZoneInfo) -> dict[tuple[str, Period, date, int], int]:
    """What entries add to every total: (metric, period, first day, person) → amount. Pure."""
    amounts: dict[tuple[str, Period, date, int], int] = defaultdict(int)
    measures = boards_by_metric()
    for entry in entries:
        days = current(entry.occurred_at, zone)
        for name, board in measures.items():
            if value := board.value(entry):
                for period, starts_on in days.items():
                    amounts[name, period, starts_on, entry.person_id] += value
    return {key: amount for key, amount in amounts.items() if amount}


async def _carry(connection: Connection, amounts: Amounts) -> int:
    if not amounts:
        return 0
    ordered = sorted(amounts.items())
    rows = await connection.fetchval(
        """with raised as (
             insert into total as t (metric, period, starts_on, person_id, value, version)
             select *, 1 from unnest($1::text[], $2::text[], $3::date[], $4::bigint[], $5::bigint[])
             on conflict (metric, period, starts_on, person_id) do update
               set value = t.value + excluded.value, version = t.version + 1
             returning metric, period, starts_on, person_id, value, version),
           told as (
             insert into outbox (metric, period, starts_on, person_id, value, version)
             select * from raised returning 1)
           select count(*) from told""",
        [key[0] for key, _ in ordered],
        [key[1].value for key, _ in ordered],
        [key[2] for key, _ in ordered],
        [key[3] for key, _ in ordered],
        [amount for _, amount in ordered],
    )
    return int(rows)
