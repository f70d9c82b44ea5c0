"""Who somebody of the AT Protocol is: handle → DID → document, and back. Pure.

Laws: a handle is somebody's only where it leads to the DID *and* the DID's document names it; the DID is
who somebody is, whatever the handle becomes. Sources: atproto.com/specs/handle and /did, read
2026-11-22. A handle's DNS record is asked for through the network's own service
(`com.atproto.identity.resolveHandle`), as the specification allows.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any, Final, TypeVar
from urllib.parse import quote, unquote, urlsplit

from scoring.platforms.asking import Answer, Ask, BadAnswer, NoAsk
from scoring.platforms.bluesky.names import did_of, handle_of
from scoring.platforms.platform import Secrets
from scoring.platforms.proving import NotSeen

DIRECTORY: Final = "https://plc.directory"
RESOLVER: Final = "https://public.api.bsky.app"
_MOST_NAMES: Final = 40  # of one document

Result = TypeVar("Result")
Asking = Generator[Ask, Answer | None, Result]


@dataclass(frozen=True, slots=True)
class Identity:
    """A DID with what its document says; `handle` None: none that holds both ways."""

    did: str
    handle: str | None
    pds: str | None  # the origin of the server that keeps the account
    others: tuple[str, ...]  # further names in the document, such as addresses of pages


def did_behind(handle: str, secrets: Secrets) -> Asking[str | None]:
    """The DID a handle leads to; None: to none."""
    answer = yield Ask(f"https://{handle}/.well-known/atproto-did")
    if answer is not None and answer.good and len(answer.body) < 1_000:
        found = did_of(answer.body.decode("ascii", "replace").strip())
        if found is not None:
            return found
    resolver = secrets.one("api") or RESOLVER
    answer = yield Ask(f"{resolver}/xrpc/com.atproto.identity.resolveHandle?handle={quote(handle)}")
    said = said_of(answer)
    return did_of(_text(said, "did")) if said is not None else None


def identity_of(did: str, secrets: Secrets) -> Asking[Identity]:
    """Who a DID is, by its document. Raises NotSeen."""
    answer = yield _document(did, secrets)
    said = said_of(answer)
    if answer is None or (said is None and answer.status != 404):
        raise NotSeen("The directory of Bluesky does not answer just now. Try again in a while.")
    if said is None or said.get("id") != did:
        raise NotSeen("There is no account of this DID.")
    names = [name for name in _list(said, "alsoKnownAs") if isinstance(name, str)]
    handles = [found for name in names if (found := _handle(name)) is not None]
    handle = None
    if handles:  # the first one is the handle; others are old
        led_to = yield from did_behind(handles[0], secrets)
        handle = handles[0] if led_to == did else None
    others = tuple(name for name in names if not name.startswith("at://"))
    return Identity(did, handle, _pds(said, did), others)


def said_of(answer: Answer | None) -> dict[str, Any] | None:
    """The object a good answer holds; None: nobody answered, or something else."""
    if answer is None or not answer.good:
        return None
    try:
        said = answer.json()
    except BadAnswer:
        return None
    return said if isinstance(said, dict) else None


def _document(did: str, secrets: Secrets) -> Ask:
    """Where a DID's document lies. Raises NotSeen for a kind that the AT Protocol does not know."""
    kind, _, rest = did.removeprefix("did:").partition(":")
    unknown = NotSeen("Bluesky knows two kinds of DID: did:plc and did:web.")
    try:
        if kind == "plc":
            return Ask(f"{secrets.one('directory') or DIRECTORY}/{did}")
        if kind == "web" and ":" not in rest:
            return Ask(f"https://{unquote(rest)}/.well-known/did.json")
    except NoAsk:
        raise unknown from None
    raise unknown


def _handle(name: str) -> str | None:
    return handle_of(name.removeprefix("at://")) if name.startswith("at://") else None


def _pds(said: dict[str, Any], did: str) -> str | None:
    for service in _list(said, "service"):
        if not isinstance(service, dict) or service.get("type") != "AtprotoPersonalDataServer":
            continue
        address = _text(service, "serviceEndpoint").rstrip("/")
        try:
            parts = urlsplit(address)
            fits = parts.scheme in ("https", "http") and parts.hostname and not parts.username
        except ValueError:
            continue
        if (
            service.get("id") in ("#atproto_pds", f"{did}#atproto_pds")
            and fits
            and address == f"{parts.scheme}://{parts.netloc}"
        ):
            return address
    return None


def _list(said: dict[str, Any], name: str) -> list[Any]:
    value = said.get(name)
    return value[:_MOST_NAMES] if isinstance(value, list) else []


def _text(said: dict[str, Any], name: str) -> str:
    value = said.get(name)
    return value if isinstance(value, str) else ""
