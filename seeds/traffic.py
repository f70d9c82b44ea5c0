"""Who tells Fanfare of a deed, and in which bytes: the deliveries of a demo world.

Law: every delivery that is not marked as broken can be read by its network's adapter.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from random import Random
from typing import Final

import msgspec

from scoring.platforms import platform
from scoring.platforms.polling import poll_headers
from seeds import odds
from seeds.deeds import Act, Deed, Post
from seeds.faces import Face
from seeds.payloads import bluesky, facebook, instagram, linkedin, mastodon, meta, threads, youtube
from seeds.payloads.standard import told_by_community
from seeds.payloads.x_account import told_by_account_activity
from seeds.payloads.x_activity import told_by_activity
from seeds.personas import MASTODON_HOST
from seeds.world import World

_encode = msgspec.json.Encoder().encode
# Networks that put what happens at once into one delivery.
_GATHERING: Final = frozenset({"facebook", "linkedin", "bluesky"})
_MOST_TOGETHER: Final = 10  # notifications of LinkedIn in one delivery; Meta takes a thousand


@dataclass(frozen=True, slots=True)
class Sending:
    """One body on its way to Fanfare: posted by the network, heard on its stream, or asked for.

    `broken` ones are meant to be set aside or ignored; `headers` are what the one who asked notes.
    """

    platform: str
    body: bytes
    broken: bool = False
    source: str = "webhook"  # webhook | stream | poll | link
    headers: dict[str, str] = field(default_factory=dict)
    key: str = ""  # by which Fanfare's own door knows what it wrote itself


class Teller:
    """Turns deeds into deliveries, as the subscriptions of this company would."""

    def __init__(self, world: World, rng: Random) -> None:
        self.rng = rng
        # Whose deeds and mail the networks tell us: people who gave consent, and the company.
        self._subscribed = {
            linked.face.native_id for member in world.members for linked in member.accounts
        } | {face.native_id for face in world.company.values()}
        self._pages = world.company
        self._company = {face.native_id for face in world.company.values()}
        self._newest: deque[Post] = deque(maxlen=linkedin.MOST)  # of the company's page

    def tell(self, deed: Deed) -> Iterator[Sending]:
        """The deliveries a deed causes: usually one; none where the network does not tell."""
        return self.tell_together([deed])

    def tell_together(self, deeds: Sequence[Deed]) -> Iterator[Sending]:
        """The deliveries of what happens in the same second; many networks gather that."""
        for name, group in groupby(deeds, lambda deed: deed.actor.platform):
            same = list(group)
            step = _MOST_TOGETHER if name in _GATHERING else 1
            for begin in range(0, len(same), step):
                yield from self._told(name, same[begin : begin + step])

    def _told(self, name: str, deeds: list[Deed]) -> Iterator[Sending]:
        (deed, *_) = deeds
        match name:
            case "bluesky":
                events = [event for one in deeds if self._is_ours(one)
                          and (event := bluesky.told_by_jetstream(one)) is not None]  # fmt: skip
                if events:
                    yield Sending(name, _encode(events), source="stream")
            case "facebook":
                body = facebook.told_by_page(deeds, self._pages[name])
                if body is not None:
                    yield Sending(name, meta.encoded(body))
            case "linkedin":
                yield from self._linkedin(deeds)
            case "youtube" if deed.actor.native_id in self._subscribed:
                if (feed := youtube.told_by_hub(deed)) is not None:
                    yield Sending(name, feed)
            case "instagram" | "threads":
                told = threads.told_about if name == "threads" else instagram.told_by_account
                for subscriber in self._tellers(deed):
                    if (said := told(deed, subscriber)) is not None:
                        yield Sending(name, meta.encoded(said))
            case "x" | "mastodon" | "standard":
                for whole in self._by_webhook(name, deed):
                    yield Sending(name, _encode(whole))

    def count(self, counts: Sequence[tuple[Face, int]]) -> Iterator[Sending]:
        """What Bluesky answers to who asks how many follow these people."""
        for begin in range(0, len(counts), bluesky.MOST_PROFILES):
            asked = counts[begin : begin + bluesky.MOST_PROFILES]
            body = bluesky.told_by_profiles(asked)
            yield _answer("bluesky", "followers", [face for face, _ in asked], body)

    def _is_ours(self, deed: Deed) -> bool:
        """Whether the listener keeps it: somebody of ours does it or has it done to them."""
        faces = (deed.actor, deed.to)
        return any(face is not None and face.native_id in self._subscribed for face in faces)

    def _by_webhook(self, name: str, deed: Deed) -> Iterator[object]:
        if name == "x":
            yield from self._x(deed)
        elif name == "mastodon":
            yield from self._mastodon(deed)
        elif name == "standard" and deed.act is not Act.UNLIKE:
            yield told_by_community(deed)

    def _tellers(self, deed: Deed) -> Iterator[Face]:
        """Whose subscription tells: the actor's or the target's, now and then both."""
        ours = deed.actor.native_id in self._subscribed and deed.made is not None
        theirs = deed.to is not None and deed.to.native_id in self._subscribed
        if ours or (deed.act is Act.DELETE and deed.actor.native_id in self._subscribed):
            yield deed.actor
        if theirs and deed.to is not None and (not ours or self.rng.random() < odds.TOLD_TWICE):
            yield deed.to

    def _x(self, deed: Deed) -> Iterator[object]:
        if deed.act is Act.UNLIKE:
            return  # never told
        for subscriber in self._tellers(deed):
            number = str(self.rng.randrange(-(2**62), 2**62))
            if subscriber.native_id not in self._company and int(subscriber.native_id) % 4 == 0:
                # Linked before X changed its interface: the older payloads still arrive for them.
                yield told_by_account_activity(deed, subscriber, number.lstrip("-"))
            else:
                yield told_by_activity(deed, subscriber, number)

    def _mastodon(self, deed: Deed) -> Iterator[object]:
        for subscriber in self._tellers(deed):
            if deed.act is Act.DELETE:
                yield mastodon.told_by_stream(deed)
            elif subscriber == deed.actor and deed.made is not None:
                if deed.actor.native_id.endswith("@" + MASTODON_HOST):
                    yield mastodon.told_by_server(deed)
            elif deed.act in mastodon.TYPES:
                yield mastodon.told_by_notification(deed, str(self.rng.randrange(10**7, 10**10)))

    def _linkedin(self, deeds: list[Deed]) -> Iterator[Sending]:
        """The page's own posts are told to who asks; the rest is pushed."""
        page = self._pages["linkedin"]
        own = [deed for deed in deeds
               if deed.actor == page and deed.made is not None and deed.made.answers is None]  # fmt: skip
        for deed in own:
            assert deed.made is not None, "chosen by it"
            self._newest.appendleft(deed.made)
            yield _answer("linkedin", "posts", [page], linkedin.told_by_poll(self._newest))
        number = self.rng.randrange(-(10**9), 10**10)
        body_of_push = linkedin.told_by_page(
            [deed for deed in deeds if deed not in own], page, number
        )
        if body_of_push is not None:
            yield Sending("linkedin", _encode(body_of_push))


def _answer(name: str, poll: str, about: Sequence[Face], body: object) -> Sending:
    """The answer to a poll, with what was asked."""
    asked = platform(name).polling
    question = asked.poll(poll) if asked is not None else None
    assert question is not None, f"{name} is asked about {poll}"
    headers = poll_headers(question, tuple(face.native_id for face in about))
    return Sending(name, _encode(body), source="poll", headers=dict(headers))
