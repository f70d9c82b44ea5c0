"""Worker, first step: deliveries become facts.

Law: one transaction claims deliveries, stores what they tell and notes what changed. Deliveries that
cannot be read are set aside whole with the reason; one of them never fails the batch it travels in. Of
several things in one delivery those that can be read count; it is set aside for the sake of the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import structlog

from scoring import inbox
from scoring.blame import blames_the_facts
from scoring.by_hand.delivered import WAYS as BY_HAND
from scoring.by_hand.delivered import read as read_by_hand
from scoring.connection import Connection
from scoring.facts import Delivery, Telling, UnusableFact
from scoring.platforms import platform
from scoring.platforms.platform import UnknownPlatform
from scoring.store import Told, store
from scoring.sweep import Sweep

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Intake:
    """What one round of intake did."""

    claimed: int = 0
    stored: int = 0
    ignored: int = 0
    set_aside: int = 0


def adapt(delivery: Delivery) -> Telling:
    """What a delivery tells, or `UnusableFact` with the reason."""
    if delivery.source in BY_HAND:
        return read_by_hand(delivery)
    try:
        told = platform(delivery.platform).adapt(delivery)
    except UnknownPlatform:
        raise UnusableFact(f"there is no platform «{delivery.platform}» any more") from None
    return told


async def intake(
    connection: Connection,
    *,
    now: datetime,
    limit: int = 500,
    disclosure_tag: str = "",
    sweep: Sweep | None = None,
) -> Intake:
    """Claim up to `limit` deliveries and store what they tell. Returns what was done.

    `sweep`: a worker's own, that it goes on with; without, the look begins with the first.
    """
    sweep = sweep or Sweep()
    try:
        async with connection.transaction():
            claimed, done = await _batch(connection, now, limit, disclosure_tag, sweep)
        sweep.reached(claimed.last, claimed.full)
        return done
    except Exception as error:
        sweep.again()
        if not blames_the_facts(error):
            raise
        # One of the facts cannot be stored: find out which, one delivery at a time.
        log.warning("intake_batch_failed", why=repr(error))
    done = Intake()
    for _ in range(limit):
        one = await _single(connection, now, disclosure_tag)
        if one.claimed == 0:
            break
        done = Intake(
            done.claimed + one.claimed,
            done.stored + one.stored,
            done.ignored + one.ignored,
            done.set_aside + one.set_aside,
        )
    return done


async def _batch(
    connection: Connection, now: datetime, limit: int, tag: str, sweep: Sweep
) -> tuple[inbox.Claimed, Intake]:
    claimed = await inbox.claim(connection, limit, sweep)
    deliveries = claimed.deliveries
    told, outcomes = _read(claimed)
    stored = await store(connection, told, now=now, disclosure_tag=tag)
    await inbox.record_outcomes(connection, outcomes, now)
    aside = sum(outcome.outcome == "set_aside" for outcome in outcomes)
    return claimed, Intake(len(deliveries), stored, len(outcomes) - aside, aside)


async def _single(connection: Connection, now: datetime, tag: str) -> Intake:
    async with connection.transaction():
        claimed = await inbox.claim(connection, 1)
        deliveries = claimed.deliveries
        told, outcomes = _read(claimed)
        stored = 0
        try:
            async with connection.transaction():
                stored = await store(connection, told, now=now, disclosure_tag=tag)
        except Exception as error:
            if not blames_the_facts(error):
                raise
            log.exception("delivery_not_stored", deliveries=[told.id for told in deliveries])
            reason = f"what it tells cannot be stored: {type(error).__name__}: {error}"
            outcomes = [inbox.Outcome.of(one, "set_aside", reason) for one in deliveries]
        await inbox.record_outcomes(connection, outcomes, now)
        aside = sum(outcome.outcome == "set_aside" for outcome in outcomes)
        return Intake(len(deliveries), stored, len(outcomes) - aside, aside)


def _read(claimed: inbox.Claimed) -> tuple[list[Told], list[inbox.Outcome]]:
    told: list[Told] = []
    outcomes: list[inbox.Outcome] = []
    for delivery in claimed.deliveries:
        try:
            telling = adapt(delivery)
        except UnusableFact as error:
            outcomes.append(inbox.Outcome.of(delivery, "set_aside", str(error) or "unreadable"))
            continue
        except Exception as error:  # a bug in an adapter must not stop the others or lose this one
            log.exception("adapter_failed", platform=delivery.platform, delivery=delivery.id)
            reason = f"the adapter failed: {type(error).__name__}: {error}"
            outcomes.append(inbox.Outcome.of(delivery, "set_aside", reason))
            continue
        if telling.ignored is not None:
            outcomes.append(inbox.Outcome.of(delivery, "ignored", telling.ignored))
        if telling.unread is not None:
            outcomes.append(inbox.Outcome.of(delivery, "set_aside", telling.unread))
        known_at = None if delivery.id in claimed.again else delivery.received_at
        told.append(Told(delivery, telling, known_at))
    return told, outcomes
