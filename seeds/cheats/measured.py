"""What the detectors found, against what is true."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from scoring.integrity.finding import Finding
from seeds.cheats.population import Population


@dataclass(frozen=True, slots=True)
class Measured:
    """Counts of people. `found` are pairs of kind and person; `harmed` honest people who were found."""

    found: frozenset[tuple[str, int]]
    cheats: Mapping[int, tuple[str, str]]
    outliers: Mapping[int, str]
    held: frozenset[UUID]

    def precision(self, kind: str | None = None) -> float:
        """Of the people found (by one detector or any) those who cheated in any way."""
        people = {person for name, person in self.found if kind in (None, name)}
        return len(people & self.cheats.keys()) / len(people) if people else 1.0

    def recall(self, kind: str | None = None, strength: str | None = None) -> float:
        """Of those who cheated in a way, and as well hidden, those whom its detector found."""
        asked = {
            person
            for person, (name, hidden) in self.cheats.items()
            if kind in (None, name) and strength in (None, hidden)
        }
        hit = {person for person in asked if (self.cheats[person][0], person) in self.found}
        return len(hit) / len(asked) if asked else 1.0

    def harmed(self, outlier: str | None = None) -> list[int]:
        """Honest people who stand out, and of whom something is held."""
        found = {person for _, person in self.found}
        return sorted(
            person
            for person, name in self.outliers.items()
            if person in found and person not in self.cheats and outlier in (None, name)
        )

    def standing_out(self, outlier: str | None = None) -> int:
        """How many stand out honestly."""
        return sum(
            1
            for person, name in self.outliers.items()
            if person not in self.cheats and outlier in (None, name)
        )


def measured(made: Population, findings: Iterable[Finding]) -> Measured:
    """Hold what was found against the labels."""
    listed: Sequence[Finding] = list(findings)
    return Measured(
        found=frozenset((one.kind, one.person_id) for one in listed),
        cheats=made.cheats,
        outliers=made.outliers,
        held=frozenset(id for one in listed for id in one.hold),
    )
