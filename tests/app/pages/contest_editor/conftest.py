"""HR at work: a budget of money and one of days, people who take part, and forms filled in."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from html import unescape

import pytest
from httpx import AsyncClient, Response

from rewards import Kind, open_budget
from tests.app.pages.company import Company
from tests.app.pages.conftest import As


@dataclass
class Desk:
    """HR's browser with the budgets; `slug` is the contest being written."""

    browser: AsyncClient
    person_id: int
    money: int
    days: int
    slug: str = ""

    async def page(self, path: str) -> str:
        """A page that must be there."""
        answer = await self.browser.get(path)
        assert answer.status_code == 200, answer.text
        return answer.text

    async def send(self, path: str, values: dict[str, str], on: str = "/me") -> Response:
        """A form with the token of a page."""
        token = re.search(r'name="_csrf_token" value="([^"]+)"', await self.page(on))
        assert token
        return await self.browser.post(path, data={"_csrf_token": token[1], **values})

    async def begin(self, template: str) -> dict[str, str]:
        """A new draft; returns its form as the editor shows it."""
        answer = await self.send("/hr/contests/new", {"template": template})
        assert answer.status_code == 303, answer.text
        self.slug = answer.headers["location"].split("/")[3]
        return await self.form()

    async def form(self) -> dict[str, str]:
        """The fields of the editor as they stand on its page."""
        return fields(await self.page(f"/hr/contests/{self.slug}/edit"))

    async def save(self, form: dict[str, str], do: str = "save") -> Response:
        """Press a button of the editor."""
        return await self.send(f"/hr/contests/{self.slug}/edit", {**form, "do": do})

    async def publish(self, **more: str) -> Response:
        """Say yes on the page that asks once more."""
        path = f"/hr/contests/{self.slug}/publish"
        version = fields(await self.page(path))["version"]
        return await self.send(path, {"version": version, **more})


def fields(html: str) -> dict[str, str]:
    """What a browser would send of the page's form: inputs, chosen options, texts."""
    found: dict[str, str] = {}
    for tag in re.findall(r"<input\b[^>]*>", html):
        name, value = attribute(tag, "name"), attribute(tag, "value") or ""
        kind = attribute(tag, "type")
        if name is None or (kind in ("radio", "checkbox") and " checked" not in tag):
            continue
        found[name] = f"{found[name]},{value}" if kind == "checkbox" and name in found else value
    for name, inside in re.findall(r'<select [^>]*name="([^"]+)"[^>]*>(.*?)</select>', html, re.S):
        chosen = re.search(r'value="([^"]*)" selected', inside) or re.search(
            r'value="([^"]*)"', inside
        )
        found[name] = unescape(chosen[1]) if chosen else ""
    for name, inside in re.findall(
        r'<textarea [^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', html, re.S
    ):
        found[name] = unescape(inside)
    found.pop("_csrf_token", None)
    return found


def attribute(tag: str, name: str) -> str | None:
    """An attribute of a tag."""
    found = re.search(rf'\b{name}="([^"]*)"', tag)
    return unescape(found[1]) if found else None


Hire = Callable[..., Awaitable[Desk]]


@pytest.fixture
async def hire(company: Company, signed_in: As) -> Hire:
    """Somebody of HR with budgets to spend from."""

    async def one(role: str = "hr", name: str = "Hanna") -> Desk:
        person_id = await company.person(name, role=role, state=None)
        today = company.now.date()
        opened = [
            await open_budget(
                company.connection,
                name=f"Ambassadors {person_id}",
                kind=kind,
                currency=currency,
                starts_on=today - timedelta(days=30),
                ends_on=today + timedelta(days=200),
                units=units,
                spenders=[person_id],
                by=person_id,
                key=f"open:{kind}:{person_id}",
                now=company.now,
            )
            for kind, currency, units in ((Kind.CASH, "EUR", 500_000), (Kind.DAYS, None, 60))
        ]
        return Desk(await signed_in(person_id), person_id, *opened)

    return one


def running_soon(company: Company, desk: Desk, form: dict[str, str]) -> dict[str, str]:
    """The form with dates to come and with budgets for its prizes."""
    start, end = company.now + timedelta(days=2), company.now + timedelta(days=9)
    form = {
        **form,
        "start_on": f"{start:%Y-%m-%d}",
        "start_time": "09:00",
        "end_on": f"{end:%Y-%m-%d}",
        "end_time": "17:00",
        "contact": form.get("contact") or "hr@example.org",
    }
    for name, value in list(form.items()):
        if name.startswith("prize_") and name.endswith("_kind"):
            budget = {"cash": desk.money, "days": desk.days}.get(value, "")
            form[name.replace("_kind", "_budget")] = str(budget)
    return form
