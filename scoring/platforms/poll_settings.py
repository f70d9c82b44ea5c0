"""Settings that networks share which are asked over and over; a platform lists those it takes."""

from __future__ import annotations

from typing import Final

from scoring.platforms.platform import Secrets, Wanted
from scoring.platforms.polling import check_budget, check_calls, check_origin

CALLS: Final = Wanted("poll_calls", "how many questions a day Fanfare may ask it", check_calls)
BUDGET: Final = Wanted(
    "poll_budget",
    "US dollars a month that its answers may cost; unset: nothing is asked",
    check_budget,
)
API: Final = Wanted(
    "api", "the address of its API, where it is not the network's own", check_origin
)


def api(secrets: Secrets, usual: str) -> str:
    """Where questions go: as set, else where the network itself answers."""
    return secrets.one(API.name) or usual
