"""A real mail server on this machine that says what it is told to say, and keeps what it took."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword


@dataclass
class PostOffice:
    """Answers each letter with what it is given, the last for ever."""

    port: int = 0
    answers: list[str] = field(default_factory=lambda: ["250 OK"])
    patience_s: float = 0.0
    asked: int = 0  # how often a letter was handed over, also before it is answered
    letters: list[EmailMessage] = field(default_factory=list)
    envelopes: list[Envelope] = field(default_factory=list)
    signed_in: list[tuple[str, str]] = field(default_factory=list)

    def url(self, scheme: str = "smtp", who: str = "") -> str:
        """As the settings name it."""
        return f"{scheme}://{who}127.0.0.1:{self.port}"

    # aiosmtpd looks for this name.
    async def handle_DATA(self, _server: Any, _session: Any, envelope: Envelope) -> str:
        self.asked += 1
        await asyncio.sleep(self.patience_s)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        self.envelopes.append(envelope)
        content = envelope.content
        assert isinstance(content, bytes)
        letter = BytesParser(policy=default).parsebytes(content)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        return answer

    def authenticated(self, _s: Any, _x: Any, _e: Any, _mechanism: str, data: Any) -> AuthResult:
        """Everybody may come in; it is remembered as whom."""
        assert isinstance(data, LoginPassword)
        self.signed_in.append((data.login.decode(), data.password.decode()))
        return AuthResult(success=True)


@asynccontextmanager
async def post_office(tls: ssl.SSLContext | None = None) -> AsyncIterator[PostOffice]:
    """One that listens on a port of its own, with STARTTLS where it has a certificate."""
    made = PostOffice()
    loop = asyncio.get_running_loop()

    def session() -> SMTP:
        return SMTP(
            made,
            hostname="localhost",
            loop=loop,
            tls_context=tls,
            authenticator=made.authenticated,
            auth_require_tls=True,
        )

    server = await loop.create_server(session, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        server.close()
