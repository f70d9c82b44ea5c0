"""The policy in force and who accepted which version of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.database import Connection
from scoring import record_audit


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the policy: its heading, paragraphs, and list items after them."""

    heading: str
    paragraphs: tuple[str, ...]
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """A version of the policy, in force since a moment."""

    version: int
    recorded_at: datetime
    sections: tuple[Section, ...]


async def current_policy(connection: Connection) -> Policy:
    """The version in force; the first one comes with the database."""
    row = await connection.fetchrow(
        "select version, recorded_at, text from policy order by version desc limit 1"
    )
    assert row is not None, "the first migration puts a policy into force"
    return Policy(row["version"], row["recorded_at"], read(row["text"]))


async def accepted_version(connection: Connection, person_id: int) -> int | None:
    """The newest version a person accepted, or None."""
    version: int | None = await connection.fetchval(
        "select max(policy_version) from policy_acceptance where person_id = $1", person_id
    )
    return version


async def accept(connection: Connection, person_id: int, version: int, now: datetime) -> None:
    """Write down that a person accepted a version; a second time changes nothing."""
    fresh = await connection.fetchval(
        """insert into policy_acceptance (person_id, policy_version, recorded_at)
           values ($1, $2, $3) on conflict do nothing returning true""",
        person_id,
        version,
        now,
    )
    if fresh:
        subject = f"person:{person_id}"
        await record_audit(
            connection, person_id, "policy_accepted", subject, {"version": version}, now
        )


def read(text: str) -> tuple[Section, ...]:
    """Headings begin with '# ', list items with '- '; everything else is a paragraph."""
    sections: list[Section] = []
    for part in ("\n" + text).split("\n# "):
        lines = [line.strip() for line in part.splitlines() if line.strip()]
        if lines:
            rest = lines[1:]
            items = tuple(line[2:] for line in rest if line.startswith("- "))
            paragraphs = tuple(line for line in rest if not line.startswith("- "))
            sections.append(Section(lines[0].removeprefix("# "), paragraphs, items))
    return tuple(sections)
