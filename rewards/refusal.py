"""Why something asked of rewards was not done, as a sentence for the person who asked.

Law: whoever raises one has changed nothing, and `str()` of it can stand on a page as it is.
"""

from __future__ import annotations


class Refused(Exception):
    """What was asked is not possible; the text says what is wrong and what to do.

    `field` names the form's field that the sentence belongs beside; None: the whole request.
    """

    def __init__(self, sentence: str, *, field: str | None = None) -> None:
        super().__init__(sentence)
        self.field = field


class KeyUsed(Refused):
    """The idempotency key was used before, with other content."""
