"""Payroll, generic: every column that a payroll office asks for, for systems without a format here."""

from datetime import date

from rewards.amounts import Amount, Kind
from rewards.payouts.formats.format import Column, Example, Format, Setting
from rewards.payouts.line import Line, Terms, figure

_EXAMPLE = Line(
    reference="P-2026-0001-7", number="1042", name="Ana Lind", email="ana@northwind.example",
    department="Research", amount=Amount(units=20_050, currency="EUR"),
    contest="Conversation starters", accepted_on=date(2026, 12, 28), gross_up=True,
)  # fmt: skip

FORMAT = Format(
    name="payroll",
    label="Payroll, generic CSV",
    kind=Kind.CASH,
    needs="email",
    settings=(
        Setting(
            "pay_code",
            "Pay code",
            "What payroll books prizes under; stands in every line. May be left empty.",
        ),
        Setting(
            "decimal",
            "Decimal sign",
            "point: 25.00, comma: 25,00",
            default="point",
            pattern="point|comma",
            wrong="Write point or comma.",
        ),
    ),
    columns=(
        Column("reference", lambda line, terms: line.reference),
        Column("employee_number", lambda line, terms: line.number),
        Column("name", lambda line, terms: line.name),
        Column("email", lambda line, terms: line.email),
        Column("department", lambda line, terms: line.department),
        Column("pay_code", lambda line, terms: terms.setting("pay_code")),
        Column(
            "amount",
            lambda line, terms: figure(
                line.amount, "," if terms.setting("decimal") == "comma" else "."
            ),
        ),
        Column("currency", lambda line, terms: line.amount.currency or ""),
        Column("gross_up", lambda line, terms: "yes" if line.gross_up else "no"),
        Column("contest", lambda line, terms: line.contest),
        Column("accepted_on", lambda line, terms: line.accepted_on.isoformat()),
    ),
    examples=(
        Example(
            (_EXAMPLE,),
            Terms("P-2026-0001", date(2027, 1, 4), "EUR", {"pay_code": "PRIZE"}),
            "reference,employee_number,name,email,department,pay_code,amount,currency,gross_up,"
            "contest,accepted_on\r\n"
            "P-2026-0001-7,1042,Ana Lind,ana@northwind.example,Research,PRIZE,200.50,EUR,yes,"
            "Conversation starters,2026-12-28\r\n",
        ),
        Example(
            (_EXAMPLE,),
            Terms("P-2026-0001", date(2027, 1, 4), "EUR", {"decimal": "comma"}),
            "reference,employee_number,name,email,department,pay_code,amount,currency,gross_up,"
            "contest,accepted_on\r\n"
            "P-2026-0001-7,1042,Ana Lind,ana@northwind.example,Research,,"
            '"200,50",EUR,yes,Conversation starters,2026-12-28\r\n',
        ),
    ),
)
