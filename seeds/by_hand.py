"""What people of the demo state by hand: posts that no network tells of, with figures and a picture, some of
which wait for communications; and a network's own export that communications has brought in.

Law: through the same doors as their pages take, at the moments at which they would have.
"""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

from app.screens.pictures import drawn_of
from rewards import notify
from scoring import (
    Columns,
    HandedIn,
    Kind,
    Picture,
    SavedColumns,
    apply_file,
    bring_file,
    confirm_statement,
    figure_file,
    keep_columns,
    look_into,
    refuse_statement,
    state_post,
)
from scoring.connection import Connection
from seeds.drawing import screenshot
from seeds.personas import EMPLOYEE
from seeds.world import Linked, Member, World

# LinkedIn tells nobody what its members write: that is handed in. What of it, when before now, the figures
# beside it, and what became of it.
HANDED: Final = (
    ("what-a-bearing-taught-me", timedelta(days=6), (64, 9, 3), "confirmed"),
    ("our-apprentices-ask-better", timedelta(days=4), (112, 4, 1), "refused"),
    ("first-winter-with-the-heat-pump", timedelta(days=2), (87, 14, 6), ""),
    ("why-we-publish-the-drawings", timedelta(hours=20), (31, 5, 2), ""),
    ("three-valves-one-hedge", timedelta(hours=5), (), ""),
)
REFUSED: Final = "The picture shows another post. Send the one with this post in it."
EXPORT, MAPPING = "threads-insights.csv", "Threads insights"
COLUMNS: Final = Columns(
    "Permalink", {"reaction": "Likes", "reply": "Replies", "reshare": "Reposts"}
)
_MOST_ROWS: Final = 14
_LEAST_ROWS: Final = 3
# As exports are: a post of somebody who takes no part, and a row that somebody typed into.
_ODD: Final = (
    "https://www.threads.net/@somebody_else/post/DQk3xYzAbCd,12,1,0",
    ",about 40,n/a,two",
)


async def bring(
    connection: Connection, world: World, ids: dict[int, int], *, by: int, now: datetime, zone: ZoneInfo
) -> None:  # fmt: skip
    """All of it; `by` is communications. In a company of a handful there may be none."""
    rng = Random(f"by hand {world.seed}")
    authors = _authors(world)[: len(HANDED)]
    for (slug, ago, figures, outcome), (member, linked) in zip(HANDED, authors, strict=False):
        counts = dict(zip((Kind.REACTION, Kind.REPLY, Kind.RESHARE), figures, strict=False))
        wrote_at = now - ago - timedelta(hours=rng.uniform(14, 40))
        # The upper bits of LinkedIn's numbers are milliseconds since 1970.
        number = int(wrote_at.timestamp() * 1000) << 22 | rng.getrandbits(22)
        profile = linked.face.url.rstrip("/").rsplit("/", 1)[1]
        address = f"https://www.linkedin.com/posts/{profile}_{slug}-activity-{number}-Hl{rng.randint(10, 99)}"
        picture = None
        if figures:
            drawn = await drawn_of(screenshot(member.name, slug.replace("-", " "), figures))
            picture = Picture(drawn.media_type, drawn.body)
        async with connection.transaction():
            handed = HandedIn(address, counts=counts, picture=picture)
            stated = await state_post(connection, ids[member.number], handed, now - ago, zone)
            if stated.statement_id is not None and outcome:
                at = now - ago + timedelta(hours=7)
                await _answer(connection, stated.statement_id, ids[member.number], outcome, by, at)
    await _import(connection, rng, by, now - timedelta(hours=4), zone)


def _authors(world: World) -> list[tuple[Member, Linked]]:
    """Who hands posts in, first the employee a visitor can be, if on LinkedIn."""
    found = [
        (member, linked)
        for member in world.enrolled()
        if (member.state, member.joined) == ("active", 1)
        and (member.persona is None or member.persona is EMPLOYEE)
        and (linked := member.on("linkedin")) is not None
    ]
    return sorted(found, key=lambda one: (one[0].persona is None, -one[0].vigour))


async def _answer(
    connection: Connection, statement_id: int, whose: int, outcome: str, by: int, at: datetime
) -> None:
    """Communications looks at it, and its author is told."""
    if outcome == "confirmed":
        await confirm_statement(connection, statement_id, by=by, now=at)
        said = "It is confirmed and counts."
    else:
        await refuse_statement(connection, statement_id, by=by, reason=REFUSED, now=at)
        said = f"It was not confirmed: {REFUSED}"
    await notify(
        connection, whose, "statement_answered", {"network": "LinkedIn", "outcome": said},
        key=f"statement_answered:{statement_id}", now=at,
    )  # fmt: skip


async def _import(
    connection: Connection, rng: Random, by: int, at: datetime, zone: ZoneInfo
) -> None:
    """A file of figures of Threads, which tells of no likes: brought, looked into, taken."""
    rows = await connection.fetch(
        """select distinct on (p.post_id) t.url, (select count(*) from engagement e
             where e.post_id = p.post_id and e.kind = 'reply')::int as replies
           from post p join post_text t using (post_id)
           join ownership o on o.account_id = p.author_id
           where p.platform = 'threads' and o.person_id <> $1 and t.url is not null
             and p.published_at between $2 and $3
           order by p.post_id limit $4""",
        by,
        at - timedelta(days=30),
        at - timedelta(days=1),
        _MOST_ROWS,
    )
    if len(rows) < _LEAST_ROWS:
        return
    lines = [
        f"{row['url']},{rng.randint(6, 90)},{row['replies'] + rng.randint(0, 4)},{rng.randint(0, 9)}"
        for row in rows
    ]
    body = "\r\n".join(["Permalink,Likes,Replies,Reposts", *lines, *_ODD]).encode()
    async with connection.transaction():
        file_id = await bring_file(connection, by, "threads", EXPORT, io.BytesIO(body), at)
        await keep_columns(connection, SavedColumns(MAPPING, "threads", COLUMNS), by, at)
        brought = await figure_file(connection, file_id, by)
        assert brought is not None, "just brought"
        await look_into(connection, brought, COLUMNS, at, by=by, now=at, zone=zone)
        looked = await figure_file(connection, file_id, by)
        assert looked is not None, "just looked into"
        await apply_file(connection, looked, lower=False, by=by, now=at)
