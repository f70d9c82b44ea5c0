"""The company's time zone as it is set: the settings' at first, then each from its moment on.

Laws: a change holds from a midnight of the new zone that is far enough ahead for every process to hear of it
first, so that nothing counted ever moves; one that has not begun can be taken back; each is audited. What
the settings say matters only until a zone is recorded.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from scoring.audit import record_audit
from scoring.connection import Connection
from scoring.periods import Period, bounds, following, starts_on
from scoring.successive_zones import Stretches, one_zone, zone_of, zones_in_order

AHEAD = timedelta(hours=1)  # every process looks again within minutes
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
_LONGEST = 14  # days ahead that are offered
_A_DAY = timedelta(days=1)


class ZoneRefused(ValueError):
    """The time zone cannot change so; `field` is what is wrong, the message says what to do."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.field = field


@dataclass(frozen=True, slots=True)
class ZoneChange:
    """A time zone with the moment from which it holds."""

    id: int
    zone: str
    from_at: datetime
    person_id: int | None
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class ZoneForeseen:
    """What a change would do to the day that it falls into."""

    zone: str
    from_at: datetime
    first_day: date  # the first day that ends by the new zone's clock
    longer: timedelta  # than by the old zone's; less than nothing: shorter
    day: date  # the day that is longer or shorter
    rulebooks: int  # versions that begin later, at what is no midnight any more
    seasons: int  # named seasons that begin or end later


class _Told:
    """The zones this process follows."""

    stretches: Stretches = ()


def follow_zones(changes: Iterable[tuple[str, datetime]]) -> None:
    """From now on these are the company's zones; without any the settings hold."""
    _Told.stretches = zones_in_order(changes)


def company_zone(setting: ZoneInfo) -> ZoneInfo:
    """The company's time zone; `setting` where none was recorded yet."""
    return zone_of(_Told.stretches) if _Told.stretches else setting


async def keep_zones(connection: Connection) -> None:
    """Let this process follow the zones that are set now."""
    rows = await connection.fetch("select zone, from_at from company_zone")
    follow_zones((row["zone"], row["from_at"]) for row in rows)


async def zone_changes(connection: Connection) -> list[ZoneChange]:
    """All of them, the first first."""
    rows = await connection.fetch(
        "select id, zone, from_at, person_id, recorded_at from company_zone order by from_at"
    )
    return [ZoneChange(*row) for row in rows]


async def record_zone(connection: Connection, setting: ZoneInfo, now: datetime) -> bool:
    """Record the settings' zone as the first one, unless one is; from then on the settings say nothing."""
    done = await connection.execute(
        """insert into company_zone (zone, from_at, recorded_at)
           select $1, $2, $3 where not exists (select from company_zone) on conflict do nothing""",
        setting.key,
        _BEGINNING,
        now,
    )
    await keep_zones(connection)
    return bool(done.endswith(" 1"))


async def foresee_zone(
    connection: Connection, to: ZoneInfo, first_day: date, *, setting: ZoneInfo, now: datetime
) -> ZoneForeseen:
    """What it would do to let the company's days be those of another zone from a day on.

    Raises ZoneRefused where that cannot be.
    """
    rows = await connection.fetch("select zone, from_at from company_zone")
    stretches = zones_in_order((row["zone"], row["from_at"]) for row in rows)
    stretches = stretches or ((_BEGINNING, setting),)
    old, from_at = _checked(stretches, to, first_day, now)
    new = zone_of((*stretches, (from_at, to)))
    day = starts_on(Period.DAY, from_at - timedelta(microseconds=1), new)
    if _length(day, new) == _length(day, old):
        day = first_day
    rulebooks = await connection.fetchval(
        "select count(*) from rulebook where valid_from > $1", from_at
    )
    seasons = await connection.fetchval(
        "select count(*) from season where ends_on >= $1", first_day
    )
    longer = _length(day, new) - _length(day, old)
    return ZoneForeseen(to.key, from_at, first_day, longer, day, rulebooks, seasons)


async def set_zone(
    connection: Connection,
    to: ZoneInfo,
    first_day: date,
    *,
    setting: ZoneInfo,
    by: int | None,
    now: datetime,
) -> ZoneForeseen:
    """Let the company's days be those of another zone, from a midnight there on, in the caller's
    transaction; `by` None is a command. Raises ZoneRefused."""
    await connection.execute("select pg_advisory_xact_lock(hashtext('fanfare.zone'))")
    await record_zone(connection, setting, now)
    foreseen = await foresee_zone(connection, to, first_day, setting=setting, now=now)
    id = await connection.fetchval(
        """insert into company_zone (zone, from_at, person_id, recorded_at)
           values ($1, $2, $3, $4) returning id""",
        to.key,
        foreseen.from_at,
        by,
        now,
    )
    detail = {"zone": to.key, "from_at": foreseen.from_at.isoformat()}
    await record_audit(connection, by, "zone_set", f"zone:{id}", detail, now)
    return foreseen


async def take_back_zone(connection: Connection, id: int, *, by: int | None, now: datetime) -> None:
    """Take back a change that has not begun, in the caller's transaction. Raises ZoneRefused."""
    await connection.execute("select pg_advisory_xact_lock(hashtext('fanfare.zone'))")
    from_at = await connection.fetchval("select from_at from company_zone where id = $1", id)
    if from_at is None:
        raise ZoneRefused("id", "There is no such change any more.")
    if from_at < now + AHEAD:
        raise ZoneRefused("id", "It holds already, or within the hour. Change the zone once more.")
    await connection.execute("delete from company_zone where id = $1", id)
    await record_audit(connection, by, "zone_taken_back", f"zone:{id}", {}, now)


def first_days_offered(setting: ZoneInfo, now: datetime) -> list[date]:
    """The days on which a change may begin, as the company's clock is now: tomorrow and the days after."""
    today = starts_on(Period.DAY, now, company_zone(setting))
    return [today + _A_DAY * n for n in range(1, _LONGEST + 1)]


def _checked(
    stretches: Stretches, to: ZoneInfo, first_day: date, now: datetime
) -> tuple[ZoneInfo, datetime]:
    old = zone_of(stretches)
    if stretches[-1][0] > now:
        raise ZoneRefused("zone", "Another change has not begun yet. Take it back first.")
    if one_zone(old, now).key == to.key:
        raise ZoneRefused("zone", f"{to.key} is the company's time zone already.")
    from_at = bounds(Period.DAY, first_day, to)[0]
    if from_at < now + AHEAD:
        raise ZoneRefused(
            "first_day", "That day begins too soon there: every process must hear of it first."
        )
    before = starts_on(Period.DAY, from_at - timedelta(microseconds=1), old)
    if not following(Period.DAY, before) >= first_day or before > first_day:
        raise ZoneRefused(
            "zone",
            "The two clocks are more than a day apart, so that a day would be left out or come twice. "
            "Go by way of a zone between them, a day earlier.",
        )
    return old, from_at


def _length(day: date, zone: ZoneInfo) -> timedelta:
    start_at, end_at = bounds(Period.DAY, day, zone)
    return end_at - start_at
