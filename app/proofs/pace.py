"""How often one person may send Fanfare out to servers that they name.

Law: it is counted before anything goes out, for all their accounts, codes and browsers together, so that
nobody uses this server to hammer another one.
"""

from __future__ import annotations

from enum import Enum
from typing import Final

from redis.asyncio import Redis

_HOUR_S: Final = 3_600
_MINUTE_S: Final = 60


class Errand(Enum):
    """What somebody sends Fanfare out for; how often in a minute and in an hour."""

    FIND = ("finding", 10, 60)  # the account behind a name
    LOOK = ("looking", 8, 40)  # for a proof
    LEAVE = (
        "leaving",
        30,
        90,
    )  # to a server that is asked to take Fanfare as an app, or to ask them

    @property
    def words(self) -> str:
        """What whoever asked too often reads."""
        return "You had Fanfare look many times just now. Wait some minutes, then once more."


async def may_send(redis: Redis, person_id: int, errand: Errand) -> bool:
    """Whether this person may once more; counted either way."""
    name, a_minute, an_hour = errand.value
    for span_s, most in ((_MINUTE_S, a_minute), (_HOUR_S, an_hour)):
        key = f"fanfare:{name}:{person_id}:{span_s}"
        tried = await redis.incr(key)
        await redis.expire(key, span_s, nx=True)
        if tried > most:
            return False
    return True
