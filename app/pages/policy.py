"""The social media policy, for everybody, before and after signing in."""

from __future__ import annotations

from typing import Any, Final

from litestar import Request, Response, get

from app.auth.accepted import accepted_version, current_policy
from app.auth.viewer import Viewer
from app.database import transaction
from app.pages.fragment import page


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


HANDLERS: Final = (policy_page,)
