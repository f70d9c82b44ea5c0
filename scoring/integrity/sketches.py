"""Which texts a new one is worth comparing with: found by index, however many there are.

Law: what is kept here can be thrown away. A text is sketched anew when it was edited, and of two alike
ones whichever is sketched later meets the other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from scoring import deeds as reading
from scoring.connection import Connection
from scoring.deed import Deed
from scoring.facts import Kind
from scoring.integrity.detectors.near_duplicates import (
    LEAST_BANDS,
    MOST_READ,
    TEXTS_IN_A_BAND,
    company_pairs,
    own_bands,
)
from scoring.integrity.happened import LOOK_BACK, OwnText
from scoring.surround import load_ownerships

MOST_NEW: Final = 500  # texts a round; whose are left over are there the next time
_COMPANY_TEXTS: Final = 300  # the company's newest
_FORGOTTEN: Final = 2_000  # old sketches a round

# A post in somebody's own words was made by posting it. Answers are left out: who helps customers says
# the same sentence every day, and rightly so.
_POSTING: Final = frozenset({Kind.POST, Kind.MENTION})


async def new_texts(
    connection: Connection, accounts: Iterable[UUID], company: Sequence[str], now: datetime
) -> list[OwnText]:
    """The texts of these accounts that are new or were edited, with those they may be alike."""
    rows = await connection.fetch(
        """select p.post_id, min(p.published_at) as published_at, t.text, t.recorded_at
           from post p join post_text t on t.post_id = p.post_id
           where p.author_id = any($1::uuid[]) and p.published_at >= $2 and t.text is not null
             and not exists (select from text_sketch s
                             where s.post_id = p.post_id and s.sketched_at = t.recorded_at)
           group by p.post_id, t.text, t.recorded_at order by 2 limit $3""",
        list(accounts),
        now - LOOK_BACK,
        MOST_NEW,
    )
    if not rows:
        return []
    fresh = await _own(connection, rows)
    said = company_pairs(company)
    bands = {text.post_id: own_bands(text.text, said) for text in fresh}
    await _keep(connection, rows, bands)
    sketched = [text for text in fresh if bands[text.post_id]]
    like = await _met(connection, [text.post_id for text in sketched], now)
    return sketched + await _own(connection, like)


async def _keep(
    connection: Connection, rows: Sequence[Any], bands: Mapping[UUID, Sequence[int]]
) -> None:
    """Keep the sketches, each under the moment of its text: by when it was received an edit that waited
    long for a worker would seem to have been seen."""
    posts = [row["post_id"] for row in rows]
    published = {row["post_id"]: row["published_at"] for row in rows}
    await connection.execute("delete from text_band where post_id = any($1::uuid[])", posts)
    await connection.execute(
        """insert into text_sketch (post_id, published_at, sketched_at)
           select * from unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[])
           on conflict (post_id) do update
             set published_at = excluded.published_at, sketched_at = excluded.sketched_at""",
        posts,
        list(published.values()),
        [row["recorded_at"] for row in rows],
    )
    await connection.copy_records_to_table(
        "text_band",
        columns=("band", "published_at", "post_id"),
        records=[(band, published[post], post) for post, of in bands.items() for band in set(of)],
    )


async def _met(connection: Connection, posts: Sequence[UUID], now: datetime) -> Sequence[Any]:
    """Posts that share bands with these, themselves left out. Needs a transaction."""
    # A walk along the key ends at the limit; a bitmap is made of all the texts that share a band, and is
    # what is chosen as long as nobody has counted how many those are.
    await connection.execute("set local enable_bitmapscan = off")
    rows: Sequence[Any] = await connection.fetch(
        """with alike as (
             select distinct best.post_id from unnest($1::uuid[]) as mine (post_id)
             cross join lateral (
               select near.post_id from text_band b
               cross join lateral (
                 select o.post_id from text_band o
                 where o.band = b.band and o.published_at >= $2
                 order by o.published_at, o.post_id limit $3) near
               where b.post_id = mine.post_id
               group by near.post_id having count(*) >= $4
               order by count(*) desc, near.post_id limit $5) best)
           select p.post_id, min(p.published_at) as published_at, t.text
           from (select post_id from alike except select * from unnest($1::uuid[])) alike
           join post p on p.post_id = alike.post_id
           join post_text t on t.post_id = alike.post_id and t.text is not null
           group by p.post_id, t.text""",
        list(posts),
        now - LOOK_BACK,
        TEXTS_IN_A_BAND,
        LEAST_BANDS,
        MOST_READ,
    )
    await connection.execute("set local enable_bitmapscan = on")
    return rows


async def _own(connection: Connection, rows: Sequence[Any]) -> list[OwnText]:
    """Those of these posts that are somebody's own words, with the engagements that published them."""
    posts = [row["post_id"] for row in rows]
    made: dict[UUID, list[Deed]] = defaultdict(list)
    for post, deed in await reading.making(connection, posts):
        made[post].append(deed)
    of_story = {
        row["post_id"]
        for row in await connection.fetch(
            "select post_id from mark where name = 'story' and post_id = any($1::uuid[])", posts
        )
    }
    decided = await decided_about(connection, [deed.id for ds in made.values() for deed in ds])
    authors = {deed.actor_id for deeds in made.values() for deed in deeds if deed.actor_id}
    owners = await load_ownerships(connection, authors)
    found = []
    for row in rows:
        deeds = made.get(row["post_id"], [])
        if (
            not deeds
            or row["post_id"] in of_story
            or any(deed.removed or deed.kind not in _POSTING for deed in deeds)
        ):
            continue
        person = owners.owner_at(deeds[0].actor_id, row["published_at"]).person_id
        if person is not None:
            made_by = tuple(deed.id for deed in deeds if deed.id not in decided)
            found.append(OwnText(row["post_id"], person, row["published_at"], row["text"], made_by))
    return found


async def decided_about(connection: Connection, engagements: Sequence[UUID]) -> set[UUID]:
    """Those of these engagements about which a person has decided a case."""
    rows = await connection.fetch(
        """select distinct h.engagement_id from hold h
           join case_decision d on d.case_id = h.case_id
           where h.engagement_id = any($1::uuid[])""",
        engagements,
    )
    return {row["engagement_id"] for row in rows}


async def company_texts(connection: Connection, company: Iterable[UUID]) -> list[str]:
    """What the company itself wrote last."""
    rows = await connection.fetch(
        """select t.text from post p join post_text t on t.post_id = p.post_id
           where p.author_id = any($1::uuid[]) and t.text is not null
           order by p.published_at desc limit $2""",
        list(company),
        _COMPANY_TEXTS,
    )
    return [row["text"] for row in rows]


async def forget_old(connection: Connection, now: datetime) -> None:
    """Throw away sketches that nothing new can be like any more."""
    await connection.execute(
        """with old as (
             delete from text_sketch where post_id = any(array(
               select post_id from text_sketch where published_at < $1
               order by published_at limit $2))
             returning post_id)
           delete from text_band using old where text_band.post_id = old.post_id""",
        now - LOOK_BACK,
        _FORGOTTEN,
    )
