"""Writing a contest before it is published.

Law: a draft is nobody's promise; it may be saved as it is, wrong or half done. Who saves an older
version than the newest is told so and overwrites nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import msgspec

from rewards.connection import Connection
from rewards.contests.record import NoSuchContest, in_force_id
from rewards.contests.slug import free_slug, is_slug
from rewards.refusal import Refused
from scoring import record_audit

Form = dict[str, str]

# What the next contest of the same kind decides anew.
_NOT_COPIED: Final = frozenset({"start_on", "end_on"})


class StaleForm(Refused):
    """Somebody saved the draft since this form was opened."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft as it was saved last; `version` goes back with the form."""

    contest_id: int
    slug: str
    form: Form
    version: int
    changed_by: int | None
    changed_at: datetime
    published: bool  # it has a charter in force, and can be edited no more


async def new_draft(
    connection: Connection, *, by: int | None, form: Mapping[str, str], now: datetime
) -> tuple[int, str]:
    """Begin a contest; returns its id and slug, which comes from the name in the form."""
    async with connection.transaction():
        slug = await free_slug(connection, form.get("name", ""))
        contest_id = await connection.fetchval(
            "insert into contest (slug, author_id, recorded_at) values ($1, $2, $3) returning id",
            slug,
            by,
            now,
        )
        await connection.execute(
            """insert into contest_draft (contest_id, form, version, changed_by, changed_at)
               values ($1, $2::jsonb, 1, $3, $4)""",
            contest_id,
            msgspec.json.encode(dict(form)).decode(),
            by,
            now,
        )
        await record_audit(
            connection, by, "contest_drafted", f"contest:{contest_id}", {"slug": slug}, now
        )
    return int(contest_id), slug


async def save_draft(
    connection: Connection,
    contest_id: int,
    form: Mapping[str, str],
    version: int,
    *,
    by: int | None,
    now: datetime,
) -> int:
    """Keep what the form holds; returns the new version. Raises StaleForm, Refused once published.

    The same form sent twice is saved once.
    """
    async with connection.transaction():
        draft = await lock_draft(connection, contest_id)
        if draft.published:
            raise Refused(
                "This contest is published: its rules change only by an amendment that its "
                "entrants are told of."
            )
        if draft.form == dict(form):
            return draft.version
        if draft.version != version:
            raise StaleForm(await _stale_words(connection, draft, by))
        await connection.execute(
            """update contest_draft set form = $2::jsonb, version = version + 1, changed_by = $3,
                 changed_at = $4 where contest_id = $1""",
            contest_id,
            msgspec.json.encode(dict(form)).decode(),
            by,
            now,
        )
    return draft.version + 1


async def copy_of(
    connection: Connection, contest_id: int, *, by: int | None, now: datetime
) -> tuple[int, str]:
    """A new draft that says what another contest's form says, but for its days."""
    draft = await read_draft(connection, contest_id)
    form = {name: value for name, value in draft.form.items() if name not in _NOT_COPIED}
    return await new_draft(connection, by=by, form=form, now=now)


async def read_draft(connection: Connection, contest_id: int) -> Draft:
    """The draft as it stands. Raises NoSuchContest."""
    return await _read(connection, "c.id = $1", contest_id)


async def draft_by_slug(connection: Connection, slug: str) -> Draft:
    """The draft behind an address. Raises NoSuchContest."""
    if not is_slug(slug):
        raise NoSuchContest
    return await _read(connection, "c.slug = $1", slug)


async def lock_draft(connection: Connection, contest_id: int) -> Draft:
    """The draft, which nobody else can change or publish until the caller's transaction ends."""
    await connection.execute("select from contest where id = $1 for no key update", contest_id)
    return await _read(connection, "c.id = $1 for update of d", contest_id)


async def _read(connection: Connection, which: str, value: object) -> Draft:
    row = await connection.fetchrow(
        f"""select d.contest_id, c.slug, d.form, d.version, d.changed_by, d.changed_at
            from contest_draft d join contest c on c.id = d.contest_id where {which}""",
        value,
    )
    if row is None:
        raise NoSuchContest
    return Draft(
        row["contest_id"],
        row["slug"],
        msgspec.json.decode(row["form"], type=dict[str, str]),
        row["version"],
        row["changed_by"],
        row["changed_at"],
        await in_force_id(connection, row["contest_id"]) is not None,
    )


async def _stale_words(connection: Connection, draft: Draft, by: int | None) -> str:
    if draft.changed_by == by:
        who = "You saved this contest in another window"
    else:
        name = await connection.fetchval(
            "select name from profile where person_id = $1", draft.changed_by
        )
        who = f"{name or 'Somebody else'} saved this contest"
    return (
        f"{who} after you opened it. Nothing of yours was saved: open it again and "
        "make your changes there."
    )
