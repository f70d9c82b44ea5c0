"""Asking Facebook, Instagram and Threads: how their API says no.

Source: developers.facebook.com/docs/graph-api/guides/error-handling and overview/rate-limiting, read
2026-11-22. Without a version in the address, the app's own version answers, so that none runs out here.
"""

from __future__ import annotations

from typing import Any, Final

from scoring.platforms.asking import Answer, BadAnswer
from scoring.platforms.polling import Verdict, by_status

# Trouble of theirs, and enough of us: by app, user, page, business use case. All come as 400 or 403.
_TROUBLE: Final = frozenset({1, 2, 4, 17, 32, 341, 368, 613})
_LIMITS: Final = range(80_000, 80_015)


def verdict(answer: Answer, *, token: bool) -> Verdict:
    """What an answer means: Meta says it by the code of its error rather than by the status."""
    if answer.good:
        return Verdict.GOOD
    code = _code(answer)
    if code in _TROUBLE or code in _LIMITS:
        return Verdict.LATER
    return by_status(answer, token=token)


def _code(answer: Answer) -> int:
    try:
        whole: Any = answer.json()
        code = whole["error"]["code"]
    except (BadAnswer, KeyError, TypeError):
        return 0
    return code if type(code) is int else 0
