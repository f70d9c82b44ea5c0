"""Ports for servers that a test starts later.

Law: none of them is a port that a call out of this machine is given meanwhile. Between finding one and
serving on it lie seconds, and other tests call all the time.
"""

from __future__ import annotations

import random
import socket
from typing import Final

# Below what Linux (32768), the BSDs and Windows (49152) call from.
_OURS: Final = range(20_000, 32_000)


def free_ports(count: int) -> list[int]:
    """So many ports of this machine on which nobody serves, all different."""
    found: list[int] = []
    for port in random.SystemRandom().sample(_OURS, len(_OURS)):
        if len(found) == count:
            break
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        found.append(port)
    assert len(found) == count, "every port is taken"
    return found


def free_port() -> int:
    """One such port."""
    return free_ports(1)[0]
