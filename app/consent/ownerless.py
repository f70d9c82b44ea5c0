"""Consents whose account is not their giver's any more: nobody's, or somebody else's.

Law: whoever lost an account has taken back what they let be seen of it, in whatever way they lost it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from app.consent.taking_back import withdraw

# As many as change hands while a transaction that says so waits to be committed, and far more.
_NEWEST: Final = 5_000
# What was said last of each account decides; a record that turned out to be another's is that person.
_OWNERLESS: Final = """
  select c.account_id, c.person_id from consent c
  join lateral (select person_id, company from ownership o where o.account_id = c.account_id
                order by effective_at desc, id desc limit 1) o on true
  where c.state <> 'withdrawn' and not o.company
    and o.person_id is distinct from coalesce((select into_id from same_person
      where record_id = c.person_id order by id desc limit 1), c.person_id)
"""
_OF_LATE: Final = f"""
  {_OWNERLESS} and c.account_id in (
    select account_id from ownership where id > (select max(id) from ownership) - {_NEWEST})
"""


async def withdraw_ownerless(connection: Any, now: datetime, *, of_late: bool = False) -> int:
    """Take them back, so that they are due now; how many there were. Not inside a transaction.

    `of_late`: only where what was said of late made them so: 60 ms where 200,000 are kept, all of which
    take a second.
    """
    rows = await connection.fetch(_OF_LATE if of_late else _OWNERLESS)
    for row in rows:
        async with connection.transaction():
            await withdraw(connection, row["account_id"], row["person_id"], now)
    return len(rows)
