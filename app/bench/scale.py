"""How much is measured: enough to be trusted, bounded so that it ends."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Scale:
    """Sizes of all measurements."""

    rounds: int = 3
    loop_s: float = 3.0  # one closed or open loop of requests
    connections: int = 64
    rate: int = 2000  # deliveries a second in the open loop
    people: int = 1000
    history: tuple[int, ...] = (10_000, 60_000)  # engagements there before the next are timed
    batch: int = 20_000  # engagements that are timed
    boards: tuple[int, ...] = (100_000,)  # people on a board
    looks: int = 2000
    streams: int = 1000
    news: int = 15  # changes that are followed into the browsers
    storm: int = 200_000  # reactions to one post
    others: int = 2000  # people who get an answer meanwhile
    phase_s: float = 20.0  # how long they do
    facts: int = 40_000  # engagements that are counted again
    screens: int = 2000  # televisions that show one announcement
    sizes: tuple[tuple[int, int], ...] = ((20_000, 100_000),)  # people, engagements behind them
    drafts: tuple[int, ...] = (100_000,)  # engagements that a draft of the rules is run over
    backlog: int = 1_000_000  # events of a stream that is heard from its beginning


USUAL = Scale()
QUICK = replace(
    USUAL, rounds=1, loop_s=1.5, people=500, history=(5_000, 20_000), batch=5_000,
    boards=(20_000,), looks=1000, storm=30_000, others=500, phase_s=5.0, streams=500, news=5,
    facts=20_000, screens=500, sizes=((2_000, 20_000),), drafts=(20_000,),
    backlog=200_000,
)  # fmt: skip
LARGE = replace(
    USUAL, history=(10_000, 100_000, 1_000_000), boards=(100_000, 1_000_000), facts=1_000_000,
    sizes=tuple((1_000_000, deeds) for deeds in (100_000, 1_000_000, 10_000_000, 50_000_000)),
    drafts=(100_000, 1_000_000),
)  # fmt: skip
