"""All screens as their list shows them: looked for, counted, one page at a time. Pure.

Law: a screen is silent or not by its last contact alone, never by what it was told to show; none is
silent while nobody knows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.pages.screens.television import page_of
from app.screens.contact import Contact
from app.screens.screens import Screen

A_PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class Row:
    """One screen with what was last heard of it."""

    screen: Screen
    playlist_id: int | None  # None: the standard one
    playlist: str
    contact: Contact | None
    silent: bool
    known: bool  # False: what was heard of screens is not known at the moment
    heard: str  # "12 s ago"; '' when nothing was
    newest: bool  # whether its page is this version's


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of the list."""

    rows: tuple[Row, ...]
    count: int  # of all screens
    found: int  # of those that were looked for
    silent: int  # of all screens
    known: bool  # whether it is known at the moment what was heard of them
    query: str
    only_silent: bool
    number: int
    first: int  # of those that were looked for, the first and the last on this page
    last: int
    earlier: int  # the number of that page, 0 for none
    later: int


def listed(
    screens: Iterable[Screen],
    playlists: Mapping[int, str],
    contacts: Mapping[int, Contact] | None,
    *,
    query: str = "",
    only_silent: bool = False,
    number: int = 1,
    now: datetime,
) -> Listed:
    """The page `number` of the screens whose name or place holds `query`, by place and name.

    `contacts` None: not known at the moment."""
    rows = [row_of(screen, playlists, contacts, now) for screen in screens]
    rows.sort(key=order)
    wanted = query.casefold()
    found = [
        row
        for row in rows
        if (row.silent or not only_silent)
        and (
            wanted in row.screen.setting.name.casefold()
            or wanted in row.screen.setting.place.casefold()
        )
    ]
    pages = max(1, -(-len(found) // A_PAGE))
    number = min(max(1, number), pages)
    return Listed(
        rows=tuple(found[(number - 1) * A_PAGE : number * A_PAGE]),
        count=len(rows),
        found=len(found),
        silent=sum(row.silent for row in rows),
        known=contacts is not None,
        query=query,
        only_silent=only_silent,
        number=number,
        first=(number - 1) * A_PAGE + 1,
        last=min(number * A_PAGE, len(found)),
        earlier=number - 1,
        later=number + 1 if number < pages else 0,
    )


def row_of(
    screen: Screen,
    playlists: Mapping[int, str],
    contacts: Mapping[int, Contact] | None,
    now: datetime,
) -> Row:
    """A screen as its row shows it."""
    known_of = contacts is not None
    contact = contacts.get(screen.id) if contacts is not None else None
    playlist = screen.setting.playlist
    # Who played a list that was removed plays the standard one.
    known = playlist if playlist in playlists else None
    return Row(
        screen=screen,
        playlist_id=known,
        playlist="Standard" if known is None else playlists[known],
        contact=contact,
        silent=known_of and (contact is None or not contact.is_on(now)),
        known=known_of,
        heard="" if contact is None else heard(now - contact.at),
        newest=contact is not None and contact.version == page_of(screen),
    )


def order(row: Row) -> tuple[str, str, int]:
    """By place, then by name; who has no place comes first."""
    setting = row.screen.setting
    return setting.place.casefold(), setting.name.casefold(), row.screen.id


def heard(passed: timedelta) -> str:
    """'just now', '12 s ago', '4 min ago', '3 h ago', '5 days ago'."""
    seconds = int(passed.total_seconds())
    if seconds < 2:
        return "just now"
    if seconds < 60:
        return f"{seconds} s ago"
    if seconds < 3600:
        return f"{seconds // 60} min ago"
    if seconds < 2 * 86400:
        return f"{seconds // 3600} h ago"
    return f"{seconds // 86400} days ago"
