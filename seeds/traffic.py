"""Who tells Fanfare of a deed, and in which bytes: the deliveries of a demo world.

Law: every delivery that is not marked as broken can be read by its network's adapter.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

import msgspec

from seeds import odds
from seeds.deeds import Act, Deed
from seeds.faces import Face
from seeds.payloads import mastodon
from seeds.payloads.standard import told_by_community
from seeds.payloads.x_account import told_by_account_activity
from seeds.payloads.x_activity import told_by_activity
from seeds.personas import MASTODON_HOST
from seeds.world import World

_encode = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class Sending:
    """One body for one address. `broken` ones are meant to be set aside or ignored."""

    platform: str
    body: bytes
    broken: bool = False


class Teller:
    """Turns deeds into deliveries, as the subscriptions of this company would."""

    def __init__(self, world: World, rng: Random) -> None:
        self.rng = rng
        # Whose deeds and mail the networks tell us: people who gave consent, and the company.
        self._subscribed = {
            linked.face.native_id for member in world.members for linked in member.accounts
        } | {face.native_id for face in world.company.values()}
        self._company = {face.native_id for face in world.company.values()}

    def tell(self, deed: Deed) -> Iterator[Sending]:
        """The deliveries a deed causes: usually one; none where the network does not tell."""
        if deed.actor.platform == "x":
            bodies = self._x(deed)
        elif deed.actor.platform == "mastodon":
            bodies = self._mastodon(deed)
        else:
            bodies = iter([told_by_community(deed)])
        for body in bodies:
            yield Sending(deed.actor.platform, _encode(body))

    def _tellers(self, deed: Deed) -> Iterator[Face]:
        """Whose subscription tells: the actor's or the target's, now and then both."""
        ours = deed.actor.native_id in self._subscribed and deed.made is not None
        theirs = deed.to is not None and deed.to.native_id in self._subscribed
        if ours or (deed.act is Act.DELETE and deed.actor.native_id in self._subscribed):
            yield deed.actor
        if theirs and deed.to is not None and (not ours or self.rng.random() < odds.TOLD_TWICE):
            yield deed.to

    def _x(self, deed: Deed) -> Iterator[object]:
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
