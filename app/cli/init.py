"""fanfare init."""

from __future__ import annotations

import asyncio
import base64
import os
import re
import secrets
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

import click

from app.auth import links
from app.auth.roles import set_roles
from app.cli import settings_of_command
from app.database import migrate, opened, transaction
from app.embedded import services
from scoring import Arrival, Listed, Platform, begin_with_default, platforms, take_roster

FILE = Path("fanfare.env")


@click.command()
@click.option("--company", help="The company's name as pages say it.")
@click.option("--timezone", help="The company's time zone, such as Europe/Berlin.")
@click.option("--base-url", help="How browsers reach Fanfare, such as https://fanfare.example.org.")
@click.option("--admin-email", help="E-mail address of the first administrator.")
@click.option("--admin-name", help="Name of the first administrator.")
@click.option("--yes", is_flag=True, help="Ask nothing; take the options and the defaults.")
def command(
    company: str | None,
    timezone: str | None,
    base_url: str | None,
    admin_email: str | None,
    admin_name: str | None,
    yes: bool,
) -> None:
    """Set up an installation: settings with fresh secrets, database, first administrator.

    Writes fanfare.env where it is run, unless there is one, which is then used as it is. Ends with
    a link by which the first administrator chooses a password; it works once, for a day.
    """
    fresh = not FILE.exists()
    if fresh:
        company = answer(company, "Company", "Our company", yes)
        timezone = zone(answer(timezone, "Time zone", "Europe/Berlin", yes))
        base_url = answer(base_url, "Address", "http://127.0.0.1:8000", yes)
    elif company or timezone or base_url:
        raise click.UsageError(
            f"{FILE} is there already; change company, time zone or address in it."
        )
    email = email_of(answer(admin_email, "First administrator's e-mail", None, yes))
    name = answer(admin_name, "Their name", email.split("@")[0].replace(".", " ").title(), yes)
    if fresh:
        settings_of_command(company_name=company, timezone=timezone, base_url=base_url)
        write(FILE, environment_file(company or "", timezone or "", base_url or ""))
        click.echo(f"Wrote {FILE}, readable by you only. Keep a copy: it holds the secret key.")
    else:
        click.echo(f"{FILE} is there already and stays as it is.")
    with services(settings_of_command(), tell=click.echo) as settings:
        ran = asyncio.run(migrate(settings.require_database_url()))
        click.echo(f"Database ready, {len(ran)} migrations ran.")
        token = asyncio.run(first_administrator(settings.require_database_url(), email, name))
        click.echo(
            "\nStart `fanfare serve`, `fanfare worker` and `fanfare live`, each a process of its own, "
            "then open, once and within a day:\n"
        )
        click.echo(f"  {settings.base_url}/enter/{token}\n")


def answer(given: str | None, ask: str, default: str | None, yes: bool) -> str:
    """The option, else what the person answers, else the default."""
    if given:
        return given.strip()
    if yes:
        if default is None:
            raise click.UsageError(f"With --yes an option must say: {ask.lower()}.")
        return default
    return str(click.prompt(ask, default=default)).strip()


def zone(name: str) -> str:
    """A time zone's name, or a usage error."""
    if name not in available_timezones():
        raise click.BadParameter(f"{name!r} is no time zone; one is Europe/Berlin.")
    return ZoneInfo(name).key


def email_of(text: str) -> str:
    """An e-mail address, or a usage error."""
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", text):
        raise click.BadParameter(f"{text!r} is no e-mail address.")
    return text


async def first_administrator(database_url: str, email: str, name: str) -> str:
    """Add the person where lacking, make them administrator, return the secret of a link."""
    now = datetime.now(UTC)
    async with opened(database_url, most=1), transaction() as connection:
        person_id = await connection.fetchval(
            "select person_id from profile where lower(email) = lower($1)", email
        )
        if person_id is None:
            await take_roster(connection, [Listed(1, name, email, None, None)], None, now)
            person_id = await connection.fetchval(
                "select person_id from profile where lower(email) = lower($1)", email
            )
        await set_roles(connection, person_id, {"administrator"}, None, now)
        await begin_with_default(connection, now)  # without a rulebook nothing would ever count
        return await links.make(connection, person_id, "first_admin", now)


