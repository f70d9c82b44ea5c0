"""What a contest's form means as it stands: its sentence, its cost, what it meets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from litestar import Request

from app.database import Connection
from app.pages.contest_editor.context import context_of
from app.pages.contest_editor.panel import Check, Panel, boxes, check, missing
from rewards import (
    Amount,
    Charter,
    FormContext,
    budgets,
    forecast,
    read_form,
    sentence,
    warnings,
    worst_by_kind,
    worst_case,
)

LIFTED: Final = "(a reason still to be given)"  # stands in no charter


@dataclass(frozen=True, slots=True)
class Meaning:
    """The right column, with the charter the form makes and what is wrong by field."""

    panel: Panel
    charter: Charter | None
    errors: Mapping[str, str]
    worst: tuple[Amount, ...]
    context: FormContext


async def meaning(
    request: Request[Any, Any, Any],
    connection: Connection,
    contest_id: int,
    typed: Mapping[str, str],
    now: datetime,
    *,
    live: bool = False,
    foresee: bool = False,
) -> Meaning:
    """Read a form and say what it means; where something is wrong only that.

    `foresee`: also what would have come of it last time, which takes a large company seconds at first.
    """
    context = await context_of(request, connection, contest_id, now)
    charter, errors = read_form(typed, context)
    forbidden: list[Check] = []
    if set(errors) == {"networks"}:
        # Wrong only by a network's own rules: an administrator's reason would make it right.
        charter, still = read_form(typed, lifted(context))
        if charter is not None:
            forbidden = [Check("forbidden", errors["networks"], field="networks")]
            errors = still
    if charter is None:
        panel = Panel(None, (), tuple(missing(errors)), live)
        return Meaning(panel, None, errors, (), context)
    foreseen = await forecast(connection, charter, now) if foresee else None
    said = [check(one) for one in warnings(charter, context, foreseen) if LIFTED not in one.text]
    panel = Panel(
        sentence(charter),
        boxes(worst_case(charter), await budgets(connection)),
        (*forbidden, *said),
        live,
    )
    worst = sorted(worst_by_kind(charter), key=lambda amount: amount.currency or "~")
    return Meaning(panel, charter, {}, tuple(worst), context)


def lifted(context: FormContext) -> FormContext:
    """The company as it would be had an administrator let every network count."""
    networks = {
        name: replace(policy, override=LIFTED) if policy.mode == "off" else policy
        for name, policy in context.networks.items()
    }
    return replace(context, networks=networks)
