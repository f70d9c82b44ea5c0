"""Twelve contests that overlap, of every kind there is."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from tests.rewards.season.world import SILENT_FROM, START

ZONE = ZoneInfo("Europe/Berlin")
EUROS, DAYS = "1", "2"


def _form(name: str, metric: str, first_day: float, last_day: float, **more: str) -> dict[str, str]:
    start = (START + timedelta(days=first_day)).astimezone(ZONE)
    end = (START + timedelta(days=last_day)).astimezone(ZONE)
    return {
        "name": name, "metric": metric, "networks": "mastodon,standard,x", "contact": "HR",
        "start_on": f"{start:%Y-%m-%d}", "start_time": f"{start:%H:%M}",
        "end_on": f"{end:%Y-%m-%d}", "end_time": f"{end:%H:%M}",
        "entering": "default", "settle_hours": "72", "tell_privately": "yes", **more,
    }  # fmt: skip


def _prizes(*prizes: dict[str, str]) -> dict[str, str]:
    return {
        f"prize_{number}_{name}": value
        for number, prize in enumerate(prizes, 1)
        for name, value in prize.items()
    }


def _cash(first: int, last: int, what: str, among: str = "each") -> dict[str, str]:
    return {"for": "place", "from": str(first), "to": str(last), "kind": "cash", "what": what,
            "among": among, "budget": EUROS}  # fmt: skip


def _days(place: int, what: str, among: str = "each") -> dict[str, str]:
    return {"for": "place", "from": str(place), "to": str(place), "kind": "days", "what": what,
            "among": among, "budget": DAYS}  # fmt: skip


def _reach(value: int, at_most: int, what: str, among: str = "all") -> dict[str, str]:
    return {"for": "reach", "reach": str(value), "at_most": str(at_most), "kind": "cash", "what": what,
            "among": among, "budget": EUROS}  # fmt: skip


def _praise(first: int, last: int, among: str = "all") -> dict[str, str]:
    return {"for": "place", "from": str(first), "to": str(last), "kind": "recognition",
            "what": "Breakfast with the board", "among": among}  # fmt: skip


BRACKETS = {"brackets": "audience:150,600"}
# In the silence: what happened before its end is told after it, within settling.
IN_SILENCE = (SILENT_FROM - START + timedelta(hours=20)) / timedelta(days=1)

FORMS: list[dict[str, str]] = [
    _form("Conversation starters", "responses", 1, 15, **BRACKETS, **_prizes(
        _days(1, "2 vacation days"), _cash(2, 3, "€200"), _reach(12, 30, "€25"), _praise(1, 3),
    )),
    _form("Every answer", "answers", 3, 12, **_prizes(_cash(1, 1, "€300.01"), _cash(2, 5, "€33.33"))),
    _form("In the silence", "responses", 5, IN_SILENCE, **_prizes(_cash(1, 10, "€20"))),
    _form("Silence settled at once", "answers", 5, IN_SILENCE, settle_hours="6",
          **_prizes(_cash(1, 10, "€20"))),
    _form("Points of October", "points", 0, 26, freeze_hours="24", cool_down_days="30",
          **BRACKETS, **_prizes(_cash(1, 3, "€100"), _days(1, "half a day", "all"))),
    _form("Most improved", "improved", 14, 21, **_prizes(_cash(1, 5, "€40"))),
    _form("New voices", "growth", 7, 28, breakers="pool,order", growth_floor="100",
          **BRACKETS, **_prizes(_cash(1, 3, "€50"))),
    _form("Followers", "followers", 14, 35, breakers="pool,order", open_to="departments", open_ids="1,2,3",
          **_prizes(_cash(1, 2, "€75"), _praise(1, 1))),
    _form("Team month", "points", 8, 29, who="departments", team_least="3",
          **_prizes(_cash(1, 1, "€500", "all"), _cash(2, 3, "€100.05", "all"), _praise(1, 3))),
    _form("A draw for all", "responses", 10, 24, entering="click", pass_on="yes", **_prizes(
        {"for": "draw", "reach": "2", "at_most": "5", "what": "€10", "among": "all", "budget": EUROS},
        {"for": "place", "from": "1", "to": "1", "kind": "choice", "what": "€150", "among": "all",
         "budget": EUROS, "or": "1.5 days", "budget_2": DAYS},
        _cash(2, 4, "€30", "all"),
    )),
    _form("Cancelled in the middle", "points", 9, 30, **_prizes(_cash(1, 3, "€400"))),
    _form("Nobody entered", "responses", 6, 20, entering="click", **_prizes(_cash(1, 3, "€500"))),
]  # fmt: skip
CANCELLED_AT: datetime = START + timedelta(days=18)
ALLOWED_DRAW, CANCELLED, EMPTY = 9, 10, 11  # by number in FORMS
