"""The examples in the platforms' folders, which are test and documentation in one.

`name.json` (or `.xml`) is a body as the network sends it, `name.expected.json` what it tells. After a
deliberate change: `python -m tests.scoring.platforms.examples` writes the latter anew, to be read
in the diff.
"""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from scoring.facts import Delivery, Fact, Telling
from scoring.platforms import platform, platforms, standard
from scoring.platforms.platform import Secrets
from scoring.platforms.standard import events

# Five minutes after what the examples tell.
RECEIVED_AT = datetime(2026, 9, 1, 8, 20, tzinfo=UTC)
SECRETS = {
    "mastodon": Secrets({"secret": ("c0ffee" * 6,), "server": ("social.example",)}),
    "x": Secrets({"consumer_secret": ("consumer",), "client_secret": ("client",)}),
    **{
        name: Secrets({"secret": ("app secret",), "verify_token": ("our words",)})
        for name in ("facebook", "instagram", "threads")
    },
    "links": Secrets(),
    "bluesky": Secrets({"stream": ("wss://jetstream.example",)}),
    "youtube": Secrets({"secret": ("a secret of our own",)}),
    "linkedin": Secrets({"client_secret": ("client secret",)}),
    "standard": Secrets({"secret": ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",)}),
}
_ROOT = Path(standard.__file__).parent.parent


def examples() -> list[tuple[str, Path]]:
    """Every (platform, example)."""
    return [
        (name, path)
        for name in platforms()
        for path in sorted((_ROOT / name / "fixtures").iterdir())
        if not path.name.endswith(".expected.json")
    ]


def read(name: str, example: str) -> bytes:
    """The body of an example."""
    (path,) = (path for of, path in examples() if (of, path.stem) == (name, example))
    return path.read_bytes()


def delivered(name: str, body: bytes, headers: dict[str, str] | None = None) -> Delivery:
    """A body as receiving would have stored it."""
    network = platform(name)
    if headers is None:
        headers = network.kept_headers({}, SECRETS.get(name, Secrets()))
    return Delivery(1, name, "webhook", headers, network.kept_body(body), RECEIVED_AT)


def adapted(name: str, body: bytes, headers: dict[str, str] | None = None) -> Telling:
    """What a body tells."""
    return platform(name).adapt(delivered(name, body, headers))


def written(telling: Telling) -> dict[str, Any]:
    """A telling as an expectation says it: what is None or empty is left out."""
    said: dict[str, Any] = {"facts": [_written(fact) for fact in telling.facts]}
    if telling.ignored is not None:
        said["ignored"] = telling.ignored
    if telling.unread is not None:
        said["unread"] = telling.unread
    if telling.platform is not None:
        said["platform"] = telling.platform
    return said


def _written(fact: Fact) -> dict[str, Any]:
    said: dict[str, Any] = {"fact": type(fact).__name__.lower()}
    for name in (field.name for field in fields(fact)):
        value = getattr(fact, name)
        if isinstance(value, datetime):
            value = value.isoformat()
        if isinstance(value, tuple):
            value = list(value)
        if value not in (None, []):
            said[name] = value
    return said


def expected(path: Path) -> Path:
    """Where the expectation of an example stands."""
    return path.with_suffix(".expected.json")


if __name__ == "__main__":
    for platform_name, example_path in examples():
        said = written(adapted(platform_name, example_path.read_bytes()))
        expected(example_path).write_text(json.dumps(said, indent=1, ensure_ascii=False) + "\n")
    schema_path = _ROOT / "standard" / "events.schema.json"
    schema_path.write_text(json.dumps(events.schema(), indent=1) + "\n")
