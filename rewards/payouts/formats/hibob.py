"""HiBob: "Update current balances", days added to a time-off balance.

Layout: "Update current time off balances",
https://help.hibob.com/hc/en-us/articles/12390541659281--Update-current-balances-import, read 2026-11-22:
an identifier (e-mail is advised), the policy type exactly as it is called in Bob, the effective date in
the date format of the site, the days to add or take, a comment that becomes the note in the balance.

Not confirmed: the template's own headings are behind the sign-in; Bob lets the person who imports match
columns, so ours say in words what they hold.
"""

from datetime import date

from rewards.amounts import Amount, Kind
from rewards.payouts.formats.format import Column, Example, Format, Setting
from rewards.payouts.line import Line, Terms, figure

_DATES = {"YYYY-MM-DD": "%Y-%m-%d", "DD/MM/YYYY": "%d/%m/%Y", "MM/DD/YYYY": "%m/%d/%Y"}

FORMAT = Format(
    name="hibob",
    label="HiBob, update current balances",
    kind=Kind.DAYS,
    needs="email",
    settings=(
        Setting(
            "policy_type",
            "Policy type",
            "Exactly as it is called in Bob.",
            default="Holiday",
            pattern=r"\S.{0,59}",
            wrong="Write the policy type as it is called in Bob.",
        ),
        Setting(
            "dates",
            "Date format",
            "As set in Bob: YYYY-MM-DD, DD/MM/YYYY or MM/DD/YYYY.",
            default="DD/MM/YYYY",
            pattern="|".join(_DATES),
            wrong="Write YYYY-MM-DD, DD/MM/YYYY or MM/DD/YYYY.",
        ),
    ),
    columns=(
        Column("Email", lambda line, terms: line.email),
        Column("Policy type", lambda line, terms: terms.setting("policy_type")),
        Column(
            "Effective date",
            lambda line, terms: terms.made_on.strftime(
                _DATES.get(terms.setting("dates"), "%d/%m/%Y")
            ),
        ),
        Column("Adjustment", lambda line, terms: figure(line.amount)),
        Column("Comment", lambda line, terms: f"{line.contest}, {line.reference}"),
    ),
    source="https://help.hibob.com/hc/en-us/articles/12390541659281--Update-current-balances-import",
    read_on=date(2026, 11, 22),
    caution="Match the columns when Bob asks for them, and check the first balance.",
    examples=(
        Example(
            (
                Line(
                    "P-2026-0002-8", "", "Tom Okafor", "tom@northwind.example", "Sales",
                    Amount(units=5), "New voices", date(2026, 12, 29), False,
                ),
            ),
            Terms(
                "P-2026-0002", date(2027, 1, 4), None,
                {"policy_type": "Holiday", "dates": "YYYY-MM-DD"},
            ),
            "Email,Policy type,Effective date,Adjustment,Comment\r\n"
            'tom@northwind.example,Holiday,2027-01-04,2.5,"New voices, P-2026-0002-8"\r\n',
        ),
    ),
)  # fmt: skip
