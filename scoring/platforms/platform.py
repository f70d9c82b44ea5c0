"""What a network is to Fanfare: how it is heard, what it can tell, what may be won for it.

Law: a platform is pure. It gets bytes, secrets and the time and gives back facts or a reason; it
opens no connection, reads no clock and keeps nothing, so that any delivery can be read again years
later.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

from scoring.facts import Delivery, Kind, Telling, UnusableFact, checked_id
from scoring.platforms.addresses import PostNamed
from scoring.platforms.hubs import Hub
from scoring.platforms.polling import Polling
from scoring.platforms.steps import Step

if TYPE_CHECKING:
    from scoring.platforms.consent import Consent
    from scoring.platforms.proving import Proving


class NotVerified(Exception):
    """The sender is not who the secret says; the message says what was wrong. Answer 401; a handshake 403, a
    hub's 404."""


class ChallengeRefused(Exception):
    """A handshake asks us to sign something that would pass as a delivery. Answer 400."""


class NotAnAccount(ValueError):
    """What a person typed names no account of this network; the message tells them what to type."""


class UnknownPlatform(LookupError):
    """No folder of that name under scoring/platforms. Answer 404."""


class Arrival(StrEnum):
    """How a network's news reach us."""

    PUSH = "push"  # it calls our webhook
    STREAM = "stream"  # a connection we hold, posted on to the webhook
    POLL = "poll"  # we ask


class Incentive(StrEnum):
    """What a network's own rules let people win for what they do there."""

    CASH = "cash"
    RECOGNITION = "recognition"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a network can tell. `removed`: kinds whose undoing it tells. `unordered`: kinds told
    with neither a time nor an id of their own, so that only the order of receipt is known."""

    told: frozenset[Kind]
    removed: frozenset[Kind]
    arrivals: frozenset[Arrival]
    freshness: str  # how soon, in words for people
    sureness: str  # how far it can be relied upon, in words for people
    unordered: frozenset[Kind] = frozenset()

    def __post_init__(self) -> None:
        if not self.removed <= self.told or not self.unordered <= self.told:
            raise ValueError("a kind is removed or unordered that is never told")


@dataclass(frozen=True, slots=True)
class IncentivePolicy:
    """What may be won for this network's facts, why, where that is written and when it was read."""

    mode: Incentive
    reason: str
    source: str
    read_on: date


@dataclass(frozen=True, slots=True)
class Wanted:
    """A setting of a platform: what it is in words, and what it must be.

    `check` raises ValueError with what one value must be ("must be …"). `several` values may stand
    between spaces, as while a secret is replaced. `fresh` makes a value of 32 random bytes, where the
    company chooses it itself.
    """

    name: str
    words: str
    check: Callable[[str], None] | None = None
    several: bool = False
    fresh: Callable[[bytes], str] | None = None


