"""What a person is told inside Fanfare: an entry in their own list, in the words of the page.

Law: the same notice is written once, whoever writes it how often (`key`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Literal

import msgspec

NoticeKind = Literal[
    "contest_entered_by_default",
    "contest_amended",
    "contest_cancelled",
    "contest_no_snapshot",
    "contest_overtaken",
    "contest_decided",
    "award_won",
    "award_refused",
    "award_waits_for_answer",
    "award_lapsed",
    "award_paid",
    "award_recovered",
    "award_passed_to_you",
    "approval_waits",
    "date_confirmed",
    "date_refused",
]
# Only what touches one's own award or the rules one entered under is told without having asked.
OFF_UNLESS_WANTED: Final = frozenset({"contest_overtaken"})


async def notify(
    connection: Any,
    person_id: int,
    kind: NoticeKind,
    detail: Mapping[str, Any],
    *,
    key: str,
    now: datetime,
) -> None:
    """Tell a person something once, unless they do not want that kind.

    `detail` is what the page's sentence needs (contest slug and name, amounts as text, dates); `key`
    is unique for ever, e.g. `f"award_won:{award_id}"`.
    """
    wanted = await connection.fetchval(
        """select wanted from notice_choice where person_id = $1 and kind = $2
           order by id desc limit 1""",
        person_id,
        kind,
    )
    if wanted is False or (wanted is None and kind in OFF_UNLESS_WANTED):
        return
    await connection.execute(
        """insert into notice (person_id, kind, detail, key, recorded_at)
           values ($1, $2, $3::jsonb, $4, $5) on conflict (key) do nothing""",
        person_id,
        kind,
        msgspec.json.encode(detail).decode(),
        key,
        now,
    )


async def notify_many(
    connection: Any,
    person_ids: Sequence[int],
    kind: NoticeKind,
    detail: Mapping[str, Any],
    *,
    key: str,
    now: datetime,
) -> None:
    """Tell many people the same once, in one statement; each one's key is `key` and their id."""
    await connection.execute(
        """insert into notice (person_id, kind, detail, key, recorded_at)
           select p.id, $2, $3::jsonb, $4 || ':' || p.id, $5
           from unnest($1::bigint[]) as p (id)
           where coalesce((select c.wanted from notice_choice c
                           where c.person_id = p.id and c.kind = $2 order by c.id desc limit 1), $6)
           on conflict (key) do nothing""",
        list(person_ids),
        kind,
        msgspec.json.encode(detail).decode(),
        key,
        now,
        kind not in OFF_UNLESS_WANTED,
    )
