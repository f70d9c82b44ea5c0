"""Colleagues' own posts that communications may reshare. Law: only posts handed in by people who show
themselves, each person once, and who gave most and got least comes first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from app.council import Whose, current_council, may_show
from app.pages.faces import faces, unnamed
from app.pages.wall import label, safe_address
from scoring import balances

LOOK_BACK_DAYS: Final = 30  # an older post is no news any more
MOST: Final = 30
CANDIDATES: Final = 300  # read before sorting; more than anybody looks through

# A handed-in post of a person's account that no account of the company has reshared, and whose
# reshare, if there was one, was taken back.
_WAITING = """
select distinct on (owner.person_id) owner.person_id, post.post_id, post.platform,
       post.published_at, words.text, words.url
from mark
join post on post.post_id = mark.post_id
left join post_text words on words.post_id = mark.post_id
cross join lateral (
  select person_id from ownership
  where account_id = post.author_id and effective_at <= $2
  order by effective_at desc, id desc limit 1
) owner
where mark.name = 'handed_in' and post.published_at >= $1 and owner.person_id is not null
  and not exists (select from removal where removal.native_key = post.post_id)
  and not exists (
    select from engagement
    cross join lateral (
      select company from ownership
      where account_id = engagement.actor_id and effective_at <= engagement.occurred_at
      order by effective_at desc, id desc limit 1
    ) actor
    where engagement.post_id = post.post_id and engagement.kind in ('reshare', 'quote')
      and actor.company
      and not exists (select from removal where removal.native_key = engagement.native_key)
      and not exists (select from alias join removal using (native_key)
                      where alias.engagement_id = engagement.id))
order by owner.person_id, post.published_at desc
limit $3
"""


@dataclass(frozen=True, slots=True)
class Offer:
    """A post somebody would like to see reshared."""

    name: str
    tint: int | None  # None: not named
    network: str
    published_at: datetime
    text: str | None
    url: str | None
    given: int
    received: int
    counted: bool = True  # whether given and received may stand beside the name


async def offers(connection: Any, *, start_at: datetime, now: datetime, secret: str) -> list[Offer]:
    """Whose turn it is, first the person with the largest balance in the company's favour.

    Where balances may not be shown, by name, so that no order tells them.
    """
    since = now - timedelta(days=LOOK_BACK_DAYS)
    rows = await connection.fetch(_WAITING, since, now, CANDIDATES)
    people = [row["person_id"] for row in rows]
    known = await faces(connection, people, now=now, secret=secret, whose=Whose.NAME)
    counted = may_show(await current_council(connection), Whose.COLLEAGUE)
    sums = await balances(connection, people, start_at=start_at, end_at=now) if counted else {}
    found = []
    for row in rows:
        face, balance = known.get(row["person_id"]), sums.get(row["person_id"])
        if face is None:
            continue
        face = unnamed(face)
        found.append(
            Offer(
                name=face.name,
                tint=None if face.is_alias else face.tint,
                network=label(row["platform"]),
                published_at=row["published_at"],
                text=row["text"],
                url=safe_address(row["url"]),
                given=balance.given if balance else 0,
                received=balance.received if balance else 0,
                counted=counted,
            )
        )
    found.sort(key=lambda offer: (offer.received - offer.given, offer.received, offer.name))
    return found[:MOST]
