"""Counting openings, behind the visitors' backs: looked at in slices, stored together.

Laws: an opening waits in memory, of bounded size, until it is committed; where PostgreSQL is away it waits
on; an orderly end commits all that waits. A link counts until the moment it was ended, whatever a process
remembers of it. Killed, a process loses what it had not committed yet: at rest some thousandths of a
second, under a flood as much as waits.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
from collections import OrderedDict, defaultdict, deque
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from functools import cache
from http.cookies import CookieError, SimpleCookie
from typing import Final, NamedTuple

import msgspec
import structlog
from litestar.stores.redis import RedisStore
from prometheus_client import Counter

from app.auth.client_address import client_address
from app.auth.sessions import COOKIE, viewer_of_session
from app.clicks.counted import why_not_counted
from app.clicks.visitor import place_of, visitor_of
from app.database import transaction
from app.settings import Settings
from app.webhooks import DeliveryRow, GroupCommit, Kept, NotKept, RowRefused
from scoring import LINKS, account_of_links, links_ended, visitor_key

_log = structlog.get_logger(__name__)

LOOKED_AT: Final = frozenset({
    b"user-agent", b"cookie", b"x-forwarded-for", b"sec-fetch-dest", b"purpose", b"sec-purpose",
    b"x-purpose", b"x-moz",
})  # fmt: skip
_MOST: Final = 20_000  # openings that wait; more are led on and not counted
_REMEMBERED: Final = 50_000  # visitors of today who were counted
# Visitors of a link and day from one address: more than a household or a café has, and the most that somebody
# who makes up browsers can have counted, and written.
MOST_FROM_ONE_PLACE: Final = 200
# Openings looked at before visitors have their turn again: more where more wait, never for long.
_SLICE, _LONGEST_SLICE = 16, 128
_DAYS: Final = 3  # whose keys are remembered
_MOST_TOGETHER: Final = 1_000  # openings of one delivery: some 100 kB
_AGAIN_S: Final = 0.5  # after PostgreSQL did not take them
_PATIENCE_S: Final = 8.0  # for what waits at the end; the server gives ten
_SESSION: Final = COOKIE.encode()

OPENINGS: Final = Counter("fanfare_link_openings_total", "Openings of tracked links", ["outcome"])
_encode: Final = msgspec.json.Encoder().encode


@cache  # finding a child by its label costs more than counting
def openings(outcome: str) -> Counter:
    """The counter of an outcome, which comes from our own code."""
    return OPENINGS.labels(outcome)


class Knock(NamedTuple):
    """Somebody or something opened a link that counts; `headers` those that are looked at."""

    code: str
    person_id: int
    headers: list[tuple[bytes, bytes]]
    peer: str | None
    at: datetime


class Opened(msgspec.Struct, frozen=True):
    """An opening that counts, as it is stored."""

    code: str
    visitor: str
    day: date
    at: datetime


class Counting:
    """The openings of one process: `note` them; `start` and `close` around it."""

    def __init__(self, settings: Settings, commit: GroupCommit, sessions: RedisStore) -> None:
        self._settings = settings
        self._commit = commit
        self._sessions = sessions
        self._knocks: deque[Knock] = deque()
        self._opened: list[tuple[int, Opened]] = []
        self._storing = 0
        self._keys: dict[date, bytes] = {}
        self._counted: OrderedDict[tuple[str, date, str], None] = OrderedDict()
        self._from: OrderedDict[str, int] = OrderedDict()  # by a digest that is good for the day
        self._asked: set[asyncio.Task[None]] = set()
        self._knocked, self._to_store = asyncio.Event(), asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin to count."""
        loop = asyncio.get_running_loop()
        self._tasks = [
            loop.create_task(self._look(), name="openings looked at"),
            loop.create_task(self._store(), name="openings stored"),
        ]

    @property
    def waiting(self) -> int:
        """Openings that are not committed yet."""
        return len(self._knocks) + len(self._asked) + len(self._opened) + self._storing

    def note(self, knock: Knock) -> None:
        """Have an opening counted, if it counts, later."""
        if self.waiting >= _MOST:
            openings("overloaded").inc()
            return
        self._knocks.append(knock)
        self._knocked.set()

    async def close(self) -> None:
        """Commit what was opened before this."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE_S):
                while self.waiting:  # noqa: ASYNC110 - two queues and what is on its way between
                    await asyncio.sleep(0.01)
        for task in (*self._tasks, *self._asked):
            task.cancel()
        await asyncio.gather(*self._tasks, *self._asked, return_exceptions=True)
        if self.waiting:
            openings("not_stored").inc(self.waiting)
            _log.error("openings_lost", openings=self.waiting, why="PostgreSQL did not take them")

    # Looking at them ----------------------------------------------------------------------------

    async def _look(self) -> None:
        while True:
            if not self._knocks:
                self._knocked.clear()
                await self._knocked.wait()
            try:
                await self._known_keys({self._day(self._knocks[n].at) for n in (0, -1)})
            except Exception:  # noqa: BLE001 - logged with its traceback
                _log.exception("openings_wait")
                await asyncio.sleep(_AGAIN_S)
                continue
            many = max(_SLICE, min(_LONGEST_SLICE, len(self._knocks) // 8))
            for _ in range(min(many, len(self._knocks))):
                self._look_at(self._knocks.popleft())
            await asyncio.sleep(0)

    def _look_at(self, knock: Knock) -> None:
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in knock.headers}
        try:
            if COOKIE in headers.get("cookie", ""):
                task = asyncio.create_task(self._ask_who(knock, headers))
                self._asked.add(task)
                task.add_done_callback(self._asked.discard)
            else:
                self._judge(knock, headers, by_author=False)
        except Exception:  # noqa: BLE001 - logged with its traceback
            openings("failed").inc()
            _log.exception("opening_not_counted")

    async def _ask_who(self, knock: Knock, headers: dict[str, str]) -> None:
        """Whoever brings a session may be the author."""
        try:
            by_author = await self._is_author(headers["cookie"], knock.person_id)
            self._judge(knock, headers, by_author=by_author)
        except Exception:  # noqa: BLE001 - logged with its traceback
            openings("failed").inc()
            _log.exception("opening_not_counted")

    def _judge(self, knock: Knock, headers: dict[str, str], *, by_author: bool) -> None:
        settings = self._settings
        forwarded = [
            value.decode("latin-1") for name, value in knock.headers if name == b"x-forwarded-for"
        ]
        client = client_address(knock.peer, forwarded, settings.trusted_proxies)
        reason = why_not_counted(
            "GET", headers, client, settings.office_networks, by_author=by_author
        )
        if reason is not None:
            openings(reason).inc()
            return
        day = self._day(knock.at)
        visitor = visitor_of(self._keys[day], knock.code, client, headers["user-agent"])
        seen = (knock.code, day, visitor)
        if seen in self._counted:
            openings(Kept.KNOWN).inc()
            return
        if self._crowded(visitor_of(self._keys[day], knock.code, place_of(client), "")):
            openings("crowd").inc()
            return
        self._counted[seen] = None
        if len(self._counted) > _REMEMBERED:
            self._counted.popitem(last=False)
        self._opened.append((knock.person_id, Opened(knock.code, visitor, day, knock.at)))
        self._to_store.set()

    def _crowded(self, place: str) -> bool:
        """Whether as many came from a place as are counted; counts one more where not."""
        came = self._from.pop(place, 0)
        crowded = came >= MOST_FROM_ONE_PLACE
        self._from[place] = came if crowded else came + 1
        if len(self._from) > _REMEMBERED:
            self._from.popitem(last=False)
        return crowded

    async def _is_author(self, cookies: str, person_id: int) -> bool:
        try:
            token = SimpleCookie(cookies).get(COOKIE)
        except CookieError:
            return False
        if token is None:
            return False
        viewer = await viewer_of_session(self._sessions, token.value)
        return viewer is not None and viewer.person_id == person_id

    def _day(self, at: datetime) -> date:
        return at.astimezone(self._settings.timezone).date()

    async def _known_keys(self, days: Iterable[date]) -> None:
        for day in days:
            if day not in self._keys:
                async with transaction() as connection:
                    self._keys[day] = await visitor_key(connection, day)
                # Yesterday's is for who came at midnight; older ones are forgotten here, too.
                self._keys = dict(sorted(self._keys.items())[-_DAYS:])

    # Storing them -------------------------------------------------------------------------------

    async def _store(self) -> None:
        while True:
            if not self._opened:
                self._to_store.clear()
                await self._to_store.wait()
            taken, self._opened = self._opened, []
            self._storing = len(taken)
            try:
                left = await self._stored(taken)
            except asyncio.CancelledError:
                self._opened = taken + self._opened
                self._storing = 0
                raise
            except Exception:  # noqa: BLE001 - logged with its traceback
                _log.exception("openings_wait")
                left = taken
            self._opened = left + self._opened
            self._storing = 0
            if left:
                await asyncio.sleep(_AGAIN_S)

    async def _stored(self, taken: list[tuple[int, Opened]]) -> list[tuple[int, Opened]]:
        """Commit openings; those that PostgreSQL did not take."""
        async with transaction(readonly=True) as connection:
            ended = await links_ended(connection, {one.code for _, one in taken})
        alive = [
            (whose, one)
            for whose, one in taken
            if one.code not in ended or one.at < ended[one.code]
        ]
        openings("ended").inc(len(taken) - len(alive))
        left: list[tuple[int, Opened]] = []
        waiting = []
        for whose, together in _by_person(alive):
            try:
                waiting.append((whose, together, self._commit.submit(_row(whose, together))))
            except NotKept:
                left += [(whose, one) for one in together]
        for whose, together, answer in waiting:
            try:
                await answer
            except RowRefused:
                openings("failed").inc(len(together))
            except NotKept:
                left += [(whose, one) for one in together]
            else:
                openings(Kept.STORED).inc(len(together))
        return left


def _by_person(opened: Iterable[tuple[int, Opened]]) -> Iterator[tuple[int, list[Opened]]]:
    """Openings of one person's links together, so that what is theirs can be forgotten alone."""
    by_person: dict[int, list[Opened]] = defaultdict(list)
    for whose, one in opened:
        by_person[whose].append(one)
    for whose, every in by_person.items():
        for begin in range(0, len(every), _MOST_TOGETHER):
            yield whose, every[begin : begin + _MOST_TOGETHER]


def _row(whose: int, together: list[Opened]) -> DeliveryRow:
    body = _encode({"account": account_of_links(whose), "openings": together})
    key = hashlib.sha256(body).hexdigest()
    return DeliveryRow.of(LINKS, key, {}, body, datetime.now(UTC), "link")
