"""Style sheets, scripts and the font.

Law: an address names its content: it carries a hash of all static files, so browsers keep them for
ever and a new version is asked for at a new address.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any, Final

from litestar import Request, Response, Router
from litestar.datastructures import CacheControlHeader
from litestar.enums import MediaType
from litestar.exceptions import InternalServerException
from litestar.static_files import create_static_files_router

DIRECTORY: Final = Path(__file__).with_name("static")
YEAR_S: Final = 365 * 24 * 3600


@cache
def version() -> str:
    """A hash over every static file's path and content."""
    digest = hashlib.sha256()
    for path in sorted(DIRECTORY.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(DIRECTORY).as_posix().encode() + b"\0")
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def address(name: str) -> str:
    """Where a static file is found, e.g. `address("fanfare.css")`."""
    return f"/static/{version()}/{name}"


def router() -> Router:
    """The handlers that send the files."""
    return create_static_files_router(
        path=f"/static/{version()}",
        directories=[DIRECTORY],
        cache_control=CacheControlHeader(max_age=YEAR_S, public=True, immutable=True),
        include_in_schema=False,
        # Names that no file system can have: with a NUL, or longer than it takes.
        exception_handlers={ValueError: no_such_file, InternalServerException: no_such_file},
    )


def no_such_file(_: Request[Any, Any, Any], __: Exception) -> Response[str]:
    """404 in a word."""
    return Response("There is no such file.", media_type=MediaType.TEXT, status_code=404)
