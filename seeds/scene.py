"""The verbs of a demo world: each does one thing on a network and returns it as a deed.

History and live traffic use the same verbs, so whatever one can tell, the other can too. The scene
remembers what networks show beside a deed: follower counts, and who follows whom.
"""

from collections.abc import Iterable
from datetime import datetime
from random import Random

from seeds.crowd import Crowd
from seeds.deeds import Act, Deed, Post, moment, native_id, number_at
from seeds.faces import Face
from seeds.words import ANSWERS, QUOTES, REPLIES
from seeds.world import World


class Scene:
    """What the networks know at this moment."""

    def __init__(self, world: World, rng: Random) -> None:
        self.world = world
        self.rng = rng
        self.crowd = Crowd(rng)
        self._followers: dict[str, int] = {}
        self._following: dict[str, list[Face]] = {}
        self._salt = rng.getrandbits(22)
        self._insiders = frozenset(
            linked.face.native_id for member in world.members for linked in member.accounts
        )

    def followers(self, face: Face) -> int:
        """How many follow that account now."""
        return self._followers.get(face.native_id, face.followers)

    def remember_followers(self, counts: Iterable[tuple[str, int]]) -> None:
        """Takes up counts that were told before a restart: (native id, followers)."""
        self._followers.update(counts)

    def _made(
        self, author: Face, at: datetime, text: str, tags: tuple[str, ...] = (),
        answers: Post | None = None, shares: Post | None = None, reshare: bool = False,
    ) -> Post:  # fmt: skip
        self._salt += 1
        number = number_at(author.platform, at, self._salt)
        return Post(
            author.platform, number, native_id(author, number, answers, shares, reshare), author,
            text, tags, at, answers, shares, reshare,
        )  # fmt: skip

    def _deed(
        self, act: Act, at: datetime, actor: Face, to: Face | None,
        post: Post | None, made: Post | None,
    ) -> Deed:  # fmt: skip
        shown = {face.native_id: self.followers(face) for face in (actor, to) if face}
        return Deed(act, at, actor, to, post, made, shown)

    def write(self, author: Face, at: datetime, text: str, tags: tuple[str, ...]) -> Deed:
        """A post of one's own."""
        at = moment(at)
        words = " ".join([text, *(f"#{tag}" for tag in tags)])
        return self._deed(Act.POST, at, author, None, None, self._made(author, at, words, tags))

    def like(self, actor: Face, post: Post, at: datetime) -> Deed:
        """A like, favourite or whatever the network calls it."""
        return self._deed(Act.LIKE, moment(at), actor, post.author, post, None)

    def unlike(self, actor: Face, post: Post, at: datetime) -> Deed:
        """A like taken back."""
        return self._deed(Act.UNLIKE, moment(at), actor, post.author, post, None)

    def reply(self, actor: Face, post: Post, at: datetime, text: str | None = None) -> Deed:
        """An answer to a post."""
        at = moment(at)
        insider = text is None and actor.native_id in self._insiders
        words = text or self.rng.choice(REPLIES if insider else ANSWERS)
        made = self._made(actor, at, words, answers=post)
        return self._deed(Act.REPLY, at, actor, post.author, post, made)

    def reshare(self, actor: Face, post: Post, at: datetime) -> Deed:
        """Passing a post on without own words: a boost, a repost."""
        at = moment(at)
        made = self._made(actor, at, post.text, post.tags, shares=post, reshare=True)
        return self._deed(Act.RESHARE, at, actor, post.author, post, made)

    def quote(self, actor: Face, post: Post, at: datetime, tags: tuple[str, ...] = ()) -> Deed:
        """Passing a post on with own words."""
        at = moment(at)
        words = " ".join([self.rng.choice(QUOTES), *(f"#{tag}" for tag in tags)])
        made = self._made(actor, at, words, tags, shares=post)
        return self._deed(Act.QUOTE, at, actor, post.author, post, made)

    def mention(self, actor: Face, target: Face, at: datetime) -> Deed:
        """Somebody writes to an account without answering a post of it."""
        at = moment(at)
        made = self._made(actor, at, f"@{target.handle} {self.rng.choice(ANSWERS)}")
        return self._deed(Act.MENTION, at, actor, target, None, made)

    def follow(self, actor: Face, target: Face, at: datetime) -> Deed:
        """Somebody begins to follow; the count rises with it."""
        self._followers[target.native_id] = self.followers(target) + 1
        self._following.setdefault(target.native_id, []).append(actor)
        return self._deed(Act.FOLLOW, moment(at), actor, target, None, None)

    def unfollow(self, target: Face, at: datetime) -> Deed | None:
        """One of those who began to follow stops; None when there is nobody."""
        those = self._following.get(target.native_id)
        if not those:
            return None
        actor = those.pop(self.rng.randrange(len(those)))
        self._followers[target.native_id] = max(0, self.followers(target) - 1)
        return self._deed(Act.UNFOLLOW, moment(at), actor, target, None, None)

    def delete(self, post: Post, at: datetime) -> Deed:
        """The author takes a post (reply, quote, reshare) away."""
        return self._deed(Act.DELETE, moment(at), post.author, None, post, None)
