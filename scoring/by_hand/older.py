"""Posts that are older than the link of the account they are from: what of them counts is said beforehand.

Law: said before anything is handed in, from the same stretches by which it counts; of one's own posts only.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from scoring.accounts import accounts_of
from scoring.by_hand.known import known_post
from scoring.by_hand.whose import authors_in, named_by
from scoring.connection import Connection
from scoring.platforms.moments import EARLIEST
from scoring.tallies.followers import load_stretches


@dataclass(frozen=True, slots=True)
class OlderPost:
    """A post of this account counts only since a moment; `surely`: it was published before."""

    handle: str
    since_at: datetime
    surely: bool


async def older_posts(
    connection: Connection, person_id: int, address: str, now: datetime
) -> list[OlderPost]:
    """For each account that a post may be from, since when it counts if not from the beginning; where its
    day is not known, for the case that it is older. Raises NotStated."""
    own = await accounts_of(connection, person_id, now)
    network, named = named_by(address, own)
    here = [one for one in own if one.platform == network]
    known = await known_post(connection, network, named, [one.id for one in here])
    told = [one for one in here if known is not None and one.id == known.author_id]
    published_at = known.published_at if known is not None and told else named.published_at
    found = []
    stretches = (await load_stretches(connection, [person_id], EARLIEST, now))[person_id]
    for account in told or authors_in(named, here) or here:
        counts = [(one.from_at, one.to_at) for one in stretches if one.account == account.id]
        if published_at is None:
            since = [begin for begin, _ in counts[-1:]]
        elif any(begin <= published_at < end for begin, end in counts):
            since = []
        else:
            since = [begin for begin, _ in counts if begin > published_at]
        if since:
            found.append(OlderPost(account.handle, since[0], published_at is not None))
    return found
