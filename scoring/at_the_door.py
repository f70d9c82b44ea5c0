"""What the networks' addresses saw besides deliveries: whom they refused and why, which secret fitted last.

Laws: of who is refused nothing is kept but our own words for the reason and how often; a secret is known by
a digest that nobody can make without the installation's key.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from scoring.connection import Connection

KEPT: Final = timedelta(days=90)  # long enough to compare with last month
UsedFor = Literal["delivery", "handshake"]


@dataclass(frozen=True, slots=True)
class TurnedAway:
    """How often a network's address refused for one reason, and when last."""

    platform: str
    reason: str
    times: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Proof:
    """That a secret proved something: which setting, known by which digest, for what."""

    platform: str
    setting: str  # empty where a network's handshake needs no secret
    fingerprint: str
    used_for: UsedFor


async def note_at_the_door(
    connection: Connection,
    refused: Mapping[tuple[str, str], tuple[int, datetime]],
    used: Mapping[Proof, datetime],
) -> None:
    """Add what was refused, by network and reason, and which secrets were used, by their proof."""
    if refused:
        keys = sorted(refused)
        await connection.execute(
            """insert into refusal (platform, reason, hour_at, times, last_at)
               select platform, reason, date_trunc('hour', last_at, 'UTC'), times, last_at
               from unnest($1::text[], $2::text[], $3::bigint[], $4::timestamptz[])
                 as n(platform, reason, times, last_at)
               on conflict (platform, hour_at, reason) do update
                 set times = refusal.times + excluded.times,
                     last_at = greatest(refusal.last_at, excluded.last_at)""",
            [platform for platform, _ in keys],
            [reason for _, reason in keys],
            [refused[key][0] for key in keys],
            [refused[key][1] for key in keys],
        )
    if used:
        proofs = sorted(used, key=lambda one: (one.platform, one.setting, one.fingerprint))
        await connection.execute(
            """insert into secret_use (platform, setting, fingerprint, used_for, last_at)
               select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[])
               on conflict (platform, setting, fingerprint, used_for) do update
                 set last_at = greatest(secret_use.last_at, excluded.last_at)""",
            [one.platform for one in proofs],
            [one.setting for one in proofs],
            [one.fingerprint for one in proofs],
            [one.used_for for one in proofs],
            [used[one] for one in proofs],
        )


async def refusals(connection: Connection, since_at: datetime) -> list[TurnedAway]:
    """What was refused since a moment (whole hours), by network and reason, the most frequent first."""
    rows = await connection.fetch(
        """select platform, reason, sum(times)::bigint, max(last_at) from refusal
           where hour_at >= date_trunc('hour', $1::timestamptz, 'UTC')
           group by 1, 2 order by 3 desc, 1, 2""",
        since_at,
    )
    return [TurnedAway(*row.values()) for row in rows]


async def proofs(connection: Connection) -> dict[Proof, datetime]:
    """When each secret proved something last."""
    rows = await connection.fetch(
        "select platform, setting, fingerprint, used_for, last_at from secret_use"
    )
    return {_proof(row): row["last_at"] for row in rows}


def _proof(row: Mapping[str, object]) -> Proof:
    used_for: UsedFor = "handshake" if row["used_for"] == "handshake" else "delivery"
    return Proof(str(row["platform"]), str(row["setting"]), str(row["fingerprint"]), used_for)


async def forget_old_refusals(connection: Connection, now: datetime) -> None:
    """Drop what is too old to be looked at."""
    await connection.execute("delete from refusal where hour_at < $1", now - KEPT)
