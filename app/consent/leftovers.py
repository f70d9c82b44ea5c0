"""What is left of how an account was linked, once it is unlinked.

Laws: what a person named, chose and showed goes, for it was only to link the account; what an administrator
was asked and decided stays with the case, and so do facts: since and until when it was whose, and the log.
What came after the unlinking is another beginning and is not touched.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from uuid import UUID

# A record that turned out to be another's is that person.
_THEIRS: Final = """person_id in (
  select $2::bigint union select record_id from same_person where into_id = $2)"""
_CLAIMS: Final = f"""
  select c.id from account_claim c
  where c.account_id = $1 and c.{_THEIRS} and c.opened_at < $3
    and not exists (select from claim_request r where r.claim_id = c.id)
"""


async def forget_how_linked(
    connection: Any, account_id: UUID, person_id: int, before: datetime
) -> None:
    """Delete a person's claims to an account, its codes and looks, and what proved it. In a transaction."""
    rows = await connection.fetch(_CLAIMS, account_id, person_id, before)
    claims = [row["id"] for row in rows]
    for table in ("claim_look", "claim_words", "claim_end"):
        await connection.execute(f"delete from {table} where claim_id = any($1::bigint[])", claims)
    await connection.execute("delete from account_claim where id = any($1::bigint[])", claims)
    await connection.execute(
        f"""delete from account_proof
            where account_id = $1 and {_THEIRS} and recorded_at < $3 and how <> 'confirmed'""",
        account_id,
        person_id,
        before,
    )
