"""The leaderboard: its page, the rows everybody sees alike, and what is only for the one who looks."""

from app.pages.leaderboard.block import BLOCK_HANDLERS
from app.pages.leaderboard.page import HANDLERS, boards_and_blocks

__all__ = ["BLOCK_HANDLERS", "HANDLERS", "boards_and_blocks"]
