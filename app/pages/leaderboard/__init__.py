"""The leaderboard: its page, the rows everybody sees alike, and what is only for the one who looks."""

from app.pages.leaderboard.block import BLOCK_HANDLERS
from app.pages.leaderboard.files import HANDLERS as FILES
from app.pages.leaderboard.page import HANDLERS as PAGE
from app.pages.leaderboard.page import boards_and_blocks

HANDLERS = [*PAGE, *FILES]

__all__ = ["BLOCK_HANDLERS", "HANDLERS", "boards_and_blocks"]
