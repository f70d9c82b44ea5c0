"""What a contest costs: set aside, paid, given back, still held; each figure from the transfers."""

from __future__ import annotations

from dataclasses import dataclass

from app.database import Connection
from rewards import Verb, budgets, in_words, reservations, transfers


@dataclass(frozen=True, slots=True)
class Cost:
    """One budget's part."""

    budget: str
    set_aside: str
    paid: str
    back: str
    held: str


async def costs(connection: Connection, contest_id: int) -> list[Cost]:
    """The costs by budget; of a contest published anew only what the charter in force set aside."""
    newest = {one.budget_id: one for one in await reservations(connection, contest_id)}
    views = {budget.id: budget for budget in await budgets(connection)}
    found = []
    for budget_id, reservation in newest.items():
        budget = views[budget_id]
        moved = dict.fromkeys(Verb, 0)
        for transfer in await transfers(connection, reservation_id=reservation.id):
            moved[transfer.verb] += transfer.units
        back = moved[Verb.VOID] + moved[Verb.EXPIRE] + moved[Verb.RELEASE] + moved[Verb.RECOVER]
        found.append(
            Cost(
                budget.name,
                set_aside=in_words(budget.amount(reservation.units)),
                paid=in_words(budget.amount(moved[Verb.POST] - moved[Verb.RECOVER])),
                back=in_words(budget.amount(back)),
                held=in_words(budget.amount(reservation.left)),
            )
        )
    return found
