"""Whose pages may read the live stream from another port or host. Pure."""

from __future__ import annotations

from urllib.parse import urlsplit


def allowed_origin(origin: str | None, host: str | None, base_url: str) -> str | None:
    """The origin, if it is this installation's own: the same host name as was asked, on any port,
    or the base address; else None."""
    if not origin:
        return None
    asking = _host_name(origin)
    if asking is None:
        return None
    if asking == _host_name(f"//{host or ''}") or _origin(origin) == _origin(base_url):
        return origin
    return None


def _host_name(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None


def _origin(address: str) -> tuple[str, str | None, int | None] | None:
    try:
        parts = urlsplit(address)
        return parts.scheme, parts.hostname, parts.port
    except ValueError:
        return None
