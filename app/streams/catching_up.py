"""Asking a server of Mastodon what its stream did not tell, and keeping what was heard either way.

Laws: how far notifications were heard is noted with them. What is missing from an account's own posts and
boosts counts as taken back only once the server itself says that it is gone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from app.streams.instance import PAGE, Instance
from app.webhooks import DeliveryRow, store
from scoring import (
    AccountEar,
    StreamFind,
    UnusableFact,
    in_their_order,
    is_number,
    known_deeds,
    mark_of,
    note_mark,
    note_statuses,
    platform,
    remember_deeds,
    statuses_on,
)

_NETWORK: Final = "mastodon"
_MOST_PAGES: Final = 50  # of notifications in one go: 4,000; the rest follows in the next
_PAGES_OF_STATUSES: Final = 5  # 200: so far back is looked for what was taken back
_MOST_LOOKED_FOR: Final = 20  # missing ones that are asked about one by one, in one go
# What happened before somebody first listened is not theirs to give: an hour, for who just linked.
_BEFORE: Final = timedelta(hours=1)
_HOUR: Final = timedelta(hours=1)
# A server's copies lag behind each other: what is missing must have been there for a while.
_SETTLED: Final = timedelta(minutes=1)


class TooMuch(Exception):
    """A server says more than is kept of it; the rest is asked for later."""


@dataclass(slots=True)
class Allowance:
    """How much is kept within an hour of what one server says, and how many events of its stream are looked
    at: whoever runs it must neither fill the disk nor keep the database busy."""

    bytes_an_hour: int
    events_an_hour: int
    _since: datetime | None = None
    _kept: int = 0
    _heard: int = 0

    def take(self, size: int, now: datetime) -> None:
        """Count what is to be kept. Raises TooMuch."""
        self._begin(now)
        if self._kept + size > self.bytes_an_hour:
            raise TooMuch("it says more than is kept within an hour; the rest is asked for then")
        self._kept += size

    def listen(self, now: datetime) -> None:
        """Count an event. Raises TooMuch."""
        self._begin(now)
        if self._heard >= self.events_an_hour:
            raise TooMuch("it says more than is looked at within an hour; it is asked later")
        self._heard += 1

    def _begin(self, now: datetime) -> None:
        if self._since is None or now - self._since >= _HOUR:
            self._since, self._kept, self._heard = now, 0, 0


@dataclass(slots=True)
class Remembering:
    """Where what one ear hears is kept."""

    pool: Any
    stream: str
    account: AccountEar
    now: Callable[[], datetime]
    allowance: Allowance | None = None

    async def first(self) -> bool:
        """Whether nothing was ever asked for with this ear."""
        async with self.pool.acquire() as connection:
            return await mark_of(connection, f"{self.stream} statuses") is None

    async def keep(
        self, found: Sequence[StreamFind], *, mark: str | None = None, there: Sequence[str] = ()
    ) -> int:
        """Store what was found and how far that was, in one transaction; how many were stored."""
        now, network = self.now(), platform(_NETWORK)
        async with self.pool.acquire() as connection, connection.transaction():
            told = [one for one in found if one.gone is None and one.body]
            if names := [name for one in told for name in one.names]:
                await remember_deeds(connection, _NETWORK, dict.fromkeys(names), now)
            gone = {one.names[0]: one for one in found if one.gone is not None}
            known = await known_deeds(connection, _NETWORK, gone) if gone else ()
            told += [gone[name] for name in known]
            # Sorted, and each once: two ears that hear the same deed wait in one order.
            rows = {
                one.key: DeliveryRow.of(
                    _NETWORK, one.key, self._headers(), network.kept_body(one.body), now, "stream",
                )
                for one in sorted(told, key=lambda one: one.key)
            }  # fmt: skip
            if rows:
                if self.allowance is not None:
                    self.allowance.take(sum(len(row.body) for row in rows.values()), now)
                await store(connection, list(rows.values()))
            await note_statuses(
                connection,
                self.stream,
                now,
                there=[*there, *(one.own for one in found if one.own is not None)],
                gone=[one.gone for one in found if one.gone is not None],
            )
            if mark is not None:
                await note_mark(connection, self.stream, mark, now)
        return len(rows)

    def _headers(self) -> dict[str, str]:
        """The server's name, and the host of its pages: what short names of accounts mean there."""
        server = self.account.server
        kept = {"fanfare-server": server.name or ""}
        if self.account.for_itself:
            kept |= {"fanfare-chosen-by": self.account.recipient}
        return kept if server.web in (None, server.name) else kept | {"fanfare-web": server.web}

    def found(self, event: str, payload: dict[str, Any]) -> StreamFind | None:
        """What an answer's object is worth; None for nothing, and for what is no such object."""
        try:
            return self.account.told(event, payload)
        except UnusableFact:
            return None

    def lately(self, payload: dict[str, Any]) -> bool:
        """Whether it happened within the hour before now."""
        try:
            at = datetime.fromisoformat(str(payload.get("created_at")))
        except ValueError:
            return False
        return at.tzinfo is not None and at > self.now() - _BEFORE


