"""fanfare play."""

from __future__ import annotations

import asyncio
import hashlib
import importlib.resources
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import click
import httpx

from app.cli import settings_of_command
from app.embedded import services
from app.settings import Settings
from app.webhooks import PREFIX, DeliveryRow, store
from scoring import (
    LINKS,
    Arrival,
    Delivery,
    Platform,
    UnusableFact,
    platforms,
    poll_headers,
)
from seeds.signing import CannotSign, is_signed, sign

# What an answer means to the network that gets it.
_MEANING = {
    200: "accepted; the same delivery again is accepted too and changes nothing",
    401: "not verified: the running installation has another secret than these settings",
    404: "no such network",
    503: "not accepted; a network would send it again",
}
_KINDS = (".json", ".xml")


@click.command()
@click.argument("platform_name", metavar="PLATFORM")
@click.argument("fixture")
@click.option("--to", "to", help="The installation's address [FANFARE_BASE_URL].")
@click.option(
    "--replace", "-r", "changes", nargs=2, multiple=True, metavar="OLD NEW",
    help="Change a text in the fixture before it is signed, such as an account's name.",
)  # fmt: skip
@click.option("--poll", metavar="NAME", help="It is the answer to this question of Fanfare's.")
@click.option("--about", multiple=True, metavar="ID", help="Whom or what the question was about.")
def command(
    platform_name: str,
    fixture: str,
    to: str | None,
    changes: tuple[tuple[str, str], ...],
    poll: str | None,
    about: tuple[str, ...],
) -> None:
    """Bring a recorded delivery to a running installation as its network would.

    FIXTURE is a name from the network's folder of examples, or a file of your own. What a network posts is
    signed and posted to the webhook; the secrets are those of these settings, so they must be the same as
    those of the installation. What Fanfare fetches itself (a stream's events, the answer to a poll) or sees
    itself (openings of links) is put where it would have put it: into the database of these settings.
    """
    settings = settings_of_command()
    network = platforms().get(platform_name)
    if network is None:
        known = ", ".join(platforms())
        raise click.ClickException(f"There is no network {platform_name!r}; there are {known}.")
    body = body_of(network, fixture)
    for old, new in changes:
        if old.encode() not in body:
            raise click.ClickException(f"The fixture does not say {old!r}.")
        body = body.replace(old.encode(), new.encode())
    if poll is None and is_signed(platform_name):
        _post(settings, network, body, to)
        _say_whose(fixture, changes)
        return
    if to is not None:
        raise click.ClickException(
            f"Nobody posts this to an address: {_why_kept(network, poll)}. Leave --to out; "
            "the database is that of these settings."
        )
    source, headers = _noted(network, poll, about)
    said = _tells(network, body, headers, source)
    with services(settings, tell=click.echo) as settings:
        asyncio.run(_keep(settings, network.name, body, headers, source))
    click.echo(f"Kept {len(body)} bytes in the database: {_why_kept(network, poll)}. {said}")
    _say_whose(fixture, changes)


def _post(settings: Settings, network: Platform, body: bytes, to: str | None) -> None:
    name = network.name
    now, delivery_id = datetime.now(UTC), f"msg_{secrets.token_hex(8)}"
    try:
        headers = sign(name, body, settings.secrets_of(name), now, delivery_id)
    except CannotSign as why:
        raise click.ClickException(str(why)) from None
    address = f"{(to or settings.base_url).rstrip('/')}{PREFIX}{name}"
    try:
        answer = httpx.post(address, content=body, headers=headers, timeout=15)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise click.ClickException(
            f"{address} does not answer ({error}). Is it running? `fanfare serve` starts it; "
            "--to names another address."
        ) from None
    click.echo(f"Sent {len(body)} bytes to {address}.")
    click.echo(f"{answer.status_code}: {_MEANING.get(answer.status_code, answer.reason_phrase)}.")
    if not answer.is_success:
        raise click.ClickException(answer.text)
    kept = network.kept_headers(headers, settings.secrets_of(name))
    click.echo(_tells(network, network.kept_body(body), kept, "webhook"))


def _say_whose(fixture: str, changes: tuple[tuple[str, str], ...]) -> None:
    """Why nothing may come of an example: it is about invented people."""
    if not changes and not Path(fixture).is_file():
        click.echo(
            "It is about invented accounts, of which nothing counts; --replace puts a linked one in."
        )


def _why_kept(network: Platform, poll: str | None) -> str:
    if poll is not None:
        return f"answers to a poll are fetched from {network.label} by Fanfare"
    if Arrival.STREAM in network.capabilities.arrivals:
        return f"{network.label} is heard on a stream that Fanfare opens"
    return f"{network.label} are seen by Fanfare itself"


def _noted(
    network: Platform, name: str | None, about: tuple[str, ...]
) -> tuple[str, Mapping[str, str]]:
    """The source of a delivery and what is noted beside it. ClickException."""
    if name is None:
        if about:
            raise click.ClickException("--about says whom a question was about: name it by --poll.")
        if network.name == LINKS:
            return "link", {}
        return ("stream" if Arrival.STREAM in network.capabilities.arrivals else "webhook"), {}
    asked = network.polling
    question = asked.poll(name) if asked is not None else None
    if question is None:
        there = ", ".join(one.name for one in asked.polls) if asked is not None else "none"
        raise click.ClickException(f"{network.label} has no poll {name!r}; there are: {there}.")
    if not about:
        raise click.ClickException(
            f"Say with --about whom or what was asked about; a poll {name!r} asks about "
            f"{question.of.value}."
        )
    return "poll", poll_headers(question, about)


def _tells(network: Platform, body: bytes, headers: Mapping[str, str], source: str) -> str:
    """What the network's adapter reads in it; it is kept all the same, as anything heard is."""
    try:
        told = network.adapt(
            Delivery(0, network.name, source, dict(headers), body, datetime.now(UTC))
        )
    except UnusableFact as why:
        return f"The worker will set it aside: {why}."
    if told.ignored is not None:
        return f"The worker will pass over it: {told.ignored}."
    some = "1 fact" if len(told.facts) == 1 else f"{len(told.facts)} facts"
    if told.unread is not None:
        return f"It tells {some}; the worker will set aside {told.unread}."
    return f"It tells {some}; the worker reads it next."


async def _keep(
    settings: Settings, name: str, body: bytes, headers: Mapping[str, str], source: str
) -> None:
    key = hashlib.sha256(body).hexdigest()
    row = DeliveryRow.of(name, key, headers, body, datetime.now(UTC), source)
    try:
        connection = await asyncpg.connect(settings.require_database_url())
    except (OSError, asyncpg.PostgresError) as why:
        raise click.ClickException(f"The database does not answer: {why}.") from None
    try:
        await store(connection, [row])
    finally:
        await connection.close()


def body_of(network: Platform, fixture: str) -> bytes:
    """The bytes of a network's example, or of a file; ClickException with what there is."""
    if Path(fixture).is_file():
        return Path(fixture).read_bytes()
    folder = importlib.resources.files(type(network).__module__) / "fixtures"
    found = {
        entry.name.rpartition(".")[0]: entry
        for entry in folder.iterdir()
        if entry.name.endswith(_KINDS) and not entry.name.endswith(".expected.json")
    }
    wanted = next(
        (fixture.removesuffix(kind) for kind in _KINDS if fixture.endswith(kind)), fixture
    )
    if wanted not in found:
        names = "\n  ".join(sorted(found))
        raise click.ClickException(
            f"{network.label} has no example {fixture!r}, and there is no such file. It has:\n"
            f"  {names}"
        )
    return found[wanted].read_bytes()
