"""The end of a consent that its owner did not ask for: they are told, and have time to give it again.

Law: from that moment nobody asks the network in their name, yet the account stays theirs: what is heard
without the token counts on, and within `GRACE` giving it again loses nothing.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, Literal

from app.auth.roles import administrators
from app.consent.kept import GRACE, Kept
from rewards import notify, notify_many
from scoring import holder_of, platform, record_audit

# over: its time ended · taken_back: the network or the person ended it there · answer_lost: the network
# renewed it and its answer never came, so that nobody has the new token.
Why = Literal["over", "taken_back", "answer_lost"]
_WORDS: Final[dict[str, str]] = {
    "over": "Its time is over.",
    "taken_back": "It was taken back there, or the password changed.",
    "answer_lost": "It was renewed there, but the answer got lost on its way.",
}


async def end_consent(connection: Any, kept: Kept, why: Why, now: datetime) -> None:
    """Take a consent out of use, tell its owner, begin their days of grace. In a transaction."""
    until = now + GRACE
    await connection.execute(
        """update consent set state = 'refused', reason = $2, grace_until = $3, changed_at = $4,
             access = null, refresh = null, besides = null, sealed_by = null, expires_at = null,
             ends_at = null, lost_at = null, due_at = $4, aside_at = null, aside_with = null
           where id = $1""",
        kept.id,
        why,
        until,
        now,
    )
    subject = f"account:{kept.account_id}"
    await record_audit(connection, None, "consent_ended", subject, {"why": why}, now)
    if await _of_company(connection, kept):
        outcome = f"has ended. {_WORDS[why]}"
        await _tell_administrators(connection, kept, outcome, f"{kept.id}:{now.isoformat()}", now)
        return
    await notify(
        connection,
        kept.person_id,
        "consent_ended",
        {"network": platform(kept.platform).label, "reason": _WORDS[why], "until": in_words(until)},
        key=f"consent_ended:{kept.id}:{now.isoformat()}",
        now=now,
    )


async def warn_of_end(connection: Any, kept: Kept, ends_at: datetime, now: datetime) -> None:
    """Tell the owner that a consent ends which only they can renew. In a transaction."""
    await connection.execute(
        "update consent set state = 'expiring', due_at = $2, changed_at = $3 where id = $1",
        kept.id,
        ends_at,
        now,
    )
    if await _of_company(connection, kept):
        outcome = f"ends on {in_words(ends_at)}."
        await _tell_administrators(connection, kept, outcome, f"{kept.id}:{ends_at.date()}", now)
        return
    await notify(
        connection,
        kept.person_id,
        "consent_expiring",
        {"network": platform(kept.platform).label, "until": in_words(ends_at)},
        key=f"consent_expiring:{kept.id}:{ends_at.date()}",
        now=now,
    )


async def _of_company(connection: Any, kept: Kept) -> bool:
    holder = await holder_of(connection, kept.account_id)
    return holder is not None and holder.person_id is None


async def _tell_administrators(
    connection: Any, kept: Kept, outcome: str, key: str, now: datetime
) -> None:
    """Whoever gave it may have left: any administrator can have it given again."""
    await notify_many(
        connection,
        await administrators(connection),
        "consent_of_company",
        {"network": platform(kept.platform).label, "outcome": outcome},
        key=f"consent_of_company:{key}",
        now=now,
    )


def in_words(at: datetime) -> str:
    """A day as messages say it: 6 December 2026."""
    return f"{at.day} {at:%B %Y}"
