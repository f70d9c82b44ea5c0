"""DATEV LODAS: movement data by ASCII import, prizes under the company's own wage type.

Layout: handbook "LODAS ASCII-Import", 94th edition, June 2026,
https://help-center.apps.datev.de/api/amr/knowledge-common/v1/entities/st81064830359671307_de.pdf, known
here by what users of it publish (read 2026-11-22): the sections [Allgemein], [Satzbeschreibung] and
[Bewegungsdaten]; target LODAS with the numbers of adviser and client; the record
`u_lod_bwd_buchung_standard` with the fields abrechnung_zeitraum, bs_wert_butab, bs_nr, la_eigene, pnr and
bemerkung; semicolons, a comma before the decimals, lines that end with CR LF. Own wage types and the
import run: https://hilfe.e2n.de/datev-lodas and
https://benutzerhandbuch.uloko.de/docs/lohnsysteme/lodas/lohnsystem, read 2026-11-22.

Not confirmed: the handbook itself could not be opened, and published files differ in the processing key
of an amount (bs_nr: 3 or 4); it is a setting, and the tax adviser knows it. LODAS shows a test run first.
"""

from datetime import date

from rewards.amounts import Amount, Kind
from rewards.payouts.formats.format import Column, Example, Format, Setting
from rewards.payouts.line import Line, Terms, figure

_FIELDS = ("abrechnung_zeitraum", "pnr", "la_eigene", "bs_nr", "bs_wert_butab", "bemerkung")


def _before(terms: Terms) -> list[str]:
    return [
        "[Allgemein]",
        "Ziel=LODAS",
        "Version_SST=1.0",
        f"BeraterNr={terms.setting('adviser')}",
        f"MandantenNr={terms.setting('client')}",
        "Feldtrennzeichen=;",
        "Zahlenkomma=,",
        "Datumsformat=TT/MM/JJJJ",
        "[Satzbeschreibung]",
        f"1;u_lod_bwd_buchung_standard;{';'.join(f'{name}#bwd' for name in _FIELDS)};",
        "[Bewegungsdaten]",
    ]


FORMAT = Format(
    name="datev_lodas",
    label="DATEV LODAS, ASCII import",
    kind=Kind.CASH,
    needs="number",
    number=r"[1-9][0-9]{0,4}",
    currency="EUR",
    encoding="cp1252",
    separator=";",
    headings=False,
    before=_before,
    settings=(
        Setting(
            "adviser",
            "Beraternummer",
            "The tax adviser’s number at DATEV.",
            pattern=r"[0-9]{4,7}",
            wrong="Write the adviser’s number: four to seven digits.",
        ),
        Setting(
            "client",
            "Mandantennummer",
            "The company’s number with that adviser.",
            pattern=r"[0-9]{1,5}",
            wrong="Write the client’s number: up to five digits.",
        ),
        Setting(
            "wage_type",
            "Lohnart",
            "The company’s own wage type for prizes; the tax adviser sets it up.",
            pattern=r"[0-9]{1,4}",
            wrong="Write the wage type: up to four digits.",
        ),
        Setting(
            "key",
            "Bearbeitungsschlüssel",
            "The processing key of an amount; ask the tax adviser.",
            default="3",
            pattern=r"[0-9]{1,2}",
            wrong="Write the processing key: one or two digits.",
        ),
    ),
    columns=(
        Column("record", lambda line, terms: "1"),
        Column(_FIELDS[0], lambda line, terms: f"01/{terms.made_on:%m/%Y}"),
        Column(_FIELDS[1], lambda line, terms: line.number),
        Column(_FIELDS[2], lambda line, terms: terms.setting("wage_type")),
        Column(_FIELDS[3], lambda line, terms: terms.setting("key")),
        Column(_FIELDS[4], lambda line, terms: figure(line.amount, ",")),
        Column(_FIELDS[5], lambda line, terms: line.reference),
        Column("end", lambda line, terms: ""),  # a record ends with a separator
    ),
    file_name=lambda terms: f"{terms.payout}-lodas.txt",
    source="https://help-center.apps.datev.de/api/amr/knowledge-common/v1/entities/st81064830359671307_de.pdf",
    read_on=date(2026, 11, 22),
    caution="Let LODAS make its test run, and the tax adviser look at wage type and key, before importing.",
    examples=(
        Example(
            (
                Line(
                    "P-2026-0001-7", "1042", "Ana Lind", "ana@northwind.example", "Research",
                    Amount(units=20_050, currency="EUR"), "New voices", date(2026, 12, 28), True,
                ),
            ),
            Terms(
                "P-2026-0001", date(2027, 1, 4), "EUR",
                {"adviser": "1234567", "client": "12345", "wage_type": "1500", "key": "3"},
            ),
            "[Allgemein]\r\nZiel=LODAS\r\nVersion_SST=1.0\r\nBeraterNr=1234567\r\n"
            "MandantenNr=12345\r\nFeldtrennzeichen=;\r\nZahlenkomma=,\r\nDatumsformat=TT/MM/JJJJ\r\n"
            "[Satzbeschreibung]\r\n"
            "1;u_lod_bwd_buchung_standard;abrechnung_zeitraum#bwd;pnr#bwd;la_eigene#bwd;bs_nr#bwd;"
            "bs_wert_butab#bwd;bemerkung#bwd;\r\n"
            "[Bewegungsdaten]\r\n"
            "1;01/01/2027;1042;1500;3;200,50;P-2026-0001-7;\r\n",
        ),
    ),
)  # fmt: skip
