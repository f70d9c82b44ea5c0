"""How a person lets Fanfare see an account: OAuth 2.0 as one network speaks it. Pure.

Laws: only what is asked for in words before the person leaves is asked for; a network's answer is tamed
before use, and what is no token is `NotGranted` with the network's own short code, never its body.
Whoever goes out (app.consent) speaks the parts that are the same everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

from scoring.facts import UnusableFact
from scoring.platforms.asking import Answer, Ask, BadAnswer
from scoring.platforms.platform import Named, Secrets
from scoring.platforms.proving import Finding

Said = Mapping[str, Any]  # the members of an answer, untamed

_MOST_TOKEN = 8_192  # the longest seen (LinkedIn, Google) stay under 2,048
_MOST_LASTS_S = 10 * 365 * 86_400  # beyond ten years it does not end
_CODE = re.compile(r"[A-Za-z0-9_.:-]{1,80}")


class NotGranted(Exception):
    """A network gave no token. `code` is its own short word; `final`: asking again changes nothing,
    for the person, or the network, took the consent back."""

    def __init__(self, code: str, *, final: bool) -> None:
        super().__init__(code)
        self.code = code
        self.final = final


@dataclass(frozen=True, slots=True)
class Scope:
    """Something a network lets an app do: its own name, and what Fanfare does with it, in words."""

    name: str
    words: str


@dataclass(frozen=True, slots=True)
class Client:
    """Fanfare as an app at a network."""

    id: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where a network is asked: for consent (a page), for tokens, for taking one back (RFC 7009)."""

    authorize: str
    token: str
    revoke: str | None = None


@dataclass(frozen=True, slots=True)
class Granted:
    """What a network gave. Seconds are from the answer on; None: it does not end, or does not say.
    `scopes` None: as they were asked for. `besides`: what else belongs to it, such as a key."""

    access: str = field(repr=False)
    refresh: str | None = field(default=None, repr=False)
    lasts_s: int | None = None
    refresh_lasts_s: int | None = None
    scopes: frozenset[str] | None = None
    besides: Mapping[str, str] = field(default_factory=dict, repr=False, hash=False)


