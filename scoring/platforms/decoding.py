"""JSON of strangers as Python values.

Law: what msgspec and the standard library both refuse is refused, with a ValueError or RecursionError
and nothing else; numbers of any size stay exact, and NaN is not JSON.
"""

from __future__ import annotations

import json
from typing import NoReturn

import msgspec


def _no_such_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is not JSON")


def decoded(body: bytes | str) -> object:
    """The value. Raises ValueError or RecursionError when there is none."""
    try:
        return msgspec.json.decode(body)
    except (ValueError, RecursionError) as error:
        raw = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body
        # msgspec, five times as fast, refuses half surrogates, which networks do send: cut emoji.
        if b"\\ud" not in raw.lower() or isinstance(error, RecursionError):
            raise
    return json.loads(body, parse_constant=_no_such_number)
