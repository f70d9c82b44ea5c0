"""What HR says about tax on prizes, by country: text HR owns, Fanfare knows no tax law.

Nobody's country is known here (an office has only a name), so a charter carries every note, and people
read the one of the country they work in. `EVERYWHERE` is the note for all other countries.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from babel import Locale

from rewards.connection import Connection
from rewards.refusal import Refused
from rewards.roles import holds
from scoring import record_audit

EVERYWHERE: Final = "ZZ"  # CLDR: unknown region
MOST_CHARACTERS: Final = 2_000


@dataclass(frozen=True, slots=True)
class TaxNote:
    """A note as it stands."""

    country: str  # ISO 3166-1 alpha-2, or EVERYWHERE
    text: str
    changed_at: datetime

    @property
    def where(self) -> str:
        """The country in words."""
        return country_name(self.country)


def country_name(country: str, locale: str = "en") -> str:
    """“Germany”; “Everywhere else” for `EVERYWHERE`."""
    if country == EVERYWHERE:
        return "Everywhere else"
    return str(Locale.parse(locale).territories.get(country, country))


def countries(locale: str = "en") -> list[tuple[str, str]]:
    """Every country that can have a note, by its name: (code, name)."""
    named = {str(code): str(name) for code, name in Locale.parse(locale).territories.items()}
    # Of CLDR's two-letter territories these are no countries: groupings, and test regions.
    apart = {"EU", "EZ", "UN", "QO", "XA", "XB", EVERYWHERE}
    codes = [code for code in named if re.fullmatch("[A-Z]{2}", code) and code not in apart]
    return sorted(((code, named[code]) for code in codes), key=lambda pair: pair[1])


async def tax_notes(connection: Connection) -> list[TaxNote]:
    """The notes in force, by country; one whose text was taken away is not among them."""
    rows = await connection.fetch(
        """select distinct on (country) country, text, recorded_at as changed_at from tax_note
           order by country, id desc"""
    )
    return [TaxNote(**dict(row)) for row in rows if row["text"]]


async def set_tax_note(
    connection: Connection, country: str, text: str, *, by: int, now: datetime
) -> None:
    """Write a country's note; "" takes it away. Published charters keep theirs. Raises Refused."""
    text = "\n".join(line.strip() for line in text.strip().splitlines())
    if country != EVERYWHERE and country not in dict(countries()):
        raise Refused("Choose a country.", field="country")
    if len(text) > MOST_CHARACTERS:
        raise Refused(f"Use at most {MOST_CHARACTERS:,} characters.", field="text")
    if "\x00" in text:
        raise Refused("This contains characters that cannot be seen.", field="text")
    async with connection.transaction():
        if not await holds(connection, by, "hr"):
            raise Refused("Tax notes are written by people with the role HR.")
        await connection.execute("select pg_advisory_xact_lock(hashtext('fanfare.tax_note'))")
        known = {note.country: note.text for note in await tax_notes(connection)}
        if known.get(country, "") == text:
            return
        await connection.execute(
            """insert into tax_note (country, text, person_id, recorded_at)
               values ($1, $2, $3, $4)""",
            country,
            text,
            by,
            now,
        )
        await record_audit(connection, by, "tax_note_set", f"country:{country}", {}, now)
