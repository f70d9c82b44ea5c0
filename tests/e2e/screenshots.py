"""Takes the README's pictures from the real pages of a demo company: `make screenshots`.

A picture is what a visitor of `make demo` sees; nothing is arranged for it.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from app.database import migrate
from app.embedded import services
from app.settings import Settings
from seeds.contests import VOICES
from tests.chromium import ARGUMENTS, ensure
from tests.e2e.screen_pictures import take_all
from tests.e2e.world import World, world

PICTURES = Path(__file__).resolve().parents[2] / "docs" / "pictures"
MOST_BYTES = 300_000  # the README stays quick on a telephone
WIDE, TALL, NARROW = (1280, 900), (1280, 1400), (360, 740)


@dataclass(frozen=True)
class Picture:
    """One page as somebody sees it; `who` None is nobody signed in.

    `then`: what they do there before the picture is taken.
    """

    name: str
    path: str
    who: str | None = "employee"
    size: tuple[int, int] = WIDE
    scheme: str = "light"
    then: Callable[[Page], None] = lambda page: None


# When the demo's last contest ends, in days from today: its quarter has budgets.
LAST = VOICES.last


def copied(page: Page) -> None:
    """Copy the contest that the address names, and give the copy its days."""
    page.get_by_role("button", name="Copy it").click()
    expect(page.get_by_role("button", name="Publish contest")).to_be_visible()
    end = datetime.now(UTC) + timedelta(days=LAST)
    page.get_by_label("Name", exact=True).fill("Winter conversations")
    page.get_by_label("Starts on").fill(f"{end - timedelta(days=10):%Y-%m-%d}")
    page.get_by_label("Ends on").fill(f"{end:%Y-%m-%d}")
    for choice in page.locator("select[name$=_budget]:visible").all():
        days = choice.locator("xpath=ancestor::li").locator("[name$=_kind]").input_value() == "days"
        words = choice.locator("option").filter(has_text="days" if days else "€")
        choice.select_option(value=words.last.get_attribute("value"))  # the newest quarter's
    expect(page.locator("#contest-panel")).to_contain_text("could enter today")


def edited(page: Page) -> None:
    """… and save it, so that nothing but the draft is on the page."""
    copied(page)
    page.get_by_role("button", name="Save draft").last.click()
    expect(page.locator("#toast")).to_contain_text("saved")
    page.goto(page.url)
    expect(page.locator("#contest-panel")).to_contain_text("could enter today")


def asked(page: Page) -> None:
    """… or press the button that asks once more."""
    copied(page)
    page.get_by_role("button", name="Publish contest").click()
    expect(page.get_by_role("button", name="Yes, publish")).to_be_visible()


def first(link: str) -> Callable[[Page], None]:
    """Follow the first link whose address has these letters."""

    def follow(page: Page) -> None:
        page.locator(f"main a[href*='{link}']").first.click()
        page.wait_for_url(f"**{link}**")

    return follow


def named(page: Page) -> None:
    """Name a post of one's own by its address, on a network whose addresses hold when it was written."""
    networks = page.locator("#me-accounts b").all_inner_texts()
    moment = int((datetime.now(UTC) - timedelta(hours=3)).timestamp() * 1000)
    if "LinkedIn" in networks:
        address = f"urn:li:activity:{moment << 22}"
    else:
        address = f"https://x.com/i/status/{moment - 1_288_834_974_657 << 22}"
    page.goto("/share/post")
    page.get_by_label("Address of the post").fill(address)
    page.get_by_role("button", name="Look at it").click()
    expect(page.get_by_role("heading", name="Is it this one?")).to_be_visible()


