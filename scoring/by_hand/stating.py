"""A person hands in a post by its address, alone or with figures and a picture of them.

Laws: it must be from an account they have linked; the same post is one post, whoever told of it and by
whichever address; one that no network told of waits for communications, and so does every figure.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Final, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from scoring.accounts import LinkedAccount, accounts_of
from scoring.audit import record_audit
from scoring.by_hand.known import handed_in_before, known_post, moment_of
from scoring.changes import note
from scoring.connection import Connection
from scoring.facts import Kind
from scoring.identity import native_key
from scoring.platforms import platform, platforms
from scoring.platforms.addresses import NotAPost, PostNamed
from scoring.platforms.moments import EARLIEST
from scoring.platforms.platform import Named, UnknownPlatform
from scoring.platforms.recognising import recognise

MOST_WAITING: Final = 50  # of one person: more is a stuck key or a nuisance to those who look
MOST_COUNT: Final = 1_000_000_000
COUNTED: Final = (Kind.REACTION, Kind.REPLY, Kind.RESHARE, Kind.QUOTE)


class NotStated(ValueError):
    """It was not taken; `field` says where, the message what to do."""

    def __init__(self, words: str, field: str = "post") -> None:
        super().__init__(words)
        self.field = field


class Picture(NamedTuple):
    """A picture of figures, made anew from its pixels."""

    media_type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Stated:
    """What became of it: `statement_id` where something waits now; `known`: its network told of it."""

    post_id: UUID
    network: str
    statement_id: int | None
    known: bool
    again: bool = False  # nothing new was said


async def state(
    connection: Connection,
    person_id: int,
    address: str,
    now: datetime,
    zone: ZoneInfo,
    *,
    account_id: UUID | None = None,
    published_on: date | None = None,
    counts: Mapping[Kind, int] | None = None,
    picture: Picture | None = None,
) -> Stated:
    """Hand in one's own post, in the caller's transaction. Raises NotStated."""
    # Two submissions of one person come one after the other, so that one post is one statement.
    await connection.execute("select 1 from person where id = $1 for no key update", person_id)
    own = await accounts_of(connection, person_id, now)
    network, named = named_by(address, own)
    counts = _checked(network, dict(counts or {}), picture)
    account = _whose(network, named, own, account_id)
    here = [one.id for one in own if one.platform == network]
    known = await known_post(connection, network, named, here)
    told = known is not None and known.author_id in here
    if told and known is not None:
        await hand_over(connection, person_id, known.post_id, now)
        account = next(one for one in own if one.id == known.author_id)
    else:
        known = await handed_in_before(connection, network, named, person_id)
    if known is None:
        published_at, dated = _published(named, published_on, now, zone)
    elif not counts:
        return Stated(known.post_id, network, None, known=told, again=not told)
    else:
        named = replace(named, native_id=known.native_id)
        published_at, dated = known.published_at, known.dated
    if await _waiting(connection, person_id) >= MOST_WAITING:
        raise NotStated(
            f"{MOST_WAITING} posts of yours wait to be looked at. Wait until some are, or take one back."
        )
    id_ = await _record(
        connection, person_id, account, network, named, published_at, dated, counts, picture, now
    )
    return Stated(native_key(network, named.native_id), network, id_, known=told)


def named_by(address: str, own: list[LinkedAccount]) -> tuple[str, PostNamed]:
    """Network and post of an address. Raises NotStated."""
    accounts: dict[str, list[Named]] = {}
    for one in own:
        accounts.setdefault(one.platform, []).append(Named(one.native_id, one.handle))
    try:
        return recognise(address, accounts)
    except NotAPost as why:
        raise NotStated(str(why)) from None


def counted_on(network: str) -> tuple[Kind, ...]:
    """What can be counted of a post on a network: quotes only where it knows them."""
    try:
        quotes = Kind.QUOTE in platform(network).capabilities.told
    except UnknownPlatform:
        quotes = False
    return COUNTED if quotes else COUNTED[:-1]


async def hand_over(
    connection: Connection, person_id: int, post_id: UUID, now: datetime, *, once: bool = False
) -> None:
    """The author lets a post count that is known; `once`: say nothing where they did before."""
    new = await connection.fetchval(
        """insert into mark (post_id, name, value, person_id, effective_at, recorded_at)
           values ($1, 'handed_in', null, $2, $3, $3) on conflict do nothing returning id""",
        post_id,
        person_id,
        now,
    )
    if new is None and once:
        return
    await note(connection, posts=[post_id])
    await record_audit(connection, person_id, "handed_in", f"post:{post_id}", {}, now)


def _checked(network: str, counts: dict[Kind, int], picture: Picture | None) -> dict[Kind, int]:
    for kind, value in counts.items():
        if kind not in counted_on(network):
            raise NotStated(f"{platforms()[network].label} does not count that.", kind.value)
        if not 0 <= value <= MOST_COUNT:
            raise NotStated("Type a number, such as 120.", kind.value)
    if counts and picture is None:
        raise NotStated(
            "Add a picture in which the figures can be seen; whoever confirms them looks at it.",
            "picture",
        )
    if picture is not None and not counts:
        raise NotStated("Type at least one of the figures that the picture shows.", "reaction")
    return counts


def _whose(
    network: str, named: PostNamed, own: list[LinkedAccount], chosen: UUID | None
) -> LinkedAccount:
    here = [one for one in own if one.platform == network]
    label = platforms()[network].label
    if not here:
        raise NotStated(
            f"This post is on {label}, where you have linked no account. Link yours first; posts "
            "count from then on."
        )
    if named.author is not None:
        mine = [one for one in here if named.author in _names(one)]
        # Only what can be compared is held against somebody.
        if mine:
            return mine[0]
        if not any(_incomparable(one, named.author) for one in here):
            raise NotStated(
                f"This address names “{_shown(named.author)}”, and your account on {label} is "
                f"{' or '.join(f'“{one.handle}”' for one in here)}. Hand in posts of your own; if "
                "your name there has changed, link the account anew."
            )
    if len(here) == 1:
        return here[0]
    picked = [one for one in here if one.id == chosen]
    if not picked:
        raise NotStated(
            f"You have linked {len(here)} accounts on {label}. Say which one it is from.", "account"
        )
    return picked[0]


def _names(account: LinkedAccount) -> set[str]:
    return {account.native_id.lower(), account.handle.lower().removeprefix("@")}


def _incomparable(account: LinkedAccount, author: str) -> bool:
    """Whether the account is known by another kind of name than the address has: a number, a URN."""
    names = _names(account)
    return all(name.isdecimal() for name in names) != author.isdecimal() or (
        "/" in author and not any("/" in name for name in names)
    )


def _shown(author: str) -> str:
    return author if len(author) <= 80 else f"{author[:79]}…"


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
    account: LinkedAccount,
    network: str,
    named: PostNamed,
    published_at: datetime,
    dated: str,
    counts: Mapping[Kind, int],
    picture: Picture | None,
    now: datetime,
) -> int:
    id_: int = await connection.fetchval(
        """insert into statement (person_id, account_id, platform, native_id, post_id, published_at,
                                  dated, counts, recorded_at)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning id""",
        person_id,
        account.id,
        network,
        named.native_id,
        native_key(network, named.native_id),
        published_at,
        dated,
        json.dumps({kind.value: value for kind, value in counts.items()}),
        now,
    )
    await connection.execute(
        """insert into statement_words (statement_id, address, media_type, picture, recorded_at)
           values ($1, $2, $3, $4, $5)""",
        id_,
        named.address,
        picture.media_type if picture else None,
        picture.body if picture else None,
        now,
    )
    detail = {"post": str(native_key(network, named.native_id)), "figures": len(counts)}
    await record_audit(connection, person_id, "post_stated", f"statement:{id_}", detail, now)
    return id_
