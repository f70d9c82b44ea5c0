"""What a server's streaming API says, read: server-sent events, frames of the WebSocket, and which of it is
about people of ours. Pure.

Law: whatever the bytes are, they are read or passed over, and no error escapes. Of a timeline only what
people of ours wrote or had boosted is kept, and of nobody what is not public. A server that a person chose
may be one that they run: it is heard about that person, and about nobody else of ours (chosen_server).
Source: docs.joinmastodon.org/methods/streaming, read 2026-11-22.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, Final, TypeGuard

import msgspec

from scoring.facts import UnusableFact
from scoring.platforms.mastodon.chosen_server import ChosenServer
from scoring.platforms.mastodon.events import IGNORED_NOTIFICATIONS
from scoring.platforms.mastodon.names import Server
from scoring.platforms.mastodon.privacy import PUBLIC
from scoring.platforms.payload import Payload

MOST_EVENT: Final = 512 * 1024  # a status with its pictures has some kilobytes
_NUMBER: Final = re.compile(r"[0-9A-Za-z]{1,64}")
_UNREADABLE: Final = (ValueError, TypeError, RecursionError, UnusableFact)
_FRAMES: Final = msgspec.json.Decoder(dict[str, Any])


@dataclass(frozen=True, slots=True)
class StreamEvent:
    """One event as the server named it, and its data as text."""

    event: str
    data: str


class EventLines:
    """Puts server-sent events together from pieces of any size; what is too long is passed over."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []  # of a line that has not ended
        self._waiting = 0  # bytes of them
        self._event = ""
        self._data: list[str] = []
        self._size = 0

    def feed(self, piece: bytes) -> list[StreamEvent]:
        """The events that a piece completes."""
        lines: list[bytes] = []
        if b"\n" in piece:  # else nothing is put together: a line may come byte by byte
            *lines, piece = b"".join((*self._pieces, piece)).split(b"\n")
            self._pieces, self._waiting = [], 0
        if piece:
            self._pieces.append(piece)
            self._waiting += len(piece)
        if self._waiting > MOST_EVENT:
            self._pieces, self._waiting, self._size = [], 0, MOST_EVENT + 1
        return [said for line in lines if (said := self._line(line.rstrip(b"\r"))) is not None]

    def _line(self, line: bytes) -> StreamEvent | None:
        if not line:
            said = StreamEvent(self._event, "\n".join(self._data))
            fits = self._size <= MOST_EVENT
            self._event, self._data, self._size = "", [], 0
            return said if said.event and fits else None
        name, _, value = line.decode("utf-8", "replace").partition(":")
        value = value.removeprefix(" ")
        if name == "event":
            self._event = value[:100]
        elif name == "data" and self._size <= MOST_EVENT:
            self._size += len(value)
            if self._size <= MOST_EVENT:
                self._data.append(value)
        return None  # a heart-beat begins with the colon


def read_socket_event(message: bytes) -> StreamEvent | None:
    """A frame of the WebSocket; None for one that says nothing."""
    if len(message) > MOST_EVENT:
        return None
    try:
        frame = _FRAMES.decode(message)
    except (ValueError, RecursionError):
        return None
    event, data = frame.get("event"), frame.get("payload")
    if not isinstance(event, str) or not event:
        return None
    return StreamEvent(event[:100], data if isinstance(data, str) else "")


@dataclass(frozen=True, slots=True)
class StreamFind:
    """What is worth keeping: the body of a delivery and the key that is the same however it was heard.

    `names` are those that a deletion may use; `own` is the number of a post or boost of the listener's
    account; `gone` one that was deleted, which only what is known can tell to matter; `mark` a
    notification's number.
    """

    key: str
    body: bytes
    names: tuple[str, ...] = ()
    own: str | None = None
    gone: str | None = None
    mark: str | None = None


