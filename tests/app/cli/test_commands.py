"""Every file in app/cli is a command; each says in words what it did or what is wrong."""

from __future__ import annotations

import pkgutil
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

import app.cli
from app.cli import main
from tests.databases import Databases

NAMES = sorted(found.name.replace("_", "-") for found in pkgutil.iter_modules(app.cli.__path__))


def run(*arguments: str, **environment: str) -> Result:
    return CliRunner().invoke(main, arguments, env=environment)


@pytest.fixture
def served(database_url: str, redis_url: str, tmp_path: Path) -> dict[str, str]:
    return {
        "FANFARE_DATABASE_URL": database_url,
        "FANFARE_REDIS_URL": redis_url,
        "FANFARE_DATA_DIR": str(tmp_path),
        "FANFARE_SECRET_KEY": "k" * 32,
    }


@pytest.mark.parametrize("name", NAMES)
def test_every_file_is_a_command_with_help(name: str) -> None:
    command = main.get_command(click.Context(main), name)
    assert command is not None
    assert command.help
    assert run(name, "--help").exit_code == 0


def test_a_file_without_a_command_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "forgotten.py").write_text('"""Says nothing."""\n')
    monkeypatch.setattr(app.cli, "__path__", [*app.cli.__path__, str(tmp_path)])
    with pytest.raises(TypeError, match=r"forgotten\.py has no `command`"):
        main.get_command(click.Context(main), "forgotten")


def test_migrating_says_what_it_did(databases: Databases, redis_url: str) -> None:
    url = databases.empty()
    served = {"FANFARE_DATABASE_URL": url, "FANFARE_REDIS_URL": redis_url}
    check = run("migrate", "--check", **served)
    assert (check.exit_code, "missing:" in check.output) == (1, True)
    first = run("migrate", **served)
    assert (first.exit_code, "applied:" in first.output) == (0, True)
    again = run("migrate", **served)
    assert again.output == "The database is up to date.\n"
    assert run("migrate", "--check", **served).exit_code == 0
    databases.drop(url)


def test_the_doctor_finds_nothing_wrong_with_a_good_installation(served: dict[str, str]) -> None:
    result = run("doctor", **served)
    assert result.exit_code == 0, result.output
    looks = sum(line.startswith("look") for line in result.output.splitlines())
    said = f"Nothing is broken; {looks} to look at." if looks else "All is well."
    assert result.output.endswith(f"{said}\n")


def test_the_doctor_names_each_thing_to_mend(served: dict[str, str], unused_tcp_port: int) -> None:
    nowhere = f"127.0.0.1:{unused_tcp_port}"
    wrong = {
        "FANFARE_DATABASE_URL": f"postgresql://me:hidden@{nowhere}/x",
        "FANFARE_BASE_URL": "http://fanfare.example.org",
        "FANFARE_DEMO": "yes",
        "FANFARE_SECRET_KEY": "",
    }
    result = run("doctor", **{**served, **wrong})
    assert result.exit_code == 1
    broken = {line.split("  ")[0] for line in result.output.splitlines() if "BROKEN" in line}
    assert broken == {"BROKEN secret key", "BROKEN address", "BROKEN demo", "BROKEN database"}
    assert "hidden" not in result.output


@pytest.mark.parametrize("name", ["serve", "live", "worker", "migrate"])
def test_a_fault_is_a_sentence_and_not_a_traceback(
    name: str, served: dict[str, str], unused_tcp_port: int
) -> None:
    wrong = {"FANFARE_DATABASE_URL": f"postgresql://me:hidden@127.0.0.1:{unused_tcp_port}/x"}
    result = run(name, **{**served, **wrong})
    assert result.exit_code == 1
    assert result.output.startswith("Error: The database 'x' at 127.0.0.1")
    assert "Traceback" not in result.output


@pytest.mark.parametrize("name", ["serve", "live", "worker"])
def test_a_role_refuses_a_database_that_is_not_migrated(
    name: str, served: dict[str, str], databases: Databases
) -> None:
    url = databases.empty()
    result = run(name, **{**served, "FANFARE_DATABASE_URL": url})
    assert result.exit_code == 1
    assert "run `fanfare migrate` first" in result.output
    databases.drop(url)
