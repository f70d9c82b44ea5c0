"""The form of a screen's settings: what may be chosen, what was typed, what is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from typing import Any, Final, cast

from app.database import Connection
from app.pages.form import Form
from app.screens.language import Language, languages
from app.screens.playlists import playlists
from app.screens.screens import screens
from app.screens.setting import Setting

STANDARD: Final = ""  # the value of the playlist that needs no row
MOST_LETTERS: Final = 80  # of a name or a place: it stands in one line of a list
AUDIENCES: Final = (
    (
        "staff",
        "Staff",
        "For places only colleagues come to. Shows people as they chose: by name or alias.",
    ),
    (
        "public",
        "Public",
        "For receptions and windows. Shows first names and aliases, no departments, no prizes by name.",
    ),
)
LOOKS: Final = (
    ("dark", "Dark", "Calm in any room, and the kindest to the panel."),
    ("day", "Light by day", "Light from seven to seven, dark at night."),
)


@dataclass(frozen=True, slots=True)
class Choices:
    """What the form offers."""

    playlists: tuple[tuple[str, str], ...]  # (value, words)
    languages: tuple[tuple[str, str], ...]
    places: tuple[str, ...]  # offices, and places that other screens have
    audiences: tuple[tuple[str, str, str], ...] = AUDIENCES
    looks: tuple[tuple[str, str, str], ...] = LOOKS


async def choices(connection: Connection) -> Choices:
    """What may be chosen now."""
    return Choices(
        playlists=(
            (STANDARD, "Standard"),
            *((str(one.id), one.playlist.name) for one in await playlists(connection)),
        ),
        languages=tuple((code, name_of(one)) for code, one in sorted(languages().items())),
        places=await places(connection),
    )


async def places(connection: Connection) -> tuple[str, ...]:
    """The places screens are at, and the offices where some may come to be, by name."""
    offices = [row["name"] for row in await connection.fetch("select name from office")]
    known: dict[str, str] = {}
    for place in [*(one.setting.place for one in await screens(connection)), *offices]:
        if place:
            known.setdefault(place.casefold(), place)
    return tuple(known[key] for key in sorted(known))


def name_of(language: Language) -> str:
    """A language by its own name and in English: 'Deutsch (German)'."""
    english = language.locale.get_language_name("en") or language.label
    return language.label if english == language.label else f"{language.label} ({english})"


def form_of(setting: Setting) -> Form:
    """The form that shows a setting."""
    return Form(
        {
            "name": setting.name,
            "place": setting.place,
            "audience": setting.audience,
            "playlist": STANDARD if setting.playlist is None else str(setting.playlist),
            "language": setting.language,
            "look": setting.look,
            "rests_from": hour_words(setting.rests_from),
            "rests_until": hour_words(setting.rests_until),
        }
    )


def setting_of(form: Form, offered: Choices) -> Setting:
    """The setting as typed; what is wrong is said beside its field, and the answer is then no use."""
    name = form.text("name", ask="Say which screen this is, such as “Canteen”.", most=MOST_LETTERS)
    place = form.optional("place", most=MOST_LETTERS)
    audience = form.choice("audience", ("staff", "public"), ask="Say who passes this screen.")
    playlist = form.choice("playlist", [value for value, _ in offered.playlists], ask=GONE)
    language = form.choice(
        "language", [value for value, _ in offered.languages], ask="Choose one of these languages."
    )
    look = form.choice("look", ("dark", "day"), ask="Choose one of the two looks.")
    since, until = hour(form, "rests_from"), hour(form, "rests_until")
    if form.error("rests_from") is None and form.error("rests_until") is None:
        if (since is None) != (until is None):
            missing = "rests_from" if since is None else "rests_until"
            form.wrong(missing, "Give both times, or neither.")
        elif since is not None and since == until:
            form.wrong("rests_until", "The rest must end at another time than it begins.")
    return Setting(
        name=name,
        place=place,
        audience=cast(Any, audience),  # one of the two, or the form is not fine
        playlist=int(playlist) if playlist.isdecimal() and form.fine else None,
        language=language,
        look=cast(Any, look),
        rests_from=since,
        rests_until=until,
    )


GONE: Final = "Choose one of these playlists; what you chose is not there any more."


def hour(form: Form, name: str) -> time | None:
    """A time of the day as typed, None for none; what is no time is said beside the field."""
    text = form.value(name).strip()
    if not text:
        return None
    try:
        at = time.fromisoformat(text) if len(text) == 5 else None
    except ValueError:
        at = None
    if at is None or at.tzinfo is not None:
        form.wrong(name, "Write a time such as 18:30.")
        return None
    return at


def hour_words(at: time | None) -> str:
    """A time as a field shows it: '18:30', '' for none."""
    return "" if at is None else f"{at:%H:%M}"
