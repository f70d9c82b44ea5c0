"""Putting the questions of one server, one after the other, at the network's pace.

Laws: the first answer that says «later», or asks us to wait, ends the round: the rest is not asked; nothing
here touches the plan, so whatever a server does, another one's answers are written down meanwhile.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import asyncpg
import structlog

from app.consent import Unreadable, token_of, token_refused
from app.going_out import NotReachable, Outside
from app.polls import counts
from app.polls.claiming import Question
from app.polls.homes import Home, home_elsewhere
from app.polls.wanted import PAGE_TOKEN
from app.settings import Settings
from scoring import Answer, Of, Polling, Verdict, wait_s

_log = structlog.get_logger(__name__)

NO_CONSENT: Final = "its owner does not agree any more"
_UNAUTHORIZED: Final = 401
# Whoever goes out says NotReachable: these are PostgreSQL's alone.
_DATABASE: Final = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError)


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of a question. `verdict` None: it was not asked, because of `said`."""

    question: Question
    verdict: Verdict | None
    said: str
    answer: Answer | None = None
    wait_s: float | None = None
    at: datetime = datetime.min.replace(tzinfo=UTC)
    home: Home | None = None  # the server that keeps the account, where that is another one


@dataclass(slots=True)
class Round:
    """Asks one server; `connect` opens a connection for whoever needs a person's token."""

    settings: Settings
    outside: Outside
    network: str
    polling: Polling
    connect: Callable[[], Awaitable[Any]]
    haste: float = 1.0  # the pace is divided by it

    async def ask(self, questions: Sequence[Question]) -> list[Asked]:
        """What came of them, in order; those after an end are not asked."""
        done: list[Asked] = []
        connection = None
        try:
            for n, question in enumerate(questions):
                if n:
                    await asyncio.sleep(self.polling.pace_s / self.haste)
                if question.poll.token and connection is None:
                    connection = await self.connect()
                asked = await self._one(question, connection)
                done.append(asked)
                if (asked.verdict is Verdict.LATER and asked.home is None) or asked.wait_s:
                    break
        except _DATABASE as trouble:
            # What was not asked is due again.
            _log.warning("poll_round_broken", network=self.network, why=f"{type(trouble).__name__}")
        finally:
            if connection is not None:
                with suppress(*_DATABASE):
                    await connection.close(timeout=2.0)
        done += [Asked(question, None, "") for question in questions[len(done) :]]
        await asyncio.sleep(self.polling.pace_s / self.haste)  # the next round keeps the pace too
        return done

    async def _one(self, question: Question, connection: Any) -> Asked:
        token = None
        try:
            if question.poll.token:
                token = await self._token(question, connection)
                if token is None:
                    return Asked(question, None, NO_CONSENT)
        except (NotReachable, Unreadable) as why:
            return Asked(question, None, str(why))
        began = time.perf_counter()
        try:
            answer = await self.outside.ask(question.ask, token=token)
        except NotReachable as why:
            return Asked(question, Verdict.LATER, str(why), at=datetime.now(UTC))
        finally:
            counts.SECONDS.labels(self.network).observe(time.perf_counter() - began)
        now = datetime.now(UTC)
        verdict = self.polling.verdict(answer, token=question.poll.token)
        if answer.status == _UNAUTHORIZED and question.poll.token:
            await self._refused(question, connection)
        said = "" if verdict is Verdict.GOOD else f"It answered {answer.status}."
        home = await home_elsewhere(self.settings, self.outside, self.network, question, answer)
        return Asked(question, verdict, said, answer, wait_s(answer, now), now, home)

    async def _refused(self, question: Question, connection: Any) -> None:
        """Its owner hears of it; whatever the database does, the question was asked and is paid for."""
        try:
            await token_refused(connection, self.settings, question.account_id)
        except (*_DATABASE, Unreadable) as trouble:
            _log.warning("token_not_noted", network=self.network, why=f"{type(trouble).__name__}")

    async def _token(self, question: Question, connection: Any) -> str | None:
        found = await token_of(connection, self.settings, self.outside, question.account_id)
        if found is not None:
            return found.access
        if question.poll.of is Of.COMPANY:
            return self.settings.secrets_of(self.network).one(PAGE_TOKEN)
        return None
