"""What `fanfare doctor` looks at; each finding says in a sentence what is, or what to do."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path

import asyncpg
from redis.asyncio import Redis
from redis.exceptions import RedisError

from app.connections import known_connections, sentence_of, state_of, trouble_of
from app.connections.words import State
from app.consent import Keys, held
from app.database import migrations_not_applied
from app.notify.mail.server import hand_in, mail_server
from app.settings import Settings
from app.upkeep import upkeep, verified_words
from app.webhooks import sources
from scoring import keep_zones, zone_changes

_LEAST_POSTGRES = 150000  # 15: the oldest we test with
_LEAST_REDIS = 7
# Signed deliveries are refused beyond some minutes; periods begin at a second.
_CLOCK_LOOK_S, _CLOCK_BROKEN_S = 1.0, 30.0
_DISK_LOOK, _DISK_BROKEN = 2_000_000_000, 200_000_000  # bytes
_VENDOR = Path(__file__).with_name("static") / "vendor"


class Health(Enum):
    """How a thing is; the value is how it is shown."""

    FINE = "ok"
    LOOK = "look"
    BROKEN = "BROKEN"


@dataclass(frozen=True)
class Finding:
    """One thing looked at: what, how it is, and a sentence."""

    subject: str
    health: Health
    words: str


async def findings(settings: Settings) -> list[Finding]:
    """Everything about the installation that `settings` describe, in the order to mend it."""
    return [
        *_secrets(settings),
        *_addresses(settings),
        _outside(settings),
        *await _database(settings, settings.require_database_url()),
        await _redis(settings.require_redis_url()),
        await _mail(settings),
        _browser_files(),
        _disk(settings.data_dir),
    ]


def _secrets(settings: Settings) -> Iterator[Finding]:
    if settings.secret_key is None:
        words = "FANFARE_SECRET_KEY is not set; `fanfare init` makes one."
        yield Finding("secret key", Health.BROKEN, words)
    else:
        yield Finding("secret key", Health.FINE, "set")
    connected = [each.platform.label for each in sources(settings).values() if not each.lacks]
    if connected:
        yield Finding("networks", Health.FINE, "deliveries accepted from " + ", ".join(connected))
    else:
        words = "no network's secret is set, so every delivery is refused; see FANFARE_*_SECRET."
        yield Finding("networks", Health.LOOK, words)


def _addresses(settings: Settings) -> Iterator[Finding]:
    local = datetime.now(settings.timezone)
    words = f"{settings.timezone.key} by the settings; it is {local:%A, %H:%M} there"
    yield Finding("time zone", Health.FINE, words)
    local_only = ("http://127.0.0.1", "http://localhost")
    if settings.base_url.startswith("https://") or settings.base_url.startswith(local_only):
        yield Finding("address", Health.FINE, settings.base_url)
    else:
        words = f"{settings.base_url} is not https: passwords and cookies would travel in clear."
        yield Finding("address", Health.BROKEN, words)
    if settings.demo and not settings.base_url.startswith(local_only):
        words = "FANFARE_DEMO is on: anybody can sign in as anybody. Switch it off."
        yield Finding("demo", Health.BROKEN, words)


def _outside(settings: Settings) -> Finding:
    if settings.outside_port is None:
        words = "no second listener; whoever reaches the pages' address reaches all of it"
        return Finding("outside", Health.FINE, words)
    where = f"{settings.outside_host or settings.host}:{settings.outside_port}"
    words = f"{where} answers /webhooks/, /s/ and /oauth/ alone, as {settings.outside_address}"
    if settings.outside_port in (settings.port, settings.live_port):
        words = f"FANFARE_OUTSIDE_PORT {settings.outside_port} is another listener's port."
        return Finding("outside", Health.BROKEN, words)
    return Finding("outside", Health.FINE, words)


async def _connections(url: str, settings: Settings) -> list[Finding]:
    """The same as /admin/connections says, of the networks that somebody began to set up."""
    now = datetime.now(UTC)
    connection = await asyncpg.connect(url)
    try:
        every = await known_connections(connection, settings, now)
    finally:
        await connection.close()
    found = []
    for known in every:
        state = state_of(known, now)
        idle = state is State.NOT_SET_UP or (state is State.WAITING and not known.begun)
        if idle and not known.servers:
            continue
        label = known.platform.label
        found.append(Finding(label, Health.FINE, sentence_of(known, now, settings.timezone)))
        found += [Finding(label, Health.LOOK, trouble) for trouble in trouble_of(known, now)]
    return found


async def _database(settings: Settings, url: str) -> list[Finding]:
    try:
        connection = await asyncpg.connect(url, timeout=10)
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as refused:
        words = f"cannot be reached ({refused}); look at FANFARE_DATABASE_URL."
        return [Finding("database", Health.BROKEN, words)]
    try:
        number = int(await connection.fetchval("SHOW server_version_num"))
        version = await connection.fetchval("SHOW server_version")
        asked_at = datetime.now(UTC)
        theirs = await connection.fetchval("SELECT clock_timestamp()")
        answered_at = datetime.now(UTC)
    finally:
        await connection.close()
    if number < _LEAST_POSTGRES:
        words = f"PostgreSQL {version} is too old; 15 is the oldest Fanfare runs on."
        return [Finding("database", Health.BROKEN, words)]
    found = [Finding("database", Health.FINE, f"PostgreSQL {version}")]
    missing = await migrations_not_applied(url)
    if missing:
        words = f"{len(missing)} missing; run `fanfare migrate`."
        found.append(Finding("migrations", Health.BROKEN, words))
    else:
        found.append(Finding("migrations", Health.FINE, "all applied"))
        found.append(await _rulebook(url))
        found += await _time_zone(url, settings)
        found += await _upkeep(url)
        found += await _connections(url, settings)
        found += await _consents(url, settings)
    found.append(_clock((theirs - (asked_at + (answered_at - asked_at) / 2)).total_seconds()))
    return found


async def _consents(url: str, settings: Settings) -> list[Finding]:
    """Whether what people gave can be used, with the keys that are set."""
    if settings.secret_key is None:
        return []
    connection = await asyncpg.connect(url)
    try:
        found = await held(connection, Keys.of(settings))
    finally:
        await connection.close()
    health = Health.LOOK if found.older else Health.FINE
    return [Finding("consents", Health.BROKEN if found.unreadable else health, found.words())]


async def _rulebook(url: str) -> Finding:
    connection = await asyncpg.connect(url)
    try:
        name = await connection.fetchval("select name from rulebook order by id desc limit 1")
    finally:
        await connection.close()
    if name is None:
        words = "there is none, so nothing counts; `fanfare init` begins with Fanfare's own."
        return Finding("rulebook", Health.LOOK, words)
    return Finding("rulebook", Health.FINE, f"“{name}” was adopted last")


async def _time_zone(url: str, settings: Settings) -> list[Finding]:
    connection = await asyncpg.connect(url)
    try:
        await keep_zones(connection)
        changes = await zone_changes(connection)
    finally:
        await connection.close()
    setting, holds = settings.timezone_at_first.key, settings.timezone.key
    if not changes or setting == holds:
        return []
    words = f"{holds} holds, and FANFARE_TIMEZONE says {setting}, which is not read any more; "
    words += "see /admin/time-zone."
    return [Finding("time zone", Health.LOOK, words)]


async def _upkeep(url: str) -> list[Finding]:
    connection = await asyncpg.connect(url)
    try:
        kept = await upkeep(connection, datetime.now(UTC))
    finally:
        await connection.close()
    found = [
        Finding(
            "partitions",
            Health.FINE if room.fault is None else Health.LOOK,
            f"{room.label.lower()}: {room.words if room.fault is None else room.fault}",
        )
        for room in kept.rooms
    ]
    if kept.dropped:
        last = kept.dropped[0]
        words = f"{last.name} went on {last.at:%Y-%m-%d}: no network lets it be kept longer"
        found.append(Finding("retention", Health.FINE, words))
    wrong = kept.verified is not None and kept.verified.differing > 0
    health = Health.LOOK if wrong else Health.FINE
    return [*found, Finding("verified", health, verified_words(kept.verified))]


def _clock(difference_s: float) -> Finding:
    if abs(difference_s) < _CLOCK_LOOK_S:
        return Finding("clock", Health.FINE, "this machine and the database agree")
    health = Health.BROKEN if abs(difference_s) > _CLOCK_BROKEN_S else Health.LOOK
    words = f"the database's is {difference_s:+.1f} s from this machine's; let NTP set both."
    return Finding("clock", health, words)


async def _redis(url: str) -> Finding:
    client = Redis.from_url(url, socket_connect_timeout=10, socket_timeout=10)
    try:
        server = await client.info("server")
        memory = await client.info("memory")
    except (RedisError, OSError) as refused:
        words = f"cannot be reached ({refused}); look at FANFARE_REDIS_URL."
        return Finding("redis", Health.BROKEN, words)
    finally:
        await client.aclose()
    version = str(server.get("valkey_version") or server["redis_version"])
    name = "Valkey" if "valkey_version" in server else "Redis"
    if int(version.split(".")[0]) < _LEAST_REDIS:
        words = f"{name} {version} is too old; 7 is the oldest Fanfare runs on."
        return Finding("redis", Health.BROKEN, words)
    if str(memory.get("maxmemory_policy", "noeviction")).startswith("allkeys"):
        words = f"{name} {version} may drop sessions when full; set maxmemory-policy noeviction."
        return Finding("redis", Health.LOOK, words)
    return Finding("redis", Health.FINE, f"{name} {version}")


async def _mail(settings: Settings) -> Finding:
    server = mail_server(settings)
    if server is None:
        if settings.smtp_url is None and settings.mail_from is None:
            return Finding("e-mail", Health.FINE, "not set up; nobody is written to")
        missing = "FANFARE_SMTP_URL" if settings.smtp_url is None else "FANFARE_MAIL_FROM"
        return Finding("e-mail", Health.BROKEN, f"{missing} is not set, so nobody is written to.")
    answer = await hand_in(server, None)
    if answer.taken:
        return Finding("e-mail", Health.FINE, f"{server.host} lets us in")
    words = f"{server.host}: {answer.said}; look at FANFARE_SMTP_URL."
    return Finding("e-mail", Health.BROKEN, words)


def _browser_files() -> Finding:
    if (_VENDOR / "htmx.js").exists():
        return Finding("pages", Health.FINE, "browser libraries and font are in place")
    words = f"{_VENDOR} is missing; run `make setup`."
    return Finding("pages", Health.BROKEN, words)


def _disk(data_dir: Path) -> Finding:
    place = next(p for p in (data_dir.absolute(), *data_dir.absolute().parents) if p.exists())
    free = shutil.disk_usage(place).free
    words = f"{free / 1e9:.1f} GB free for {data_dir}"
    if free < _DISK_LOOK:
        health = Health.BROKEN if free < _DISK_BROKEN else Health.LOOK
        return Finding("disk", health, f"only {words}; make room.")
    return Finding("disk", Health.FINE, words)
