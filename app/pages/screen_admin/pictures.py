"""`/admin/screens/pictures`: pictures of the company for slides.

Law: a picture that a playlist shows stays; it goes once no slide names it.
"""

from __future__ import annotations

import asyncio
import io
from datetime import UTC, datetime
from pathlib import PurePath
from typing import Any, Final

from litestar import Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from PIL import Image

from app.auth.guards import has_role, viewer_of
from app.database import transaction
from app.pages.form import Form
from app.pages.fragment import back, page
from app.pages.said import Said
from app.pages.screen_admin.playlists import MOST_ID
from app.pages.upload import uploaded
from app.screens.pictures import drawn_of, keep_picture, picture, pictures, shows_picture
from app.screens.playlists import Saved, playlists
from rewards import Refused
from scoring import record_audit

HERE: Final = "/admin/screens/pictures"
GUARDS: Final = [has_role("administrator")]
THUMBNAIL: Final = (480, 480)
MOST_NAME: Final = 80
# A picture never changes under its number; only this browser keeps it.
KEPT: Final = {"Cache-Control": "private, max-age=31536000, immutable"}


@get(HERE, guards=GUARDS)
async def every_picture(request: Request[Any, Any, Any]) -> Response[Any]:
    """All pictures, where each is shown, and a form for another one."""
    return await _list(request, Form())


@post(HERE, guards=GUARDS)
async def keep(request: Request[Any, Any, Any]) -> Response[Any]:
    """Keep a picture."""
    form = await Form.of(request)
    by, now = viewer_of(request).person_id, datetime.now(UTC)
    name = form.optional("name", most=MOST_NAME) or await _file_name(request)
    if form.fine:
        try:
            drawn = await drawn_of(await uploaded(request))
            async with transaction() as connection:
                await keep_picture(connection, name, drawn, by, now)
        except Refused as refused:
            form.wrong(refused.field or "file", str(refused))
    if not form.fine:
        return await _list(request, form, status=422)
    return back(HERE, Said.PICTURE_KEPT)


@get(HERE + "/{picture_id:int}", guards=GUARDS)
async def one_picture(request: Request[Any, Any, Any], picture_id: FromPath[int]) -> Response[Any]:
    """The picture itself; `?small` a small one of it."""
    async with transaction(readonly=True) as connection:
        found = await picture(connection, min(picture_id, MOST_ID))
    if found is None:
        raise NotFoundException("There is no such picture.")
    if "small" in request.query_params:
        small = await asyncio.to_thread(smaller, found.body)
        return Response(small, media_type="image/webp", headers=KEPT)
    return Response(found.body, media_type=found.media_type, headers=KEPT)


@post(HERE + "/{picture_id:int}/remove", guards=GUARDS)
async def remove(request: Request[Any, Any, Any], picture_id: FromPath[int]) -> Response[Any]:
    """Remove a picture that no slide shows. Twice is once."""
    by, now = viewer_of(request).person_id, datetime.now(UTC)
    form, picture_id = await Form.of(request), min(picture_id, MOST_ID)
    async with transaction() as connection:
        shown_in = used_in(picture_id, await playlists(connection))
        if shown_in:
            names = " and ".join(f"“{one.playlist.name}”" for one in shown_in[:2])
            more = f" and {len(shown_in) - 2} more" if len(shown_in) > 2 else ""
            form.wrong(f"picture-{picture_id}", f"Shown in {names}{more}. Remove its slide first.")
        elif await connection.fetchval(
            "delete from screen_picture where id = $1 returning id", picture_id
        ):
            subject = f"screen_picture:{picture_id}"
            await record_audit(connection, by, "picture_removed", subject, {}, now)
    if not form.fine:
        return await _list(request, form, status=409)
    return back(HERE, Said.PICTURE_REMOVED)


def used_in(picture_id: int, saved: list[Saved]) -> list[Saved]:
    """The playlists that show a picture."""
    return [one for one in saved if shows_picture(one.playlist, picture_id)]


def smaller(body: bytes) -> bytes:
    """A picture as its list shows it, in WebP."""
    with Image.open(io.BytesIO(body)) as opened:
        opened.draft("RGB", THUMBNAIL)  # of a JPEG unpacks no more than is needed
        opened.thumbnail(THUMBNAIL)
        out = io.BytesIO()
        opened.save(out, "WEBP", quality=80)
    return out.getvalue()


async def _file_name(request: Request[Any, Any, Any]) -> str:
    """What the file was called, without its ending."""
    sent = (await request.form()).get("file")
    return PurePath(sent.filename).stem[:MOST_NAME] if isinstance(sent, UploadFile) else ""


async def _list(request: Request[Any, Any, Any], form: Form, *, status: int = 200) -> Response[Any]:
    async with transaction(readonly=True) as connection:
        found = await pictures(connection)
        saved = await playlists(connection)
    context = {"form": form, "rows": [(one, used_in(one.id, saved)) for one in found]}
    return page(request, "admin/screens/pictures.html", context, status=status)


HANDLERS: Final = (every_picture, keep, one_picture, remove)
