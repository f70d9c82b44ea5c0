"""The package `leaderboard` of PyPI (3.7.3, the last, of 2018), doing a board's work beside ours.

It gives ZADD its arguments as clients of its time took them, and nothing else in it is out of date: so it
gets a client that puts them in today's order. Not installed with Fanfare; without it nothing is compared.
"""

from __future__ import annotations

import importlib
from typing import Any

from redis import Redis
from redis.client import Pipeline

NAME = "bench:package"
_AT_ONCE = 4_000


class _OldPipeline(Pipeline):
    """A pipeline whose ZADD takes (key, member, score)."""

    def zadd(self, name: str, member: str, score: float) -> Any:  # type: ignore[override]
        return super().zadd(name, {member: score})


class _OldRedis(Redis):
    """A client with such pipelines."""

    def pipeline(self, transaction: bool = True, shard_hint: str | None = None) -> _OldPipeline:
        return _OldPipeline(self.connection_pool, self.response_callbacks, transaction, shard_hint)


class Package:
    """A board of that package, with shared ranks as ours has."""

    def __init__(self, url: str) -> None:
        """ModuleNotFoundError where the package is not installed."""
        module = importlib.import_module("leaderboard.competition_ranking_leaderboard")
        self._redis = _OldRedis.from_url(url)
        self._board = module.CompetitionRankingLeaderboard(
            NAME, redis_connection=self._redis, page_size=50
        )

    def fill(self, values: dict[str, int]) -> None:
        """Rank everybody, as many a call as ours takes."""
        pairs = list(values.items())
        for first in range(0, len(pairs), _AT_ONCE):
            flat = [part for pair in pairs[first : first + _AT_ONCE] for part in pair]
            self._board.rank_members(flat)

    def rank(self, member: str, value: int) -> None:
        """One new value."""
        self._board.rank_member(member, value)

    def look(self, member: str) -> Any:
        """The top 50, one's own rank, and two neighbours on each side."""
        top = self._board.leaders(1)
        own = self._board.score_and_rank_for(member)
        return top, own, self._board.around_me(member, page_size=5)

    def close(self) -> None:
        """Take the board away."""
        self._redis.delete(NAME)
        self._redis.close()
