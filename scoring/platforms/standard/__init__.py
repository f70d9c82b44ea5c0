"""The company's own systems, heard by Standard Webhooks (README.md beside this has the events)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from scoring.facts import Delivery, Kind, Telling
from scoring.platforms.platform import (
    Arrival,
    Capabilities,
    Incentive,
    IncentivePolicy,
    Platform,
    Secrets,
    Wanted,
)
from scoring.platforms.standard import adapt, verify
from scoring.platforms.standard.steps import REPLACING, STEPS


class Standard(Platform):
    """The company's own systems: intranet, app, website, or a bridge to a network."""

    name = "standard"
    label = "Own systems"
    steps = STEPS
    replacing = REPLACING
    asks_for = "your name in the company’s own systems"
    capabilities = Capabilities(
        told=frozenset(Kind),
        removed=frozenset(Kind),
        arrivals=frozenset({Arrival.PUSH}),
        freshness="as soon as your system sends it",
        sureness="signed by your system, which answers for what it says",
    )
    incentive = IncentivePolicy(
        mode=Incentive.CASH,
        reason="facts of the company's own systems are bound by no network's rules; facts that are "
        "about a network fall under that network's",
        source="https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md",
        read_on=date(2026, 11, 1),
    )
    wants = (
        Wanted(
            "secret",
            "they sign with it (Standard Webhooks)",
            verify.check_form,
            several=True,
            fresh=verify.made_of,
        ),
    )
    raw_ttl_days = 90  # the company's own data; a quarter, to read again after a mistake of ours

    def problems(self, secrets: Secrets) -> list[str]:
        """Each secret that cannot be used, and why."""
        found = super().problems(secrets)
        for secret in secrets.every("secret"):
            if (reason := verify.fault_of(secret)) is not None:
                found.append(f"{self.variable('secret')} {reason}")
        return found

    def verify(
        self, headers: Mapping[str, str], body: bytes, secrets: Secrets, now: datetime
    ) -> str:
        """Prove the signature and its time; the key is `webhook-id`, the same over retries."""
        return verify.verify(headers, body, secrets.every("secret"), now)

    def adapt(self, delivery: Delivery) -> Telling:
        """Read one event."""
        return adapt.adapt(delivery)


PLATFORM = Standard()
