"""The languages of screens: one file of words each in `words/`, numbers and dates by CLDR.

Law: every language says everything that English says, with the same places for what is filled in.
A metric that a file has no words for is called what the metric calls itself.
"""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time
from babel.lists import format_list
from babel.numbers import format_decimal

from app.announcing.named import Gift, Named
from app.screens.fit import fit
from rewards import Amount, in_words
from scoring import metrics

WORDS: Final = Path(__file__).with_name("words")
MOST_NAMED: Final = 4  # of a headline: with more, nobody across the room reads to its end
DAYS_ONLY: Final = timedelta(days=7)  # further off, an hour more or less tells nothing
WITH_SECONDS: Final = timedelta(minutes=5)  # nearer than that, one watches


class UnknownLanguage(LookupError):
    """There is no file of words with this name; the message lists those there are."""


@cache
def languages() -> Mapping[str, Language]:
    """All languages by code, English first."""
    found = sorted((path.stem for path in WORDS.glob("*.toml")), key=lambda one: (one != "en", one))
    return MappingProxyType({code: Language(code) for code in found})


@cache
def read_words(code: str) -> Mapping[str, Any]:
    """What a file says. Raises UnknownLanguage."""
    known = {path.stem: path for path in WORDS.glob("*.toml")}
    if code not in known:
        raise UnknownLanguage(
            f"there is no language {code!r}; there are: {', '.join(sorted(known))}"
        )
    return MappingProxyType(tomllib.loads(known[code].read_text(encoding="utf-8")))


