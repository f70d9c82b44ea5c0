"""Parts of sentences about a contest: dates, brackets, places, prizes, ties. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_date

from rewards.contests.charter import Among, Charter, Prize, PrizeKind
from rewards.prizes import prize_words
from scoring import Metric, contest_metrics

_ORDINALS: Final = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")
_NUMBERS: Final = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve",
)  # fmt: skip


def metric_of(charter: Charter) -> Metric:
    """What the contest counts."""
    return contest_metrics()[charter.metric]


def moment_words(moment: datetime, zone: ZoneInfo) -> str:
    """'1 December 2026, 09:00 (CET)'."""
    local = moment.astimezone(zone)
    return f"{day_words(local)}, {local:%H:%M} ({local.tzname()})"


def day_words(day: date, *, year: bool = True) -> str:
    """'1 December 2026'; of a moment the day on the wall."""
    return format_date(day, "d MMMM y" if year else "d MMMM", locale="en")


def between(charter: Charter) -> str:
    """'From 1 to 21 December', with what of month and year is needed."""
    zone = ZoneInfo(charter.zone)
    start = charter.start_at.astimezone(zone)
    # What ends at midnight belongs to the day that is over.
    end = (charter.end_at - timedelta(microseconds=1)).astimezone(zone)
    if start.date() == end.date():
        last = charter.end_at.astimezone(zone)
        return f"On {day_words(start)} from {start:%H:%M} to {last:%H:%M}"
    if start.year != end.year:
        return f"From {day_words(start)} to {day_words(end)}"
    if start.month != end.month:
        return f"From {day_words(start, year=False)} to {day_words(end, year=False)}"
    return f"From {start.day} to {day_words(end, year=False)}"


def number_words(number: int) -> str:
    """'three', '30'."""
    return _NUMBERS[number] if number < len(_NUMBERS) else f"{number:,}"


def ordinal_words(place: int) -> str:
    """'first', '9th'."""
    if place <= len(_ORDINALS):
        return _ORDINALS[place - 1]
    ending = (
        "th" if place % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(place % 10, "th")
    )
    return f"{place}{ending}"


def listed(parts: Iterable[str]) -> str:
    """'a', 'a and b', 'a, b and c'."""
    found = list(parts)
    if len(found) < 2:
        return "".join(found)
    return f"{', '.join(found[:-1])} and {found[-1]}"


def places(prize: Prize) -> str:
    """'the second', 'the third to fifth'."""
    first, last = prize.first_place or 1, prize.last_place or prize.first_place or 1
    if first == last:
        return f"the {ordinal_words(first)}"
    return f"the {ordinal_words(first)} to {ordinal_words(last)}"


def wins(prize: Prize) -> str:
    """What a winner gets, 'each' where several places do: '€200', '€100 each'."""
    several = prize.first_place is not None and (prize.last_place or 0) > prize.first_place
    return prize_words(prize) + (" each" if several else "")


def to_do(goal: str) -> str:
    """A goal after «everyone who» as an aim: 'is answered by 25 people' → 'to be answered by 25 people'."""
    verb, _, rest = goal.partition(" ")
    plain = {"is": "be", "reaches": "reach"}.get(verb, verb.removesuffix("s"))
    return f"to {plain} {rest}"


def for_several(who: str) -> str:
    """What says who leads, of several: 'who gains the most followers' → 'who gain the most followers'."""
    words = who.split(" ")
    if words[0] == "who" and words[1].endswith("s"):
        words[1] = words[1].removesuffix("s")
    return " ".join(words)


def threshold(charter: Charter, prize: Prize) -> str:
    """'The first 30 people to be answered by 25 people receive €25 each.'"""
    metric = metric_of(charter)
    assert metric.contest is not None
    goal = metric.goal_in_words(prize.reach or 0)
    who = "people" if charter.who == "people" else "teams"
    one = who[:-1] if who == "teams" else "person"
    within = " in each bracket" if prize.among is Among.EACH and len(charter.brackets) > 1 else ""
    what, most = prize_words(prize), prize.at_most or 0
    if prize.kind is PrizeKind.DRAW:
        return (
            f"Among everyone who {goal}{within}, {number_words(most)} "
            f"{'is' if most == 1 else 'are'} drawn and {'receives' if most == 1 else 'receive'} {what}"
            f"{'' if most == 1 else ' each'}."
        )
    if most == 1:
        return f"The first {one} {to_do(goal)}{within} receives {what}."
    if metric.contest.has_moments:
        return f"The first {most:,} {who} {to_do(goal)}{within} receive {what} each."
    return f"Everyone who {goal}{within} receives {what}, {most:,} {who} at most."


def brackets_words(charter: Charter) -> str:
    """'in each of three brackets by audience, ', or nothing."""
    if len(charter.brackets) < 2:
        return ""
    return f"in each of {number_words(len(charter.brackets))} brackets by audience, "


def ladder(charter: Charter, among: Among, mode: str) -> Sequence[Prize]:
    """The prizes for places of one standing, the best first."""
    found = [
        prize
        for prize in charter.prizes
        if prize.first_place is not None and prize.among is among and prize.mode == mode
    ]
    return sorted(found, key=lambda prize: prize.first_place or 0)
