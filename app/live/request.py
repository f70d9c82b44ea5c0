"""What a browser asks of the live stream: `/live?board=points:week:2026-11-16:all&board=…`. Pure.

Law: only boards that can exist are watched, and not more than a page can show.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import parse_qs

from app.live.listener import known_from
from app.live.topics import is_topic, topic_event
from scoring import BoardKey, Period, UnknownBoard, starts_on

MOST_BOARDS = 20
RESHARE = "reshare"  # the event of the company's reshares, which every stream carries
_LONGEST_QUERY = 4096  # twenty ids are 1,200 characters


class NotAStream(ValueError):
    """The address asks for something that no stream can be; the message says what."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a stream watches."""

    events: Mapping[str, tuple[str, ...]]  # board id → its events, in the order of the request
    known: Mapping[str, int]  # board id → version the browser has already
    quiet: tuple[str, ...]  # boards of which only news is told
    leave: str = ""  # to watch what not everybody may


def wanted(query: bytes, last_event_id: str | None) -> Wanted:
    """Read an address's query. `board` or `boards` name boards and topics (`contest:12`, `screens`,
    `screen:3`), repeated or between commas.

    `since` says what the page knows already, as an event's id or a board's version, until the
    browser itself says it by `Last-Event-ID`. `leave` is what the page was given. Raises `NotAStream`.
    """
    if len(query) > _LONGEST_QUERY:
        raise NotAStream("the address is too long")
    fields = parse_qs(query.decode("latin-1"))
    names = [
        name
        for value in (*fields.get("board", ()), *fields.get("boards", ()))
        for name in value.split(",")
        if name
    ]
    if len(names) > MOST_BOARDS:
        raise NotAStream(f"{len(names)} boards; a stream carries {MOST_BOARDS} at most")
    try:
        events = dict(_watched(name) for name in names)
    except UnknownBoard as unknown:
        raise NotAStream(str(unknown)) from None
    asked = list(events)
    reshares = str(_reshares())
    quiet = () if reshares in events else (reshares,)
    events[reshares] = (*events.get(reshares, ()), RESHARE)
    since = last_event_id or fields.get("since", [""])[0]
    # A page knows the versions of what it shows, and nothing of the reshares' board.
    known = known_from(since, list(events)) or known_from(since, asked)
    return Wanted(events, known, quiet, fields.get("leave", [""])[0])


def _watched(name: str) -> tuple[str, tuple[str, ...]]:
    """A board or a topic by its one name, with its event; raises UnknownBoard."""
    if is_topic(name):
        return name, (topic_event(name),)
    board = BoardKey.parse(name)
    return str(board), (board.element_id,)


def _reshares() -> BoardKey:
    """The board that changes with every reshare by the company."""
    now = datetime.now(UTC)
    return BoardKey("shared", Period.ALL, starts_on(Period.ALL, now, UTC))