@dataclass(frozen=True, slots=True)
class Language:
    """One language, as screens, messages and pictures speak it."""

    code: str  # a file in words/

    @property
    def label(self) -> str:
        """What its speakers call it."""
        return str(self._words["name"])

    @property
    def locale(self) -> Locale:
        """Its locale in CLDR, for dates and lists."""
        return _locale(self._words["locale"])

    @property
    def direction(self) -> Literal["ltr", "rtl"]:
        """Where its lines begin."""
        return "rtl" if self.locale.character_order == "right-to-left" else "ltr"

    def say(self, name: str, **values: object) -> str:
        """A sentence or word of the file, what it asks for filled in."""
        return str(self._words["say"][name]).format(**values)

    def around(self, name: str, place: str) -> tuple[str, str]:
        """What stands before and behind one filled-in place, which the page sets off: "Join at ", ""."""
        before, _, after = str(self._words["say"][name]).partition("{" + place + "}")
        return before, after

    def count(self, name: str, n: int | Decimal, **values: object) -> str:
        """How many, by the plural rules of CLDR: "1 colleague", "3 colleagues"."""
        return self._plural(self._words["count"][name], n).format(n=self.number(n), **values)

    def number(self, n: int | float | Decimal) -> str:
        """1,204; 1.204 in German."""
        return str(format_decimal(n, locale=self.locale))

    # Metrics ------------------------------------------------------------------------------------

    def label_of(self, metric: str) -> str:
        """What a board of a metric is called: "Points"."""
        return self._of_metric(metric).get("label") or metrics()[metric].label

    def metric(self, metric: str) -> str:
        """The heading of a contest's card: "Answered by the most people"."""
        contest = metrics()[metric].contest
        own = contest.card if contest else metrics()[metric].label
        return str(self._of_metric(metric).get("card") or own)

    def figure(self, metric: str, value: int) -> str:
        """A value as a number alone: "1,204", "12.5"."""
        return self.number(_in_units(metric, value))

    def unit(self, metric: str, value: int) -> str:
        """What stands beneath a figure: "people answered"."""
        found = self._of_metric(metric).get("unit")
        if found:
            return self._plural(found, _in_units(metric, value))
        known = metrics()[metric]
        return known.unit_one if _in_units(metric, value) == 1 else known.unit_many

    def amount(self, metric: str, value: int) -> str:
        """A value with its unit in a sentence: "25 people", "12.5 percent"."""
        found = self._of_metric(metric).get("amount")
        if found:
            return self._plural(found, _in_units(metric, value)).format(
                n=self.figure(metric, value)
            )
        return metrics()[metric].in_words(value)

    def reached(self, metric: str, count: int, value: int) -> str:
        """Behind "23": "people were answered by 25 people"."""
        found = self._of_metric(metric).get("reached") or self._words["count"]["reached"]
        return self._plural(found, count).format(value=self.amount(metric, value))

    def period(self, period: str) -> str:
        """ "This week"; the names are those of `scoring.Period`."""
        return str(self._words["period"][period])

    # Prizes and people --------------------------------------------------------------------------

    def gift(self, gift: Gift) -> str:
        """ "€150", "2 vacation days", "€200 or 2 vacation days", what HR wrote."""
        if not gift.amounts:
            return gift.text or self.say("recognition")
        words = [self.money_or_days(one) for one in gift.amounts]
        return str(format_list(words, style="or", locale=self.locale))

    def money_or_days(self, amount: Amount) -> str:
        """One amount. Days are our own words, as no standard has any for them."""
        if amount.currency is not None:
            return in_words(amount, self.code)
        if amount.units == 1:
            return self.say("half_a_day")
        whole, half = divmod(amount.units, 2)
        form = self._plural(self._words["count"]["days"], Decimal(amount.units) / 2)
        return form.format(n=self.number(whole) + ("½" if half else ""))

    def names(self, people: Sequence[Named], most: int = MOST_NAMED) -> str:
        """ "Maya, Tomas and Aiko"; who is not named is counted: "Tomas and a colleague"."""
        if people and all(one.nameless and one.is_team for one in people):
            return self.count("only_teams", len(people))
        named = [isolated(one.short) for one in people if not one.nameless]
        nameless = len(people) - len(named)
        if nameless:
            shown, word = named[: most - 1], "colleagues" if named else "only_colleagues"
            word = "others" if len(named) > len(shown) else word
            nameless += len(named) - len(shown)
        else:
            shown, word = (named, "") if len(named) <= most else (named[: most - 1], "others")
            nameless = len(named) - len(shown)
        if nameless:
            shown = [*shown, self.count(word, nameless)]
        return self.listed(shown)

    def listed(self, words: Sequence[str]) -> str:
        """ "a", "a and b", "a, b and c"."""
        return str(format_list(words, locale=self.locale))

    def name(self, one: Named) -> str:
        """A name, or the words for who is not named, as they stand alone."""
        if not one.nameless:
            return one.name
        return self.count("only_teams" if one.is_team else "only_colleagues", 1)

    def fit(self, text: str) -> int:
        """The step of a text's size, from 1 (short) to 6."""
        return fit(text)

    def place(self, place: int) -> str:
        """ "First place"; beyond the third "Place 4"."""
        known = self._words["place"]
        return str(known.get(str(place)) or known["other"].format(n=self.number(place)))

    # Days and moments ---------------------------------------------------------------------------

    def day(self, on: date) -> str:
        """ "21 December 2026"."""
        return str(format_date(on, "long", locale=self.locale))

    def weekday(self, on: date) -> str:
        """ "Monday 21 December"."""
        # CLDR has no such order for every locale; each file says its own.
        return str(format_date(on, self._words["weekday"], locale=self.locale))

    def clock(self, at: datetime, zone: ZoneInfo | None = None) -> str:
        """ "17:00"; in a zone, or in the moment's own."""
        local = at.astimezone(zone) if zone else at
        return str(format_time(local, "short", locale=self.locale))

    def moment(self, at: datetime, zone: ZoneInfo | None = None) -> str:
        """ "Monday 21 December, 17:00"; in a zone, or in the moment's own."""
        local = at.astimezone(zone) if zone else at
        return self.say("day_and_time", day=self.weekday(local), time=self.clock(local))

    def when(self, at: datetime, now: datetime, zone: ZoneInfo) -> str:
        """ "today, 17:00", "tomorrow, 09:00", else the weekday and day."""
        local = at.astimezone(zone)
        days = (local.date() - now.astimezone(zone).date()).days
        if days not in (0, 1):
            return self.moment(local)
        word = self.say("tomorrow" if days else "today")
        return self.say("day_and_time", day=word, time=self.clock(local))

    def left(self, span: timedelta) -> str:
        """ "17 d", "4 d 06 h", "6 h 05 min", "12 min", "2 min 09 s"; "a moment" when it is over.

        `screen.js` writes the same from `left_words`.
        """
        words, seconds = self.left_words, int(span.total_seconds())
        if seconds <= 0:
            return words["over"]
        minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86_400
        if span >= DAYS_ONLY:
            return words["days"].format(days=days)
        if days:
            return words["days_hours"].format(days=days, hours=f"{hours % 24:02}")
        if hours:
            return words["hours_minutes"].format(hours=hours, minutes=f"{minutes % 60:02}")
        if span >= WITH_SECONDS:
            return words["minutes"].format(minutes=minutes)
        if minutes:
            return words["minutes_seconds"].format(minutes=minutes, seconds=f"{seconds % 60:02}")
        return words["seconds"].format(seconds=seconds)

    @property
    def left_words(self) -> Mapping[str, str]:
        """How what is left is written."""
        found: Mapping[str, str] = self._words["left"]
        return found

    # --------------------------------------------------------------------------------------------

    @property
    def _words(self) -> Mapping[str, Any]:
        return read_words(self.code)

    def _of_metric(self, metric: str) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self._words["metric"].get(metric, {})
        return found

    def _plural(self, forms: Mapping[str, str], n: int | Decimal) -> str:
        return forms.get(self.locale.plural_form(n)) or forms["other"]


@cache
def _locale(name: str) -> Locale:
    return Locale.parse(name)


def _in_units(metric: str, value: int) -> int | Decimal:
    decimals = metrics()[metric].decimals
    whole, part = divmod(value, 10**decimals)
    return Decimal(value).scaleb(-decimals) if part else whole


def isolated(name: str) -> str:
    """A name that reads from right to left, so that the words around it stay in their order."""
    rtl = any(unicodedata.bidirectional(sign) in ("R", "AL") for sign in name)
    return f"\u2068{name}\u2069" if rtl else name
