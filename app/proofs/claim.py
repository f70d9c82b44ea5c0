"""Claims: a person says that an account is theirs.

Laws: a claim links nothing; it is one person's, about one account, and ends once; of claims about the
same account by several people the first that is proven has it, and the others are told that it is taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal
from uuid import UUID

from app.database import Connection
from app.proofs.code import LASTS, new_code
from scoring import Counts, Named, account_id, accounts_of, enrolment_state, record_audit

Outcome = Literal["linked", "refused", "let_go"]
# More than anybody has accounts; fewer than are needed to ask through a company's colleagues' names.
MOST_A_DAY: Final = 20
# Linked on one network. Each may lie at a server of its own that takes its time, and all wait their turn.
MOST_ACCOUNTS: Final = 20
MANY: Final = (
    "You have linked {most} accounts on this network; nobody can link more. Unlink one first."
)


class ClaimRefused(Exception):
    """What was asked of a claim is not possible; the message is a sentence for the person."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person chose for an account they link."""

    counts: Counts
    professional: bool
    disclaimer: bool


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim, with how it stands."""

    id: int
    person_id: int
    account_id: UUID
    platform: str
    native_id: str
    handle: str
    choices: Choices
    code: str
    opened_at: datetime
    expires_at: datetime
    looks: int
    looked_at: datetime | None
    asked_at: datetime | None  # put before an administrator
    outcome: Outcome | None
    ended_at: datetime | None

    @property
    def named(self) -> Named:
        """The account."""
        return Named(self.native_id, self.handle)

    @property
    def open(self) -> bool:
        """Whether it has not ended."""
        return self.outcome is None


@dataclass(frozen=True, slots=True)
class AccountProof:
    """That an account was shown to be somebody's."""

    person_id: int
    how: str
    place: str
    confirmed_by: int | None
    recorded_at: datetime


_CLAIMS: Final = """
select c.id, c.person_id, c.account_id, c.platform, c.native_id, c.handle, c.counts, c.professional,
  c.disclaimer, c.code, c.opened_at, c.expires_at,
  (select count(*) from claim_look l where l.claim_id = c.id)::int as looks,
  (select max(l.recorded_at) from claim_look l where l.claim_id = c.id) as looked_at,
  r.recorded_at as asked_at, e.outcome, e.recorded_at as ended_at
from account_claim c left join claim_request r on r.claim_id = c.id
left join claim_end e on e.claim_id = c.id
"""


async def open_claim(
    connection: Connection,
    person_id: int,
    network: str,
    named: Named,
    choices: Choices,
    now: datetime,
) -> int:
    """Say that an account is a person's; the claim's id. In a transaction. Raises ClaimRefused.

    The same account again lets go of the claim before, unless that one waits for an administrator.
    """
    account = account_id(network, named.native_id)
    await connection.execute(
        "select pg_advisory_xact_lock(hashtext('fanfare.claims'), $1)", person_id % 2**31
    )
    waiting = await connection.fetchrow(
        f"{_CLAIMS} where c.person_id = $1 and c.account_id = $2 and e.claim_id is null",
        person_id,
        account,
    )
    if waiting is not None:
        if waiting["asked_at"] is not None:
            return int(waiting["id"])
        await end_claim(connection, waiting["id"], "let_go", person_id, now)
    if await has_many(connection, person_id, network, account, now):
        raise ClaimRefused(MANY.format(most=MOST_ACCOUNTS))
    lately = await connection.fetchval(
        "select count(*) from account_claim where person_id = $1 and opened_at > $2",
        person_id,
        now - timedelta(days=1),
    )
    if lately >= MOST_A_DAY:
        raise ClaimRefused("You named as many accounts today as one can. Try again tomorrow.")
    return int(
        await connection.fetchval(
            """insert into account_claim (person_id, account_id, platform, native_id, handle, counts,
                 professional, disclaimer, code, opened_at, expires_at)
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) returning id""",
            person_id, account, network, named.native_id, named.handle, choices.counts,
            choices.professional, choices.disclaimer, new_code(), now, now + LASTS,
        )
    )  # fmt: skip


