"""Deliveries as they must not be: signed, and yet unreadable or of a kind nobody has heard of."""

from datetime import datetime
from random import Random

import msgspec

from seeds.traffic import Sending


def trouble(rng: Random, now: datetime) -> Sending:
    """One of them; `now` makes each different, so that none is taken for a repetition."""
    stamp = now.isoformat()
    ms = str(int(now.timestamp() * 1000))
    x_user = {"data": {"id": ms, "username": "nobody", "public_metrics": {"followers_count": -1}}}
    return rng.choice(
        (
            _of("mastodon", {"event": "account.updated", "created_at": stamp, "object": {"id": ms}}),
            _of("mastodon", {"id": ms, "type": "serenade", "created_at": stamp}),
            _of("x", {"data": {"event_uuid": ms, "event_type": "profile.update.bio",
                               "filter": {"user_id": "1"}, "payload": {"id": ms}}}),
            _of("x", {"data": {"event_uuid": ms, "event_type": "follow.follow",
                               "filter": {"user_id": "1"},
                               "payload": {"source": x_user, "target": x_user}}}),
            _of("standard", {"type": "post.figures", "timestamp": stamp,
                             "data": {"post": ms, "figures": {"reaction": -1}}}),
            _of("standard", {"type": "kettle.boiled", "timestamp": stamp, "data": {}}),
            Sending("mastodon", f'{{"event":"status.created","created_at":"{stamp}","obj'.encode(), True),
        )
    )  # fmt: skip


def _of(platform: str, body: object) -> Sending:
    return Sending(platform, msgspec.json.encode(body), broken=True)
