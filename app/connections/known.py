"""All that is known of the connections to the networks, gathered at one moment.

Law: asked in a fixed number of questions, whatever the number of networks and however much they send; of a
secret nothing is here but where it stands, its last letters and when it was used last.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from app.consent import COMPANYS_KIND, networks, redirect_uri, seen_of_company
from app.polls import PAGE_TOKEN, NetworkPolls, SubscriptionShown, polls_shown, subscriptions_shown
from app.settings import Settings
from app.webhooks import fingerprint, sources
from scoring import (
    Applied,
    Decided,
    Heard,
    Pace,
    Platform,
    Proof,
    Secrets,
    ServerUsed,
    StreamSeen,
    TurnedAway,
    company_accounts_now,
    incentives,
    last_heard,
    member_data_of,
    paces,
    platforms,
    proofs,
    refusals,
    servers_used,
    set_aside_counts,
    streams_seen,
)

REFUSED_FOR: Final = timedelta(hours=24)
_LEAST_SHOWN: Final = 16  # letters of a secret of which the last three may be seen


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a setting that may hold several: which it is, and when it proved something last."""

    place: int  # from 1, as they stand in the setting
    ends: str  # the last letters, by which an administrator knows it; empty for a short one
    delivery_at: datetime | None
    handshake_at: datetime | None

    @property
    def used_at(self) -> datetime | None:
        """When it proved anything last."""
        return max((at for at in (self.delivery_at, self.handshake_at) if at), default=None)


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting of a network."""

    name: str
    variable: str
    words: str
    several: bool
    values: tuple[Value, ...]

    @property
    def used_last(self) -> Value | None:
        """The value that proved something last; None where none did yet."""
        used = [value for value in self.values if value.used_at is not None]
        return max(used, key=lambda value: value.used_at or _NEVER) if used else None


@dataclass(frozen=True, slots=True)
class Known:
    """One connection."""

    platform: Platform
    lacks: tuple[str, ...]
    settings: tuple[Setting, ...]
    heard: tuple[Heard, ...]  # the last by each way, newest first
    paces: tuple[Pace, ...]
    refused: tuple[TurnedAway, ...]  # in the last day, by reason, the most frequent first
    handshake_at: datetime | None
    proven_at: datetime | None  # when a secret proved a delivery last, kept or not
    set_aside: int
    policy: Applied
    member_data: Decided | None
    streams: tuple[StreamSeen, ...]
    consents: Mapping[str, int]  # by state
    consent_at: str | None  # where people come back to who were asked for consent; None: nobody is
    consent_ready: bool  # whether an app is set that can ask
    company: int  # accounts there that are the company's own
    company_seen: int  # of them, those that an administrator lets Fanfare see
    page_token: bool  # whether a setting stands in for that
    polls: NetworkPolls | None
    subscriptions: tuple[SubscriptionShown, ...]
    servers: tuple[ServerUsed, ...] = ()  # that anybody may run, at which accounts are linked

    @property
    def name(self) -> str:
        """The network's name in addresses."""
        return self.platform.name

    @property
    def last(self) -> Heard | None:
        """The last that came, by whatever way."""
        return self.heard[0] if self.heard else None

    @property
    def heard_at(self) -> datetime | None:
        """When it was heard last: deliveries that a network's time limit deleted count, too."""
        last = self.last.at if self.last is not None else None
        return max((at for at in (last, self.proven_at) if at is not None), default=None)

    @property
    def company_unseen(self) -> bool:
        """Whether an account of the company's could be seen by consent, and nobody gave it."""
        could = self.consent_ready and COMPANYS_KIND in self.platform.page_consents
        return could and self.company > self.company_seen and not self.page_token

    @property
    def begun(self) -> bool:
        """Whether anybody has begun to set it up."""
        return any(setting.values for setting in self.settings)

    @property
    def refusals(self) -> int:
        """How many were refused in the last day."""
        return sum(one.times for one in self.refused)


