"""Cash: an amount of one currency, paid with the salary."""

from rewards.amounts import Amount, in_words
from rewards.contests.charter import Among, Prize, PrizeKind
from rewards.prizes.prize import PrizeExample, PrizeKindFile


def words(prize: Prize) -> str:
    """The amount."""
    return in_words(prize.amounts[0])


PRIZE = PrizeKindFile(
    name="cash",
    label="Money",
    words=words,
    shared_when_tied=True,
    for_teams=True,
    examples=(
        PrizeExample(
            Prize(
                number=1, kind=PrizeKind.CASH, among=Among.EACH, amounts=(Amount(20_000, "EUR"),),
                first_place=1, last_place=1, budgets=(1,),
            ),
            "€200",
        ),
    ),
)  # fmt: skip
