"""Amending a published contest: a later end, further prizes, another contact.

Laws: an amendment only adds, from its moment on: nothing that counted stops counting, no promise is taken
back. Its text stands under a hash beside the charter's, and everybody who is in is told of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

import msgspec

from rewards.budgets import budgets
from rewards.connection import Connection
from rewards.contests.allowing import allowed_names
from rewards.contests.charter import Charter, Prize, PrizeKind, canonical
from rewards.contests.enacting import last_day, set_aside
from rewards.contests.entering import refuse_entrant
from rewards.contests.entrants import entered
from rewards.contests.form.moments import LONGEST
from rewards.contests.phrases import day_words
from rewards.contests.record import Contest, lock
from rewards.contests.stage import Amendment, amended
from rewards.contests.worst_case import worst_case
from rewards.events import emit
from rewards.notices import notify_many
from rewards.prizes import prize_kinds
from rewards.refusal import Refused
from rewards.roles import holds
from scoring import contest_metrics, record_audit


@dataclass(frozen=True, slots=True)
class Change:
    """What an amendment adds; `text` says it to entrants in a sentence."""

    text: str
    end_at: datetime | None = None
    prizes: tuple[Prize, ...] = ()
    contact: str | None = None


async def amend(
    connection: Connection, contest_id: int, change: Change, *, by: int, now: datetime
) -> Amendment:
    """Add to a published contest; what further prizes may cost is set aside at once.

    The same amendment sent twice is made once. Raises Refused with the field it belongs beside.
    """
    async with connection.transaction():
        contest = await lock(connection, contest_id)
        if not await holds(connection, by, "hr"):
            raise Refused("Only people with the role HR amend contests.")
        await refuse_entrant(connection, contest_id, by, "amends it")
        if contest.amendments and _same(contest.amendments[-1], change):
            return contest.amendments[-1]
        _check(contest, change, now)
        _check_places(contest.charter, change.prizes)
        _check_kinds(contest.charter, change.prizes, await allowed_names(connection))
        amendment = Amendment(
            number=len(contest.amendments) + 1,
            at=now,
            text=" ".join(change.text.split()),
            end_at=change.end_at,
            prizes=change.prizes,
            contact=change.contact,
        )
        await _check_budgets(connection, contest.charter, amendment)
        await _record(connection, contest, amendment, by, now)
        return amendment


def _same(made: Amendment, change: Change) -> bool:
    return (made.text, made.end_at, _unnumbered(made.prizes), made.contact) == (
        " ".join(change.text.split()), change.end_at, _unnumbered(change.prizes), change.contact,
    )  # fmt: skip


def _unnumbered(prizes: Sequence[Prize]) -> list[Prize]:
    """A second click finds the prize of the first one there, and would number its own after it."""
    return [msgspec.structs.replace(prize, number=0) for prize in prizes]


def _check(contest: Contest, change: Change, now: datetime) -> None:
    charter = contest.charter
    if contest.happened("cancelled"):
        raise Refused(f"{charter.name} was cancelled; it has no rules any more.")
    if now >= charter.end_at:
        raise Refused(f"{charter.name} has ended. Its rules cannot change any more.")
    if not change.text.strip():
        raise Refused("Say in a sentence what changes: entrants will read it.", field="reason")
    if change.end_at is None and not change.prizes and change.contact is None:
        raise Refused("Nothing changes by this. Give a later end, a prize or a contact.")
    if change.end_at is not None:
        if change.end_at <= charter.end_at:
            raise Refused(
                "The end can only be later: people count on the time they were promised.",
                field="end_on",
            )
        if change.end_at - charter.start_at > LONGEST:
            raise Refused(
                "A contest runs for 400 days at most, with all its amendments.", field="end_on"
            )
        freezes_at = contest.moments.freezes_at
        if contest.happened("frozen") or (freezes_at is not None and now >= freezes_at):
            raise Refused(
                "The standing is frozen for the last hours; the end cannot move any more.",
                field="end_on",
            )
        side = contest_metrics()[charter.metric].contest
        if side is not None and side.looks_before:
            raise Refused(
                "This contest compares with as long a time before its start. A later end would "
                "change what everybody is compared with, so it cannot move.",
                field="end_on",
            )


def _check_places(charter: Charter, prizes: Sequence[Prize]) -> None:
    """Of the first prize the fields are called prize_1_…, as in the form of a contest."""
    taken = {prize.number for prize in charter.prizes}
    if any(prize.number in taken for prize in prizes):
        raise Refused("A further prize needs a number of its own.", field="prizes")
    for line, prize in enumerate(prizes, 1):
        if prize.first_place is not None and any(
            other.first_place is not None
            and (other.mode, other.among) == (prize.mode, prize.among)
            and prize.first_place <= (other.last_place or other.first_place)
            and other.first_place <= (prize.last_place or prize.first_place)
            for other in charter.prizes
        ):
            raise Refused(
                "That place has its prize already; add one for a further place.",
                field=f"prize_{line}_from",
            )


def _check_kinds(charter: Charter, prizes: Sequence[Prize], allowed: frozenset[str]) -> None:
    """What speaks against publishing such a prize speaks against adding it."""
    for line, prize in enumerate(prizes, 1):
        kind = prize_kinds()[prize.kind]
        field = f"prize_{line}_{'for' if prize.kind is PrizeKind.DRAW else 'kind'}"
        if kind.needs_allowance is not None and kind.needs_allowance not in allowed:
            raise Refused(f"{kind.label}: an administrator has not allowed that here.", field=field)
        if charter.who != "people" and not kind.for_teams:
            raise Refused(kind.why_not_for_teams, field=field)
        if not prize.amounts:
            continue
        if all(network.mode != "cash" for network in charter.networks):
            raise Refused(
                "Money and days may not be won for what happens on the networks of this contest. Add "
                "recognition.",
                field=field,
            )
        if not any(other.amounts for other in charter.prizes):
            raise Refused(
                "Nobody could win money or days here, so nobody was told to say in their posts that "
                "they work here. Add recognition, or begin another contest.",
                field=field,
            )


async def _check_budgets(connection: Connection, charter: Charter, amendment: Amendment) -> None:
    """A later end stays in the time of the budgets that pay for what was promised."""
    if amendment.end_at is None:
        return
    used, day = set(worst_case(charter)), last_day(amended(charter, [amendment]))
    for budget in await budgets(connection):
        if budget.id in used and budget.ends_on < day:
            raise Refused(
                f"The prizes come from “{budget.name}”, which pays for contests that end by "
                f"{day_words(budget.ends_on)}.",
                field="end_on",
            )


async def _record(
    connection: Connection, contest: Contest, amendment: Amendment, by: int, now: datetime
) -> None:
    body = canonical(amendment).decode()
    digest = sha256(body.encode()).hexdigest()
    amendment_id: int = await connection.fetchval(
        """insert into amendment (contest_id, charter_id, body, sha256, person_id, recorded_at)
           values ($1, $2, $3, $4, $5, $6) returning id""",
        contest.id,
        contest.charter_id,
        body,
        digest,
        by,
        now,
    )
    terms = amended(contest.charter, [amendment])
    worst = worst_case(terms, amendment.prizes)
    for budget_id in sorted(worst):
        await set_aside(
            connection, terms, amendment_id, budget_id, worst[budget_id], by, now, "amend"
        )
    detail = {"number": amendment.number, "sha256": digest, "text": amendment.text}
    await record_audit(connection, by, "contest_amended", f"contest:{contest.id}", detail, now)
    await notify_many(
        connection,
        await entered(connection, contest.id),
        "contest_amended",
        {"contest": contest.charter.name, "slug": contest.slug, "change": amendment.text},
        key=f"contest_amended:{amendment_id}",
        now=now,
    )
    await emit(
        connection,
        "contest.amended",
        {"contest_id": contest.id, "slug": contest.slug, "amendment_sha256": digest},
        now,
    )
