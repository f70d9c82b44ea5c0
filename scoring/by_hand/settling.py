"""What is settled by the networks themselves, now and then: posts they told of after they were handed in.

Laws: who waits for a person's look waits no longer once the network said the same; a post that its network
calls otherwise than its address does becomes one with it, figures and all, and nothing counts twice. Of more
than fit into a round each has its turn: what has to wait for people keeps nobody else waiting.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any, Final

from scoring.accounts import accounts_of
from scoring.by_hand.answering import answer, locked
from scoring.by_hand.delivered import Said, SaidFigure, SaidPost, Way, deliver
from scoring.by_hand.known import SAYS_WHOSE, alike, named_in, told_of
from scoring.by_hand.letting_count import hand_over
from scoring.connection import Connection
from scoring.facts import Kind
from scoring.records import everyone_of

_MOST: Final = 200  # of a round; the next follows half a minute later, with others
_LOOKED_BACK: Final = timedelta(
    days=30
)  # a network that was silent for so long is not heard at all
_UNLINKED_LATELY: Final = timedelta(days=2)  # longer than workers are away
_PICTURES_KEPT: Final = timedelta(days=30)  # after the answer, for a question that comes late


async def settle_told(connection: Connection, now: datetime) -> int:
    """Answer what needs nobody, and make one of posts with two names; returns how many of both."""
    await _end_unlinked(connection, now)
    done = await _answer_told(connection, now) + await _answer_asked(connection, now)
    return done + await _make_one(connection, now)


async def forget_pictures(connection: Connection, now: datetime) -> None:
    """Pictures whose figures were answered long ago go."""
    await connection.execute(
        """update statement_words w set picture = null, media_type = null
           from statement_answer a where a.statement_id = w.statement_id
             and w.picture is not null and a.recorded_at < $1""",
        now - _PICTURES_KEPT,
    )


async def _answer_told(connection: Connection, now: datetime) -> int:
    rows = await connection.fetch(
        """select s.*, w.address from statement s
           left join statement_words w on w.statement_id = s.id
           where not exists (select from statement_answer a where a.statement_id = s.id)
             and s.recorded_at > $1
             and exists (select from post p where p.author_id = s.account_id
                           and p.platform = s.platform and p.recorded_at > s.recorded_at - interval '1 hour')
           order by hashint8extended(s.id, $3) limit $2""",
        now - _LOOKED_BACK,
        _MOST,
        _turn(now),
    )
    done = 0
    for row in rows:
        async with connection.transaction():
            known = await told_of(connection, row)
            if known is None or not await _still_theirs(connection, row, now):
                continue
            await hand_over(connection, row["person_id"], known.post_id, now, once=True)
            open_ = (await locked(connection, row["id"]))["outcome"] is None
            if open_ and not json.loads(row["counts"]):
                await answer(connection, row["id"], None, "confirmed", "", now)
                done += 1
    return done


async def _answer_asked(connection: Connection, now: datetime) -> int:
    """A network that had figures of a post under its author's name has said that it is theirs."""
    rows = await connection.fetch(
        f"""select s.*, w.address, c.native_id as author from statement s
           join account c on c.id = s.account_id
           left join statement_words w on w.statement_id = s.id
           where not exists (select from statement_answer a where a.statement_id = s.id)
             and s.recorded_at > $1
             and exists (select from figure f where f.post_id = s.post_id and f.source = 'poll')
             and not exists (select from post p where p.post_id = s.post_id)
             and {SAYS_WHOSE.format(author="c.native_id", post="s.native_id")}
           order by hashint8extended(s.id, $3) limit $2""",
        now - _LOOKED_BACK,
        _MOST,
        _turn(now),
    )
    done = 0
    for row in rows:
        async with connection.transaction():
            if not await _still_theirs(connection, row, now):
                continue
            open_ = (await locked(connection, row["id"]))["outcome"] is None
            said = Said(
                (SaidPost(row["native_id"], row["author"], row["published_at"], row["address"]),)
            )
            if open_ and await deliver(connection, row["platform"], "hand", said, now):
                await hand_over(connection, row["person_id"], row["post_id"], now, once=True)
                if not json.loads(row["counts"]):
                    await answer(connection, row["id"], None, "confirmed", "", now)
                done += 1
    return done


