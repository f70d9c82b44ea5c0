"""Reading what happened about some people, for the detectors.

Law: bounded however much happened: of everything the newest so many, by index. What a person has
decided a case about is left out, and so is whatever happened while somebody did not take part.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Final, NamedTuple
from uuid import UUID

from scoring.connection import Connection
from scoring.deed import Deed
from scoring.deeds import columns, deed_of, joined
from scoring.facts import Kind
from scoring.integrity.detectors.closed_circles import ANSWERS, LEAST_ACTS, MOST_PEOPLE
from scoring.integrity.happened import (
    COUNTS_BACK,
    LOOK_BACK,
    Act,
    Count,
    Happened,
    Met,
    Written,
    by_person,
)
from scoring.integrity.sketches import company_texts, decided_about, new_texts
from scoring.intervals import Enrolments, Ownerships
from scoring.surround import company_accounts, load_accounts, load_enrolments, load_ownerships

MOST_ACTS: Final = 2_000  # of a kind, an account: beyond it the newest say as much
MOST_ASKED: Final = 200  # things an outsider did here; who did more knows many of us
MOST_NEIGHBOURS: Final = 40  # people beyond those asked for, to see a circle whole
_MOST_POSTS: Final = 1_000  # an account's in four weeks
_MOST_COUNTS: Final = 2_000  # follower counts of an account: one an hour for two months is less
_ANSWERING: Final = (Kind.REPLY, Kind.QUOTE, Kind.MENTION)

# `{side}` is the account asked about. The kinds one by one, so that each is a walk along the index.
_ACTS: Final = """
select {columns} from unnest($1::uuid[]) as a (id) cross join unnest($2::text[]) as k (kind)
cross join lateral (
  select * from engagement where {side} = a.id and kind = k.kind and occurred_at >= $3
  order by occurred_at desc limit $4) e {joined}
