"""A person hands in a post by its address, alone or with figures and a picture of them.

Laws: it must be from an account they have linked; the same post is one post, whoever told of it and by
whichever address; one that no network told of waits for communications, and so does every figure.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Final, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from scoring.accounts import LinkedAccount, accounts_of
from scoring.audit import record_audit
from scoring.by_hand.known import Known, handed_in_before, known_post, moment_of
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
    """It was not taken; `faults` says by field what to do, the message and `field` the first of them."""

    def __init__(self, words: str, field: str = "post", **further: str) -> None:
        super().__init__(words)
        self.field = field
        self.faults = {field: words, **further}

    @classmethod
    def of(cls, faults: Mapping[str, str]) -> NotStated:
        """All that is wrong at once, each with its field."""
        (field, words), *others = faults.items()
        return cls(words, field, **dict(others))


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
    """Hand in one's own post, in the caller's transaction. Raises NotStated with all that is wrong."""
    # Two submissions of one person come one after the other, so that one post is one statement.
    await connection.execute("select 1 from person where id = $1 for no key update", person_id)
    counts = counts or {}
    it = await _look(
        connection, person_id, address, now, zone, account_id, published_on, counts, picture
    )
    if it.told and it.known is not None:
        await hand_over(connection, person_id, it.known.post_id, now)
    if it.known is not None and not counts:
        return Stated(it.known.post_id, it.network, None, known=it.told, again=not it.told)
    if await _waiting(connection, person_id) >= MOST_WAITING:
        raise NotStated(
            f"{MOST_WAITING} posts of yours wait to be looked at. Wait until some are, or take one back."
        )
    id_ = await _record(connection, person_id, it, counts, picture, now)
    return Stated(native_key(it.network, it.named.native_id), it.network, id_, known=it.told)


async def check_stated(
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
) -> None:
    """Change nothing. Raises NotStated with all for which `state` would not take it."""
    await _look(
        connection, person_id, address, now, zone, account_id, published_on, counts or {}, picture
    )


async def _look(
    connection: Connection,
    person_id: int,
    address: str,
    now: datetime,
    zone: ZoneInfo,
    account_id: UUID | None,
    published_on: date | None,
    counts: Mapping[Kind, int],
    picture: Picture | None,
) -> _Looked:
    own = await accounts_of(connection, person_id, now)
    network, named = named_by(address, own)
    faults, account = _wrong_counts(network, counts, picture), None
    try:
        account = _whose(network, named, own, account_id)
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
            published_at, dated = _published(named, published_on, now, zone)
        except NotStated as why:
            faults |= why.faults
    if faults or account is None:
        raise NotStated.of(faults)
    return _Looked(network, named, account, known, told, published_at, dated)


def named_by(address: str, own: list[LinkedAccount]) -> tuple[str, PostNamed]:
    """Network and post of an address. Raises NotStated."""
    accounts: dict[str, list[Named]] = {}
    for one in own:
        accounts.setdefault(one.platform, []).append(one.named)
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


def _wrong_counts(
    network: str, counts: Mapping[Kind, int], picture: Picture | None
) -> dict[str, str]:
    faults = {}
    for kind, value in counts.items():
        if kind not in counted_on(network):
            faults[kind.value] = f"{platforms()[network].label} does not count that."
        elif not 0 <= value <= MOST_COUNT:
            faults[kind.value] = "Type a number, such as 120."
    if counts and picture is None:
        faults["picture"] = (
            "Add a picture in which the figures can be seen; whoever confirms them looks at it."
        )
    if picture is not None and not counts:
        faults["reaction"] = "Type at least one of the figures that the picture shows."
    return faults


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
        # Only what can be compared is held against somebody.
        if mine := authors_in(named, here):
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


def authors_in(named: PostNamed, accounts: Sequence[LinkedAccount]) -> list[LinkedAccount]:
    """Those of these accounts that an address names as its post's author."""
    return [one for one in accounts if named.author in _names(one)]


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
    it: _Looked,
    counts: Mapping[Kind, int],
    picture: Picture | None,
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
        json.dumps({kind.value: value for kind, value in counts.items()}),
        now,
    )
    await connection.execute(
        """insert into statement_words (statement_id, address, media_type, picture, recorded_at)
           values ($1, $2, $3, $4, $5)""",
        id_,
        it.named.address,
        picture.media_type if picture else None,
        picture.body if picture else None,
        now,
    )
    detail = {"post": str(post_id), "figures": len(counts)}
    await record_audit(connection, person_id, "post_stated", f"statement:{id_}", detail, now)
    return id_
