"""Every page of contests and rewards, as a season of the demo leaves it, is readable for everybody."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

import pytest
from playwright.sync_api import Browser, Page

from app.embedded import Valkey
from tests.databases import Databases
from tests.e2e.barriers import barriers
from tests.e2e.world import World, world

RUNNING, DECIDED, TO_COME = "conversation-starters", "a-fortnight-of-stories", "new-voices"
DRAFT = "most-improved"
PAGES = {
    "employee": [
        "/", "/contests", "/rewards", "/me/notices", f"/contests/{RUNNING}", f"/contests/{DECIDED}",
        f"/contests/{TO_COME}", f"/contests/{RUNNING}/rules",
    ],
    "hr": [
        "/hr/contests", "/hr/contests/new", f"/hr/contests/{DRAFT}/edit",
        f"/hr/contests/{DRAFT}/preview", f"/hr/contests/{DRAFT}/publish",
        f"/hr/contests/{RUNNING}", f"/hr/contests/{RUNNING}/amend",
        f"/hr/contests/{RUNNING}/cancel", f"/hr/contests/{DECIDED}", "/hr/approvals",
        "/hr/delegations", "/hr/budgets", "/hr/payouts", "/hr/payments", "/hr/payout-formats",
        "/hr/payroll-numbers", "/hr/tax-notes", "/hr/reports",
    ],
    "administrator": [
        "/admin/hooks", "/admin/contests", "/admin/channels", "/admin/channels/new/slack",
        "/admin/messages",
    ],
}  # fmt: skip
# The first link of this kind on a page leads to one more page.
ONE_OF = [
    (f"/hr/contests/{DECIDED}", "/evidence/"), ("/hr/approvals", "/hr/approvals/"),
    ("/hr/budgets", "/hr/budgets/"), ("/hr/payouts", "/hr/payouts/"),
]  # fmt: skip


@pytest.fixture(scope="module")
def season(_migrated: Databases, stores: dict[str, str]) -> Iterator[World]:
    """A company whose contests ran, were decided and paid out."""
    directory = Path(mkdtemp(prefix="e2e-season-", dir=stores["directory"]))
    database = _migrated.fresh()
    with (
        Valkey(directory / "valkey") as valkey,
        world(
            directory / "demo", database, valkey.url, people=60, days=46, with_contests=True
        ) as served,
    ):
        yield served
    _migrated.drop(database)


def test_nothing_keeps_anybody_out_of_any_page_with_scripts_or_without(
    chromium: Browser, season: World
) -> None:
    found = []
    for who, paths in PAGES.items():
        context = chromium.new_context(base_url=season.address)
        page = context.new_page()
        page.goto(season.ways_in[who])
        more = [one_of(page, *where) for where in ONE_OF] if who == "hr" else []
        if who == "administrator":
            more = [a_hook(page)]
        for path in [*paths, *more]:
            answer = page.goto(path)
            assert answer is not None
            assert answer.ok, (path, answer.status)
            found += barriers(page, unfolded=True)
        context.close()
    assert not found, "\n".join(found)
    every_page_stands_without_scripts(chromium, season)


def one_of(page: Page, path: str, kind: str) -> str:
    """The address of the first link of a kind on a page."""
    page.goto(path)
    address = page.locator(f"main a[href*='{kind}']").first.get_attribute("href")
    assert address is not None
    return address


def a_hook(page: Page) -> str:
    """The address of a new hook's page."""
    page.goto("/admin/hooks")
    page.get_by_label("What it is").fill("Payroll")
    page.get_by_label("Address").fill("https://payroll.example/hooks")
    page.get_by_role("button", name="Add hook").click()
    return one_of(page, "/admin/hooks", "/admin/hooks/")


def every_page_stands_without_scripts(chromium: Browser, season: World) -> None:
    for who, paths in PAGES.items():
        context = chromium.new_context(base_url=season.address, java_script_enabled=False)
        page = context.new_page()
        page.goto(season.ways_in[who])
        for path in paths:
            page.goto(path)
            assert page.locator("h1").inner_text(), (who, path)
            # Nothing that only a script would fill or press: every button is part of a form.
            loose = page.locator("main button:not([disabled])").evaluate_all(
                "all => all.filter(one => !one.form).map(one => one.outerHTML)"
            )
            assert not loose, (who, path, loose)
        context.close()
