"""Renewing and taking back what a server of the AT Protocol gave: bound to a key, by requests it signs."""

from __future__ import annotations

from typing import Any

from app.atproto.keys import read_key
from app.atproto.requests import refresh
from app.atproto.requests import revoke as take_back
from app.consent.kept import Kept
from app.going_out import Outside
from app.settings import Settings
from scoring import Granted, NotGranted


async def renew(_: Any, settings: Settings, outside: Outside, kept: Kept) -> Granted:
    """Other tokens in place of these, bound to the same key."""
    issuer, address, key = (kept.besides.get(name) for name in ("issuer", "token", "key"))
    if kept.refresh is None or not issuer or not address or not key:
        raise NotGranted("nothing renews it", final=True)
    given = await refresh(settings, outside, issuer, address, read_key(key), kept.refresh)
    granted = given.granted
    return Granted(
        granted.access, granted.refresh, granted.lasts_s, granted.refresh_lasts_s, granted.scopes,
        kept.besides,
    )  # fmt: skip


async def revoke(_: Any, settings: Settings, outside: Outside, kept: Kept) -> None:
    """Take the session back."""
    issuer, address, key = (kept.besides.get(name) for name in ("issuer", "revoke", "key"))
    if not issuer or not address or not key:
        raise NotGranted("no way to take it back", final=True)
    token = kept.refresh or kept.access or ""
    await take_back(settings, outside, issuer, address, read_key(key), token)
