"""Time off, generic: days to add to each person's balance, for systems without a format here."""

from datetime import date

from rewards.amounts import Amount, Kind
from rewards.payouts.formats.format import Column, Example, Format, Setting
from rewards.payouts.line import Line, Terms, figure

FORMAT = Format(
    name="time_off",
    label="Time off, generic CSV",
    kind=Kind.DAYS,
    needs="email",
    settings=(
        Setting(
            "leave_type",
            "Kind of leave",
            "What the time-off system calls it.",
            default="Vacation",
        ),
    ),
    columns=(
        Column("reference", lambda line, terms: line.reference),
        Column("employee_number", lambda line, terms: line.number),
        Column("name", lambda line, terms: line.name),
        Column("email", lambda line, terms: line.email),
        Column("department", lambda line, terms: line.department),
        Column("leave_type", lambda line, terms: terms.setting("leave_type")),
        Column("days", lambda line, terms: figure(line.amount)),
        Column("contest", lambda line, terms: line.contest),
        Column("accepted_on", lambda line, terms: line.accepted_on.isoformat()),
    ),
    examples=(
        Example(
            (
                Line(
                    "P-2026-0002-8", "", "Tom Okafor", "tom@northwind.example", "Sales",
                    Amount(units=3), "New voices", date(2026, 12, 29), False,
                ),
            ),
            Terms("P-2026-0002", date(2027, 1, 4), None, {"leave_type": "Vacation"}),
            "reference,employee_number,name,email,department,leave_type,days,contest,accepted_on\r\n"
            "P-2026-0002-8,,Tom Okafor,tom@northwind.example,Sales,Vacation,1.5,New voices,"
            "2026-12-29\r\n",
        ),
    ),
)  # fmt: skip
