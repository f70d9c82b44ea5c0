"""The leader's phone: one tap one step, calling off, and what is said of where the reveal is."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from app.live.screens import SCREENS
from app.live.topics import topic_versions
from tests.app.pages.announcing.world import HOME, PAST, REMOTE, World, post
from tests.app.pages.conftest import As
from tests.app.pages.test_contests import shown, words


async def step_of(world: World) -> int | None:
    """The newest recorded step."""
    made = await world.newest()
    assert made is not None
    return next((event.step for event in reversed(made.events) if event.kind == "stepped"), None)


async def test_a_doubled_tap_is_one_step(world: World, signed_in: As) -> None:
    await world.begin()
    await world.plan("stepped")
    client = await signed_in(world.leader)
    assert 'name="to" value="1"' in await shown(client, REMOTE)
    answers = await asyncio.gather(*(post(client, REMOTE, to="1") for _ in range(3)))
    assert {answer.status_code for answer in answers} == {303}
    assert await step_of(world) == 1
    assert await world.audited("announcement_stepped") == 1
    page = await shown(client, REMOTE)
    assert 'name="to" value="2"' in page
    assert 'name="to" value="0"' in page
    assert (await post(client, REMOTE, to="0")).status_code == 303
    assert await step_of(world) == 0


async def test_what_is_no_step_changes_nothing(world: World, signed_in: As) -> None:
    await world.begin()
    await world.plan("stepped")
    client = await signed_in(world.leader)
    for to in ("", "-1", "x", "٣", "9" * 30):
        assert (await post(client, REMOTE, to=to)).status_code == 422
    assert (await post(client, REMOTE, to="5")).status_code == 303
    assert await step_of(world) is None


async def test_the_phone_says_what_is_on_and_what_comes(world: World, signed_in: As) -> None:
    await world.begin()
    await world.shows(0, "name", prize=True)
    await world.plan("stepped", line="Three weeks, 214 answers.")
    client = await signed_in(world.leader)
    page = words(await shown(client, REMOTE))
    assert "On the screens now 1 of" in page
    assert "The contest and what counted “Three weeks, 214 answers.”" in page
    assert "Next 3rd place A colleague" in page
    for to in (1, 2, 3):
        await post(client, REMOTE, to=str(to))
    page = words(await shown(client, REMOTE))
    assert "1st place Ada 0" in page


async def test_each_tap_is_signalled_after_it_holds(world: World, signed_in: As) -> None:
    await world.begin()
    await world.plan("stepped")
    client = await signed_in(world.leader)
    redis = client._transport.app.state.redis  # type: ignore[attr-defined]
    before = (await topic_versions(redis, [SCREENS]))[SCREENS]
    await post(client, REMOTE, to="1")
    assert (await topic_versions(redis, [SCREENS]))[SCREENS] > before


async def test_what_is_no_step_is_refused_however_long_it_is(world: World, signed_in: As) -> None:
    await world.begin()
    await world.plan("stepped")
    client = await signed_in(world.leader)
    for no_step in ("", "-1", "one", "١", "1" * 5000):
        assert (await post(client, REMOTE, to=no_step)).status_code == 422


async def test_htmx_gets_the_block_and_a_browser_without_scripts_the_page(
    world: World, signed_in: As
) -> None:
    await world.begin()
    await world.plan("stepped")
    client = await signed_in(world.leader)
    asked = {"HX-Request": "true", "HX-Target": "remote"}
    block = (await client.get(REMOTE, headers=asked)).text
    assert block.lstrip().startswith('<div id="remote"')
    assert "<html" not in block
    assert "<html" in await shown(client, REMOTE)


async def test_before_it_begins_it_counts_down_and_can_be_called_off(
    world: World, signed_in: As
) -> None:
    await world.begin()
    await world.plan(starts_in=timedelta(hours=3))
    client = await signed_in(world.leader)
    page = await shown(client, REMOTE)
    assert "data-left" in page
    assert "Call it off" in page
    assert 'name="to"' not in page
    assert (await post(client, REMOTE, to="1")).status_code == 409
    unsure = await post(client, f"{HOME}/call-off")
    assert unsure.status_code == 422
    assert "Tick this to say that you mean it." in unsure.text
    off = await post(client, f"{HOME}/call-off", sure="yes")
    assert (off.status_code, off.headers["location"]) == (303, HOME)
    assert await world.newest() is None
    assert await world.audited("announcement_called_off") == 1
    # It is as it was before: it can be announced anew.
    assert (await post(client, HOME, way="now", sure="yes")).status_code == 303


async def test_a_stepped_one_can_be_ended_in_the_middle_and_nobody_is_told(
    world: World, signed_in: As
) -> None:
    await world.begin()
    await world.plan("stepped")
    client = await signed_in(world.leader)
    await post(client, REMOTE, to="1")
    assert "End it here" in await shown(client, f"{HOME}/call-off")
    assert (await post(client, f"{HOME}/call-off", sure="yes")).status_code == 303
    assert (await client.get(PAST)).status_code == 404
    assert await world.connection.fetchval(
        "select count(*) from notice where kind = 'contest_decided'"
    ) == 0  # fmt: skip


async def test_a_timed_one_that_has_begun_goes_on(world: World, signed_in: As) -> None:
    await world.begin()
    await world.plan()
    client = await signed_in(world.leader)
    page = words(await shown(client, REMOTE))
    assert "It goes on by itself" in page
    refused = await post(client, f"{HOME}/call-off", sure="yes")
    assert refused.status_code == 409
    assert "It has begun and goes on by itself" in refused.text


async def test_only_what_is_over_can_be_corrected(world: World, signed_in: As) -> None:
    await world.begin()
    await world.plan("stepped")
    client = await signed_in(world.leader)
    assert "It is not over yet" in await shown(client, f"{HOME}/correct")
    early = await post(client, f"{HOME}/correct", words="Wrong.", sure="yes")
    assert early.status_code == 409
    assert "Only what was announced to the end" in early.text


async def test_a_correction_needs_words_and_a_yes_and_loses_none(
    world: World, signed_in: As
) -> None:
    await world.begin()
    await world.announced()
    client = await signed_in(world.leader)
    path = f"{HOME}/correct"
    empty = await post(client, path, words="  ", sure="yes")
    assert empty.status_code == 422
    assert "Say what was wrong, and what is right." in empty.text
    long = await post(client, path, words="a" * 301, sure="yes")
    assert "Use at most 300 characters; these are 301." in long.text
    assert "a" * 301 in long.text
    assert (await post(client, path, words="<i>It was Ada.</i>")).status_code == 422
    for _ in range(2):
        said = await post(client, path, words="<i>It was Ada.</i>", sure="yes")
        assert said.status_code == 303
    page = await shown(client, PAST)
    assert page.count("&lt;i&gt;It was Ada.&lt;/i&gt;") == 1
