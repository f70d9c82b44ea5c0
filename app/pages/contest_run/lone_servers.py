"""Followers that were counted where nobody but the winner looks: said to whoever decides about the award.

Law: whoever runs a server says who follows there; a person decides, and knows it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from app.database import Connection
from app.settings import Settings
from scoring import at_lone_servers, platforms


async def lone_followers(
    connection: Connection,
    settings: Settings,
    body: Mapping[str, Any],
    modes: Collection[str],
    now: datetime,
) -> list[str]:
    """A sentence for each such server in an evidence file; none where followers did not rise there."""
    gained: dict[str, Counter[UUID]] = defaultdict(Counter)
    counted = next((body["standings"][mode] for mode in modes if mode in body["standings"]), None)
    for fact in counted["facts"] if counted is not None else ():
        if fact["kind"] == "snapshot":
            gained[fact["platform"]][UUID(fact["key"])] += fact["worth"]
    said = []
    for network, accounts in gained.items():
        if network not in platforms():
            continue
        rose = [account for account, worth in accounts.items() if worth > 0]
        secrets = settings.secrets_of(network)
        lone = await at_lone_servers(connection, network, rose, secrets, now)
        label, variable = platforms()[network].label, platforms()[network].variable("hosts")
        said += [
            f"{accounts[account]:,} of the followers were counted at {host}, a server of {label} where "
            f"nobody else here has an account and which {variable} does not name. Whoever runs a server can "
            "make up who follows there: look at the account before you decide."
            for account, host in sorted(lone.items(), key=lambda one: one[1])
        ]
    return said
