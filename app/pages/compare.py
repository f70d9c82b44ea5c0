"""`/compare`: one's own figures beside those of a colleague who allows it.

Laws: only who opened it, is shown by name or alias and takes part can be found; the address holds no id;
where only teams may be shown, nobody can be compared with.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlencode

from litestar import Request, Response, get

from app.auth.guards import signed_in, viewer_of
from app.council import Whose, current_council, may_show
from app.pages import headline
from app.pages.faces import Face, faces, own_face
from app.pages.fragment import page
from app.pages.leaderboard.choices import Choice, period_words
from app.pages.leaderboard.search import escaped
from app.pages.leaderboard.selection import LONGEST_SEARCH
from scoring import Metric, Period, board_metrics, keep_seasons, starts_on

MOST: Final = 20  # found at once; with more, a longer name helps
_WILLING: Final = """
select person_id from (
  select person_id, case when visibility = 'alias' then alias else name end as shown
  from profile where opens_compare and visibility <> 'hidden' and person_id <> $2
) as seen
where shown ilike '%' || $1 || '%'
order by shown not ilike $1 || '%', lower(shown), person_id limit $3
"""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that is counted, of both."""

    label: str
    yours: int
    theirs: int
    words: str


@get("/compare", guards=[signed_in], name="compare")
async def compare(request: Request[Any, Any, Any]) -> Response[str]:
    """Find a colleague who allows it, and stand beside them."""
    state, viewer, now = request.app.state, viewer_of(request), datetime.now(UTC)
    zone, secret = state.settings.timezone, state.settings.require_secret_key()
    asked = request.query_params
    q = " ".join(asked.get("q", "").replace("\0", "").split())[:LONGEST_SEARCH]
    wanted = asked.get("period", "")
    async with state.pool.acquire() as connection:
        await keep_seasons(connection)
        today = starts_on(Period.DAY, now, zone)
        called = period_words(today)
        period = Period(wanted) if wanted in called else Period.MONTH
        day = starts_on(period, now, zone)
        rows = await connection.fetch(_WILLING, escaped(q), viewer.person_id, MOST)
        ids = [row["person_id"] for row in rows]
        known = await faces(connection, ids, now=now, secret=secret)
        found = [known[id] for id in ids if id in known]
        other = next((face for face in found if face.key == asked.get("with")), None)
        lines: list[Line] = []
        allowed = may_show(await current_council(connection), Whose.COLLEAGUE)
        me = await own_face(connection, viewer.person_id, now=now, secret=secret)
        if other is not None:
            totals = await connection.fetch(
                """select person_id, metric, value from total
                   where period = $1 and starts_on = $2 and person_id = any($3::bigint[])""",
                period.value,
                day,
                [viewer.person_id, other.person_id],
            )
            values = {(row["person_id"], row["metric"]): max(0, row["value"]) for row in totals}
            lines = [
                line(
                    metric,
                    values.get((viewer.person_id, name), 0),
                    values.get((other.person_id, name), 0),
                    other.name,
                )
                for name, metric in board_metrics().items()
            ]

    def address(face: Face | None, of: Period) -> str:
        pairs = [("q", q), ("with", face.key if face else ""), ("period", of.value)]
        return "/compare?" + urlencode([pair for pair in pairs if pair[1]])

    context = {
        "q": q,
        "found": [{"face": face, "href": address(face, period)} for face in found],
        "me": me,
        "other": other,
        "lines": lines,
        "teams_only": not allowed,
        "when": headline.name(period, day, today),
        "periods": [
            Choice(one, words, one is period, address(other, one)) for one, words in called.items()
        ],
    }
    return page(request, "compare/page.html", context)


def line(metric: Metric, yours: int, theirs: int, name: str) -> Line:
    """Both values with what lies between them in words. Pure."""
    if yours == theirs:
        words = "level" if yours else "nothing yet"
    elif yours > theirs:
        words = f"you are ahead by {metric.in_words(yours - theirs)}"
    else:
        words = f"{name} is ahead by {metric.in_words(theirs - yours)}"
    return Line(metric.label, yours, theirs, words)


HANDLERS: Final = [compare]