async def has_many(
    connection: Connection, person_id: int, network: str, account: UUID, now: datetime
) -> bool:
    """Whether a person has linked as many accounts on a network as one can, and this is another one."""
    mine = await accounts_of(connection, person_id, now)
    linked = {one.id for one in mine if one.platform == network}
    return len(linked) >= MOST_ACCOUNTS and account not in linked


async def claim_of(connection: Connection, person_id: int, claim_id: int) -> Claim | None:
    """A person's own claim."""
    claim = await claim_by_id(connection, claim_id)
    return claim if claim is not None and claim.person_id == person_id else None


async def claim_by_id(
    connection: Connection, claim_id: int, *, locked: bool = False
) -> Claim | None:
    """A claim; locked: nobody else looks, asks or decides until the transaction ends."""
    claim_id = min(claim_id, 2**63 - 1)
    if locked:
        await connection.fetchval("select id from account_claim where id = $1 for update", claim_id)
    row = await connection.fetchrow(f"{_CLAIMS} where c.id = $1", claim_id)
    return None if row is None else _claim(row)


async def open_claims(connection: Connection, person_id: int) -> list[Claim]:
    """What a person says is theirs and nobody answered yet, the oldest first."""
    rows = await connection.fetch(
        f"{_CLAIMS} where c.person_id = $1 and e.claim_id is null order by c.id", person_id
    )
    return [_claim(row) for row in rows]


async def let_go(connection: Connection, person_id: int, claim_id: int, now: datetime) -> bool:
    """The person does not say so any more. In a transaction. False: it had ended, or is not theirs.

    One that an administrator was asked about stays with them: the other side has been told.
    """
    claim = await claim_by_id(connection, claim_id, locked=True)
    if claim is None or claim.person_id != person_id or not claim.open or claim.asked_at:
        return False
    await end_claim(connection, claim_id, "let_go", person_id, now)
    return True


async def let_go_of_all(connection: Connection, person_id: int, now: datetime) -> None:
    """Whoever leaves the programme says nothing is theirs any more. In a transaction."""
    for claim in await open_claims(connection, person_id):
        await let_go(connection, person_id, claim.id, now)


async def takes_part(connection: Connection, person_id: int, now: datetime) -> bool:
    """Whether accounts can be linked to a person: nothing is, of who does not take part."""
    return await enrolment_state(connection, person_id, now) in ("active", "paused")


async def end_claim(
    connection: Connection, claim_id: int, outcome: Outcome, by: int | None, now: datetime
) -> None:
    """Write down how a claim ended; the caller holds its lock and knows that it is open."""
    await connection.execute(
        "insert into claim_end (claim_id, outcome, person_id, recorded_at) values ($1, $2, $3, $4)",
        claim_id,
        outcome,
        by,
        now,
    )


async def note_proof(
    connection: Connection,
    account: UUID,
    person_id: int,
    how: str,
    place: str,
    now: datetime,
    *,
    confirmed_by: int | None = None,
) -> None:
    """Write down that an account was shown to be a person's; the account is known. In a transaction."""
    await connection.execute(
        """insert into account_proof (account_id, person_id, how, place, confirmed_by, recorded_at)
           values ($1, $2, $3, $4, $5, $6)""",
        account,
        person_id,
        how,
        place,
        confirmed_by,
        now,
    )
    await record_audit(
        connection, person_id, "account_proven", f"account:{account}", {"how": how}, now
    )


async def proofs_of(
    connection: Connection, accounts: Sequence[UUID], *, person_id: int | None = None
) -> dict[UUID, list[AccountProof]]:
    """What was shown of accounts, by anybody or by one person; the newest first."""
    rows = await connection.fetch(
        """select account_id, person_id, how, place, confirmed_by, recorded_at from account_proof
           where account_id = any($1::uuid[]) and ($2::bigint is null or person_id = $2)
           order by id desc""",
        list(accounts),
        person_id,
    )
    found: dict[UUID, list[AccountProof]] = {}
    for row in rows:
        account, *rest = row
        found.setdefault(account, []).append(AccountProof(*rest))
    return found


def _claim(row: Any) -> Claim:
    id_, person, account, platform, native_id, handle, counts, professional, disclaimer, *rest = row
    choices = Choices(counts, professional, disclaimer)
    return Claim(id_, person, account, platform, native_id, handle, choices, *rest)