RUNNING, DECIDED = "conversation-starters", "a-fortnight-of-stories"
ALL = [
    Picture("leaderboard", "/"),
    Picture("leaderboard-dark", "/", scheme="dark"),
    Picture("leaderboard-narrow", "/", size=NARROW),
    Picture("why", "/why"),
    Picture("points", "/points"),
    Picture("join", "/join", "administrator"),
    Picture("give-and-take", "/give-and-take", "communications"),
    Picture("deliveries", "/admin/deliveries", "administrator"),
    Picture("connections", "/admin/connections", "administrator"),
    Picture("connection", "/admin/connections/mastodon", "administrator"),
    Picture("hand-in", "/me", then=named),
    Picture("contest", f"/contests/{RUNNING}"),
    Picture("contest-dark", f"/contests/{RUNNING}", scheme="dark"),
    Picture("contest-narrow", f"/contests/{RUNNING}", size=NARROW),
    Picture("wallet", "/rewards"),
    Picture("budgets", "/hr/budgets", "hr"),
    Picture("approvals", "/hr/approvals", "hr"),
    Picture("decided", f"/hr/contests/{DECIDED}", "hr"),
    Picture("evidence", f"/hr/contests/{DECIDED}", "hr", then=first("/evidence/")),
    Picture("payouts", "/hr/payouts", "hr"),
    Picture("reports", "/hr/reports", "hr"),
    # Last: these write a draft.
    Picture("contest-editor", f"/hr/contests/new?copy={RUNNING}", "hr", TALL, then=edited),
    Picture("contest-confirm", f"/hr/contests/new?copy={RUNNING}", "hr", then=asked),
]


def take(browser: Browser, served: World, picture: Picture) -> None:
    """Take one picture."""
    context = browser.new_context(
        viewport={"width": picture.size[0], "height": picture.size[1]},
        color_scheme="dark" if picture.scheme == "dark" else "light",
        base_url=served.address,
        reduced_motion="reduce",
    )
    page = context.new_page()
    if picture.who is not None:
        page.goto(served.ways_in[picture.who])
    answer = page.goto(picture.path)
    if answer is None or not answer.ok:
        raise SystemExit(f"{picture.path} is not there for {picture.who}: {answer}")
    picture.then(page)
    if page.locator("#live-mark").count():
        page.get_by_text("Live", exact=True).wait_for()
    page.evaluate("document.fonts.ready")
    shot = page.screenshot()
    context.close()
    keep(picture.name, shot)


def keep(name: str, shot: bytes) -> None:
    """Keep a picture, if it is small enough."""
    file = PICTURES / f"{name}.{'webp' if shot[8:12] == b'WEBP' else 'png'}"
    if len(shot) > MOST_BYTES:
        raise SystemExit(f"{file.name} has {len(shot):,} bytes; at most {MOST_BYTES:,} are wanted.")
    file.write_bytes(shot)
    print(f"{file.name}  {len(shot) // 1000} kB", flush=True)


def main() -> None:
    """Start a company, take all pictures, stop it."""
    options = argparse.ArgumentParser(prog="make screenshots", description=__doc__)
    options.add_argument("--people", type=int, default=400)
    options.add_argument("--days", type=int, default=60)
    options.add_argument("--screens", action="store_true", help="only those of the team screens")
    options.add_argument("--only", nargs="+", metavar="NAME", help="only these of the pages")
    wanted = options.parse_args()
    PICTURES.mkdir(parents=True, exist_ok=True)
    executable = ensure()
    directory = Path(tempfile.mkdtemp(prefix="fanfare-screenshots-"))
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
                    with_contests=True,
                ) as served,
                sync_playwright() as playwright,
            ):
                # As the demo does every few minutes: what cannot be read, and what nobody has heard of.
                served.tell("post.figures", {"post": "intranet-4711", "figures": {"reaction": -1}})
                served.tell("kettle.boiled", {})
                arguments = [argument for argument in ARGUMENTS if argument != "--headless"]
                browser = playwright.chromium.launch(executable_path=executable, args=arguments)
                for picture in [] if wanted.screens else ALL:
                    if wanted.only is None or picture.name in wanted.only:
                        take(browser, served, picture)
                if wanted.only is None:
                    take_all(browser, served, keep)
                browser.close()
    finally:
        shutil.rmtree(directory, ignore_errors=True)


if __name__ == "__main__":
    main()
