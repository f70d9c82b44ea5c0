"""The three envelopes: admin webhook, notification, frame of the stream.
docs.joinmastodon.org: admin/webhooks, entities/Notification, methods/streaming, read 2026-08.

Law: documented kinds that do not count and unknown ones are kept as ignored with their name.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from scoring.facts import Engagement, Fact, Kind, Removal, Telling, UnusableFact
from scoring.platforms.mastodon.names import Server
from scoring.platforms.mastodon.statuses import boost, counted, described, is_public, told_by
from scoring.platforms.payload import Payload

# About the account holder's own affairs or the server's, or groups of what is told singly.
IGNORED_NOTIFICATIONS = frozenset({
    "follow_request", "poll", "admin.sign_up", "admin.report", "severed_relationships",
    "moderation_warning", "added_to_collection", "collection_update",
})  # fmt: skip
_IGNORED_WEBHOOKS = frozenset({
    "account.approved", "account.created", "account.updated", "report.created", "report.updated",
})  # fmt: skip
_IGNORED_FRAMES = frozenset({
    "filters_changed", "conversation", "announcement", "announcement.reaction",
    "announcement.delete", "encrypted_message", "notifications_merged",
})  # fmt: skip
_PRIVATE = "not public: nothing of it is kept"


def adapt(whole: Payload, server: Server, received_at: datetime) -> Telling:
    """Read a body of any of the three forms."""
    if whole["object"].given:
        return _webhook(whole, server, received_at)
    if whole["event"].given:
        return _frame(whole, server, received_at)
    if whole["type"].given:
        return _notification(whole, whole["recipient"], server, received_at)
    raise UnusableFact("neither a webhook's event, a notification nor a frame of the stream")


def _webhook(whole: Payload, server: Server, received_at: datetime) -> Telling:
    event, status = whole["event"].word(), whole["object"]
    if event in ("status.created", "status.updated"):
        # Told for local accounts only, so that the author's server is the one that speaks.
        return _status(status, server.or_home_of(status["account"]), received_at)
    return _ignored(event, event in _IGNORED_WEBHOOKS)


def _frame(whole: Payload, server: Server, received_at: datetime) -> Telling:
    event, payload = whole["event"].word(), whole["payload"]
    match event:
        case "notification":
            return _notification(_unwrapped(payload), whole["recipient"], server, received_at)
        case "update" | "status.update":
            return _status(_unwrapped(payload), server, received_at)
        case "delete":
            name = server.numbered(payload.id())
            if name is None:
                raise UnusableFact("a deletion gives only a number: set FANFARE_MASTODON_SERVER")
            return Telling.of([Removal(name)])
    return _ignored(event, event in _IGNORED_FRAMES)


def _unwrapped(payload: Payload) -> Payload:
    """A WebSocket's frame holds JSON as a text; whoever posts it on may have unwrapped it."""
    return payload if payload.holds_members else payload.nested()


def _status(status: Payload, server: Server, received_at: datetime) -> Telling:
    if not is_public(status):
        return Telling.nothing(_PRIVATE)
    return Telling.of(told_by(status, server, received_at))


def _notification(
    notification: Payload, recipient: Payload, server: Server, received_at: datetime
) -> Telling:
    kind, status = notification["type"].word(), notification["status"]
    if kind == "follow":
        return Telling.of(_followed(notification, recipient, server, received_at))
    if kind not in _TOLD_BY_STATUS and kind not in _DONE_TO_STATUS and kind not in _EDITED:
        return _ignored(kind, kind in IGNORED_NOTIFICATIONS)
    if not status.given:
        raise UnusableFact(f"{status.path}: a {kind} notification without its status")
    if kind in _TOLD_BY_STATUS:
        return _status(status, server, received_at)
    if not is_public(status):
        return Telling.nothing(_PRIVATE)
    if kind in _EDITED:
        facts = [*described(status, server, received_at)]
        return Telling.of(facts) if facts else Telling.nothing(f"{kind}: a post without its time")
    return Telling.of(_done(kind, notification, server, received_at))


_TOLD_BY_STATUS = frozenset({"mention", "quote", "status"})  # the status is the other one's deed
_DONE_TO_STATUS = frozenset({"favourite", "reblog"})  # the status is what it was done to
_EDITED = frozenset({"update", "quoted_update"})


def _done(
    kind: str, notification: Payload, server: Server, received_at: datetime
) -> Iterator[Fact]:
    status, account = notification["status"], notification["account"]
    actor = server.account(account)
    at = notification["created_at"].plausible_time(received_at)
    if status["reblog"].given:  # what was boosted or liked is the post itself, never a boost of it
        status = status["reblog"]
    if kind == "reblog":
        yield boost(actor, status, server, at)
    else:
        post, author = server.post(status), server.account(status["account"])
        name = f"like:{actor}>{post}"
        yield Engagement(Kind.REACTION, name, actor, author, post=post, occurred_at=at)
    yield from described(status, server, received_at)
    yield from counted(account, server)


def _followed(
    notification: Payload, recipient: Payload, server: Server, received_at: datetime
) -> Iterator[Fact]:
    """A follow does not say of whom: it is in the account holder's own stream. Who posts it on
    does."""
    whom = recipient if recipient.given else notification["recipient"]
    if not whom.given:
        raise UnusableFact(
            "recipient: a follow notification does not say who is followed; "
            "whoever posts it on adds «recipient», such as ada@social.example"
        )
    actor = server.account(notification["account"])
    target = server.account(Payload({"acct": whom.id()}, whom.path))
    at = notification["created_at"].plausible_time(received_at)
    yield Engagement(Kind.FOLLOW, f"{actor}>{target}", actor, target, occurred_at=at)
    yield from counted(notification["account"], server)


def _ignored(name: str, documented: bool) -> Telling:
    return Telling.nothing(f"{name}: not scored" if documented else f"unknown event type {name}")
