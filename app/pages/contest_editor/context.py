"""The company as a contest's form meets it, for the person who asks."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from litestar import Request

from app.auth.guards import viewer_of
from app.database import Connection
from app.settings import Settings
from rewards import FormContext, form_context
from scoring import one_zone


async def context_of(
    request: Request[Any, Any, Any], connection: Connection, contest_id: int, now: datetime
) -> FormContext:
    """What the form of this contest is read against."""
    settings: Settings = request.app.state.settings
    return await form_context(
        connection,
        contest_id,
        by=viewer_of(request).person_id,
        zone=one_zone(settings.timezone, now),  # a charter keeps the zone it was written in
        company=settings.company_name,
        disclosure_tag=settings.disclosure_tag,
        now=now,
    )
