"""What the ledger refuses, in sentences that name the amount."""

from __future__ import annotations

from rewards.amounts import Amount, in_words
from rewards.refusal import Refused


class UnknownBudget(Refused):
    """No such budget."""


class BudgetExhausted(Refused):
    """A budget has less available than something may cost; `missing` says how much less."""

    def __init__(self, budget: str, *, left: Amount, wanted: Amount) -> None:
        self.left = left
        self.wanted = wanted
        self.missing = Amount(units=wanted.units - left.units, currency=wanted.currency)
        stands = f"{in_words(left)} {_is(left)} left" if left.units else "nothing is left"
        super().__init__(
            f"{in_words(self.missing)} {_is(self.missing)} missing in the budget “{budget}”:"
            f" {stands}, this may cost {in_words(wanted)}."
        )


class ReservationExhausted(Refused):
    """More than a reservation still holds."""

    def __init__(self, budget: str, *, left: Amount, wanted: Amount) -> None:
        self.left = left
        self.wanted = wanted
        holds = f"only {in_words(left)}" if left.units else "nothing"
        super().__init__(
            f"Of the budget “{budget}” {holds} {_is(left)} still set aside for this contest,"
            f" not {in_words(wanted)}."
        )


class NotASpender(Refused):
    """The person may not spend from the budget."""


class OutsidePeriod(Refused):
    """The budget's period does not hold the day."""


class BudgetClosed(Refused):
    """The budget is closed."""


class StillReserved(Refused):
    """A budget with reservations cannot be closed; `reserved` says how much they hold."""

    def __init__(self, budget: str, reserved: Amount, contests: int) -> None:
        self.reserved = reserved
        whose = "one contest" if contests == 1 else f"{contests} contests"
        super().__init__(
            f"{in_words(reserved)} of the budget “{budget}” {_is(reserved)} still set aside for"
            f" {whose}. It can be closed when those are paid or released."
        )


class AlreadySettled(Refused):
    """What was set aside for the award has been spent or given back before."""


class NotSpent(Refused):
    """More would come back than was paid for the award."""


class NotAnAmount(Refused):
    """Units that cannot move: none, fewer than none, or more than can be held."""


def already_settled(*, paid: bool) -> AlreadySettled:
    """The refusal for an award that was paid before, or whose reserved amount was given back."""
    done = "paid" if paid else "given back"
    return AlreadySettled(f"What was set aside for this award was {done} before.")


def _is(amount: Amount) -> str:
    one = amount.currency is None and amount.units in (1, 2)
    return "is" if one or not amount.units else "are"
