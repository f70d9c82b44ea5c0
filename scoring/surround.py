"""Loading what surrounds deeds: owners, enrolments, marks, and the posts that posts answer or reshare."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from scoring import deeds as reading
from scoring.connection import Connection
from scoring.deed import UNMARKED, Deed, PostMarks, Surroundings
from scoring.facts import Kind
from scoring.intervals import Enrolments, Ownerships
from scoring.sight import ALL, EVERYTHING, Cutoff, Sight

# What a person writes or passes on under their own name: where a disclosure can be asked for.
SPEAKING = frozenset({Kind.POST, Kind.REPLY, Kind.QUOTE, Kind.RESHARE, Kind.MENTION})


async def surround(
    connection: Connection,
    deeds: Sequence[Deed],
    posts: Iterable[UUID] = (),
    sight: Sight = EVERYTHING,
    *,
    whole: bool = True,
) -> Surroundings:
    """Everything `attribute` and `credits` ask about these deeds, in a handful of queries.

    `posts` are asked about too, whether or not one of the deeds was done to them. Who took part needs
    no cutoff: it cannot be recorded for the past. With `whole`
    off, what made a post and who passed it on is left out where no answer can hang on it.
    """
    cutoff = sight.cutoff
    making_own = SPEAKING if sight.disclosure_needed else {Kind.POST}
    asked = set(posts)
    about = asked | {deed.post_id for deed in deeds if deed.post_id is not None}
    about |= {deed.native_key for deed in deeds if deed.kind in making_own}
    ownerships = await load_ownerships(connection, _parties(deeds), cutoff)
    marks = await load_marks(connection, about, cutoff)
    hanging = deeds
    if not whole and not sight.disclosure_needed:
        hanging = [deed for deed in deeds if not _decided(deed, ownerships, marks)]
    own = {deed.native_key for deed in hanging if deed.kind in making_own} | asked
    acted_on = {deed.post_id for deed in hanging if deed.post_id is not None}
    makers = await reading.making(connection, acted_on | own, cutoff)
    linked = acted_on | own | {maker.post_id for _, maker in makers if maker.post_id is not None}
    behind = linked - acted_on - own  # the posts that answered posts answer
    if behind:
        makers += await reading.making(connection, behind, cutoff)
    company = await company_accounts(connection) if linked else []
    reshares = await reading.reshares_by(connection, linked, company, cutoff) if company else []
    more = _parties([*(maker for _, maker in makers), *reshares]) - _parties(deeds)
    if more:
        ownerships = ownerships.and_also(await load_ownerships(connection, more, cutoff))
    if linked - about:
        marks |= await load_marks(connection, linked - about, cutoff)
    return Surroundings(
        ownerships=ownerships,
        enrolments=await load_enrolments(connection, ownerships.people()),
        marks=marks,
        published=await load_published(connection, about | linked, cutoff),
        makers=_keyed(makers),
        reshares=_keyed((deed.post_id, deed) for deed in reshares if deed.post_id is not None),
        disclosure_needed=sight.disclosure_needed,
    )


def _parties(deeds: Iterable[Deed]) -> set[UUID]:
    return {a for deed in deeds for a in (deed.actor_id, deed.target_id) if a is not None}


def _decided(deed: Deed, ownerships: Ownerships, marks: Mapping[UUID, PostMarks]) -> bool:
    """Whether it is known without the makers and reshares of its post what a deed is, and if it counts.

    So it is for what outsiders did to people who let the post count anyway: nearly everything.
    """
    owners = ownerships.ever_owned(deed.target_id)
    if deed.kind is Kind.POST or not owners or ownerships.ever_owned(deed.actor_id):
        return False
    if deed.post_id is None or deed.kind in (Kind.FOLLOW, Kind.MENTION):
        return not any(owner.company for owner in owners)
    said = marks.get(deed.post_id, UNMARKED)
    for owner in owners:
        counts = owner.person_id is None or owner.counts == "every" or said.handed_in
        if owner.counts == "disclosed":
            counts = counts or said.disclosed or said.story
        if owner.company or not counts:
            return False
    return True


def _keyed(pairs: Iterable[tuple[UUID, Deed]]) -> dict[UUID, list[Deed]]:
    keyed: dict[UUID, list[Deed]] = defaultdict(list)
    for key, deed in pairs:
        keyed[key].append(deed)
    return keyed


async def company_accounts(connection: Connection) -> list[UUID]:
    """Every account that is or was the company's own; a handful."""
    rows = await connection.fetch("select distinct account_id from ownership where company")
    return [row["account_id"] for row in rows]


