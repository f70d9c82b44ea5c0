"""A television in a browser: its size, what it has shown and when."""

from __future__ import annotations

import re
from dataclasses import dataclass

from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.e2e.conftest import PATIENCE_MS
from tests.e2e.world import World

# Notes every picture that begins and when the newest answer with it came, by the machine's one clock.
_NOTES = """
window.seen = [];
window.came = {};
const ask = window.fetch;
window.fetch = async (...asked) => {
  const answer = await ask(...asked), at = Date.now();
  const key = /id="stage"[^>]* data-key="([^"]+)"/.exec(await answer.clone().text())?.[1];
  if (key) window.came[key] ??= at;
  return answer;
};
new MutationObserver(() => {
  const stage = document.querySelector("#stage");
  const last = window.seen.length ? window.seen[window.seen.length - 1][0] : null;
  if (stage && stage.dataset.key !== last) window.seen.push([stage.dataset.key, Date.now()]);
}).observe(document, {
  subtree: true, childList: true, attributes: true, attributeFilter: ["data-key"],
});
"""


@dataclass(frozen=True)
class Wall:
    """One television."""

    name: str
    audience: str
    size: tuple[int, int]
    page: Page

    @property
    def context(self) -> BrowserContext:
        """Its browser."""
        return self.page.context

    def key(self) -> str | None:
        """The key of the picture it shows."""
        return self.page.locator("#stage").get_attribute("data-key")

    def text(self) -> str:
        """All it says."""
        return self.page.locator("#frame").inner_text()

    def seen(self) -> dict[str, float]:
        """The first moment of every picture since its page was loaded, in seconds."""
        seen: list[tuple[str, float]] = self.page.evaluate("window.seen")
        first: dict[str, float] = {}
        for key, at in seen:
            first.setdefault(key, at / 1000)
        return first

    def came(self, key: str) -> float:
        """When the first answer with a picture came, in seconds."""
        at: float = self.page.evaluate("key => window.came[key]", key)
        return at / 1000

    def forget(self, key: str) -> None:
        """Forget when it came."""
        self.page.evaluate("key => delete window.came[key]", key)

    def wait_for(self, key: str, timeout_s: float = 5) -> None:
        """Wait until its picture's key begins so."""
        expect(self.page.locator("#stage")).to_have_attribute(
            "data-key", re.compile(f"^{re.escape(key)}"), timeout=timeout_s * 1000
        )


def switched_on(
    chromium: Browser,
    served: World,
    size: tuple[int, int],
    path: str = "/screens",
    *,
    still: bool = False,
) -> Page:
    """A television's browser at an address; `still`: it asks for reduced motion."""
    context = chromium.new_context(
        viewport={"width": size[0], "height": size[1]},
        base_url=served.address,
        reduced_motion="reduce" if still else "no-preference",
    )
    context.add_init_script(_NOTES)
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.goto(path)
    return page


def code_on(page: Page) -> str:
    """The code that a television shows."""
    found = re.search(r"\b[A-Z0-9]{3}\s[A-Z0-9]{3}\b", page.locator("body").inner_text())
    assert found is not None, page.locator("body").inner_text()
    return found.group(0)


def type_code(page: Page, administrator: Page, name: str, audience: str) -> None:
    """The administrator types the code that stands on a television, and says what it is."""
    administrator.goto("/admin/screens/pair")
    administrator.get_by_label("Code on the screen").fill(code_on(page))
    administrator.get_by_label("Name", exact=True).fill(name)
    administrator.get_by_label("Place", exact=True).fill("Rotterdam")
    administrator.locator(f"input[name=audience][value={audience}]").check()
    administrator.get_by_role("button", name="Pair this screen").click()
    expect(administrator.get_by_role("heading", name=name)).to_be_visible()


def begins_to_play(page: Page) -> None:
    """The television goes on to its own address by itself."""
    page.wait_for_url(re.compile(r"/screens/[a-z2-7]{32}$"))
