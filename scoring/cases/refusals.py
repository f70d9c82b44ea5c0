"""Why something asked of a case was not done. `str()` of each can stand on a page as it is."""

from __future__ import annotations


class CaseRefused(Exception):
    """What was asked of a case is not possible; nothing was changed.

    `field` names the form's field that the sentence belongs beside; None: the whole request.
    """

    field: str | None = None


class NoSuchCase(CaseRefused):
    """There is no case of this number."""

    def __init__(self) -> None:
        super().__init__("There is no such case.")


class UnknownKind(CaseRefused):
    """No file in `scoring/cases/kinds` has this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no kind of case called {name!r}.")


class AboutYourself(CaseRefused):
    """Whoever decides is among those whose points are concerned."""

    def __init__(self) -> None:
        super().__init__("This concerns your own points, so somebody else answers it.")


class AlreadyDecided(CaseRefused):
    """Somebody was faster, with another answer."""

    def __init__(self, outcome: str) -> None:
        super().__init__("Somebody else answered this case meanwhile; their answer stands.")
        self.outcome = outcome


class NotAnAnswer(CaseRefused):
    """A case of this kind is not answered this way."""

    def __init__(self) -> None:
        super().__init__("A case of this kind cannot be answered this way.")


class WordsMissing(CaseRefused):
    """An answer, or a question, without words, or with too many."""

    def __init__(self, sentence: str, field: str) -> None:
        super().__init__(sentence)
        self.field = field


class PointsImpossible(CaseRefused):
    """So many points cannot be granted."""

    field = "points"


class NotYourLine(CaseRefused):
    """The line that was disputed is not one of the person's own."""

    def __init__(self) -> None:
        super().__init__(
            "That line is not among your points any more. Open it again and try once more."
        )


class TooManyOpen(CaseRefused):
    """A person has as many open disputes as one may have."""

    def __init__(self, most: int) -> None:
        super().__init__(
            f"{most} of your questions wait for an answer already. Once some are answered, ask again."
        )