async def load_accounts(connection: Connection, persons: Iterable[int]) -> dict[int, list[UUID]]:
    """Every account that is or was a person's; an empty list for who never had one."""
    asked = list(persons)
    rows = await connection.fetch(
        "select distinct person_id, account_id from ownership where person_id = any($1::bigint[])",
        asked,
    )
    accounts: dict[int, list[UUID]] = {person: [] for person in asked}
    for row in rows:
        accounts[row["person_id"]].append(row["account_id"])
    return accounts


async def load_ownerships(
    connection: Connection, accounts: Iterable[UUID], cutoff: Cutoff = ALL
) -> Ownerships:
    """Who owned these accounts when."""
    rows = await connection.fetch(
        f"""select account_id, effective_at, person_id, company, counts, enrolled_as
            from ownership where account_id = any($1::uuid[]){cutoff.owners("ownership")}
            order by id""",
        list(accounts),
    )
    return Ownerships(rows)


async def load_enrolments(connection: Connection, persons: Iterable[int]) -> Enrolments:
    """When these people took part."""
    rows = await connection.fetch(
        "select person_id, effective_at, state from enrolment where person_id = any($1::bigint[])",
        list(persons),
    )
    return Enrolments(tuple(row) for row in rows)


async def load_marks(
    connection: Connection, posts: Iterable[UUID], cutoff: Cutoff = ALL
) -> dict[UUID, PostMarks]:
    """What was said about these posts; posts without a mark are left out."""
    rows = await connection.fetch(
        f"""with told as (
              select post_id, name, value from mark
              where post_id = any($1::uuid[]) and name <> 'hashtag'{cutoff.facts("mark")}),
            said as (  -- a person's newest word stands before any list's
              select distinct on (post_id, topic) post_id, topic, stands from (
                select post_id, topic, stands, case when word is null then id end as nth
                from topic_mark where post_id = any($1::uuid[]){cutoff.facts("topic_mark")}
                union all
                select post_id, value, true, null from told where name = 'topic') each
              order by post_id, topic, nth desc nulls last)
            select post_id, bool_or(name = 'disclosed') as disclosed, bool_or(name = 'story') as story,
                   bool_or(name = 'handed_in') as handed_in,
                   coalesce(array_agg(value) filter (where name = 'stands'), '{{}}') as topics,
                   coalesce(array_agg(value) filter (where name = 'stood'), '{{}}') as once
            from (select * from told where name <> 'topic'
                  union all
                  select post_id, case when stands then 'stands' else 'stood' end, topic from said) m
            group by post_id""",
        list(posts),
    )
    return {
        row["post_id"]: PostMarks(
            row["disclosed"],
            row["story"],
            row["handed_in"],
            frozenset(row["topics"]),
            frozenset(row["once"]),
        )
        for row in rows
    }


def with_topics_once(around: Surroundings) -> Surroundings:
    """As if posts still had the topics that were taken off them; the same where none was."""
    supposed = {
        post: replace(said, topics=said.topics | said.once)
        for post, said in around.marks.items()
        if said.once
    }
    return replace(around, marks={**around.marks, **supposed}) if supposed else around


async def load_published(
    connection: Connection, posts: Iterable[UUID], cutoff: Cutoff = ALL
) -> dict[UUID, datetime]:
    """When these posts were published, by the earliest telling."""
    rows = await connection.fetch(
        f"""select post_id, min(published_at) as published_at from post
            where post_id = any($1::uuid[]){cutoff.facts("post")} group by post_id""",
        list(posts),
    )
    return {row["post_id"]: row["published_at"] for row in rows}


class Origin(NamedTuple):
    """Where a post comes from."""

    author_id: UUID
    platform: str


async def load_origins(
    connection: Connection, posts: Iterable[UUID], cutoff: Cutoff = ALL
) -> dict[UUID, Origin]:
    """Whose account wrote these posts and where, by the earliest telling."""
    rows = await connection.fetch(
        f"""select distinct on (post_id) post_id, author_id, platform from post
            where post_id = any($1::uuid[]){cutoff.facts("post")}
            order by post_id, published_at, author_id""",
        list(posts),
    )
    return {row["post_id"]: Origin(row["author_id"], row["platform"]) for row in rows}
