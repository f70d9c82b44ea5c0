"""Followers gained and follower growth, from snapshots.

Laws: an account counts only while it is its person's and the person takes part: it begins at the
snapshot closest to the contest's start, or at its first one after it was linked, and ends at the one
closest to the contest's end, or at its last one before it was unlinked. A start or an end that nobody
counted within a day is missing, and who misses one does not place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from scoring.connection import Connection
from scoring.intervals import Enrolments, Ownerships
from scoring.metrics import Found
from scoring.sight import ALL, Cutoff
from scoring.surround import load_accounts, load_enrolments, load_ownerships
from scoring.tallies.terms import CountedFact, CountingTerms, Tallied

WITHIN = timedelta(hours=24)  # of the start and of the end

AT_START = "no_snapshot_at_start"
AT_END = "no_snapshot_at_end"
NOTHING_COUNTED = "no_account"  # no account of theirs that was ever counted in the contest


class Seen(NamedTuple):
    """A follower count at a moment."""

    observed_at: datetime
    source: str
    followers: int
    id: int  # names the row and decides nothing: rows may be stored in any order


class Stretch(NamedTuple):
    """While an account counted for a person, [from, to)."""

    account: UUID
    from_at: datetime
    to_at: datetime


class Gained(NamedTuple):
    """What one stretch of one account came to, from its first count to its last."""

    account: UUID
    first: Seen
    last: Seen


def stretches(
    person_id: int, account: UUID, ownerships: Ownerships, enrolments: Enrolments,
    from_at: datetime, to_at: datetime,
) -> Iterator[Stretch]:  # fmt: skip
    """While an account was this person's and the person took part, within [from, to). Pure."""
    moments = {from_at, to_at}
    moments.update(ownerships.changes_of(account))
    for record in (person_id, *ownerships.records_of(account)):
        moments.update(enrolments.changes_of(record))
    inside = sorted(moment for moment in moments if from_at <= moment <= to_at)
    begun: datetime | None = None
    for moment in inside:
        owner = ownerships.owner_at(account, moment)
        counts = (
            moment < to_at
            and owner.person_id == person_id
            and enrolments.state_at(owner.record_id, moment) == "active"
        )
        if counts and begun is None:
            begun = moment
        elif not counts and begun is not None:
            yield Stretch(account, begun, moment)
            begun = None


def gained(
    stretch: Stretch, seen: Sequence[Seen], start_at: datetime, end_at: datetime, over: bool
) -> Gained | str | None:
    """What a stretch gained between a contest's start and end, or what is missing for it. Pure.

    `seen` are the account's snapshots in the stretch. `over`: the contest's end must have been counted;
    until then the latest snapshot so far stands in. None where the stretch has nothing to count.
    """
    if stretch.to_at <= start_at or stretch.from_at >= end_at:
        return None
    since_start = stretch.from_at <= start_at
    if since_start:
        first = _closest(seen, start_at)
    else:
        first = min(seen, default=None)
    if first is None:
        return AT_START if since_start else None
    if stretch.to_at < end_at:  # unlinked, paused or gone before the end
        last: Seen | None = _latest(seen)
    else:
        last = _closest(seen, end_at) or (None if over else _latest(seen))
    if last is None:
        return AT_END
    # In a contest of minutes the snapshot closest to the end may come before that of the start.
    ended = last if last.observed_at >= first.observed_at else first
    return Gained(stretch.account, first, ended)


def _latest(seen: Sequence[Seen]) -> Seen:
    """The last snapshot; of several of one moment the lowest source and count, as everywhere."""
    at = max(one.observed_at for one in seen)
    return min(one for one in seen if one.observed_at == at)


def _closest(seen: Iterable[Seen], moment: datetime) -> Seen | None:
    """The snapshot closest to a moment and within a day of it; of two as close the earlier."""
    near = [one for one in seen if abs(one.observed_at - moment) <= WITHIN]
    return min(near, key=lambda one: (abs(one.observed_at - moment), one[:3]), default=None)


async def followers(
    connection: Connection,
    terms: CountingTerms,
    persons: Sequence[int],
    cutoff: Cutoff,
    with_facts: bool,
) -> dict[int, Tallied]:
    """These people's values in a contest of followers, counted from the snapshots."""
    start_at, end_at = terms.start_at, terms.end_at
    over = cutoff.final and cutoff.facts_by is not None and cutoff.facts_by > end_at
    platforms = await load_platforms(connection, persons, terms.platforms)
    mine = await load_stretches(connection, persons, start_at - WITHIN, end_at + WITHIN, cutoff)
    mine = {p: [s for s in found if s.account in platforms] for p, found in mine.items()}
    every = [stretch for found in mine.values() for stretch in found]
    seen = await _snapshots(connection, every, start_at, end_at, cutoff)
    return {
        person: _tallied(
            terms,
            person,
            [(bool(seen[s]), gained(s, seen[s], start_at, end_at, over)) for s in found],
            platforms if with_facts else None,
        )
        for person, found in mine.items()
    }


