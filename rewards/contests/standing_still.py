"""What makes one contest stand still, instead of all.

What a contest is made of can go against it, such as a metric that this installation has no more: then it
is reported, and all others go on. Trouble of the database itself is everybody's and no part of this.
"""

from __future__ import annotations

from typing import Final

import asyncpg

from rewards.refusal import Refused

OF_ONE_CONTEST: Final = (
    Refused,
    ArithmeticError,
    LookupError,
    ValueError,
    asyncpg.DataError,
    asyncpg.IntegrityConstraintViolationError,
)


def in_words(why: BaseException) -> str:
    """The reason, for the log."""
    return f"{type(why).__name__}: {why}"