@dataclass(frozen=True, slots=True)
class Secrets:
    """What the settings hold for one platform: `FANFARE_X_CLIENT_SECRET` is `client_secret` of
    `x`."""

    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False, hash=False)

    def one(self, name: str) -> str | None:
        """The value, the first where there are several, or None."""
        return next(iter(self.values.get(name, ())), None)

    def every(self, name: str) -> tuple[str, ...]:
        """All values, several while a secret is being replaced."""
        return self.values.get(name, ())


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to a handshake, status 200."""

    body: bytes
    content_type: str


@dataclass(frozen=True, slots=True)
class Named:
    """An account as its network names it, and as people say it. `also`: what the server that keeps it calls
    it, where that is another name of the same account."""

    native_id: str
    handle: str
    also: str | None = None


class Platform(ABC):
    """One network. A folder under scoring/platforms exposes one as `PLATFORM`.

    Header names are lower case everywhere.
    """

    name: str  # the folder's name and the address: /webhooks/{name}
    label: str  # as people say it
    capabilities: Capabilities
    incentive: IncentivePolicy
    raw_ttl_days: int  # how long the network lets raw deliveries be kept
    wants: tuple[Wanted, ...] = (
        Wanted("secret", "the secret that signs its webhook", several=True),
    )
    # From nothing to the first event, and how a secret is replaced there, for an administrator.
    steps: tuple[Step, ...] = ()
    replacing: str = ""
    # What it is asked over and over; None: nothing.
    polling: Polling | None = None
    # Where its news are subscribed to by WebSub; None: they come by themselves.
    hub: Hub | None = None
    # What an administrator confirms before this network's member data are asked for; None: nothing.
    member_data: str | None = None

    def problems(self, secrets: Secrets) -> list[str]:
        """What is wrong or missing in the settings, a sentence each; none means ready to
        receive."""
        return [] if secrets.every("secret") else [f"{self.variable('secret')} is not set"]

    def variable(self, name: str) -> str:
        """The environment variable behind a secret's name."""
        return f"FANFARE_{self.name}_{name}".upper()

    def secrets(self, told: Mapping[str, str]) -> Secrets:
        """What variables say of this platform. Raises ValueError that names the variable at fault."""
        values = {}
        for wanted in self.wants:
            text = told.get(self.variable(wanted.name), "").strip()
            if not text:
                continue
            values[wanted.name] = tuple(text.split()) if wanted.several else (text,)
            for value in values[wanted.name]:
                try:
                    if wanted.check is not None:
                        wanted.check(value)
                except ValueError as wrong:
                    raise ValueError(f"{self.variable(wanted.name)} {wrong}") from None
        return Secrets(values)

    def challenge(self, query: Mapping[str, str], secrets: Secrets) -> Reply | None:
        """Answer a GET handshake; None when this is none.

        Raises ChallengeRefused for one that would make us a signing oracle, NotVerified without
        secret.
        """
        return None

    @abstractmethod
    def verify(
        self, headers: Mapping[str, str], body: bytes, secrets: Secrets, now: datetime
    ) -> str:
        """Prove the sender on the raw bytes; return the delivery's key. Raises NotVerified."""

    def kept_headers(self, headers: Mapping[str, str], secrets: Secrets) -> dict[str, str]:
        """What `adapt` needs besides the body; stored with the delivery, so that a later change of
        settings never changes what an earlier delivery said."""
        return {}

    def kept_body(self, body: bytes) -> bytes:
        """What of a verified body may be stored: the same bytes, unless they hold what is
        private."""
        return body

    @abstractmethod
    def adapt(self, delivery: Delivery) -> Telling:
        """Read a delivery. Raises UnusableFact, and nothing else, when it cannot be read."""

    def profile_url(self, native_id: str, handle: str) -> str | None:
        """Where people can see an account, or None where there is no such page."""
        return None

    def share_link(self, text: str, url: str, own: Named | None = None) -> str | None:
        """Where a person begins a post about an address, in the network's own composer, if it has one.

        `text` is a start that they rewrite, left out where the network's rules want nothing prefilled. `own`:
        their account, for networks of many servers.
        """
        return None

    # How a person lets Fanfare see an account of theirs; None: there is no such way.
    consent: Consent | None = None

    # How whoever runs a page there lets Fanfare see it, by kind: "page", a person's own; "company", the
    # company's account. By the same app as `consent`, which renews and takes back these too.
    page_consents: Mapping[str, Consent] = MappingProxyType({})

    # How anyone can check whose an account is, where no app is approved; None: nobody can.
    proving: Proving | None = None

    # What a person who links an account is asked for, in words; whether they can name one at all.
    asks_for = "your name there"
    by_name = True
    # What some people cannot do there by the role they hold, and their other way, in words for them.
    another_way: str | None = None
    # Whether a person's account is named by signing in, wherever an app is set: its name is hard to find.
    consent_first = False

    def named(self, text: str) -> Named:
        """The account a person means who typed this. Raises NotAnAccount with words for them."""
        name = text.strip().removeprefix("@")
        try:
            checked_id(name, "the name")
        except UnusableFact as why:
            raise NotAnAccount(f"This cannot be an account: {why}.") from None
        return Named(name, name)

    def not_linked_here(self, named: Named, secrets: Secrets) -> str | None:
        """Why the company lets nobody link an account like this one, in words for them; None: it does."""
        return None

    # Whether anybody may run a server of it, which then says who follows its accounts (`name@server`).
    anybodys_servers = False

    def trusted_servers(self, secrets: Secrets) -> frozenset[str]:
        """Of these, the ones that the settings name."""
        return frozenset()

    # Whether its posts lie under any host, so that every other network is asked first.
    any_host = False

    def post_named(self, text: str, own: Sequence[Named] = ()) -> PostNamed | None:
        """The post whose address somebody pasted; None where it is not on this network.

        `own`: the person's accounts here, where an address names its author otherwise than the network
        does. Raises NotAPost with words for what is here but is no post.
        """
        return None
