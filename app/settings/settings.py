"""All settings, each with its line of explanation; from the environment or from fanfare.env.

A wrong value is one sentence that names the variable. Secrets have no defaults, so none can be
forgotten in place.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, field, fields, replace
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Any, Self
from zoneinfo import ZoneInfo

from app.settings import values
from app.settings.environment_file import EnvironmentFileFault, read_environment_file
from scoring import Secrets, company_zone, platform, platforms

PREFIX = "FANFARE_"


class SettingsFault(Exception):
    """A setting is wrong or missing; the text names the variable and says what to do."""


def _setting(parse: Callable[[str], Any], default: Any, *, variable: str | None = None) -> Any:
    return field(default=default, metadata={"parse": parse, "variable": variable})


@dataclass(frozen=True)
class Settings:
    """What this installation is told. The variable of a field is FANFARE_ and its name, where it says no
    other.

    base_url, live_url and disclosure_tag are derived from the rest where they are not set.
    """

    # PostgreSQL 15 or newer; unset: an embedded one under the data directory.
    database_url: str | None = _setting(values.url("postgresql", "postgres"), None)
    # Redis 7 or Valkey; unset: an embedded one under the data directory.
    redis_url: str | None = _setting(values.url("redis", "rediss", "unix"), None)
    # Where embedded services and the demo keep their data.
    data_dir: Path = _setting(values.path, Path(".fanfare"))
    # As root: the existing unprivileged account the embedded PostgreSQL runs as.
    postgres_user: str = _setting(values.text, "nobody")

    # Signs cookies and links; at least 32 characters. No default.
    secret_key: str | None = _setting(values.secret_key, None)
    # Encrypt people's tokens: Fernet keys between spaces, the first one encrypts, all decrypt; unset:
    # one derived from SECRET_KEY. To rotate put a new one first, and drop the old one when
    # `fanfare doctor` says that nothing needs it.
    token_keys: tuple[str, ...] = _setting(values.token_keys, ())
    # How browsers and networks reach this installation, without a slash at the end.
    base_url: str = _setting(values.url("http", "https"), "")
    # Where the web process listens; 0.0.0.0 for every interface.
    host: str = _setting(values.text, "127.0.0.1")
    # The web process's port.
    port: int = _setting(values.port, 8000)
    # A second listener that answers nothing but what must be reached from outside: the networks' webhooks,
    # tracked links and the way back from a network's consent page. Unset: there is none.
    outside_port: int | None = _setting(values.port, None)
    # Where it listens; unset: where the web process does.
    outside_host: str | None = _setting(values.text, None)
    # How networks reach it; unset: BASE_URL, where one name leads to both.
    outside_url: str | None = _setting(values.url("http", "https"), None)
    # The port of the process that sends live updates.
    live_port: int = _setting(values.port, 8001)
    # How browsers reach the live process; behind a proxy on one host usually BASE_URL.
    live_url: str = _setting(values.url("http", "https"), "")

    # The company's own reverse proxies, whose X-Forwarded-For is believed: networks, between spaces.
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...] = _setting(values.networks, ())

    # Networks of the company that outgoing webhooks may reach, between spaces; the internet always.
    hook_networks: tuple[IPv4Network | IPv6Network, ...] = _setting(values.networks, ())

    # Servers of networks inside the company (a Mastodon server, a Bluesky PDS) that Fanfare may ask
    # whatever their address and scheme: exact origins such as http://127.0.0.1:2583, between spaces;
    # https://social.example=http://10.0.0.7:3000 says where a name is reached from here.
    peers: tuple[str, ...] = _setting(values.peers, ())

    # The company's own networks, whose openings of tracked links do not count, between spaces.
    office_networks: tuple[IPv4Network | IPv6Network, ...] = _setting(values.networks, ())

    # The company's time zone as Fanfare begins; it decides when a day, a week, a month begins. Once it is
    # recorded, it changes at /admin/time-zone or by `fanfare time-zone`, and this says nothing any more.
    timezone_at_first: ZoneInfo = _setting(
        values.zone, ZoneInfo("Europe/Berlin"), variable="TIMEZONE"
    )
    # The company's name as pages say it.
    company_name: str = _setting(values.text, "Northwind")
    # The hashtag by which a post says who its author works for; unset: #Team and the name.
    disclosure_tag: str = _setting(values.hashtag, "")

    # The company's mail server: smtp://user:password@host:587 (STARTTLS) or smtps://…; unset: no e-mail.
    smtp_url: str | None = _setting(values.mail_server, None)
    # The sender of e-mail, an address it may use, such as Fanfare <fanfare@example.org>.
    mail_from: str | None = _setting(values.sender, None)

    # The demo's conveniences (sign-in links); never on a real installation.
    demo: bool = _setting(values.flag, False)

    # What each network wants, as its folder under scoring/platforms says: FANFARE_X_CLIENT_SECRET …
    secrets: Mapping[str, Secrets] = field(default_factory=dict, repr=False, hash=False)

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
            told = read_environment_file(Path("fanfare.env"))
            named = environ.get("FANFARE_DATA_DIR") or told.get("FANFARE_DATA_DIR")
            directory = data_dir or (Path(named).expanduser() if named else Path(".fanfare"))
            told = {**read_environment_file(directory / "fanfare.env"), **told}
        except EnvironmentFileFault as fault:
            raise SettingsFault(str(fault)) from None
        told |= {name: value for name, value in environ.items() if name.startswith(PREFIX)}
        told[PREFIX + "DATA_DIR"] = str(directory)
        parsed: dict[str, Any] = {}
        for known in _told():
            variable = _variable(known)
            value = told.get(variable, "").strip()
            if value:
                try:
                    parsed[known.name] = known.metadata["parse"](value)
                except ValueError as wrong:
                    raise SettingsFault(f"{variable} {wrong}.") from None
        for name, network in platforms().items():
            try:
                parsed.setdefault("secrets", {})[name] = network.secrets(told)
            except ValueError as wrong:
                raise SettingsFault(f"{wrong}.") from None
        return cls(**parsed)

    def to_environment(self) -> dict[str, str]:
        """These settings as variables, for a child process that must see the same."""
        variables = {}
        for name, secrets in self.secrets.items():
            for wanted, several in secrets.values.items():
                variables[platform(name).variable(wanted)] = " ".join(several)
        for known in _told():
            value = getattr(self, known.name)
            if isinstance(value, tuple):
                value = " ".join(map(str, value))
            elif isinstance(value, bool):
                value = "yes" if value else "no"
            elif isinstance(value, Path):
                value = value.absolute()
            if value not in (None, ""):
                variables[_variable(known)] = str(value)
        return variables

    @property
    def outside_address(self) -> str:
        """How networks reach this installation, without a slash at the end."""
        return self.outside_url or self.base_url

    @property
    def timezone(self) -> ZoneInfo:
        """The company's time zone, with all that it was and is known to become: ask each time."""
        return company_zone(self.timezone_at_first)

    def secrets_of(self, network: str) -> Secrets:
        """What is set for one network."""
        return self.secrets.get(network, Secrets())

    def with_secrets(self, network: str, **values: str | tuple[str, ...]) -> Self:
        """These settings with more of them set for one network."""
        new = {
            name: (value,) if isinstance(value, str) else value for name, value in values.items()
        }
        together = Secrets({**self.secrets_of(network).values, **new})
        return replace(self, secrets={**self.secrets, network: together})

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


def _told() -> list[Field[Any]]:
    """The fields that have a variable of their own."""
    return [known for known in fields(Settings) if known.metadata]


def _variable(known: Field[Any]) -> str:
    return PREFIX + (known.metadata["variable"] or known.name.upper())


def _reachable(host: str) -> str:
    """A host a browser on this machine can open: 'every interface' is not one."""
    return "127.0.0.1" if host in ("0.0.0.0", "::", "") else host
