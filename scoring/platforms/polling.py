"""What a network is asked over and over: about what, how often, in whose name, at what price. Pure.

Laws: a poll asks about accounts and posts and about nothing else; what it was asked about stands beside its
answer, so that an answer about anybody else is refused; the answer is a delivery like any other, which the
platform's own adapter reads by its headers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NoReturn
from urllib.parse import urlsplit

from scoring.facts import Delivery, Fact, Telling, UnusableFact
from scoring.platforms.asking import Answer, Ask
from scoring.platforms.payload import Payload

if TYPE_CHECKING:
    from scoring.platforms.platform import Platform, Secrets

POLL_HEADER: Final = "fanfare-poll"
SUBJECT_HEADER: Final = "fanfare-subject"
# 128 bits beside it name the question and nobody: what is long or odd goes by its digest.
HOUR_S: Final = 3_600
DAY_S: Final = 24 * HOUR_S
_NAME: Final = re.compile(r"[a-z][a-z_]{1,31}")


class About(StrEnum):
    """What a poll counts; contests of followers hurry the first, contests of points the second."""

    FOLLOWERS = "followers"
    FIGURES = "figures"
    NEWS = "news"  # what an account published; nothing that a contest waits for


class Of(StrEnum):
    """What is asked about, one by one."""

    PEOPLE = "accounts of people"
    COMPANY = "accounts of the company"
    EVERYBODY = "accounts of people and of the company"
    POSTS = "posts of people"


class Verdict(StrEnum):
    """What an answer's status means for whoever asks on."""

    GOOD = "good"
    LATER = "later"  # the network has trouble or enough of us: ask nothing of it for a while
    REFUSED = "refused"  # this account or post alone; the others are asked


@dataclass(frozen=True, slots=True)
class Told:
    """An answer beside what was asked about."""

    body: bytes = field(repr=False)
    subjects: tuple[str, ...]
    received_at: datetime

    @property
    def subject(self) -> str:
        """The only account or post that was asked about. Raises UnusableFact."""
        if len(self.subjects) != 1:
            raise UnusableFact(f"a question about one was asked about {len(self.subjects)}")
        return self.subjects[0]

    def json(self) -> Payload:
        """The body as JSON. Raises UnusableFact."""
        return Payload.read(self.body)

    def asked_about(self, subject: str) -> bool:
        """Whether it was asked about."""
        return subject in self.subjects

    def only_of_the_subject(self, telling: Telling) -> Telling:
        """The same, where nobody but whom was asked about does anything in it. Raises UnusableFact."""
        for fact in telling.facts:
            author = getattr(fact, "author", None) or getattr(fact, "actor", None)
            if author not in (None, self.subject):
                self.wrong(str(author))
        return telling

    def wrong(self, subject: str) -> NoReturn:
        """Refuse an answer about somebody else."""
        raise UnusableFact(f"asked about {' '.join(self.subjects)[:200]}, told of {subject[:200]}")


@dataclass(frozen=True, slots=True)
class Poll:
    """One question. `ask` raises NoAsk for what cannot be asked about; `read` raises UnusableFact."""

    name: str  # also the value of the header; never changed, answers are read by it for ever
    words: str  # what it finds out, after "asks": "how many follow each person"
    about: About
    of: Of
    ask: Callable[[tuple[str, ...], Secrets], Ask]
    read: Callable[[Told], Iterable[Fact] | Telling]
    token: bool  # in the name of the account's owner, who agreed; False: what everybody may ask
    every_s: int = DAY_S
    most: int = 1  # subjects in one question
    price: int = 0  # thousandths of a US dollar for each subject
    for_days: int = 14  # posts: so long after they were published
    scope: str | None = None  # what the owner must have agreed to, by the network's own name
    at_home: bool = False  # asked at the host of the account's page, where its name has another

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ValueError(f"a poll's name is lower case letters and _, not {self.name!r}")
        if self.most < 1 or self.price < 0 or self.every_s < HOUR_S:
            raise ValueError(
                f"the poll {self.name} asks about nothing, for less than nothing or too often"
            )
        if self.scope is not None and not re.fullmatch(r"[A-Za-z0-9_.:/-]+", self.scope):
            raise ValueError(f"the poll {self.name} wants a scope of which no network speaks")
        if self.token and self.most != 1:
            raise ValueError(f"the poll {self.name} asks in one person's name about several")

    def asked(self, subjects: tuple[str, ...], secrets: Secrets, page: str | None) -> Ask:
        """The question, put to the server that keeps the account; `page`: where people see it. Raises
        NoAsk."""
        ask = self.ask(subjects, secrets)
        if not self.at_home or page is None:
            return ask
        there, here = urlsplit(page), urlsplit(ask.url)
        if there.netloc.lower() == here.netloc.lower() or there.scheme != "https":
            return ask
        return replace(ask, url=here._replace(scheme="https", netloc=there.netloc).geturl())


