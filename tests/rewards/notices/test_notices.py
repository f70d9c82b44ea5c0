"""What people are told: once, in words that can be said, and only what they want."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from rewards.notices import (
    KINDS,
    MESSAGES,
    choose_notices,
    mark_read,
    notices,
    notify,
    notify_many,
)

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
WON = {"contest": "New voices", "amount": "€25"}


@pytest.fixture
async def ana(connection: Any) -> int:
    made: int = await connection.fetchval(
        "insert into person (recorded_at) values ($1) returning id", NOW
    )
    return made


def test_every_kind_has_a_sentence_that_needs_only_what_it_says() -> None:
    assert set(MESSAGES) == set(KINDS)
    for message in MESSAGES.values():
        detail = dict.fromkeys(message.needs, "what stands here")
        assert "{" not in message.said(detail) + message.leads_to(detail)
        assert message.said(detail)[-1] in ".e"


def test_only_ones_own_awards_and_cases_and_the_rules_one_entered_under_cannot_be_switched_off() -> (
    None
):
    fixed = {message.kind for message in MESSAGES.values() if not message.optional}
    warns = ("award_", "case_", "date_", "contest_", "account_", "consent_", "sign_in_")
    assert all(kind.startswith(warns) for kind in fixed)
    assert not MESSAGES["contest_overtaken"].on


async def test_a_notice_is_written_once(connection: Any, ana: int) -> None:
    for _ in range(3):
        await notify(connection, ana, "award_won", WON, key="award_won:1", now=NOW)
    [notice] = await notices(connection, ana)
    assert notice.words.startswith("You won €25 in “New voices”.")
    assert notice.link == "/rewards"
    assert [one.unread for one in await notices(connection, ana)] == [True]
    await mark_read(connection, ana, NOW)
    await mark_read(connection, ana, NOW)
    assert [one.unread for one in await notices(connection, ana)] == [False]


async def test_being_overtaken_is_told_to_who_asked_for_it_only(connection: Any, ana: int) -> None:
    detail = {"contest": "New voices", "slug": "new-voices"}
    await notify(connection, ana, "contest_overtaken", detail, key="1", now=NOW)
    assert await notices(connection, ana) == []
    await choose_notices(connection, ana, {"contest_overtaken": True}, NOW)
    await notify(connection, ana, "contest_overtaken", detail, key="2", now=NOW)
    await choose_notices(connection, ana, {"contest_overtaken": False}, NOW)
    await notify(connection, ana, "contest_overtaken", detail, key="3", now=NOW)
    assert len(await notices(connection, ana)) == 1


async def test_an_award_is_told_whatever_was_chosen(connection: Any, ana: int) -> None:
    await choose_notices(connection, ana, {"award_won": False}, NOW)
    await notify(connection, ana, "award_won", WON, key="award_won:1", now=NOW)
    assert len(await notices(connection, ana)) == 1


async def test_a_sentence_that_cannot_be_said_is_a_mistake_of_who_writes_it(
    connection: Any, ana: int
) -> None:
    with pytest.raises(KeyError):
        await notify(connection, ana, "award_won", {"contest": "x"}, key="1", now=NOW)


async def test_many_are_told_at_once_by_the_same_law(connection: Any, ana: int) -> None:
    detail = {"contest": "New voices", "slug": "new-voices"}
    await choose_notices(connection, ana, {"contest_decided": False}, NOW)
    for kind in ("contest_decided", "contest_overtaken", "contest_entered_by_default"):
        for _ in range(2):
            await notify_many(connection, [ana], kind, detail, key=kind, now=NOW)
    assert [notice.kind for notice in await notices(connection, ana)] == [
        "contest_entered_by_default"
    ]
