"""What others see of a person, decided before anything reaches a template.

Law: whoever hides, pauses or left is nobody here, at once; whoever goes by an alias is only the
alias, in name, colour and id; networks, mix and today's gain are there only if the person opened
them; where only teams may be shown, nobody stands beside a figure.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import blake2b
from typing import Any, Final

from app.council import Whose, current_council, may_show
from scoring import platforms

A_COLLEAGUE: Final = "A colleague"
TINTS: Final = 10  # colours of avatars in the style sheet

_FACES = """
select profile.person_id, profile.name, profile.alias, profile.visibility, department.name as place,
       profile.opens_networks, profile.opens_mix, profile.opens_gain,
       coalesce((select state from enrolment where enrolment.person_id = profile.person_id
                   and effective_at <= $2 order by effective_at desc limit 1) = 'active', false)
         as active
from profile left join department on department.id = profile.department_id
where profile.person_id = any($1::bigint[])
"""
_NETWORKS = """
select person_id, array_agg(distinct platform order by platform) as platforms
from (
  select distinct on (ownership.account_id) ownership.person_id, account.platform
  from ownership join account on account.id = ownership.account_id
  where ownership.account_id in (select account_id from ownership where person_id = any($1::bigint[]))
    and ownership.effective_at <= $2
  order by ownership.account_id, ownership.effective_at desc, ownership.id desc
) as latest
where person_id = any($1::bigint[])
group by person_id
"""


@dataclass(frozen=True, slots=True)
class Face:
    """A person as one viewer sees them."""

    person_id: int
    key: str  # in the page's markup: says nothing about who it is, and changes with the name
    name: str
    tint: int
    place: str | None
    networks: tuple[str, ...]
    opens_mix: bool
    opens_gain: bool
    is_alias: bool = False


async def faces(
    connection: Any,
    person_ids: Sequence[int],
    *,
    now: datetime,
    secret: str,
    whose: Whose = Whose.COLLEAGUE,
) -> dict[int, Face]:
    """The people as everybody sees them; who hides or takes no part now is left out.

    `whose`: what they stand beside; without a word, figures.
    """
    if whose is Whose.COLLEAGUE and not may_show(await current_council(connection), whose):
        return {}
    rows = await connection.fetch(_FACES, list(person_ids), now)
    seen = [row for row in rows if row["active"] and row["visibility"] != "hidden"]
    opened = [row["person_id"] for row in seen if row["opens_networks"]]
    networks = await _networks(connection, opened, now)
    return {
        row["person_id"]: _face(
            row,
            alias=row["visibility"] == "alias",
            networks=networks.get(row["person_id"], ()),
            secret=secret,
        )
        for row in seen
    }


async def own_face(connection: Any, person_id: int, *, now: datetime, secret: str) -> Face | None:
    """Oneself: everything is open, and the name is one's own also behind an alias.

    The key is the one others' pages carry, so that the own row can be found in a shared block.
    """
    row = await connection.fetchrow(_FACES, [person_id], now)
    if row is None:
        return None
    networks = await _networks(connection, [person_id], now)
    alias = row["visibility"] == "alias"
    face = _face(row, alias=alias, networks=networks.get(person_id, ()), secret=secret)
    return Face(
        person_id=face.person_id,
        key=face.key,
        name=face.name,
        tint=face.tint,
        place=row["place"],
        networks=face.networks,
        opens_mix=True,
        opens_gain=True,
    )


def _face(row: Any, *, alias: bool, networks: Sequence[str], secret: str) -> Face:
    name = row["alias"] if alias else row["name"]
    digest = keyed(secret, f"{row['person_id']}|{row['visibility']}|{name}")
    return Face(
        person_id=row["person_id"],
        key=digest[:12],
        name=name,
        # A person's own colour would give an alias away as well.
        tint=(int(digest[-2:], 16) if alias else row["person_id"]) % TINTS,
        # A small department would give the alias away.
        place=None if alias else row["place"],
        networks=tuple(networks),
        opens_mix=row["opens_mix"],
        opens_gain=row["opens_gain"],
        is_alias=alias,
    )


def unnamed(face: Face) -> Face:
    """The face beside a post, which says whose it is: nobody's, where the person goes by an alias."""
    return replace(face, name=A_COLLEAGUE, tint=0, key="") if face.is_alias else face


async def _networks(
    connection: Any, person_ids: Sequence[int], now: datetime
) -> dict[int, tuple[str, ...]]:
    if not person_ids:
        return {}
    known = platforms()
    rows = await connection.fetch(_NETWORKS, list(person_ids), now)
    return {
        row["person_id"]: tuple(known[name].label if name in known else name for name in row[1])
        for row in rows
    }


def keyed(secret: str, text: str) -> str:
    """A hash only this installation can make, in hexadecimal."""
    return blake2b(text.encode(), key=secret.encode()[:64], digest_size=16).hexdigest()


def same(one: str, other: str) -> bool:
    """Whether two keys are equal, in constant time."""
    return hmac.compare_digest(one.encode(), other.encode())
