"""How much memory the embedded PostgreSQL may keep for pages of its own."""

from __future__ import annotations

from pathlib import Path

import psutil
import pytest

from app.embedded.memory import memory, shared_buffers

MIB, GIB = 2**20, 2**30


@pytest.mark.parametrize(
    ("of", "given"),
    [(256 * MIB, "128MB"), (GIB, "128MB"), (4 * GIB, "512MB"), (16 * GIB, "2048MB"), (512 * GIB, "2048MB")],
)  # fmt: skip
def test_it_keeps_an_eighth_within_bounds(of: int, given: str) -> None:
    assert shared_buffers(of) == given


@pytest.mark.parametrize(
    ("told", "less"), [("268435456\n", 268435456), ("max\n", None), ("9223372036854771712", None)]
)
def test_a_container_has_what_it_is_allowed(tmp_path: Path, told: str, less: int | None) -> None:
    limit = tmp_path / "memory.max"
    limit.write_text(told)
    assert memory((limit, tmp_path / "none")) == (less or psutil.virtual_memory().total)
