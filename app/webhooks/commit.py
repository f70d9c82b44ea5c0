"""Group commit: while one batch of deliveries is being committed, the next one gathers.

Laws: every submitted delivery gets an answer, whatever happens; «stored» and «known already» are
said only after PostgreSQL has committed; one bad row never fails the rows it travels with; memory
is bounded.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import asyncpg
import structlog

from app.webhooks.lane import Lane, row_at_fault
from app.webhooks.row import DeliveryRow, Kept, NotKept, Overloaded, RowRefused, Unavailable

_log = structlog.get_logger(__name__)

_TROUBLE = (
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    # asyncpg 0.32 says «cannot switch to state» when PostgreSQL ended the session a moment before.
    asyncpg.InternalClientError,
    OSError,
    TimeoutError,
)
# Pauses before connecting again, doubling: quick after a restart, gentle in an outage.
_FIRST_PAUSE_S, _LAST_PAUSE_S = 0.05, 1.0


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a process holds in memory and how long a network is kept waiting.

    `patience_s` and one statement's time are below the 10 s after which X gives up, so that our
    503 is heard.
    A batch's bytes bound the message to PostgreSQL; a single delivery may be as large as 1 MiB.
    """

    waiting_rows: int = 5_000
    waiting_bytes: int = 64 * 2**20
    batch_rows: int = 500
    batch_bytes: int = 8 * 2**20
    patience_s: float = 5.0


@dataclass(slots=True, eq=False)
class _Waiting:
    row: DeliveryRow
    answer: asyncio.Future[Kept]
    until: float  # on the monotonic clock

    def tell(self, outcome: Kept | NotKept) -> None:
        if self.answer.done():  # the network hung up, or an earlier step has answered
            return
        if isinstance(outcome, NotKept):
            self.answer.set_exception(outcome)
        else:
            self.answer.set_result(outcome)


