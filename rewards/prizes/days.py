"""Vacation days, in half days: never split, so a tie goes on to the charter's last breaker."""

from rewards.amounts import Amount, in_words
from rewards.contests.charter import Among, Prize, PrizeKind
from rewards.prizes.prize import PrizeExample, PrizeKindFile


def words(prize: Prize) -> str:
    """The days."""
    return in_words(prize.amounts[0])


PRIZE = PrizeKindFile(
    name="days",
    label="Vacation days",
    words=words,
    shared_when_tied=False,
    for_teams=False,
    why_not_for_teams="Days cannot be shared out among a team. Choose money or recognition.",
    examples=(
        PrizeExample(
            Prize(
                number=1, kind=PrizeKind.DAYS, among=Among.EACH, amounts=(Amount(4),),
                first_place=1, last_place=1, budgets=(2,),
            ),
            "2 vacation days",
        ),
    ),
)  # fmt: skip
