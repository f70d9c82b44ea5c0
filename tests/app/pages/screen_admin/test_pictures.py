"""Pictures for slides: sent, shown small, kept while a slide shows them."""

from __future__ import annotations

import io

from PIL import Image

from app.pages.screen_admin.pictures import THUMBNAIL
from app.screens.pictures import pictures
from tests.app.pages.screen_admin.conftest import Desk, beside, fields_of

HERE = "/admin/screens/pictures"


def png(width: int = 1280, height: int = 720) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "#24499c").save(out, "PNG")
    return out.getvalue()


async def test_a_picture_is_sent_listed_and_served_small(desk: Desk) -> None:
    answer = await desk.send(HERE, {"name": "<i>Party</i>"}, file=png())
    assert answer.status_code == 303, answer.text
    html = await desk.page(HERE)
    assert "&lt;i&gt;Party" in html
    (kept,) = await pictures(desk.connection)
    small = await desk.browser.get(f"{HERE}/{kept.id}?small")
    assert small.headers["content-type"] == "image/webp"
    with Image.open(io.BytesIO(small.content)) as opened:
        assert opened.width == THUMBNAIL[0]
    whole = await desk.browser.get(f"{HERE}/{kept.id}")
    assert whole.headers["content-type"] == "image/png"
    assert (await desk.browser.get(f"{HERE}/99")).status_code == 404


async def test_without_a_name_it_is_called_as_its_file(desk: Desk) -> None:
    await desk.send(HERE, {}, file=png())
    assert [one.name for one in await pictures(desk.connection)] == ["party"]


async def test_what_is_no_picture_is_told_beside_the_field(desk: Desk) -> None:
    for file in (None, b"", b"<svg onload=alert(1)>", png()[:200]):
        answer = await desk.send(HERE, {"name": "Party"}, file=file)
        assert answer.status_code == 422
        assert beside(answer.text, "file")
        assert 'value="Party"' in answer.text
    long = await desk.send(HERE, {"name": "n" * 5_000}, file=png())
    assert beside(long.text, "name")
    assert await pictures(desk.connection) == []


async def test_a_picture_goes_only_once_no_slide_shows_it(desk: Desk) -> None:
    await desk.send(HERE, {"name": "Party"}, file=png())
    (kept,) = await pictures(desk.connection)
    playlist_id = await desk.playlist("Canteen", "nothing")
    path = f"/admin/screens/playlists/{playlist_id}"
    added = await desk.send(path, [*fields_of(await desk.page(path)), ("do", "add:picture")])
    assert (await desk.send(path, fields_of(added.text))).status_code == 303
    assert "Shown in" in await desk.page(HERE)
    refused = await desk.send(f"{HERE}/{kept.id}/remove")
    assert refused.status_code == 409
    assert "“Canteen”" in (beside(refused.text, f"picture-{kept.id}") or "")
    await desk.send(f"{path}/remove")
    for _ in range(2):
        assert (await desk.send(f"{HERE}/{kept.id}/remove")).status_code == 303
    assert await pictures(desk.connection) == []