def write(file: Path, text: str) -> None:
    """Write a file that only its owner may read, and never over another."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as opened_file:
        opened_file.write(text)


def environment_file(company: str, timezone: str, base_url: str) -> str:
    """The settings with their explanations, and secrets nobody has seen before."""
    standard = "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
    there = urlsplit(base_url)
    at_home = there.hostname in ("127.0.0.1", "localhost") and there.port not in (None, 8000)
    port = f"FANFARE_PORT={there.port}" if at_home else "#FANFARE_PORT=8000"
    networks = "".join(_wanted(known) for name, known in platforms().items() if name != "standard")
    return f"""\
# Fanfare's settings. Every variable can also be set in the environment, which then holds.
# This file has secrets: only the account that runs Fanfare should be able to read it.

# The company, as pages say it.
FANFARE_COMPANY_NAME={company}
# Decides when a day, a week, a month begins.
FANFARE_TIMEZONE={timezone}
# How browsers and networks reach this installation.
FANFARE_BASE_URL={base_url}
# Where the web process listens, to which your reverse proxy leads (live updates: FANFARE_LIVE_PORT, 8001).
#FANFARE_HOST=127.0.0.1
{port}

# Signs forms and links. Changing it signs nobody out, but open forms must be sent again.
FANFARE_SECRET_KEY={secrets.token_urlsafe(48)}

# Encrypt people's tokens of networks: Fernet keys, the first one encrypts, all decrypt. Without them the key
# follows from FANFARE_SECRET_KEY. To rotate put a new one first; drop the old one once `fanfare doctor`
# has nothing under it any more.
#FANFARE_TOKEN_KEYS=

# PostgreSQL 15 or newer and Redis 7 or Valkey. Without them Fanfare runs its own, in DATA_DIR.
#FANFARE_DATABASE_URL=postgresql://fanfare:password@localhost/fanfare
#FANFARE_REDIS_URL=redis://localhost:6379/0
#FANFARE_DATA_DIR=.fanfare

# Your own systems sign with this (Standard Webhooks), at {base_url}/webhooks/standard
FANFARE_STANDARD_SECRET={standard}

# E-mail: your mail server (STARTTLS; smtps:// for a port that is encrypted from the start), and the
# sender. Without them nobody is written to; `fanfare doctor` tries them.
#FANFARE_SMTP_URL=smtp://user:password@mail.example.org:587
#FANFARE_MAIL_FROM=Fanfare <fanfare@example.org>

# Networks of the company that outgoing webhooks may reach, between spaces; the internet always.
#FANFARE_HOOK_NETWORKS=10.20.0.0/16

# Servers of networks inside the company that Fanfare may ask: exact origins, between spaces.
#FANFARE_PEERS=https://social.intranet.example

# The company's own networks, whose openings of tracked links do not count, between spaces.
#FANFARE_OFFICE_NETWORKS=203.0.113.0/24

# A second listener that answers only what must be reached from outside: webhooks, tracked links and the
# way back from a network's consent page. Let your proxy lead to it from the internet, and to nothing else.
#FANFARE_OUTSIDE_PORT=8002
# Where it listens, and how networks reach it, where that is another name than BASE_URL.
#FANFARE_OUTSIDE_HOST=127.0.0.1
#FANFARE_OUTSIDE_URL=https://hear.example.org

# The company's own reverse proxies, whose X-Forwarded-For is believed: networks, between spaces.
#FANFARE_TRUSTED_PROXIES=10.20.1.5/32
{networks}"""


def _wanted(network: Platform) -> str:
    """What one network wants set, each line to be filled in."""
    if not network.wants:
        return ""
    pushed = Arrival.PUSH in network.capabilities.arrivals
    where = f"at /webhooks/{network.name}" if pushed else "on a stream, by `fanfare listen`"
    lines = [f"# {network.label}, heard {where}:"]
    for wanted in network.wants:
        lines += [f"# {wanted.words}", f"#{network.variable(wanted.name)}="]
    return "\n" + "\n".join(lines) + "\n"
