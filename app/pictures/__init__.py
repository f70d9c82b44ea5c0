"""A winner's picture for sharing: a PNG in the look of the team screens, drawn here and nowhere else."""

from app.pictures.card import Winner
from app.pictures.draw import draw, drawn, letters_kept
from app.pictures.fonts import CannotWrite
from app.pictures.layout import SHAPES, Shape

__all__ = ["SHAPES", "CannotWrite", "Shape", "Winner", "draw", "drawn", "letters_kept"]
