"""What is answered below `/s/`: put together once a link, sent as it is."""

from __future__ import annotations

from typing import Any, Final

from litestar.types import Send

_ALWAYS: Final = (
    (b"content-type", b"text/plain; charset=utf-8"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
)
NOTHING: Final[Any] = {"type": "http.response.body", "body": b"", "more_body": False}


def leading_to(target: str) -> Any:
    """The beginning of an answer that leads on, to be followed by `NOTHING`."""
    # Not kept by anybody on the way, or a second visitor behind the same proxy would not be seen.
    location = target.encode("ascii", "xmlcharrefreplace")
    return _begin(302, (b"location", location), (b"cache-control", b"no-store"))


async def say(send: Send, status: int, words: bytes, *headers: tuple[bytes, bytes]) -> None:
    """Answer in words."""
    await send(_begin(status, *headers, length=len(words)))
    body: Any = {"type": "http.response.body", "body": words, "more_body": False}
    await send(body)


def _begin(status: int, *headers: tuple[bytes, bytes], length: int = 0) -> Any:
    size = (b"content-length", str(length).encode())
    return {
        "type": "http.response.start", "status": status, "headers": [*_ALWAYS, size, *headers],
    }  # fmt: skip
