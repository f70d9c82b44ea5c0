"""How listening goes, stream by stream, for whoever looks: figures of operations, no facts."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from scoring.connection import Connection


class Hearing(StrEnum):
    """How it goes."""

    HEARD = "heard"
    WAITING = "waiting"  # nobody to listen for, or another process listens
    AWAY = "away"  # the network, or our way to it


@dataclass(frozen=True, slots=True)
class StreamSeen:
    """One stream as its listener left it: since when it is as it is, and when somebody last looked."""

    stream: str
    network: str
    state: Hearing
    words: str
    changed_at: datetime
    seen_at: datetime
    events: int
    kept: int
    gaps: int


async def note_hearing(
    connection: Connection,
    seen: StreamSeen,
) -> None:
    """Note how a stream goes: `events`, `kept` and `gaps` are added to what was counted before."""
    await connection.execute(
        """insert into stream_state as s (stream, network, state, words, changed_at, seen_at, events,
                                          kept, gaps)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
           on conflict (stream) do update set
             changed_at = case when s.state = excluded.state then s.changed_at
                               else excluded.changed_at end,
             network = excluded.network, state = excluded.state, words = excluded.words,
             seen_at = excluded.seen_at, events = s.events + excluded.events,
             kept = s.kept + excluded.kept, gaps = s.gaps + excluded.gaps""",
        seen.stream,
        seen.network,
        seen.state.value,
        seen.words[:500],
        seen.changed_at,
        seen.seen_at,
        seen.events,
        seen.kept,
        seen.gaps,
    )


async def streams_seen(connection: Connection) -> list[StreamSeen]:
    """Every stream that was ever listened to, the networks in order."""
    rows = await connection.fetch("select * from stream_state order by network, stream")
    return [
        StreamSeen(
            row["stream"], row["network"], Hearing(row["state"]), row["words"], row["changed_at"],
            row["seen_at"], row["events"], row["kept"], row["gaps"],
        )
        for row in rows
    ]  # fmt: skip


async def forget_streams(connection: Connection, streams: Collection[str]) -> None:
    """Forget streams that nobody may listen to any more: how they went, how far, what was there."""
    names = list(streams)
    await connection.execute("delete from stream_state where stream = any($1::text[])", names)
    await connection.execute("delete from stream_status where stream = any($1::text[])", names)
    await connection.execute(
        "delete from stream_mark where stream = any($1::text[])",
        [*names, *(f"{name} statuses" for name in names)],
    )


async def streams_unseen(connection: Connection, network: str, since: datetime) -> list[str]:
    """The streams of a network of which nothing was noted since a moment."""
    rows = await connection.fetch(
        "select stream from stream_state where network = $1 and seen_at < $2", network, since
    )
    return [row["stream"] for row in rows]
