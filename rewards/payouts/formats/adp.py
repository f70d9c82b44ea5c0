"""ADP Workforce Now: the paydata import, prizes as an earning of the third group.

Layout: "Automated Paydata Integration for ADP Workforce Now", features,
https://apps.adp.com/en-US/apps/372723/automated-paydata-integration-for-adp-workforce-now/features,
read 2026-11-22: a header-based .csv; Co Code, Batch ID and File # come first, in this order; then, as
needed, Earnings 3 Code and Earnings 3 Amount. A file is named PRcccEPI.csv, ccc the company code of
three places, two filled with an underscore (support.timeportal.io, "ADP Workforce Now Payroll Export",
read 2026-11-22). The spelling of the headings is that of exports documented by other vendors
(sundialtimesystems.freshdesk.com, "Realtime ADP Export", read 2026-11-22).

Not confirmed: ADP's own guide "Importing Paydata" could not be read whole; the longest Batch ID is not
known for sure, so it is the company's setting.
"""

from datetime import date

from rewards.amounts import Amount, Kind
from rewards.payouts.formats.format import Column, Example, Format, Setting
from rewards.payouts.line import Line, Terms, figure

FORMAT = Format(
    name="adp",
    label="ADP Workforce Now, paydata import",
    kind=Kind.CASH,
    needs="number",
    number=r"[0-9]{1,6}",
    currency="USD",
    settings=(
        Setting(
            "co_code",
            "Company code",
            "Two or three letters or digits, as ADP knows the company.",
            pattern=r"[A-Za-z0-9]{2,3}",
            wrong="Write the two or three letters or digits of ADP’s company code.",
        ),
        Setting(
            "batch_id",
            "Batch ID",
            "Stands in every line, so that the batch is found in ADP.",
            default="FANFARE",
            pattern=r"[A-Za-z0-9]{1,8}",
            wrong="Write up to eight letters or digits.",
        ),
        Setting(
            "earnings_code",
            "Earnings 3 code",
            "The earning that prizes are paid as, such as B for bonus.",
            pattern=r"[A-Za-z0-9]{1,3}",
            wrong="Write the code of an earning in ADP, up to three letters or digits.",
        ),
    ),
    columns=(
        Column("Co Code", lambda line, terms: terms.setting("co_code").upper()),
        Column("Batch ID", lambda line, terms: terms.setting("batch_id")),
        Column("File #", lambda line, terms: line.number.rjust(6, "0")),
        Column("Earnings 3 Code", lambda line, terms: terms.setting("earnings_code").upper()),
        Column("Earnings 3 Amount", lambda line, terms: figure(line.amount)),
    ),
    file_name=lambda terms: f"PR{terms.setting('co_code').upper().ljust(3, '_')}EPI.csv",
    source="https://apps.adp.com/en-US/apps/372723/automated-paydata-integration-for-adp-workforce-now/features",
    read_on=date(2026, 11, 22),
    caution="ADP sets up the paydata import for each company: try a file with one line first.",
    examples=(
        Example(
            (
                Line(
                    "P-2026-0003-9", "1042", "Ana Lind", "ana@northwind.example", "Research",
                    Amount(units=2_500, currency="USD"), "New voices", date(2026, 12, 29), False,
                ),
            ),
            Terms(
                "P-2026-0003", date(2027, 1, 4), "USD",
                {"co_code": "nw", "batch_id": "FANFARE", "earnings_code": "B"},
            ),
            "Co Code,Batch ID,File #,Earnings 3 Code,Earnings 3 Amount\r\n"
            "NW,FANFARE,001042,B,25.00\r\n",
        ),
    ),
)  # fmt: skip
