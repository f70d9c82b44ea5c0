"""The browser of somebody who lets Fanfare see an account: a real one, whose names lead to this machine."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from playwright.async_api import Page, async_playwright

from tests.chromium import ARGUMENTS, executable
from tests.peers.running import PATIENCE_S


@asynccontextmanager
async def browser(names: Mapping[str, int | None]) -> AsyncIterator[Page]:
    """A window in which `https://name` is answered on that port of loopback; None: on the port asked for."""
    rules = [
        f"MAP {name} 127.0.0.1" if port is None else f"MAP {name}:443 127.0.0.1:{port}"
        for name, port in names.items()
    ]
    arguments = [argument for argument in ARGUMENTS if argument != "--headless"]
    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(
            executable_path=executable(),
            args=[*arguments, f"--host-resolver-rules={','.join(rules)}"],
        )
        try:
            context = await opened.new_context(ignore_https_errors=True)
            context.set_default_timeout(PATIENCE_S * 1000)
            yield await context.new_page()
        finally:
            await opened.close()


async def sign_in(page: Page, address: str, email: str, password: str) -> None:
    """Sign in to Fanfare."""
    await page.goto(f"{address}/sign-in")
    await page.fill("input[name=email]", email)
    await page.fill("input[name=password]", password)
    await page.click("main button[type=submit]")
    await page.wait_for_url(lambda url: "/sign-in" not in url)
