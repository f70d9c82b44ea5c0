"""When people are on the networks: less at weekends, most at lunch and in the evening."""

from datetime import UTC, date, datetime, timedelta
from random import Random

# How much happens at each hour of a person's own day, midnight first.
HOURS = (1, 0, 0, 0, 0, 1, 3, 6, 8, 7, 6, 6, 9, 8, 5, 5, 5, 7, 9, 11, 12, 10, 6, 3)
WEEKDAYS = (1.0, 1.08, 1.12, 1.05, 0.92, 0.55, 0.62)  # Monday first


def somewhen(rng: Random, day: date, awake_from_utc: int) -> datetime:
    """A believable moment of that day for somebody so many hours from UTC."""
    hour = rng.choices(range(24), HOURS)[0]
    start_at = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=awake_from_utc)
    return start_at + timedelta(hours=hour, seconds=rng.uniform(0, 3600))


def later(rng: Random, at: datetime) -> datetime:
    """When somebody reacts: half within an hour and a half, a few after a day, not at night."""
    delay = rng.lognormvariate(8.6, 1.3)  # median 5,400 s
    then = at + timedelta(seconds=min(delay, 4 * 86400))
    if then.hour < 5:  # most of this audience sleeps then (UTC), they see it in the morning
        then += timedelta(hours=rng.uniform(5, 9))
    return then
