"""What one's own page shows, with a form as it was typed where something was wrong with it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from litestar import Request, Response

from app.auth.accepted import accepted_version, current_policy
from app.auth.guards import viewer_of
from app.database import transaction
from app.pages.claims.words import how_shown
from app.pages.form import Form
from app.pages.fragment import page
from app.pages.linking import (
    KINDS,
    another_way,
    counts_choices,
    gives_back,
    label,
    led_by_consent,
    network_choices,
    shown_form,
)
from app.proofs import open_claims, proofs_of
from scoring import accounts_of


async def own_page(
    request: Request[Any, Any, Any],
    *,
    account_form: Form | None = None,
    counts_form: tuple[UUID, Form] | None = None,
    post_form: Form | None = None,
    shown_as: Form | None = None,
    leave_form: Form | None = None,
    status: int = 200,
) -> Response[Any]:
    """The page, with a form as it was typed where something was wrong with it."""
    viewer = viewer_of(request)
    async with transaction(readonly=True) as connection:
        accounts = await accounts_of(connection, viewer.person_id, datetime.now(UTC))
        profile = await connection.fetchrow(
            """select p.*, d.name as department, o.name as office from profile p
               left join department d on d.id = p.department_id
               left join office o on o.id = p.office_id where person_id = $1""",
            viewer.person_id,
        )
        proofs = await proofs_of(
            connection, [account.id for account in accounts], person_id=viewer.person_id
        )
        claims = await open_claims(connection, viewer.person_id)
        policy = await current_policy(connection)
        accepted = await accepted_version(connection, viewer.person_id)
    context = {
        "profile": profile,
        "accounts": [
            {
                "account": account,
                "label": label(account.platform),
                "another_way": another_way(account.platform),
                "gives_back": gives_back(account.platform),
                "shown": how_shown(proofs.get(account.id, [])),
                "form": counts_form[1]
                if counts_form and counts_form[0] == account.id
                else Form({"counts": account.counts}),
            }
            for account in accounts
        ],
        "claims": [{"claim": claim, "label": label(claim.platform)} for claim in claims],
        "kinds": KINDS,
        "networks": network_choices(led_by_consent(request.app.state.settings)),
        "counts": counts_choices(request.app.state.settings.disclosure_tag),
        "policy_is_new": viewer.enrolment is not None and accepted != policy.version,
        "account_form": account_form or Form({"counts": "disclosed"}),
        "adding": account_form is not None,
        "post_form": post_form or Form(),
        "shown_form": shown_as or shown_form(profile),
        "leave_form": leave_form or Form(),
    }
    return page(request, "me/page.html", context, status=status)
