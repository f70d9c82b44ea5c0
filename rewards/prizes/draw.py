"""A draw among those who reached a value. Off unless an administrator allowed draws.

The seed is committed by its hash in the charter and shown in the decision, so that everybody can draw
again (`fanfare verify-draw`). Prize draws are regulated in many countries: whether they are allowed is
for the company to find out.
"""

from rewards.amounts import Amount, in_words
from rewards.contests.charter import Among, Prize, PrizeKind
from rewards.prizes.prize import PrizeExample, PrizeKindFile


def words(prize: Prize) -> str:
    """The amount."""
    return in_words(prize.amounts[0])


PRIZE = PrizeKindFile(
    name="draw",
    label="A draw",
    words=words,
    shared_when_tied=False,
    for_teams=False,
    why_not_for_teams="Draws are among people. Choose a place or a value to reach.",
    needs_allowance="draws",
    examples=(
        PrizeExample(
            Prize(
                number=1, kind=PrizeKind.DRAW, among=Among.ALL, amounts=(Amount(2_500, "EUR"),),
                reach=5, at_most=10, budgets=(1,),
            ),
            "€25",
        ),
    ),
)  # fmt: skip
