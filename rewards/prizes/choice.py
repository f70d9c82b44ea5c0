"""Money or vacation days, as the winner chooses. Both are set aside until they do.

In the United States the choice alone makes the cash value taxable at once (constructive receipt, 26 CFR
1.451-2(a), read 2026-11), so an administrator must have allowed it for the company.
"""

from rewards.amounts import Amount, in_words
from rewards.contests.charter import Among, Prize, PrizeKind
from rewards.prizes.prize import PrizeExample, PrizeKindFile


def words(prize: Prize) -> str:
    """Both, joined by «or»."""
    return " or ".join(in_words(amount) for amount in prize.amounts)


PRIZE = PrizeKindFile(
    name="choice",
    label="Money or days, the winner chooses",
    words=words,
    shared_when_tied=False,
    for_teams=False,
    why_not_for_teams="A team cannot choose for its members. Choose money or recognition.",
    needs_allowance="cash_or_days",
    examples=(
        PrizeExample(
            Prize(
                number=1, kind=PrizeKind.CHOICE, among=Among.ALL,
                amounts=(Amount(20_000, "EUR"), Amount(4)), first_place=1, last_place=1,
                budgets=(1, 2),
            ),
            "€200 or 2 vacation days",
        ),
    ),
)  # fmt: skip
