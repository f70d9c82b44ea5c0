"""Takes pictures of the team screens: every slide, every step of an announcement, in both orientations.

What is announced is the demo's contest that waits for it, step by step by the leader's phone.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import asyncpg
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from app.screens.key import key_of
from app.screens.pictures import pictures
from app.screens.playlist import Playlist, Slide
from app.screens.playlists import save_playlist
from app.screens.screens import add_screen, screens
from app.screens.setting import Setting
from app.screens.slides import slide_kinds
from seeds.screens import CANTEEN, CAPTION, RECEPTION
from tests.app.screens import gallery
from tests.e2e.walls import Wall, switched_on
from tests.e2e.world import World, apart

LYING, STANDING = (1920, 1080), (1080, 1920)
READY = "ask-me-anything"
SMALL = (360, 740)
RARE = (
    "one-winner", "nameless", "tie-2-first", "tie-6-first", "tie-23-first", "longest-names",
    "right-to-left", "teams", "nobody", "closing-20", "rehearsal", "correction",
)  # fmt: skip
GAP = 12
Keep = Callable[[str, bytes], None]


def take_all(browser: Browser, served: World, keep: Keep) -> None:
    """All pictures of screens and of the pages about them."""
    walls = demo_walls(browser, served)
    administrators(browser, served, keep)
    every_slide(browser, served, keep)  # hangs more screens
    rare_cases(browser, keep)
    door = switched_on(browser, served, (1280, 720))
    keep("screen-pairing", door.screenshot())
    door.context.close()
    announced(browser, served, walls, keep)
    for wall in walls:
        wall.context.close()


def demo_walls(browser: Browser, served: World) -> list[Wall]:
    """The demo's own screens, switched on: the canteen's lies, the reception's stands."""
    sizes = {CANTEEN: ("staff", LYING), RECEPTION: ("public", STANDING)}
    made = []
    found = addresses(served)
    for name, (audience, size) in sizes.items():
        page = switched_on(browser, served, size, found[name], still=True)
        made.append(Wall(name, audience, size, page))
    return sorted(made, key=lambda wall: wall.name)


def addresses(served: World) -> dict[str, str]:
    """Every screen's address by its name."""

    async def read() -> dict[str, str]:
        connection = await asyncpg.connect(served.settings.require_database_url())
        try:
            key = served.settings.require_secret_key()
            return {
                one.setting.name: f"/screens/{key_of(key, one.id)}"
                for one in await screens(connection)
            }
        finally:
            await connection.close()

    return apart(read())


def every_slide(browser: Browser, served: World, keep: Keep) -> None:
    """A sheet of all kinds of slides for staff, lying and standing."""
    for name, size, columns in (("lying", LYING, 2), ("standing", STANDING, 4)):
        shots = []
        for path in apart(_screen_of_each_kind(served, name)):
            page = switched_on(browser, served, size, path, still=True)
            shots.append(still(page))
            page.context.close()
        keep(f"screen-slides-{name}", sheet(shots, columns, 1680))


async def _screen_of_each_kind(served: World, how: str) -> list[str]:
    connection = await asyncpg.connect(served.settings.require_database_url())
    try:
        now, key = datetime.now(UTC), served.settings.require_secret_key()
        made = []
        photo = next(one for one in await pictures(connection) if one.name.endswith(how))
        for kind in slide_kinds().values():
            options = dict(kind.example)
            if kind.name == "picture":
                options = {"picture": str(photo.id), "caption": CAPTION}
            list_id = await save_playlist(
                connection, None, Playlist(kind.label, (Slide("one", kind.name, options),)), None, now
            )  # fmt: skip
            screen = await add_screen(
                connection, Setting(kind.label, "Rotterdam", "staff", list_id),
                pairing_sha256=None, by=None, secret_key=key, now=now,
            )  # fmt: skip
            made.append(f"/screens/{key_of(key, screen.id)}")
        return made
    finally:
        await connection.close()


def rare_cases(browser: Browser, keep: Keep) -> None:
    """A sheet of what the demo's contests do not have: ties, long names, other scripts, nobody."""
    pages = gallery.rendered(RARE)
    for name, size, columns in (("lying", LYING, 4), ("standing", STANDING, 6)):
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce"
        )
        tab = context.new_page()
        tab.route("**/*", lambda route: gallery.fulfil(route, pages))
        shots = []
        for case in RARE:
            tab.goto(f"https://gallery.example/{case}")
            shots.append(still(tab))
        context.close()
        keep(f"screen-rare-{name}", sheet(shots, columns, 1680))


