"""A file that a browser saves."""

from __future__ import annotations

from litestar import Response

from app.pages.fragment import HEADERS


def download(name: str, body: bytes, media_type: str = "text/csv") -> Response[bytes]:
    """Answer with a file; `name` holds only letters, digits and `._-`."""
    safe = "".join(
        letter for letter in name if letter.isascii() and (letter.isalnum() or letter in "._-")
    )
    headers = {
        **HEADERS,
        "Content-Disposition": f'attachment; filename="{safe}"',
        "X-Content-Type-Options": "nosniff",
    }
    return Response(body, media_type=media_type, headers=headers)
