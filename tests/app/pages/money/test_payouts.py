"""HR's payouts: made, downloaded, imported after a dry run; reports and tax notes."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html import unescape

from rewards import check_books, payouts, tax_notes
from tests.app.pages.money.conftest import Office, beside
from tests.rewards.payouts.scene import DAYS


async def make(office: Office, currency: str = "EUR", format: str = "payroll") -> str:
    values = {"currency": currency, "format": format}
    answer = await office.send("/hr/payouts", values, on="/hr/payouts")
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].rsplit("/")[-1]


async def test_what_waits_becomes_a_payout_whose_file_never_changes(office: Office) -> None:
    ana = await office.scene.person("=Ana", number="1042")
    await office.scene.win(ana, 20_050)
    await office.scene.win(ana, 3, DAYS)
    html = await office.page("/hr/payouts")
    assert "Waiting to be paid out: €200.50" in html
    assert "Waiting to be paid out: 1½ vacation days" in html
    number = await make(office)
    assert "P-" in number
    first = await office.browser.get(f"/hr/payouts/{number}/file")
    again = await office.browser.get(f"/hr/payouts/{number}/file")
    assert first.content == again.content
    assert "'=Ana" in first.text
    assert first.headers["content-disposition"] == f'attachment; filename="{number}.csv"'
    html = await office.page("/hr/payouts")
    assert "Waiting to be paid out: €200.50" not in html
    assert number in html
    twice = await office.send(
        "/hr/payouts", {"currency": "EUR", "format": "payroll"}, on="/hr/payments"
    )
    assert twice.status_code == 422
    assert len(await payouts(office.scene.connection)) == 1


async def test_a_payout_that_cannot_be_made_is_said_beside_the_format(office: Office) -> None:
    await office.scene.win(await office.scene.person("Ana Lind"), 20_050)
    values = {"currency": "EUR", "format": "datev_lodas"}
    answer = await office.send("/hr/payouts", values, on="/hr/payouts")
    assert answer.status_code == 422
    assert "Beraternummer" in (beside(answer.text, "format_EUR") or "")


async def test_a_file_is_looked_at_before_it_is_applied(office: Office) -> None:
    ana = await office.scene.person("Ana Lind")
    award = await office.scene.win(ana, 2_500)
    number = await make(office)
    file = (
        f"reference;amount;paid_on\n{number}-{award};25,00;2026-11-20\n{number}-99;1;2026-11-20\n"
    ).encode("utf-8-sig")
    seen = await office.send("/hr/payments", {}, on="/hr/payments", file=file)
    assert seen.status_code == 200
    assert "1 would be marked paid, €25 in all" in seen.text
    assert "not a reference of any payout" in seen.text
    assert await office.scene.connection.fetchval("select count(*) from payment") == 0
    body = re.search(r'name="body" value="([^"]+)"', seen.text)
    assert body
    values = {"body": unescape(body[1])}
    done = await office.send("/hr/payments/apply", values, on="/hr/payments")
    assert "1 prize marked as paid" in done.text
    again = await office.send("/hr/payments/apply", values, on="/hr/payments")
    assert "0 prizes marked as paid" in again.text
    assert await office.scene.connection.fetchval("select count(*) from payment") == 1
    assert await check_books(office.scene.connection) == []


async def test_a_file_that_is_none_is_said_beside_the_field(office: Office) -> None:
    for file, says in ((b"", "Choose the file"), (b"a;b\n1;2\n", "must name the columns")):
        answer = await office.send("/hr/payments", {}, on="/hr/payments", file=file)
        assert answer.status_code == 422
        assert says in (beside(answer.text, "file") or "")
    broken = await office.send("/hr/payments/apply", {"body": "?"}, on="/hr/payments")
    assert broken.status_code == 422


async def test_all_of_a_payout_is_paid_on_a_day(office: Office) -> None:
    await office.scene.win(await office.scene.person("Ana Lind"), 2_500)
    number = await make(office)
    path = f"/hr/payouts/{number}"
    wrong = await office.send(f"{path}/paid", {"paid_on": "soon"}, on=path)
    assert "Choose the day" in (beside(wrong.text, "paid_on") or "")
    seen = await office.send(f"{path}/paid", {"paid_on": "2026-11-20"}, on=path)
    assert "1 would be marked paid" in seen.text
    listed = await office.browser.get(f"{path}/to-confirm.csv")
    assert f"{number}-" in listed.text
    assert "Ana Lind,25.00,EUR," in listed.text


async def test_codes_and_numbers_are_kept_and_refused_in_words(office: Office) -> None:
    path = "/hr/payout-formats"
    good = {"adviser": "1234567", "client": "12345", "wage_type": "1500", "key": "3"}
    assert (await office.send(f"{path}/datev_lodas", good, on=path)).status_code == 303
    assert 'value="1234567"' in await office.page(path)
    bad = await office.send(f"{path}/datev_lodas", {**good, "client": "x"}, on=path)
    assert bad.status_code == 422
    assert "up to five digits" in bad.text
    ana = await office.scene.person("Ana Lind")
    tom = await office.scene.person("Tom Okafor", number="7")
    await office.scene.win(ana, 2_500)
    path, field = "/hr/payroll-numbers", f"number_{ana}"
    taken = await office.send(path, {field: "7"}, on=path)
    assert "Somebody else" in (beside(taken.text, field) or "")
    assert (await office.send(path, {field: "1042"}, on=path)).status_code == 303
    email = f"tom.okafor{tom}@northwind.example"
    done = await office.send(
        f"{path}/file", {}, on=path, file=f"email,number\n{email},8\n".encode()
    )
    assert "1 number changed" in done.text


async def test_reports_are_a_page_and_csv_of_the_same_figures(office: Office) -> None:
    ana = await office.scene.person("Ana Lind")
    await office.scene.win(ana, 2_500)
    html = await office.page("/hr/reports")
    assert "€25" in html
    assert "€9,975" in html
    assert "Ana Lind" in html
    assert not re.search(rf"\b{datetime.now(UTC).year + 1}\b", html)
    for name in ("contests", "departments", "winners", "liability", "transfers"):
        answer = await office.browser.get(f"/hr/reports/{name}.csv?year=2026")
        assert answer.status_code == 200
    owed = (await office.browser.get("/hr/reports/liability.csv")).text
    assert "EUR,1,25.00,9975.00,10000.00,10000.00,0.00" in owed
    assert "days,0,0,20,20,20,0" in owed


async def test_a_tax_note_is_hrs_text_and_an_empty_one_goes(office: Office) -> None:
    path = "/hr/tax-notes"
    wrong = await office.send(path, {"country": "XX", "text": "x"}, on=path)
    assert "Choose a country" in (beside(wrong.text, "country") or "")
    note = {"country": "DE", "text": "Payroll withholds wage tax.\n<b>Ask Jana.</b>"}
    assert (await office.send(path, note, on=path)).status_code == 303
    html = await office.page(path)
    assert "Germany" in html
    assert "&lt;b&gt;Ask Jana" in html
    await office.send(path, {"country": "ZZ", "text": "Ask HR."}, on=path)
    assert [one.where for one in await tax_notes(office.scene.connection)] == [
        "Germany",
        "Everywhere else",
    ]
    await office.send(path, {"country": "DE", "text": " "}, on=path)
    assert len(await tax_notes(office.scene.connection)) == 1
