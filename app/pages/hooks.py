"""`/admin/hooks`: other systems that are told of contests and awards, and how telling them went."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from app.auth.guards import has_role, viewer_of
from app.database import Connection, transaction
from app.notify.hooks import (
    Hook,
    NotReachable,
    UnknownHook,
    change_hook,
    checked_url,
    hook_by_id,
    hooks,
    make_hook,
    secret_of,
    send_test,
    told,
)
from app.notify.tries import Tally, tallies, try_again
from app.pages.again import asked_delivery
from app.pages.form import Form
from app.pages.fragment import back, page
from app.pages.said import Said
from app.settings import Settings
from rewards import EVENT_TYPES
from scoring import record_audit

SHOWN: Final = 50  # deliveries on the page of a hook, the newest
MOST_ID: Final = 2**31 - 1
GUARDS: Final = [has_role("administrator")]


@get("/admin/hooks", guards=GUARDS)
async def every_hook(request: Request[Any, Any, Any]) -> Response[Any]:
    """All hooks and a form for another one."""
    return await _list(request, Form({f"event:{name}": "yes" for name in EVENT_TYPES}))


@post("/admin/hooks", guards=GUARDS)
async def add(request: Request[Any, Any, Any]) -> Response[Any]:
    """Add a hook."""
    form = await Form.of(request)
    label = form.text("label", ask="Say what this is, such as “Payroll”.", most=80)
    url = form.value("url")
    try:
        url = checked_url(url, _settings(request).hook_networks)
    except NotReachable as why:
        form.wrong("url", str(why))
    events = [name for name in EVENT_TYPES if form.ticked(f"event:{name}")]
    if not events:
        form.wrong("events", "Choose at least one event.")
    if not form.fine:
        return await _list(request, form, status=422)
    person_id, now = viewer_of(request).person_id, datetime.now(UTC)
    async with transaction() as connection:
        hook_id = await make_hook(
            connection, label=label, url=url, events=events, person_id=person_id, now=now
        )
    return back(f"/admin/hooks/{hook_id}", Said.HOOK_MADE)


@get("/admin/hooks/{hook_id:int}", guards=GUARDS)
async def one_hook(request: Request[Any, Any, Any], hook_id: FromPath[int]) -> Response[Any]:
    """One hook: its secret, what it was told and how that went."""
    async with transaction(readonly=True) as connection:
        hook = await _hook(connection, hook_id)
        deliveries = await told(connection, hook.id, SHOWN)
        counts = (await tallies(connection, "hook")).get(hook.id, Tally())
    secret = secret_of(_settings(request).require_secret_key(), hook.id, hook.generation)
    context = {"hook": hook, "told": deliveries, "counts": counts, "secret": secret}
    return page(request, "admin/hook.html", context)


@post("/admin/hooks/{hook_id:int}/{deed:str}", guards=GUARDS)
async def decide(
    request: Request[Any, Any, Any], hook_id: FromPath[int], deed: FromPath[str]
) -> Response[Any]:
    """Pause, resume, remove, replace the secret, try it, tell something again."""
    person_id, now = viewer_of(request).person_id, datetime.now(UTC)
    form = await Form.of(request)
    here = f"/admin/hooks/{hook_id}"
    async with transaction() as connection:
        hook = await _hook(connection, hook_id)
        match deed:
            case "pause":
                await change_hook(connection, hook.id, "paused", person_id=person_id, now=now)
                return back(here, Said.HOOK_PAUSED)
            case "resume":
                await change_hook(connection, hook.id, "resumed", person_id=person_id, now=now)
                return back(here, Said.HOOK_RESUMED)
            case "remove":
                await change_hook(connection, hook.id, "removed", person_id=person_id, now=now)
                return back("/admin/hooks", Said.HOOK_REMOVED)
            case "rotate":
                await change_hook(connection, hook.id, "rotated", person_id=person_id, now=now)
                return back(here, Said.HOOK_ROTATED)
            case "test":
                await send_test(connection, hook.id, now)
                return back(here, Said.HOOK_TESTED)
            case "again":
                count = await try_again(connection, "hook", hook.id, now, asked_delivery(form))
                subject = f"hook:{hook.id}"
                await record_audit(
                    connection, person_id, "hook_redelivered", subject, {"count": count}, now
                )
                return back(here, Said.HOOK_AGAIN if count else Said.HOOK_NOTHING_AGAIN)
    raise NotFoundException


async def _list(request: Request[Any, Any, Any], form: Form, *, status: int = 200) -> Response[Any]:
    async with transaction(readonly=True) as connection:
        found = await hooks(connection)
        counts = await tallies(connection, "hook")
    context = {
        "hooks": [(hook, counts.get(hook.id, Tally())) for hook in found],
        "events": EVENT_TYPES,
        "form": form,
    }
    return page(request, "admin/hooks.html", context, status=status)


async def _hook(connection: Connection, hook_id: int) -> Hook:
    try:
        return await hook_by_id(connection, min(hook_id, MOST_ID))
    except UnknownHook:
        raise NotFoundException from None


def _settings(request: Request[Any, Any, Any]) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


HANDLERS: Final = (every_hook, add, one_hook, decide)
