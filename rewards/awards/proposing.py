"""Proposing awards when a contest is decided, in the transaction that decides it.

Law: who published the contest is the proposer; the same decision proposes each award once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from rewards.awards.award import Held, Terms
from rewards.awards.limits import approvals_needed, limits
from rewards.awards.reading import award
from rewards.awards.record import note, tell_others
from rewards.connection import Connection
from rewards.contests.amenders import amenders
from rewards.contests.charter import Charter, Prize, PrizeKind
from rewards.contests.decide import Win


async def propose(
    connection: Connection,
    *,
    contest_id: int,
    charter: Charter,
    wins: Sequence[Win],
    reservations: Mapping[int, int],
    now: datetime,
) -> list[int]:
    """Propose an award for each win; `reservations` are by budget. Returns the awards' ids."""
    prizes = {prize.number: prize for prize in charter.prizes}
    ids = []
    async with connection.transaction():
        for win in wins:
            held = _held(prizes[win.prize], win, reservations)
            ids.append(
                await propose_one(
                    connection, contest_id, charter, prizes[win.prize], win, held, now=now
                )
            )
    return ids


async def propose_one(
    connection: Connection,
    contest_id: int,
    charter: Charter,
    prize: Prize,
    win: Win,
    held: Sequence[Held],
    *,
    now: datetime,
    passed_from: int | None = None,
) -> int:
    """Propose one award; the same once more is the first one's id."""
    first = held[0] if held else None
    days = held[1] if len(held) == 2 else None
    kind = "choice" if days else first.amount.kind.value if first else "recognition"
    award_id: int | None = await connection.fetchval(
        """insert into award (contest_id, prize, place, bracket, person_id, team, kind, currency,
             units, reservation_id, days_units, days_reservation_id, proposer_id, passed_from,
             recorded_at)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
           on conflict on constraint award_once_uq do nothing returning id""",
        contest_id,
        win.prize,
        win.place,
        win.bracket,
        win.person_id,
        win.team,
        kind,
        first.amount.currency if first else None,
        first.amount.units if first else 0,
        first.reservation_id if first else None,
        days.amount.units if days else None,
        days.reservation_id if days else None,
        charter.proposer_id,
        passed_from,
        now,
    )
    if award_id is None:
        known: int = await connection.fetchval(
            """select id from award where contest_id = $1 and prize = $2
               and bracket is not distinct from $3 and person_id = $4""",
            contest_id,
            win.prize,
            win.bracket,
            win.person_id,
        )
        return known
    needed = approvals_needed([one.amount for one in held], await limits(connection))
    terms = terms_of(
        charter, prize, win, approvals=needed, amended_by=await amenders(connection, contest_id)
    )
    detail = {"terms": terms, "why": win.why}
    await note(connection, award_id, "proposed", by=charter.proposer_id, detail=detail, now=now)
    await tell_others(connection, "award.proposed", await award(connection, award_id), now)
    return award_id


def terms_of(
    charter: Charter, prize: Prize, win: Win, *, approvals: int, amended_by: Sequence[int] = ()
) -> Terms:
    """What the charter says of this award."""
    # Where everybody is in one bracket, its name says nothing.
    divided = win.bracket is not None and len(charter.brackets) > 1
    return Terms(
        contest=charter.name,
        slug=charter.slug,
        approvals=approvals,
        accept_days=charter.accept_days,
        pass_on=charter.pass_on,
        tell_privately=charter.tell_privately,
        days_expire_months=charter.days_expire_months,
        zone=charter.zone,
        gross_up=charter.gross_up,
        text=prize.text,
        bracket=charter.brackets[win.bracket or 0].name if divided else None,
        amended_by=tuple(amended_by),
    )


def _held(prize: Prize, win: Win, reservations: Mapping[int, int]) -> list[Held]:
    if prize.kind is PrizeKind.CHOICE:
        held = [
            Held(amount, reservations[budget])
            for budget, amount in zip(prize.budgets, prize.amounts, strict=True)
        ]
        return sorted(held, key=lambda one: one.amount.kind)  # money before days
    if win.amount is None:
        return []
    return [Held(win.amount, reservations[prize.budgets[0]])]
