"""What is still on its way, and whom it may concern: such people are not reported as wrong."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from scoring.connection import Connection

# Rather too many than too few: all who ever owned an account that had to do with a changed deed,
# with the post it is about, or with a post that one of those answers or reshares.
_CONCERNED = """
  with recursive touched as (
    select e.id, e.native_key, e.post_id, e.actor_id, e.target_id
    from change c join engagement e on e.id = c.subject_id where c.subject = 'engagement'
    union
    select e.id, e.native_key, e.post_id, e.actor_id, e.target_id
    from change c join engagement e on e.native_key = c.subject_id
      or e.id in (select a.engagement_id from alias a where a.native_key = c.subject_id)
    where c.subject = 'native'
  ), posts as (
    select subject_id as post_id from change where subject = 'post'
    union select native_key from touched
    union select post_id from touched where post_id is not null
  ), wider as (
    select post_id from posts
    union
    select e.native_key from posts join engagement e using (post_id)
      where e.kind in ('reply', 'quote', 'reshare', 'mention')
    union
    select e.post_id from posts join engagement e on e.native_key = posts.post_id
      where e.post_id is not null
  ), accounts as (
    select actor_id as account_id from touched union select target_id from touched
    union select e.actor_id from wider join engagement e using (post_id)
    union select e.target_id from wider join engagement e using (post_id)
    union select e.actor_id from wider join engagement e on e.native_key = wider.post_id
    union select e.target_id from wider join engagement e on e.native_key = wider.post_id
    union select p.author_id from wider join post p using (post_id)
    union select subject_id from change where subject in ('account', 'snapshot')
    -- Whoever met an account that changed hands since.
    union select e.target_id from change c join engagement e on e.actor_id = c.subject_id
      where c.subject = 'account'
    union select e.actor_id from change c join engagement e on e.target_id = c.subject_id
      where c.subject = 'account'
  )
  select person_id from accounts join ownership using (account_id) where person_id is not null
  union
  select person_id from change where subject = 'person'
"""


@dataclass(frozen=True, slots=True)
class OnTheWay:
    """What the workers have not finished."""

    deliveries: int
    changes: int
    outbox: int


async def on_the_way(connection: Connection) -> OnTheWay:
    """How much is on its way now."""
    counts = await connection.fetchrow(
        """select (select count(*) from pending_delivery), (select count(*) from change),
                  (select count(*) from outbox)"""
    )
    return OnTheWay(*(int(n) for n in counts or (0, 0, 0)))


async def concerned(connection: Connection, people: Iterable[int]) -> frozenset[int]:
    """Those of these people whose points an unfinished change may still move, in this snapshot."""
    rows = await connection.fetch(
        f"select person_id from ({_CONCERNED}) c where person_id = any($1::bigint[])",
        list(people),
    )
    return frozenset(row["person_id"] for row in rows)
