"""Which delivery of a hook or channel an administrator wants tried again."""

from __future__ import annotations

from typing import Final

from litestar.exceptions import NotFoundException

from app.pages.form import Form

MOST_DIGITS: Final = 18  # of an id of ours


def asked_delivery(form: Form) -> int | None:
    """The one that was asked for; None asks for all that were given up. NotFoundException for no id."""
    typed = form.value("delivery")
    if not typed:
        return None
    if not (typed.isascii() and typed.isdecimal() and len(typed) <= MOST_DIGITS):
        raise NotFoundException
    return int(typed)
