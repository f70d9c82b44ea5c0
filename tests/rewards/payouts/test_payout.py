"""Payouts: numbered without gaps, the same bytes for ever, nothing payable twice."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from hashlib import sha256
from typing import Any

import asyncpg
import pytest

from rewards.amounts import Amount, Kind
from rewards.awards.reading import award
from rewards.budgets import check_books
from rewards.payouts import (
    NotForHR,
    NothingToPay,
    Payout,
    make_payout,
    payout_file,
    payout_format,
    payout_lines,
    payouts,
    set_payout_settings,
    set_payroll_number,
    waiting,
)
from rewards.refusal import Refused
from tests.rewards.payouts.scene import DAYS, NOW, Scene


async def pay_out(scene: Scene, format: str = "payroll", **change: Any) -> Payout:
    terms: dict[str, Any] = {"kind": Kind.CASH, "currency": "EUR", "by": scene.hr, "now": NOW}
    return await make_payout(scene.connection, format=format, **(terms | change))


async def test_a_payout_holds_all_that_was_accepted_and_only_that(scene: Scene) -> None:
    ana, tom = await scene.person("Ana Lind"), await scene.person("Tom Okafor")
    first = await scene.win(ana, 20_050, gross_up=True)
    await scene.win(tom, 2_500, steps=("told", "approved"))
    await scene.win(tom, 2, DAYS)
    second = await scene.win(tom, 2_500)
    assert len(await waiting(scene.connection)) == 3

    made = await pay_out(scene)
    assert made.number == "P-2026-0001"
    assert (made.awards, made.total) == (2, Amount(units=22_550, currency="EUR"))
    text = made.body.decode()
    assert f"P-2026-0001-{first},,Ana Lind," in text
    assert ",200.50,EUR,yes," in text
    assert f"P-2026-0001-{second}," in text
    assert ",25.00,EUR,no," in text
    assert [line.award_id for line in await payout_lines(scene.connection, made.number)] == [
        first,
        second,
    ]
    assert (await award(scene.connection, first)).state == "exported"
    assert [one.amount.kind for one in await waiting(scene.connection)] == [Kind.DAYS]
    told = await scene.connection.fetchval(
        "select count(*) from outgoing_event where type = 'award.exported'"
    )
    assert told == 2
    assert await check_books(scene.connection) == []


async def test_a_payout_downloaded_again_is_the_same_bytes(scene: Scene) -> None:
    ana = await scene.person("Ana Lind")
    await scene.win(ana, 2_500)
    made = await pay_out(scene)
    await scene.connection.execute("update profile set name = 'Ana Else' where person_id = $1", ana)
    name, body = await payout_file(scene.connection, made.number)
    assert (name, body) == ("P-2026-0001.csv", made.body)
    assert sha256(body).hexdigest() == made.sha256
    assert [view.sha256 for view in await payouts(scene.connection)] == [made.sha256]


async def test_the_same_payout_again_finds_nothing(scene: Scene) -> None:
    await scene.win(await scene.person("Ana Lind"), 2_500)
    await pay_out(scene)
    with pytest.raises(NothingToPay):
        await pay_out(scene)
    assert len(await payouts(scene.connection)) == 1


async def test_numbers_have_no_gap_when_many_are_made_at_once_and_nothing_is_in_two(
    scene: Scene, database_url: str
) -> None:
    ana = await scene.person("Ana Lind")
    for _ in range(4):
        await scene.win(ana, 2_500)
        await scene.win(ana, 2, DAYS)

    async def alone(kind: Kind) -> str | None:
        connection = await asyncpg.connect(database_url)
        try:
            other = Scene(connection, hr=scene.hr)
            if kind is Kind.CASH:
                return (await pay_out(other)).number
            return (await pay_out(other, "time_off", kind=kind, currency=None)).number
        except NothingToPay:
            return None
        finally:
            await connection.close()

    made = await asyncio.gather(*(alone(kind) for kind in [Kind.CASH, Kind.DAYS] * 4))
    assert sorted(number for number in made if number) == ["P-2026-0001", "P-2026-0002"]
    lines = await scene.connection.fetchval("select count(*) from payout_line")
    assert lines == 8

    await scene.win(ana, 100)
    assert (await pay_out(scene)).number == "P-2026-0003"
    await scene.win(ana, 100)
    assert (await pay_out(scene, now=NOW + timedelta(days=30))).number == "P-2027-0001"


async def test_whom_the_other_system_does_not_know_goes_on_waiting(scene: Scene) -> None:
    ana, tom = await scene.person("Ana Lind", number="1042"), await scene.person("Tom Okafor")
    await scene.win(ana, 2_500)
    await scene.win(tom, 2_500)
    lodas = payout_format("datev_lodas")
    with pytest.raises(Refused, match="Beraternummer") as refused:
        await pay_out(scene, "datev_lodas")
    assert refused.value.field == "adviser"
    codes = {"adviser": "1234567", "client": "12345", "wage_type": "1500", "key": "3"}
    await set_payout_settings(scene.connection, lodas, codes, by=scene.hr, now=NOW)
    made = await pay_out(scene, "datev_lodas")
    assert made.awards == 1
    assert b";1042;1500;3;25,00;P-2026-0001-" in made.body
    with pytest.raises(NothingToPay, match="employee number"):
        await pay_out(scene, "datev_lodas")
    await set_payroll_number(scene.connection, tom, "77", by=scene.hr, now=NOW)
    assert (await pay_out(scene, "datev_lodas")).awards == 1


async def test_a_number_belongs_to_one_person(scene: Scene) -> None:
    ana, tom = await scene.person("Ana Lind", number="1042"), await scene.person("Tom Okafor")
    with pytest.raises(Refused, match="Somebody else"):
        await set_payroll_number(scene.connection, tom, "1042", by=scene.hr, now=NOW)
    with pytest.raises(Refused, match="letters and digits"):
        await set_payroll_number(scene.connection, tom, "=1+1", by=scene.hr, now=NOW)
    assert await set_payroll_number(scene.connection, ana, "", by=scene.hr, now=NOW)
    assert await set_payroll_number(scene.connection, tom, "1042", by=scene.hr, now=NOW)


@pytest.mark.parametrize(
    ("format", "change", "says"),
    [
        ("no such", {}, "Choose one of the formats"),
        ("time_off", {}, "is for vacation days"),
        ("payroll", {"currency": None}, "Choose a currency"),
        ("adp", {}, "pays in USD only"),
    ],
)
async def test_a_format_that_cannot_say_it_is_refused_with_words(
    scene: Scene, format: str, change: dict[str, Any], says: str
) -> None:
    await scene.win(await scene.person("Ana Lind"), 2_500)
    with pytest.raises(Refused, match=says):
        await pay_out(scene, format, **change)
    assert await payouts(scene.connection) == []


async def test_only_hr_makes_payouts(scene: Scene) -> None:
    ana = await scene.person("Ana Lind", role="administrator")
    await scene.win(ana, 2_500)
    with pytest.raises(NotForHR):
        await pay_out(scene, by=ana)
