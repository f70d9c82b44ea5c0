"""`/admin/channels`: where winners are announced besides the screens, and how that went."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from app.auth.guards import has_role, viewer_of
from app.database import Connection, transaction
from app.going_out import NotReachable
from app.notify.channels import (
    Channel,
    UnknownChannel,
    change_channel,
    channel_by_id,
    channel_kinds,
    channels,
    kinds_that_work,
    make_channel,
    queue_news,
    queue_test,
    spoken,
)
from app.notify.mail import mail_server
from app.notify.tries import Tally, tallies, try_again
from app.pages.again import asked_delivery
from app.pages.form import Form
from app.pages.fragment import back, page
from app.pages.said import Said
from app.settings import Settings
from scoring import record_audit

SHOWN: Final = 50  # messages on the page of a channel, the newest
MOST_ID: Final = 2**31 - 1
MOST_ADDRESS: Final = 2000
GUARDS: Final = [has_role("administrator")]


@get("/admin/channels", guards=GUARDS)
async def every_channel(request: Request[Any, Any, Any]) -> Response[Any]:
    """All channels, and the kinds of which one can be added."""
    async with transaction(readonly=True) as connection:
        found = await channels(connection)
        counts = await tallies(connection, "channel")
    context = {
        "channels": [(channel, counts.get(channel.id, Tally())) for channel in found],
        **_kinds(_settings(request)),
    }
    return page(request, "admin/channels.html", context)


@get("/admin/channels/new/{kind:str}", guards=GUARDS)
async def new_channel(request: Request[Any, Any, Any], kind: FromPath[str]) -> Response[Any]:
    """How to add a channel of a kind, step by step."""
    return _new(request, kind, Form())


@post("/admin/channels/new/{kind:str}", guards=GUARDS)
async def add_channel(request: Request[Any, Any, Any], kind: FromPath[str]) -> Response[Any]:
    """Add a channel."""
    settings, form = _settings(request), await Form.of(request)
    chosen = next((one for one in kinds_that_work(mail_server(settings)) if one.name == kind), None)
    if chosen is None:
        return _new(request, kind, form, status=422)
    label = form.text("label", ask="Say where this is, such as “#all-hands”.", most=80)
    target = form.value("target")[: MOST_ADDRESS + 1]
    try:
        target = chosen.check(target, settings.hook_networks)
    except NotReachable as why:
        form.wrong("target", str(why))
    if not form.fine:
        return _new(request, kind, form, status=422)
    async with transaction() as connection:
        channel_id = await make_channel(
            connection,
            chosen,
            label=label,
            target=target,
            installation_key=settings.require_secret_key(),
            person_id=viewer_of(request).person_id,
            now=datetime.now(UTC),
        )
    return back(f"/admin/channels/{channel_id}", Said.CHANNEL_MADE)


@get("/admin/channels/{channel_id:int}", guards=GUARDS)
async def one_channel(request: Request[Any, Any, Any], channel_id: FromPath[int]) -> Response[Any]:
    """One channel: what was said there and how that went."""
    async with transaction(readonly=True) as connection:
        channel = await _channel(connection, channel_id)
        said = await spoken(connection, channel.id, SHOWN)
        counts = (await tallies(connection, "channel")).get(channel.id, Tally())
    context = {"channel": channel, "spoken": said, "counts": counts, **_kinds(_settings(request))}
    return page(request, "admin/channel.html", context)


@post("/admin/channels/{channel_id:int}/{deed:str}", guards=GUARDS)
async def decide_channel(
    request: Request[Any, Any, Any], channel_id: FromPath[int], deed: FromPath[str]
) -> Response[Any]:
    """Pause, resume, remove, try it, say something again."""
    person_id, now = viewer_of(request).person_id, datetime.now(UTC)
    form = await Form.of(request)
    here = f"/admin/channels/{channel_id}"
    async with transaction() as connection:
        channel = await _channel(connection, channel_id)
        match deed:
            case "pause":
                await queue_news(connection, now)  # what was announced before this is still said
                await change_channel(connection, channel.id, "paused", person_id=person_id, now=now)
                return back(here, Said.CHANNEL_PAUSED)
            case "resume":
                await change_channel(
                    connection, channel.id, "resumed", person_id=person_id, now=now
                )
                return back(here, Said.CHANNEL_RESUMED)
            case "remove":
                await change_channel(
                    connection, channel.id, "removed", person_id=person_id, now=now
                )
                return back("/admin/channels", Said.CHANNEL_REMOVED)
            case "test":
                await queue_test(connection, channel.id, now)
                return back(here, Said.CHANNEL_TESTED)
            case "again":
                count = await try_again(
                    connection, "channel", channel.id, now, asked_delivery(form)
                )
                subject, detail = f"channel:{channel.id}", {"count": count}
                await record_audit(
                    connection, person_id, "channel_said_again", subject, detail, now
                )
                return back(here, Said.CHANNEL_AGAIN if count else Said.CHANNEL_NOTHING_AGAIN)
    raise NotFoundException


def _new(
    request: Request[Any, Any, Any], kind: str, form: Form, *, status: int = 200
) -> Response[Any]:
    chosen = channel_kinds().get(kind)
    if chosen is None:
        raise NotFoundException
    works = chosen in kinds_that_work(mail_server(_settings(request)))
    # A typed address is a secret: it does not come back in a page.
    kept = Form({"label": form.value("label")})
    for name in ("label", "target"):
        if wrong := form.error(name):
            kept.wrong(name, wrong)
    context = {"kind": chosen, "works": works, "form": kept}
    return page(request, "admin/channel_new.html", context, status=status)


def _kinds(settings: Settings) -> dict[str, Any]:
    mail = mail_server(settings)
    return {
        "kinds": list(channel_kinds().values()),
        "usable": {kind.name for kind in kinds_that_work(mail)},
        "mail": mail is not None,
    }


async def _channel(connection: Connection, channel_id: int) -> Channel:
    try:
        return await channel_by_id(connection, min(channel_id, MOST_ID))
    except UnknownChannel:
        raise NotFoundException from None


def _settings(request: Request[Any, Any, Any]) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


HANDLERS: Final = (
    every_channel,
    new_channel,
    add_channel,
    one_channel,
    decide_channel,
)
