"""The company as a contest's form meets it, read from the database and the networks' own policies."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from rewards.budgets import budgets
from rewards.connection import Connection
from rewards.contests.allowing import allowed_names
from rewards.contests.form.context import BudgetTerms, FormContext, NetworkPolicy
from rewards.contests.overriding import overrides
from scoring import Applied, Incentive, default_rulebook_toml, incentives, platforms


async def form_context(
    connection: Connection,
    contest_id: int,
    *,
    by: int,
    zone: ZoneInfo,
    company: str,
    disclosure_tag: str,
    now: datetime,
) -> FormContext:
    """What a draft of this contest is read against when `by` writes or publishes it."""
    overridden = await overrides(connection, contest_id)
    applied = await incentives(connection, now)
    slug = await connection.fetchval("select slug from contest where id = $1", contest_id)
    return FormContext(
        now=now,
        zone=zone,
        company=company,
        disclosure_tag=disclosure_tag,
        rulebook=await _rulebook(connection, now),
        networks={
            name: _policy(name, platform.label, applied[name], overridden.get(name))
            for name, platform in platforms().items()
        },
        budgets={
            view.id: BudgetTerms(
                id=view.id,
                name=view.name,
                kind=view.kind,
                currency=view.currency,
                starts_on=view.starts_on,
                ends_on=view.ends_on,
                available=view.balance.available,
            )
            for view in await budgets(connection, with_closed=False)
        },
        departments=await _names(connection, "department"),
        offices=await _names(connection, "office"),
        by=by,
        contest_id=contest_id,
        slug=slug or "preview",
        allowed=await allowed_names(connection),
        tax_notes=await _tax_notes(connection),
    )


def _policy(name: str, label: str, applied: Applied, for_one: str | None) -> NetworkPolicy:
    """What may be won for a network here: by its own policy, an administrator's decision about all
    contests, or one about this contest.

    A decision for money stands in the charter beside the network's own rule, with its reason; one for less
    is the rule.
    """
    own, decided = applied.own, applied.decided
    allowed = (
        decided is not None and applied.mode is Incentive.CASH and own.mode is not Incentive.CASH
    )
    otherwise = decided is not None and not allowed and applied.mode is not own.mode
    reason = (
        f"{own.reason}. Decided here: {decided.reason}" if otherwise and decided else own.reason
    )
    return NetworkPolicy(
        name=name,
        label=label,
        mode=own.mode.value if allowed else applied.mode.value,
        reason=reason,
        source=own.source,
        read_on=own.read_on,
        override=for_one or (decided.reason if allowed and decided else None),
    )


async def _rulebook(connection: Connection, now: datetime) -> str:
    """The version that speaks now; a charter pins it whole."""
    toml: str | None = await connection.fetchval(
        """select toml from rulebook where valid_from <= $1 and recorded_at <= $1
           order by recorded_at desc, id desc limit 1""",
        now,
    )
    return toml or default_rulebook_toml()


async def _names(connection: Connection, table: str) -> dict[int, str]:
    rows = await connection.fetch(f"select id, name from {table} order by name")
    return {row["id"]: row["name"] for row in rows}


async def _tax_notes(connection: Connection) -> tuple[tuple[str, str], ...]:
    """HR's own words by country: the newest of each, unless it was emptied."""
    rows = await connection.fetch(
        """select country, text from (select distinct on (country) country, text from tax_note
                                      order by country, id desc) newest
           where text <> '' order by country"""
    )
    return tuple((row["country"], row["text"]) for row in rows)
