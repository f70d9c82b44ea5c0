"""Publishing a contest: from then on its rules stand under a hash, and its worst case is set aside.

Law: one transaction. Either everybody can read the charter and every budget holds what it may cost,
or nothing happened and a sentence says why. Publishing the same version again is the first answer.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from zoneinfo import ZoneInfo

import msgspec

from rewards.amounts import Amount
from rewards.budgets import reserve
from rewards.connection import Connection
from rewards.contests.charter import Charter
from rewards.contests.drafts import Draft, StaleForm, lock_draft
from rewards.contests.form import FormContext, read_form
from rewards.contests.overriding import override_networks
from rewards.contests.record import Contest, lock, note
from rewards.contests.warnings import warnings
from rewards.contests.worst_case import worst_case
from rewards.events import emit
from rewards.refusal import Refused
from rewards.roles import holds
from scoring import record_audit

_SEED_BYTES = 32  # nobody guesses it, so nobody knows the order of ties before it is shown


class NotReady(Refused):
    """The draft lacks something; `errors` says what, a sentence for each field."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        field, sentence = next(iter(errors.items()))
        super().__init__(sentence, field=field)
        self.errors = dict(errors)


class Forbidden(Refused):
    """A rule of a network or of the company speaks against it, and nobody overrode it on record."""


async def publish(
    connection: Connection,
    contest_id: int,
    version: int,
    *,
    by: int,
    now: datetime,
    context: FormContext,
    override: str | None = None,
) -> Charter:
    """Publish the version of the draft that `by` looked at; the charter in force.

    `override` is an administrator's reason for letting through what is forbidden. Raises Refused
    (StaleForm, NotReady, Forbidden, BudgetExhausted, NotASpender, …): then nothing has changed.
    """
    async with connection.transaction():
        contest = await lock(connection, contest_id)
        if contest.published is not None:
            return await _first_answer(connection, contest, version, by)
        draft = await lock_draft(connection, contest_id)
        if draft.version != version:
            raise StaleForm(
                "The contest was changed after you looked at it, so it was not published. "
                "Read it again, then publish."
            )
        await _may_publish(connection, by, override)
        charter = await _charter(connection, draft, by, now, context, override)
        return await enact(connection, contest, charter, version=version, by=by, now=now)


async def _first_answer(
    connection: Connection, contest: Contest, version: int, by: int
) -> Charter:
    """A double click gets what the first click did; anybody else hears who was first."""
    published = contest.happened("published")
    assert published is not None and contest.published is not None
    if published.person_id == by and published.detail.get("version") == version:
        return contest.published
    name = await connection.fetchval(
        "select name from profile where person_id = $1", published.person_id
    )
    who = "You have" if published.person_id == by else f"{name or 'Somebody else'} has"
    raise Refused(f"{who} published this contest already; there is nothing left to do.")


async def _may_publish(connection: Connection, by: int, override: str | None) -> None:
    if await holds(connection, by, "hr"):
        return
    if override is not None and await holds(connection, by, "administrator"):
        return
    raise Refused("Only people with the role HR publish contests.")


async def _charter(
    connection: Connection,
    draft: Draft,
    by: int,
    now: datetime,
    context: FormContext,
    override: str | None,
) -> Charter:
    charter, errors = read_form(draft.form, context)
    if errors or charter is None:
        raise NotReady(errors)
    forbidden = [warning for warning in warnings(charter, context) if warning.level == "forbidden"]
    if forbidden:
        if override is None or not await holds(connection, by, "administrator"):
            said = " ".join(warning.text for warning in forbidden)
            raise Forbidden(
                f"{said} An administrator can publish it all the same and say why on record."
            )
        await override_networks(connection, draft.contest_id, charter, override, by=by, now=now)
    return charter


async def enact(
    connection: Connection,
    contest: Contest,
    charter: Charter,
    *,
    version: int,
    by: int,
    now: datetime,
) -> Charter:
    """Put a charter in force, in the caller's transaction and under the contest's lock.

    The contest's own id and slug, who publishes and the commitment to the seed are filled in here.
    """
    seed = secrets.token_bytes(_SEED_BYTES)
    charter = msgspec.structs.replace(
        charter,
        contest_id=contest.id,
        slug=contest.slug,
        proposer_id=by,
        order_commitment=sha256(seed).hexdigest(),
    )
    charter_id = await connection.fetchval(
        """insert into charter (contest_id, body, sha256, published_by, recorded_at)
           values ($1, $2, $3, $4, $5) returning id""",
        contest.id,
        charter.canonical().decode(),
        charter.sha256,
        by,
        now,
    )
    await connection.execute(
        """insert into contest_seed (charter_sha256, contest_id, seed, recorded_at)
           values ($1, $2, $3, $4)""",
        charter.sha256,
        contest.id,
        seed,
        now,
    )
    worst = worst_case(charter)
    for budget_id in sorted(worst):
        await set_aside(connection, charter, charter_id, budget_id, worst[budget_id], by, now)
    detail = {"version": version, "sha256": charter.sha256}
    await note(
        connection, contest, "published", by=by, detail=detail, now=now, charter_id=charter_id
    )
    await record_audit(
        connection, by, "contest_published", f"contest:{contest.id}", detail, now
    )
    await emit(
        connection,
        "contest.published",
        {
            "contest_id": contest.id,
            "slug": contest.slug,
            "charter_sha256": charter.sha256,
            "start_at": charter.start_at,
            "end_at": charter.end_at,
        },
        now,
    )
    return charter


async def set_aside(
    connection: Connection,
    charter: Charter,
    charter_id: int,
    budget_id: int,
    amount: Amount,
    by: int,
    now: datetime,
    what: str = "publish",
) -> None:
    """Reserve in one budget what the charter may cost there."""
    await reserve(
        connection,
        budget_id,
        charter.contest_id,
        amount.units,
        by=by,
        on=charter.end_at.astimezone(ZoneInfo(charter.zone)).date(),
        key=f"{what}:{charter_id}:{budget_id}",
        now=now,
        reason=f"the most that “{charter.name}” can cost",
    )
