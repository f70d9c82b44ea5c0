"""Who an account belonged to and who took part, at a moment. Pure.

Law: the row with the greatest `effective_at` not after a moment decides, of several of one moment the
newest; linking or unlinking later never changes what held before. Only where two records turn out to be
one person is it said anew whose an account was.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose an account is: a person (with what they let count), the company, or nobody's."""

    person_id: int | None
    company: bool
    counts: str | None  # every | disclosed | handed_in, for a person
    enrolled_as: int | None = None  # a record that turned out to be the person's, too

    @property
    def record_id(self) -> int | None:
        """Whose taking part decides whether something of the account counts."""
        return self.person_id if self.enrolled_as is None else self.enrolled_as

    @property
    def outsider(self) -> bool:
        """Neither a colleague's nor the company's."""
        return self.person_id is None and not self.company


OUTSIDER = Owner(None, False, None)
_EVER = datetime.min.replace(tzinfo=UTC)


class Ownerships:
    """The owners of accounts over time, from rows in the order in which they were recorded:
    (account, since when, person, the company's, what counts) and, of a record that is another's too, its
    id."""

    def __init__(self, rows: Iterable[Sequence[Any]]) -> None:
        changes: dict[UUID, list[tuple[datetime, Owner]]] = defaultdict(list)
        self._of_person: dict[int, set[UUID]] = defaultdict(set)
        for account_id, effective_at, *owner in rows:
            owned = Owner(*owner)
            changes[account_id].append((effective_at, owned))
            for person_id in (owned.person_id, owned.enrolled_as):
                if person_id is not None:
                    self._of_person[person_id].add(account_id)
        self._times: dict[UUID, list[datetime]] = {}
        self._owners: dict[UUID, list[Owner]] = {}
        for account_id, states in changes.items():
            states.sort(key=lambda state: state[0])
            self._times[account_id] = [at for at, _ in states]
            self._owners[account_id] = [owner for _, owner in states]

    def owner_at(self, account_id: UUID | None, at: datetime) -> Owner:
        """The owner at a moment; an account nobody linked is an outsider's."""
        times = self._times.get(account_id) if account_id is not None else None
        if times is None or account_id is None:
            return OUTSIDER
        place = bisect_right(times, at)
        return self._owners[account_id][place - 1] if place else OUTSIDER

    def ever_owned(self, account_id: UUID | None) -> list[Owner]:
        """Every owner an account ever had."""
        return self._owners.get(account_id, []) if account_id is not None else []

    def records_of(self, account_id: UUID) -> set[int]:
        """The records, other than its owners' own, that something of an account was counted by."""
        owners = self._owners.get(account_id, ())
        return {owner.enrolled_as for owner in owners if owner.enrolled_as is not None}

    def changes_of(self, account_id: UUID) -> list[datetime]:
        """When an account changed hands, or what it lets count."""
        return self._times.get(account_id, [])

    def supposing(self, account_id: UUID, owner: Owner) -> Ownerships:
        """The same, had the account belonged to `owner` all the time."""
        supposed = Ownerships(())
        supposed._of_person = self._of_person
        supposed._times = {**self._times, account_id: [_EVER]}
        supposed._owners = {**self._owners, account_id: [owner]}
        return supposed

    def and_also(self, others: Ownerships) -> Ownerships:
        """These accounts and those of `others`."""
        both = Ownerships(())
        both._of_person = defaultdict(set, self._of_person)
        for person_id, accounts in others._of_person.items():
            both._of_person[person_id] = both._of_person[person_id] | accounts
        both._times = {**self._times, **others._times}
        both._owners = {**self._owners, **others._owners}
        return both

    def people(self) -> set[int]:
        """Everybody who ever owned one of these accounts, by each of their records."""
        return {person for person, accounts in self._of_person.items() if accounts}

    def accounts_of(self, person_id: int) -> set[UUID]:
        """Every account a person ever linked."""
        return self._of_person.get(person_id, set())


class Enrolments:
    """Who took part when."""

    def __init__(self, rows: Iterable[tuple[int, datetime, str]]) -> None:
        changes: dict[int, list[tuple[datetime, str]]] = defaultdict(list)
        for person_id, effective_at, state in rows:
            changes[person_id].append((effective_at, state))
        self._changes = {person: sorted(states) for person, states in changes.items()}

    def changes_of(self, person_id: int) -> list[datetime]:
        """When a person joined, paused, resumed or left."""
        return [at for at, _ in self._changes.get(person_id, ())]

    def state_at(self, person_id: int | None, at: datetime) -> str | None:
        """active, paused or left; None before the first joining."""
        state = None
        for effective_at, then in self._changes.get(person_id, ()) if person_id else ():
            if effective_at > at:
                break
            state = then
        return state


def theirs_at(
    person_id: int, account_id: UUID | None, ownerships: Ownerships, enrolments: Enrolments
) -> Callable[[datetime], bool]:
    """Whether an account was a person's at a moment, and they took part."""

    def theirs(at: datetime) -> bool:
        owner = ownerships.owner_at(account_id, at)
        active = enrolments.state_at(owner.record_id, at) == "active"
        return owner.person_id == person_id and active

    return theirs
