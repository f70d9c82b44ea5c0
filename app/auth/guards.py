"""Who may pass, as sentences: `guards=[signed_in]`, `guards=[has_role("administrator")]`."""

from __future__ import annotations

from typing import Any

from litestar.connection import ASGIConnection
from litestar.exceptions import PermissionDeniedException
from litestar.handlers import BaseRouteHandler
from litestar.types import Guard

from app.auth.viewer import Role, Viewer


class NotSignedIn(Exception):
    """Nobody is signed in; the edge sends the person to the sign-in page and back."""


def signed_in(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Pass people who are signed in."""
    viewer_of(connection)


def has_role(*roles: Role) -> Guard:
    """Pass people who hold at least one of the roles."""

    def holds_one(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
        viewer = viewer_of(connection)
        if not any(viewer.may(role) for role in roles):
            words = " or ".join(role.replace("hr", "HR") for role in roles)
            raise PermissionDeniedException(f"This page is for people with the role {words}.")

    return holds_one


def viewer_of(connection: ASGIConnection[Any, Any, Any, Any]) -> Viewer:
    """The person who is signed in on this connection; raises NotSignedIn."""
    viewer = connection.scope.get("user")
    if not isinstance(viewer, Viewer):
        raise NotSignedIn
    return viewer