async def notifications(instance: Instance, remembering: Remembering) -> int:
    """Keep the notifications since the last that was asked for; how many were kept."""
    async with remembering.pool.acquire() as connection:
        mark = await mark_of(connection, remembering.stream)
    first, kept = mark is None, 0
    for _ in range(_MOST_PAGES):
        page = await instance.notifications(mark)
        told = [one for one in page if not first or remembering.lately(one)]
        found = [one for payload in told if (one := remembering.found("notification", payload))]
        numbers = in_their_order(one["id"] for one in page if is_number(one.get("id")))
        last = numbers[-1] if numbers else "0" if first else None
        kept += await remembering.keep(found, mark=last)
        if first or not numbers or numbers[-1] == mark:
            break
        mark = numbers[-1]
    return kept


async def statuses(instance: Instance, number: str, remembering: Remembering) -> int:
    """Keep what the account wrote or boosted and its stream did not tell, and what it took back."""
    async with remembering.pool.acquire() as connection:
        # Before the server is asked: what is told meanwhile is not missing from its answer.
        known = await statuses_on(connection, remembering.stream)
    first = await remembering.first()
    listed: dict[str, dict[str, Any]] = {}
    before: str | None = None
    whole = False
    for _ in range(_PAGES_OF_STATUSES):
        page = await instance.statuses(number, before)
        listed |= {one["id"]: one for one in page if is_number(one.get("id"))}
        whole = len(page) == 0 or (len(page) < PAGE and before is None)
        if whole or not listed:
            break
        before = in_their_order(listed)[0]
    new = [payload for key, payload in listed.items() if key not in known]
    found = [
        one
        for payload in new
        if (one := remembering.found("update", payload)) is not None
        and (not first or remembering.lately(payload))
    ]
    kept = await remembering.keep(found, there=_public(new))
    oldest = in_their_order(listed)[0] if listed and not whole else ""
    settled = remembering.now() - _SETTLED
    missing = [
        key
        for key, heard_at in known.items()
        if key not in listed and heard_at < settled and in_their_order((oldest, key))[1] == key
    ]
    for key in missing[:_MOST_LOOKED_FOR]:
        gone = remembering.account.deleted(key)
        if gone is not None and await instance.is_gone(key):
            kept += await remembering.keep([gone])
    if first:
        async with remembering.pool.acquire() as connection:
            await note_mark(connection, f"{remembering.stream} statuses", "0", remembering.now())
    return kept


def _public(payloads: Sequence[dict[str, Any]]) -> list[str]:
    shown = (one["id"] for one in payloads if one.get("visibility") in ("public", "unlisted"))
    return [number for number in shown if is_number(number)]
