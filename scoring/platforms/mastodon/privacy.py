"""What of a body may be stored. A server's admin webhook tells every post of every local account,
also direct messages, and moderators' data such as e-mail addresses.

Law: neither is stored, not even raw; a body without them stays the same bytes.
"""

from __future__ import annotations

import msgspec

# Visible to everybody; Mastodon also knows `private` (followers), `direct` and, for circles,
# `limited`.
PUBLIC = frozenset({"public", "unlisted"})


def kept(body: bytes) -> bytes:
    """The body without what is private; unreadable ones as they are, they will be set aside."""
    try:
        whole = msgspec.json.decode(body)
        return msgspec.json.encode(whole) if isinstance(whole, dict) and _redact(whole) else body
    except (ValueError, RecursionError):
        return body


def _redact(whole: dict[str, object]) -> bool:
    """Take private parts out in place; say whether there were any."""
    event, payload = whole.get("event"), whole.get("payload")
    if isinstance(event, str) and event.startswith(("account.", "report.")):
        whole["object"] = {}
        return True
    if isinstance(payload, str):
        inner = kept(encoded := payload.encode("utf-8", "replace"))
        whole["payload"] = inner.decode()
        return inner != encoded
    found = False
    waiting: list[object] = [whole]
    while waiting:  # no recursion: depth is the sender's choice
        value = waiting.pop()
        if isinstance(value, list):
            waiting.extend(value)
        elif isinstance(value, dict):
            visibility = value.get("visibility", "public")
            if not (isinstance(visibility, str) and visibility in PUBLIC):
                shown = {name: value[name] for name in ("id", "uri", "visibility") if name in value}
                value.clear()
                value.update(shown)
                found = True
            waiting.extend(value.values())
    return found
