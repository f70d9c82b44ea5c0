"""A labelled population for measuring what integrity finds: honest people, honest outliers, cheats.

Law: the same seed is the same population; every cheat and every outlier is labelled, and nothing that
is asked of the detectors is taken from their thresholds.
"""

from __future__ import annotations

from seeds.cheats.arranged import KINDS, STRENGTHS, arrange
from seeds.cheats.everyday import live
from seeds.cheats.honest import stand_out
from seeds.cheats.measured import Measured, measured
from seeds.cheats.population import Population

__all__ = ["KINDS", "STRENGTHS", "Measured", "Population", "measured", "population"]


def population(people: int = 2_000, seed: int = 1) -> Population:
    """That many people over six weeks, with every kind of outlier and of cheat."""
    made = Population(people, seed)
    free = made.shuffled()
    live(made)
    stand_out(made, free)
    arrange(made, free)
    return made
