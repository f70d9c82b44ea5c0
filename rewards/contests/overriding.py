"""An administrator's recorded reasons to let a network count where its own policy says otherwise.

Law: only an administrator overrides, for one contest, with a reason that stands in its charter and in
the audit.
"""

from __future__ import annotations

from datetime import datetime

from rewards.connection import Connection
from rewards.refusal import Refused
from rewards.roles import holds
from scoring import record_audit


async def override_network(
    connection: Connection, contest_id: int, network: str, reason: str, *, by: int, now: datetime
) -> None:
    """Record the reason. Raises Refused for anybody but an administrator, and without a reason."""
    reason = " ".join(reason.split())
    if not await holds(connection, by, "administrator"):
        raise Refused("Only an administrator can decide otherwise than a network's policy.")
    if not reason:
        raise Refused("Say why: the reason is kept in the charter.", field="override")
    async with connection.transaction():
        await connection.execute(
            """insert into network_override (contest_id, network, reason, person_id, recorded_at)
               values ($1, $2, $3, $4, $5)""",
            contest_id,
            network,
            reason,
            by,
            now,
        )
        detail = {"network": network, "reason": reason}
        await record_audit(
            connection, by, "network_overridden", f"contest:{contest_id}", detail, now
        )


async def overrides(connection: Connection, contest_id: int) -> dict[str, str]:
    """The reasons by network; of a network the newest holds."""
    rows = await connection.fetch(
        """select distinct on (network) network, reason from network_override
           where contest_id = $1 order by network, id desc""",
        contest_id,
    )
    return {row["network"]: row["reason"] for row in rows}
