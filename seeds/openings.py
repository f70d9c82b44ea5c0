"""Tracked links of the demo's people, and who opens them: people, programs that fetch previews, bots.

Law: only what people opened becomes a delivery; the others knock at the same door and are led on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import blake2b
from random import Random
from zoneinfo import ZoneInfo

import msgspec

from app.clicks import PREFIX
from scoring import LINKS, account_of_links, make_link
from scoring.connection import Connection
from seeds import odds
from seeds.payloads.links import opened
from seeds.people import joined_at
from seeds.personas import DOMAIN, EMPLOYEE
from seeds.rhythm import later
from seeds.traffic import Sending
from seeds.world import World

# What people share: the company's own pages. Where they lead and what their owner calls them.
TARGETS = (
    ("quiet-pump", "The quiet pump"), ("repair-days", "Repair days"), ("jobs/toronto", "Jobs in Toronto"),
    ("heat-pump-label", "What the label says"), ("open-data/bearing", "The bearing, measured"),
    ("apprentices", "Ask our apprentices"), ("hedge", "A metre of hedge for every valve"),
)  # fmt: skip
_SYSTEMS = (
    "Windows NT 10.0; Win64; x64", "Macintosh; Intel Mac OS X 10_15_7", "X11; Linux x86_64",
    "Linux; Android 15; Pixel 9", "Linux; Android 14; SM-S921B", "Linux; Android 13; moto g73",
)  # fmt: skip
_PROGRAMS = (
    "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)",
    "Twitterbot/1.0", "Mozilla/5.0 (compatible; Bluesky Cardyb/1.1; +mailto:support@bsky.app)",
    "http.rb/5.2.0 (Mastodon/4.5.0; +https://toot.example/) Bot",
    "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)", "WhatsApp/2.24.6 A",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "curl/8.9.1",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TrackedLink:
    """A link as somebody made it."""

    code: str
    person_id: int
    made_at: datetime
    liveliness: float  # of who shares it, 0 to 1


@dataclass(frozen=True, slots=True)
class Visit:
    """One knock at the door. `by_person`: it is to count."""

    path: str
    by_person: bool
    method: str = "GET"
    headers: dict[str, str] = field(default_factory=dict)


async def make(
    connection: Connection, world: World, ids: dict[int, int], start_at: datetime, now: datetime
) -> list[TrackedLink]:
    """The links people made in the weeks before `now`, as their page makes them."""
    rng, made = Random(f"links {world.seed}"), []
    for member in world.enrolled():
        if member.state != "active" or not (
            member.persona is EMPLOYEE or rng.random() < odds.MAKES_LINKS
        ):
            continue
        begin = max(joined_at(member, start_at, now), start_at)
        for page, label in rng.sample(TARGETS, rng.randint(1, 2)):
            at = begin + (now - begin) * rng.uniform(0.0, 0.7)
            person, target = ids[member.number], f"https://www.{DOMAIN}/{page}"
            code = await make_link(connection, person, target, label, at)
            made.append(TrackedLink(code, person, at, member.vigour))
    return made


def told(
    links: list[TrackedLink], rng: Random, now: datetime, zone: ZoneInfo
) -> Iterator[tuple[datetime, Sending]]:
    """What was opened since the links were made; somebody who comes back on a day is told once more."""
    for link in links:
        shared_at = link.made_at
        while shared_at < now:
            for _ in range(odds.count(rng, odds.openings(link.liveliness))):
                at = later(rng, shared_at)
                if at < now:
                    yield at, _told(link, rng.getrandbits(64), at, zone)
            shared_at += timedelta(days=rng.uniform(4, 12))  # and passed on again


def _told(link: TrackedLink, visitor: int, at: datetime, zone: ZoneInfo) -> Sending:
    day = at.astimezone(zone).date()
    digest = blake2b(f"{link.code} {day} {visitor}".encode(), digest_size=10).hexdigest()
    body = opened(link.code, digest, day, account_of_links(link.person_id), at)
    key = f"{link.code}:{day}:{digest}"
    return Sending(LINKS, msgspec.json.encode(body), source="link", key=key)


async def codes(connection: Connection) -> list[str]:
    """The links that are in use."""
    rows = await connection.fetch(
        """select code from tracked_link l
           where not exists (select from tracked_link_end e where e.code = l.code) order by code"""
    )
    return [row["code"] for row in rows]


def visits(rng: Random, code: str) -> list[Visit]:
    """What happens when somebody shares a link once more: programs look first, then people."""
    path = PREFIX + code
    programs = [
        Visit(path, by_person=False, headers={"user-agent": name})
        for name in rng.sample(_PROGRAMS, rng.randint(0, 2))
    ]
    if rng.random() < 0.15:
        programs.append(Visit(path, by_person=False, method="HEAD", headers=browser(rng)))
    if rng.random() < 0.1:
        ahead = browser(rng) | {"sec-purpose": "prefetch;prerender"}
        programs.append(Visit(path, by_person=False, headers=ahead))
    people = [Visit(path, by_person=True, headers=browser(rng)) for _ in range(rng.randint(0, 3))]
    return [*programs, *people]


def browser(rng: Random) -> dict[str, str]:
    """The headers of a browser as people use them."""
    version, system = rng.randint(124, 142), rng.choice(_SYSTEMS)
    kind = "Mobile Safari" if "Android" in system else "Safari"
    name = (
        f"Mozilla/5.0 ({system}) AppleWebKit/537.36 (KHTML, like Gecko) "
        f"Chrome/{version}.0.0.0 {kind}/537.36"
    )
    return {
        "user-agent": name, "accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8",
        "accept-language": rng.choice(("en-GB,en;q=0.8", "de-DE,de;q=0.9", "nl-NL,nl;q=0.9")),
        "sec-fetch-dest": "document", "sec-fetch-mode": "navigate",
    }  # fmt: skip
