"""Letting Fanfare see a Bluesky account: OAuth as the AT Protocol profiles it.

Source: atproto.com/specs/oauth (read 2026-11-22); RFC 9126 (pushed requests), 7636 (proof keys), 9449
(DPoP), 7523 (a client that signs), 9728 and 8414 (where a server's own servers are).
"""

from app.atproto.client import client_id, metadata, ready, redirect_uri
from app.atproto.coming_back import NotLinked, come_back
from app.atproto.leaving import CannotLeave, leave
from app.atproto.servers import SCOPE

__all__ = [
    "SCOPE",
    "CannotLeave",
    "NotLinked",
    "client_id",
    "come_back",
    "leave",
    "metadata",
    "ready",
    "redirect_uri",
]
