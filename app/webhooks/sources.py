"""The networks this installation can hear, each with its secrets. Law: none is listed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.settings import Settings
from scoring import Platform, Secrets, platforms


@dataclass(frozen=True, slots=True)
class Source:
    """A network and its secrets; `lacks` says in sentences what must be set before it is heard."""

    platform: Platform
    secrets: Secrets
    lacks: tuple[str, ...]


def sources(settings: Settings) -> Mapping[str, Source]:
    """Every network by its name in the address, set up or not."""
    found = {}
    for name, platform in platforms().items():
        secrets = settings.secrets_of(name)
        found[name] = Source(platform, secrets, tuple(platform.problems(secrets)))
    return found
