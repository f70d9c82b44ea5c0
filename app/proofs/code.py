"""The code that stands in a profile while it is looked at, and the address that ends in it. Pure.

Law: a code is made of 100 random bits, so that nobody can have written one down before it was given; it
is no secret afterwards, for it proves something for one person and one account only.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Final

LASTS: Final = timedelta(minutes=30)  # to find one's way in another app's settings, and back
# Without letters that look like others: a code may be typed from one screen into another.
_LETTERS: Final = "23456789abcdefghjkmnpqrstuvwxyz"
_GROUPS, _LONG = 4, 5


def new_code() -> str:
    """A code nobody had before, such as fanfare-7kq4m-2xd9w-hhc3a-pz5v8."""
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(_LONG)) for _ in range(_GROUPS))
    return "fanfare-" + "-".join(groups)


def address_of(base_url: str, code: str) -> str:
    """The address that proves by being linked to with rel="me"."""
    return f"{base_url}/proof/{code}"
