"""A real Bluesky server heard by its own stream: Fanfare ends with what was done there, and nothing else."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from scoring import account_id
from tests.peers.bluesky import Bluesky, Deed, Member
from tests.peers.fanfare import Fanfare
from tests.peers.running import PATIENCE_S, Program

pytestmark = pytest.mark.peers

NETWORK = "bluesky"
_NUMBERS = itertools.count(1)


@dataclass
class Scene:
    """Two employees, their company, and two people Fanfare knows nothing of."""

    ada: Member
    bo: Member
    company: Member
    fan: Member
    stranger: Member

    @classmethod
    def on(cls, server: Bluesky) -> Scene:
        number = next(_NUMBERS)
        names = ("ada", "bo", "company", "fan", "stranger")
        return cls(*(server.join(f"{name}-{number}") for name in names))

    async def founded(self, fanfare: Fanfare) -> Fanfare:
        people = {member.handle: member.did for member in (self.ada, self.bo)}
        await fanfare.found(NETWORK, people, self.company.did)
        return fanfare


def must_be_heard(deeds: list[Deed]) -> set[tuple[Any, ...]]:
    """What Fanfare knows of those deeds; of one that was done and undone, the last counts."""

    def named(did: str | None) -> Any:
        return account_id(NETWORK, did) if did else None

    last = {deed.name: deed for deed in deeds}
    return {
        (deed.kind, deed.name, named(deed.actor), named(deed.target), deed.undone)
        for deed in last.values()
    }


def listening(fanfare: Fanfare) -> Program:
    listener = fanfare.program("listen", told="stream_heard")
    listener.start()
    return listener


def working(fanfare: Fanfare) -> Program:
    worker = fanfare.program("worker")
    worker.start()
    return worker


def everything_done_to(scene: Scene) -> list[Deed]:
    """Every verb of the network, by employees, by the company and by strangers, also among themselves."""
    ada, bo, company, fan = scene.ada, scene.bo, scene.company, scene.fan
    post = ada.post("Our new pump house hums. #pumps")
    own = company.post("We are hiring")
    reply = fan.reply(post, "It does!")
    quote = fan.quote(post, "Worth a look")
    done = [
        post.deed,
        own.deed,
        reply.deed,
        quote.deed,
        fan.like(post),
        fan.repost(post),
        fan.follow(ada),
        company.repost(post),
        company.quote(post, "Proud of this").deed,
        bo.like(post),
        bo.like(own),
        bo.repost(own),
        bo.follow(company),
        bo.reply(reply, "Come and see it").deed,
    ]
    # Among people Fanfare does not know: it must not know of it either.
    theirs = scene.stranger.post("Nothing about you")
    fan.like(theirs)
    fan.follow(scene.stranger)
    scene.stranger.undo(theirs.deed)
    return done


def by(scene: Scene, done: list[Deed]) -> list[tuple[Member, Deed]]:
    members = {member.did: member for member in (scene.ada, scene.bo, scene.company, scene.fan)}
    return [(members[deed.actor], deed) for deed in done]


async def test_fanfare_ends_with_what_people_did_and_nothing_else(
    bluesky: Bluesky, fanfare: Callable[..., Fanfare]
) -> None:
    scene = Scene.on(bluesky)
    installed = await scene.founded(fanfare(FANFARE_BLUESKY_STREAM=bluesky.stream))
    listening(installed)
    working(installed)
    done = everything_done_to(scene)
    await installed.ends_with(NETWORK, must_be_heard(done))
    assert await installed.points() > 0


async def test_what_is_undone_takes_its_points_along(
    bluesky: Bluesky, fanfare: Callable[..., Fanfare]
) -> None:
    scene = Scene.on(bluesky)
    installed = await scene.founded(fanfare(FANFARE_BLUESKY_STREAM=bluesky.stream))
    listening(installed)
    working(installed)
    done = everything_done_to(scene)
    await installed.ends_with(NETWORK, must_be_heard(done))
    assert await installed.points() > 0
    undone = [member.undo(deed) for member, deed in by(scene, done)]
    await installed.ends_with(NETWORK, must_be_heard(done + undone))
    assert await installed.points() == 0


async def test_what_is_undone_before_anybody_read_it_was_never_worth_anything(
    bluesky: Bluesky, fanfare: Callable[..., Fanfare]
) -> None:
    scene = Scene.on(bluesky)
    installed = await scene.founded(fanfare(FANFARE_BLUESKY_STREAM=bluesky.stream))
    listening(installed)
    done = everything_done_to(scene)
    undone = [member.undo(deed) for member, deed in by(scene, done)]
    working(installed)
    await installed.ends_with(NETWORK, must_be_heard(done + undone))
    assert await installed.points() == 0


async def test_a_listener_that_is_killed_in_the_middle_loses_nothing_and_doubles_nothing(
    bluesky: Bluesky, fanfare: Callable[..., Fanfare]
) -> None:
    scene = Scene.on(bluesky)
    installed = await scene.founded(fanfare(FANFARE_BLUESKY_STREAM=bluesky.stream))
    listener = listening(installed)
    working(installed)
    done = everything_done_to(scene)
    listener.kill()
    # While nobody listens, and before what was heard could be committed.
    undone = [member.undo(deed) for member, deed in by(scene, done)[::2]]
    again = everything_done_to(scene)
    listener = listening(installed)
    late = [member.undo(deed) for member, deed in by(scene, again)[::3]]
    listener.kill()
    listening(installed)
    await installed.ends_with(NETWORK, must_be_heard(done + undone + again + late))


async def test_a_server_that_is_killed_is_heard_again_from_where_it_was(
    bluesky: Bluesky, fanfare: Callable[..., Fanfare]
) -> None:
    scene = Scene.on(bluesky)
    installed = await scene.founded(fanfare(FANFARE_BLUESKY_STREAM=bluesky.stream))
    listening(installed)
    working(installed)
    done = everything_done_to(scene)
    bluesky.kill()
    bluesky.start()
    undone = [member.undo(deed) for member, deed in by(scene, done)[1::2]]
    again = everything_done_to(scene)
    # A server keeps one follow of somebody: it takes back the old one when the new one comes.
    replaced = [replace(deed, undone=True) for deed in done if deed.kind == "follow"]
    await installed.ends_with(NETWORK, must_be_heard(done + undone + replaced + again))


async def test_whoever_takes_another_handle_stays_the_same_person(
    bluesky: Bluesky, fanfare: Callable[..., Fanfare]
) -> None:
    scene = Scene.on(bluesky)
    made = fanfare(
        FANFARE_BLUESKY_STREAM=bluesky.stream,
        FANFARE_BLUESKY_API=bluesky.origin,
        FANFARE_BLUESKY_DIRECTORY=bluesky.directory,
        FANFARE_PEERS=f"{bluesky.origin} {bluesky.directory}",
    )
    installed = await scene.founded(made)
    listening(installed)
    working(installed)
    before = scene.ada.post("By the old name")
    scene.ada.rename(f"ada-anew-{next(_NUMBERS)}.test")
    after = scene.ada.post("By the new name")
    done = [before.deed, after.deed, scene.fan.like(before), scene.fan.like(after)]
    await installed.ends_with(NETWORK, must_be_heard(done))
    async with asyncio.timeout(PATIENCE_S):  # it is asked for, there and back, beside listening
        while await installed.handle(NETWORK, scene.ada.did) != scene.ada.handle:
            await asyncio.sleep(0.1)


async def test_whoever_leaves_the_network_takes_along_all_that_was_done(
    bluesky: Bluesky, fanfare: Callable[..., Fanfare]
) -> None:
    scene = Scene.on(bluesky)
    installed = await scene.founded(fanfare(FANFARE_BLUESKY_STREAM=bluesky.stream))
    listening(installed)
    working(installed)
    done = everything_done_to(scene)
    await installed.ends_with(NETWORK, must_be_heard(done))
    bluesky.remove(scene.fan)
    theirs = [replace(deed, undone=True) for deed in done if deed.actor == scene.fan.did]
    await installed.ends_with(NETWORK, must_be_heard(done + theirs))
