"""What comes back from payroll: good lines are paid once, everything else is answered."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from rewards.amounts import Kind
from rewards.awards.reading import award
from rewards.budgets import balances, check_books
from rewards.payouts import all_paid, import_paid, make_payout, match_payments, read_numbers
from rewards.refusal import Refused
from tests.rewards.payouts.scene import DAYS, NOW, Scene


async def exported(scene: Scene, *units: int, currency: str | None = "EUR") -> list[str]:
    """Awards of somebody new in a payout; their references."""
    ana = await scene.person("Ana Lind")
    awards = [await scene.win(ana, each, currency) for each in units]
    made = await make_payout(
        scene.connection,
        format="payroll" if currency else "time_off",
        kind=Kind.CASH if currency else Kind.DAYS,
        currency=currency,
        by=scene.hr,
        now=NOW,
    )
    return [f"{made.number}-{award}" for award in awards]


async def take(scene: Scene, text: str | bytes, **change: Any) -> Any:
    body = text if isinstance(text, bytes) else text.encode()
    who: dict[str, Any] = {"by": scene.hr, "now": NOW}
    return await import_paid(scene.connection, body, **(who | change))


async def spent(scene: Scene, currency: str | None = "EUR") -> int:
    budget = scene.budgets[currency]
    return (await balances(scene.connection, [budget]))[budget].spent


async def test_good_lines_are_paid_and_the_ledger_moves(scene: Scene) -> None:
    one, two = await exported(scene, 20_050, 2_500)
    done = await take(scene, f"reference,amount,currency,paid_on\n{one},200.50,EUR,2026-12-28\n")
    assert (done.rows, done.paid, done.mismatches) == (1, 1, ())
    first, second = (int(reference.rsplit("-")[-1]) for reference in (one, two))
    assert (await award(scene.connection, first)).state == "paid"
    assert (await award(scene.connection, second)).state == "exported"
    assert await spent(scene) == 20_050
    assert await scene.connection.fetchval("select kind from notice") == "award_paid"
    assert await check_books(scene.connection) == []


async def test_the_same_file_again_changes_nothing(scene: Scene) -> None:
    [one] = await exported(scene, 2_500)
    file = f"reference,amount,paid_on\n{one},25.00,2026-12-28\n"
    await take(scene, file)
    before = await scene.connection.fetchval("select max(id) from transfer")
    again = await take(scene, file)
    assert (again.paid, again.before, again.mismatches) == (0, 1, ())
    assert await scene.connection.fetchval("select max(id) from transfer") == before
    assert await scene.connection.fetchval("select count(*) from payment_import") == 1
    assert await scene.connection.fetchval("select count(*) from notice") == 1


async def test_a_dry_run_changes_nothing(scene: Scene) -> None:
    [one] = await exported(scene, 2_500)
    body = f"reference,amount,paid_on\n{one},25,2026-12-28\nP-2026-0009-1,3,2026-12-28\n".encode()
    plan = await match_payments(scene.connection, body, by=scene.hr, today=NOW.date())
    assert [paid.reference for paid in plan.paid] == [one]
    assert [mismatch.line for mismatch in plan.mismatches] == [3]
    assert await scene.connection.fetchval("select count(*) from payment_import") == 0
    assert await spent(scene) == 0


async def test_a_file_of_another_country_is_read_by_its_own_habit(scene: Scene) -> None:
    [one] = await exported(scene, 120_050)
    file = f"\ufeffReferenz;Betrag;Währung;Datum\r\n{one};1.200,50 €;EUR;28.12.2026\r\n"
    assert (await take(scene, file)).paid == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
async def test_a_file_is_read_as_a_spreadsheet_saves_it(scene: Scene, encoding: str) -> None:
    [one] = await exported(scene, 2_500)
    file = f"reference\tamount\tcurrency\tpaid_on\n{one}\t€25\tEUR\t2026-12-28\n"
    assert (await take(scene, file.encode(encoding))).paid == 1


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('{one},"25,00",EUR,2026-12-28', "not how an amount is written here. If you mean €25"),
        ("{one},24.00,EUR,2026-12-28", "is €25; the line says €24"),
        ("{one},25.00,USD,2026-12-28", "is €25; the line says USD"),
        ("{one},25.00 $,EUR,2026-12-28", "cannot be used here"),
        ("{one},,EUR,2026-12-28", "Write an amount"),
        ("{one},-25.00,EUR,2026-12-28", "never less than nothing"),
        ("{one},25.00,EUR,12/28/2026", "is not a date here"),
        ("{one},25.00,EUR,", "no date"),
        ("{one},25.00,EUR,2027-01-31", "still to come"),
        ("{one},25.00,EUR,0026-12-28", "too long ago"),
        ("P-2026-0077-1,25.00,EUR,2026-12-28", "not a reference of any payout"),
        ("hello,25.00,EUR,2026-12-28", "not a reference of any payout"),
        (",25.00,EUR,2026-12-28", "no reference"),
        ("{one},25.00,EUR,2026-12-28\n{one},25.00,EUR,2026-12-28", "more than once"),
    ],
)
async def test_a_line_that_does_not_fit_is_answered_and_the_good_one_is_paid(
    scene: Scene, line: str, says: str
) -> None:
    one, good = await exported(scene, 2_500, 700)
    lines = line.format(one=one)
    done = await take(
        scene, f"reference,amount,currency,paid_on\n{good},7.00,EUR,2026-12-28\n{lines}\n"
    )
    assert done.paid == 1
    assert await spent(scene) == 700
    for number, mismatch in enumerate(done.mismatches, start=3):
        assert mismatch.line == number
        assert says in mismatch.sentence
    assert len(done.mismatches) == lines.count("\n") + 1


async def test_an_award_paid_on_one_day_is_not_paid_on_another(scene: Scene) -> None:
    [one] = await exported(scene, 2_500)
    await take(scene, f"reference,amount,paid_on\n{one},25.00,2026-12-28\n")
    done = await take(scene, f"reference,amount,paid_on\n{one},25.00,2026-12-27\n")
    assert done.paid == 0
    assert "imported before as paid on 2026-12-28" in done.mismatches[0].sentence


async def test_days_come_back_as_days(scene: Scene) -> None:
    one, two = await exported(scene, 3, 4, currency=DAYS)
    text = f"reference;days;currency;paid_on\n{one};1,5;days;2026-12-28\n{two};1;;2026-12-28\n"
    done = await take(scene, text)
    assert done.paid == 1
    assert "is 2 vacation days; the line says 1 vacation day" in done.mismatches[0].sentence
    assert await spent(scene, DAYS) == 3


async def test_nobody_confirms_what_they_receive(scene: Scene) -> None:
    mine = await scene.win(scene.hr, 2_500)
    made = await make_payout(
        scene.connection, format="payroll", kind=Kind.CASH, currency="EUR", by=scene.hr, now=NOW
    )
    body = await all_paid(scene.connection, made.number, date(2026, 12, 28))
    done = await take(scene, body)
    assert done.paid == 0
    assert "yours" in done.mismatches[0].sentence
    other = await scene.person("Olga Petrova", role="hr")
    assert (await take(scene, body, by=other)).paid == 1
    assert (await award(scene.connection, mine)).state == "paid"
    with pytest.raises(Refused, match="paid before"):
        await all_paid(scene.connection, made.number, date(2026, 12, 28))


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf  \n", "empty"),
        (b"a,b\n1,2\n", "must name the columns"),
        (b"reference,amount\nP,1\n", "paid_on is missing"),
        (b"reference,amount,paid_on\n", "no line below"),
        (b"reference,amount,amount,paid_on\n1,2,3,4\n", "Two columns"),
        (b'reference,amount,paid_on\n"P,1,2\n', "quotation mark"),
        (b"PK\x03\x04\x00\x00reference,amount,paid_on\n1,2,3\n", "not a CSV"),
        (b"x" * 2_000_001, "2 MB"),
    ],
)
async def test_a_file_that_is_none_is_refused_whole(scene: Scene, body: bytes, says: str) -> None:
    with pytest.raises(Refused, match=says) as refused:
        await take(scene, body)
    assert refused.value.field == "file"
    assert await scene.connection.fetchval("select count(*) from payment_import") == 0


async def test_numbers_come_from_a_file_and_bad_lines_are_answered(scene: Scene) -> None:
    ana, tom = await scene.person("Ana Lind"), await scene.person("Tom Okafor")
    body = (
        f"email;number\nANA.LIND{ana}@northwind.example;1042\n"
        f"tom.okafor{tom}@northwind.example;1042\nnobody@x.example;3\n"
        f"tom.okafor{tom}@northwind.example;\n"
    ).encode()
    done = await read_numbers(scene.connection, body, by=scene.hr, now=NOW)
    assert done.changed == 1
    assert [mismatch.line for mismatch in done.mismatches] == [3, 4, 5]
