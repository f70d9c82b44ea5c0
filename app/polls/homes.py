"""The server that keeps an account, learned where the host of its name answers as one that keeps none.

Laws: who names an account, and an administrator who decides without a look, need not know its server; one is
believed only where the host of the account's name and the server itself say so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from app.going_out import Outside
from app.polls.claiming import Question
from app.polls.wanted import may_ask
from app.proofs import find_account
from app.settings import Settings
from scoring import Answer, NotAnAccount, NotSeen, platform

# Such a host has a site of its own: it knows no such address, allows no such question, or shows some page.
_NOT_HERE: Final = frozenset({301, 302, 303, 307, 308, 400, 401, 403, 404, 405, 410})


@dataclass(frozen=True, slots=True)
class Home:
    """Where an account is kept: its page, and the server that is asked."""

    page: str
    server: str


async def home_elsewhere(
    settings: Settings, outside: Outside, network: str, question: Question, answer: Answer
) -> Home | None:
    """Where the account is kept, if the question went to the host of its name and that is not it."""
    page = "json" not in answer.headers.get("content-type", "json")
    if not question.poll.at_home or not (answer.status in _NOT_HERE or (answer.good and page)):
        return None
    secrets, (subject, *_) = settings.secrets_of(network), question.subjects
    if question.ask.url != question.poll.ask(question.subjects, secrets).url:
        return None
    try:
        named = await find_account(settings, outside, network, subject)
    except (NotSeen, NotAnAccount):
        return None
    if named.native_id != subject or named.also is None:
        return None
    found = platform(network).profile_url(named.also, named.handle)
    server = question.poll.asked(question.subjects, secrets, found).origin
    if found is None or server == question.server or not may_ask(settings, server):
        return None
    return Home(found, server)


async def move(connection: Any, network: str, question: Question, home: Home) -> None:
    """From now on the account is asked about where it is kept, and first of all at once. In a transaction."""
    await connection.execute(
        "update account_face set url = $2 where account_id = $1", question.account_id, home.page
    )
    await connection.execute(
        """update poll_due set server = $4, due_at = $5, failures = 0, said = null
           where platform = $1 and poll = $2 and subject = $3""",
        network,
        question.poll.name,
        question.subjects[0],
        home.server,
        question.reserved_at,
    )
