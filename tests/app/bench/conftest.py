"""A room on the run's own servers, with everything as small as can be."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.bench import Room, Scale
from app.settings import Settings

TINY = Scale(
    rounds=1, loop_s=0.3, connections=4, rate=50, people=12, history=(40,), batch=60,
    boards=(300,), looks=20, streams=5, news=2, storm=200, others=10, phase_s=0.4, facts=120,
    screens=6, sizes=((12, 300),), drafts=(300,), backlog=3_000,
)  # fmt: skip


@pytest.fixture
def room(stores: dict[str, str], redis_url: str, tmp_path: Path) -> Room:
    settings = Settings(database_url=stores["database_server"], redis_url=redis_url)
    return Room(settings, TINY, lambda words, done, whole: None, tmp_path)
