"""Fills an empty installation with the demo company: people, weeks of history, boards, screens, contests."""

from __future__ import annotations

import asyncio
import base64
import secrets
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from random import Random

import asyncpg
from redis.asyncio import Redis

from app.settings import Settings
from scoring.boards import publish
from scoring.changes import Turns
from scoring.intake import intake
from scoring.partitions import ensure_partitions
from scoring.platforms import platforms
from scoring.rulebooks import adopt_rulebook
from scoring.rules import default_rulebook_toml
from scoring.score import score
from seeds import by_hand, openings, takeover, topics
from seeds.budgets import office
from seeds.copying import copyists, look_soon
from seeds.loading import Received, Tell, hand_in, receipts, store_receipts
from seeds.people import EARLIER, settle
from seeds.personas import MASTODON_HOST
from seeds.screens import hang
from seeds.season import play
from seeds.seasons import name_seasons
from seeds.world import World, build_world

# Larger than a live worker's batches: nobody waits for single deliveries here.
READ_AT_ONCE = 4000
# People take turns, each with nearly all that is theirs, so that a window is folded once all the same; and
# how far it is can be said every few seconds.
COUNT_AT_ONCE = 8_000
HAND_OVER_AT_ONCE = 4000
SAY_AGAIN_S = 2.0
HUNG = timedelta(days=2)  # before now: when the team screens were


def with_secrets(settings: Settings) -> Settings:
    """These settings with every network's secret set; missing ones are made up.

    The history is signed and verified like any delivery, so that both take the same way in.
    """
    signed = settings.with_secrets("mastodon", server=MASTODON_HOST)
    for network, names in fresh_secrets().items():
        for name, made_up in names.items():
            if not signed.secrets_of(network).one(name):
                signed = signed.with_secrets(network, **{name: made_up})
    return signed


def fresh_secrets() -> dict[str, dict[str, str]]:
    """For every network that signs, the settings with which it does, made up anew."""
    meta = {
        network: {"secret": secrets.token_hex(16), "verify_token": secrets.token_urlsafe(16)}
        for network in ("facebook", "instagram", "threads")
    }
    return {
        "mastodon": {"secret": secrets.token_hex(20)},
        "x": {"consumer_secret": secrets.token_urlsafe(32)},
        "linkedin": {"client_secret": secrets.token_urlsafe(16)},
        "youtube": {"secret": secrets.token_hex(32)},
        "standard": {"secret": standard_secret()},
        **meta,
    }


def standard_secret() -> str:
    """A fresh secret for Standard Webhooks."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()


async def fill(
    settings: Settings,
    *,
    people: int,
    days: int,
    seed: int,
    tell: Tell,
    now: datetime | None = None,
    with_contests: bool = True,
) -> World:
    """Writes the world and works its history off. InstallationNotEmpty when people are there."""
    now = now or datetime.now(UTC)
    start_at = now - timedelta(days=days)
    world = build_world(seed, people)
    signed = with_secrets(settings)
    keys = {name: signed.secrets_of(name) for name in platforms()}
    connection = await asyncpg.connect(settings.require_database_url())
    redis = Redis.from_url(settings.require_redis_url())
    saying = Saying(tell)
    tell = saying.tell
    try:
        await connection.execute("set synchronous_commit = off")  # all or nothing in any case
        await ensure_partitions(connection, now.date(), since=start_at.date())
        tell("Inventing what happened", 0, 1)
        received, handed_in = await asyncio.to_thread(receipts, world, start_at, now)
        tell("Inventing what happened", 1, 1)
        await adopt_rulebook(
            connection,
            default_rulebook_toml(),
            name="Fanfare's own",
            # A quarter that began before the history is ruled from its start.
            valid_from=start_at - EARLIER - timedelta(days=100),
            recorded_at=start_at - EARLIER,
        )
        ids = await settle(connection, world, start_at, now)
        await name_seasons(
            connection, by=office(world, ids).hr, set_at=start_at - EARLIER, now=now,
            zone=settings.timezone,
        )  # fmt: skip
        editor = topics.editor(world, ids)
        await topics.keep(connection, editor, start_at - EARLIER)
        await hand_in(connection, handed_in, ids, now)
        links = await openings.make(connection, world, ids, start_at, now)
        rng = Random(f"openings {world.seed}")
        received += [Received(sending, at)
                     for at, sending in openings.told(links, rng, now, settings.timezone)]  # fmt: skip
        received.sort(key=lambda one: one.received_at)
        await store_receipts(connection, received, keys, tell)

        async def meanwhile() -> None:
            await topics.say(connection, world, ids, now)
            await by_hand.bring(connection, world, ids, by=editor, now=now, zone=settings.timezone)
            await takeover.contest_account(connection, world, ids, start_at, now)

        await _work_off(connection, redis, settings, tell, meanwhile)
        await look_soon(connection, (ids[member.number] for member, _ in copyists(world)))
        if settings.secret_key is not None:  # the screens' keys are derived from it
            administrator = office(world, ids).administrator
            key = settings.secret_key
            await hang(connection, by=administrator, secret_key=key, now=now - HUNG)
        if not with_contests:
            return world
        await play(
            connection, world, ids, start_at=start_at, now=now, zone=settings.timezone,
            disclosure_tag=settings.disclosure_tag, tell=tell,
        )  # fmt: skip
    finally:
        saying.end()
        await redis.aclose()
        await connection.close()
    return world


class Saying:
    """Says again every few seconds how far it is: on a busy machine a single step may take a minute."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._last: tuple[str, int, int] | None = None
        self._task = asyncio.get_running_loop().create_task(self._again())

    def tell(self, words: str, done: int, whole: int) -> None:
        """Say it now, and again until something else is said."""
        self._last = words, done, whole
        self._tell(words, done, whole)

    def end(self) -> None:
        """Say nothing more."""
        self._task.cancel()

    async def _again(self) -> None:
        while True:
            await asyncio.sleep(SAY_AGAIN_S)
            if self._last is not None:
                self._tell(*self._last)


async def _work_off(
    connection: asyncpg.Connection,
    redis: Redis,
    settings: Settings,
    tell: Tell,
    once_read: Callable[[], Awaitable[None]],
) -> None:
    """What a worker does all day, until nothing is left; `once_read`: what people do meanwhile."""

    async def read() -> int:
        tag = settings.disclosure_tag
        done = await intake(
            connection, now=datetime.now(UTC), limit=READ_AT_ONCE, disclosure_tag=tag
        )
        return done.claimed

    turns = Turns()

    async def count() -> int:
        now = datetime.now(UTC)
        done = await score(
            connection, now=now, zone=settings.timezone, limit=COUNT_AT_ONCE, turns=turns
        )
        return done.changes

    async def hand_over() -> int:
        return (await publish(connection, redis, settings.timezone, HAND_OVER_AT_ONCE)).rows

    steps: tuple[tuple[str, str, Callable[[], Awaitable[int]]], ...] = (
        ("Reading it", "pending_delivery", read),
        ("Giving points", "change", count),
        ("Setting up the boards", "outbox", hand_over),
    )
    for words, queue, step in steps:
        await connection.execute(f"analyze {queue}")
        waiting = await connection.fetchval(f"select count(*) from {queue}")
        done = 0
        tell(words, 0, waiting)
        while worked := await step():
            done += worked
            tell(words, min(done, waiting), waiting)
        if step is read:
            await once_read()
            while await read():
                pass  # what they brought themselves
        # Freshly written tables have no statistics; the next step's plans need them.
        await connection.execute("analyze")
