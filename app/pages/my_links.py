"""`/me/links`: one's own tracked links, made and ended.

Law: only one's own are shown, and who opened them nobody can be told.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from app.auth.guards import signed_in, viewer_of
from app.clicks import PREFIX
from app.database import transaction
from app.pages.form import Form
from app.pages.fragment import back, page
from app.pages.said import Said
from scoring import (
    Named,
    NoSuchLink,
    NotLinkable,
    TooManyLinks,
    accounts_of,
    checked_target,
    end_link,
    links_of,
    make_link,
    platforms,
)

HERE: Final = "/me/links"
MOST_LABEL: Final = 120
MOST_ADDRESS: Final = 2048


@get(HERE, guards=[signed_in])
async def my_links(request: Request[Any, Any, Any]) -> Response[Any]:
    """One's own links and how often each was opened."""
    return await _page(request, Form())


@post(HERE, guards=[signed_in])
async def add_link(request: Request[Any, Any, Any]) -> Response[Any]:
    """Make a link."""
    form, viewer = await Form.of(request), viewer_of(request)
    typed = form.text("target", ask="Paste the address it leads to.", most=MOST_ADDRESS)
    label = form.text("label", ask="Say what it leads to, in a few words.", most=MOST_LABEL)
    target = ""
    if not form.error("target"):
        try:
            target = checked_target(typed)
        except NotLinkable as why:
            form.wrong("target", str(why))
    if form.fine and viewer.enrolment is None:
        form.wrong("target", "Only who takes part has links. Join first.")
    if form.fine:
        try:
            async with transaction() as connection:
                await make_link(connection, viewer.person_id, target, label, datetime.now(UTC))
        except TooManyLinks:
            form.wrong("target", "You have 500 links in use. End one that you need no more.")
    if not form.fine:
        return await _page(request, form, status=422)
    return back(HERE, Said.LINK_MADE)


@post(HERE + "/{code:str}/end", guards=[signed_in])
async def end(request: Request[Any, Any, Any], code: FromPath[str]) -> Response[Any]:
    """Count a link's openings no more; it still leads on."""
    try:
        async with transaction() as connection:
            await end_link(connection, viewer_of(request).person_id, code, datetime.now(UTC))
    except NoSuchLink:
        raise NotFoundException from None
    return back(HERE, Said.LINK_ENDED)


def _composers(label: str, address: str, own: Mapping[str, Named]) -> list[tuple[str, str]]:
    """Where a post about a link can be begun: each network's label and the address of its composer."""
    begun = (
        (network.label, network.share_link(label, address, own.get(network.name)))
        for network in platforms().values()
    )
    return [(name, href) for name, href in begun if href is not None]


async def _page(request: Request[Any, Any, Any], form: Form, *, status: int = 200) -> Response[Any]:
    person_id = viewer_of(request).person_id
    async with transaction(readonly=True) as connection:
        found = await links_of(connection, person_id)
        accounts = await accounts_of(connection, person_id, datetime.now(UTC))
    settings = request.app.state.settings
    address = settings.outside_address + PREFIX  # visitors come from the internet
    own = {one.platform: one.named for one in accounts}
    context = {
        "links": found,
        "address": address,
        "composers": {
            link.code: _composers(link.label, address + link.code, own)
            for link in found
            if not link.ended
        },
        # By another name a browser does not say who is signed in here.
        "knows_author": settings.outside_address == settings.base_url,
        "form": form,
    }
    return page(request, "me/links.html", context, status=status)


HANDLERS: Final = (my_links, add_link, end)
