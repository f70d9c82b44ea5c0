"""How listening to streams goes, for /metrics, the connections' pages and `fanfare doctor`: read from what
the listeners noted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Final

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from scoring import Hearing, StreamSeen

# A listener notes at least every minute, an ear of Mastodon every ten; whoever noted nothing for as long as
# this listens no more, or is not set any more.
SILENT: Final = timedelta(minutes=20)
FORGOTTEN: Final = timedelta(days=2)


def figures(streams: Iterable[StreamSeen], now: datetime) -> bytes:
    """Prometheus's text of every stream. No label holds what a stranger sent."""
    registry = CollectorRegistry()
    registry.register(_Streams([one for one in streams if now - one.seen_at < FORGOTTEN], now))
    return generate_latest(registry)


class _Streams(Collector):
    """Each stream's counters, and whether it is heard."""

    def __init__(self, streams: list[StreamSeen], now: datetime) -> None:
        self._streams = streams
        self._now = now

    def collect(self) -> Iterator[Metric]:
        """One sample a stream and figure."""
        labels = ("network", "stream")
        events = CounterMetricFamily(
            "fanfare_stream_events", "Events that streams told.", labels=labels
        )
        kept = CounterMetricFamily(
            "fanfare_stream_kept", "Of them, those about people of ours.", labels=labels
        )
        gaps = CounterMetricFamily(
            "fanfare_stream_gaps", "Times something was not told any more.", labels=labels
        )
        heard = GaugeMetricFamily(
            "fanfare_stream_heard", "Whether a stream is heard right now.", labels=labels
        )
        age = GaugeMetricFamily(
            "fanfare_stream_seen_seconds", "Since its listener noted how it goes.", labels=labels
        )
        for one in self._streams:
            name = (one.network, one.stream)
            events.add_metric(name, one.events)
            kept.add_metric(name, one.kept)
            gaps.add_metric(name, one.gaps)
            heard.add_metric(name, one.state is Hearing.HEARD and not silent(one, self._now))
            age.add_metric(name, max((self._now - one.seen_at).total_seconds(), 0.0))
        yield from (events, kept, gaps, heard, age)


def silent(one: StreamSeen, now: datetime) -> bool:
    """Whether nobody listens to it any more, whatever was noted last."""
    return now - one.seen_at > SILENT


def stream_trouble(one: StreamSeen, now: datetime) -> list[str]:
    """What is wrong with a stream, a sentence each; nothing of one that is not set any more."""
    found: list[str] = []
    if now - one.seen_at > FORGOTTEN:
        return found
    if silent(one, now):
        found.append(
            f"Nobody listens to the stream {one.stream} since {one.seen_at:%Y-%m-%d %H:%M} UTC: "
            "is `fanfare listen` running?"
        )
    elif one.state is Hearing.AWAY:
        found.append(f"The stream {one.stream} is away: {one.words.rstrip('.')}.")
    if one.gaps:
        found.append(
            f"The stream {one.stream} did not tell everything ({one.gaps:,} times): its server keeps "
            "less than we were away, or left something out."
        )
    return found
