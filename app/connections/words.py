"""How a connection is, in words: the same on the page and in `fanfare doctor`. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from app.connections.known import Known
from app.listening import silent, stream_trouble
from app.pages.heard import way
from app.pages.words import clock_words
from scoring import Arrival, Hearing, Incentive, Pace, ServerUsed

MODES: Final = {
    Incentive.CASH: "money and days",
    Incentive.RECOGNITION: "recognition only",
    Incentive.OFF: "nothing",
}

QUIET_AFTER: Final = timedelta(hours=24)
SOON: Final = timedelta(
    days=1
)  # a subscription that ends sooner than this should have been renewed


class State(StrEnum):
    """How a connection is."""

    HEARD = "heard"
    QUIET = "quiet"
    WAITING = "waiting for the first event"
    INCOMPLETE = "not complete"
    NOT_SET_UP = "not set up"


def state_of(known: Known, now: datetime) -> State:
    """What is to be said of it first."""
    if known.heard_at is not None and now - known.heard_at < QUIET_AFTER:
        return State.HEARD
    if known.lacks and not known.begun and known.heard_at is None:
        return State.NOT_SET_UP
    if known.lacks and known.begun:
        return State.INCOMPLETE
    return State.WAITING if known.heard_at is None else State.QUIET


def sentence_of(known: Known, now: datetime, zone: ZoneInfo) -> str:
    """A connection in one sentence, without what is to be looked at."""
    state = state_of(known, now)
    parts = [str(state)]
    if known.heard_at is not None:
        ago = clock_words(lambda: zone)["ago"]
        parts = [f"{'heard' if state is State.HEARD else 'quiet, heard last'} {ago(known.heard_at, now)}"
                 f"{', ' + way(known.last.source) if known.last else ''}"]  # fmt: skip
    if known.paces:
        parts.append(pace_words(known.paces))
    parts += [
        f"the stream {one.stream} waits: {one.words.rstrip('.')}"
        for one in known.streams
        if one.state is Hearing.WAITING and not silent(one, now)
    ]
    if known.subscriptions:
        active = sum(one.state == "active" for one in known.subscriptions)
        parts.append(f"{active} of {len(known.subscriptions)} subscriptions active")
    if known.polls is not None and known.polls.calls_today:
        parts.append(f"{known.polls.calls_today:,} of {known.polls.calls_a_day:,} questions today")
    if said := servers_words(known):
        parts.append(said)
    decided = " (decided here)" if known.policy.decided else ""
    parts.append(f"may win: {MODES[known.policy.mode]}{decided}")
    return "; ".join(parts)


def pace_words(paces: tuple[Pace, ...]) -> str:
    """ "12 in the last hour", "about 7,200,000 an hour"; empty where nothing came."""
    if not paces:
        return ""
    count = sum(one.in_hour for one in paces)
    if any(one.about for one in paces):
        return f"about {count:,} an hour"
    return f"{count:,} in the last hour"


def trouble_of(known: Known, now: datetime) -> list[str]:
    """What an administrator should look at, a sentence each; none where all is well."""
    found = []
    if known.begun:
        found += [f"{lack}." for lack in known.lacks]
    if known.refused:
        most = known.refused[0]
        found.append(
            f"{known.refusals:,} refused in the last day, most often: {most.reason}."
            if known.refusals > 1
            else f"One refused in the last day: {most.reason}."
        )
    if known.set_aside:
        found.append(f"{known.set_aside:,} set aside that could not be read.")
    if known.company_unseen:
        found.append(
            "Nobody lets Fanfare see the company's page yet, so its posts and reshares are not asked for: "
            "Administration, Connections, The company's accounts."
        )
    if unreadable := known.consents.get("unreadable"):
        found.append(
            f"What {unreadable:,} let Fanfare see lies aside: no key in FANFARE_TOKEN_KEYS opens it."
        )
    for stream in known.streams:
        found += stream_trouble(stream, now)
    if (said := lone_words(known)) is not None:
        found.append(said)
    for one in known.subscriptions:
        if one.state in ("denied", "lost"):
            said = (one.said or "without a word").rstrip(".")
            found.append(f"The subscription to {one.handle} is {one.state}: {said}.")
        elif one.expires_at is not None and one.expires_at < now:
            found.append(f"The subscription to {one.handle} has ended and was not renewed.")
    if known.polls is not None:
        for pause in known.polls.pauses:
            if pause.failures:
                found.append(f"{pause.server} is not asked for now: {pause.said.rstrip('.')}.")
    for setting in known.settings:
        last = setting.used_last
        if len(setting.values) > 1 and last is not None and last.place == 1:
            found.append(
                f"{setting.variable} holds {len(setting.values)} values and the first was used last: "
                "the others can be dropped once the network has no need of them."
            )
    return found


_MOST_NAMED: Final = 5


def servers_words(known: Known) -> str:
    """At which servers accounts are linked; empty where none is, or nobody but the network runs any."""
    if not known.servers:
        return ""
    return f"accounts are linked at {_hosts(known.servers)}"


def lone_words(known: Known) -> str | None:
    """What to do about servers that one person alone uses; None where there are none."""
    lone = [one for one in known.servers if one.lone]
    if not lone:
        return None
    who = "one person alone has an account" if len(lone) == 1 else "one person each has an account"
    return (
        f"At {_hosts(lone)} {who}. Whoever runs a server can make up who follows and answers there: "
        f"{known.platform.variable('hosts')} names the only servers at which accounts may be linked."
    )


def _hosts(servers: Sequence[ServerUsed]) -> str:
    named = [one.host for one in servers[:_MOST_NAMED]]
    more = len(servers) - len(named)
    return ", ".join(named) + (f" and {more:,} more" if more else "")


def is_pushed(known: Known) -> bool:
    """Whether the network comes to an address of ours."""
    return Arrival.PUSH in known.platform.capabilities.arrivals
