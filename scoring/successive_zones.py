"""The company's time zone where it has had more than one: a zone whose clocks were set at that moment. Pure.

Laws: before a change every moment has the day it had, after it the new zone's; a change holds from a midnight
of the new zone, so that days go on in order: no moment lies in two, none in no day. To everything that asks
what the clock shows it is a time zone like any other, whose clocks were put forward or back.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

Stretches = tuple[tuple[datetime, ZoneInfo], ...]  # since when, the first since ever

_NEAR = timedelta(days=2)  # no clock is set by more
_EVER = datetime.min.replace(tzinfo=UTC)
_NEVER = datetime.max.replace(tzinfo=UTC)


class CompanyZone(ZoneInfo):
    """Zones one after the other. Make one by `zone_of`."""

    stretches: Stretches

    @property
    def key(self) -> str:
        """The name of the zone that holds now: what pages call it."""
        return self.held_at(datetime.now(UTC)).key

    def held_at(self, at: datetime) -> ZoneInfo:
        """The zone that holds at a moment."""
        return next(zone for since, zone in reversed(self.stretches) if since <= at)

    def fromutc(self, dt: datetime) -> datetime:
        """What the clock shows at a moment."""
        at = dt.replace(tzinfo=UTC)
        local = at.astimezone(self.held_at(at))
        if any(abs(at - since) < _NEAR for since, _ in self.stretches[1:]):
            moments = self._moments(local.replace(tzinfo=None, fold=0))
            local = local.replace(fold=int(len(moments) > 1 and at > moments[0]))
        return local.replace(tzinfo=self)

    def utcoffset(self, dt: datetime | None) -> timedelta | None:
        """How far the clock is ahead of UTC when it shows this; as of a clock that was set, `fold` says
        which of two moments is meant, and a time that was left out is read by the clock as it was before."""
        if dt is None:
            return None
        shown = dt.replace(tzinfo=None, fold=0)
        if moments := self._moments(shown):
            return shown - moments[-1 if dt.fold else 0].replace(tzinfo=None)
        return dt.replace(tzinfo=self._about(dt)).utcoffset()

    def dst(self, dt: datetime | None) -> timedelta | None:
        """How much of it is summer time."""
        return None if dt is None else dt.replace(tzinfo=self._about(dt)).dst()

    def tzname(self, dt: datetime | None) -> str | None:
        """What that time is called."""
        return None if dt is None else dt.replace(tzinfo=self._about(dt)).tzname()

    def __str__(self) -> str:
        return self.key

    def __repr__(self) -> str:
        return f"CompanyZone({spelled(self)!r})"

    def _moments(self, shown: datetime) -> list[datetime]:
        """The moments at which the clock shows this, in order."""
        found = set()
        ends = [since for since, _ in self.stretches[1:]] + [_NEVER]
        for (since, zone), until in zip(self.stretches, ends, strict=True):
            for fold in (0, 1):
                at = shown.replace(tzinfo=zone, fold=fold).astimezone(UTC)
                if (
                    since <= at < until
                    and at.astimezone(zone).replace(tzinfo=None, fold=0) == shown
                ):
                    found.add(at)
        return sorted(found)

    def _about(self, dt: datetime) -> ZoneInfo:
        """The zone by which a time is read, also one that the clock leaves out."""
        shown = dt.replace(tzinfo=None, fold=0)
        if moments := self._moments(shown):
            return self.held_at(moments[-1 if dt.fold else 0])
        for (_, zone), (until, later) in pairwise(self.stretches):
            if shown.replace(tzinfo=zone).astimezone(UTC) < until:
                return zone
            if shown.replace(tzinfo=later).astimezone(UTC) < until:
                return later if dt.fold else zone
        return self.stretches[-1][1]


@lru_cache(maxsize=64)  # one company has few; the same zones are the same object, as with ZoneInfo
def zone_of(stretches: Stretches) -> ZoneInfo:
    """The zone of a company that had these, in order; the first one's moment does not matter."""
    if len(stretches) == 1:
        return stretches[0][1]
    zone = CompanyZone.no_cache(stretches[0][1].key)
    zone.stretches = ((_EVER, stretches[0][1]), *stretches[1:])
    return zone


def spelled(zone: tzinfo) -> str:
    """A zone as `fanfare_local` and `fanfare_midnight` read it: names, with the moments between them."""
    if not isinstance(zone, CompanyZone):
        return str(zone)
    first, *others = zone.stretches
    return " ".join(
        [first[1].key, *(f"{since.isoformat()} {later.key}" for since, later in others)]
    )


def one_zone(zone: ZoneInfo, at: datetime) -> ZoneInfo:
    """The one zone that holds at a moment: what a contest keeps as its own."""
    return zone.held_at(at) if isinstance(zone, CompanyZone) else zone


def read_zone(name: str) -> ZoneInfo:
    """A time zone by its IANA name. Raises ValueError with words for a person."""
    try:
        return ZoneInfo(name.strip())
    except (KeyError, ValueError, OSError):  # what zoneinfo raises for unknown, odd and directory
        raise ValueError("Write a time zone's name, such as Europe/Berlin.") from None


def zones_in_order(changes: Iterable[tuple[str, datetime]]) -> Stretches:
    """What was recorded of a company's zones, as `zone_of` takes it."""
    return tuple((since, ZoneInfo(name)) for name, since in sorted(changes, key=lambda c: c[1]))
