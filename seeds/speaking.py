"""A network speaking without end: what its people do to one employee's posts, or to the company's page.

For the bench and for tests that need many deliveries of one network; the same seed says the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from app.settings import Settings
from scoring import LINKS, Delivery
from scoring.platforms import platform
from seeds.deeds import Deed, Post
from seeds.faces import Face
from seeds.filling import with_secrets
from seeds.openings import TrackedLink, told
from seeds.scene import Scene
from seeds.signing import is_signed, sign
from seeds.traffic import Sending, Teller
from seeds.words import own_post
from seeds.world import World, build_world

BEGAN = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
RECEIVED = timedelta(days=60)  # later than everything that is told
_PAGES = ("facebook", "linkedin")
_REACTIONS = 30  # to one post, on average


def sendings(name: str, seed: int = 1) -> Iterator[Sending]:
    """What that network sends, without end."""
    rng = Random(f"speaking {name} {seed}")
    if name == LINKS:
        yield from _openings(rng)
    world = build_world(people=400)
    scene, teller = Scene(world, rng), Teller(world, rng)
    whose = [one.face for m in world.enrolled() if (one := m.on(name)) is not None]
    at = BEGAN
    while True:
        author = world.company[name] if name in _PAGES else rng.choice(whose)
        for deed in _around(scene, author, at, world):
            yield from teller.tell(deed)
        at += timedelta(minutes=7)


def deliveries(name: str, seed: int = 1) -> Iterator[Delivery]:
    """The same as it would be stored, signed and verified."""
    settings = with_secrets(Settings())
    network, keys = platform(name), settings.secrets_of(name)
    for number, sending in enumerate(sendings(name, seed), start=1):
        received_at = BEGAN + RECEIVED
        kept = sending.headers
        if is_signed(name) and sending.source == "webhook":
            headers = sign(name, sending.body, keys, received_at, f"msg_{number}")
            network.verify(headers, sending.body, keys, received_at)
            kept = network.kept_headers(headers, keys)
        body = network.kept_body(sending.body)
        yield Delivery(number, name, sending.source, kept, body, received_at)


def _around(scene: Scene, author: Face, at: datetime, world: World) -> Iterator[Deed]:
    """A post and what came of it."""
    rng = scene.rng
    wrote = scene.write(author, at, *own_post(rng, personal=False, disclosed=True))
    post = wrote.made
    assert post is not None, "whoever writes makes a post"
    yield wrote
    for number in range(rng.randint(0, 2 * _REACTIONS)):
        yield _one(scene, post, at + timedelta(seconds=3 * number + 3))
    if (company := world.company.get(author.platform)) not in (None, author):
        yield scene.reshare(company, post, at + timedelta(minutes=5))
    if rng.random() < 0.1:
        yield scene.delete(post, at + timedelta(minutes=6))


def _one(scene: Scene, post: Post, at: datetime) -> Deed:
    """One thing somebody outside does, undone again now and then."""
    who = scene.crowd.somebody(post.author)
    what = scene.rng.choices(
        ("like", "reply", "reshare", "quote", "follow", "mention", "unlike", "unfollow"),
        (45, 25, 10, 4, 8, 4, 2, 2),
    )[0]
    match what:
        case "reply":
            return scene.reply(who, post, at)
        case "reshare":
            return scene.reshare(who, post, at)
        case "quote":
            return scene.quote(who, post, at)
        case "follow":
            return scene.follow(who, post.author, at)
        case "mention":
            return scene.mention(who, post.author, at)
        case "unlike":
            return scene.unlike(who, post, at)
        case "unfollow":
            return scene.unfollow(post.author, at) or scene.like(who, post, at)
    return scene.like(who, post, at)


def _openings(rng: Random) -> Iterator[Sending]:
    while True:
        link = TrackedLink(f"{rng.getrandbits(48):012x}", rng.randint(1, 400), BEGAN, 1.0)
        yield from (sending for _, sending in told([link], rng, BEGAN + RECEIVED, ZoneInfo("UTC")))
