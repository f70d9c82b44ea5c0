"""Writing down what came of questions: answers become deliveries, the plan goes on.

Law: an answer and what it changes in the plan are committed together; what a network sent instead of an
answer (a page, half of one) is its trouble and no delivery, what it sent in a form that nobody knows is a
delivery that is set aside with the reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import msgspec
import structlog

from app.polls import counts
from app.polls.asking import NO_CONSENT, Asked
from app.polls.budget import give_back, note_answers
from app.polls.claiming import Question
from app.polls.homes import move
from app.polls.schedule import HOUR_S, moment_after, next_due, rest_s
from app.webhooks import DeliveryRow, store
from scoring import Platform, UnusableFact, Verdict, poll_headers, told_by

_log = structlog.get_logger(__name__)

_LONGEST: Final = 300  # characters of what was said


async def note(
    connection: Any, platform: Platform, asked: Sequence[Asked], now: datetime
) -> list[Verdict]:
    """Note a round of one server, in one transaction; returns what came of what was asked."""
    verdicts: list[Verdict] = []
    rows: list[DeliveryRow] = []
    async with connection.transaction():
        for one in asked:
            if one.verdict is None:
                await _not_asked(connection, platform.name, one, now)
                continue
            if one.home is not None:
                verdicts.append(Verdict.REFUSED)
                await move(connection, platform.name, one.question, one.home)
                continue
            verdict, said = _read(platform, one, rows)
            well = Verdict.GOOD in verdicts
            verdicts.append(verdict)
            await _go_on(connection, platform.name, one.question, verdict, said, now, well=well)
            await _rest(connection, platform.name, one, verdict, said, now)
        if rows:
            await store(connection, rows)
        await note_answers(
            connection,
            platform.name,
            told=verdicts.count(Verdict.GOOD),
            refused=verdicts.count(Verdict.REFUSED),
            failed=verdicts.count(Verdict.LATER),
            now=asked[0].question.reserved_at,
        )
    for verdict in verdicts:
        counts.ASKED.labels(platform.name, verdict.value).inc()
    return verdicts


def _read(platform: Platform, one: Asked, rows: list[DeliveryRow]) -> tuple[Verdict, str]:
    """What an answer is worth once it was read; a delivery is added to `rows`."""
    assert one.verdict is not None
    question, answer = one.question, one.answer
    if one.verdict is not Verdict.GOOD or answer is None:
        return one.verdict, one.said
    headers = dict(poll_headers(question.poll, question.subjects))
    key = f"poll:{question.poll.name}:{one.at.isoformat()}:{question.subjects[0]}"
    row = DeliveryRow.of(platform.name, key, headers, answer.body, one.at, "poll")
    try:
        told_by(platform, headers, answer.body, one.at)
    except UnusableFact as why:
        if not _is_json(answer.body):
            kind = answer.headers.get("content-type", "").split(";")[0][:60] or "no type"
            return (
                Verdict.LATER,
                f"It answered with something else ({kind}), not with what was asked.",
            )
        rows.append(row)  # set aside with the reason, for people to look at
        return Verdict.REFUSED, str(why)
    except Exception as fault:  # noqa: BLE001 - a fault of ours: the delivery is set aside with it
        _log.exception("poll_not_read", platform=platform.name, poll=question.poll.name)
        rows.append(row)
        return Verdict.REFUSED, f"The answer cannot be read ({type(fault).__name__})."
    rows.append(row)
    return Verdict.GOOD, ""


def _is_json(body: bytes) -> bool:
    try:
        msgspec.json.decode(body)
    except (ValueError, RecursionError):
        return False
    return True


async def _go_on(
    connection: Any,
    platform: str,
    question: Question,
    verdict: Verdict,
    said: str,
    now: datetime,
    *,
    well: bool,
) -> None:
    """When it is asked again; `well`: the server answered another question a moment before."""
    poll = question.poll
    failures = question.failures + 1 if verdict is Verdict.REFUSED else 0
    if verdict is Verdict.LATER:
        # First in line when the server is asked again; but what alone makes it stumble stands back.
        due = [moment_after(s, HOUR_S, now) if well else now for s in question.subjects]
        failures = question.failures
    else:
        due = [next_due(s, poll.every_s, now, failures=failures) for s in question.subjects]
    await connection.execute(
        """update poll_due d set due_at = n.due_at, failures = $4, said = $5,
             told_at = case when $6 then $7 else d.told_at end
           from unnest($3::text[], $8::timestamptz[]) as n(subject, due_at)
           where d.platform = $1 and d.poll = $2 and d.subject = n.subject""",
        platform,
        poll.name,
        list(question.subjects),
        failures,
        said[:_LONGEST] or None,
        verdict is Verdict.GOOD,
        now,
        due,
    )


async def _rest(
    connection: Any, platform: str, one: Asked, verdict: Verdict, said: str, now: datetime
) -> None:
    """Leave the server alone if it has trouble or asked for that; one that answers well is well."""
    server = one.question.server
    if verdict is not Verdict.LATER and not one.wait_s:
        await connection.execute(
            "delete from poll_pause where platform = $1 and server = $2", platform, server
        )
        return
    before = await connection.fetchval(
        "select failures from poll_pause where platform = $1 and server = $2", platform, server
    )
    failures = (before or 0) + 1 if verdict is Verdict.LATER else 0
    await connection.execute(
        """insert into poll_pause (platform, server, until_at, failures, said, changed_at)
           values ($1, $2, $3::timestamptz + make_interval(secs => $4), $5, $6, $3)
           on conflict (platform, server) do update set until_at = excluded.until_at,
             failures = excluded.failures, said = excluded.said, changed_at = excluded.changed_at""",
        platform,
        server,
        now,
        rest_s(server, failures, one.wait_s),
        failures,
        (said or "It asked us to wait.")[:_LONGEST],
    )


async def _not_asked(connection: Any, platform: str, one: Asked, now: datetime) -> None:
    """What was set aside is given back; what nobody agrees to is not asked again, the rest is due."""
    question = one.question
    await give_back(connection, platform, 1, question.price, question.reserved_at)
    if one.said == NO_CONSENT:
        due = [next_due(s, question.poll.every_s, now) for s in question.subjects]
    elif one.said:  # whoever gives tokens did not answer
        due = [next_due(s, min(question.poll.every_s, HOUR_S), now) for s in question.subjects]
    else:
        due = [now for _ in question.subjects]
    await connection.execute(
        """update poll_due d set due_at = n.due_at, said = coalesce($4, d.said)
           from unnest($3::text[], $5::timestamptz[]) as n(subject, due_at)
           where d.platform = $1 and d.poll = $2 and d.subject = n.subject""",
        platform,
        question.poll.name,
        list(question.subjects),
        one.said[:_LONGEST] or None,
        due,
    )
