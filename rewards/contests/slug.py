"""The name of a contest in addresses: made once from what it is called, then never changed. Pure but
for asking which are taken."""

from __future__ import annotations

import re
import unicodedata

from rewards.connection import Connection

_LONGEST = 60  # the table takes 80; a number may follow
_UNNAMED = "contest"
_OURS = frozenset({"new"})  # a page of ours stands at this address


def is_slug(text: str) -> bool:
    """Whether a contest could have this name; an address may say anything."""
    return len(text) <= 80 and re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", text) is not None


def slug_of(name: str) -> str:
    """Lower case letters and digits between hyphens; "contest" where nothing of that is left."""
    # ß and the like have no decomposition; case folding spells them out.
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "-", plain)[:_LONGEST].strip("-")
    return f"{_UNNAMED}-{words}" if words in _OURS else words or _UNNAMED


async def free_slug(connection: Connection, name: str) -> str:
    """A slug nobody has, inside the caller's transaction: `new-voices`, `new-voices-2`, …"""
    wanted = slug_of(name)
    # One at a time, so that two contests of the same name get different ones.
    await connection.execute("select pg_advisory_xact_lock(hashtext('fanfare.slug'))")
    taken = {
        row["slug"]
        for row in await connection.fetch(
            "select slug from contest where slug = $1 or slug like $1 || '-%'", wanted
        )
    }
    number, slug = 1, wanted
    while slug in taken:
        number += 1
        slug = f"{wanted}-{number}"
    return slug
