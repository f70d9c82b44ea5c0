"""Boards: who stands where, in Redis, fed by the outbox, built again from PostgreSQL when needed.

Redis is a cache here. Law: flush it at any moment and nothing is lost.
"""

from scoring.boards.apply import Applied, Told, apply
from scoring.boards.boards import REDIS_AWAY, Boards
from scoring.boards.bracketed import brackets_of
from scoring.boards.eve import build_eve, eve_day
from scoring.boards.keeper import Keeper, build_eves, running_boards
from scoring.boards.key import BRACKETED, EVERYONE, BoardKey, UnknownBoard, audiences
from scoring.boards.outbox import Published, publish
from scoring.boards.past import Stood, keep_past, past_ranks
from scoring.boards.read import ranks_of, read
from scoring.boards.rebuild import BoardNotBuilt, ensure, is_ready, rebuild
from scoring.boards.republish import republish_newly_effective, republish_person
from scoring.boards.restart import boards_in_redis, rebuild_after_restart
from scoring.boards.signal import SIGNALS, Signal, read_signal, signal, versions
from scoring.boards.teams import LEAST_SIZE, Team, read_teams
from scoring.boards.view import Own, Row, Source, View

__all__ = [
    "BRACKETED",
    "EVERYONE",
    "LEAST_SIZE",
    "REDIS_AWAY",
    "SIGNALS",
    "Applied",
    "BoardKey",
    "BoardNotBuilt",
    "Boards",
    "Keeper",
    "Own",
    "Published",
    "Row",
    "Signal",
    "Source",
    "Stood",
    "Team",
    "Told",
    "UnknownBoard",
    "View",
    "apply",
    "audiences",
    "boards_in_redis",
    "brackets_of",
    "build_eve",
    "build_eves",
    "ensure",
    "eve_day",
    "is_ready",
    "keep_past",
    "past_ranks",
    "publish",
    "ranks_of",
    "read",
    "read_signal",
    "read_teams",
    "rebuild",
    "rebuild_after_restart",
    "republish_newly_effective",
    "republish_person",
    "running_boards",
    "signal",
    "versions",
]