"""


class _World(NamedTuple):
    """Whose accounts are whose, and what is known of outsiders."""

    owners: Ownerships
    enrolments: Enrolments
    decided: Collection[UUID]


async def weights(connection: Connection, people: Iterable[int], now: datetime) -> dict[int, int]:
    """How many acts a look at each of these people reads at most."""
    accounts = await load_accounts(connection, people)
    pairs = [(person, account) for person, owned in accounts.items() for account in owned]
    rows = await connection.fetch(
        """select a.person_id, sum(n) as acts
           from unnest($1::bigint[], $2::uuid[]) as a (person_id, id)
           cross join unnest($3::text[]) as k (kind)
           cross join lateral (
             select count(*) as n from (
               select from engagement where target_id = a.id and kind = k.kind and occurred_at >= $4
               limit $5) least) counted
           group by 1""",
        [person for person, _ in pairs],
        [account for _, account in pairs],
        [kind.value for kind in Kind],
        now - LOOK_BACK,
        MOST_ACTS,
    )
    return dict.fromkeys(accounts, 0) | {row["person_id"]: int(row["acts"]) for row in rows}


async def look(connection: Connection, people: Iterable[int], now: datetime) -> Happened:
    """What happened about these people in the last weeks, and around the circles they are in."""
    asked = set(people)
    received, answered, accounts, owners = await _acts(connection, asked, now)
    met = await _met(connection, {act.outsider for act in received if act.outsider is not None})
    circle = await _neighbours(connection, received, met, asked, now)
    if circle:
        more, back, _, _ = await _acts(connection, circle, now)
        received, answered = received + more, answered + back
        regulars = {act.outsider for act in more if act.outsider is not None} - met.keys()
        met |= await _met(connection, _often(more) & regulars)
    mine = [account for owned in accounts.values() for account in owned]
    company = await company_texts(connection, await company_accounts(connection))
    return Happened(
        now=now,
        received=by_person(received),
        answered=by_person(answered),
        written=await _written(connection, mine, owners, now),
        linked_at={
            person: min(at for account in owned for at in owners.changes_of(account))
            for person, owned in accounts.items()
            if owned
        },
        met=met,
        texts=await new_texts(connection, mine, company, now),
        company_texts=company,
        counts=await _counts(connection, accounts, owners, now),
        unnamed=await _unnamed(connection, mine, owners, now),
    )


async def _acts(
    connection: Connection, people: Iterable[int], now: datetime
) -> tuple[list[Act], list[Act], Mapping[int, Sequence[UUID]], Ownerships]:
    """What outsiders did to these people and they to outsiders; their accounts, and whose those are."""
    accounts = await load_accounts(connection, people)
    mine = [account for owned in accounts.values() for account in owned]
    to_them = await _deeds(connection, "target_id", mine, tuple(Kind), now)
    by_them = await _deeds(connection, "actor_id", mine, _ANSWERING, now)
    deeds = [*to_them, *by_them]
    parties = {side for deed in deeds for side in (deed.actor_id, deed.target_id) if side}
    owners = await load_ownerships(connection, parties | set(mine))
    world = _World(
        owners,
        await load_enrolments(connection, owners.people()),
        await decided_about(connection, [deed.id for deed in deeds]),
    )
    received = [_act(deed, deed.target_id, deed.actor_id, world) for deed in to_them]
    answered = [_act(deed, deed.actor_id, deed.target_id, world) for deed in by_them]
    return (
        [act for act in received if act is not None],
        [act for act in answered if act is not None],
        accounts,
        owners,
    )


async def _deeds(
    connection: Connection,
    side: str,
    accounts: Iterable[UUID],
    kinds: Iterable[Kind],
    now: datetime,
) -> list[Deed]:
    rows = await connection.fetch(
        _ACTS.format(columns=columns(), side=side, joined=joined()),
        list(accounts),
        [kind.value for kind in kinds],
        now - LOOK_BACK,
        MOST_ACTS,
    )
    return [deed for row in rows if not (deed := deed_of(row)).removed]


def _act(deed: Deed, own: UUID | None, other: UUID | None, world: _World) -> Act | None:
    """The deed as an act between a person who took part then and somebody outside."""
    at = deed.occurred_at
    owner = world.owners.owner_at(own, at)
    person = owner.person_id
    if (
        person is None
        or deed.id in world.decided
        or world.enrolments.state_at(owner.record_id, at) != "active"
    ):
        return None
    if not world.owners.owner_at(other, at).outsider:
        return None
    return Act(deed.id, deed.kind, person, other, deed.post_id, at)


async def _met(connection: Connection, outsiders: Iterable[UUID]) -> dict[UUID, Met]:
    """When each of these first did something to anybody here, and to how many of us."""
    rows = await connection.fetch(
        """select a.id, min(e.occurred_at) as first_at, count(distinct coalesce(o.person_id, 0)) as people,
                  count(*) as acts
           from unnest($1::uuid[]) as a (id)
           cross join lateral (
             select target_id, occurred_at from engagement where actor_id = a.id limit $2) e
           left join lateral (
             select person_id from ownership where account_id = e.target_id
               and effective_at <= e.occurred_at order by effective_at desc, id desc limit 1) o on true
           group by a.id""",
        list(outsiders),
        MOST_ASKED,
    )
    return {
        # Who did more than was asked for is no stranger, and nobody's alone.
        row["id"]: Met(row["first_at"], row["people"] + (row["acts"] == MOST_ASKED) * MOST_PEOPLE)
        for row in rows
    }


def _often(acts: Iterable[Act]) -> set[UUID]:
    """Outsiders who answer so often that a circle may be around them."""
    answers = Counter(act.outsider for act in acts if act.kind in ANSWERS and act.outsider)
    # Half of a circle's least: the other half may be answers to somebody who was not asked for.
    return {outsider for outsider, count in answers.items() if count >= LEAST_ACTS // 2}


async def _neighbours(
    connection: Connection,
    received: Sequence[Act],
    met: Mapping[UUID, Met],
    asked: set[int],
    now: datetime,
) -> list[int]:
    """The other people to whom regulars of these, who know few of us, did something."""
    regulars = [one for one in _often(received) if 1 < met[one].people <= MOST_PEOPLE]
    if not regulars:
        return []
    rows = await connection.fetch(
        """select distinct o.person_id from unnest($1::uuid[]) as a (id)
           cross join lateral (
             select target_id from engagement where actor_id = a.id and occurred_at >= $2 limit $3) e
           join ownership o on o.account_id = e.target_id
           where o.person_id is not null and not o.person_id = any($4::bigint[])
           order by o.person_id limit $5""",
        regulars,
        now - LOOK_BACK,
        MOST_ASKED,
        list(asked),
        MOST_NEIGHBOURS,
    )
    return [row["person_id"] for row in rows]


async def _written(
    connection: Connection, accounts: Sequence[UUID], owners: Ownerships, now: datetime
) -> dict[int, list[Written]]:
    rows = await connection.fetch(
        """select a.id as account_id, p.post_id, p.published_at from unnest($1::uuid[]) as a (id)
           cross join lateral (
             select post_id, min(published_at) as published_at from post
             where author_id = a.id and published_at >= $2
             group by post_id order by 2 desc limit $3) p
           order by p.published_at, p.post_id""",
        accounts,
        now - LOOK_BACK,
        _MOST_POSTS,
    )
    written: dict[int, list[Written]] = defaultdict(list)
    for row in rows:
        person = owners.owner_at(row["account_id"], row["published_at"]).person_id
        if person is not None:
            written[person].append(Written(row["post_id"], row["published_at"]))
    return written


async def _counts(
    connection: Connection,
    accounts: Mapping[int, Sequence[UUID]],
    owners: Ownerships,
    now: datetime,
) -> dict[int, list[list[Count]]]:
    """Follower counts by person and account, while the account was theirs."""
    rows = await connection.fetch(
        """select a.id as account_id, s.observed_at, s.followers from unnest($1::uuid[]) as a (id)
           cross join lateral (
             select observed_at, followers from snapshot
             where account_id = a.id and observed_at >= $2
             order by observed_at desc limit $3) s
           order by a.id, s.observed_at, s.followers""",
        [account for owned in accounts.values() for account in owned],
        now - COUNTS_BACK,
        _MOST_COUNTS,
    )
    by_account: dict[tuple[int, UUID], list[Count]] = defaultdict(list)
    for account, at, followers in rows:
        person = owners.owner_at(account, at).person_id
        if person is not None:
            by_account[person, account].append(Count(at, followers))
    counts: dict[int, list[list[Count]]] = defaultdict(list)
    for (person, _), series in by_account.items():
        counts[person].append(series)
    return counts


async def _unnamed(
    connection: Connection, accounts: Sequence[UUID], owners: Ownerships, now: datetime
) -> dict[int, dict[date, int]]:
    """By how much figures of these accounts' posts rose on each day."""
    rows = await connection.fetch(
        """select author_id, day, published_at, sum(rise)::bigint as rise from (
             select p.author_id, p.published_at, (f.observed_at at time zone 'UTC')::date as day,
                    f.value - coalesce(lag(f.value) over (
                      partition by f.post_id, f.kind order by f.observed_at, f.value), 0) as rise
             from (select distinct on (post_id) post_id, author_id, published_at from post
                   where author_id = any($1::uuid[]) and published_at >= $2
                   order by post_id, published_at) p
             join figure f on f.post_id = p.post_id) rises
           where rise > 0 group by author_id, day, published_at""",
        accounts,
        now - LOOK_BACK,
    )
    unnamed: dict[int, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    for row in rows:
        person = owners.owner_at(row["author_id"], row["published_at"]).person_id
        if person is not None:
            unnamed[person][row["day"]] += row["rise"]
    return unnamed