def by_status(answer: Answer, *, token: bool) -> Verdict:
    """What a status means by itself. With a person's token a refusal is about that person; without, the
    network refuses us."""
    if answer.good:
        return Verdict.GOOD
    if answer.status in (404, 410):
        return Verdict.REFUSED
    if answer.status in (400, 401, 403, 422) and token:
        return Verdict.REFUSED
    return Verdict.LATER


@dataclass(frozen=True, slots=True)
class Polling:
    """All that a network is asked.

    `calls_a_day`: questions at most, unless its setting says otherwise. `pace_s`: between two questions to
    one server.
    """

    polls: tuple[Poll, ...]
    calls_a_day: int
    pace_s: float
    verdict: Callable[..., Verdict] = by_status

    def __post_init__(self) -> None:
        names = [poll.name for poll in self.polls]
        if len(set(names)) != len(names) or not names:
            raise ValueError(f"polls without names of their own: {', '.join(names)}")

    @property
    def priced(self) -> bool:
        """Whether the network charges for answers: then nothing is asked without a budget in money."""
        return any(poll.price for poll in self.polls)

    def poll(self, name: str) -> Poll | None:
        """One poll by its name."""
        return next((poll for poll in self.polls if poll.name == name), None)

    def adapt(self, delivery: Delivery) -> Telling:
        """What an answer tells. Raises UnusableFact."""
        name = delivery.headers.get(POLL_HEADER, "")
        poll = self.poll(name)
        if poll is None:
            raise UnusableFact(f"there is no poll «{name}» any more")
        subjects = tuple(delivery.headers.get(SUBJECT_HEADER, "").split())
        read = poll.read(Told(delivery.body, subjects, delivery.received_at))
        told = read if isinstance(read, Telling) else Telling.of(read)
        return told if told.facts else Telling.nothing(f"nothing new: {poll.words}")


def is_poll(delivery: Delivery) -> bool:
    """Whether a delivery is the answer to a poll."""
    return POLL_HEADER in delivery.headers


def poll_headers(poll: Poll, subjects: tuple[str, ...]) -> Mapping[str, str]:
    """What stands beside an answer."""
    return {POLL_HEADER: poll.name, SUBJECT_HEADER: " ".join(subjects)}


def told_by(
    platform: Platform, headers: Mapping[str, str], body: bytes, received_at: datetime
) -> Telling:
    """What an answer tells, as the platform's own adapter reads it. Raises UnusableFact."""
    return platform.adapt(Delivery(0, platform.name, "poll", dict(headers), body, received_at))


def check_calls(value: str) -> None:
    """A number of questions a day. Raises ValueError."""
    if not (value.isascii() and value.isdecimal() and len(value) <= 9):
        raise ValueError("must be a number of questions a day, such as 5000; 0 asks nothing")


def check_budget(value: str) -> None:
    """An amount of US dollars a month. Raises ValueError."""
    if thousandths(value) is None:
        raise ValueError("must be US dollars a month, such as 25 or 12.50; 0 asks nothing")


def thousandths(value: str) -> int | None:
    """Thousandths of a dollar behind `12.50`; None where it is no amount."""
    found = re.fullmatch(r"([0-9]{1,7})(?:\.([0-9]{1,3}))?", value)
    return int(found[1]) * 1000 + int((found[2] or "").ljust(3, "0")) if found else None


def check_origin(value: str) -> None:
    """The address of a server, without a path. Raises ValueError."""
    if not re.fullmatch(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?", value):
        raise ValueError("must be the address of a server, such as https://api.example")
