"""The company's mail server, as the settings name it, and one letter given to it.

Laws: a password travels encrypted only, to a server whose certificate was checked; whatever the server
does, the answer is a value and no error. `smtp://` upgrades by STARTTLS (RFC 3207) before anything
is said, except to this very machine; `smtps://` is encrypted from the start (RFC 8314, read 2026-11-22).
"""

from __future__ import annotations

import asyncio
import ssl
import time
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Final
from urllib.parse import unquote, urlsplit

import aiosmtplib

from app.notify.mail.letter import domain_of
from app.notify.posting import Answer, readable
from app.settings import Settings

TIMEOUT_S: Final = 30.0  # a careful server looks the sender up before it answers
_FAREWELL_S: Final = 2.0
_THIS_MACHINE: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_TAKEN: Final = 250


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where letters are given, and in whose name."""

    host: str
    port: int
    encrypted: bool  # from the start, else by STARTTLS
    sender: str
    user: str | None = None
    password: str | None = field(default=None, repr=False)

    @property
    def is_this_machine(self) -> bool:
        """Whether nothing said to it leaves this machine: encryption is then its own affair."""
        return self.host in _THIS_MACHINE


def mail_server(settings: Settings) -> MailServer | None:
    """The server that the settings name; None while one of the two settings is missing."""
    if settings.smtp_url is None or settings.mail_from is None:
        return None
    parts = urlsplit(settings.smtp_url)
    encrypted = parts.scheme == "smtps"
    return MailServer(
        parts.hostname or "",
        parts.port or (465 if encrypted else 587),
        encrypted,
        settings.mail_from,
        unquote(parts.username) if parts.username else None,
        unquote(parts.password) if parts.password else None,
    )


async def hand_in(server: MailServer, message: EmailMessage | None) -> Answer:
    """Give the server one letter, or without one only see whether it lets us in."""
    begun = time.monotonic()

    def answer(status: int | None, said: str) -> Answer:
        return Answer(status, said, round((time.monotonic() - begun) * 1000))

    client = _client(server)
    try:
        async with asyncio.timeout(TIMEOUT_S):
            await client.connect()
            if server.user is not None:
                await client.login(server.user, server.password or "")
            if message is not None:
                await client.send_message(message)
        await _farewell(client)
        return answer(_TAKEN, "taken")
    except aiosmtplib.SMTPRecipientsRefused as refused:
        first = refused.recipients[0]
        return answer(first.code, _line(first.message))
    except aiosmtplib.SMTPResponseException as refused:
        return answer(refused.code, _line(refused.message))
    except (TimeoutError, aiosmtplib.SMTPTimeoutError):
        return answer(None, f"no answer within {TIMEOUT_S:.0f} seconds")
    except (aiosmtplib.SMTPException, OSError, ValueError) as fault:
        why = _no_certificate(fault) or _line(str(fault)) or type(fault).__name__
        return answer(None, f"the connection failed: {why}")
    finally:
        client.close()


async def _farewell(client: aiosmtplib.SMTP) -> None:
    """QUIT, as RFC 5321 asks; a letter that was taken stays taken, whatever comes of it."""
    with suppress(aiosmtplib.SMTPException, OSError, TimeoutError):
        async with asyncio.timeout(_FAREWELL_S):
            await client.quit()


def refused_for_good(status: int | None) -> bool:
    """Whether trying a letter again would not help: 5xx (RFC 5321, 4.2.1), the sign-in aside, which
    whoever runs Fanfare can mend."""
    return status is not None and 500 <= status < 600 and status not in (530, 534, 535, 538)


def _client(server: MailServer) -> aiosmtplib.SMTP:
    # None: where the server offers it. Only for what stays on this machine, and is no password.
    may_stay_plain = server.is_this_machine and server.password is None
    start_tls = False if server.encrypted else None if may_stay_plain else True
    return aiosmtplib.SMTP(
        hostname=server.host,
        port=server.port,
        use_tls=server.encrypted,
        start_tls=start_tls,
        timeout=TIMEOUT_S,
        # Unsaid, the machine's own name would be looked up, which blocks.
        local_hostname=domain_of(server.sender),
    )


def _no_certificate(fault: BaseException | None) -> str | None:
    while fault is not None:
        if isinstance(fault, ssl.SSLCertVerificationError):
            return f"its certificate is not trusted ({fault.verify_message})"
        fault = fault.__cause__ or fault.__context__
    return None


def _line(text: str) -> str:
    return readable(text.encode())
