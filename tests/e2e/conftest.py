"""One company and one browser for all tests here; each test has a window of its own.

They end with the last of these tests (scope "package"): afterwards the company's processes would work
beside other tests, and while Playwright runs, its event loop keeps tests that need one of their own
from running in the same process.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import mkdtemp

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from app.embedded import Valkey
from tests.chromium import ARGUMENTS, executable
from tests.databases import Databases
from tests.e2e.world import World, world

Visit = Callable[..., Page]
WIDE, NARROW = (1280, 900), (360, 740)
PATIENCE_MS = 30_000  # for what a page shows; no law here is about how fast this machine is
expect.set_options(timeout=PATIENCE_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here is an end-to-end test."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="package")
def installation(_migrated: Databases, stores: dict[str, str]) -> Iterator[World]:
    """The real processes, with a Valkey that no other test empties."""
    directory = Path(mkdtemp(prefix="e2e-", dir=stores["directory"]))
    database = _migrated.fresh()
    with (
        Valkey(directory / "valkey") as valkey,
        world(directory / "demo", database, valkey.url) as served,
    ):
        yield served
    _migrated.drop(database)


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """A Chromium without a window."""
    with sync_playwright() as playwright:
        # Headless is Playwright's own to say; our other arguments hold.
        arguments = [argument for argument in ARGUMENTS if argument != "--headless"]
        browser = playwright.chromium.launch(executable_path=executable(), args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Browser, installation: World) -> Iterator[Visit]:
    """Opens a page as a persona (None: not signed in); a script's error on any fails the test."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def open_page(
        path: str = "/",
        who: str | None = "employee",
        *,
        size: tuple[int, int] = WIDE,
        scheme: str = "light",
        scripts: bool = True,
    ) -> Page:
        context = chromium.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme=scheme,
            java_script_enabled=scripts,
            base_url=installation.address,
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on(
            "console",
            lambda said: (
                errors.append(said.text) if "Content Security Policy" in said.text else None
            ),
        )
        if who is not None:
            page.goto(installation.ways_in[who])
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not errors
