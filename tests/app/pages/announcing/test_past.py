"""What everybody reads afterwards, and congratulating."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime

import pytest

from app.pages import announcing_picture
from app.pages.announcing import past
from rewards import Amount, contest_by_slug, decline, show_award
from rewards.contests.decide import Win
from tests.app.pages.announcing.world import PAST, World, post
from tests.app.pages.conftest import As
from tests.app.pages.test_contests import shown, words


def tap(world: World, number: int) -> str:
    """The address of a tap for a winner."""
    return f"{PAST}/congratulate/{world.awards[number]}"


async def test_the_past_page_shows_what_each_allows_and_no_more(
    world: World, signed_in: As
) -> None:
    await world.begin()
    await world.shows(0, "name", prize=True)
    await world.shows(1, "name")
    await world.announced()
    client = await signed_in(world.onlooker)
    for path in (PAST, "/announcements"):
        page = words(await shown(client, path))
        assert "Well done, all of you." in page
        assert "1 A0 Ada 0 Research · 20 people €200" in page
        assert "2 A1 Ada 1 Research · 19 people" in page
        assert "3 A colleague" in page
        assert "Ada 2" not in page
        assert "2 vacation days" not in page
        assert "18 people" not in page
        assert "Everyone who is answered by 5 people: 1 person." in page
        assert "Ada 3" not in page


async def test_who_hides_afterwards_disappears_at_once(world: World, signed_in: As) -> None:
    await world.begin()
    await world.shows(0, "name", prize=True)
    await world.announced()
    client = await signed_in(world.onlooker)
    assert "Ada 0" in await shown(client, PAST)
    await world.connection.execute(
        "update profile set visibility = 'hidden' where person_id = $1", world.winners[0]
    )
    for path in (PAST, "/announcements", "/contests/starters"):
        winners = (await shown(client, path)).split('class="standing-head"')[0]
        assert "Ada 0" not in winners
        assert "€200" not in winners.split('class="winners"')[1]


async def test_who_hides_in_the_middle_is_a_colleague_on_the_phone_at_once(
    world: World, signed_in: As
) -> None:
    await world.begin()
    await world.shows(2, "name")
    await world.plan("stepped")
    client = await signed_in(world.leader)
    path = "/leader/announcements/starters/remote"
    await post(client, path, to="1")
    assert "Ada 2" in await shown(client, path)
    await world.connection.execute(
        "update profile set visibility = 'hidden' where person_id = $1", world.winners[2]
    )
    assert "Ada 2" not in await shown(client, path)


async def test_an_alias_stays_one_and_who_has_none_any_more_is_nobody(
    world: World, signed_in: As
) -> None:
    await world.begin()
    await world.connection.execute(
        "update profile set visibility = 'alias', alias = 'Quiet Falcon' where person_id = $1",
        world.winners[0],
    )
    await world.shows(0, "alias")
    await world.announced()
    client = await signed_in(world.onlooker)
    for path in (PAST, "/contests/starters"):
        page = await shown(client, path)
        assert "Quiet Falcon" in page
        assert "Ada 0" not in page
    await world.connection.execute(
        "update profile set visibility = 'name', alias = null where person_id = $1",
        world.winners[0],
    )
    for path in (PAST, "/contests/starters"):
        winners = (await shown(client, path)).split('class="standing-head"')[0]
        assert "Ada 0" not in winners
        assert "Quiet Falcon" not in winners


async def test_a_tap_congratulates_once_and_another_takes_it_back(
    world: World, signed_in: As
) -> None:
    await world.begin()
    await world.shows(0, "name")
    await world.announced()
    client = await signed_in(world.onlooker)
    await asyncio.gather(*(post(client, tap(world, 0), given="yes") for _ in range(3)))
    page = await shown(client, PAST)
    assert 'aria-pressed="true"' in page
    assert "You congratulated" in page
    assert await world.connection.fetchval("select count(*) from congratulation") == 1
    other = words(await shown(await signed_in(world.decided.people[7]), PAST))
    assert "1 colleague congratulated" in other
    assert "Ada 8" not in other
    winner = words(await shown(await signed_in(world.winners[0]), PAST))
    assert "Ada 8 congratulated you." in winner
    assert (await post(client, tap(world, 0), given="no")).status_code == 303
    assert "congratulated" not in words(await shown(client, PAST))


async def test_what_was_declined_and_passed_on_since_it_was_planned_stands_besides(
    world: World, signed_in: As
) -> None:
    await world.begin()
    await world.announced()
    connection, heir, now = world.connection, world.decided.people[5], datetime.now(UTC)
    await decline(connection, world.awards[0], by=world.winners[0], now=now)
    contest = await contest_by_slug(connection, "starters")
    win = Win(1, 1, 0, heir, None, Amount(20_000, "EUR"), "place")
    approver = world.decided.approver
    [passed] = await world.decided.contests.awards(contest.id, [win], approver)
    await connection.execute("alter table award disable trigger user")
    await connection.execute(
        "update award set passed_from = $2 where id = $1", passed, world.awards[0]
    )
    client = await signed_in(world.onlooker)
    assert "Besides, passed on A colleague" in words(await shown(client, PAST))
    await show_award(connection, passed, by=heir, name="name", prize=True, now=now)
    assert "Besides, passed on A5 Ada 5 Research €200" in words(await shown(client, PAST))
    assert (await post(client, f"{PAST}/congratulate/{passed}", given="yes")).status_code == 303
    own = await signed_in(heir)
    page = await shown(own, PAST)
    assert "1 colleague congratulated" in words(page)
    assert f"{PAST}/picture/{passed}.png" in page


async def test_the_winner_sees_faces_only_as_those_allow(world: World, signed_in: As) -> None:
    await world.begin()
    await world.shows(0, "name")
    await world.announced()
    hidden = world.decided.people[9]
    for person in (world.onlooker, hidden):
        await post(await signed_in(person), tap(world, 0), given="yes")
    await world.connection.execute(
        "update profile set visibility = 'hidden' where person_id = $1", hidden
    )
    page = words(await shown(await signed_in(world.winners[0]), PAST))
    assert "Ada 8 and 1 colleague congratulated you." in page
    assert "Ada 9" not in page


async def test_nobody_congratulates_themselves_or_who_is_not_named(
    world: World, signed_in: As
) -> None:
    await world.begin()
    await world.shows(0, "name")
    await world.announced()
    own = await post(await signed_in(world.winners[0]), tap(world, 0), given="yes")
    assert own.status_code == 422
    assert "That is your own." in own.text
    client = await signed_in(world.onlooker)
    nameless = await post(client, tap(world, 1), given="yes")
    assert nameless.status_code == 422
    assert "prefers not to be named" in nameless.text
    for award in ("0", "999999", str(10**30)):
        answer = await post(client, f"{PAST}/congratulate/{award}", given="yes")
        assert answer.status_code == 404
    assert await world.connection.fetchval("select count(*) from congratulation") == 0


async def test_before_it_is_over_nobody_is_congratulated(world: World, signed_in: As) -> None:
    await world.begin()
    await world.shows(0, "name")
    await world.plan("stepped")
    client = await signed_in(world.onlooker)
    assert (await post(client, tap(world, 0), given="yes")).status_code == 404
    assert (await client.get(PAST)).status_code == 404


async def test_only_the_winner_is_offered_their_picture(world: World, signed_in: As) -> None:
    await world.begin()
    await world.shows(0, "name", prize=True)
    await world.announced()
    mine = await shown(await signed_in(world.winners[0]), PAST)
    assert f"{PAST}/picture/{world.awards[0]}.png" in mine
    assert "Others read “Ada 0” here, with your prize." in words(mine)
    silent = words(await shown(await signed_in(world.winners[1]), PAST))
    assert "Others read “A colleague” here. Change it" in silent
    for person in (world.onlooker, world.leader):
        assert "/picture/" not in await shown(await signed_in(person), PAST)


async def test_a_picture_is_offered_exactly_where_there_is_one(
    world: World, signed_in: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.begin()
    for number, name in ((0, "name"), (1, "none"), (2, "alias"), (3, "name")):
        await world.shows(number, name)
    await world.announced()
    await world.connection.execute(
        "update profile set visibility = 'hidden' where person_id = $1", world.winners[3]
    )

    async def any_picture(*_: object) -> bytes:
        return b""

    monkeypatch.setattr(announcing_picture, "drawn", any_picture)
    for number, there in enumerate((True, False, False, False)):
        client = await signed_in(world.winners[number])
        path = f"{PAST}/picture/{world.awards[number]}.png"
        page = await shown(client, PAST)
        assert (path in page) is there
        assert ((await client.get(path)).status_code == 200) is there
        assert ("gets a picture to share here too" in page) is not there
        assert ('href="/me">Change it' in page) is (number == 3)


async def test_who_is_not_named_has_no_letters_and_no_colour_on_any_page(
    world: World, signed_in: As
) -> None:
    await world.begin()
    await world.shows(0, "name")
    await world.announced()
    client = await signed_in(world.onlooker)
    for path in (PAST, "/announcements", "/contests/starters"):
        page = (await shown(client, path)).split('class="standing-head"')[0]
        avatars = re.findall(
            r'<span class="av ([^"]+)"[^>]*>([^<]*)</span>', page.split("<main")[1]
        )
        assert [letters for kind, letters in avatars if kind == "nobody"] == ["", ""]
        assert [letters for kind, letters in avatars if kind != "nobody"] == ["A0"]


async def test_pages_lead_there_and_turn(world: World, signed_in: As) -> None:
    await world.begin()
    client = await signed_in(world.onlooker)
    assert "Nothing was announced yet" in await shown(client, "/announcements")
    await world.announced()
    assert f'href="{PAST}"' in await shown(client, "/contests/starters")
    assert 'href="/announcements"' in await shown(client, "/contests")
    assert f'href="{PAST}"' in await shown(await signed_in(world.winners[0]), "/rewards")
    newest = await world.newest()
    assert newest is not None
    further = await shown(client, f"/announcements?before={newest.id}")
    assert f'href="{PAST}"' not in further
    assert "Nothing further back" in further
    assert 'href="/announcements">The newest' in further
    for before in (f"{newest.id + 1}", "9" * 18, "9" * 30, "-1", "x", "²", ""):
        assert f'href="{PAST}"' in await shown(client, f"/announcements?before={before}")
    assert f'href="{PAST}"' not in await shown(client, "/announcements?before=0")


async def test_older_announcements_follow_each_other_without_a_gap(
    world: World, signed_in: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.begin()
    await world.announced()
    monkeypatch.setattr(past, "A_PAGE", 2)
    # The same contest told of again and again: what counts here is only that they are many.
    for _ in range(4):
        await world.connection.execute(
            """with again as (
                 insert into announcement (contest_id, person_id, line, manner, starts_at, plan,
                                           recorded_at)
                 select contest_id, person_id, line, manner, starts_at, plan, recorded_at
                 from announcement limit 1 returning id)
               insert into announcement_event (announcement_id, kind, recorded_at)
               select id, 'finished', now() from again"""
        )
    client, seen, path = await signed_in(world.onlooker), [], "/announcements"
    while path:
        page = await shown(client, path)
        seen.append(re.findall(r'<article class="told" id="announcement-(\d+)"', page))
        older = re.search(r'href="(/announcements\?before=\d+)">Older', page)
        path = older[1] if older else ""
    assert [len(ids) for ids in seen] == [2, 2, 1]
    every = [int(id) for ids in seen for id in ids]
    assert every == sorted({*every}, reverse=True)


async def test_a_tap_leads_back_to_the_page_it_was_made_on(world: World, signed_in: As) -> None:
    await world.begin()
    await world.shows(0, "name")
    await world.announced()
    client = await signed_in(world.onlooker)
    for fields, page in (
        ({}, PAST),
        ({"among": "all", "before": ""}, "/announcements"),
        ({"among": "all", "before": "77"}, "/announcements?before=77"),
        ({"among": "all", "before": "//evil.example"}, "/announcements"),
    ):
        answer = await post(client, tap(world, 0), given="yes", **fields)
        assert answer.headers["location"] == f"{page}#award-{world.awards[0]}"
