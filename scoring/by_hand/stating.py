"""A person hands in a post by its address, alone or with figures and a picture of them.

Laws: it must be from an account they have linked; the same post is one post, whoever told of it and by
whichever address; one that no network told of waits for communications, and so does every figure.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from scoring.accounts import LinkedAccount, accounts_of
from scoring.audit import record_audit
from scoring.by_hand.counted import wrong_counts
from scoring.by_hand.handed_in import HandedIn, NotStated
from scoring.by_hand.known import Known, handed_in_before, known_post, moment_of
from scoring.by_hand.letting_count import hand_over
from scoring.by_hand.whose import named_by, whose
from scoring.connection import Connection
from scoring.identity import native_key
from scoring.platforms.addresses import PostNamed
from scoring.platforms.moments import EARLIEST

MOST_WAITING: Final = 50  # of one person: more is a stuck key or a nuisance to those who look


@dataclass(frozen=True, slots=True)
class Stated:
    """What became of it: `statement_id` where something waits now; `known`: its network told of it."""

    post_id: UUID
    network: str
    statement_id: int | None
    known: bool
    again: bool = False  # nothing new was said


@dataclass(frozen=True, slots=True)
class _Looked:
    """What an address and what was said beside it mean."""

    network: str
    named: PostNamed
    account: LinkedAccount
    known: Known | None  # told by its network, or handed in before
    told: bool
    published_at: datetime
    dated: str


async def state(
    connection: Connection, person_id: int, handed: HandedIn, now: datetime, zone: ZoneInfo
) -> Stated:
    """Hand in one's own post, in the caller's transaction. Raises NotStated with all that is wrong."""
    # Two submissions of one person come one after the other, so that one post is one statement.
    await connection.execute("select 1 from person where id = $1 for no key update", person_id)
    it = await _look(connection, person_id, handed, now, zone)
    if it.told and it.known is not None:
        await hand_over(connection, person_id, it.known.post_id, now)
    if it.known is not None and not handed.counts:
        return Stated(it.known.post_id, it.network, None, known=it.told, again=not it.told)
    if await _waiting(connection, person_id) >= MOST_WAITING:
        raise NotStated(
            f"{MOST_WAITING} posts of yours wait to be looked at. Wait until some are, or take one back."
        )
    id_ = await _record(connection, person_id, it, handed, now)
    return Stated(native_key(it.network, it.named.native_id), it.network, id_, known=it.told)


async def check_stated(
    connection: Connection, person_id: int, handed: HandedIn, now: datetime, zone: ZoneInfo
) -> None:
    """Change nothing. Raises NotStated with all for which `state` would not take it."""
    await _look(connection, person_id, handed, now, zone)


async def _look(
    connection: Connection, person_id: int, handed: HandedIn, now: datetime, zone: ZoneInfo
) -> _Looked:
    own = await accounts_of(connection, person_id, now)
    network, named = named_by(handed.address, own)
    faults, account = wrong_counts(network, handed.counts, handed.picture), None
    try:
        account = whose(network, named, own, handed.account_id)
    except NotStated as why:
        if why.field == "post":  # no post of theirs: what else is wrong is of no interest
            raise
        faults |= why.faults
    here = {one.id: one for one in own if one.platform == network}
    known = await known_post(connection, network, named, list(here))
    told = known is not None and known.author_id in here
    if not told:
        known = await handed_in_before(connection, network, named, person_id)
    published_at, dated = now, ""
    if known is not None:
        named = replace(named, native_id=known.native_id)
        published_at, dated = known.published_at, known.dated
        account = here.get(known.author_id, account) if told else account
    else:
        try:
            published_at, dated = _published(named, handed.published_on, now, zone)
        except NotStated as why:
            faults |= why.faults
    if faults or account is None:
        raise NotStated.of(faults)
    return _Looked(network, named, account, known, told, published_at, dated)


def _published(
    named: PostNamed, on: date | None, now: datetime, zone: ZoneInfo
) -> tuple[datetime, str]:
    if (at := moment_of(named, now)) is not None:
        return at, "network"
    if on is None:
        raise NotStated(
            "Its address does not say when it was published. Choose the day.", "published_on"
        )
    if on > now.astimezone(zone).date() or on < EARLIEST.date():
        raise NotStated(
            "Choose the day on which it was published, today or earlier.", "published_on"
        )
    end = datetime.combine(on + timedelta(days=1), time(), zone) - timedelta(seconds=1)
    return min(end, now), "author"


async def _waiting(connection: Connection, person_id: int) -> int:
    return int(
        await connection.fetchval(
            """select count(*) from statement s where person_id = $1 and not exists
                 (select from statement_answer a where a.statement_id = s.id)""",
            person_id,
        )
    )


async def _record(
    connection: Connection,
    person_id: int,
    it: _Looked,
    handed: HandedIn,
    now: datetime,
) -> int:
    post_id = native_key(it.network, it.named.native_id)
    id_: int = await connection.fetchval(
        """insert into statement (person_id, account_id, platform, native_id, post_id, published_at,
                                  dated, counts, recorded_at)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning id""",
        person_id,
        it.account.id,
        it.network,
        it.named.native_id,
        post_id,
        it.published_at,
        it.dated,
        json.dumps({kind.value: value for kind, value in handed.counts.items()}),
        now,
    )
    await connection.execute(
        """insert into statement_words (statement_id, address, media_type, picture, recorded_at)
           values ($1, $2, $3, $4, $5)""",
        id_,
        it.named.address,
        handed.picture.media_type if handed.picture else None,
        handed.picture.body if handed.picture else None,
        now,
    )
    detail = {"post": str(post_id), "figures": len(handed.counts)}
    await record_audit(connection, person_id, "post_stated", f"statement:{id_}", detail, now)
    return id_
