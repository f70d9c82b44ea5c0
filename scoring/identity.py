"""Names that every worker arrives at alone: ids of accounts, posts and engagements are hashes of what
the network calls them. Law: the same thing told twice, anywhere, in any order, has the same id."""

from functools import lru_cache
from hashlib import blake2b
from uuid import UUID

# The driver's own UUID, also an `uuid.UUID`, but made and compared ten times as fast: one delivery
# names half a dozen things.
from asyncpg.pgproto import pgproto

_SEPARATOR = (
    "\x1f"  # never part of an identifier: `Engagement` and its relatives refuse control characters
)


def _hashed(*parts: str) -> UUID:
    name = _SEPARATOR.join(parts).encode("utf-8", "surrogatepass")
    hashed: UUID = pgproto.UUID(blake2b(name, digest_size=16).digest())
    return hashed


# A batch names the same accounts and posts over and over; a worker keeps those of the last few batches.
@lru_cache(maxsize=2**14)
def account_id(platform: str, native_id: str) -> UUID:
    """The id of a profile on a network."""
    return _hashed("account", platform, native_id)


@lru_cache(maxsize=2**14)
def native_key(platform: str, native_id: str) -> UUID:
    """The key of a thing on a network, be it post, boost or like: what a removal names.

    For a post (also a reply, quote or reshare, which are posts) this is the post's id.
    """
    return _hashed("native", platform, native_id)


def engagement_id(platform: str, kind: str, native_id: str, target: UUID | None) -> UUID:
    """The identity of an engagement, unique for ever: (platform, kind, native id, target account)."""
    return _hashed("engagement", platform, kind, native_id, "" if target is None else target.hex)


def credit_key(*parts: object) -> UUID:
    """The key that counts once per rule, from the parts the rule's `credit` names."""
    return _hashed("credit", *map(str, parts))
