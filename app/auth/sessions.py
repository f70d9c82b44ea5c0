"""Sessions of people who signed in, in Redis.

Law: a session exists only after a sign-in, always under a fresh id; nobody's visit writes anything,
and an id from elsewhere is never taken over.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from datetime import datetime
from typing import Any, Final

from litestar import Request, Response
from litestar.connection import ASGIConnection
from litestar.middleware import AbstractAuthenticationMiddleware, AuthenticationResult
from litestar.stores.redis import RedisStore

from app.auth.viewer import Viewer, viewer_by_id
from app.database import transaction

COOKIE: Final = "fanfare_session"
LASTS_S: Final = 14 * 24 * 3600  # since the last visit


class SessionMiddleware(AbstractAuthenticationMiddleware):
    """Puts the `Viewer` of a valid session into the request's scope; None without one."""

    async def authenticate_request(
        self, connection: ASGIConnection[Any, Any, Any, Any]
    ) -> AuthenticationResult:
        """Look the session up; asks Redis only when there is a cookie."""
        token = connection.cookies.get(COOKIE)
        viewer = await viewer_of_session(store(connection), token) if token else None
        return AuthenticationResult(user=viewer, auth=token if viewer else None)


async def viewer_of_session(sessions: RedisStore, token: str) -> Viewer | None:
    """Who signed in under this token, unless the password changed since."""
    kept = await sessions.get(_key(token), renew_for=LASTS_S)
    if kept is None:
        return None
    session = json.loads(kept)
    async with transaction(readonly=True) as connection:
        viewer, changed_at = await viewer_by_id(connection, session["person_id"])
    if changed_at is not None and changed_at > datetime.fromisoformat(session["began_at"]):
        await sessions.delete(_key(token))
        return None
    return viewer


async def begin(
    request: Request[Any, Any, Any], response: Response[Any], person_id: int, now: datetime
) -> None:
    """Sign somebody in on this browser, under a new id; an earlier session of it ends."""
    await end(request, response)
    token = secrets.token_urlsafe(32)
    session = json.dumps({"person_id": person_id, "began_at": now.isoformat()})
    await store(request).set(_key(token), session, expires_in=LASTS_S)
    response.set_cookie(
        key=COOKIE,
        value=token,
        max_age=LASTS_S,
        httponly=True,
        samesite="lax",
        secure=request.app.state.settings.base_url.startswith("https://"),
    )


async def end(request: Request[Any, Any, Any], response: Response[Any]) -> None:
    """Forget this browser's session."""
    if token := request.cookies.get(COOKIE):
        await store(request).delete(_key(token))
        response.delete_cookie(COOKIE)


def store(connection: ASGIConnection[Any, Any, Any, Any]) -> RedisStore:
    """Where the application that serves this connection keeps its sessions."""
    sessions: RedisStore = connection.app.state.sessions
    return sessions


def _key(token: str) -> str:
    # Hashed: who can read Redis still cannot sign in as somebody.
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
