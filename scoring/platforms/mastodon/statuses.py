"""What a status (post or boost) tells, the same from webhook, stream and notification.

Law: only what everybody may see is told; the name of a deed is the same from every source.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from scoring.facts import Engagement, Fact, Kind, Post, Snapshot
from scoring.platforms.mastodon.names import Server
from scoring.platforms.mastodon.plain import plain
from scoring.platforms.mastodon.privacy import PUBLIC
from scoring.platforms.payload import Payload


def is_public(status: Payload) -> bool:
    """Whether everybody may see it; also of the boosted post, where it is a boost."""
    boosted = status["reblog"]
    shown = [status, boosted] if boosted.given else [status]
    return all(one["visibility"].word() in PUBLIC for one in shown)


def told_by(status: Payload, server: Server, received_at: datetime) -> Iterator[Fact]:
    """All facts of a public status and of the public posts inside it."""
    yield from counted(status["account"], server)
    if status["reblog"].given:
        yield from _boost(status, server, received_at)
        return
    name, author = server.post(status), server.account(status["account"])
    at, also = status["created_at"].plausible_time(received_at), _numbers(status, server)
    answered = _answered(status, server)
    quoted = _quoted(status, server)
    yield from described(status, server, received_at)

    def deed(kind: Kind, target: str | None, post: str | None = None) -> Engagement:
        return Engagement(kind, name, author, target, post=post, occurred_at=at, also=also)

    if answered:
        yield deed(Kind.REPLY, *answered)
    if quoted:
        yield deed(Kind.QUOTE, *quoted)
        embedded = status["quote"]["quoted_status"]
        if embedded.given:
            yield from described(embedded, server, received_at)
    if not answered and not quoted:
        yield deed(Kind.POST, None)
    spared = {author, answered[0] if answered else None}
    for mention in status["mentions"]:
        if (named := server.account(mention)) not in spared:
            yield deed(Kind.MENTION, named)


def boost(
    actor: str, original: Payload, server: Server, at: datetime | None, also: tuple[str, ...] = ()
) -> Engagement:
    """A boost by the name all sources know: who boosted what. `also`: its own names, for
    deletions."""
    post, author = server.post(original), server.account(original["account"])
    return Engagement(
        Kind.RESHARE, f"boost:{actor}>{post}", actor, author, post=post, occurred_at=at, also=also
    )


def described(status: Payload, server: Server, received_at: datetime) -> Iterator[Fact]:
    """A public post itself, and how many follow its author."""
    published_at = status["created_at"].plausible_time(received_at)
    if published_at is None or not is_public(status):
        return
    content, quoted = status["content"], _quoted(status, server)
    yield Post(
        server.post(status),
        server.account(status["account"]),
        published_at,
        text=plain(content.text()) if content.given else None,
        url=status["url"].link(),
        topics=tuple(dict.fromkeys(t for tag in status["tags"] if (t := tag["name"].topic()))),
        shares=quoted[1] if quoted else None,
    )
    yield from counted(status["account"], server)


def counted(account: Payload, server: Server) -> Iterator[Fact]:
    """How many follow an account, as of the receipt: servers send the number they hold then."""
    if account["followers_count"].given:
        yield Snapshot(server.account(account), account["followers_count"].count())


def _boost(status: Payload, server: Server, received_at: datetime) -> Iterator[Fact]:
    actor, original = server.account(status["account"]), status["reblog"]
    at = status["created_at"].plausible_time(received_at)
    # One name for each time it was boosted: a boost is gone when all of them are, and a deletion tells
    # the number alone.
    also = _numbers(status, server) or (server.post(status),)
    yield boost(actor, original, server, at, also)
    yield from described(original, server, received_at)


def _numbers(status: Payload, server: Server) -> tuple[str, ...]:
    numbered = server.numbered(status["id"].id())
    return (numbered,) if numbered else ()


def _answered(status: Payload, server: Server) -> tuple[str | None, str | None] | None:
    """Whose post is answered, and which: the API gives numbers, the mentions give the names."""
    if not status["in_reply_to_id"].given:
        return None
    number = status["in_reply_to_id"].id()
    wanted = status["in_reply_to_account_id"]
    for account in (status["account"], *status["mentions"]):
        if wanted.given and account["id"].given and account["id"].id() == wanted.id():
            post = server.own_post(account, number) or server.numbered(number)
            return server.account(account), post
    return None, server.numbered(number)


def _quoted(status: Payload, server: Server) -> tuple[str | None, str | None] | None:
    """Whose post is quoted, and which. Since 4.5; only where its author agreed is the post
    given."""
    quote = status["quote"]
    if not quote.given or (quote["state"].given and quote["state"].word() != "accepted"):
        return None
    embedded = quote["quoted_status"]
    if embedded.given:
        if not is_public(embedded):
            return None
        return server.account(embedded["account"]), server.post(embedded)
    if quote["quoted_status_id"].given:
        return None, server.numbered(quote["quoted_status_id"].id())
    return None