class AccountEar:
    """One account's ear at one server: `recipient` is `user@host`, one of `ours`, the accounts of ours.

    `for_itself`: the server was chosen by the account's owner, not by an administrator. `web`: the host that
    is asked, where accounts there have another in their names.
    """

    def __init__(
        self,
        server: str,
        recipient: str,
        ours: Collection[str],
        *,
        for_itself: bool = False,
        web: str | None = None,
    ) -> None:
        self.server = Server(server, web)
        self.recipient = recipient
        self.ours = ours
        self.for_itself = for_itself
        self._chosen = ChosenServer(self.server, recipient, ours) if for_itself else None

    def among(self, ours: Collection[str]) -> AccountEar:
        """The same ear, now that others are ours."""
        return AccountEar(
            self.server.name or "", self.recipient, ours,
            for_itself=self.for_itself, web=self.server.web,
        )  # fmt: skip

    def heard(self, said: StreamEvent) -> StreamFind | None:
        """What an event of the stream is worth; None: nothing."""
        if said.event == "delete":
            return self.deleted(said.data.strip())
        if said.event not in ("notification", "update", "status.update"):
            return None
        try:
            payload = msgspec.json.decode(said.data)
            return self.told(said.event, payload)
        except _UNREADABLE:
            return None

    def deleted(self, number: str) -> StreamFind | None:
        """That a status is gone, by its number here."""
        if not _NUMBER.fullmatch(number) or (name := self.server.numbered(number)) is None:
            return None
        body = msgspec.json.encode({"event": "delete", "payload": number})
        return StreamFind(f"{name}/deleted", body, (name,), gone=number)

    def told(self, event: str, payload: Any) -> StreamFind | None:
        """What an object of the API is worth, from the stream or from a question. Raises
        UnusableFact where it is no such object."""
        if self._chosen is not None:
            payload = self._chosen.allowed(payload)
        whole = Payload(payload)
        number = whole["id"].id()
        if not _NUMBER.fullmatch(number):
            return None
        name = self.server.numbered(number) or number
        body = msgspec.json.encode(
            {"event": event, "payload": payload, "recipient": self.recipient}
        )
        if len(body) > MOST_EVENT:
            return None
        if event == "notification":
            return self._notification(whole, f"{name}/{self.recipient}", number, body)
        if not _is_public(whole) or not self._of_ours(whole):
            return None
        if self.for_itself and self.server.account(whole["account"]) != self.recipient:
            return None
        edited = whole["edited_at"].text() if whole["edited_at"].given else ""
        own = number if self.server.account(whole["account"]) == self.recipient else None
        return StreamFind(f"{name}/{event}/{edited}", body, (name,), own=own)

    def _notification(
        self, whole: Payload, key: str, number: str, body: bytes
    ) -> StreamFind | None:
        kind, status = whole["type"].word(), whole["status"]
        if kind in IGNORED_NOTIFICATIONS or (status.given and not _is_public(status)):
            return StreamFind(key, b"", mark=number)
        if kind == "status" and not self._of_ours(status):  # somebody they follow wrote something
            return StreamFind(key, b"", mark=number)
        if self._chosen is not None and self._of_another(self._chosen, whole):
            return StreamFind(key, b"", mark=number)
        names: tuple[str, ...] = ()
        if status.given and (named := self.server.numbered(status["id"].id())) is not None:
            names = (named,)
        return StreamFind(f"{key}/notification", body, names, mark=number)

    def _of_another(self, chosen: ChosenServer, notification: Payload) -> bool:
        """Whether somebody else of ours, who lives at another server, did it or had it done to them."""
        status = notification["status"]
        boosted = status["reblog"]
        whose = [notification["account"]]
        whose += [one["account"] for one in (status, boosted) if one.given]
        return any(map(chosen.of_another, map(self.server.account, whose)))

    def _of_ours(self, status: Payload) -> bool:
        """Written by somebody of ours, or boosted from them."""
        boosted = status["reblog"]
        whose = [status["account"], *([boosted["account"]] if boosted.given else [])]
        return any(self.server.account(account) in self.ours for account in whose)


def _is_public(status: Payload) -> bool:
    boosted = status["reblog"]
    shown = [status, boosted] if boosted.given else [status]
    return all(one["visibility"].given and one["visibility"].word() in PUBLIC for one in shown)


def is_number(told: object) -> TypeGuard[str]:
    """Whether something is a number, or a sortable name, as servers give them to statuses and the like."""
    return isinstance(told, str) and _NUMBER.fullmatch(told) is not None


def in_their_order(numbers: Iterable[str]) -> list[str]:
    """Numbers of a server in the order in which it gave them: the longer later, else by their letters."""
    return sorted(numbers, key=lambda number: (len(number), number))