def administrators(browser: Browser, served: World, keep: Keep) -> None:
    """What the administrator sees of them."""
    page = signed_in(browser, served, "administrator", (1280, 900))
    page.goto("/admin/screens")
    keep("screens-admin", page.screenshot())
    page.goto("/admin/screens/playlists")
    page.get_by_role("link", name=re.compile("Canteens")).first.click()
    page.set_viewport_size({"width": 1280, "height": 1400})
    keep("playlist-editor", page.screenshot())
    page.context.close()


def announced(browser: Browser, served: World, walls: list[Wall], keep: Keep) -> None:
    """The leader prepares and announces; a sheet of all steps by wall, the podium whole."""
    page = signed_in(browser, served, "leader", (1280, 1400))
    page.goto(f"/leader/announcements/{READY}")
    keep("announce", page.screenshot())
    page.get_by_label("Your line (may be left empty)").fill(
        "You asked, you answered. That is all it takes to be remembered."
    )
    page.get_by_role("radio", name="Step by step").check()
    page.get_by_label("Yes, announce it like this").check()
    page.get_by_role("button", name="Announce it").click()
    page.set_viewport_size({"width": SMALL[0], "height": SMALL[1]})
    shots: dict[str, list[bytes]] = {wall.name: [] for wall in walls}
    remote, number, podium = page.locator("#remote"), 0, 0
    while not page.get_by_role("heading", name="It is over").count():
        number += 1
        expect(remote).to_contain_text(re.compile(rf"\b{number} of \d+"))
        for wall in walls:
            expect(wall.page.locator("#stage")).to_have_attribute(
                "data-key", re.compile(rf"^reveal-\d+-{number}$"), timeout=10_000
            )
            shots[wall.name].append(still(wall.page))
            if wall.page.locator(".step-headline").count() and podium < len(walls):
                podium += 1
                keep(f"screen-podium-{wall.audience}", smaller(shots[wall.name][-1], wall.size))
                keep("remote", page.screenshot())
        page.get_by_role("button", name=re.compile("^(Next|Finish)$")).click()
        expect(remote).not_to_contain_text(re.compile(rf"\b{number} of \d+"))
    keep("screen-steps-lying", sheet(shots[CANTEEN], 4, 1680))
    keep("screen-steps-standing", sheet(shots[RECEPTION], 8, 1680))
    page.context.close()
    people = signed_in(browser, served, "employee", (1280, 1100))
    people.goto("/announcements")
    keep("announcements", people.screenshot())
    people.context.close()


def signed_in(browser: Browser, served: World, who: str, size: tuple[int, int]) -> Page:
    """A page of somebody."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, base_url=served.address,
        reduced_motion="reduce",
    )  # fmt: skip
    page = context.new_page()
    page.goto(served.ways_in[who])
    return page


def still(page: Page) -> bytes:
    """The picture of a screen, its fonts and pictures there."""
    page.evaluate("document.fonts.ready")
    page.wait_for_function("[...document.images].every(one => one.complete)")
    return page.screenshot()


def smaller(shot: bytes, size: tuple[int, int]) -> bytes:
    """A screen's picture at two thirds of its size."""
    return packed(Image.open(io.BytesIO(shot)).resize((size[0] * 2 // 3, size[1] * 2 // 3)))


def sheet(shots: Sequence[bytes], columns: int, width: int) -> bytes:
    """Pictures side by side on paper, so many a row."""
    cell = (width - GAP * (columns + 1)) // columns
    opened = [Image.open(io.BytesIO(shot)).convert("RGB") for shot in shots]
    height = cell * opened[0].height // opened[0].width
    rows = -(-len(opened) // columns)
    paper = Image.new("RGB", (width, rows * (height + GAP) + GAP), (128, 124, 116))
    for index, one in enumerate(opened):
        row, column = divmod(index, columns)
        where = (GAP + column * (cell + GAP), GAP + row * (height + GAP))
        paper.paste(one.resize((cell, height), Image.Resampling.LANCZOS), where)
    return packed(paper)


def packed(picture: Image.Image) -> bytes:
    """As WebP: screens have gradients and photographs, of which a PNG would be too large."""
    out = io.BytesIO()
    picture.convert("RGB").save(out, "WEBP", quality=84, method=6)
    return out.getvalue()