def _tallied(
    terms: CountingTerms,
    person: int,
    found: Sequence[tuple[bool, Gained | str | None]],
    platforms: Mapping[UUID, str] | None,
) -> Tallied:
    """A person's value. An account that was never counted is left out, if another one was."""
    counted = [one for was_seen, one in found if was_seen and one is not None]
    missing = next((one for one in counted if isinstance(one, str)), None)
    gains = [one for one in counted if isinstance(one, Gained)]
    if missing is None and not gains:
        missing = next((one for _, one in found if isinstance(one, str)), NOTHING_COUNTED)
    if missing is not None:
        return Tallied(person, 0, missing=missing)
    base: dict[UUID, Seen] = {}
    for one in sorted(gains, key=lambda gain: gain.first):
        base.setdefault(one.account, one.first)
    value = terms.contest.value(
        Found(
            gained=sum(one.last.followers - one.first.followers for one in gains),
            base=sum(one.followers for one in base.values()),
            floor=terms.growth_floor,
        )
    )
    return Tallied(person, value, facts=_facts(gains, platforms) if platforms else ())


def _facts(gains: Sequence[Gained], platforms: Mapping[UUID, str]) -> tuple[CountedFact, ...]:
    facts = [
        CountedFact(
            "snapshot",
            str(one.id),
            platforms[gain.account],
            str(gain.account),
            one.observed_at,
            sign * one.followers,
        )
        for gain in gains
        for one, sign in ((gain.first, -1), (gain.last, 1))
    ]
    return tuple(sorted(facts, key=lambda fact: (fact.at, fact.key, fact.worth)))


async def load_platforms(
    connection: Connection, persons: Sequence[int], platforms: Iterable[str]
) -> dict[UUID, str]:
    """The networks of every account that is or was these people's, on these networks."""
    rows = await connection.fetch(
        """select distinct a.id, a.platform from ownership o join account a on a.id = o.account_id
           where o.person_id = any($1::bigint[]) and a.platform = any($2::text[])""",
        list(persons),
        list(platforms),
    )
    return {row["id"]: row["platform"] for row in rows}


async def load_stretches(
    connection: Connection,
    persons: Sequence[int],
    from_at: datetime,
    to_at: datetime,
    cutoff: Cutoff = ALL,
) -> dict[int, list[Stretch]]:
    """While which accounts counted for these people, within [from, to)."""
    accounts = await load_accounts(connection, persons)
    ownerships = await load_ownerships(
        connection, {account for owned in accounts.values() for account in owned}, cutoff
    )
    enrolments = await load_enrolments(connection, ownerships.people() | set(persons))
    return {
        person: [
            stretch
            for account in sorted(owned)
            for stretch in stretches(person, account, ownerships, enrolments, from_at, to_at)
        ]
        for person, owned in accounts.items()
    }


async def _snapshots(
    connection: Connection,
    every: Sequence[Stretch],
    start_at: datetime,
    end_at: datetime,
    cutoff: Cutoff,
) -> dict[Stretch, list[Seen]]:
    """Of each stretch the snapshots around start and end, its first and its last: all that decides.

    However often an account was counted in between, no more is read.
    """
    within = f"""s.account_id = q.account and s.observed_at >= q.from_at
                 and s.observed_at < q.to_at{cutoff.facts("s")}"""
    rows = await connection.fetch(
        f"""with q as (select * from unnest($1::int[], $2::uuid[], $3::timestamptz[],
                         $4::timestamptz[]) as q(n, account, from_at, to_at))
            select q.n, found.* from q cross join lateral (
              select * from snapshot s where {within}
                and (s.observed_at between $5::timestamptz - $7::interval and $5 + $7::interval
                  or s.observed_at between $6::timestamptz - $7::interval and $6 + $7::interval)
              union
              (select * from snapshot s where {within}
               order by s.observed_at, s.source, s.followers limit 1)
              union
              (select * from snapshot s where {within}
               order by s.observed_at desc, s.source, s.followers limit 1)) found""",
        list(range(len(every))),
        [stretch.account for stretch in every],
        [stretch.from_at for stretch in every],
        [stretch.to_at for stretch in every],
        start_at,
        end_at,
        WITHIN,
    )
    seen: dict[Stretch, list[Seen]] = defaultdict(list)
    for row in rows:
        one = Seen(row["observed_at"], row["source"], row["followers"], row["id"])
        seen[every[row["n"]]].append(one)
    return seen
