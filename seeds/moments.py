"""What happens next in a running demo: one deed at a time, on the posts people see now."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable
from datetime import datetime, timedelta
from random import Random

from scoring.connection import Connection
from seeds import odds
from seeds.deeds import Deed, Post, number_of
from seeds.faces import Face
from seeds.history import somewhere
from seeds.scene import Scene
from seeds.words import own_post, story
from seeds.world import Linked, Member, World

_FAVOUR = 6
FRESH = timedelta(days=3)  # older posts are seen by nobody
# How often each thing happens, among all that happens. Answers and likes make up most of it.
_ODDS = {
    "like": 36, "reply": 30, "reshare": 9, "quote": 2, "follow": 8, "unfollow": 1, "mention": 2,
    "answer": 6, "post": 4, "story": 0.3, "share_story": 1.2, "company_reshare": 1.0,
    "take_back": 0.15, "visit": 1.5, "unlike": 0.8, "page": 3,
}  # fmt: skip
# Facebook and LinkedIn tell of the company's page alone: without visitors there they would be silent.
_PAGES = ("facebook", "linkedin")


class Moments:
    """The running world: recent posts by account, and the verbs of the scene on them."""

    def __init__(self, world: World, rng: Random) -> None:
        self.world, self.rng = world, rng
        self.scene = Scene(world, rng)
        self._members = [m for m in world.enrolled() if m.state == "active"]
        self._posts: dict[str, deque[Post]] = {}
        self._answers: deque[tuple[Linked, Post]] = deque(maxlen=200)
        self._liked: deque[tuple[Face, Post]] = deque(maxlen=50)
        self._passed_on: deque[Post] = deque(maxlen=20)
        self._favoured: tuple[frozenset[int], datetime | None] = (frozenset(), None)

    def favour(self, numbers: Iterable[int], until: datetime) -> None:
        """Lets more happen on these members' accounts for a while, as for a contest they are in."""
        self._favoured = (frozenset(numbers), until)

    async def remember(self, connection: Connection, now: datetime) -> None:
        """Takes up where an earlier run or the history ended: recent posts and follower counts."""
        faces = {f.native_id: f for f in self.world.company.values()}
        faces |= {a.face.native_id: a.face for m in self._members for a in m.accounts}
        rows = await connection.fetch(
            """select distinct on (p.post_id) p.native_id, a.native_id as author, t.text,
                      p.published_at
               from post p join account a on a.id = p.author_id
               left join post_text t on t.post_id = p.post_id
               where p.published_at > $1 order by p.post_id, p.recorded_at""",
            now - FRESH,
        )
        for row in sorted(rows, key=lambda row: row["published_at"]):
            face, text = faces.get(row["author"]), row["text"] or ""
            if face is not None:
                number = number_of(row["native_id"])
                tags = tuple(re.findall(r"#(\w+)", text))
                self._seen(Post(face.platform, number, row["native_id"], face, text, tags,
                                row["published_at"]))  # fmt: skip
        counts = await connection.fetch(
            """select distinct on (s.account_id) a.native_id, s.followers
               from snapshot s join account a on a.id = s.account_id
               order by s.account_id, s.observed_at desc"""
        )
        self.scene.remember_followers((row["native_id"], row["followers"]) for row in counts)

    def next(self, now: datetime, burst: int = 1) -> list[Deed]:
        """What happens now; in a burst several people react to the same post."""
        favoured, until = self._favoured
        linked = self._somebody(favoured if until is not None and now < until else frozenset())
        post = self._recent(linked.face, now)
        if post is None:
            return [self._write(linked, now)]
        if burst > 1:
            return [self._react(self.rng.choice(("like", "like", "reply", "reshare")), linked, post, now)
                    for _ in range(burst)]  # fmt: skip
        what = self.rng.choices(list(_ODDS), list(_ODDS.values()))[0]
        deed = self._company(what, now) or self._own(what, linked, now)
        return [deed or self._react(what, linked, post, now)]

    def _anybody(self) -> Member:
        weights = [0.02 + member.vigour for member in self._members]
        return self.rng.choices(self._members, weights)[0]

    def _somebody(self, favoured: frozenset[int] = frozenset()) -> Linked:
        weights = [
            (0.02 + member.vigour) * (_FAVOUR if member.number in favoured else 1)
            for member in self._members
        ]
        member: Member = self.rng.choices(self._members, weights)[0]
        return member.voice(self.rng)

    def _seen(self, post: Post) -> Post:
        self._posts.setdefault(post.author.native_id, deque(maxlen=6)).append(post)
        return post

    def _recent(self, face: Face, now: datetime) -> Post | None:
        fresh = [post for post in self._posts.get(face.native_id, ()) if now - post.at < FRESH]
        return self.rng.choice(fresh) if fresh else None

    def _write(self, linked: Linked, now: datetime) -> Deed:
        personal = self.rng.random() < 0.3
        deed = self.scene.write(linked.face, now, *own_post(self.rng, personal, not personal))
        assert deed.made is not None
        self._seen(deed.made)
        return deed

    def _react(self, what: str, linked: Linked, post: Post, now: datetime) -> Deed:
        scene, who = self.scene, self.scene.crowd.somebody(linked.face)
        if what == "like":
            self._liked.append((who, post))
            return scene.like(who, post, now)
        if what == "reshare":
            return scene.reshare(who, post, now)
        if what == "quote":
            return scene.quote(who, post, now)
        deed = scene.reply(who, post, now)
        assert deed.made is not None
        self._answers.append((linked, deed.made))
        return deed

    def _own(self, what: str, linked: Linked, now: datetime) -> Deed | None:
        """What concerns an account rather than a post of it; None when it is something else."""
        scene, face = self.scene, linked.face
        if what == "follow":
            return scene.follow(scene.crowd.somebody(face), face, now)
        if what == "unfollow":
            return scene.unfollow(face, now)
        if what == "mention":
            return scene.mention(scene.crowd.somebody(face), face, now)
        if what == "post":
            return self._write(linked, now)
        if what == "unlike" and self._liked:
            return scene.unlike(*self._liked.popleft(), now)
        if what == "answer" and self._answers:
            asked, answer = self._answers.popleft()
            return scene.reply(asked.face, answer, now)
        return None

    def _company(self, what: str, now: datetime) -> Deed | None:
        """What the company's own accounts do, or people with its stories."""
        scene, rng = self.scene, self.rng
        on_a_page = what == "page"
        company = (
            self.world.company[rng.choice(_PAGES)] if on_a_page else somewhere(rng, self.world)
        )
        told = self._recent(company, now)
        if what == "story" or (on_a_page and told is None):
            deed = scene.write(company, now, *story(rng))
            assert deed.made is not None
            self._seen(deed.made)
            return deed
        if what in ("visit", "page") and told is not None:
            who = scene.crowd.somebody(company)
            return scene.reply(who, told, now) if rng.random() < 0.4 else scene.like(who, told, now)
        if what == "share_story" and told is not None and company.platform != "youtube":
            linked = self._anybody().on(company.platform)
            if linked is not None:
                return scene.reshare(linked.face, told, now)
        if what == "company_reshare":
            return self._passed(now)
        if what == "take_back" and self._passed_on:
            return scene.delete(self._passed_on.popleft(), now)
        return None

    def _passed(self, now: datetime) -> Deed | None:
        """The company passes on what one of its people wrote."""
        scene, rng = self.scene, self.rng
        post = self._recent(self._somebody().face, now)
        if post is None or post.platform not in odds.RESHARING:
            return None
        company = self.world.company[post.platform]
        quotes = rng.random() < odds.COMPANY_QUOTES
        deed = (scene.quote if quotes else scene.reshare)(company, post, now)
        if deed.made is not None:
            self._passed_on.append(deed.made)
        return deed
