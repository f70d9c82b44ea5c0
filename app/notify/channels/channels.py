"""The channels: made, paused, resumed, removed.

Law: a channel is never edited, and its address never shown again. Another address is another channel, so
that what was said where stays readable.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from app.database import Connection
from app.notify.channels.kinds import Kind, channel_kinds
from app.notify.channels.safe import locked_away
from app.notify.deciding import hold_still, note_change
from scoring import record_audit

Change = Literal["paused", "resumed", "removed"]

_CHANNELS: Final = """
  select c.id, c.kind, c.label, c.shown, c.recorded_at,
    coalesce((select h.change from channel_change h where h.channel_id = c.id
              order by h.id desc limit 1), 'resumed') as state
  from channel c
"""


class UnknownChannel(LookupError):
    """There is no such channel, or it was removed."""


@dataclass(frozen=True, slots=True)
class Channel:
    """A place where announcements are said."""

    id: int
    kind: str
    label: str
    shown: str  # what may be read of its address
    recorded_at: datetime
    state: str  # resumed (it is told), paused, removed

    @property
    def active(self) -> bool:
        """Whether anything is said there now."""
        return self.state == "resumed"

    @property
    def kind_label(self) -> str:
        """The kind in words; its name where its file is gone."""
        kind = channel_kinds().get(self.kind)
        return kind.label if kind else self.kind


async def make_channel(
    connection: Connection,
    kind: Kind,
    *,
    label: str,
    target: str,
    installation_key: str,
    person_id: int,
    now: datetime,
) -> int:
    """Add a channel whose address the kind checked; its id."""
    async with connection.transaction():
        channel_id: int = await connection.fetchval(
            """insert into channel (kind, label, target, shown, person_id, recorded_at)
               values ($1, $2, $3, $4, $5, $6) returning id""",
            kind.name,
            label,
            locked_away(target, installation_key),
            kind.shown(target),
            person_id,
            now,
        )
        detail = {"kind": kind.name}
        await record_audit(
            connection, person_id, "channel_made", f"channel:{channel_id}", detail, now
        )
    return channel_id


async def change_channel(
    connection: Connection, channel_id: int, change: Change, *, person_id: int, now: datetime
) -> None:
    """Note a decision about a channel; a repeated one is noted once. Raises UnknownChannel."""
    async with connection.transaction():
        await hold_still(connection, "channel", channel_id)
        channel = await channel_by_id(connection, channel_id)
        if change == channel.state:
            return
        await note_change(connection, "channel", channel_id, change, person_id=person_id, now=now)
        await record_audit(
            connection, person_id, f"channel_{change}", f"channel:{channel_id}", {}, now
        )


async def channel_by_id(connection: Connection, channel_id: int) -> Channel:
    """One channel; raises UnknownChannel for one that never was or was removed."""
    row = await connection.fetchrow(f"{_CHANNELS} where c.id = $1", channel_id)
    if row is None or row["state"] == "removed":
        raise UnknownChannel(channel_id)
    return _channel(row)


async def channels(connection: Connection) -> list[Channel]:
    """All channels that were not removed, the oldest first."""
    rows = await connection.fetch(f"{_CHANNELS} order by c.id")
    return [_channel(row) for row in rows if row["state"] != "removed"]


def _channel(row: Any) -> Channel:
    return Channel(
        row["id"], row["kind"], row["label"], row["shown"], row["recorded_at"], row["state"]
    )
