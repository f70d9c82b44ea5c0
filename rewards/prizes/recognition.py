"""Recognition: something that costs no budget, in words. It may be won on every network."""

from rewards.contests.charter import Among, Prize, PrizeKind
from rewards.prizes.prize import PrizeExample, PrizeKindFile


def words(prize: Prize) -> str:
    """What HR wrote."""
    return prize.text or ""


PRIZE = PrizeKindFile(
    name="recognition",
    label="Recognition",
    words=words,
    shared_when_tied=False,
    for_teams=True,
    examples=(
        PrizeExample(
            Prize(
                number=1, kind=PrizeKind.RECOGNITION, among=Among.EACH,
                text="Breakfast with the board", first_place=1, last_place=3,
            ),
            "Breakfast with the board",
        ),
    ),
)  # fmt: skip
