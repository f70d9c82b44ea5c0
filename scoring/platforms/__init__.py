"""The networks, found by their folders: adding one touches no list.

Law: discovery is loud. A folder that is not a whole platform stops the process with what it lacks.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from types import MappingProxyType

from scoring.platforms.platform import Incentive, Platform, UnknownPlatform

_DECLARED = ("name", "label", "capabilities", "incentive", "raw_ttl_days")


class BrokenPlatform(Exception):
    """A folder under the platforms is not a platform; the message says which and what it lacks."""


def discover(package: str) -> Mapping[str, Platform]:
    """All platforms in the folders of a package, by name. Raises BrokenPlatform."""
    found: dict[str, Platform] = {}
    for module in pkgutil.iter_modules(import_module(package).__path__):
        if module.ispkg:
            found[module.name] = _whole(package, module.name)
    return MappingProxyType(found)


def _whole(package: str, name: str) -> Platform:
    where = f"{package}.{name}"
    try:
        folder = import_module(where)
    except Exception as error:
        raise BrokenPlatform(f"{where} cannot be imported: {error}") from error
    platform = getattr(folder, "PLATFORM", None)
    if not isinstance(platform, Platform):
        raise BrokenPlatform(f"{where} must expose PLATFORM, an instance of Platform")
    lacking = [declared for declared in _DECLARED if not hasattr(platform, declared)]
    if lacking:
        raise BrokenPlatform(f"{where}.PLATFORM does not declare {', '.join(lacking)}")
    if platform.name != name:
        raise BrokenPlatform(f"{where}.PLATFORM calls itself {platform.name!r}, not {name!r}")
    if not (Path(folder.__path__[0]) / "README.md").is_file():
        raise BrokenPlatform(f"{where} has no README.md, the page that says how it is heard")
    return platform


@cache
def platforms() -> Mapping[str, Platform]:
    """Every platform of this installation, by name."""
    return discover(__name__)


def platform(name: str) -> Platform:
    """One platform. Raises UnknownPlatform."""
    try:
        return platforms()[name]
    except KeyError:
        raise UnknownPlatform(f"there is no platform {name!r}") from None


@cache
def unrewarded() -> frozenset[str]:
    """Networks whose own rules forbid points of any kind: no rule takes their facts, whatever it says."""
    return frozenset(
        name for name, found in platforms().items() if found.incentive.mode is Incentive.OFF
    )
