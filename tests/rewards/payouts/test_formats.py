"""Every payout format writes what its examples say, and nothing that a spreadsheet executes."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rewards.amounts import Amount
from rewards.payouts import figure, harmless, payout_formats
from rewards.payouts.cells import table
from rewards.payouts.formats import Example, Format, MalformedFormat

FORMATS = list(payout_formats().values())
EXAMPLES = [(format, example) for format in FORMATS for example in format.examples]
DANGEROUS = ("=1+1", "+49", "-2", "@SUM(A1)", "\t=1", "\r=1", "  =1", "＝1", '"=1', "\n+1")


@pytest.mark.parametrize(
    ("format", "example"), EXAMPLES, ids=[f"{f.name}-{n}" for n, (f, _) in enumerate(EXAMPLES)]
)
def test_a_format_writes_its_examples(format: Format, example: Example) -> None:
    assert format.text(example.lines, example.terms) == example.body
    assert format.write(example.lines, example.terms).decode(format.encoding) == example.body
    for setting in format.settings:
        assert setting.accepts(example.terms.settings.get(setting.name, setting.default))


def test_there_are_generic_formats_and_at_least_three_documented_ones() -> None:
    assert {"payroll", "time_off"} <= payout_formats().keys()
    documented = [format for format in FORMATS if format.source]
    assert len(documented) >= 3
    for format in documented:
        assert format.source
        assert format.source.startswith("https://")
        assert format.read_on
        assert format.caution


@pytest.mark.parametrize("format", FORMATS, ids=lambda format: format.name)
@pytest.mark.parametrize("evil", DANGEROUS)
def test_no_cell_is_executed_whatever_people_and_contests_are_called(
    format: Format, evil: str
) -> None:
    example = format.examples[0]
    line = replace(example.lines[0], name=evil, contest=evil, department=evil, email=evil)
    terms = replace(example.terms, settings=dict(example.terms.settings) | {"pay_code": evil})
    body = format.text([line], terms).split("[Bewegungsdaten]")[-1]
    for row in csv.reader(io.StringIO(body), delimiter=format.separator):
        assert all(cell[:1] not in tuple("=+-@\t\r\n＝") or not cell for cell in row)


@given(st.lists(st.lists(st.text(), min_size=2, max_size=4), min_size=1, max_size=4))
def test_a_table_reads_back_cell_by_cell_and_no_cell_begins_with_a_sign(
    rows: list[list[str]],
) -> None:
    read = list(csv.reader(io.StringIO(table(rows), newline=""), strict=True))
    assert read == [[harmless(cell) for cell in row] for row in rows]
    assert all(not cell.startswith(tuple("=+-@\t\r")) for row in read for cell in row)


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (Amount(units=20_050, currency="EUR"), "200.50"),
        (Amount(units=5, currency="EUR"), "0.05"),
        (Amount(units=30_000, currency="JPY"), "30000"),
        (Amount(units=1_500, currency="KWD"), "1.500"),
        (Amount(units=1), "0.5"),
        (Amount(units=4), "2"),
    ],
)
def test_a_figure_has_the_decimals_of_its_currency(amount: Amount, text: str) -> None:
    assert figure(amount) == text
    assert figure(amount, ",") == text.replace(".", ",")


def test_a_figure_is_never_negative() -> None:
    with pytest.raises(ValueError):
        figure(Amount(units=-1, currency="EUR"))


def test_a_format_without_example_or_with_half_a_source_is_refused() -> None:
    good = FORMATS[0]
    for change in ({"examples": ()}, {"read_on": date(2026, 1, 1)}, {"name": "Not A Name"}):
        with pytest.raises(MalformedFormat):
            replace(good, **change)
