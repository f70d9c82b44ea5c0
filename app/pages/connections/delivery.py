"""`/admin/deliveries/{id}`: one delivery as it came, shown so that nothing in it can do anything.

Laws: whatever a network sent is text here, with every character that cannot be seen made visible; who
looked stands in the audit.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from app.auth.guards import has_role, viewer_of
from app.database import transaction
from app.pages.connections.one import words_of
from app.pages.fragment import page
from app.pages.heard import way
from app.pages.linking import label
from app.settings import Settings
from scoring import delivery_file, load_books, looked_at, platforms, record_audit

MOST: Final = 40_000  # characters on a page; the command prints all of it
MOST_ID: Final = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Body:
    """A body as it may be shown; `left_out` characters are not."""

    text: str
    is_json: bool
    left_out: int


@get("/admin/deliveries/{delivery_id:int}", guards=[has_role("administrator")])
async def delivery(request: Request[Any, Any, Any], delivery_id: FromPath[int]) -> Response[Any]:
    """One delivery: its history, its body, what it tells."""
    settings: Settings = request.app.state.settings
    now = datetime.now(UTC)
    if not 0 < delivery_id <= MOST_ID:
        raise NotFoundException
    async with transaction() as connection:
        found = await delivery_file(connection, delivery_id)
        if found is None:
            raise NotFoundException
        subject = f"delivery:{delivery_id}"
        await record_audit(connection, viewer_of(request).person_id, "opened", subject, {}, now)
        books = await load_books(connection, settings.timezone)
    raw = found.delivery
    look = None if raw is None else looked_at(raw, books.in_force(now), ())
    network = raw.platform if raw is not None else None
    context = {
        "id": delivery_id,
        "file": found,
        "raw": raw,
        "body": None if raw is None else shown(raw.body),
        "size": 0 if raw is None else len(raw.body),
        "look": look,
        "deeds": words_of(look),
        "network": network,
        "label": label(network) if network else "",
        "known": network in platforms(),
        "way": way,
        "aside": bool(found.outcomes) and found.outcomes[-1][1] == "set_aside",
    }
    return page(request, "connections/delivery.html", context)


def shown(body: bytes, most: int = MOST) -> Body:
    """A body as text in which every character can be seen. Pure."""
    raw = body.decode("utf-8", "backslashreplace")
    laid_out = _laid_out(raw)
    text = raw if laid_out is None else laid_out
    return Body(
        "".join(map(_visible, text[:most])),
        laid_out is not None,
        max(0, len(text) - most),
    )


def _laid_out(text: str) -> str | None:
    """JSON as one can read it; None for what is none."""
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return None


def _visible(letter: str) -> str:
    """A letter, or its number where it could not be seen or would move its neighbours."""
    if letter.isprintable() or letter in "\n\t":
        return letter
    return f"\\u{ord(letter):04x}" if ord(letter) < 0x10000 else f"\\U{ord(letter):08x}"
