"""`/hr/cases/{case}`: one case with its context, its evidence and what each answer would change.

Law: whom it touches sees that somebody else answers it, and nothing more.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from app.auth.guards import has_role, viewer_of
from app.database import transaction
from app.pages.approvals.acting import names_of
from app.pages.cases.words import compared, disputed_line, happened, state
from app.pages.form import Form
from app.pages.fragment import page
from rewards import contests_in_the_way
from scoring import CaseView, NoSuchCase, Sought, Ways, case_view, effect_of_release


@get("/hr/cases/{case_id:int}", guards=[has_role("hr")])
async def one(request: Request[Any, Any, Any], case_id: FromPath[int]) -> Response[Any]:
    """The case."""
    return await show(request, case_id, Form())


async def show(
    request: Request[Any, Any, Any], case_id: int, form: Form, *, status: int = 200
) -> Response[Any]:
    """The page, with what was wrong with the form on it. Raises NotFoundException."""
    viewer, zone = viewer_of(request), request.app.state.settings.timezone
    # What a release would change is asked of the fold, in a transaction that is taken back.
    async with transaction() as connection:
        try:
            view = await case_view(connection, case_id, zone)
        except NoSuchCase as missing:
            raise NotFoundException(str(missing)) from None
        touched = viewer.person_id in view.concerned
        barred = (await contests_in_the_way(connection, [case_id], viewer.person_id)).get(case_id)
        names = await names_of(connection, _people(view))
        asks = view.file.decision is None and view.kind.ways is Ways.HELD and not touched
        effect = await effect_of_release(connection, case_id, zone) if asks else {}
        gains = await names_of(connection, set(effect))
    decision, sought = view.file.decision, _sought(view)
    context = {
        "form": form,
        "view": view,
        "kind": view.kind,
        "is_dispute": view.kind.ways is Ways.ASKED,
        "touched": touched,
        "barred": barred,
        "state": state(view.kind, decision.outcome if decision else None),
        "who": names.get(view.file.person_id) if view.file.person_id is not None else None,
        "decided_by": names.get(decision.by) if decision else None,
        "decision": decision,
        "happened": [happened(each, names) for each in view.happened],
        "compared": [compared(each, names) for each in view.compared],
        "beyond": view.held - len(view.happened),
        "line": disputed_line(view.line) if view.line else None,
        "rule": " · ".join(each.label for each in sought) or _unknown_rule(view),
        "worth": sum(each.worth for each in sought),
        "effect": sorted(
            ((gains[person], points) for person, points in effect.items()),
            key=lambda gain: (-gain[1], gain[0]),
        ),
        "now": datetime.now(UTC),
    }
    return page(request, "cases/one.html", context, status=status)


def _people(view: CaseView) -> set[int | None]:
    decided_by = view.file.decision.by if view.file.decision else None
    return {
        view.file.person_id,
        decided_by,
        *(each.person_id for each in view.happened),
        *(each.person_id for each in view.compared),
    }


def _sought(view: CaseView) -> list[Sought]:
    """The rule that a disputed line stands under; all that look for it, where it stands under none."""
    asked = view.file.evidence.get("rule")
    found = [rule for each in view.happened[:1] for rule in each.rules]
    return [rule for rule in found if rule.name == asked] or found


def _unknown_rule(view: CaseView) -> str | None:
    """A rule that looks for no such thing any more, or for none that has a name."""
    asked = view.file.evidence.get("rule")
    return str(asked).replace("_", " ").capitalize() if asked else None
