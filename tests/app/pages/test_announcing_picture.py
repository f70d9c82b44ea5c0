"""A winner's own picture: who gets it, when, and what it says."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from httpx import AsyncClient
from PIL import Image

from app.pages import announcing_picture
from app.pictures import CannotWrite, Winner, drawn
from rewards import finish_due, plan_announcement, show_award
from tests.app.pages.company import Company
from tests.app.pages.conftest import As
from tests.app.pages.contest_rows import Contests
from tests.app.pages.test_contests import words
from tests.app.pages.test_rewards import Decided


class Announced(Decided):
    """A contest with four winners that is announced, or about to be."""

    async def told(self, *, finished: bool = True, shows: str = "name", prize: bool = True) -> None:
        await self.begin()
        connection, now = self.contests.connection, self.contests.company.now
        for person, award in zip(self.people, self.awards, strict=False):
            await show_award(connection, award, by=person, name=shows, prize=prize, now=now)
        contest_id = await connection.fetchval("select id from contest")
        for person, value in zip(self.people[:4], (214, 187, 151, 20), strict=True):
            await connection.execute(
                """insert into evidence (contest_id, person_id, body, sha256, recorded_at)
                   values ($1, $2, $3, 'x', $4)""",
                contest_id, person, f'{{"standings":{{"prize":{{"value":{value}}}}}}}', now,
            )  # fmt: skip
        await plan_announcement(
            connection, contest_id,
            by=self.approver, line="", manner="timed", starts_at=None, now=now,
        )  # fmt: skip
        if finished:
            await finish_due(connection, now + timedelta(minutes=30))

    def path(self, number: int) -> str:
        """The address of the picture of a winner."""
        return f"/announcements/starters/picture/{self.awards[number]}.png"


@pytest.fixture
async def announced(company: Company) -> Announced:
    """Nobody won yet; `told` does the rest."""
    return Announced(Contests(company, await company.person("Hanna of HR", role="hr")))


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[Winner]:
    """What pictures were asked to say, beside being drawn."""
    asked: list[Winner] = []

    async def noted(environment, winner, shape):  # type: ignore[no-untyped-def]
        asked.append(winner)
        return await drawn(environment, winner, shape)

    monkeypatch.setattr(announcing_picture, "drawn", noted)
    return asked


async def test_a_winner_takes_a_picture_home_in_two_shapes(
    announced: Announced, signed_in: As, said: list[Winner]
) -> None:
    await announced.told()
    client = await signed_in(announced.people[0])

    for query, size in (("", (1600, 900)), ("?shape=portrait", (1080, 1350))):
        answer = await client.get(announced.path(0) + query)
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "image/png"
        assert answer.headers["cache-control"] == "private, no-store"
        assert answer.headers["content-disposition"].startswith('attachment; filename="starters-')
        assert Image.open(BytesIO(answer.content)).size == size
    winner = said[0]
    assert (winner.name, winner.medal, winner.place) == ("Ada 0", 1, "First place")
    assert (winner.value, winner.unit, winner.gift) == ("214", "people answered", "€200")
    assert (winner.contest, winner.department, winner.bracket) == ("Starters", "Research", "")


async def test_who_won_without_a_place_is_congratulated(
    announced: Announced, signed_in: As, said: list[Winner]
) -> None:
    await announced.told()
    answer = await (await signed_in(announced.people[3])).get(announced.path(3))

    assert answer.status_code == 200
    assert (said[0].medal, said[0].place) == (None, "Congratulations")
    assert said[0].gift == "Breakfast with the board"


async def test_a_prize_that_stays_private_is_not_in_the_picture(
    announced: Announced, signed_in: As, said: list[Winner]
) -> None:
    await announced.told(prize=False)
    await (await signed_in(announced.people[0])).get(announced.path(0))

    assert said[0].gift == ""


async def test_nobody_else_gets_it_and_nobody_before_everybody_knows(
    announced: Announced, signed_in: As, visitor: AsyncClient
) -> None:
    await announced.told(finished=False)
    winner = await signed_in(announced.people[0])
    assert (await winner.get(announced.path(0))).status_code == 404

    await finish_due(
        announced.contests.connection, announced.contests.company.now + timedelta(minutes=30)
    )
    assert (await winner.get(announced.path(0))).status_code == 200
    assert (await visitor.get(announced.path(0))).status_code == 303
    for other in (announced.people[1], announced.people[7], announced.approver):
        assert (await (await signed_in(other)).get(announced.path(0))).status_code == 404


async def test_who_chose_not_to_be_shown_is_told_so(announced: Announced, signed_in: As) -> None:
    await announced.told(shows="none")
    answer = await (await signed_in(announced.people[0])).get(announced.path(0))

    assert answer.status_code == 404
    assert "You chose not to be shown" in words(answer.text)


@pytest.mark.parametrize(
    "path",
    [
        "/announcements/starters/picture/1",
        "/announcements/starters/picture/0.png",
        "/announcements/starters/picture/99999999999999999999.png",
        "/announcements/starters/picture/x.png",
        "/announcements/no-such-contest/picture/1.png",
        "/announcements/%00/picture/1.png",
    ],
)
async def test_an_address_of_no_picture_is_not_there(
    announced: Announced, signed_in: As, path: str
) -> None:
    person = await announced.contests.company.person("Ada")
    assert (await (await signed_in(person)).get(path)).status_code == 404


async def test_a_shape_that_is_none_is_refused(announced: Announced, signed_in: As) -> None:
    await announced.told()
    client = await signed_in(announced.people[0])
    assert (await client.get(announced.path(0) + "?shape=round")).status_code == 400


async def test_a_name_that_cannot_be_written_is_answered_in_words(
    announced: Announced, signed_in: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    await announced.told()

    async def cannot(*_: object) -> bytes:
        raise CannotWrite("No font on this server can write it.")

    monkeypatch.setattr(announcing_picture, "drawn", cannot)
    answer = await (await signed_in(announced.people[0])).get(announced.path(0))
    assert answer.status_code == 422
    assert "No font on this server can write it." in words(answer.text)
