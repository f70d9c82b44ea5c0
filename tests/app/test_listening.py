"""What is said of streams: figures for Prometheus, and trouble in sentences."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import asyncpg

from app.listening import figures, stream_trouble
from app.streams.running import forget_unset
from scoring import Hearing, StreamSeen, note_hearing, streams_seen

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def stream(minutes: float = 1, state: Hearing = Hearing.HEARD, gaps: int = 0) -> StreamSeen:
    seen_at = NOW - timedelta(minutes=minutes)
    return StreamSeen("wss://j.example", "bluesky", state, "", NOW, seen_at, 1000, 1, gaps)


def test_every_stream_has_its_figures_and_one_that_is_not_set_any_more_has_none() -> None:
    text = figures([stream()], NOW).decode()
    labels = '{network="bluesky",stream="wss://j.example"}'
    assert f"fanfare_stream_events_total{labels} 1000.0" in text
    assert f"fanfare_stream_heard{labels} 1.0" in text
    assert f"fanfare_stream_seen_seconds{labels} 60.0" in text
    assert f"fanfare_stream_heard{labels} 0.0" in figures([stream(30)], NOW).decode()
    assert labels not in figures([stream(60 * 24 * 3)], NOW).decode()


def test_a_stream_in_order_is_no_trouble_and_everything_else_says_what_it_is() -> None:
    assert stream_trouble(stream(), NOW) == []
    assert "fanfare listen" in stream_trouble(stream(30), NOW)[0]
    assert "is away" in stream_trouble(stream(state=Hearing.AWAY), NOW)[0]
    assert "2 times" in stream_trouble(stream(gaps=2), NOW)[0]
    assert stream_trouble(stream(60 * 24 * 3, Hearing.AWAY, 5), NOW) == []


async def test_what_listeners_note_adds_up_and_a_state_lasts_since_it_began(
    connection: asyncpg.Connection,
) -> None:
    for minute in range(3):
        at = NOW + timedelta(minutes=minute)
        await note_hearing(
            connection,
            StreamSeen("wss://j.example", "bluesky", Hearing.HEARD, "", at, at, 10, 1, 0),
        )
    (seen,) = await streams_seen(connection)
    assert (seen.events, seen.kept, seen.changed_at) == (30, 3, NOW)
    assert seen.seen_at == NOW + timedelta(minutes=2)


async def test_of_a_stream_that_is_set_no_more_nothing_is_said(
    connection: asyncpg.Connection,
) -> None:
    for network, name in (
        ("bluesky", "wss://old.example"), ("bluesky", "wss://j.example"), ("mastodon", "ada@m.example"),
    ):  # fmt: skip
        await note_hearing(
            connection, StreamSeen(name, network, Hearing.HEARD, "", NOW, NOW, 10, 1, 0)
        )
    await forget_unset(connection, {"wss://j.example"})
    assert [one.stream for one in await streams_seen(connection)] == [
        "wss://j.example", "ada@m.example",
    ]  # fmt: skip
