"""The security headers of pages.

Law: scripts, styles, fonts and pictures come from this server only, nothing inline runs, and no
other site may frame a page.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

PAGE_HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",  # for browsers that ignore frame-ancestors
    "Referrer-Policy": "same-origin",  # networks must not learn from which page a link was followed
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}


def content_security_policy(base_url: str, live_url: str) -> str:
    """What a page may load; live updates may come from another origin than the pages."""
    live = origin(live_url)
    connect = "'self'" if live == origin(base_url) else f"'self' {live}"
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; "
        f"connect-src {connect}; worker-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    )


def origin(url: str) -> str:
    """Scheme and host of an address, as browsers compare them."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def page_headers(base_url: str, live_url: str) -> dict[str, str]:
    """All headers of a page; over https also the promise to stay there."""
    headers = {
        **PAGE_HEADERS,
        "Content-Security-Policy": content_security_policy(base_url, live_url),
    }
    if base_url.startswith("https://"):
        headers["Strict-Transport-Security"] = "max-age=31536000"
    return headers
