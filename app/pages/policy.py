"""The social media policy, for everybody, before and after signing in."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from litestar import Request, Response, get, post

from app.auth.accepted import accept, accepted_version, current_policy
from app.auth.guards import signed_in, viewer_of
from app.auth.viewer import Viewer
from app.database import transaction
from app.pages.form import Form
from app.pages.fragment import back, page


@get("/policy")
async def policy_page(request: Request[Any, Any, Any]) -> Response[Any]:
    """The version in force, and whether this person accepted it."""
    viewer = request.scope.get("user")
    async with transaction(readonly=True) as connection:
        policy = await current_policy(connection)
        accepted = (
            await accepted_version(connection, viewer.person_id)
            if isinstance(viewer, Viewer)
            else None
        )
    return page(request, "policy/page.html", {"policy": policy, "accepted": accepted})


@post("/policy", guards=[signed_in])
async def accept_policy(request: Request[Any, Any, Any]) -> Response[Any]:
    """Accept the version one has read; a newer one that came meanwhile is shown instead."""
    form = await Form.of(request)
    async with transaction() as connection:
        policy = await current_policy(connection)
        if form.value("version") == str(policy.version):
            now = datetime.now(UTC)
            await accept(connection, viewer_of(request).person_id, policy.version, now)
    return back("/policy")


HANDLERS: Final = (policy_page, accept_policy)
