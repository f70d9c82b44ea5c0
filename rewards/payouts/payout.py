"""A payout: the awards of one currency, or of days, in one file with a number and a total.

Laws: nothing is in two payouts; numbers of a year have no gap, however many are made at once; the file
of a payout is the same bytes for ever, and its hash stands beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from zoneinfo import ZoneInfo

from rewards.amounts import Amount, Kind
from rewards.awards.award import AwardState
from rewards.awards.paying import export
from rewards.awards.record import locked
from rewards.connection import Connection
from rewards.payouts.codes import check_settings, payout_settings
from rewards.payouts.formats import Format, payout_format
from rewards.payouts.line import Terms
from rewards.payouts.locking import lock_awards
from rewards.payouts.waiting import Waiting, waiting
from rewards.refusal import Refused
from rewards.roles import holds
from scoring import record_audit


class NothingToPay(Refused):
    """No award waits that this payout could hold."""


class NotForHR(Refused):
    """Only HR makes payouts and says what was paid."""


@dataclass(frozen=True, slots=True)
class Payout:
    """A payout with its file."""

    number: str  # P-2026-0001
    sha256: str
    name: str  # of the file
    body: bytes
    awards: int
    total: Amount


async def make_payout(
    connection: Connection,
    *,
    format: str,
    kind: Kind | str,
    currency: str | None,
    by: int,
    now: datetime,
    zone: ZoneInfo | None = None,
) -> Payout:
    """Put everything that waits into a payout: accepted awards become exported, in one transaction.

    Whom the other system does not know stays waiting. `zone`: the company's, for the year of the number
    (UTC where none is given). Raises Refused beside a field, NothingToPay.
    """
    chosen, kind = payout_format(format), Kind(kind)
    _check_fits(chosen, kind, currency)
    made_on = now.astimezone(zone or ZoneInfo("UTC")).date()
    async with connection.transaction():
        await require_hr(connection, by)
        # One payout at a time: the number follows the last one that was committed.
        await connection.execute("select pg_advisory_xact_lock(hashtext('fanfare.payout'))")
        settings = await payout_settings(connection, chosen)
        check_settings(chosen, settings)
        number = await _next_number(connection, made_on.year)
        held = await _held(connection, chosen, kind, currency, number)
        terms = Terms(number, made_on, currency, settings)
        body = chosen.write([one.line(number) for one in held], terms)
        total = Amount(units=sum(one.amount.units for one in held), currency=currency)
        payout = Payout(
            number, sha256(body).hexdigest(), chosen.file_name(terms), body, len(held), total
        )
        await _record(connection, payout, chosen.name, kind, held, by, now)
        detail = {"format": format, "awards": len(held), "units": total.units, "currency": currency}
        await record_audit(connection, by, "payout_made", f"payout:{number}", detail, now)
    return payout


async def require_hr(connection: Connection, person_id: int) -> None:
    """Raise NotForHR unless the person holds the role now."""
    if not await holds(connection, person_id, "hr"):
        raise NotForHR("Payouts are made by people with the role HR.")


def _check_fits(chosen: Format, kind: Kind, currency: str | None) -> None:
    if chosen.kind is not kind:
        what = "money" if chosen.kind is Kind.CASH else "vacation days"
        raise Refused(f"{chosen.label} is for {what}.", field="format")
    if kind is Kind.CASH and currency is None:
        raise Refused("Choose a currency.", field="currency")
    if chosen.currency is not None and currency != chosen.currency:
        raise Refused(
            f"{chosen.label} pays in {chosen.currency} only; choose another format for {currency}.",
            field="format",
        )


async def _next_number(connection: Connection, year: int) -> str:
    last: int = await connection.fetchval(
        """select coalesce(max(split_part(number, '-', 3)::int), 0) from payout
           where number like $1""",
        f"P-{year}-%",
    )
    return f"P-{year}-{last + 1:04}"


async def _held(
    connection: Connection, chosen: Format, kind: Kind, currency: str | None, number: str
) -> list[Waiting]:
    """What the payout will hold, locked, so that nobody else settles it meanwhile."""
    found = await waiting(connection, kind=kind, currency=currency)
    if not found:
        raise NothingToPay("Nothing of this waits to be paid out.", field="format")
    known = [one for one in found if chosen.known(one.line(number))]
    if not known:
        lacks = "an employee number" if chosen.needs == "number" else "an e-mail address"
        raise NothingToPay(
            f"None of the {len(found)} who wait has {lacks} that {chosen.label} can use."
            " Add the numbers first.",
            field="format",
        )
    await lock_awards(connection, [one.award.id for one in known])
    for one in sorted(known, key=lambda one: one.award.id):
        view = await locked(connection, one.award.id)
        if view.state is not AwardState.ACCEPTED or view.chosen is None:
            raise Refused("An award changed at this moment. Look at the list again.")
    return known


async def _record(
    connection: Connection, payout: Payout, format: str, kind: Kind, held: Sequence[Waiting],
    by: int, now: datetime,
) -> None:  # fmt: skip
    payout_id = await connection.fetchval(
        """insert into payout (number, format, kind, currency, awards, units, sha256, person_id,
             recorded_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning id""",
        payout.number,
        format,
        kind.value,
        payout.total.currency,
        payout.awards,
        payout.total.units,
        payout.sha256,
        by,
        now,
    )
    await connection.execute(
        "insert into payout_file (payout_id, name, body) values ($1, $2, $3)",
        payout_id,
        payout.name,
        payout.body,
    )
    await connection.executemany(
        "insert into payout_line (payout_id, award_id, units) values ($1, $2, $3)",
        [(payout_id, one.award.id, one.amount.units) for one in held],
    )
    for one in held:
        await export(connection, one.award.id, payout=payout.number, by=by, now=now)


@dataclass(frozen=True, slots=True)
class PayoutView:
    """A payout in the history, and how much of it was paid."""

    number: str
    format: str
    total: Amount
    awards: int
    paid: int  # how many of them
    sha256: str
    made_at: datetime
    made_by: int
    file: str | None  # its name; None: erased


async def payouts(connection: Connection, number: str | None = None) -> list[PayoutView]:
    """All payouts, the newest first, or the one with a number."""
    rows = await connection.fetch(
        """select p.*, f.name, (select count(*) from payout_line l join payment using (award_id)
                                where l.payout_id = p.id) as paid
           from payout p left join payout_file f on f.payout_id = p.id
           where $1::text is null or p.number = $1 order by p.id desc""",
        number,
    )
    return [
        PayoutView(
            number=row["number"],
            format=row["format"],
            total=Amount(units=row["units"], currency=row["currency"]),
            awards=row["awards"],
            paid=row["paid"],
            sha256=row["sha256"],
            made_at=row["recorded_at"],
            made_by=row["person_id"],
            file=row["name"],
        )
        for row in rows
    ]


async def payout_file(connection: Connection, number: str) -> tuple[str, bytes]:
    """The file of a payout as it was made: name and bytes. Raises Refused."""
    row = await connection.fetchrow(
        """select f.name, f.body, p.sha256 from payout p join payout_file f on f.payout_id = p.id
           where p.number = $1""",
        number,
    )
    if row is None:
        raise Refused("There is no file of such a payout; it may have been erased.")
    if sha256(row["body"]).hexdigest() != row["sha256"]:
        raise Refused("The stored file differs from the one that was made: do not use it.")
    return row["name"], row["body"]


@dataclass(frozen=True, slots=True)
class PayoutLine:
    """One award of a payout."""

    reference: str
    award_id: int
    person_id: int
    name: str
    amount: Amount
    contest: str
    paid_on: date | None


async def payout_lines(connection: Connection, number: str) -> list[PayoutLine]:
    """What a payout holds, in its order."""
    rows = await connection.fetch(
        """select l.award_id, l.units, p.currency, a.person_id, coalesce(f.name, '') as name,
                  y.paid_on, (select detail->'terms'->>'contest' from award_event e
                    where e.award_id = a.id and e.kind = 'proposed') as contest
           from payout p join payout_line l on l.payout_id = p.id join award a on a.id = l.award_id
           left join profile f on f.person_id = a.person_id
           left join payment y on y.award_id = a.id
           where p.number = $1 order by l.award_id""",
        number,
    )
    return [
        PayoutLine(
            reference=f"{number}-{row['award_id']}",
            award_id=row["award_id"],
            person_id=row["person_id"],
            name=row["name"],
            amount=Amount(units=row["units"], currency=row["currency"]),
            contest=row["contest"],
            paid_on=row["paid_on"],
        )
        for row in rows
    ]
