"""What keeps somebody out of a page: looked for wide and narrow, in the light and in the dark."""

from __future__ import annotations

from typing import Any, Final

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from tests.e2e.conftest import NARROW, WIDE

_GRAVE: Final = {"serious", "critical"}
_ALL: Final = {"resultTypes": ["violations"]}
# The layouts are the same in both themes: in the other one only the colours differ.
_COLOURS: Final = {**_ALL, "runOnly": ["color-contrast"]}


def barriers(page: Page, *, unfolded: bool = False) -> list[str]:
    """What axe finds grave on the page as it stands, and where it is wider than its window.

    With `unfolded`, what is folded is opened before. Window and theme are afterwards as they were.
    """
    size, dark = page.viewport_size, page.evaluate(_IS_DARK)
    if unfolded:
        page.evaluate("document.querySelectorAll('main details').forEach(one => one.open = true)")
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE_SCRIPT)
    found = []
    for theme, windows, rules in (("light", (WIDE, NARROW), _ALL), ("dark", (WIDE,), _COLOURS)):
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        for width, height in windows:
            page.set_viewport_size({"width": width, "height": height})
            where = f"{page.url}, {width} px, {theme}"
            if page.evaluate("document.documentElement.scrollWidth") > width:
                found.append(f"{where}: wider than its window")
            found += [f"{where}: {wrong}" for wrong in _grave(page, rules)]
    page.emulate_media(color_scheme="dark" if dark else "light")
    if size is not None:
        page.set_viewport_size(size)
    return found


def check(page: Page, *, unfolded: bool = False) -> None:
    """Nothing keeps anybody out of the page as it stands."""
    found = barriers(page, unfolded=unfolded)
    assert not found, "\n".join(found)


def _grave(page: Page, rules: dict[str, Any]) -> list[str]:
    violations = page.evaluate("rules => axe.run(rules).then(all => all.violations)", rules)
    return [
        f"{one['id']} at {[node['target'] for node in one['nodes']][:3]}"
        for one in violations
        if one["impact"] in _GRAVE
    ]


_IS_DARK: Final = "matchMedia('(prefers-color-scheme: dark)').matches"
