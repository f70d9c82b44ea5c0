"""Deeds whose target the network did not name, completed from the post they were done to.

Law: the completed deed is a fact of its own with its own identity; which of deed and post became known
first makes no difference, and a removal of the deed removes both. It became known with the later of
the two, not when a worker completed it.
"""

from __future__ import annotations

from uuid import UUID

from scoring.connection import Connection
from scoring.identity import engagement_id


async def resolve_targets(
    connection: Connection, engagements: set[UUID], posts: set[UUID]
) -> set[UUID]:
    """Complete what these changes make completable; returns the ids of the new engagements.

    `engagements`: those without a target. `posts`: those that became known, whoever waited for them.
    """
    if not (engagements or posts):
        return set()
    rows = await connection.fetch(
        """with aimless as (
             select * from engagement where id = any($1::uuid[]) and target_id is null and post_id is not null
             union
             select * from engagement where post_id = any($2::uuid[]) and target_id is null)
           select a.*, p.author_id, greatest(a.recorded_at, p.recorded_at) as known_at from aimless a
           join lateral (select author_id, recorded_at from post where post.post_id = a.post_id
                         order by published_at, author_id limit 1) p on true
           where a.actor_id is distinct from p.author_id""",
        list(engagements),
        list(posts),
    )
    if not rows:
        return set()
    ids = [engagement_id(r["platform"], r["kind"], r["native_id"], r["author_id"]) for r in rows]
    inserted = await connection.fetch(
        """insert into engagement (id, platform, kind, native_id, native_key, actor_id, target_id, post_id,
             thread_id, occurred_at, dated, source, delivery_id, recorded_at)
           select n.id, e.platform, e.kind, e.native_id, e.native_key, e.actor_id, n.target_id, e.post_id,
             e.thread_id, e.occurred_at, e.dated, e.source, e.delivery_id, n.known_at
           from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::timestamptz[])
             as n(id, told_id, target_id, known_at)
           join engagement e on e.id = n.told_id
           order by n.id
           on conflict do nothing returning id""",
        ids,
        [row["id"] for row in rows],
        [row["author_id"] for row in rows],
        [row["known_at"] for row in rows],
    )
    changed = {row["id"] for row in inserted}
    told_ids = [row["id"] for row in rows]
    return changed | await _follow(connection, ids, told_ids)


async def _follow(connection: Connection, ids: list[UUID], told_ids: list[UUID]) -> set[UUID]:
    """What became known of the told deed later, times and names, holds for the completed one too."""
    retimed = await connection.fetch(
        """insert into retiming (engagement_id, kind, actor_id, target_id, post_id, occurred_at,
                                 dated, recorded_at)
           select e.id, e.kind, e.actor_id, e.target_id, e.post_id, told.occurred_at, told.dated,
             greatest(told.recorded_at, e.recorded_at)
           from unnest($1::uuid[], $2::uuid[]) as n(id, told_id)
           join engagement e on e.id = n.id
           join lateral (
             select occurred_at, dated, recorded_at from engagement where id = n.told_id
             union
             select occurred_at, dated, recorded_at from retiming
             where engagement_id = n.told_id) told
             on (told.dated = 'network' and e.dated = 'received')
               or (told.dated = e.dated and told.occurred_at < e.occurred_at)
           order by e.id, told.recorded_at
           on conflict do nothing returning engagement_id""",
        ids,
        told_ids,
    )
    named = await connection.fetch(
        """insert into alias (engagement_id, native_key, recorded_at)
           select n.id, a.native_key, greatest(a.recorded_at, e.recorded_at)
           from unnest($1::uuid[], $2::uuid[]) as n(id, told_id)
           join alias a on a.engagement_id = n.told_id
           join engagement e on e.id = n.id
           order by n.id, a.native_key
           on conflict do nothing returning engagement_id""",
        ids,
        told_ids,
    )
    return {row["engagement_id"] for row in (*retimed, *named)}
