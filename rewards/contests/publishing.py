"""Publishing a contest: from then on its rules stand under a hash, and its worst case is set aside.

Law: one transaction. Either everybody can read the charter and every budget holds what it may cost,
or nothing happened and a sentence says why. Publishing the same version again is the first answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from rewards.connection import Connection
from rewards.contests.charter import Charter
from rewards.contests.drafts import Draft, StaleForm, lock_draft
from rewards.contests.enacting import enact
from rewards.contests.form import FormContext, read_form
from rewards.contests.overriding import override_network
from rewards.contests.record import Contest, lock
from rewards.contests.warnings import warnings
from rewards.refusal import Refused
from rewards.roles import holds
from scoring import record_audit


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


async def _first_answer(connection: Connection, contest: Contest, version: int, by: int) -> Charter:
    """A double click gets what the first click did; anybody else hears who was first."""
    published = contest.happened("published")
    assert published is not None
    assert contest.published is not None
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
    if override is not None:
        context = await _overridden(connection, draft, by, now, context, override)
    charter, errors = read_form(draft.form, context)
    if charter is None:
        raise NotReady(errors)
    forbidden = [said for said in warnings(charter, context) if said.level == "forbidden"]
    if forbidden and override is None:
        said = " ".join(warning.text for warning in forbidden)
        raise Forbidden(
            f"{said} An administrator can publish it all the same and say why on record."
        )
    if forbidden:
        await record_audit(
            connection,
            by,
            "contest_overridden",
            f"contest:{draft.contest_id}",
            {"reason": override, "forbidden": [warning.text for warning in forbidden]},
            now,
        )
    return charter


async def _overridden(
    connection: Connection,
    draft: Draft,
    by: int,
    now: datetime,
    context: FormContext,
    reason: str,
) -> FormContext:
    """The context in which an administrator's reason holds, for the networks that need it.

    Those are networks that are off; and where something costs and none of the chosen may pay, all.
    """
    if not await holds(connection, by, "administrator"):
        raise Forbidden("Only an administrator can decide otherwise than the rules of a network.")
    chosen = [name for name in draft.form.get("networks", "").split(",") if name]
    policies = {name: context.networks[name] for name in chosen if name in context.networks}
    needed = {name for name, policy in policies.items() if policy.mode == "off"}
    if not needed and all(policy.mode != "cash" for policy in policies.values()):
        needed = set(policies)
    for name in sorted(needed):
        await override_network(connection, draft.contest_id, name, reason, by=by, now=now)
    networks = {
        name: replace(policy, override=reason) if name in needed else policy
        for name, policy in context.networks.items()
    }
    return replace(context, networks=networks)
