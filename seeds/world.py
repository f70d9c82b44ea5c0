"""A company as plain data: who works where, who joined, with which accounts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random

from seeds.faces import Face, community_face, face_on, mastodon_face, x_face
from seeds.names import names
from seeds.personas import COMPANY, DOMAIN, MASTODON_HOST, PERSONAS, Persona

OFFICES = {  # name -> (share of the people, hours from UTC: when they are awake)
    "Rotterdam": (34, 1), "Bergen": (18, 1), "Lisbon": (16, 0), "Toronto": (16, -5),
    "Tel Aviv": (8, 2), "Singapore": (8, 8),
}  # fmt: skip
DEPARTMENTS = {  # name -> share of the people
    "Customer Care": 15, "Engineering": 14, "Production": 13, "Sales": 12, "Logistics": 9,
    "Technology": 8, "Service & Repair": 8, "Marketing": 6, "Finance": 5, "People & Culture": 4,
    "Communications": 3, "Leadership": 3,
}  # fmt: skip
JOINED = 0.82  # of the people have enrolled and linked an account
PRESENCE = {  # on which networks those who joined have linked an account -> share
    ("mastodon",): 36, ("x",): 35, ("mastodon", "x"): 21, ("mastodon", "standard"): 5,
    ("x", "standard"): 3,
}  # fmt: skip
FURTHER = {  # and besides -> the chance
    "linkedin": 0.42, "bluesky": 0.24, "instagram": 0.16, "threads": 0.13, "facebook": 0.15,
    "youtube": 0.03,
}  # fmt: skip
# Where a network tells of people's own posts, and how much of what they write goes there. Pages tell of
# themselves alone: on Facebook and LinkedIn people pass on what the company wrote.
VOICES = {
    "mastodon": 1.0, "x": 1.0, "standard": 1.0, "bluesky": 0.7, "threads": 0.25, "instagram": 0.2,
    "youtube": 0.08,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Linked:
    """An account an employee linked, and what of it may count."""

    face: Face
    counts: str
    professional: bool


@dataclass(frozen=True, slots=True)
class Member:
    """One employee. `joined` is how much of the history they take part in (1: all, 0: only now),
    None if they never enrolled; `vigour` from 0 to 1 how much happens on their accounts."""

    number: int
    name: str
    email: str
    department: str
    office: str
    awake_from_utc: int
    visibility: str
    alias: str | None
    opens: tuple[bool, bool, bool]
    joined: float | None
    state: str
    vigour: float
    accounts: tuple[Linked, ...]
    persona: Persona | None

    def voice(self, rng: Random) -> Linked:
        """The account they speak with this time; the first they linked is always one to speak with."""
        voices = [linked for linked in self.accounts if linked.face.platform in VOICES]
        weights = [VOICES[linked.face.platform] for linked in voices]
        return rng.choices(voices, weights)[0]

    def on(self, platform: str) -> Linked | None:
        """Their account on that network."""
        return next((one for one in self.accounts if one.face.platform == platform), None)


@dataclass(frozen=True, slots=True)
class World:
    """The company, its people and its own accounts, by network."""

    seed: int
    departments: tuple[str, ...]
    offices: tuple[str, ...]
    members: tuple[Member, ...]
    company: dict[str, Face]

    def enrolled(self) -> list[Member]:
        """Everybody who joined at some time, those who paused or left included."""
        return [member for member in self.members if member.joined is not None]


def vigour_at(standing: float) -> float:
    """How much happens on the account of somebody at that standing (0 first, 1 last).

    Falls from 1 without a cliff: a month's board declines smoothly and has a long, small tail.
    """
    return 0.012 + 0.988 * float((1 - standing) ** 2.6)


def _accounts(rng: Random, name: str, mail: str, vigour: float) -> tuple[Linked, ...]:
    followers = int(40 + rng.lognormvariate(4.6, 0.8) + 1500 * vigour)
    which = rng.choices(list(PRESENCE), list(PRESENCE.values()))[0]
    linked = []
    for platform in which:
        if platform == "x":
            face = x_face(rng, name, mail, followers)
        elif platform == "standard":
            face = community_face(name, mail, followers // 4)
        else:
            face = mastodon_face(rng, name, mail, followers, MASTODON_HOST)
        counts = rng.choices(("disclosed", "every", "handed_in"), (66, 24, 10))[0]
        linked.append(Linked(face, counts, rng.random() < 0.45))
    return (*linked, *_further(name, mail, followers))


def _further(name: str, mail: str, followers: int) -> Iterator[Linked]:
    rng = Random(f"further accounts {mail}")
    for platform, chance in FURTHER.items():
        if rng.random() < chance:
            face = face_on(platform, rng, name, mail, max(12, followers // 3), MASTODON_HOST)
            # Instagram and pages tell no text, so no disclosure can be found in it.
            heard = platform in ("bluesky", "threads")
            counts = rng.choices(("disclosed", "every"), (75, 25))[0] if heard else "every"
            yield Linked(face, counts, rng.random() < 0.5)


def _standings(rng: Random, count: int) -> list[float]:
    """A standing for everybody who joined; first those of the personas, in their order."""
    free = [(place + 0.5) / count for place in range(count)]
    fixed = []
    for persona in PERSONAS:
        if persona.standing is not None and free:
            nearest = min(free, key=lambda value: abs(value - persona.standing))  # type: ignore[operator]
            free.remove(nearest)
            fixed.append(nearest)
    rng.shuffle(free)
    return fixed + free


def _face(platform: str, native_id: str, handle: str, followers: int, url: str) -> tuple[str, Face]:
    return platform, Face(platform, native_id, handle, COMPANY, followers, url, company=True)


_HANDLE = "haldenlys"
_COMPANY = dict((
    _face("x", "1180000000000000042", _HANDLE, 48_210, f"https://x.com/{_HANDLE}"),
    _face("mastodon", f"{_HANDLE}@{MASTODON_HOST}", f"{_HANDLE}@{MASTODON_HOST}", 6_904,
          f"https://{MASTODON_HOST}/@{_HANDLE}"),
    _face("bluesky", "did:plc:haldenlys222222222222222", "haldenlys.example", 3_120,
          "https://bsky.app/profile/did:plc:haldenlys222222222222222"),
    _face("linkedin", "urn:li:organization:2414183", "company/haldenlys", 61_400,
          "https://www.linkedin.com/company/haldenlys/"),
    _face("facebook", "105500000000042", _HANDLE, 22_800, f"https://www.facebook.com/{_HANDLE}"),
    _face("threads", _HANDLE, _HANDLE, 4_050, f"https://www.threads.net/@{_HANDLE}"),
    _face("instagram", "17841400000000042", _HANDLE, 17_300, f"https://www.instagram.com/{_HANDLE}/"),
    _face("youtube", "UChaldenlysworkshop00000", "UChaldenlysworkshop00000", 8_900,
          "https://www.youtube.com/channel/UChaldenlysworkshop00000"),
))  # fmt: skip


def build_world(seed: int = 2026, people: int = 400) -> World:
    """The demo company with that many people, at least the five personas."""
    rng = Random(f"world {seed} {people}")
    people = max(people, len(PERSONAS))
    spare = names(rng)
    # A small company has fewer teams: a board of teams needs several people in each.
    kept = dict(list(DEPARTMENTS.items())[: max(3, people // 8)])
    for known in PERSONAS:
        kept.setdefault(known.department, DEPARTMENTS[known.department])
    joined_count = sum(p.standing is not None for p in PERSONAS) + round(
        (people - len(PERSONAS)) * JOINED
    )
    standings = iter(_standings(rng, joined_count))
    strangers = people - len(PERSONAS) - (joined_count - 4)
    joins = [True] * (joined_count - 4) + [False] * strangers
    rng.shuffle(joins)
    members = []
    for number in range(people):
        persona = PERSONAS[number] if number < len(PERSONAS) else None
        if persona is not None:
            name, mail = persona.name, persona.email
            department, office, joins_in = (
                persona.department,
                persona.office,
                persona.standing is not None,
            )
        else:
            name, spelled = next(spare)
            mail = f"{spelled}@{DOMAIN}"
            department = rng.choices(list(kept), list(kept.values()))[0]
            office = rng.choices(list(OFFICES), [share for share, _ in OFFICES.values()])[0]
            joins_in = joins[number - len(PERSONAS)]
        members.append(
            _member(rng, number, name, mail, department, office, persona,
                    vigour_at(next(standings)) if joins_in else 0.0, joins_in)
        )  # fmt: skip
    _masked(members)
    return World(seed, tuple(kept), tuple(OFFICES), tuple(members), dict(_COMPANY))


def _masked(members: list[Member]) -> None:
    """Has one of the busiest go by an alias, so that among the winners there is one."""
    busy = [
        one for one in members
        if one.persona is None and one.state == "active" and one.joined == 1
        and any(linked.face.platform == "mastodon" for linked in one.accounts)
    ]  # fmt: skip
    busy.sort(key=lambda one: -one.vigour)
    for one in busy[1:2]:
        members[one.number] = replace(one, visibility="alias", alias=f"{ALIASES[0]} {one.number}")


ALIASES = (
    "Heron", "Lighthouse", "Night Shift", "Cargo Bike", "Juniper", "The Quiet Pump", "Left Bank",
    "Paper Boat", "Magpie", "Third Floor", "Blue Kettle", "North Window",
)  # fmt: skip


def _member(
    rng: Random, number: int, name: str, mail: str, department: str, office: str,
    persona: Persona | None, vigour: float, joins: bool,
) -> Member:  # fmt: skip
    visibility = rng.choices(("name", "alias", "hidden"), (92, 5, 3))[0] if not persona else "name"
    alias = f"{rng.choice(ALIASES)} {number}" if visibility == "alias" else None
    state = rng.choices(("active", "paused", "left"), (955, 25, 20))[0] if not persona else "active"
    # Most have been in from the start; the others joined one by one since.
    joined = 1.0 if persona or rng.random() < 0.8 else rng.uniform(0.05, 1.0)
    opens = (rng.random() < 0.45, rng.random() < 0.35, rng.random() < 0.4)
    if persona and persona.key == "employee":
        opens = (True, False, True)
    return Member(
        number, name, mail, department, office, OFFICES[office][1], visibility, alias, opens,
        joined if joins else None, state if joins else "active", vigour,
        _accounts(rng, name, mail, vigour) if joins else (), persona,
    )  # fmt: skip
