"""Who looks at a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Role = Literal["hr", "communications", "leader", "administrator"]
# Everybody is an employee; these are granted. In the order pages list them.
ROLES: Final[tuple[Role, ...]] = ("hr", "communications", "leader", "administrator")


@dataclass(frozen=True, slots=True)
class Viewer:
    """A signed-in person: who they are and what they may do.

    `enrolment` is 'active', 'paused', 'left', or None for somebody who never joined.
    """

    person_id: int
    name: str
    email: str
    roles: frozenset[str]
    enrolment: str | None

    def may(self, role: Role) -> bool:
        """Whether the person holds a role."""
        return role in self.roles

    @property
    def is_ambassador(self) -> bool:
        """Whether something of this person may count now."""
        return self.enrolment == "active"
