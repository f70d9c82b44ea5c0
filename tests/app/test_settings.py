"""A wrong setting is one sentence that names its variable; secrets have no defaults."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from app.settings import Settings, SettingsFault


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_without_any_setting_there_are_defaults_and_no_secrets() -> None:
    settings = Settings.from_environment({})
    assert settings.data_dir == Path(".fanfare")
    assert (settings.port, settings.live_port) == (8000, 8001)
    assert settings.base_url == "http://127.0.0.1:8000"
    assert settings.live_url == "http://127.0.0.1:8001"
    assert settings.timezone == ZoneInfo("Europe/Berlin")
    assert settings.disclosure_tag == "#TeamNorthwind"
    assert settings.secret_key is None
    assert settings.secrets_of("standard").every("secret") == ()
    assert settings.demo is False


def test_what_is_derived_follows_what_is_set() -> None:
    settings = Settings.from_environment(
        {
            "FANFARE_PORT": "9000",
            "FANFARE_HOST": "0.0.0.0",
            "FANFARE_COMPANY_NAME": "Blue Möbel & Co",
        }
    )
    assert settings.base_url == "http://127.0.0.1:9000"
    assert settings.disclosure_tag == "#TeamBlueMöbelCo"


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("PORT", "eighty", "a port, 1 to 65535"),
        ("LIVE_PORT", "70000", "a port, 1 to 65535"),
        ("TIMEZONE", "Mars/Olympus", "a time zone's name"),
        ("TIMEZONE", "../etc/passwd", "a time zone's name"),
        ("DATABASE_URL", "mysql://here/x", "starts with postgresql://"),
        ("REDIS_URL", "localhost:6379", "starts with redis://"),
        ("BASE_URL", "fanfare.example.org", "starts with http://"),
        ("SECRET_KEY", "short", "at least 32 characters"),
        ("STANDARD_SECRET", "whsec_abc other", "whsec_"),
        ("MASTODON_SERVER", "https://social.example", "a host name"),
        ("DISCLOSURE_TAG", "no tag", "a hashtag"),
        ("DEMO", "perhaps", "yes or no"),
        ("PEERS", "http://127.0.0.1:2583/xrpc", "origins"),
        ("PEERS", "127.0.0.1:2583", "origins"),
    ],
)
def test_a_wrong_value_names_its_variable(variable: str, value: str, words: str) -> None:
    with pytest.raises(SettingsFault, match=words) as fault:
        Settings.from_environment({f"FANFARE_{variable}": value})
    assert str(fault.value).startswith(f"FANFARE_{variable} must ")
    assert "\n" not in str(fault.value)


def test_the_environment_outranks_the_file_here_and_that_the_one_in_the_data_directory(
    tmp_path: Path,
) -> None:
    data_dir = tmp_path / "data"
    data_dir.mkdir()
    (tmp_path / "fanfare.env").write_text(
        "# where it lies\nFANFARE_DATA_DIR=data\nexport FANFARE_PORT=9001\n"
        "FANFARE_COMPANY_NAME='Blue #1'\n\n"
    )
    (data_dir / "fanfare.env").write_text("FANFARE_PORT=9002\nFANFARE_LIVE_PORT=9003\n")
    settings = Settings.from_environment({"FANFARE_HOST": "127.0.0.2"})
    assert settings.data_dir == Path("data")
    assert (settings.host, settings.port, settings.live_port) == ("127.0.0.2", 9001, 9003)
    assert settings.company_name == "Blue #1"
    assert Settings.from_environment({"FANFARE_PORT": "9004"}).port == 9004


def test_a_line_that_cannot_be_read_is_named_but_not_shown(tmp_path: Path) -> None:
    (tmp_path / "fanfare.env").write_text("FANFARE_PORT=1\nSECRET = hidden\n")
    with pytest.raises(SettingsFault, match=r"fanfare\.env, line 2") as fault:
        Settings.from_environment({})
    assert "hidden" not in str(fault.value)


def test_a_child_process_sees_the_same_settings(tmp_path: Path) -> None:
    settings = Settings.from_environment(
        {
            "FANFARE_DATABASE_URL": "postgresql://u:p@127.0.0.1:1/x",
            "FANFARE_REDIS_URL": "redis://:p@127.0.0.1:2/0",
            "FANFARE_DATA_DIR": str(tmp_path / "data"),
            "FANFARE_SECRET_KEY": "k" * 32,
            "FANFARE_TIMEZONE": "America/New_York",
            "FANFARE_STANDARD_SECRET": "whsec_a whsec_b",
            "FANFARE_DEMO": "1",
        }
    )
    assert Settings.from_environment(settings.to_environment()) == settings


def test_a_missing_secret_key_says_what_makes_one() -> None:
    with pytest.raises(SettingsFault, match="FANFARE_SECRET_KEY is not set; `fanfare init`"):
        Settings.from_environment({}).require_secret_key()