async def _make_one(connection: Connection, now: datetime) -> int:
    """What was confirmed under the name in an address goes over to the network's own name."""
    rows = await connection.fetch(
        """select * from (select distinct on (s.post_id) s.*, w.address from statement s
           join statement_answer a on a.statement_id = s.id and a.outcome = 'confirmed'
           join statement_words w on w.statement_id = s.id
           where s.recorded_at > $1
             and not exists (select from statement_moved m where m.post_id = s.post_id)
             and exists (select from post p where p.post_id = s.post_id)
             and exists (select from post p where p.author_id = s.account_id
                           and p.platform = s.platform and p.post_id <> s.post_id
                           and p.recorded_at > s.recorded_at - interval '1 hour')
           order by s.post_id, s.id) confirmed
           order by hashint8extended(id, $3) limit $2""",
        now - _LOOKED_BACK,
        _MOST,
        _turn(now),
    )
    done = 0
    for row in rows:
        async with connection.transaction():
            done += await _move(connection, row, now)
    return done


async def _move(connection: Connection, row: Any, now: datetime) -> int:
    known = await alike(
        connection, row["platform"], named_in(row), [row["account_id"]], but=row["post_id"]
    )
    if known is None:
        return 0
    new = await connection.fetchval(
        """insert into statement_moved (post_id, now_id, recorded_at) values ($1, $2, $3)
           on conflict do nothing returning post_id""",
        row["post_id"],
        known.post_id,
        now,
    )
    if new is None:
        return 0
    figures = await connection.fetch(
        """select kind, value, observed_at, source from figure
           where post_id = $1 and source in ('hand', 'import') order by id""",
        row["post_id"],
    )
    ways: tuple[Way, ...] = ("hand", "import")
    for way in ways:
        told = [one for one in figures if one["source"] == way]
        moved = tuple(
            SaidFigure(known.native_id, Kind(one["kind"]), one["value"], one["observed_at"])
            for one in told
        )
        # A figure that falls takes back what it gave: of the other name nothing is left.
        fallen = tuple(
            SaidFigure(
                row["native_id"], Kind(kind), 0, max(now, max(one["observed_at"] for one in told))
            )
            for kind in sorted({one["kind"] for one in told})
        )
        gone = (row["native_id"],) if way == "hand" else ()
        if moved or gone:
            said = Said(figures=moved + fallen, gone=gone)
            await deliver(connection, row["platform"], way, said, now)
    await hand_over(connection, row["person_id"], known.post_id, now, once=True)
    return 1


async def _end_unlinked(connection: Connection, now: datetime) -> None:
    """Who unlinks an account hands in nothing more from it, and what was said about it is forgotten."""
    rows = await connection.fetch(
        """select s.*, w.address, given.outcome from statement s
           left join statement_words w on w.statement_id = s.id
           left join statement_answer given on given.statement_id = s.id
           where s.account_id in (select account_id from ownership
                                  where recorded_at > $1 and effective_at <= $2)
             and (w.statement_id is not null or given.statement_id is null)
             and s.person_id is distinct from (
               select o.person_id from ownership o
               where o.account_id = s.account_id and o.effective_at <= $2
               order by o.effective_at desc, o.id desc limit 1)
           order by s.id limit $3""",
        now - _UNLINKED_LATELY,
        now,
        _MOST,
    )
    for row in rows:
        if await _still_theirs(connection, row, now):
            continue
        async with connection.transaction():
            if (await locked(connection, row["id"]))["outcome"] is None:
                await answer(connection, row["id"], None, "withdrawn", "", now)
            await connection.execute(
                "delete from statement_words where statement_id = $1", row["id"]
            )


def _turn(now: datetime) -> int:
    """What puts statements into another order each second."""
    return int(now.timestamp())


async def _still_theirs(connection: Connection, row: Any, now: datetime) -> bool:
    """Whether the account is that person's now, under whichever record of theirs."""
    for record in await everyone_of(connection, row["person_id"]):
        if any(one.id == row["account_id"] for one in await accounts_of(connection, record, now)):
            return True
    return False
