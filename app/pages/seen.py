"""`/me/seen`: everything held about oneself, who gets it, and all of it to take away.

Law: only ever about the person who asks; there is no way to name somebody else.
"""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import UUID

from litestar import Request, Response, get

from app.auth.guards import signed_in, viewer_of
from app.database import Connection, transaction
from app.pages.fragment import HEADERS, page
from app.pages.heard import way
from app.pages.linking import label
from scoring import all_seen, seen_counts, seen_totals

# Field, where it comes from, who gets it. What a person opened or hid decides over the last column.
FIELDS: Final = (
    ("Name, department, office", "your company", "colleagues on the leaderboard, as you chose"),
    ("E-mail address", "your company", "administrators"),
    ("Alias", "you", "colleagues, instead of your name, if you chose it"),
    ("Roles", "administrators", "administrators"),
    ("Password, as a hash nobody can read back", "you", "nobody"),
    ("Linked accounts", "you", "you; the networks’ names also colleagues if you opened them"),
    (
        "Accounts you named, how you showed that they are yours, until you unlink them",
        "you",
        "you and administrators",
    ),
    ("What you let Fanfare see of an account; the key to it, encrypted", "you", "nobody"),
    ("Your public posts and reactions to them", "the networks", "you; points also colleagues"),
    (
        "Posts and figures you handed in, with their picture until a month after the answer",
        "you",
        "you and communications, without your name",
    ),
    ("Points and rank", "worked out here", "colleagues, unless you hid yourself"),
    (
        "Where your points came from, today’s gain",
        "worked out here",
        "you; others if you opened it",
    ),
    ("What you said was wrong, what is held, and the answers", "you and HR", "you and HR"),
    ("Policy versions you accepted", "you", "administrators"),
    ("Log of changes", "written down here", "you and administrators"),
)

_SIGN_IN: Final = {
    "roles": """select role, granted, recorded_at from role_grant where person_id = $1
                order by id""",
    "sign_in": """select changed_at as password_set_at from credential where person_id = $1""",
    "links": """select purpose, made_at, expires_at, used_at from one_time_link
                where person_id = $1 order by made_at""",
    "consents": """select account_id, platform, server, state, scopes, given_at, expires_at, ends_at,
                   grace_until from consent where person_id = $1 order by id""",
    "policy": """select policy_version, recorded_at from policy_acceptance where person_id = $1
                 order by id""",
    "named_accounts": """
        select c.platform, c.handle, c.counts, c.professional, c.disclaimer, c.opened_at,
               r.recorded_at as asked_at, w.words, e.outcome, e.recorded_at as ended_at
        from account_claim c left join claim_request r on r.claim_id = c.id
        left join claim_words w on w.claim_id = c.id and w.person_id = c.person_id
        left join claim_end e on e.claim_id = c.id
        where c.person_id = $1 order by c.id""",
    # What others said of accounts of theirs: their words are their own.
    "asked_about_your_accounts": """
        select c.platform, c.handle, r.recorded_at as asked_at, w.words as your_words, e.outcome,
               e.recorded_at as ended_at
        from claim_request r join account_claim c on c.id = r.claim_id
        left join claim_words w on w.claim_id = c.id and w.person_id = r.holder_id
        left join claim_end e on e.claim_id = c.id
        where r.holder_id = $1 order by c.id""",
    "proofs": """select account_id, how, place, recorded_at from account_proof where person_id = $1
                 order by id""",
}


@get("/me/seen", guards=[signed_in])
async def seen_page(request: Request[Any, Any, Any]) -> Response[Any]:
    """Accounts, fields, sources, recipients and how many facts there are."""
    person_id = viewer_of(request).person_id
    async with transaction(readonly=True) as connection:
        everything = await seen_small(connection, person_id)
        counts = await seen_counts(connection, person_id)
        totals = await seen_totals(connection, person_id)
    linked = {row["account_id"]: row for row in everything["accounts"]}
    context = {
        "fields": FIELDS,
        "profile": everything["profile"][0],
        "roles": sorted(viewer_of(request).roles),
        "ownership": [
            {
                **row,
                **linked[row["account_id"]],
                "label": label(linked[row["account_id"]]["platform"]),
            }
            for row in everything["ownership"]
        ],
        "enrolment": everything["enrolment"],
        "policy": everything["policy"],
        "counts": [
            {**row, "label": label(row["platform"]), "way": way(row["source"])} for row in counts
        ],
        "totals": totals,
    }
    return page(request, "seen/page.html", context)


@get("/me/seen.json", guards=[signed_in])
async def seen_json(request: Request[Any, Any, Any]) -> Response[bytes]:
    """All of it as one JSON document: a list of rows for every table."""
    rows = await everything(request)
    body = json.dumps(rows, default=plain, ensure_ascii=False, indent=1).encode()
    return download(body, "application/json", "fanfare-about-me.json")


@get("/me/seen.csv", guards=[signed_in])
async def seen_csv(request: Request[Any, Any, Any]) -> Response[bytes]:
    """All of it as one CSV: a line for every value, with its table, row and field."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(("table", "row", "field", "value"))
    for table, rows in (await everything(request)).items():
        for number, row in enumerate(rows, start=1):
            for field, value in row.items():
                writer.writerow((table, number, field, cell(value)))
    # A byte order mark, without which spreadsheets take UTF-8 for something else.
    return download(text.getvalue().encode("utf-8-sig"), "text/csv", "fanfare-about-me.csv")


async def everything(request: Request[Any, Any, Any]) -> dict[str, list[dict[str, Any]]]:
    """Every table with something about the person who asks."""
    person_id = viewer_of(request).person_id
    async with transaction(readonly=True, isolation="repeatable_read") as connection:
        return {
            **await all_seen(connection, person_id),
            **await about_sign_in(connection, person_id),
        }


async def seen_small(connection: Connection, person_id: int) -> dict[str, list[dict[str, Any]]]:
    """The tables with few rows, which the page shows whole."""
    few = ("profile", "accounts", "ownership", "enrolment")
    return {
        **await all_seen(connection, person_id, tables=few),
        **await about_sign_in(connection, person_id),
    }


async def about_sign_in(connection: Connection, person_id: int) -> dict[str, list[dict[str, Any]]]:
    """What the edge itself holds: roles, that there is a password, links, acceptances."""
    return {
        name: [dict(row) for row in await connection.fetch(query, person_id)]
        for name, query in _SIGN_IN.items()
    }


def plain(value: object) -> str:
    """A value of the database as text."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"a {type(value).__name__} cannot be exported")


def cell(value: object) -> str:
    """A value as a spreadsheet may have it: one that looks like a formula is made text."""
    if value is None:
        return ""
    text = plain(value) if isinstance(value, datetime | date | UUID) else str(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def download(body: bytes, media_type: str, name: str) -> Response[bytes]:
    """A file to keep."""
    disposition = f'attachment; filename="{name}"'
    headers = {**HEADERS, "Content-Disposition": disposition}
    return Response(body, media_type=media_type, headers=headers)


HANDLERS: Final = (seen_page, seen_json, seen_csv)
