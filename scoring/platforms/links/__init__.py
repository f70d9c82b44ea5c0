"""Tracked links: openings that Fanfare counts itself (README.md beside this)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import partial
from typing import Final

from scoring.facts import Delivery, Engagement, Kind, Telling
from scoring.platforms.links.steps import STEPS
from scoring.platforms.parts import Parts
from scoring.platforms.payload import Payload
from scoring.platforms.platform import (
    Arrival,
    Capabilities,
    Incentive,
    IncentivePolicy,
    NotVerified,
    Platform,
    Secrets,
)

NETWORK: Final = "links"


def account_of(person_id: int) -> str:
    """The native id of the account to which a person's links belong."""
    return f"person-{person_id}"


class Links(Platform):
    """Links of Fanfare's own, `/s/{code}`."""

    name = NETWORK
    label = "Tracked links"
    steps = STEPS
    capabilities = Capabilities(
        told=frozenset({Kind.CLICK}),
        removed=frozenset(),
        arrivals=frozenset({Arrival.PUSH}),
        freshness="at once",
        sureness="counted here, a visitor once a day; programs that disguise themselves as browsers are not "
        "all known",
    )
    incentive = IncentivePolicy(
        mode=Incentive.CASH,
        reason="What is counted here comes from no network’s interface; a post that carries the link "
        "follows the rules of where it stands",
        source="https://www.rfc-editor.org/rfc/rfc9110",
        read_on=date(2026, 11, 22),
    )
    raw_ttl_days = 30  # holds no address and no browser, only a digest of the day
    wants = ()
    by_name = False

    def problems(self, secrets: Secrets) -> list[str]:
        """There is nothing to set."""
        return []

    def verify(
        self, headers: Mapping[str, str], body: bytes, secrets: Secrets, now: datetime
    ) -> str:
        """Nobody tells us of openings: we see them ourselves. Raises NotVerified."""
        raise NotVerified("openings of tracked links are counted where they are opened")

    def adapt(self, delivery: Delivery) -> Telling:
        """Read openings of one person's links."""
        told = Payload.read(delivery.body)
        account = told["account"].id()
        parts = Parts()
        for one in told["openings"]:
            parts.take(one, partial(_click, one, account, delivery.received_at), lambda: "")
        return parts.telling("nothing was opened")


def _click(opening: Payload, account: str, received_at: datetime) -> Iterator[Engagement]:
    code, visitor = opening["code"].id(), opening["visitor"].id()
    yield Engagement(
        Kind.CLICK,
        f"{code}:{opening['day'].word()}:{visitor}",
        f"visitor:{visitor}",
        account,
        post=code,
        occurred_at=opening["at"].time(received_at),
    )


PLATFORM = Links()
