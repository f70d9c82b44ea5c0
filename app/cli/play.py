"""fanfare play."""

from __future__ import annotations

import importlib.resources
import secrets
from datetime import UTC, datetime
from pathlib import Path

import click
import httpx

from app.cli import settings_of_command
from app.webhooks import PREFIX
from scoring import Platform, platforms
from seeds.signing import CannotSign, sign

# What an answer means to the network that gets it.
_MEANING = {
    200: "accepted; the same delivery again is accepted too and changes nothing",
    401: "not verified: the running installation has another secret than these settings",
    404: "no such network",
    503: "not accepted; a network would send it again",
}


@click.command()
@click.argument("platform_name", metavar="PLATFORM")
@click.argument("fixture")
@click.option("--to", "to", help="The installation's address [FANFARE_BASE_URL].")
@click.option(
    "--replace", "-r", "changes", nargs=2, multiple=True, metavar="OLD NEW",
    help="Change a text in the fixture before it is signed, such as an account's name.",
)  # fmt: skip
def command(
    platform_name: str, fixture: str, to: str | None, changes: tuple[tuple[str, str], ...]
) -> None:
    """Sign a recorded delivery as its network would, and send it to a running installation.

    FIXTURE is a name from the network's folder of examples, or a file of your own. The secrets
    are those of these settings, so they must be the same as those of the installation.
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
    now, delivery_id = datetime.now(UTC), f"msg_{secrets.token_hex(8)}"
    try:
        headers = sign(platform_name, body, settings.secrets_of(platform_name), now, delivery_id)
    except CannotSign as why:
        raise click.ClickException(str(why)) from None
    address = f"{(to or settings.base_url).rstrip('/')}{PREFIX}{platform_name}"
    try:
        answer = httpx.post(address, content=body, headers=headers, timeout=15)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise click.ClickException(
            f"{address} does not answer ({error}). Is it running? `fanfare serve` starts it."
        ) from None
    click.echo(f"Sent {len(body)} bytes to {address}.")
    click.echo(f"{answer.status_code}: {_MEANING.get(answer.status_code, answer.reason_phrase)}.")
    if not answer.is_success:
        raise click.ClickException(answer.text)


def body_of(network: Platform, fixture: str) -> bytes:
    """The bytes of a network's example, or of a file; ClickException with what there is."""
    if Path(fixture).is_file():
        return Path(fixture).read_bytes()
    folder = importlib.resources.files(type(network).__module__) / "fixtures"
    found = {
        entry.name.removesuffix(".json"): entry
        for entry in folder.iterdir()
        if entry.name.endswith(".json") and not entry.name.endswith(".expected.json")
    }
    if fixture.removesuffix(".json") not in found:
        names = "\n  ".join(sorted(found))
        raise click.ClickException(
            f"{network.label} has no example {fixture!r}, and there is no such file. It has:\n"
            f"  {names}"
        )
    return found[fixture.removesuffix(".json")].read_bytes()
