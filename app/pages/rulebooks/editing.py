"""`/hr/rules/edit`: the rules as a form, the same rules as text beside it, and what is odd about them.

Laws: each side follows the other as it is typed; what was typed is never lost; nothing is saved here,
for a draft holds nothing until it was seen what it would change.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException

from app.auth.guards import has_role
from app.database import Connection, transaction
from app.pages.form import Form
from app.pages.fragment import page
from app.pages.rule_words import in_words
from app.pages.rulebooks.draft import Draft, draft_of, typed
from app.pages.rulebooks.examples import Examples, examples
from app.pages.rulebooks.fields import CREDITS, KINDS, MOST_STEPS, PERIODS, RELATIONS
from app.pages.rulebooks.stretches import Stretch, stretches
from app.pages.rulebooks.trying import try_it
from app.what_ifs import job
from scoring import (
    Incentive,
    RuleForm,
    as_if_always,
    incentives,
    load_books,
    platforms,
    presets,
    topics_in_use,
)

LONGEST_SOURCE: Final = 80


async def modes_here(connection: Connection) -> dict[str, Incentive]:
    """What may be won on each network, with what an administrator decided."""
    held = await incentives(connection, datetime.now(UTC))
    return {name: one.mode for name, one in held.items()}


@get("/hr/rules/edit", guards=[has_role("hr")])
async def editor(request: Request[Any, Any, Any]) -> Response[Any]:
    """A draft to begin with: `from` names a preset, a version or a draft that was run; else what holds."""
    async with transaction(readonly=True) as connection:
        toml, begun_from = await beginning(
            request, connection, request.query_params.get("from", "")
        )
        draft = draft_of(toml, await topics_in_use(connection), await modes_here(connection))
        return await show(request, connection, draft, begun_from)


@post("/hr/rules/edit", guards=[has_role("hr")], status_code=200)
async def edit(request: Request[Any, Any, Any]) -> Response[Any]:
    """Follow what was typed, add or take away a rule, or run the draft, as the button says."""
    values = sent(await request.form())
    do, begun_from = values.get("do", ""), values.get("begun_from", "")[:LONGEST_SOURCE]
    async with transaction(readonly=True) as connection:
        draft = typed(values, do, await topics_in_use(connection), await modes_here(connection))
        choices = await stretches(connection, request.app.state.settings.timezone)
        if do == "try" and draft.usable:
            over = choices.get(values.get("over", ""), next(iter(choices.values())))
            return await try_it(request, draft.toml, begun_from, over)
        live = do in ("form", "text") and request.headers.get("hx-request") == "true"
        status = 422 if do == "try" else 200
        return await show(
            request, connection, draft, begun_from, live=live, choices=choices, sent=values,
            status=status, asked=do == "try",
        )  # fmt: skip


def sent(form: Any) -> dict[str, str]:
    """What was sent, by field; of one sent twice the last (a button comes after the fields)."""
    return {name: value for name, value in form.multi_items() if isinstance(value, str)}


async def beginning(
    request: Request[Any, Any, Any], connection: Connection, source: str
) -> tuple[str, str]:
    """The text to begin with and what it is called."""
    kind, _, name = source.partition(":")
    if kind == "preset" and name in presets():
        return presets()[name].toml, presets()[name].title
    if kind == "draft":
        found = await job(request.app.state.redis, name)
        if found is None:
            raise NotFoundException("This draft is gone: drafts are kept for a day.")
        return found.asked.toml, found.asked.begun_from
    if kind == "version" and name.isascii() and name.isdecimal() and len(name) < 10:
        row = await connection.fetchrow("select toml, name from rulebook where id = $1", int(name))
        if row is None:
            raise NotFoundException("There is no such version.")
        return row["toml"], row["name"]
    if source:
        raise NotFoundException("There is nothing of that name to begin with.")
    books = await load_books(connection, request.app.state.settings.timezone)
    book = books.in_force(datetime.now(UTC))
    if book is None:
        first = next(iter(presets().values()))
        return first.toml, first.title
    toml = await connection.fetchval("select toml from rulebook where id = $1", book.id)
    return toml, book.name


async def show(
    request: Request[Any, Any, Any],
    connection: Connection,
    draft: Draft,
    begun_from: str,
    *,
    live: bool = False,
    choices: Mapping[str, Stretch] | None = None,
    sent: Mapping[str, str] | None = None,
    status: int = 200,
    asked: bool = False,
) -> Response[Any]:
    """The page, or the side of it that follows."""
    now, zone = datetime.now(UTC), request.app.state.settings.timezone
    choices = choices or await stretches(connection, zone)
    context = {
        "draft": draft,
        "form": draft.form,
        "rules": rules_of(
            draft, await examples(connection, now, zone), zone, await topics_in_use(connection)
        ),
        "begun_from": begun_from,
        "live": live,
        "asked": asked,
        "choices": list(choices.values()),
        "over": Form({"over": (sent or {}).get("over", "")}),
        "presets": list(presets().values()),
        "kinds": KINDS,
        "relations": RELATIONS,
        "credits": CREDITS,
        "periods": PERIODS,
    }
    return page(request, "rulebooks/edit.html", context, status=status)


def rules_of(
    draft: Draft, gave: Examples, zone: ZoneInfo, topics: Mapping[str, str]
) -> list[dict[str, Any]]:
    """The rules for the template: how they read, what they gave, what is odd about them."""
    words = _words(draft.toml, zone, topics) if draft.problem is None else {}
    return [
        {
            "n": n,
            "title": form.label or form.name or f"Rule {n + 1}",
            "name": form.name,
            "words": words.get(form.name),
            "gave": gave.of(form.name),
            "warnings": draft.about(form.name),
            "problem": draft.problem_of(form.name),
            "worth": _worth(form),
            "open": _open(draft, n, form.name),
            "steps": range(min(len(form.steps) + 1, MOST_STEPS)),
            "networks": _networks(form.platforms),
            "topics": _topics(topics, form.topics),
        }
        for n, form in enumerate(draft.forms)
    ]


def _worth(form: RuleForm) -> str:
    """'10 × 5, 20 × 2 a day': a rule's steps in one line."""
    steps = ", ".join(f"{count} × {points}" for count, points in form.steps)
    return f"{steps} {dict(PERIODS).get(form.per, '')}".strip()


def _open(draft: Draft, n: int, name: str) -> bool:
    """Whether a rule's fields are unfolded: something is wrong with it, or it was just added."""
    return (
        draft.form.any_wrong(f"r{n}_")
        or draft.problem_of(name) is not None
        or (name.startswith("new_rule_") and n == len(draft.forms) - 1)
    )


def _networks(named: Collection[str]) -> list[tuple[str, str]]:
    known = [(name, network.label) for name, network in platforms().items()]
    return [*known, *((name, f"{name} (unknown)") for name in named if name not in platforms())]


def _topics(known: Mapping[str, str], named: Collection[str]) -> list[tuple[str, str]]:
    return [*known.items(), *((one, f"{one} (no topic)") for one in named if one not in known)]


def _words(toml: str, zone: ZoneInfo, topics: Mapping[str, str]) -> dict[str, str]:
    """How each rule of a usable text reads, by name."""
    return {
        rule.name: in_words(rule, topics).words
        for rule in as_if_always(toml, zone).versions[0].rules.values()
    }


HANDLERS: Final = (editor, edit)
