"""Live traffic: what the networks would send while the demo is looked at, over HTTP, signed; what is
heard on a stream on a stream; and people, programs and bots that open links.

Law: whatever the receiver answers or does not answer, the traffic goes on; no more than a few
deliveries are under way at once, and each is repeated until it was taken or refused for good.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from uuid import uuid4

import httpx

from scoring.platforms.platform import Secrets
from seeds.moments import Moments
from seeds.openings import Visit, visits
from seeds.signing import sign
from seeds.traffic import Sending, Teller
from seeds.trouble import trouble

UNDER_WAY = 8  # deliveries at once; networks open about as many connections
ATTEMPTS = 12  # with pauses that double up to PAUSE_MOST_S: about a minute and a half
PAUSE_MOST_S = 10.0
BURST = 0.04  # the chance that a post has just been discovered and several react at once
REPEATED = 0.02  # of deliveries come twice, as all networks warn
HELD_UP = 0.02  # of deliveries arrive after later ones
HELD_UP_MOST_S = 20.0
OPENED = 0.05  # of what happens is that somebody shares a link once more
TROUBLED = 0.006  # of deliveries cannot be read or mean nothing to us


@dataclass
class Sent:
    """What became of the traffic so far. `last` is the newest answer that was not a 2xx."""

    taken: int = 0
    refused: int = 0
    given_up: int = 0
    again: int = 0
    opened: int = 0
    told: Counter[str] = field(default_factory=Counter)
    last: str = ""


class Traffic:
    """Sends what happens in a scene to one installation, about `rate` deliveries a second."""

    def __init__(
        self, moments: Moments, teller: Teller, secrets: Mapping[str, Secrets], base_url: str,
        *, streamed: Callable[[bytes], None] | None = None,
        polled: Callable[[Sending], Awaitable[None]] | None = None, codes: Sequence[str] = (),
        rate: float = 1.4, transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:  # fmt: skip
        """`streamed` tells a stream's listeners, `polled` keeps what a network was asked for; what has
        nowhere to go is not told. `codes`: links that are opened."""
        self.sent = Sent()
        self._moments, self._teller, self._secrets = moments, teller, secrets
        self._base_url, self._rate, self._transport = base_url, rate, transport
        # Who sends faster than people act holds nothing up for long.
        self._hurry = max(1.0, rate / 1.4)
        self._streamed, self._polled, self._codes = streamed, polled, tuple(codes)
        self._rng: Random = teller.rng
        self._room = asyncio.Semaphore(UNDER_WAY)

    async def run(self, most: int | None = None) -> None:
        """Sends until cancelled, or until `most` deliveries were sent."""
        async with (
            httpx.AsyncClient(
                base_url=self._base_url, timeout=15, transport=self._transport
            ) as client,
            asyncio.TaskGroup() as under_way,
        ):
            started = 0
            while most is None or started < most:
                for sending in self._next():
                    await self._room.acquire()
                    under_way.create_task(self._deliver(client, sending))
                    started += 1
                if self._codes and self._rng.random() < OPENED:
                    for visit in visits(self._rng, self._rng.choice(self._codes)):
                        await self._room.acquire()
                        under_way.create_task(self._open(client, visit))
                await asyncio.sleep(self._rng.expovariate(self._rate))

    def _next(self) -> list[Sending]:
        """What is sent now: mostly one delivery, now and then a burst, a repetition, a trouble."""
        now = datetime.now(UTC)
        if self._rng.random() < TROUBLED:
            return [trouble(self._rng, now)]
        burst = self._rng.randint(4, 10) if self._rng.random() < BURST else 1
        deeds = self._moments.next(now, burst)
        self.sent.told.update(deed.act.value for deed in deeds)
        sendings = list(self._teller.tell_together(deeds))
        return [s for s in sendings for _ in range(2 if self._rng.random() < REPEATED else 1)]

    async def _deliver(self, client: httpx.AsyncClient, sending: Sending) -> None:
        held_up = self._rng.random() < HELD_UP
        try:
            if sending.source == "stream":
                if self._streamed is not None:
                    self._streamed(sending.body)
                    self.sent.taken += 1
            elif sending.source == "poll":
                if self._polled is not None:
                    await self._polled(sending)
                    self.sent.taken += 1
            elif not held_up:
                await self._insist(client, sending)
        finally:
            self._room.release()
        if held_up and sending.source == "webhook":
            # Outside the room: whoever waits holds nobody up.
            await asyncio.sleep(self._rng.uniform(1, HELD_UP_MOST_S) / self._hurry)
            await self._insist(client, sending)

    async def _open(self, client: httpx.AsyncClient, visit: Visit) -> None:
        """Knock at the door of links; whether it is opened is nobody's worry here."""
        try:
            await client.request(visit.method, visit.path, headers=visit.headers)
            self.sent.opened += visit.by_person
        except httpx.HTTPError as trouble:
            self.sent.last = type(trouble).__name__
        finally:
            self._room.release()

    async def _insist(self, client: httpx.AsyncClient, sending: Sending) -> None:
        name, delivery_id, pause_s = sending.platform, f"msg_{uuid4().hex}", 0.1
        for _ in range(ATTEMPTS):
            # Signed anew each time: some schemes sign the moment of the attempt.
            headers = sign(name, sending.body, self._secrets[name], datetime.now(UTC), delivery_id)
            try:
                answer = await client.post(
                    f"/webhooks/{name}", content=sending.body, headers=headers
                )
            except httpx.HTTPError as trouble:
                self.sent.last = type(trouble).__name__
            else:
                if answer.is_success:
                    self.sent.taken += 1
                    return
                self.sent.last = f"{answer.status_code} from /webhooks/{name}"
                if answer.status_code not in (408, 429) and answer.status_code < 500:
                    self.sent.refused += 1
                    return
            self.sent.again += 1
            await asyncio.sleep(pause_s)
            pause_s = min(pause_s * 2, PAUSE_MOST_S)
        self.sent.given_up += 1
