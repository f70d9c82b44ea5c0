"""HR's budgets: opened, added to, closed; every refusal beside its field."""

from __future__ import annotations

import pytest

from rewards import budgets, check_books
from tests.app.pages.company import Company
from tests.app.pages.conftest import As
from tests.app.pages.money.conftest import Office, beside

NEW = {
    "key": "one",
    "name": "Q1 ambassadors",
    "amount": "€5,000",
    "starts_on": "2027-01-01",
    "ends_on": "2027-03-31",
}


async def test_a_budget_is_opened_once_however_often_the_button_is_pressed(office: Office) -> None:
    values = {**NEW, f"spender_{office.person_id}": "yes"}
    first = await office.send("/hr/budgets", values, on="/hr/budgets")
    again = await office.send("/hr/budgets", values, on="/hr/budgets")
    assert first.status_code == again.status_code == 303
    assert first.headers["location"] == again.headers["location"]
    made = [one for one in await budgets(office.scene.connection) if one.name == NEW["name"]]
    assert [(one.balance.available, one.spenders) for one in made] == [
        (500_000, (office.person_id,))
    ]
    html = await office.page("/hr/budgets")
    assert "Q1 ambassadors" in html
    assert "€5,000 left" in html
    assert "€10,000 reserved" in html


@pytest.mark.parametrize(
    ("change", "field", "says"),
    [
        ({"name": ""}, "name", "Give the budget a name"),
        ({"name": "Q4", "amount": "€5"}, "name", "There is a budget"),
        ({"amount": "5,00 €"}, "amount", "If you mean €5"),
        ({"amount": "5000"}, "amount", "says no currency"),
        ({"amount": "0.25 days"}, "amount", "too fine"),
        ({"amount": "€1000000000000000000"}, "amount", "too much"),
        ({"amount": "-5 EUR"}, "amount", "negative"),
        ({"starts_on": ""}, "starts_on", "Choose a day"),
        ({"ends_on": "2026-12-01"}, "ends_on", ""),
    ],
)
async def test_what_cannot_be_opened_is_said_beside_its_field(
    office: Office, change: dict[str, str], field: str, says: str
) -> None:
    before = len(await budgets(office.scene.connection))
    answer = await office.send("/hr/budgets", {**NEW, **change}, on="/hr/budgets")
    assert answer.status_code == 422
    assert says in (beside(answer.text, field) or "nothing beside the field")
    assert len(await budgets(office.scene.connection)) == before


async def test_a_budget_is_added_to_and_its_transfers_are_told(office: Office) -> None:
    path = f"/hr/budgets/{office.scene.budgets['EUR']}"
    added = {"key": "more", "amount": "250.50", "reason": "A good quarter"}
    assert (await office.send(f"{path}/top-up", added, on=path)).status_code == 303
    assert (await office.send(f"{path}/top-up", added, on=path)).status_code == 303
    html = await office.page(path)
    assert html.count("A good quarter") == 1
    assert "€10,250.50 left" in html
    other = await office.send(f"{path}/top-up", {**added, "amount": "300"}, on=path)
    assert other.status_code == 422
    assert "sent before" in (beside(other.text, "amount") or "")
    wrong = await office.send(f"{path}/top-up", {"amount": "2 days", "key": "x"}, on=path)
    assert "money" in (beside(wrong.text, "amount") or "")
    assert "Say why" in (beside(wrong.text, "reason") or "")


async def test_a_budget_with_something_reserved_cannot_be_closed(office: Office) -> None:
    path = f"/hr/budgets/{office.scene.budgets['EUR']}"
    values = {"key": "close", "why": "The year is over", "sure": "yes"}
    answer = await office.send(f"{path}/close", values, on=path)
    assert answer.status_code == 422
    assert "still set aside for one contest" in (beside(answer.text, "why") or "")
    unsure = await office.send(f"{path}/close", {**values, "sure": ""}, on=path)
    assert "Tick this" in (beside(unsure.text, "sure") or "")
    assert await check_books(office.scene.connection) == []


async def test_who_may_spend_is_people_of_hr_and_changes_at_once(office: Office) -> None:
    ana = await office.scene.person("Ana Lind")
    path = f"/hr/budgets/{office.scene.budgets['EUR']}"
    await office.send(f"{path}/spenders", {f"spender_{ana}": "yes"}, on=path)
    [found] = [b for b in await budgets(office.scene.connection) if b.currency == "EUR"]
    assert found.spenders == ()


@pytest.mark.parametrize(
    "path",
    ["/hr/budgets", "/hr/payouts", "/hr/payments", "/hr/payout-formats", "/hr/payroll-numbers",
     "/hr/reports", "/hr/reports/winners.csv", "/hr/tax-notes"],
)  # fmt: skip
@pytest.mark.parametrize("role", [None, "administrator", "leader"])
async def test_money_is_hrs_and_nobody_elses(
    company: Company, signed_in: As, path: str, role: str | None
) -> None:
    browser = await signed_in(await company.person("Otto", role=role))
    assert (await browser.get(path)).status_code == 403


@pytest.mark.parametrize(
    "path", ["/hr/budgets/999", "/hr/payouts/P-2026-0099", "/hr/reports/x.csv"]
)
async def test_what_is_not_there_is_said(office: Office, path: str) -> None:
    assert (await office.browser.get(path)).status_code == 404
