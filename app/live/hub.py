"""One subscription to the signals in a process, handed on to all its open connections.

Law: whatever happens to Redis, a browser hears of a board's newest version within seconds of Redis
being back; of one board it hears at most once a second.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from contextlib import suppress

import structlog
from redis.asyncio import Redis

from app.live.listener import Listener
from app.live.topics import is_topic, topic_versions
from scoring import REDIS_AWAY, SIGNALS, BoardKey, UnknownBoard, read_signal, versions

_log = structlog.get_logger(__name__)

SPACING_S = 1.0  # between two signals of a board to the same browser
_LISTEN_S = 5.0  # how long a quiet subscription is waited on before Redis is asked whether it lives
_AGAIN_LEAST_S = 0.1
_AGAIN_MOST_S = 3.0


class Hub:
    """All listeners of this process. Run `run` as a task; `close_all` ends every stream."""

    def __init__(self, redis: Redis, spacing_s: float = SPACING_S) -> None:
        self._redis = redis
        self._spacing_s = spacing_s
        self._listeners: dict[str, set[Listener]] = {}
        self._versions: dict[str, int] = {}  # of watched boards, as long as the subscription holds
        self._told_at: dict[str, float] = {}
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self.closed = False

    def __len__(self) -> int:
        return len({listener for each in self._listeners.values() for listener in each})

    async def join(self, listener: Listener) -> None:
        """Hand signals to a listener from now on, and the current versions at once."""
        for board in listener.boards:
            self._listeners.setdefault(board, set())  # from here on its signals are noted
        unknown = [board for board in listener.boards if board not in self._versions]
        if unknown:
            # Without an answer the browser hears of them when Redis is back.
            with suppress(*REDIS_AWAY):
                await self._learn(unknown)
        for board in listener.boards:
            self._listeners.setdefault(board, set()).add(listener)
        listener.begin(self._versions)
        if self.closed:
            listener.close()

    def leave(self, listener: Listener) -> None:
        """Hand on nothing more."""
        for board in listener.boards:
            watching = self._listeners.get(board, set())
            watching.discard(listener)
            if not watching:
                self._listeners.pop(board, None)
                self._versions.pop(board, None)
                self._told_at.pop(board, None)
                if timer := self._timers.pop(board, None):
                    timer.cancel()

    def close_all(self) -> None:
        """End every stream; the browsers come back to another process by themselves."""
        self.closed = True
        for listener in {listener for each in self._listeners.values() for listener in each}:
            listener.close()

    async def run(self) -> None:
        """Listen until cancelled, through any outage of Redis."""
        again_s = _AGAIN_LEAST_S
        while True:
            try:
                async with self._redis.pubsub() as subscription:
                    await subscription.subscribe(SIGNALS)
                    while True:
                        message = await subscription.get_message(timeout=_LISTEN_S)
                        if message is None:
                            await subscription.ping()
                        elif message["type"] == "message":
                            self._hear(message["data"])
                        elif message["type"] == "subscribe":
                            # At first and after each reconnection that the client makes by itself:
                            # what was signalled while nobody listened.
                            await self._learn(list(self._listeners))
                            if again_s > _AGAIN_LEAST_S:
                                _log.info("signals_heard_again")
                            again_s = _AGAIN_LEAST_S
            except REDIS_AWAY as away:
                if again_s == _AGAIN_LEAST_S:
                    _log.warning("signals_not_heard", why=f"{type(away).__name__}: {away}")
                self._versions.clear()  # what is signalled now, we do not hear
            await asyncio.sleep(again_s)
            again_s = min(again_s * 2, _AGAIN_MOST_S)

    def _hear(self, message: bytes) -> None:
        told = read_signal(message)
        if told is not None:
            self._note(told.board, told.version)

    def _note(self, board: str, version: int) -> None:
        if board not in self._listeners or version <= self._versions.get(board, 0):
            return
        self._versions[board] = version
        if board in self._timers:
            return  # it goes out with the newest
        loop = asyncio.get_running_loop()
        wait_s = self._told_at.get(board, 0.0) + self._spacing_s - loop.time()
        if wait_s <= 0:
            self._hand_on(board)
        else:
            self._timers[board] = loop.call_later(wait_s, self._hand_on, board)

    def _hand_on(self, board: str) -> None:
        self._timers.pop(board, None)
        version = self._versions.get(board)
        if version is None:
            return  # Redis went away meanwhile; it is asked when it is back
        self._told_at[board] = asyncio.get_running_loop().time()
        for listener in self._listeners.get(board, ()):
            listener.tell(board, version)

    async def _learn(self, boards: Iterable[str]) -> None:
        """Ask Redis for versions."""
        keys = []
        topics = []
        for board in boards:
            if is_topic(board):
                topics.append(board)
                continue
            try:
                keys.append(BoardKey.parse(board))
            except UnknownBoard:
                continue  # nobody can watch it: requests are checked
        known = {str(key): v for key, v in (await versions(self._redis, keys)).items()}
        for board, version in {**known, **await topic_versions(self._redis, topics)}.items():
            if version:
                self._note(board, version)