async def known_connections(connection: Any, settings: Settings, now: datetime) -> list[Known]:
    """Every network of this installation, by its label."""
    names = list(platforms())
    heard = _by_network(await last_heard(connection, names, now.astimezone(UTC).date()))
    pace = _by_network(await paces(connection, now))
    refused = _by_network(await refusals(connection, now - REFUSED_FOR))
    streams: dict[str, list[StreamSeen]] = defaultdict(list)
    for stream in await streams_seen(connection):
        streams[stream.network].append(stream)
    aside = await set_aside_counts(connection)
    used = await proofs(connection)
    policies = await incentives(connection, now)
    consents: dict[str, dict[str, int]] = defaultdict(dict)
    for row in await connection.fetch(_CONSENTS):
        consents[row["platform"]][row["state"]] = row["count"]
    asked = {one.platform: one for one in await polls_shown(connection, settings, now)}
    hubs = _by_network(await subscriptions_shown(connection))
    apps = networks(settings)
    own = Counter(one.platform for one in await company_accounts_now(connection, now))
    seen = Counter(
        one.platform
        for one in (await seen_of_company(connection, now)).values()
        if one.state != "refused" and not one.unreadable
    )
    found = []
    for name, source in sources(settings).items():
        found.append(
            Known(
                platform=source.platform,
                lacks=source.lacks,
                settings=_settings(source.platform, source.secrets, used, settings),
                heard=tuple(heard[name]),
                paces=tuple(pace[name]),
                refused=tuple(refused[name]),
                handshake_at=_used_last(used, name, "handshake"),
                proven_at=_used_last(used, name, "delivery"),
                set_aside=aside.get(name, 0),
                policy=policies[name],
                member_data=(
                    await member_data_of(connection, name, now)
                    if source.platform.member_data
                    else None
                ),
                streams=tuple(streams[name]),
                consents=consents[name],
                consent_at=redirect_uri(settings, name, None) if name in apps else None,
                consent_ready=apps.get(name, False),
                company=own[name],
                company_seen=seen[name],
                page_token=source.secrets.one(PAGE_TOKEN) is not None,
                polls=asked.get(name),
                subscriptions=tuple(hubs[name]),
                servers=await servers_used(connection, name, source.secrets, now),
            )
        )
    return sorted(found, key=lambda one: one.platform.label.casefold())


def _used_last(used: Mapping[Proof, datetime], platform: str, used_for: str) -> datetime | None:
    found = (at for one, at in used.items() if (one.platform, one.used_for) == (platform, used_for))
    return max(found, default=None)


def _settings(
    platform: Platform, secrets: Secrets, used: Mapping[Proof, datetime], settings: Settings
) -> tuple[Setting, ...]:
    key = settings.secret_key or ""
    found = []
    for wanted in platform.wants:
        values = []
        for place, value in enumerate(secrets.every(wanted.name), start=1):
            known = fingerprint(key, platform.name, wanted.name, value)
            values.append(
                Value(
                    place,
                    value[-3:] if len(value) >= _LEAST_SHOWN else "",
                    used.get(Proof(platform.name, wanted.name, known, "delivery")),
                    used.get(Proof(platform.name, wanted.name, known, "handshake")),
                )
            )
        found.append(
            Setting(
                wanted.name,
                platform.variable(wanted.name),
                wanted.words,
                wanted.several,
                tuple(values),
            )
        )
    return tuple(found)


def _by_network(found: Iterable[Any]) -> dict[str, list[Any]]:
    lists: dict[str, list[Any]] = defaultdict(list)
    for one in found:
        lists[one.platform].append(one)
    return lists


_NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)
_CONSENTS: Final = """
  select platform, state, count(*)::bigint as count from (
    select distinct on (account_id) platform,
      case when aside_at is not null and state <> 'withdrawn' then 'unreadable' else state end as state
    from consent order by account_id, id desc) newest
  group by 1, 2
"""
