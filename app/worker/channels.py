"""Channels and letters in the worker: queued and sent by loops of their own.

Law: whatever Slack, Teams or a mail server do, no reveal waits for them.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from app.notify.channels import Carriers, Here, queue_news, say_what_is_due
from app.notify.mail import (
    MailServer,
    Sender,
    mail_server,
    queue_letters,
    send_letters,
    written_since,
)
from app.settings import Settings
from app.worker.loops import Loop

_IDLE_S: Final = 1.0


@dataclass(slots=True)
class Channels:
    """One process's rounds."""

    settings: Settings
    _asked: bool = field(default=False)
    _since: datetime | None = field(default=None)

    def loops(self, connect: Callable[[], Awaitable[Any]]) -> tuple[Loop, ...]:
        """The loops, each with a connection of its own."""
        return (
            Loop("channels", connect, self.say, _IDLE_S),
            Loop("letters", connect, self.write, _IDLE_S),
        )

    async def say(self, connection: Any) -> int:
        """Queue what was announced, and say what is due."""
        now, settings = datetime.now(UTC), self.settings
        key = settings.require_secret_key()
        queued = await queue_news(connection, now)
        carriers = Carriers(key, settings.hook_networks, mail_server(settings))
        here = Here(settings.company_name, settings.base_url, key)
        return queued + await say_what_is_due(connection, carriers, here, now)

    async def write(self, connection: Any) -> int:
        """Queue letters for new notices, and send what is due; nothing without a mail server."""
        server, now = mail_server(self.settings), datetime.now(UTC)
        if not self._asked:
            self._since = await written_since(connection, server.host if server else None, now)
            self._asked = True
        if server is None or self._since is None:
            return 0
        queued = await queue_letters(connection, self._since, now)
        return queued + await send_letters(connection, self._sender(server), now)

    def _sender(self, server: MailServer) -> Sender:
        return Sender(server, self.settings.company_name, self.settings.base_url)
