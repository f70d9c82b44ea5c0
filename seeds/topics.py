"""The demo company's topics: the list communications keeps, and what people said about some posts.

Law: the lists hold since before the history, so that every post was published under them; what people
say they say as they may: authors about their own posts, communications about those of others.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from scoring.connection import Connection
from scoring.topics.keeping import add_topic, topics_in_use
from scoring.topics.marking import choose_topic, set_topic
from scoring.topics.posts import TopicalPost, open_posts, own_posts
from seeds.personas import COMMUNICATIONS, EMPLOYEE
from seeds.world import World

# Name, hashtags, words: in the languages that people of the demo write in.
TOPICS = (
    ("Explaining things", "education howto", (
        "guide", "ask me", "learned", "apprentices", "question", "teaching", "Ausbildung", "leçon",
        "aprender", "説明",
    )),
    ("Repairing", "repair righttorepair", (
        "back to work", "repair shop", "spare part", "old seals", "still works", "Reparatur", "réparer",
        "reparar", "修理",
    )),
    ("Water & climate", "water cleanup climate", (
        "water", "litter", "hedge", "heat pump", "Wasser", "l'eau", "agua", "水",
    )),
    ("Working together", "togetherness team", (
        "with the team", "colleagues", "first day", "Kolleginnen", "collègues", "juntos",
    )),
    ("Helping out", "volunteering charityrun", (
        "volunteers", "children's hospital", "refugee centre", "people over seventy", "Ehrenamt",
        "bénévoles", "voluntarios",
    )),
    ("Music & play", "choir gig chess", ("choir", "band", "festival", "chess", "Chor", "מקהלה")),
)  # fmt: skip
SAID_BY_COMMUNICATIONS = 12
SAID_BY_AUTHORS = 3
RECENT = timedelta(days=21)


def editor(world: World, ids: dict[int, int]) -> int:
    """Who keeps the topics."""
    return next(ids[member.number] for member in world.members if member.persona is COMMUNICATIONS)


async def keep(connection: Connection, by: int, at: datetime) -> None:
    """Set the topics up at a moment before everything."""
    for name, hashtags, words in TOPICS:
        await add_topic(connection, name, hashtags.split(), words, by=by, now=at)


async def say(connection: Connection, world: World, ids: dict[int, int], now: datetime) -> None:
    """Communications and the employee persona say what posts without a topic are about."""
    by = editor(world, ids)
    rng = Random(f"topics {world.seed}")
    known = list(await topics_in_use(connection))
    employee = next(ids[m.number] for m in world.members if m.persona is EMPLOYEE)
    waiting = await open_posts(connection, since=now - RECENT, before=now, limit=200, untold=True)
    others = [post for post in waiting if post.person_id not in (by, employee)]
    for post in rng.sample(others, min(SAID_BY_COMMUNICATIONS, len(others))):
        await set_topic(
            connection, post.post_id, rng.choice(known), by=by, stands=True, now=_after(post, now)
        )
    mine = await own_posts(connection, employee, before=now, limit=40)
    for post in [post for post in mine if not post.said][:SAID_BY_AUTHORS]:
        await choose_topic(
            connection, post.post_id, rng.choice(known), by=employee, stands=True,
            now=_after(post, now),
        )  # fmt: skip


def _after(post: TopicalPost, now: datetime) -> datetime:
    return min(post.published_at + timedelta(hours=2), now)
