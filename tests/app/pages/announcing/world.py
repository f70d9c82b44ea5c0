"""A decided contest with four winners for the pages of announcing, and ways to announce it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from httpx import AsyncClient, Response

from rewards import (
    Announcement,
    Manner,
    announcements,
    contest_by_slug,
    finish_due,
    plan_announcement,
    show_award,
)
from tests.app.pages.company import Company
from tests.app.pages.contest_rows import Contests
from tests.app.pages.test_rewards import Decided

HOME = "/leader/announcements/starters"
REMOTE = f"{HOME}/remote"
PAST = "/announcements/starters"
LATER = timedelta(hours=2)  # every reveal of it is over by then


class World:
    """Ada 0 to Ada 2 won the places, Ada 3 reached the threshold; Lea leads and has no role of HR."""

    def __init__(self, company: Company, publisher: int, leader: int) -> None:
        self.company = company
        self.connection = company.connection
        self.decided = Decided(Contests(company, publisher))
        self.leader = leader
        self.hr = publisher

    async def begin(self, *, approved: bool = True) -> World:
        """The contest is decided; its awards are approved unless said otherwise."""
        await self.decided.begin(approved=approved)
        for number, person in enumerate(self.winners):
            await self.connection.execute(
                """insert into evidence (contest_id, person_id, body, sha256, recorded_at)
                   select id, $1, $2, '', now() from contest where slug = 'starters'""",
                person,
                f'{{"standings": {{"prize": {{"value": {20 - number}}}}}}}',
            )
        return self

    @property
    def winners(self) -> list[int]:
        """Whose the awards are, in the order of the places."""
        return self.decided.people[:4]

    @property
    def awards(self) -> list[int]:
        """The awards, in the order of the places."""
        return self.decided.awards

    @property
    def onlooker(self) -> int:
        """Somebody who won nothing."""
        return self.decided.people[8]

    async def shows(self, number: int, name: str, *, prize: bool = False) -> None:
        """A winner says what others may see."""
        await show_award(
            self.connection, self.awards[number], by=self.winners[number], name=name, prize=prize,
            now=datetime.now(UTC),
        )  # fmt: skip

    async def plan(
        self, manner: Manner = "timed", *, starts_in: timedelta | None = None, line: str = ""
    ) -> Announcement:
        """Announce it as the page does."""
        now = datetime.now(UTC)
        contest = await contest_by_slug(self.connection, "starters")
        return await plan_announcement(
            self.connection, contest.id, by=self.leader, line=line, manner=manner,
            starts_at=now + starts_in if starts_in else None, now=now,
        )  # fmt: skip

    async def announced(self, line: str = "Well done, all of you.") -> Announcement:
        """Announced to the end, and everybody told."""
        await self.plan(line=line)
        assert await finish_due(self.connection, datetime.now(UTC) + LATER)
        found = await self.newest()
        assert found is not None
        return found

    async def newest(self) -> Announcement | None:
        """The announcement on record."""
        found = await announcements(self.connection)
        return found[0] if found else None

    async def audited(self, action: str) -> int:
        """How often something stands in the audit."""
        count: int = await self.connection.fetchval(
            "select count(*) from audit where action = $1", action
        )
        return count


async def post(client: AsyncClient, path: str, **fields: str) -> Response:
    """Send a form with the token of this browser."""
    page = await client.get("/me/notices")
    token = re.search(r'name="_csrf_token" value="([^"]+)"', page.text)
    assert token
    return await client.post(path, data={"_csrf_token": token[1], **fields})
