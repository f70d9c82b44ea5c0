"""What the demo sends is what the networks send: every adapter reads it, but what is meant not to be."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from app.settings import Settings
from scoring import LINKS
from scoring.facts import Delivery, Engagement, Kind, UnusableFact
from scoring.platforms import platform, platforms
from seeds.filling import with_secrets
from seeds.loading import receipts
from seeds.moments import Moments
from seeds.signing import sign
from seeds.traffic import Sending, Teller
from seeds.trouble import trouble
from seeds.world import build_world

NOW = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
SETTINGS = with_secrets(Settings())
SECRETS = {name: SETTINGS.secrets_of(name) for name in platforms()}


def delivered(sending: Sending, at: datetime, number: int) -> Delivery:
    """The delivery as it would be stored: signed, verified, with the headers that are kept."""
    name, kept = sending.platform, sending.headers
    if sending.source == "webhook":
        keys = SECRETS[name]
        headers = sign(name, sending.body, keys, at, f"msg_{number}")
        platform(name).verify(headers, sending.body, keys, at)
        kept = platform(name).kept_headers(headers, keys)
    return Delivery(number, name, sending.source, kept, sending.body, at)


def test_every_delivery_of_the_history_is_read_and_tells_something() -> None:
    received, _ = receipts(build_world(3, 60), NOW - timedelta(days=20), NOW)
    told: Counter[Kind] = Counter()
    assert {one.sending.platform for one in received} == set(platforms()) - {LINKS}
    for number, one in enumerate(received):
        telling = platform(one.sending.platform).adapt(
            delivered(one.sending, one.received_at, number)
        )
        assert telling.ignored is None
        assert telling.facts
        told.update(fact.kind for fact in telling.facts if isinstance(fact, Engagement))
    assert set(told) == set(Kind) - {Kind.CLICK}


def test_the_history_is_the_same_for_the_same_seed() -> None:
    world = build_world(3, 40)
    start_at = NOW - timedelta(days=5)
    assert receipts(world, start_at, NOW) == receipts(world, start_at, NOW)


def test_history_is_received_in_order_and_before_now_but_for_seconds() -> None:
    received, _ = receipts(build_world(3, 40), NOW - timedelta(days=5), NOW)
    moments = [one.received_at for one in received]
    assert moments == sorted(moments)
    assert moments[-1] < NOW + timedelta(minutes=1)


def test_what_happens_live_is_read_too() -> None:
    world, rng = build_world(4, 60), Random(4)
    moments, teller = Moments(world, rng), Teller(world, rng)
    at, heard = NOW, Counter[str]()
    for number in range(1500):
        at += timedelta(seconds=1)
        for deed in moments.next(at, burst=1 + number % 5 // 4):
            for sending in teller.tell(deed):
                telling = platform(sending.platform).adapt(delivered(sending, at, number))
                assert telling.ignored is None
                heard[sending.platform] += 1
    # Videos and comments on Instagram are rare; all others are heard within a short look at a demo.
    assert heard["threads"] > 0
    often = {name for name, times in heard.items() if times >= 10}
    assert {"x", "mastodon", "standard", "bluesky", "facebook", "linkedin"} <= often


@pytest.mark.parametrize("seed", range(20))
def test_trouble_is_signed_and_yet_set_aside_or_ignored(seed: int) -> None:
    sending = trouble(Random(seed), NOW)
    assert sending.broken
    try:
        telling = platform(sending.platform).adapt(delivered(sending, NOW, seed))
    except UnusableFact:
        return
    assert telling.ignored
