"""A bounded number of what `python -m tests.fuzz_platforms` feeds to every adapter."""

from __future__ import annotations

import asyncpg
import pytest

from scoring.partitions import ensure_partitions
from scoring.platforms import platforms
from tests.fuzz_platforms import RECEIVED_AT, fuzz, through_intake

INPUTS = 1_500  # a network


@pytest.mark.parametrize("name", sorted(platforms()))
def test_nothing_escapes_an_adapter(name: str) -> None:
    report, _ = fuzz(name, INPUTS, seed=7)
    assert report.escaped == []
    assert report.inputs == INPUTS
    assert report.told  # a fuzzer whose inputs are all refused at once looks at nothing
    assert report.refused


async def test_what_is_fed_through_intake_leaves_no_partial_write(
    database_url: str, connection: asyncpg.Connection
) -> None:
    await ensure_partitions(connection, RECEIVED_AT.date(), since=RECEIVED_AT.date())
    kept = [one for name in sorted(platforms()) for one in fuzz(name, 60, seed=11, each=1)[1]]
    found = await through_intake(database_url, kept, batch=100)
    assert found["engagement"]
    assert found["set_aside"]
