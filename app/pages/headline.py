"""What a period is called on a page. Pure."""

from __future__ import annotations

from datetime import date, timedelta

from scoring import Period, following, named_season


def title(period: Period, begins_on: date, today: date) -> str:
    """The page's heading: 'November leaderboard', 'This week’s leaderboard'."""
    running = begins_on <= today and (period is Period.ALL or today < following(period, begins_on))
    match period:
        case Period.DAY:
            return "Today’s leaderboard" if running else f"Leaderboard of {day(begins_on, today)}"
        case Period.WEEK:
            if running:
                return "This week’s leaderboard"
            return f"Leaderboard of the week from {day(begins_on, today)}"
        case Period.ALL:
            return "All-time leaderboard"
        case Period.SEASON | Period.QUARTER | Period.MONTH:
            return f"{name(period, begins_on, today)} leaderboard"


def name(period: Period, begins_on: date, today: date) -> str:
    """The period in a sentence: 'November', 'October–December', 'this week', '21 November'."""
    year = "" if begins_on.year == today.year else f" {begins_on.year}"
    match period:
        case Period.DAY:
            return "today" if begins_on == today else day(begins_on, today)
        case Period.WEEK:
            running = begins_on <= today < following(period, begins_on)
            return "this week" if running else f"the week from {day(begins_on, today)}"
        case Period.MONTH:
            return f"{begins_on:%B}{year}"
        case Period.SEASON | Period.QUARTER:
            season = named_season(begins_on) if period is Period.SEASON else None
            if season is not None:
                return season.name
            last = following(period, begins_on) - timedelta(days=1)
            return f"{begins_on:%B}–{last:%B}{year}"
        case Period.ALL:
            return "all time"


def day(value: date, today: date) -> str:
    """'21 November', with the year where it is another one."""
    year = "" if value.year == today.year else f" {value.year}"
    return f"{value.day} {value:%B}{year}"
