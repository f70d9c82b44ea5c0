"""What a leader sees before announcing, and what is refused with nothing lost."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime, timedelta

from app.screens.rehearsal import rehearsals
from app.screens.screens import Screen, add_screen
from app.screens.setting import Setting
from tests.app.pages.announcing.world import HOME, PAST, REMOTE, World, post
from tests.app.pages.company import ZONE
from tests.app.pages.conftest import SECRET, As
from tests.app.pages.contest_rows import Contests
from tests.app.pages.test_contests import shown, words

LIST = "/leader/announcements"
NOW = {"way": "now", "sure": "yes"}


def at(moment: datetime) -> dict[str, str]:
    """A moment as the form has it."""
    local = moment.astimezone(ZONE)
    day, time = local.date().isoformat(), f"{local:%H:%M}"
    return {"way": "at", "start_on": day, "start_time": time, "sure": "yes"}


async def screen(world: World, name: str, audience: str) -> Screen:
    """A paired screen."""
    setting = Setting(name, audience="staff" if audience == "staff" else "public")
    return await add_screen(
        world.connection, setting, pairing_sha256=None, by=None, secret_key=SECRET,
        now=datetime.now(UTC),
    )  # fmt: skip


async def test_an_employee_prepares_nothing(world: World, signed_in: As) -> None:
    await world.begin()
    client = await signed_in(world.onlooker)
    for path in (LIST, HOME, REMOTE, f"{HOME}/call-off", f"{HOME}/correct"):
        assert (await client.get(path)).status_code == 403
        assert (await post(client, path, **NOW)).status_code in (403, 405)
    assert await world.newest() is None


async def test_a_leader_without_hr_does_all_of_it(world: World, signed_in: As) -> None:
    await world.begin()
    client = await signed_in(world.leader)
    assert 'href="/leader/announcements"' in await shown(client, "/")
    assert f'href="{HOME}"' in await shown(client, LIST)
    await shown(client, HOME)
    done = await post(client, HOME, way="stepped", line="Three weeks.", sure="yes")
    assert (done.status_code, done.headers["location"]) == (303, REMOTE)
    made = await world.newest()
    assert made is not None
    for to in range(1, len(made.plan.steps) + 1):
        assert (await post(client, REMOTE, to=str(to))).status_code == 303
    assert "Three weeks." in await shown(client, PAST)
    said = await post(client, f"{HOME}/correct", words="It was Tomas.", sure="yes")
    assert (said.status_code, said.headers["location"]) == (303, PAST)
    assert "It was Tomas." in await shown(client, PAST)


async def test_winners_stand_there_as_each_decided(world: World, signed_in: As) -> None:
    await world.begin()
    await world.shows(0, "name", prize=True)
    await world.shows(1, "name")
    page = words(await shown(await signed_in(world.leader), HOME))
    assert "Ada 0 Research · 20 people €200 Ada Shows the name and the prize" in page
    assert "Ada 1 Research · 19 people none Ada Shows the name, not the prize" in page
    # Of who has not answered a leader learns nothing: no name, no value, no prize.
    assert "3rd A colleague none A colleague Has not answered yet" in page
    assert "Ada 2" not in page
    assert "€100" not in page
    assert "Everyone who is answered by 5 people: 1 person. Screens say the number" in page


async def test_who_hides_is_a_colleague_whatever_they_said_before(
    world: World, signed_in: As
) -> None:
    await world.begin()
    await world.shows(0, "name", prize=True)
    client = await signed_in(world.leader)
    assert "Ada 0" in await shown(client, HOME)
    await world.connection.execute(
        "update profile set visibility = 'hidden' where person_id = $1", world.winners[0]
    )
    page = words(await shown(client, HOME))
    assert "Ada 0" not in page
    assert "€200" not in page
    assert "1st A colleague none A colleague Shows no name" in page


async def test_the_steps_are_told_before_in_their_order(world: World, signed_in: As) -> None:
    await world.begin()
    await world.shows(0, "name")
    page = words(await shown(await signed_in(world.leader), HOME)).split("What the screens show")[
        -1
    ]
    order = ["3rd place A colleague", "2nd place A colleague", "1st place Ada 0", "The headline"]
    found = [page.index(step) for step in order]
    assert found == sorted(found)


async def test_what_waits_for_approval_is_not_announced(world: World, signed_in: As) -> None:
    await world.begin(approved=False)
    client = await signed_in(world.leader)
    assert "4 awards wait for approval." in await shown(client, LIST)
    page = words(await shown(client, HOME))
    assert "It can’t be announced yet" in page
    assert "A colleague" not in page
    refused = await post(client, HOME, line="Now!", **NOW)
    assert refused.status_code == 409
    assert "4 awards wait for approval" in refused.text
    assert await world.newest() is None


async def test_what_is_not_decided_is_not_announced(world: World, signed_in: As) -> None:
    contests = Contests(world.company, world.hr)
    await contests.contest("running", values={world.leader: 3})
    client = await signed_in(world.leader)
    path = "/leader/announcements/running"
    assert "is not decided yet" in words(await shown(client, path))
    assert (await post(client, path, **NOW)).status_code == 409
    assert (await client.get(f"{path}/remote")).status_code == 404
    assert (await client.get("/announcements/running")).status_code == 404
    assert (await client.get("/leader/announcements/no-such")).status_code == 404


async def test_five_thousand_characters_are_refused_and_not_lost(
    world: World, signed_in: As
) -> None:
    await world.begin()
    client = await signed_in(world.leader)
    line = "What a month! " * 358
    answer = await post(client, HOME, line=line, **NOW)
    assert answer.status_code == 422
    assert "Use at most 200 characters; these are 5,011." in answer.text
    assert line in answer.text
    assert await world.newest() is None


async def test_markup_in_a_line_is_text_everywhere(world: World, signed_in: As) -> None:
    await world.begin()
    client = await signed_in(world.leader)
    line = "<script>alert(1)</script> & <b>thanks</b>"
    assert (await post(client, HOME, line=line, way="stepped", sure="yes")).status_code == 303
    made = await world.newest()
    assert made is not None
    assert made.line == line
    for to in range(1, len(made.plan.steps) + 1):
        assert "<script>alert" not in await shown(client, REMOTE)
        await post(client, REMOTE, to=str(to))
    for path in (LIST, PAST, "/announcements", "/contests/starters"):
        page = await shown(client, path)
        assert "<script>alert" not in page
        assert "<b>thanks" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &lt;b&gt;" in await shown(client, PAST)


async def test_nothing_begins_without_the_yes(world: World, signed_in: As) -> None:
    await world.begin()
    client = await signed_in(world.leader)
    answer = await post(client, HOME, line="Bravo.", way="now")
    assert answer.status_code == 422
    assert "Tick this to say that you mean it." in answer.text
    assert "Bravo." in answer.text
    assert (await post(client, HOME, sure="yes", way="tomorrow")).status_code == 422
    assert await world.newest() is None


async def test_a_time_that_is_over_or_none_is_said_beside_it(world: World, signed_in: As) -> None:
    await world.begin()
    client = await signed_in(world.leader)
    past = await post(client, HOME, **at(datetime.now(UTC) - timedelta(days=1)))
    assert past.status_code == 422
    assert 'id="start_on-error">This moment is over' in past.text
    none = await post(client, HOME, way="at", start_on="2026-02-30", start_time="9", sure="yes")
    assert none.status_code == 422
    assert 'id="start_on-error">Give both, a day and a time.' in none.text
    far = await post(client, HOME, **at(datetime.now(UTC) + timedelta(days=4000)))
    assert far.status_code == 422
    assert 'id="start_on-error">Choose a moment within the next 60 days' in far.text
    assert await world.newest() is None


async def test_a_time_within_anothers_names_the_other(world: World, signed_in: As) -> None:
    await world.begin()
    when = (datetime.now(UTC) + timedelta(hours=5)).replace(second=0, microsecond=0)
    client = await signed_in(world.leader)
    assert (await post(client, HOME, **at(when))).status_code == 303
    other = Contests(world.company, world.hr)
    await other.contest("second", starts_in=timedelta(days=-40), events=("settled", "decided"))
    answer = await post(client, "/leader/announcements/second", line="Us too", **at(when))
    assert answer.status_code == 422
    assert 'id="start_on-error">The screens have “Starters” then' in answer.text
    assert "Us too" in answer.text


async def test_announcing_twice_at_once_is_one_announcement(world: World, signed_in: As) -> None:
    await world.begin()
    one, two = await signed_in(world.leader), await signed_in(world.hr)
    answers = await asyncio.gather(
        *(post(client, HOME, line=f"Line {n}", **NOW) for n, client in enumerate((one, two, one)))
    )
    assert {answer.headers.get("location") for answer in answers} == {REMOTE}
    assert await world.connection.fetchval("select count(*) from announcement") == 1
    assert await world.audited("announcement_planned") == 1
    again = await one.get(HOME)
    assert (again.status_code, again.headers["location"]) == (303, REMOTE)


async def test_it_says_whom_it_reaches(world: World, signed_in: As) -> None:
    await world.begin()
    await screen(world, "Canteen", "staff")
    await screen(world, "Reception", "public")
    page = words(await shown(await signed_in(world.leader), HOME))
    assert "2 screens (1 for staff, 1 public) show it at the same moment" in page
    assert "10 people who entered are told" in page


async def test_a_rehearsal_is_on_one_screen_with_invented_names_and_in_the_audit(
    world: World, signed_in: As
) -> None:
    await world.begin()
    canteen = await screen(world, "Canteen", "staff")
    client = await signed_in(world.leader)
    redis = client._transport.app.state.redis  # type: ignore[attr-defined]
    path = f"{HOME}/rehearse"
    assert re.search(r'value="invented" checked', await shown(client, HOME))
    assert (await post(client, path, names="invented", screen="77")).status_code == 422
    assert (await post(client, path, screen=str(canteen.id))).status_code == 422
    assert await rehearsals(redis) == {}
    begun = await post(client, path, names="invented", screen=str(canteen.id), line="<b>Hi")
    assert begun.status_code == 303
    on = (await rehearsals(redis))[canteen.id]
    assert on.invented
    assert await world.audited("announcement_rehearsed") == 1
    page = words(await shown(client, HOME))
    assert "A rehearsal is on “ Canteen ” with invented names" in page
    stopped = await post(client, f"{path}/stop", screen=str(canteen.id))
    assert stopped.status_code == 303
    assert await rehearsals(redis) == {}
    assert await world.newest() is None


async def test_an_unapproved_contest_is_not_rehearsed(world: World, signed_in: As) -> None:
    await world.begin(approved=False)
    canteen = await screen(world, "Canteen", "staff")
    client = await signed_in(world.leader)
    answer = await post(client, f"{HOME}/rehearse", names="real", screen=str(canteen.id))
    assert answer.status_code == 422
    assert await world.audited("announcement_rehearsed") == 0
