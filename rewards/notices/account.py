"""Warning people about their own account."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from rewards.notices.notify import notify


async def warn_of_link(connection: Any, person_id: int, now: datetime) -> None:
    """Tell a person that somebody made a link that signs in as them, whatever they wish to be told."""
    key = f"sign_in_link_made:{person_id}:{now.isoformat()}"
    await notify(connection, person_id, "sign_in_link_made", {}, key=key, now=now)
