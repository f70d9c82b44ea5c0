"""Setting up an installation from nothing."""

from __future__ import annotations

import re
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.cli import main
from app.cli.init import environment_file
from app.settings import Settings
from tests.databases import Databases


@pytest.fixture
def init(databases: Databases, redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """Runs `fanfare init` in an empty directory, on an empty database."""
    url = databases.empty()
    monkeypatch.setenv("FANFARE_DATABASE_URL", url)
    monkeypatch.setenv("FANFARE_REDIS_URL", redis_url)
    monkeypatch.chdir(tmp_path)

    def command(*options: str, answers: str | None = None) -> Result:
        return CliRunner().invoke(main, ["init", *options], input=answers)

    yield command
    databases.drop(url)


ANSWERS = "Contoso\nEurope/Lisbon\nhttps://fanfare.contoso.test\ngrace@contoso.test\nGrace Hopper\n"


def test_it_asks_the_few_things_that_matter_and_ends_with_a_link(init, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    done = init(answers=ANSWERS)
    assert done.exit_code == 0, done.output
    assert re.search(r"https://fanfare\.contoso\.test/enter/[\w-]{40,}", done.output)
    file = tmp_path / "fanfare.env"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    settings = Settings.from_environment()
    assert (settings.company_name, str(settings.timezone)) == ("Contoso", "Europe/Lisbon")
    assert len(settings.require_secret_key()) >= 48
    assert settings.secrets_of("standard").every("secret")[0].startswith("whsec_")
    assert not settings.demo
    health = CliRunner().invoke(main, ["doctor"])
    assert "“Fanfare's own” was adopted last" in health.output  # without rules nothing would count


def test_a_second_run_keeps_the_settings_and_gives_a_new_link(init, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    first = init(answers=ANSWERS).output
    before = (tmp_path / "fanfare.env").read_text()
    again = init("--yes", "--admin-email", "grace@contoso.test")
    assert again.exit_code == 0, again.output
    assert (tmp_path / "fanfare.env").read_text() == before
    link = re.compile(r"/enter/([\w-]+)")
    assert link.search(first)[1] != link.search(again.output)[1]  # type: ignore[index]


@pytest.mark.parametrize(
    ("options", "names"),
    [
        (("--yes",), "administrator"),
        (("--yes", "--admin-email", "nonsense"), "no e-mail"),
        (("--yes", "--admin-email", "a@b.test", "--timezone", "Mars/Olympus"), "no time zone"),
        (("--yes", "--admin-email", "a@b.test", "--base-url", "ftp://x"), "FANFARE_BASE_URL"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_written(  # type: ignore[no-untyped-def]
    init, tmp_path: Path, options: tuple[str, ...], names: str
) -> None:
    refused = init(*options)
    assert refused.exit_code != 0
    assert names in refused.output
    assert not (tmp_path / "fanfare.env").exists()


def test_the_settings_say_how_each_network_is_heard_and_listen_where_the_address_says() -> None:
    text = environment_file("Halden & Lys", "Europe/Berlin", "http://127.0.0.1:8800")
    assert "\nFANFARE_PORT=8800\n" in text
    assert "# X, heard at /webhooks/x:" in text
    assert "# Bluesky, heard on a stream, by `fanfare listen`:" in text
    assert "/webhooks/links" not in text
    public = environment_file("Halden & Lys", "Europe/Berlin", "https://fanfare.example.org")
    assert "\n#FANFARE_PORT=8000\n" in public
