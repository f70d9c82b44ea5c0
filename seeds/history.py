"""What happened in the weeks before the demo began: all deeds in the order of time."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from heapq import heappop, heappush
from itertools import count as counting
from random import Random

from seeds import odds
from seeds.copying import TAGS, TEXTS, copyists
from seeds.deeds import Deed, Post
from seeds.faces import Face
from seeds.rhythm import WEEKDAYS, later, somewhen
from seeds.scene import Scene
from seeds.words import DISCLOSURE_TAG, own_post, story
from seeds.world import Linked, Member, World


@dataclass(frozen=True, slots=True)
class HandedIn:
    """Somebody asks that a post of theirs counts."""

    member: Member
    post: Post
    at: datetime


@dataclass(frozen=True, slots=True)
class Counted:
    """Fanfare asks a network how many follow these people, as it does every night."""

    counts: tuple[tuple[Face, int], ...]
    at: datetime


Happening = Deed | HandedIn | Counted


class History:
    """Everything between two moments. Iterating it tells it once, in order."""

    def __init__(self, scene: Scene, start_at: datetime, end_at: datetime) -> None:
        self.scene, self.rng = scene, scene.rng
        self.start_at, self.end_at = start_at, end_at
        self._queue: list[tuple[datetime, int, Callable[[datetime], Iterable[Happening]]]] = []
        self._order = counting()
        # Own posts the company may still pass on, newest last.
        self.offered: list[Post] = []

    def __iter__(self) -> Iterator[Happening]:
        day = self.start_at.date()
        while day <= self.end_at.date():
            self._plan(day)
            day += timedelta(days=1)
        for (ago, text), (member, linked) in zip(TEXTS, copyists(self.scene.world), strict=False):
            self._at(self.end_at - ago, partial(self._copied, member, linked, text))
        while self._queue:
            at, _, do = heappop(self._queue)
            yield from do(at)

    def _at(self, at: datetime, do: Callable[[datetime], Iterable[Happening]]) -> None:
        if self.start_at <= at < self.end_at:
            heappush(self._queue, (at, next(self._order), do))

    def joined_at(self, member: Member) -> datetime:
        """When somebody joined: the first ones before all that is told here."""
        if member.joined is None or member.joined >= 1:
            return self.start_at
        return self.end_at - (self.end_at - self.start_at) * member.joined

    def _plan(self, day: date) -> None:
        rng, busy = self.rng, WEEKDAYS[day.weekday()]
        for member in self.scene.world.enrolled():
            if self.joined_at(member).date() > day:
                continue
            awake = member.awake_from_utc
            for _ in range(odds.count(rng, odds.posts_a_day(member.vigour) * busy)):
                linked = member.voice(rng)
                self._at(somewhen(rng, day, awake), partial(self._post, member, linked))
            for _ in range(odds.count(rng, odds.follows_a_day(member.vigour) * busy)):
                linked = member.voice(rng)
                self._at(somewhen(rng, day, awake), partial(self._follow, linked))
            for _ in range(odds.count(rng, odds.mentions_a_day(member.vigour) * busy)):
                linked = member.voice(rng)
                self._at(somewhen(rng, day, awake), partial(self._mention, linked))
        self._at(datetime.combine(day, odds.COUNTED_AT, tzinfo=UTC), self._count)
        for _ in range(odds.count(rng, odds.COMPANY_STORIES * busy)):
            self._at(somewhen(rng, day, 1), self._story)
        for _ in range(odds.count(rng, odds.COMPANY_RESHARES * busy)):
            self._at(somewhen(rng, day, 1), self._company_reshare)

    def _post(self, member: Member, linked: Linked, at: datetime) -> Iterator[Happening]:
        rng, scene = self.rng, self.scene
        personal = rng.random() < odds.PERSONAL
        text, tags = own_post(rng, personal, not personal and rng.random() < odds.DISCLOSED)
        deed = scene.write(linked.face, at, text, tags)
        post = deed.made
        assert post is not None
        yield deed
        if linked.counts == "handed_in" or (personal and rng.random() < odds.HANDED_IN):
            yield HandedIn(member, post, at + timedelta(minutes=2))
        if post.platform in odds.RESHARING and (personal or DISCLOSURE_TAG in tags):
            self.offered.append(post)
        fate = odds.luck(rng)
        self._audience(post, member, fate)
        if rng.random() < odds.DELETED:
            gone_at = at + timedelta(hours=rng.uniform(1, 60))
            self._at(gone_at, lambda then: [scene.delete(post, then)])

    def _copied(
        self, member: Member, linked: Linked, text: str, at: datetime
    ) -> Iterator[Happening]:
        deed = self.scene.write(linked.face, at, text, TAGS)
        assert deed.made is not None
        yield deed
        self._audience(deed.made, member, 1.0)

    def _audience(self, post: Post, member: Member, fate: float) -> None:
        """Whoever reacts to an employee's post, each in their own time."""
        rng, scene, vigour = self.rng, self.scene, member.vigour
        somebody, face = scene.crowd.somebody, post.author
        for _ in range(odds.count(rng, odds.likes(vigour) * fate)):
            liker = self._colleague(face.platform) if rng.random() < odds.BY_COLLEAGUE else None
            self._at(
                later(rng, post.at),
                partial(self._applauded, liker, post),
            )
        for _ in range(odds.count(rng, odds.replies(vigour) * fate)):
            self._at(later(rng, post.at), lambda at: self._answered(member, post, at))
        for _ in range(odds.count(rng, odds.reshares(vigour) * fate)):
            self._at(later(rng, post.at), lambda at: [scene.reshare(somebody(face), post, at)])
        for _ in range(odds.count(rng, odds.quotes(vigour) * fate)):
            self._at(later(rng, post.at), lambda at: [scene.quote(somebody(face), post, at)])

    def _applauded(self, who: Face | None, post: Post, at: datetime) -> Iterator[Happening]:
        """A colleague likes it, or somebody who is found around its author."""
        return self._liked(who or self.scene.crowd.somebody(post.author), post, at)

    def _liked(self, who: Face, post: Post, at: datetime) -> Iterator[Happening]:
        yield self.scene.like(who, post, at)
        if self.rng.random() < odds.UNLIKED:
            self._at(later(self.rng, at), lambda then: [self.scene.unlike(who, post, then)])

    def _answered(self, member: Member, post: Post, at: datetime) -> Iterator[Happening]:
        scene, rng = self.scene, self.rng
        deed = scene.reply(scene.crowd.somebody(post.author), post, at)
        answer = deed.made
        yield deed
        if rng.random() < odds.answers(member.vigour) and answer is not None:
            self._at(later(rng, at), lambda then: [scene.reply(post.author, answer, then)])

    def _follow(self, linked: Linked, at: datetime) -> Iterator[Happening]:
        scene, face = self.scene, linked.face
        if self.rng.random() < odds.UNFOLLOWS:
            deed = scene.unfollow(face, at)
            if deed is not None:
                yield deed
                return
        yield scene.follow(scene.crowd.somebody(face), face, at)

    def _mention(self, linked: Linked, at: datetime) -> Iterator[Happening]:
        yield self.scene.mention(self.scene.crowd.somebody(linked.face), linked.face, at)

    def _count(self, at: datetime) -> Iterator[Happening]:
        """Bluesky tells no counts beside its records; the others' come along."""
        faces = [
            linked.face for member in self.scene.world.enrolled()
            if self.joined_at(member) <= at and (linked := member.on("bluesky")) is not None
        ]  # fmt: skip
        yield Counted(tuple((face, self.scene.followers(face)) for face in faces), at)

    def _story(self, at: datetime) -> Iterator[Happening]:
        """The company tells something; some of its people pass it on."""
        rng, scene = self.rng, self.scene
        company = somewhere(rng, scene.world)
        text, tags = story(rng)
        deed = scene.write(company, at, text, tags)
        post = deed.made
        assert post is not None
        yield deed
        if company.platform in ("facebook", "linkedin"):
            self._visited(post)
        if company.platform == "youtube":
            return  # nobody passes a video on where it stands
        for member in scene.world.enrolled():
            linked = member.on(company.platform)
            if linked is None or rng.random() > odds.shares_story(member.vigour):
                continue
            if rng.random() < 0.8:
                self._at(later(rng, at), lambda t, f=linked.face: [scene.reshare(f, post, t)])
            else:
                self._at(
                    later(rng, at),
                    lambda t, f=linked.face: [scene.quote(f, post, t, (DISCLOSURE_TAG,))],
                )

    def _visited(self, post: Post) -> None:
        """Strangers and colleagues react under the page's post: no points, for it is the company's."""
        rng, scene = self.rng, self.scene
        for _ in range(odds.count(rng, odds.PAGE_VISITORS)):
            who = self._colleague(post.platform) if rng.random() < 0.3 else None
            who = who or scene.crowd.somebody(post.author)
            if rng.random() < 0.6:
                self._at(later(rng, post.at), partial(self._liked, who, post))
            else:
                self._at(later(rng, post.at), partial(self._commented, who, post))

    def _commented(self, who: Face, post: Post, at: datetime) -> Iterator[Happening]:
        deed = self.scene.reply(who, post, at)
        yield deed
        made = deed.made
        if made is not None and self.rng.random() < odds.TAKEN_BACK:
            self._at(later(self.rng, at), lambda then: [self.scene.delete(made, then)])

    def _company_reshare(self, at: datetime) -> Iterator[Happening]:
        """The company passes on what one of its people wrote, sooner personal than not."""
        rng, scene = self.rng, self.scene
        self.offered = [post for post in self.offered if at - post.at < timedelta(hours=40)]
        if not self.offered:
            return
        post = self.offered.pop(rng.randrange(len(self.offered)))
        company = scene.world.company[post.platform]
        if rng.random() >= odds.COMPANY_QUOTES:
            deed = scene.reshare(company, post, at)
        else:
            deed = scene.quote(company, post, at)
            for _ in range(odds.count(rng, 5)):
                self._at(later(rng, at), lambda then: [self._echo(deed, then)])
        yield deed
        made = deed.made
        if rng.random() < odds.TAKEN_BACK and made is not None:
            self._at(later(rng, at), lambda then: [scene.delete(made, then)])

    def _echo(self, deed: Deed, at: datetime) -> Deed:
        """An outsider applauds the company's own line about an employee's post."""
        made, scene = deed.made, self.scene
        assert made is not None
        who = scene.crowd.somebody(made.author)
        return scene.reply(who, made, at) if self.rng.random() < 0.35 else scene.like(who, made, at)

    def _colleague(self, platform: str) -> Face | None:
        """Somebody of the company with an account on that network."""
        enrolled = self.scene.world.enrolled()
        for _ in range(20):
            for linked in self.rng.choice(enrolled).accounts:
                if linked.face.platform == platform:
                    return linked.face
        return None


def somewhere(rng: Random, world: World) -> Face:
    """The company's account on which it tells something next."""
    return world.company[rng.choices(list(odds.STORIES_ON), list(odds.STORIES_ON.values()))[0]]
