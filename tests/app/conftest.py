"""What all tests of the application share."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.pictures.fonts import FONTS


@pytest.fixture(scope="session", autouse=True)
def _letters_of_the_run(stores: dict[str, str]) -> None:
    """The fonts of pictures are made once a run, for all its processes, and go with it."""
    FONTS.keep_in(Path(stores["directory"]) / "picture-fonts")
