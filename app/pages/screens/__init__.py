"""The televisions' door: pairing, and what a screen shows. Law: only reading, with no session and no
form; a screen's key opens what stands below its own address and nothing else."""

from app.pages.screens.routes import SCREEN_HANDLERS, televisions

__all__ = ["SCREEN_HANDLERS", "televisions"]
