"""`/admin/connections/{platform}`: from nothing to the first event, and how it goes from then on.

Law: of a secret the page shows the last letters at most; words that are to be typed at the network are
shown to administrators alone, folded away.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from app.auth.guards import has_role
from app.connections import MODES, Known, State, known_connections, pace_words, state_of, trouble_of
from app.connections.words import is_pushed
from app.database import transaction
from app.live.connections import connection_topic
from app.pages.connections.listing import TAGS
from app.pages.connections.worth import DeedWords, deed_words
from app.pages.form import Form
from app.pages.fragment import page
from app.pages.heard import way
from app.pages.live import live_stream, spread_ms
from app.pages.wall import safe_address
from app.settings import Settings
from scoring import (
    FirstLook,
    Incentive,
    decisions,
    filled,
    first_look,
    parts_of,
    platforms,
    set_aside_list,
)

GUARDS: Final = [has_role("administrator")]
SHOWN: Final = 20  # deliveries set aside, the newest
JUST_NOW: Final = timedelta(minutes=10)  # a refusal this recent is said on the live line
_LOCAL: Final = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True)
class StepShown:
    """A step with everything filled in."""

    parts: list[tuple[str, str]]
    copies: list[tuple[str, str, bool]]  # its name there, the text, whether it is folded away
    lines: list[tuple[str, str, str]]  # a variable, its line for the file; set, needed or optional


@get("/admin/connections/{platform:str}", guards=GUARDS)
async def connection(request: Request[Any, Any, Any], platform: FromPath[str]) -> Response[Any]:
    """One connection."""
    return await show(request, platform, Form())


async def show(
    request: Request[Any, Any, Any], name: str, form: Form, *, status: int = 200
) -> Response[Any]:
    """The page, with a form as it was sent."""
    settings: Settings = request.app.state.settings
    now = datetime.now(UTC)
    if name not in platforms():
        raise NotFoundException
    async with transaction(readonly=True) as connection:
        everything = await known_connections(connection, settings, now)
        known = next(one for one in everything if one.name == name)
        look = await first_look(connection, name, now=now, zone=settings.timezone)
        aside = await set_aside_list(connection, SHOWN, name)
        decided = await decisions(connection, name)
        rows = await connection.fetch(
            "select person_id, name from profile where person_id = any($1::bigint[])",
            [one.person_id for one in decided if one.person_id is not None],
        )
    state = state_of(known, now)
    context = {
        "known": known,
        "network": known.platform,
        "state": state,
        "tag": TAGS[state],
        "trouble": trouble_of(known, now),
        "live": live_line(known, state, now),
        "pace": pace_words(known.paces),
        "way": way,
        "look": look,
        "deeds": words_of(look),
        "steps": steps_of(known, settings),
        "replacing": parts_of(known.platform.replacing),
        "aside": aside,
        "decided": decided,
        "names": {row["person_id"]: row["name"] for row in rows},
        "may": MODES[known.policy.mode],
        "modes": MODES,
        "choices": choices(known),
        "source": safe_address(known.policy.own.source),
        "pushed": is_pushed(known),
        "callback": f"{settings.outside_address}/webhooks/{name}",
        "settings": settings,
        "local": urlsplit(settings.outside_address).hostname in _LOCAL,
        "live_url": live_stream(request, connection_topic(name)),
        "spread": spread_ms(),
        "event": connection_topic(name).replace(":", "-"),
        "form": form,
        "now": now,
    }
    return page(request, "connections/one.html", context, status=status)


def live_line(known: Known, state: State, now: datetime) -> tuple[str, str]:
    """How it stands this moment: `waiting`, `received`, `refused` or `none`, and the words."""
    label = known.platform.label
    refused = max(known.refused, key=lambda one: one.last_at, default=None)
    last_at = known.heard_at
    if (
        refused is not None
        and now - refused.last_at < JUST_NOW
        and (last_at is None or refused.last_at > last_at)
    ):
        return "refused", f"Something came and was refused: {refused.reason}."
    if last_at is not None:
        return "received", "Received."
    if state is State.NOT_SET_UP:
        return "none", "Nothing can come yet: none of its settings is set."
    if known.handshake_at is not None:
        return "waiting", f"{label} knows the address. Waiting for the first event …"
    return "waiting", f"Waiting for the first event of {label} …"


def words_of(look: FirstLook | None) -> list[DeedWords]:
    """What a delivery tells, in words."""
    return [] if look is None else [deed_words(one) for one in look.deeds]


def steps_of(known: Known, settings: Settings) -> list[StepShown]:
    """The steps of a network, with what is to be copied and set."""
    told = settings.secrets_of(known.name)
    values: dict[str, str] = {
        "callback": f"{settings.outside_address}/webhooks/{known.name}",
        "base": settings.outside_address,
        "host": urlsplit(settings.outside_address).hostname or "",
    }
    if token := told.one("verify_token"):
        values["verify_token"] = token
    found = []
    for step in known.platform.steps:
        copies = [
            (label, filled(text, values), "{verify_token}" in text) for label, text in step.copy
        ]
        lines = [_line(known, name) for name in step.sets]
        found.append(StepShown(step.parts, copies, lines))
    return found


def _line(known: Known, name: str) -> tuple[str, str, str]:
    """A setting's variable, the line for the file of settings, and whether it is set or must be."""
    wanted = next(one for one in known.platform.wants if one.name == name)
    variable = known.platform.variable(name)
    setting = next(one for one in known.settings if one.name == name)
    made = wanted.fresh(secrets.token_bytes(32)) if wanted.fresh and not setting.values else ""
    needed = any(f"{variable} " in f"{lack} " for lack in known.lacks)
    state = "set" if setting.values else "needed" if needed else "optional"
    return variable, f"{variable}={made}", state


def choices(known: Known) -> list[tuple[str, str, str | None]]:
    """What may be decided about what may be won."""
    own: Mapping[Incentive, str] = MODES
    said = f"its own policy: {own[known.policy.own.mode]}"
    return [
        ("own", "As the network’s rules say", said),
        ("cash", "Money and vacation days", None),
        ("recognition", "Recognition only", "points and thanks, no money and no days"),
        ("off", "Nothing", None),
    ]
