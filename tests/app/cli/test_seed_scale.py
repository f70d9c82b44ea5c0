"""`fanfare seed --scale`: what it says, and whom it leaves alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.cli import main


@pytest.fixture
def served(database_url: str, redis_url: str, tmp_path: Path) -> dict[str, str]:
    return {
        "FANFARE_DATABASE_URL": database_url,
        "FANFARE_REDIS_URL": redis_url,
        "FANFARE_DATA_DIR": str(tmp_path),
        "FANFARE_SECRET_KEY": "k" * 32,
    }


def seed(served: dict[str, str], *options: str) -> Result:
    return CliRunner().invoke(main, ["seed", *options], env=served)


def test_a_large_company_is_copied_in_once(served: dict[str, str]) -> None:
    done = seed(served, "--people", "12", "--scale", "300")
    assert (done.exit_code, "12 people, 30" in done.output) == (0, True), done.output
    assert "Inventing engagements" in done.output

    again = seed(served, "--people", "12", "--scale", "300")
    assert (again.exit_code, "has people already" in again.output) == (1, True)


def test_many_people_are_only_for_a_history_that_is_copied_in() -> None:
    refused = CliRunner().invoke(main, ["seed", "--people", "50000"])
    assert refused.exit_code == 2
    assert "--scale" in refused.output
