"""What an administrator decided about a network, instead of what its own policy says.

Laws: a decision has a reason and is never changed, only followed by another; it holds from a moment on,
and what was published before keeps what held then.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from scoring.audit import record_audit
from scoring.connection import Connection
from scoring.platforms import platform, platforms
from scoring.platforms.platform import Incentive, IncentivePolicy

OWN: Final = "own"  # back to what the network itself says
MOST_REASON: Final = 500
_INCENTIVE, _MEMBER_DATA = "incentive", "member_data"


class NotDecided(ValueError):
    """A decision that cannot be taken; the text says why."""


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision; `person_id` is None where a command took it."""

    platform: str
    about: str  # incentive | member_data
    mode: str
    reason: str
    person_id: int | None
    effective_at: datetime


@dataclass(frozen=True, slots=True)
class Applied:
    """What holds for a network at a moment: its own policy, and a decision that stands instead."""

    own: IncentivePolicy
    decided: Decided | None = None

    @property
    def mode(self) -> Incentive:
        """What may be won."""
        return self.own.mode if self.decided is None else Incentive(self.decided.mode)


async def incentive_of(connection: Connection, name: str, at: datetime) -> Applied:
    """What may be won on one network at a moment. Raises UnknownPlatform."""
    own = platform(name).incentive
    return Applied(own, _standing((await _newest(connection, _INCENTIVE, at)).get(name)))


async def incentives(connection: Connection, at: datetime) -> dict[str, Applied]:
    """What may be won on every network at a moment, by name."""
    decided = await _newest(connection, _INCENTIVE, at)
    return {
        name: Applied(known.incentive, _standing(decided.get(name)))
        for name, known in platforms().items()
    }


async def member_data_of(connection: Connection, name: str, at: datetime) -> Decided | None:
    """The confirmation that lets a network's member data be used at a moment; None: they stay off.

    A network that asks for none (`Platform.member_data` is None) needs none.
    """
    decided = (await _newest(connection, _MEMBER_DATA, at)).get(name)
    return decided if decided is not None and decided.mode == "on" else None


async def may_use_member_data(connection: Connection, name: str, at: datetime) -> bool:
    """Whether a network's member data may be asked for and used. Raises UnknownPlatform."""
    if platform(name).member_data is None:
        return True
    return await member_data_of(connection, name, at) is not None


async def decide_incentive(
    connection: Connection, name: str, mode: str, reason: str, *, by: int | None, now: datetime
) -> None:
    """Decide what may be won on a network from now on; `own` gives it back. Raises NotDecided.

    In the caller's transaction, with its line in the audit.
    """
    allowed = {OWN, *(one.value for one in Incentive)}
    await _decide(connection, Decided(name, _INCENTIVE, mode, reason, by, now), allowed)


async def decide_member_data(
    connection: Connection, name: str, on: bool, reason: str, *, by: int | None, now: datetime
) -> None:
    """Confirm that the company's agreement lets a network's member data be used, or take it back.

    Raises NotDecided.
    """
    if platform(name).member_data is None:
        raise NotDecided(f"{platform(name).label} asks for no such agreement.")
    mode = "on" if on else "off"
    await _decide(connection, Decided(name, _MEMBER_DATA, mode, reason, by, now), {"on", "off"})


async def decisions(connection: Connection, name: str) -> list[Decided]:
    """All that was decided about a network, the newest first."""
    rows = await connection.fetch(
        """select platform, about, mode, reason, person_id, effective_at from policy_override
           where platform = $1 order by id desc""",
        name,
    )
    return [Decided(*row) for row in rows]


async def _decide(connection: Connection, new: Decided, allowed: set[str]) -> None:
    if new.platform not in platforms():
        raise NotDecided(f"There is no network “{new.platform[:40]}”.")
    if new.mode not in allowed:
        raise NotDecided("Choose what holds from now on.")
    reason = " ".join(new.reason.split())
    if not reason:
        raise NotDecided("Say why: the reason stays on record.")
    if len(reason) > MOST_REASON:
        raise NotDecided(f"Use at most {MOST_REASON} characters.")
    await connection.execute(
        """insert into policy_override
             (platform, about, mode, reason, person_id, effective_at, recorded_at)
           values ($1, $2, $3, $4, $5, $6, $6)""",
        new.platform,
        new.about,
        new.mode,
        reason,
        new.person_id,
        new.effective_at,
    )
    detail = {"about": new.about, "mode": new.mode, "reason": reason}
    subject = f"network:{new.platform}"
    await record_audit(
        connection, new.person_id, "policy_overridden", subject, detail, new.effective_at
    )


async def _newest(connection: Connection, about: str, at: datetime) -> dict[str, Decided]:
    rows = await connection.fetch(
        """select distinct on (platform) platform, about, mode, reason, person_id, effective_at
           from policy_override where about = $1 and effective_at <= $2
           order by platform, effective_at desc, id desc""",
        about,
        at,
    )
    return {row["platform"]: Decided(*row) for row in rows}


def _standing(decided: Decided | None) -> Decided | None:
    return None if decided is None or decided.mode == OWN else decided
