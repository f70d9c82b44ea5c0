"""HR's approvals in a browser: readable for everybody, in both themes and on a telephone."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.barriers import check
from tests.e2e.conftest import Visit


@pytest.mark.parametrize("path", ["/hr/approvals", "/hr/delegations"])
def test_the_pages_are_readable_for_everybody(visit: Visit, path: str) -> None:
    check(visit(path, "hr"))


def test_a_limit_is_saved_and_a_wrong_one_says_so_beside_its_field(visit: Visit) -> None:
    page = visit("/hr/delegations", "hr")
    field = page.get_by_label("A limit, such as")
    field.fill("a lot")
    page.get_by_role("button", name="Save the limit").click()
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_value("a lot")
    field.fill("€5,000")
    page.get_by_role("button", name="Save the limit").click()
    expect(page.get_by_text("It holds for awards that are proposed").first).to_be_visible()
    expect(page.get_by_text("€5,000", exact=True)).to_be_visible()
    page.get_by_role("button", name="Take away the limit of €5,000").click()
    expect(page.get_by_text("€5,000", exact=True)).to_have_count(0)