class GroupCommit:
    """The way of deliveries into PostgreSQL: `submit` and await; `start` and `close` around it."""

    def __init__(self, lane: Lane, limits: Limits | None = None) -> None:
        self._lane = lane
        self._limits = limits or Limits()
        self._waiting: deque[_Waiting] = deque()
        self._bytes = 0
        self._wake = asyncio.Event()
        self._closing = False
        self._trouble_since: float | None = None
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to commit. PostgreSQL need not be there yet: it is waited for."""
        self._task = asyncio.get_running_loop().create_task(self._run(), name="deliveries")

    def submit(self, row: DeliveryRow) -> asyncio.Future[Kept]:
        """Queue a delivery; the future tells what became of it, or raises `NotKept`.

        Raises `Overloaded` when too much waits, `Unavailable` when PostgreSQL has been away for
        longer than a network would wait (then nothing is gained by holding the connection open).
        """
        now = time.monotonic()
        if self._closing or self._task is None:
            raise Unavailable("this process is not taking deliveries now")
        if self._trouble_since is not None and now - self._trouble_since > self._limits.patience_s:
            raise Unavailable("PostgreSQL is away")
        if (
            len(self._waiting) >= self._limits.waiting_rows
            or self._bytes + len(row.body) > self._limits.waiting_bytes
        ):
            raise Overloaded(f"{len(self._waiting)} deliveries are waiting already")
        waiting = _Waiting(
            row, asyncio.get_running_loop().create_future(), now + self._limits.patience_s
        )
        self._waiting.append(waiting)
        self._bytes += len(row.body)
        self._wake.set()
        return waiting.answer

    async def close(self) -> None:
        """Take nothing more, commit what waits, answer everyone, hang up."""
        self._closing = True
        self._wake.set()
        if self._task is not None:
            # All that waits has `patience_s` at most; a second more for the last statement.
            await asyncio.wait([self._task], timeout=self._limits.patience_s + 1.0)
            self._task.cancel()
            await asyncio.wait([self._task])
        await self._lane.close()

    async def _run(self) -> None:
        batch: list[_Waiting] = []
        try:
            await self._connected([])
            while not (self._closing and not self._waiting):
                if not self._waiting:
                    self._wake.clear()
                    await self._wake.wait()
                batch = self._next_batch()
                try:
                    # Sorted, so that processes with overlapping batches cannot wait for each other.
                    await self._commit(sorted(batch, key=lambda waiting: waiting.row.identity))
                except Exception:  # noqa: BLE001 - logged with its traceback
                    # A mistake of ours must not end receiving; the networks send these again.
                    _log.exception("storing a batch of deliveries failed", deliveries=len(batch))
                    self._lane.drop()
                    _tell_all(batch, Unavailable("storing failed, see the log"))
                batch = []
        finally:
            _tell_all([*batch, *self._waiting], Unavailable("this process is stopping"))
            self._waiting.clear()

    def _next_batch(self) -> list[_Waiting]:
        batch: list[_Waiting] = []
        size = 0
        while self._waiting and len(batch) < self._limits.batch_rows:
            size += len(self._waiting[0].row.body)
            if batch and size > self._limits.batch_bytes:
                break
            batch.append(self._waiting.popleft())
            self._bytes -= len(batch[-1].row.body)
        return batch

    async def _commit(self, batch: Sequence[_Waiting]) -> None:
        """Store a batch, halving it around rows that PostgreSQL refuses."""
        pause_s = _FIRST_PAUSE_S
        while batch := self._still_waiting(batch):
            try:
                new = await self._lane.store([waiting.row for waiting in batch])
            except (*_TROUBLE, UnicodeError, TypeError) as error:
                if row_at_fault(error):
                    await self._halve(batch, error)
                    return
                self._note_trouble(error)
                await asyncio.sleep(pause_s)
                pause_s = min(pause_s * 2, _LAST_PAUSE_S)
                continue
            self._trouble_since = None
            for waiting in batch:
                identity = waiting.row.identity
                # The first of equal rows in a batch is the one that was stored.
                waiting.tell(Kept.STORED if identity in new else Kept.KNOWN)
                new.discard(identity)
            return
        await self._connected(batch)

    async def _halve(self, batch: Sequence[_Waiting], error: Exception) -> None:
        if len(batch) == 1:
            row = batch[0].row
            _log.error("a delivery cannot be stored", platform=row.platform, error=str(error))
            batch[0].tell(RowRefused(str(error)))
            return
        middle = len(batch) // 2
        await self._commit(batch[:middle])
        await self._commit(batch[middle:])

    def _still_waiting(self, batch: Sequence[_Waiting]) -> Sequence[_Waiting]:
        """Those whose network still listens and whose patience lasts; the others are answered."""
        if self._trouble_since is None:
            return batch
        self._send_impatient_away(batch)
        return [waiting for waiting in batch if not waiting.answer.done()]

    def _send_impatient_away(self, batch: Sequence[_Waiting]) -> None:
        now = time.monotonic()
        for waiting in (*batch, *self._waiting):
            if waiting.until < now:
                waiting.tell(Unavailable("PostgreSQL did not answer in time"))
        while self._waiting and self._waiting[0].answer.done():
            self._bytes -= len(self._waiting.popleft().row.body)

    async def _connected(self, batch: Sequence[_Waiting]) -> None:
        """Wait for PostgreSQL to be there, answering those who waited too long."""
        pause_s = _FIRST_PAUSE_S
        while not (self._closing and not self._waiting):
            try:
                await self._lane.open()
            except _TROUBLE as error:
                self._note_trouble(error)
            else:
                self._trouble_since = None
                return
            self._send_impatient_away(batch)
            await asyncio.sleep(pause_s)
            pause_s = min(pause_s * 2, _LAST_PAUSE_S)

    def _note_trouble(self, error: BaseException) -> None:
        self._lane.drop()
        if self._trouble_since is None:
            self._trouble_since = time.monotonic()
            _log.warning("PostgreSQL does not take deliveries", error=repr(error))


def _tell_all(waiting: Sequence[_Waiting], why: NotKept) -> None:
    for one in waiting:
        one.tell(why)
