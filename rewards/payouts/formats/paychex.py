"""Paychex Flex: the Standard Payroll Import (SPI), prizes as a pay component with an amount.

Layout: "SPI Specification Sheet", https://myapps.paychex.com/pngHelp_static/helpHtml/SPI_Specification_Sheet.htm,
and "Standard Payroll Import (SPI) Overview" beside it, read 2026-11-22: a file of fixed order, all
columns must be present; Client ID (8), Worker ID (10, letters and digits), Pay Component (20, must be the
earning's own name) are needed; of rate, rate number and amount a line has one. Headings and the order of
the sixteen columns as in "Export File Specifications" of Deltek Costpoint for Paychex
(https://help.deltek.com/Product/Costpoint/7.1.1/GA/ldx_AOPPCXTS_Export_File_Specifications.html,
read 2026-11-22).

Not confirmed: later editions of Paychex's template add columns for manual checks after these; a company
whose template has them adds them empty.
"""

from datetime import date

from rewards.amounts import Amount, Kind
from rewards.payouts.formats.format import Column, Example, Format, Setting
from rewards.payouts.line import Line, Terms, figure


def _empty(line: Line, terms: Terms) -> str:
    return ""


FORMAT = Format(
    name="paychex",
    label="Paychex Flex, Standard Payroll Import",
    kind=Kind.CASH,
    needs="number",
    number=r"[A-Za-z0-9]{1,10}",
    currency="USD",
    settings=(
        Setting(
            "client_id",
            "Client ID",
            "The company’s number at Paychex, up to eight letters or digits.",
            pattern=r"[A-Za-z0-9]{1,8}",
            wrong="Write the client ID: up to eight letters or digits.",
        ),
        Setting(
            "pay_component",
            "Pay component",
            "The earning’s name exactly as it is set up at Paychex.",
            default="Bonus",
            pattern=r"[A-Za-z0-9][A-Za-z0-9 ]{0,19}",
            wrong="Write the earning’s name: up to twenty letters or digits.",
        ),
    ),
    columns=(
        Column("CLIENT ID", lambda line, terms: terms.setting("client_id")),
        Column("WORKER ID", lambda line, terms: line.number),
        Column("ORG", _empty),
        Column("JOB NUMBER", _empty),
        Column("PAY COMPONENT", lambda line, terms: terms.setting("pay_component")),
        Column("RATE", _empty),
        Column("RATE NUMBER", _empty),
        Column("HOURS", _empty),
        Column("UNITS", _empty),
        Column("LINE DATE", _empty),
        Column("AMOUNT", lambda line, terms: figure(line.amount)),
        Column("CHECK SEQ NUMBER", _empty),
        Column("OVERRIDE STATE", _empty),
        Column("OVERRIDE LOCAL", _empty),
        Column("OVERRIDE LOCAL JURISDICTION", _empty),
        Column("LABOR ASSIGNMENT", _empty),
    ),
    source="https://myapps.paychex.com/pngHelp_static/helpHtml/SPI_Specification_Sheet.htm",
    read_on=date(2026, 11, 22),
    caution="If your SPI template has columns after LABOR ASSIGNMENT, add them empty.",
    examples=(
        Example(
            (
                Line(
                    "P-2026-0003-9", "E1042", "Ana Lind", "ana@northwind.example", "Research",
                    Amount(units=2_500, currency="USD"), "New voices", date(2026, 12, 29), False,
                ),
            ),
            Terms(
                "P-2026-0003", date(2027, 1, 4), "USD",
                {"client_id": "17001234", "pay_component": "Bonus"},
            ),
            "CLIENT ID,WORKER ID,ORG,JOB NUMBER,PAY COMPONENT,RATE,RATE NUMBER,HOURS,UNITS,LINE DATE,"
            "AMOUNT,CHECK SEQ NUMBER,OVERRIDE STATE,OVERRIDE LOCAL,OVERRIDE LOCAL JURISDICTION,"
            "LABOR ASSIGNMENT\r\n"
            "17001234,E1042,,,Bonus,,,,,,25.00,,,,,\r\n",
        ),
    ),
)  # fmt: skip
