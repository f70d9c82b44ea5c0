"""Who decides awards here: people of HR, and whom one of them asked to for a while."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from litestar import Request
from litestar.exceptions import PermissionDeniedException

from app.auth.guards import viewer_of
from app.database import Connection
from rewards import AwardView, has_approved, is_second_voice, may_act_for, why_not


@dataclass(frozen=True, slots=True)
class Acting:
    """The person who looks, and for whom they may decide besides themselves."""

    person_id: int
    is_hr: bool
    acts_for: tuple[tuple[int, str], ...]  # id and name

    def ways(self, view: AwardView) -> list[tuple[str, str]]:
        """How they can decide this award: the form's value ('' for oneself) and its words."""
        return [
            ("" if who is None else str(who), words)
            for who, words in self._voices()
            if why_not(view, self.person_id, who) is None
            and not is_second_voice(view, self.person_id, who)
        ]

    def why_not(self, view: AwardView) -> str | None:
        """Why they cannot decide it, a sentence; None where they can."""
        if self.ways(view):
            return None
        for who, _ in self._voices():
            if has_approved(view, self.person_id, who):
                return "You approved it. It needs somebody else too."
            sentence = why_not(view, self.person_id, who)
            if sentence is not None:
                return sentence
        return "You, or the person you act for, approved it already. It needs somebody else too."

    def _voices(self) -> list[tuple[int | None, str]]:
        own: list[tuple[int | None, str]] = [(None, "For myself")] if self.is_hr else []
        return own + [(who, f"In place of {name}") for who, name in self.acts_for]


async def acting(connection: Connection, request: Request[Any, Any, Any], now: datetime) -> Acting:
    """Who looks. Raises PermissionDeniedException for everybody who decides no awards."""
    viewer = viewer_of(request)
    others = await may_act_for(connection, viewer.person_id, now)
    if not (viewer.may("hr") or others):
        raise PermissionDeniedException(
            "This page is for people with the role HR and whom they asked to decide for them."
        )
    names = await names_of(connection, others)
    acts_for = tuple((who, names[who]) for who in others)
    return Acting(viewer.person_id, viewer.may("hr"), acts_for)


async def names_of(connection: Connection, person_ids: Collection[int | None]) -> dict[int, str]:
    """Names for people whom somebody must decide about; who was erased has none any more."""
    ids = sorted({who for who in person_ids if who is not None})
    rows = await connection.fetch(
        "select person_id, name from profile where person_id = any($1::bigint[])", ids
    )
    return dict.fromkeys(ids, "A former colleague") | {
        row["person_id"]: row["name"] for row in rows
    }
