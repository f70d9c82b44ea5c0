"""Channels: who won is said there once, as everybody allows it then, and no screen waits for it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from ipaddress import ip_network
from typing import Any

import asyncpg
import msgspec
import pytest
import structlog
from structlog.testing import capture_logs

from app.notify import channels
from app.notify.channels.safe import Unreadable, locked_away, taken_out
from app.notify.mail.server import MailServer
from app.notify.patience import PAUSES
from app.notify.tries import try_again
from rewards.announcements import Announcement, correct, finish_due, length, take_step
from rewards.awards import show_award
from tests.app.notify.formats import check_slack, check_teams, texts_of_teams
from tests.app.notify.post_office import PostOffice, post_office
from tests.app.notify.receiver import Receiver, receiver
from tests.rewards.announcements.scene import (
    A1,
    A2,
    LEADER,
    NOW,
    award_of,
    company,
    contest,
    planned,
)

KEY = "a secret key for tests, nothing else"
LOOPBACK = (ip_network("127.0.0.0/8"),)
SECOND = timedelta(seconds=1)
BEFORE = NOW - timedelta(hours=1)
HERE = channels.Here("Halden", "https://fanfare.example.org", KEY)
CARRIERS = channels.Carriers(KEY, LOOPBACK, None)


@pytest.fixture
async def ear() -> AsyncIterator[Receiver]:
    async with receiver() as listening:
        yield listening


@pytest.fixture
async def office() -> AsyncIterator[PostOffice]:
    async with post_office() as listening:
        yield listening


async def channel(
    connection: Any, ear: Receiver, kind: str = "slack", now: datetime = BEFORE
) -> int:
    return await made(connection, kind, ear.url, now)


async def made(connection: Any, kind: str, target: str, now: datetime = BEFORE) -> int:
    return await channels.make_channel(
        connection, channels.channel_kinds()[kind], label=f"#{kind}", target=target,
        installation_key=KEY, person_id=1, now=now,
    )  # fmt: skip


async def announced(connection: Any, line: str = "Well done") -> tuple[Announcement, datetime]:
    """A contest whose reveal is over, and when."""
    one = await planned(connection, await contest(connection), line=line)
    over = NOW + length(one.plan)
    assert await finish_due(connection, over) == [one.contest_id]
    return one, over


async def say(connection: Any, now: datetime, carriers: channels.Carriers = CARRIERS) -> int:
    await channels.queue_news(connection, now)
    return await channels.say_what_is_due(connection, carriers, HERE, now)


async def states(connection: Any) -> list[str]:
    rows = await connection.fetch("select state from channel_delivery order by id")
    return [row["state"] for row in rows]


def body(ear: Receiver, index: int = -1) -> Any:
    return msgspec.json.decode(ear.heard[index][1])


def text(ear: Receiver, index: int = -1) -> str:
    return str(body(ear, index)["text"])


async def test_who_won_is_said_once_on_every_channel_when_the_reveal_is_over(
    connection: Any, ear: Receiver, office: PostOffice
) -> None:
    await company(connection)
    await channel(connection, ear)
    await channel(connection, ear, "teams")
    await made(connection, "email", "winners@example.org")
    mail = MailServer("127.0.0.1", office.port, False, "Fanfare <fanfare@example.org>")
    carriers = replace(CARRIERS, mail=mail)
    one = await planned(connection, await contest(connection))
    over = NOW + length(one.plan)
    assert await say(connection, over - SECOND, carriers) == 0  # nobody reads the end before it
    await finish_due(connection, over)
    assert await say(connection, over, carriers) == 3
    assert await say(connection, over + timedelta(days=1), carriers) == 0
    slack, teams = sorted((msgspec.json.decode(body) for _, body in ear.heard), key=len)[::-1]
    check_slack(slack)
    check_teams(teams)
    [letter] = office.letters
    for told in (slack["text"], "\n".join(texts_of_teams(teams)), letter.get_content()):
        assert "Conversation starters" in told
        assert "Well done" in told
    assert letter["To"] == "winners@example.org"
    assert office.envelopes[0].mail_from == "fanfare@example.org"
    assert await states(connection) == ["delivered"] * 3


async def test_names_and_prizes_are_those_allowed_when_it_is_sent(
    connection: Any, ear: Receiver
) -> None:
    await company(connection)
    await channel(connection, ear)
    ear.statuses = [500, 500, 200]
    one, over = await announced(connection)
    first = await award_of(connection, A1, 1)
    await show_award(connection, first, by=A1, name="name", prize=True, now=NOW)
    await say(connection, over)
    assert "First place: A1" in text(ear)
    assert "€" in text(ear).split("First place: A1")[1].split("\n")[0]
    await show_award(connection, first, by=A1, name="name", prize=False, now=over)
    await connection.execute("update profile set visibility = 'hidden' where person_id = $1", A2)
    await say(connection, over + PAUSES[0])
    assert "First place: A1" in text(ear)
    assert "€" not in text(ear).split("First place: A1")[1].split("\n")[0]
    assert "A2" not in text(ear)
    await connection.execute(
        "update profile set visibility = 'alias', alias = 'Tin Drum' where person_id = $1", A2
    )
    await show_award(connection, first, by=A1, name="none", prize=False, now=over)
    await say(connection, over + PAUSES[0] + PAUSES[1])
    assert "A1" not in text(ear)
    assert one.slug in text(ear)
    assert await states(connection) == ["delivered"]


async def test_a_slack_that_is_ill_for_an_hour_is_told_exactly_once_afterwards(
    connection: Any, ear: Receiver
) -> None:
    await company(connection)
    await channel(connection, ear)
    _, now = await announced(connection)
    well_at, ear.statuses = now + timedelta(hours=1), [500]
    end, taken = now + timedelta(days=1), 0
    while now < end:
        if now >= well_at:
            ear.statuses = [200]
        tried = await say(connection, now)
        taken += tried if now >= well_at else 0
        now += timedelta(minutes=5)
    assert taken == 1
    assert await states(connection) == ["delivered"]
    assert len({headers["idempotency-key"] for headers, _ in ear.heard}) == 1


async def test_the_time_that_slack_asks_for_is_given(connection: Any, ear: Receiver) -> None:
    await company(connection)
    await channel(connection, ear)
    ear.statuses, ear.headers = [429, 200], {"retry-after": "120"}
    _, over = await announced(connection)
    await say(connection, over)
    assert await say(connection, over + timedelta(seconds=119)) == 0
    assert await say(connection, over + timedelta(seconds=120)) == 1
    assert await states(connection) == ["delivered"]


@pytest.mark.parametrize(
    ("kind", "status"), [("slack", 404), ("slack", 410), ("teams", 404), ("teams", 401)]
)
async def test_what_cannot_heal_is_given_up_at_once_with_words_and_can_be_said_again(
    connection: Any, ear: Receiver, kind: str, status: int
) -> None:
    await company(connection)
    channel_id = await channel(connection, ear, kind)
    ear.statuses = [status]
    _, over = await announced(connection)
    await say(connection, over)
    assert await states(connection) == ["given_up"]
    [one] = await channels.spoken(connection, channel_id, 10)
    assert (one.status, one.attempts, one.about) == (status, 1, "announced")
    assert one.said is not None
    assert "new" in one.said
    ear.statuses = [200]
    assert await try_again(connection, "channel", channel_id, over) == 1
    assert await say(connection, over) == 1
    assert await states(connection) == ["delivered"]
    assert await try_again(connection, "channel", channel_id, over) == 0


async def test_two_workers_say_everything_once(
    connection: Any, database_url: str, ear: Receiver
) -> None:
    await company(connection)
    for _ in range(8):
        await channel(connection, ear)
    _, over = await announced(connection)
    other = await asyncpg.connect(database_url)

    async def work(on: Any) -> None:
        while await say(on, over):
            pass

    await asyncio.gather(work(connection), work(other))
    await other.close()
    keys = [headers["idempotency-key"] for headers, _ in ear.heard]
    assert len(keys) == len(set(keys)) == 8
    assert await states(connection) == ["delivered"] * 8


async def test_killed_between_sending_and_noting_it_is_said_again_with_the_same_key(
    connection: Any, database_url: str, ear: Receiver
) -> None:
    await company(connection)
    await channel(connection, ear)
    _, over = await announced(connection)
    await channels.queue_news(connection, over)
    ear.patience_s = 30
    dying = await asyncpg.connect(database_url)
    task = asyncio.create_task(channels.say_what_is_due(dying, CARRIERS, HERE, over))
    while not ear.heard:
        await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await dying.close()
    ear.patience_s = 0
    assert await say(connection, over + timedelta(seconds=89)) == 0
    assert await say(connection, over + timedelta(seconds=90)) == 1
    assert await states(connection) == ["delivered"]
    assert ear.heard[0][0]["idempotency-key"] == ear.heard[1][0]["idempotency-key"]


async def test_a_hung_receiver_holds_up_no_reveal_and_no_other_channel(
    connection: Any, database_url: str, ear: Receiver
) -> None:
    await company(connection)
    async with receiver() as hung:
        hung.patience_s = 60
        await channel(connection, hung)
        await channel(connection, ear)
        _, over = await announced(connection)
        stepped = await planned(
            connection, await contest(connection, name="Second"), manner="stepped", now=over
        )
        sending = await asyncpg.connect(database_url)
        await channels.queue_news(sending, over)
        task = asyncio.create_task(channels.say_what_is_due(sending, CARRIERS, HERE, over))
        while not (hung.heard and ear.heard):
            await asyncio.sleep(0.01)
        # The reveal of the next contest goes on, and ends, while that one still waits.
        for step in range(1, len(stepped.plan.steps) + 1):
            async with asyncio.timeout(30):
                at = over + step * SECOND
                now = await take_step(connection, stepped.id, to=step, by=LEADER, now=at)
        assert now.finished_at is not None
        assert not task.done()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await sending.close()


async def test_what_cannot_be_written_at_all_lets_what_went_out_beside_it_be_noted(
    connection: Any, ear: Receiver
) -> None:
    await company(connection)
    await made(
        connection, "slack", "https://grüße.example/hook"
    )  # its form lets no such address pass
    await channel(connection, ear)
    _, over = await announced(connection)
    with structlog.testing.capture_logs() as lines:
        assert await say(connection, over) == 2
        assert await say(connection, over + SECOND) == 0
    assert await states(connection) == ["waiting", "delivered"]
    assert len(ear.heard) == 1
    assert "channel_broken" in [line["event"] for line in lines]


async def test_one_of_which_nothing_can_be_read_is_tried_again_and_the_others_go_out(
    connection: Any, ear: Receiver
) -> None:
    await company(connection)
    await channel(connection, ear)
    stuck, over = await announced(connection)
    one = await planned(connection, await contest(connection, name="Goes on"), now=over)
    later = over + length(one.plan)
    assert await finish_due(connection, later) == [one.contest_id]
    await connection.execute("alter table charter disable trigger user")
    body = await connection.fetchval(
        "update charter set body = '{}' where contest_id = $1 returning (select body from charter "
        "where contest_id = $1)", stuck.contest_id,
    )  # fmt: skip
    with structlog.testing.capture_logs() as lines:
        assert await say(connection, later) == 2
    assert [line["event"] for line in lines].count("channel_broken") == 1
    assert await states(connection) == ["waiting", "delivered"]
    await connection.execute(
        "update charter set body = $2 where contest_id = $1", stuck.contest_id, body
    )
    assert await say(connection, later + timedelta(hours=2)) == 1
    assert await states(connection) == ["delivered", "delivered"]


async def test_a_correction_is_said_after_what_it_corrects(connection: Any, ear: Receiver) -> None:
    await company(connection)
    await channel(connection, ear)
    ear.statuses = [500, 200]
    one, over = await announced(connection)
    await say(connection, over)
    await correct(connection, one.id, by=LEADER, words="It was a2 <b>", now=over + SECOND)
    assert await say(connection, over + 2 * SECOND) == 0  # it waits for the announcement
    assert await say(connection, over + PAUSES[0]) == 1
    assert await say(connection, over + PAUSES[0]) == 1
    assert [text(ear, index).split("\n")[0] for index in (1, 2)] == [
        "The winners of “Conversation starters”", "A correction: “Conversation starters”",
    ]  # fmt: skip
    assert "“It was a2 &lt;b&gt;”" in text(ear)
    rows = await connection.fetch("select key from channel_delivery order by id")
    assert [row["key"].split(":")[0] for row in rows] == ["announced", "corrected"]


async def test_what_was_before_a_channel_or_while_it_paused_is_not_said_there(
    connection: Any, ear: Receiver
) -> None:
    await company(connection)
    paused = await channel(connection, ear)
    await channels.change_channel(connection, paused, "paused", person_id=1, now=BEFORE)
    one, over = await announced(connection)
    late = await channel(connection, ear, now=over + SECOND)
    await channels.change_channel(connection, paused, "resumed", person_id=1, now=over + SECOND)
    assert await say(connection, over + 2 * SECOND) == 0
    await correct(connection, one.id, by=LEADER, words="It was a2", now=over + 3 * SECOND)
    assert await say(connection, over + 3 * SECOND) == 2
    await channels.change_channel(connection, late, "removed", person_id=1, now=over)
    with pytest.raises(channels.UnknownChannel):
        await channels.channel_by_id(connection, late)
    assert [one.id for one in await channels.channels(connection)] == [paused]


async def test_pausing_holds_what_waits_and_removing_ends_it(
    connection: Any, ear: Receiver
) -> None:
    await company(connection)
    held, gone = await channel(connection, ear), await channel(connection, ear)
    _, over = await announced(connection)
    await channels.queue_news(connection, over)
    await channels.change_channel(connection, held, "paused", person_id=1, now=over)
    await channels.change_channel(connection, gone, "removed", person_id=1, now=over)
    assert await say(connection, over) == 0
    await channels.change_channel(connection, held, "resumed", person_id=1, now=over)
    assert await say(connection, over) == 1
    assert await states(connection) == ["delivered", "given_up"]


async def test_a_test_says_nothing_of_anybody_and_overtakes_what_waits(
    connection: Any, ear: Receiver
) -> None:
    await company(connection)
    channel_id = await channel(connection, ear)
    ear.statuses = [500, 200]
    _, over = await announced(connection)
    await say(connection, over)
    await channels.queue_test(connection, channel_id, over)
    assert await say(connection, over) == 1
    assert text(ear).startswith("A test from Fanfare\n")
    assert await states(connection) == ["waiting", "delivered"]


async def test_an_address_lies_encrypted_and_tells_nothing_without_the_key(
    connection: Any, ear: Receiver
) -> None:
    await company(connection)
    secret = "https://hooks.slack.com/services/T01ABCDEF/B02ABCDEF/abcdefABCDEF012345678901"
    await made(connection, "slack", secret)
    row = await connection.fetchrow("select * from channel")
    assert "abcdefABCDEF" not in str(dict(row))
    assert taken_out(row["target"], KEY) == secret
    with pytest.raises(Unreadable):
        taken_out(row["target"], KEY + "!")
    assert locked_away(secret, KEY) != row["target"]
    audit = await connection.fetch("select * from audit")
    assert not any("hooks.slack.com" in str(dict(line)) for line in audit)


async def test_with_another_key_or_without_its_kind_a_channel_says_why(
    connection: Any, ear: Receiver
) -> None:
    await company(connection)
    channel_id = await channel(connection, ear)
    await channels.queue_test(connection, channel_id, NOW)
    assert await say(connection, NOW, replace(CARRIERS, installation_key="k" * 40)) == 1
    [one] = await channels.spoken(connection, channel_id, 1)
    assert one.state == "given_up"
    assert "FANFARE_SECRET_KEY was replaced" in (one.said or "")
    assert ear.heard == []


async def test_nothing_inside_the_network_is_reached(connection: Any, ear: Receiver) -> None:
    await company(connection)
    first = await made(connection, "slack", f"https://localhost:{ear.port}/services/secretsecret")
    second = await channel(connection, ear)
    for channel_id in (first, second):
        await channels.queue_test(connection, channel_id, NOW)
    assert await say(connection, NOW, replace(CARRIERS, networks=())) == 2
    assert ear.heard == []
    for channel_id in (first, second):
        [one] = await channels.spoken(connection, channel_id, 1)
        assert "is inside a network" in (one.said or "")


@pytest.mark.parametrize(
    "repeats",
    [
        lambda asked: asked,
        lambda asked: asked.partition(b"sig=")[2],  # a field by itself, as in a JSON of all fields
        lambda asked: b"." * 180 + asked[:-9],  # cut off where what is kept ends
        lambda asked: b"." * 165 + asked.partition(b"B1/")[2],
    ],
    ids=["all", "a field", "without its end", "where the answer is cut"],
)
async def test_what_a_receiver_repeats_of_its_address_is_not_kept(
    connection: Any, repeats: Callable[[bytes], bytes]
) -> None:
    await company(connection)

    async def parrot(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        said = repeats(head.split(b" ")[1])
        writer.write(b"HTTP/1.1 500 No\r\ncontent-length: %d\r\n\r\n%s" % (len(said), said))
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(parrot, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    target = f"http://127.0.0.1:{port}/services/T1/B1/topsecrettoken?sig=anothersecret"
    channel_id = await made(connection, "slack", target)
    await channels.queue_test(connection, channel_id, NOW)
    with capture_logs() as logs:
        assert await say(connection, NOW) == 1
    server.close()
    assert logs
    assert "secret" not in str(logs)
    [one] = await channels.spoken(connection, channel_id, 1)
    assert one.status == 500
    assert not any(part in (one.said or "") for part in ("topsecre", "anothers", "secrettoken"))


async def test_a_leaders_line_is_text_wherever_it_is_said(connection: Any, ear: Receiver) -> None:
    await company(connection)
    await channel(connection, ear)
    await channel(connection, ear, "teams")
    line = "*Bold* <!channel> [x](https://evil.example) {{DATE(2026-01-01)}} " + "ß" * 135
    _, over = await announced(connection, line)
    assert await say(connection, over) == 2
    payloads = [msgspec.json.decode(body) for _, body in ear.heard]
    slack = next(one for one in payloads if "blocks" in one)
    teams = next(one for one in payloads if "attachments" in one)
    check_slack(slack)
    check_teams(teams)
    assert "<!channel>" not in msgspec.json.encode(slack).decode()
    assert "ß" * 135 in slack["text"]
    assert any(
        "*Bold* <!channel> [x](https://evil.example) {\u2060{DATE" in one
        for one in texts_of_teams(teams)
    )
