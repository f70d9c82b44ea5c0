"""All settings, each with its line of explanation; from the environment or from fanfare.env.

A wrong value is one sentence that names the variable. Secrets have no defaults, so none can be
forgotten in place.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from app.environment_file import EnvironmentFileFault, read_environment_file

PREFIX = "FANFARE_"


class SettingsFault(Exception):
    """A setting is wrong or missing; the text names the variable and says what to do."""


def _text(value: str) -> str:
    return value.strip()


def _words(value: str) -> tuple[str, ...]:
    return tuple(value.split())


def _path(value: str) -> Path:
    return Path(value).expanduser()


def _flag(value: str) -> bool:
    known = {"1": True, "true": True, "yes": True, "on": True}
    known |= {"0": False, "false": False, "no": False, "off": False, "": False}
    if value.strip().lower() not in known:
        raise ValueError("must be yes or no")
    return known[value.strip().lower()]


def _port(value: str) -> int:
    if not value.strip().isdecimal() or not 1 <= int(value) <= 65535:
        raise ValueError("must be a port, 1 to 65535")
    return int(value)


def _zone(value: str) -> ZoneInfo:
    try:
        return ZoneInfo(value.strip())
    except (KeyError, ValueError, OSError):  # what zoneinfo raises for unknown, odd and directory
        raise ValueError("must be a time zone's name, such as Europe/Berlin") from None


def _url(*schemes: str) -> Callable[[str], str]:
    def parse(value: str) -> str:
        address = value.strip().rstrip("/")
        parts = urlsplit(address)
        if parts.scheme not in schemes or not (parts.netloc or parts.path or parts.query):
            raise ValueError(f"must be an address that starts with {schemes[0]}://")
        return address

    return parse


def _host(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9.-]+(:\d+)?", value.strip().lower()):
        raise ValueError("must be a host name, such as social.example.org")
    return value.strip().lower()


def _networks(value: str) -> tuple[IPv4Network | IPv6Network, ...]:
    try:
        return tuple(ip_network(word) for word in _words(value))
    except ValueError:
        raise ValueError(
            "must be addresses or networks, such as 10.0.0.0/8, between spaces"
        ) from None


def _crc_key(value: str) -> str:
    if value.strip() not in ("client", "consumer"):
        raise ValueError("must be client or consumer")
    return value.strip()


def _secret_key(value: str) -> str:
    # 32 characters of a generated key are about 190 bits; a typed word is far shorter.
    if len(value.strip()) < 32:
        raise ValueError("must have at least 32 characters; `fanfare init` makes one")
    return value.strip()


def _standard_secrets(value: str) -> tuple[str, ...]:
    secrets = _words(value)
    if not all(secret.startswith("whsec_") for secret in secrets):
        raise ValueError("must be one or more secrets that start with whsec_, between spaces")
    return secrets


def _hashtag(value: str) -> str:
    tag = value.strip()
    if not re.fullmatch(r"#\w+", tag):
        raise ValueError("must be a hashtag, such as #TeamNorthwind")
    return tag


def _setting(parse: Callable[[str], Any], default: Any) -> Any:
    return field(default=default, metadata={"parse": parse})


@dataclass(frozen=True)
class Settings:
    """What this installation is told. The variable of a field is FANFARE_ and its name.

    base_url, live_url and disclosure_tag are derived from the rest where they are not set.
    """

    # PostgreSQL 15 or newer; unset: an embedded one under the data directory.
    database_url: str | None = _setting(_url("postgresql", "postgres"), None)
    # Redis 7 or Valkey; unset: an embedded one under the data directory.
    redis_url: str | None = _setting(_url("redis", "rediss", "unix"), None)
    # Where embedded services and the demo keep their data.
    data_dir: Path = _setting(_path, Path(".fanfare"))
    # As root: the existing unprivileged account the embedded PostgreSQL runs as.
    postgres_user: str = _setting(_text, "nobody")

    # Signs cookies and links; at least 32 characters. No default.
    secret_key: str | None = _setting(_secret_key, None)
    # How browsers and networks reach this installation, without a slash at the end.
    base_url: str = _setting(_url("http", "https"), "")
    # Where the web process listens; 0.0.0.0 for every interface.
    host: str = _setting(_text, "127.0.0.1")
    # The web process's port.
    port: int = _setting(_port, 8000)
    # The port of the process that sends live updates.
    live_port: int = _setting(_port, 8001)
    # How browsers reach the live process; behind a proxy on one host usually BASE_URL.
    live_url: str = _setting(_url("http", "https"), "")

    # The company's own reverse proxies, whose X-Forwarded-For is believed: networks, between spaces.
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...] = _setting(_networks, ())

    # The company's time zone; it decides when a day, a week, a month begins.
    timezone: ZoneInfo = _setting(_zone, ZoneInfo("Europe/Berlin"))
    # The company's name as pages say it.
    company_name: str = _setting(_text, "Northwind")
    # The hashtag by which a post says who its author works for; unset: #Team and the name.
    disclosure_tag: str = _setting(_hashtag, "")

    # Mastodon: the secret of the admin webhook.
    mastodon_secret: str | None = _setting(_text, None)
    # Mastodon: the host whose own accounts appear without a host in its payloads.
    mastodon_server: str | None = _setting(_host, None)
    # X: the consumer secret of the app ("API secret"), which signs the older webhooks.
    x_consumer_secret: str | None = _setting(_text, None)
    # X: the OAuth 2.0 client secret, which signs current activity webhooks.
    x_client_secret: str | None = _setting(_text, None)
    # X: the secret its challenge is answered with; unset: the client secret where there is one.
    x_crc_key: str | None = _setting(_crc_key, None)
    # The company's own systems: Standard Webhooks secrets (whsec_…), several while one is replaced.
    standard_secret: tuple[str, ...] = _setting(_standard_secrets, ())

    # The demo's conveniences (sign-in links); never on a real installation.
    demo: bool = _setting(_flag, False)

    def __post_init__(self) -> None:
        if not self.base_url:
            object.__setattr__(self, "base_url", f"http://{_reachable(self.host)}:{self.port}")
        if not self.live_url:
            object.__setattr__(self, "live_url", f"http://{_reachable(self.host)}:{self.live_port}")
        if not self.disclosure_tag:
            name = re.sub(r"\W", "", self.company_name)
            object.__setattr__(self, "disclosure_tag", f"#Team{name}")

    @classmethod
    def from_environment(
        cls, environ: Mapping[str, str] = os.environ, *, data_dir: Path | None = None
    ) -> Self:
        """The settings of this process: the environment, then fanfare.env, then the defaults.

        fanfare.env is read from the working directory and from the data directory, in that order
        of preference. `data_dir` outranks FANFARE_DATA_DIR. SettingsFault names what is wrong.
        """
        try:
            values = read_environment_file(Path("fanfare.env"))
            named = environ.get("FANFARE_DATA_DIR") or values.get("FANFARE_DATA_DIR")
            directory = data_dir or (Path(named).expanduser() if named else Path(".fanfare"))
            values = {**read_environment_file(directory / "fanfare.env"), **values}
        except EnvironmentFileFault as fault:
            raise SettingsFault(str(fault)) from None
        values |= {name: value for name, value in environ.items() if name.startswith(PREFIX)}
        values[PREFIX + "DATA_DIR"] = str(directory)
        parsed: dict[str, Any] = {}
        for known in fields(cls):
            variable = PREFIX + known.name.upper()
            value = values.get(variable, "").strip()
            if value:
                try:
                    parsed[known.name] = known.metadata["parse"](value)
                except ValueError as wrong:
                    raise SettingsFault(f"{variable} {wrong}.") from None
        return cls(**parsed)

    def to_environment(self) -> dict[str, str]:
        """These settings as variables, for a child process that must see the same."""
        variables = {}
        for known in fields(self):
            value = getattr(self, known.name)
            if isinstance(value, tuple):
                value = " ".join(map(str, value))
            elif isinstance(value, bool):
                value = "yes" if value else "no"
            elif isinstance(value, Path):
                value = value.absolute()
            if value not in (None, ""):
                variables[PREFIX + known.name.upper()] = str(value)
        return variables

    def require_secret_key(self) -> str:
        """The secret key; SettingsFault when none is set."""
        if self.secret_key is None:
            raise SettingsFault(
                "FANFARE_SECRET_KEY is not set; `fanfare init` makes one and writes fanfare.env."
            )
        return self.secret_key

    def require_database_url(self) -> str:
        """The database's address; set, or filled in by `app.embedded.services`."""
        if self.database_url is None:
            raise SettingsFault("FANFARE_DATABASE_URL is not set, and no embedded database runs.")
        return self.database_url

    def require_redis_url(self) -> str:
        """The address of Redis; set, or filled in by `app.embedded.services`."""
        if self.redis_url is None:
            raise SettingsFault("FANFARE_REDIS_URL is not set, and no embedded Valkey runs.")
        return self.redis_url


def _reachable(host: str) -> str:
    """A host a browser on this machine can open: 'every interface' is not one."""
    return "127.0.0.1" if host in ("0.0.0.0", "::", "") else host
