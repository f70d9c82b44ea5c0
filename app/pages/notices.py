"""`/me/notices`: what a person was told, and what they want to be told."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from litestar import Request, Response, get, post

from app.auth.guards import signed_in, viewer_of
from app.database import transaction
from app.notify.mail import choose_mail, mail_choices, mail_server
from app.pages.form import Form
from app.pages.fragment import back, page
from app.pages.said import Said
from rewards import NoticeKind, choose_notices, mark_read, notice_choices, notices

WORDS: Final[dict[NoticeKind, str]] = {
    "contest_entered_by_default": "I am in a contest without having asked",
    "contest_overtaken": "Somebody passed me in a contest",
    "contest_decided": "A contest I am in is decided",
    "award_waits_for_answer": "Something I won waits for my answer",
    "award_congratulated": "Colleagues congratulate me",
    "statement_answered": "Somebody looked at a post or figures that I handed in",
    "approval_waits": "Awards wait for my approval",
    "account_asked": "It waits for me whose an account is",
    "consent_of_company": "What Fanfare may see of the company’s accounts ends",
    "company_account_named": "Another administrator names an account as the company’s",
}
_ADMINISTRATORS: Final = frozenset({"account_asked", "consent_of_company", "company_account_named"})


# The other kinds: whoever is told of them is always told in Fanfare, and may want a letter too.
ALSO: Final[dict[NoticeKind, str]] = {
    "award_won": "I won something",
    "award_passed_to_you": "A prize was passed on to me",
    "award_refused": "Something I won was not approved",
    "award_lapsed": "Something I won has lapsed",
    "award_paid": "Something I won was paid",
    "award_recovered": "Something I won is taken back",
    "date_confirmed": "A vacation day I asked for is confirmed",
    "date_refused": "A vacation day I asked for is not confirmed",
    "contest_amended": "The rules of a contest I am in change",
    "contest_cancelled": "A contest I am in is cancelled",
    "contest_no_snapshot": "A contest I am in could not count my followers",
    "case_answered": "Somebody answered what I said about my points",
    "consent_expiring": "What I let Fanfare see on a network ends soon",
    "consent_ended": "What I let Fanfare see on a network has ended",
    "account_contested": "Somebody says that an account of mine is theirs",
    "account_decided": "An administrator decided whose an account is",
    "sign_in_link_made": "An administrator made a link that signs in as me",
}


@get("/me/notices", guards=[signed_in])
async def my_notices(request: Request[Any, Any, Any]) -> Response[Any]:
    """The list, the newest first; what is shown is read from then on."""
    viewer = viewer_of(request)
    async with transaction() as connection:
        found = await notices(connection, viewer.person_id)
        choices = await notice_choices(connection, viewer.person_id)
        letters = await mail_choices(connection, viewer.person_id)
        await mark_read(connection, viewer.person_id, datetime.now(UTC))
    offered = [
        (kind, words, choices[kind])
        for kind, words in WORDS.items()
        if (kind != "approval_waits" or viewer.may("hr") or viewer.may("leader"))
        and (kind not in _ADMINISTRATORS or viewer.may("administrator"))
    ]
    by_mail = [(kind, words, letters[kind]) for kind, words in ALSO.items()]
    by_mail += [(kind, words, letters[kind]) for kind, words, _ in offered]
    context = {
        "notices": found,
        "offered": offered,
        "by_mail": by_mail,
        "mail": mail_server(request.app.state.settings) is not None,
    }
    return page(request, "notices/page.html", context)


@post("/me/notices", guards=[signed_in])
async def choose(request: Request[Any, Any, Any]) -> Response[Any]:
    """Keep what the person wants to be told."""
    form = await Form.of(request)
    wanted = {kind: form.ticked(kind) for kind in WORDS if form.value(f"offered:{kind}")}
    letters = {
        kind: form.ticked(f"mail:{kind}")
        for kind in (*WORDS, *ALSO)
        if form.value(f"offered:mail:{kind}")
    }
    person_id, now = viewer_of(request).person_id, datetime.now(UTC)
    async with transaction() as connection:
        await choose_notices(connection, person_id, wanted, now)
        await choose_mail(connection, person_id, letters, now)
    return back("/me/notices", Said.NOTICES)


HANDLERS: Final = (my_notices, choose)
