"""Which board a person looks at, as an address: `/?period=week&metric=points&audience=office-2&q=ana`.

Law: any query gives a selection (what cannot be is left at its default), and a selection's own
address gives the same selection again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo
from typing import Any, Final, Self
from urllib.parse import urlencode

from scoring import BRACKETED, Period, board_metrics, first_day, named_season, starts_on

EVERYONE: Final = "all"
TEAMS: Final = {"departments": "department", "offices": "office"}
STEP: Final = 50  # what "show" adds; the first step is the least a longer list should be
LONGEST: Final = 500  # rows on one page; beyond it one searches
LONGEST_SEARCH: Final = 80
_GROUP = re.compile(r"(?:department|office)-[1-9]\d{0,8}")
_BRACKET = re.compile(r"bracket-[1-6]")


@dataclass(frozen=True, slots=True)
class Selection:
    """What is looked at. `on` is the first day of a past period, None for the one that runs."""

    period: Period = Period.MONTH
    metric: str = "points"
    audience: str = EVERYONE
    on: date | None = None
    rows: int = 0  # 0: as many as a page opens with
    q: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str], now: datetime, zone: tzinfo) -> Self:
        """Read an address's query."""
        wanted = query.get("period", "")
        period = Period(wanted) if wanted in list(Period) else cls().period
        on = _past(period, query.get("on", ""), starts_on(period, now, zone))
        if period is Period.SEASON and named_season(on or starts_on(Period.DAY, now, zone)) is None:
            # The days of no named season are found in their quarter.
            period = Period.QUARTER
            on = _past(period, query.get("on", ""), starts_on(period, now, zone))
        metric = query.get("metric", "")
        audience = query.get("audience", "")
        known = audience in TEAMS or _GROUP.fullmatch(audience)
        if period in BRACKETED:
            known = known or _BRACKET.fullmatch(audience)
        return cls(
            period=period,
            metric=metric if metric in board_metrics() else cls().metric,
            audience=audience if known else EVERYONE,
            on=on,
            rows=read_rows(query.get("rows", "")),
            q=" ".join(query.get("q", "").split())[:LONGEST_SEARCH],
        )

    @property
    def teams(self) -> str | None:
        """`department` or `office` when teams are ranked, not people."""
        return TEAMS.get(self.audience)

    @property
    def of_teams(self) -> Selection:
        """The same of teams, where people may not be shown."""
        return self if self.teams else replace(self, audience="departments", rows=0, q="")

    def begins_on(self, now: datetime, zone: tzinfo) -> date:
        """The first day of the period that is looked at."""
        return self.on or starts_on(self.period, now, zone)

    def but(self, **changes: Any) -> Selection:
        """The same with something else chosen; a longer list and a search end with it."""
        return replace(self, **{"rows": 0, "q": "", **changes})

    def pairs(self) -> list[tuple[str, str]]:
        """What an address or a form must carry: all that differs from the default."""
        told = {
            "period": self.period.value,
            "metric": self.metric,
            "audience": self.audience,
            "on": self.on.isoformat() if self.on else "",
            "rows": str(self.rows or ""),
            "q": self.q,
        }
        usual = {"period": "month", "metric": "points", "audience": EVERYONE}
        return [(name, value) for name, value in told.items() if value != usual.get(name, "")]

    def file(self, kind: str) -> str:
        """The address of the same as a file, `csv` or `json`."""
        pairs = self.but().pairs()
        return f"/board.{kind}" + (f"?{urlencode(pairs)}" if pairs else "")

    @property
    def href(self) -> str:
        """The address of this page."""
        pairs = self.pairs()
        return f"/?{urlencode(pairs)}" if pairs else "/"


def _past(period: Period, text: str, running: date) -> date | None:
    try:
        day = first_day(period, date.fromisoformat(text))
    except ValueError:
        return None
    # Nothing was counted before computers had this calendar, and nothing is in the future.
    return day if date(1970, 1, 1) <= day < running else None


def read_rows(text: str) -> int:
    """How many rows an address asks for; 0 for anything that is no such number."""
    return min(int(text), LONGEST) if text.isascii() and text.isdecimal() and len(text) < 6 else 0
