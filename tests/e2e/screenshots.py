"""Takes the README's pictures from the real pages of a demo company: `make screenshots`.

A picture is what a visitor of `make demo` sees; nothing is arranged for it.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from app.database import migrate
from app.embedded import services
from app.settings import Settings
from tests.chromium import ARGUMENTS, ensure
from tests.e2e.world import World, world

PICTURES = Path(__file__).resolve().parents[2] / "docs" / "pictures"
MOST_BYTES = 250_000  # the README stays quick on a telephone
WIDE, NARROW = (1280, 900), (360, 740)


@dataclass(frozen=True)
class Picture:
    """One page as somebody sees it; `who` None is nobody signed in."""

    name: str
    path: str
    who: str | None = "employee"
    size: tuple[int, int] = WIDE
    scheme: str = "light"


ALL = [
    Picture("leaderboard", "/"),
    Picture("leaderboard-dark", "/", scheme="dark"),
    Picture("leaderboard-narrow", "/", size=NARROW),
    Picture("why", "/why"),
    Picture("points", "/points"),
    Picture("join", "/join", "administrator"),
    Picture("give-and-take", "/give-and-take", "communications"),
    Picture("deliveries", "/admin/deliveries", "administrator"),
]


def take(browser: Browser, served: World, picture: Picture) -> int:
    """Take one picture; returns its size in bytes."""
    context = browser.new_context(
        viewport={"width": picture.size[0], "height": picture.size[1]},
        color_scheme="dark" if picture.scheme == "dark" else "light",
        base_url=served.address,
        reduced_motion="reduce",
    )
    page = context.new_page()
    if picture.who is not None:
        page.goto(served.ways_in[picture.who])
    page.goto(picture.path)
    if page.locator("#live-mark").count():
        page.get_by_text("Live", exact=True).wait_for()
    page.evaluate("document.fonts.ready")
    file = PICTURES / f"{picture.name}.png"
    page.screenshot(path=file)
    context.close()
    size = file.stat().st_size
    if size > MOST_BYTES:
        raise SystemExit(f"{file.name} has {size:,} bytes; at most {MOST_BYTES:,} are wanted.")
    return size


def main() -> None:
    """Start a company, take all pictures, stop it."""
    options = argparse.ArgumentParser(prog="make screenshots", description=__doc__)
    options.add_argument("--people", type=int, default=400)
    options.add_argument("--days", type=int, default=60)
    wanted = options.parse_args()
    PICTURES.mkdir(parents=True, exist_ok=True)
    executable = ensure()
    directory = Path(tempfile.mkdtemp(prefix="fanfare-pictures-"))
    # As root, the account that PostgreSQL runs as passes through.
    directory.chmod(0o711)
    try:
        with services(Settings(data_dir=directory / "services"), tell=print) as settings:
            asyncio.run(migrate(settings.require_database_url()))
            print(f"Filling a company of {wanted.people} with {wanted.days} days …", flush=True)
            with (
                world(
                    directory / "demo",
                    settings.require_database_url(),
                    settings.require_redis_url(),
                    people=wanted.people,
                    days=wanted.days,
                ) as served,
                sync_playwright() as playwright,
            ):
                arguments = [argument for argument in ARGUMENTS if argument != "--headless"]
                browser = playwright.chromium.launch(executable_path=executable, args=arguments)
                for picture in ALL:
                    size = take(browser, served, picture)
                    print(f"{picture.name}.png  {size // 1000} kB", flush=True)
                browser.close()
    finally:
        shutil.rmtree(directory, ignore_errors=True)


if __name__ == "__main__":
    main()