class Consent:
    """One network's OAuth. A platform exposes one as `consent`."""

    scopes: ClassVar[tuple[Scope, ...]]
    never: ClassVar[str]  # what this does not let Fanfare do, a sentence
    # Where a person sees the apps they let in, and can take it back without Fanfare.
    own_hand: ClassVar[str]
    separator: ClassVar[str] = " "
    authentication: ClassVar[Literal["client_secret_basic", "client_secret_post"]] = (
        "client_secret_post"
    )
    proof_key: ClassVar[bool] = True  # PKCE (RFC 7636)
    extra: ClassVar[Mapping[str, str]] = {}  # further parameters of the page that asks
    # Whose word `iss` must be where the network sends it (RFC 9207); None: it never does.
    issuer: ClassVar[str | None] = None
    revokes_all: ClassVar[bool] = False  # taking one token back ends every token of the account
    # Persons name their own server, where Fanfare registers itself as an app.
    own_servers: ClassVar[bool] = False

    def asking(self, secrets: Secrets) -> Consent:
        """This, with the scopes that the settings let it ask for besides."""
        return self

    def client(self, secrets: Secrets) -> Client | None:
        """Fanfare as the settings name it at this network; None: no app is set."""
        id_, secret = secrets.one("client_id"), secrets.one("client_secret")
        return Client(id_, secret) if id_ and secret else None

    def endpoints(self, server: str | None) -> Endpoints:
        """Where this network, or a person's server of it, is asked."""
        raise NotImplementedError

    def who(self, server: str | None) -> Ask:
        """Asks whose a token is."""
        raise NotImplementedError

    def named(self, answer: Answer, server: str | None) -> Named:
        """Whose it is. Raises UnusableFact or BadAnswer."""
        raise NotImplementedError

    def sees(self, native_id: str, secrets: Secrets) -> Ask:
        """Asks of a page what this consent is for: who may not see it gets no answer. Raises NoAsk."""
        raise NotImplementedError

    def granted(self, answer: Answer) -> Granted:
        """A token, as RFC 6749 5.1 has it. Raises NotGranted."""
        said = self.read(answer)
        try:
            return granted(said)
        except UnusableFact:
            raise NotGranted("no token in the answer", final=False) from None

    def read(self, answer: Answer) -> Said:
        """The answer of a token's endpoint, or NotGranted with its code (RFC 6749 5.2, or Meta's)."""
        try:
            said = answer.json()
        except BadAnswer:
            said = None
        if not isinstance(said, dict):
            raise NotGranted(f"status {answer.status}", final=False)
        code = error_code(said)
        if code is None and answer.good:
            return said
        code = code or f"status {answer.status}"
        passing = answer.status >= 500 or answer.status == 429
        raise NotGranted(code, final=self.ends(code, said) and not passing)

    def ends(self, code: str, said: Said) -> bool:
        """Whether asking again changes nothing: the token that renews is no good any more."""
        return code == "invalid_grant"

    def lengthening(self, short: Granted, client: Client) -> Ask | None:
        """Asks for a token that lasts, where the first one is short by design."""
        return None

    def renewal(self, access: str, client: Client) -> Ask | None:
        """Asks for another token by the one that still works, where there is no refresh token."""
        return None

    def revocation(self, server: str | None) -> Ask | None:
        """Takes the consent back with the token itself, where there is no endpoint for it."""
        return None

    def called(self, named: Named, server: str | None) -> Finding:
        """What the account is called everywhere, where its server has another host than its name. Raises
        NotSeen where that cannot be found out now."""
        yield from ()
        return named

    def elsewhere(self, typed: str) -> Generator[Ask, Answer | None, str | None]:
        """The origin of the server behind a host that is none itself; None: nobody tells."""
        yield from ()
        return None

    def server_of(self, typed: str) -> str:
        """The origin of the server that a person named. Raises NotAnAccount."""
        raise NotImplementedError

    def registration(self, server: str, name: str, redirect: str, website: str) -> Ask:
        """Asks a server to take Fanfare as an app."""
        raise NotImplementedError

    def registered(self, answer: Answer) -> Client:
        """Fanfare as that server takes it. Raises NotGranted."""
        raise NotImplementedError


def granted(said: Said) -> Granted:
    """The usual members of a token's answer. Raises UnusableFact."""
    scope = _word(said, "scope", needed=False)
    return Granted(
        access=_word(said, "access_token", needed=True) or "",
        refresh=_word(said, "refresh_token", needed=False),
        lasts_s=seconds(said.get("expires_in")),
        refresh_lasts_s=seconds(said.get("refresh_token_expires_in")),
        scopes=None if scope is None else frozenset(re.split(r"[\s,]+", scope.strip())) - {""},
    )


def seconds(value: object) -> int | None:
    """A number of seconds, also as a text; None for none, for nothing and for what does not end."""
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 20:
        value = int(value)
    if isinstance(value, float) and value == value:
        value = int(min(value, _MOST_LASTS_S))
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return value if 0 < value < _MOST_LASTS_S else None


def error_code(said: Said) -> str | None:
    """The short word for what went wrong; None where nothing is said of it."""
    error = said.get("error")
    if isinstance(error, dict):  # Meta, and the API of Google
        words = [error.get("code"), error.get("type")]
    else:
        words = [error, said.get("error_type")]  # RFC 6749; Instagram
    for word in words:
        if word and isinstance(word, str | int) and _CODE.fullmatch(str(word)[:100]):
            return str(word)
    return "an error without a name" if error else None


def _word(said: Said, name: str, *, needed: bool) -> str | None:
    value = said.get(name)
    if not needed and value in (None, ""):
        return None
    if not isinstance(value, str) or not 0 < len(value) <= _MOST_TOKEN:
        raise UnusableFact(f"{name} is no text of a usable length")
    if not value.isascii() or not value.isprintable():
        raise UnusableFact(f"{name} holds characters that no token has")
    return value
