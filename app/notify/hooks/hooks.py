"""The hooks: made, paused, resumed, removed, their secrets replaced.

Law: a hook is never edited. Another address is another hook with another secret, so that what was told
to whom stays readable.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import msgspec

from app.database import Connection
from app.notify.deciding import hold_still, note_change
from app.notify.hooks.fault import UnknownHook
from rewards import EVENT_TYPES
from scoring import record_audit

Change = Literal["paused", "resumed", "disabled", "removed", "rotated"]

_HOOKS = """
  select h.id, h.label, h.url, h.events, h.recorded_at,
    coalesce((select c.change from hook_change c
              where c.hook_id = h.id and c.change <> 'rotated' order by c.id desc limit 1),
             'resumed') as state,
    (select count(*) from hook_change c where c.hook_id = h.id and c.change = 'rotated')::int
      as generation,
    (select max(c.recorded_at) from hook_change c
     where c.hook_id = h.id and c.change = 'rotated') as rotated_at
  from hook h
"""


@dataclass(frozen=True, slots=True)
class Hook:
    """An address that is told of some events."""

    id: int
    label: str
    url: str
    events: tuple[str, ...]
    recorded_at: datetime
    state: str  # resumed (it is told), paused, disabled (its receiver said to stop), removed
    generation: int  # how often its secret was replaced
    rotated_at: datetime | None

    @property
    def active(self) -> bool:
        """Whether it is told anything now."""
        return self.state == "resumed"


async def make_hook(
    connection: Connection,
    *,
    label: str,
    url: str,
    events: Collection[str],
    person_id: int,
    now: datetime,
) -> int:
    """Add a hook whose address was checked (`reach.checked_url`); its id."""
    unknown = set(events) - set(EVENT_TYPES)
    if unknown or not events:
        raise ValueError(f"no such events: {', '.join(sorted(unknown)) or 'none were given'}")
    async with connection.transaction():
        hook_id: int = await connection.fetchval(
            """insert into hook (label, url, events, person_id, recorded_at)
               values ($1, $2, $3::jsonb, $4, $5) returning id""",
            label,
            url,
            msgspec.json.encode(sorted(events)).decode(),
            person_id,
            now,
        )
        await record_audit(connection, person_id, "hook_made", f"hook:{hook_id}", {"url": url}, now)
    return hook_id


async def change_hook(
    connection: Connection, hook_id: int, change: Change, *, person_id: int | None, now: datetime
) -> None:
    """Note a decision about a hook; a repeated one is noted once. Raises UnknownHook."""
    async with connection.transaction():
        await hold_still(connection, "hook", hook_id)
        hook = await hook_by_id(connection, hook_id)
        if change == hook.state:
            return
        await note_change(connection, "hook", hook_id, change, person_id=person_id, now=now)
        await record_audit(
            connection, person_id, f"hook_{change}", f"hook:{hook_id}", {"url": hook.url}, now
        )


async def hook_by_id(connection: Connection, hook_id: int) -> Hook:
    """One hook; raises UnknownHook for one that never was or was removed."""
    row = await connection.fetchrow(f"{_HOOKS} where h.id = $1", hook_id)
    if row is None or row["state"] == "removed":
        raise UnknownHook(hook_id)
    return _hook(row)


async def hooks(connection: Connection) -> list[Hook]:
    """All hooks that were not removed, the oldest first."""
    rows = await connection.fetch(f"{_HOOKS} order by h.id")
    return [_hook(row) for row in rows if row["state"] != "removed"]


def _hook(row: Any) -> Hook:
    return Hook(
        row["id"], row["label"], row["url"], tuple(msgspec.json.decode(row["events"])), row["recorded_at"],
        row["state"], row["generation"], row["rotated_at"],
    )  # fmt: skip
