"""The contests of the demo company as HR typed them, and when each runs, counted from today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from rewards import templates

Author = Literal["hr", "colleague"]


@dataclass(frozen=True, slots=True)
class Planned:
    """One contest. `first` and `last` are days from today in the company's zone, 09:00 and 17:00.

    `crowd`: how many enter by a click; 0: everybody is in by default.
    """

    key: str
    first: int
    last: int
    form: dict[str, str]
    author: Author = "hr"
    crowd: int = 0

    def starts_at(self, now: datetime, zone: ZoneInfo) -> datetime:
        """When it starts."""
        return _at(now, zone, self.first, time(9))

    def ends_at(self, now: datetime, zone: ZoneInfo) -> datetime:
        """When it ends."""
        return _at(now, zone, self.last, time(17))

    def settles_at(self, now: datetime, zone: ZoneInfo) -> datetime:
        """When it is decided; what arrived later does not count."""
        return self.ends_at(now, zone) + timedelta(hours=int(self.form["settle_hours"]))

    def typed(self, now: datetime, zone: ZoneInfo) -> dict[str, str]:
        """The form with its days."""
        start, end = self.starts_at(now, zone), self.ends_at(now, zone)
        return {**self.form, **when(start.astimezone(zone), end.astimezone(zone))}


def when(start: datetime, end: datetime) -> dict[str, str]:
    """The fields of start and end, from local times."""
    return {
        "start_on": f"{start:%Y-%m-%d}", "start_time": f"{start:%H:%M}",
        "end_on": f"{end:%Y-%m-%d}", "end_time": f"{end:%H:%M}",
    }  # fmt: skip


def _at(now: datetime, zone: ZoneInfo, days: int, hour: time) -> datetime:
    day = now.astimezone(zone).date() + timedelta(days=days)
    return datetime.combine(day, hour, tzinfo=zone).astimezone(UTC)


def form(
    name: str, metric: str, *prizes: dict[str, str], like: str = "empty", **more: str
) -> dict[str, str]:
    """A form that begins with a template; prizes given replace the template's."""
    begun = next(template.form for template in templates() if template.key == like)
    kept = {k: v for k, v in begun.items() if not (prizes and k.startswith("prize_"))}
    lines = {
        f"prize_{number}_{field}": value
        for number, prize in enumerate(prizes, 1)
        for field, value in prize.items()
    }
    contact = "Noor Haddad, People & Culture"
    return {**kept, "name": name, "metric": metric, "contact": contact, **lines, **more}


def place(first: int, last: int, kind: str, what: str, among: str = "each") -> dict[str, str]:
    """A prize for places."""
    return {"for": "place", "from": str(first), "to": str(last), "kind": kind, "what": what,
            "among": among}  # fmt: skip


def reach(value: int, at_most: int, what: str) -> dict[str, str]:
    """Money for all who reach a value."""
    return {"for": "reach", "reach": str(value), "at_most": str(at_most), "kind": "cash",
            "what": what, "among": "all"}  # fmt: skip


# Bounds between which the people of the demo spread: a third of them in each bracket.
BRACKETS = "audience:250,600"

PAID = Planned("paid", -42, -27, form(
    "Every answer counts", "answers",
    place(1, 1, "cash", "€250"), place(2, 3, "cash", "€75"), reach(6, 40, "€10"),
    place(1, 3, "recognition", "Lunch with the board", "all"),
    description="Answers are conversations. Who is answered six times can win.",
    brackets=BRACKETS,
), crowd=110)  # fmt: skip
ACCEPTED = Planned("accepted", -30, -16, form(
    "Fresh faces", "followers", place(1, 3, "cash", "€50"), place(4, 6, "days", "half a day"),
    like="new-voices", description="New followers. Small accounts have brackets of their own.",
    brackets=BRACKETS, cool_down_days="0",
), crowd=90)  # fmt: skip
DECIDED = Planned("decided", -16, -4, form(
    "A fortnight of stories", "points",
    place(1, 1, "cash", "€200"), place(2, 2, "days", "1 day"), place(3, 3, "cash", "€60"),
    reach(80, 60, "€10"),
    description="Points of all kinds, from own posts as well as shared stories.",
    brackets=BRACKETS,
), author="colleague", crowd=120)  # fmt: skip
READY = Planned("ready", -14, -8, form(
    "Ask me anything", "responses",
    place(1, 1, "cash", "€100"), place(2, 2, "days", "1 day"), place(3, 3, "cash", "€40"),
    reach(10, 60, "€10"), place(1, 1, "recognition", "A morning with the inventors", "all"),
    description="Say what you know about, and answer who asks. Each person counts once.",
    brackets="audience:500", cool_down_days="0",
), author="colleague", crowd=100)  # fmt: skip
STARTERS = Planned("starters", -9, 12, form(
    "Conversation starters", "responses",
    place(1, 1, "days", "2 vacation days"), place(2, 2, "cash", "€200"), place(3, 3, "cash", "€75"),
    reach(25, 30, "€25"), place(1, 3, "recognition", "Breakfast with the board", "all"),
    like="conversation-starters",
    description="Answered by the most different people. Small accounts have a bracket of their own.",
    brackets=BRACKETS, cool_down_days="0",
), crowd=140)  # fmt: skip
TEAMS = Planned("teams", -16, 9, form(
    "Team month", "points", like="team-month", entering="default",
    description="Departments compare what their people have on average.",
), author="colleague")  # fmt: skip
VOICES = Planned("voices", 5, 26, form(
    "New voices", "growth", like="new-voices", brackets=BRACKETS,
    description="For people who begin. Who won lately lets others win.",
), crowd=25)  # fmt: skip
IMPROVED = Planned("draft", 20, 34, form(
    "Most improved", "improved", place(1, 5, "cash", "€40"),
    description="Everybody against their own last fortnight.", brackets=BRACKETS,
))  # fmt: skip

DONE, OPEN, DRAFTS = (PAID, ACCEPTED, DECIDED, READY), (STARTERS, TEAMS, VOICES), (IMPROVED,)
