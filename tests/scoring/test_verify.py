"""The recomputation in SQL: it agrees with the workers, and sees what is wrong."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, timedelta
from random import Random
from typing import Any

import asyncpg
import pytest
from redis.asyncio import Redis

from app.bench.company import found
from scoring.boards import BoardKey, publish, rebuild
from scoring.facts import Figure, Kind, Post, Removal
from scoring.periods import Period
from scoring.score import score
from scoring.verify import (
    Verification,
    Whom,
    last_verified,
    record_verification,
    verify,
    whom,
)
from scoring.verify.whom import EVERYBODY, slices
from tests.scoring.scene import (
    ANA,
    NOW,
    ZONE,
    by_rule,
    count,
    hour,
    like,
    raise_curtain,
    reply,
    share,
    tell,
    wrote,
)


async def play(connection: Any) -> None:
    await raise_curtain(connection)
    await tell(
        connection,
        Post("p1", "ana", hour(0), text="hello"),
        wrote("p1", "ana", 0),
        *(reply(f"r{n}", f"out{n}", "ana", "p1", n) for n in range(1, 4)),
        reply("a1", "ana", "out1", "r1", 5),
        share("q1", "acme", "ana", "p1", 6),
        like("out9", "acme", "q1", 7),
        like("ben", "ana", "p1", 7),
        Removal("r2"),
        Figure("p1", Kind.REACTION, 7, hour(30)),
        reply("r9", "out1", "ana", "p1", 40),
    )


async def test_what_the_workers_count_is_what_the_facts_give(connection: Any) -> None:
    await play(connection)
    await count(connection)
    assert await by_rule(connection) == {
        "answered": 10, "authored": 4, "company_shared_yours": 40, "conversed": 4, "echo": 1,
        "liked": 7, "new_voice": 6,
    }  # fmt: skip
    verification = await verify(connection, zone=ZONE)
    assert verification.differences == []
    assert verification.points == 72
    assert verification.people == 3


async def test_what_is_still_being_counted_is_not_a_difference(connection: Any) -> None:
    await play(connection)
    verification = await verify(connection, zone=ZONE)
    assert verification.agrees
    assert verification.still_counted == 1
    assert verification.waiting_changes > 0


async def test_a_point_too_many_is_found_by_person_rule_and_day(connection: Any) -> None:
    await play(connection)
    await count(connection)
    await connection.execute(
        """insert into entry (recorded_on, person_id, rule, relation, rule_window, key, points,
                              reason, occurred_at, rulebook_id, recorded_at)
           select recorded_on, person_id, rule, relation, rule_window, gen_random_uuid(), 5,
                  reason, occurred_at, rulebook_id, recorded_at from entry
           where rule = 'answered' limit 1"""
    )
    verification = await verify(connection, zone=ZONE)
    words = [str(difference) for difference in verification.differences]
    assert words[0] == (
        f"person {ANA}, rule answered, 2026-11-02: the facts give 10, the ledger says 15"
    )
    assert len(words) == 1 + 5  # and the totals of five periods
    assert not verification.agrees


async def found_many(connection: Any, people: int) -> None:
    """So many people with a post each that was answered and liked; all of it counted."""
    await found(connection, people, NOW)
    await connection.execute(
        """create temp table wrote as
           select person_id, account_id as author, md5('p' || person_id)::uuid as post_id
           from ownership where person_id is not null;
           insert into post (post_id, platform, native_id, author_id, published_at, recorded_at)
           select post_id, 'standard', post_id::text, author, timestamptz '2026-11-02 09:00Z', now()
           from wrote;
           insert into mark (post_id, name, effective_at, recorded_at)
           select post_id, 'disclosed', now(), now() from wrote;
           insert into engagement (id, platform, kind, native_id, native_key, actor_id, target_id,
             post_id, thread_id, occurred_at, dated, source, recorded_at)
           select gen_random_uuid(), 'standard', kind, name, md5(name)::uuid,
             md5('out' || (n % 7))::uuid, author, post_id, post_id,
             timestamptz '2026-11-03 09:00Z' + n * interval '5 hours', 'network', 'webhook', now()
           from wrote, generate_series(1, 6) n,
             lateral (select person_id || ' ' || n as name,
                        (array['reply', 'reaction'])[1 + n % 2] as kind) named;
           drop table wrote"""
    )
    await connection.execute(
        "insert into change (subject, subject_id) select 'engagement', id from engagement"
    )
    await count(connection)
    await connection.execute("delete from outbox")


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Slices of two people, so that a small company has many."""
    monkeypatch.setattr(whom, "PEOPLE", 2)


async def boards_of(connection: Any, redis: Redis) -> list[BoardKey]:
    """Everybody's boards of all time and of the month, built."""
    boards = [
        BoardKey("points", Period.ALL, date(1970, 1, 1)),
        BoardKey("points", Period.MONTH, date(2026, 11, 1)),
    ]
    for board in boards:
        await rebuild(connection, redis, board, ZONE)
    return boards


@pytest.mark.usefixtures("narrow")
async def test_one_thing_wrong_anywhere_is_found_and_nothing_else(
    connection: Any, redis: Redis
) -> None:
    people = 5
    await found_many(connection, people)
    boards = await boards_of(connection, redis)
    sound = await verify(connection, zone=ZONE, redis=redis)
    assert (sound.differences, sound.people, sound.boards) == ([], people, len(boards))
    assert sound.points > 0
    random = Random(20261122)
    for wrong in (
        "entry",
        "total",
        "no total",
        "answered",
        "score",
        "changed places",
        "stranger",
        "no score",
    ):
        person = random.randint(1, people)
        async with spoilt(connection, redis, wrong, person, random.choice(boards)):
            found = await verify(connection, zone=ZONE, redis=redis)
            if wrong in (
                "stranger",
                "no score",
            ):  # a board that lost count of itself is shown to nobody
                assert (found.boards, found.broken_boards) == (1, 1), wrong
            else:
                assert found.differing > 0, wrong
            assert {one.person_id for one in found.differences} <= {person, STRANGER}, wrong
            assert (
                await verify(connection, zone=ZONE, whom=Whom(person_id=person % people + 1))
            ).agrees
    assert (await verify(connection, zone=ZONE, redis=redis)).agrees


STRANGER = 4711  # nobody's number


@asynccontextmanager
async def spoilt(
    connection: Any, redis: Redis, wrong: str, person: int, board: BoardKey
) -> AsyncIterator[None]:
    """One thing of one person is wrong, for as long as this lasts."""
    ranking = board.part("ranking")
    if wrong == "entry":
        id_ = await connection.fetchval(
            """insert into entry (recorded_on, person_id, rule, relation, rule_window, key, points,
                 reason, occurred_at, rulebook_id, recorded_at)
               select recorded_on, person_id, rule, relation, rule_window, gen_random_uuid(), 1,
                 reason, occurred_at, rulebook_id, recorded_at
               from entry where person_id = $1 limit 1 returning id""",
            person,
        )
        yield
        async with connection.transaction():
            await connection.execute("set local fanfare.forgetting = 'on'")
            await connection.execute("delete from entry where id = $1", id_)
    elif wrong in ("total", "no total", "answered"):
        table = "answered" if wrong == "answered" else "total"
        row = await connection.fetchrow(
            f"select * from {table} where person_id = $1 order by random() limit 1", person
        )
        columns = list(row.keys())
        same = " and ".join(f"{name} = ${n}" for n, name in enumerate(columns, start=1))
        if wrong == "total":
            await connection.execute(f"update total set value = value + 1 where {same}", *row)
        else:
            await connection.execute(f"delete from {table} where {same}", *row)
        yield
        if wrong == "total":
            await connection.execute(
                "update total set value = value - 1 where "
                "(metric, period, starts_on, person_id) = ($1, $2, $3, $4)",
                *list(row)[:4],
            )
        else:
            values = ", ".join(f"${n}" for n in range(1, len(columns) + 1))
            await connection.execute(f"insert into {table} values ({values})", *row)
    else:
        member = str(STRANGER) if wrong == "stranger" else str(person)
        before = await redis.zscore(ranking, member)
        if wrong == "changed places":  # as many as before: somebody stands where another should
            await redis.zadd(ranking, {str(STRANGER): before or 0})
        if wrong in ("no score", "changed places"):
            await redis.zrem(ranking, member)
        else:
            await redis.zadd(ranking, {member: 1 + (before or 0)})
        yield
        await redis.zrem(ranking, member, str(STRANGER))
        if before is not None:
            await redis.zadd(ranking, {member: before})


@pytest.mark.usefixtures("narrow")
async def test_it_agrees_while_a_worker_counts(
    connection: Any, redis: Redis, database_url: str
) -> None:
    await found_many(connection, 7)
    await boards_of(connection, redis)
    worker = await asyncpg.connect(database_url)
    enough = asyncio.Event()

    async def work() -> None:
        n = 0
        while not enough.is_set():  # however fast it is: as long as somebody looks
            n += 1
            async with worker.transaction():  # as facts and their change are stored
                await worker.execute(
                    """insert into engagement (id, platform, kind, native_id, native_key, actor_id,
                         target_id, post_id, thread_id, occurred_at, dated, source, recorded_at)
                       select gen_random_uuid(), 'standard', 'reply', name, md5(name)::uuid,
                         md5('new' || $1)::uuid, author_id, post_id, post_id,
                         timestamptz '2026-11-10 09:00Z', 'network', 'webhook', now()
                       from (select *, 'late ' || post_id || $1 as name from post) p""".replace(
                        "$1", f"'{n}'"
                    )
                )
                await worker.execute(
                    """insert into change (subject, subject_id) select 'engagement', id from engagement
                       where native_id like $1""",
                    f"late %{n}",
                )
            while (await score(worker, now=NOW, zone=ZONE, limit=3)).changes:
                await publish(worker, redis, ZONE)

    working = asyncio.create_task(work())
    try:
        for _ in range(5):
            found = await verify(connection, zone=ZONE, redis=redis)
            assert [str(one) for one in found.differences] == []
            assert not working.done()
    finally:
        enough.set()
        await working
        await worker.close()
    done = await verify(connection, zone=ZONE, redis=redis)
    assert (done.agrees, done.still_counted) == (True, 0)


@pytest.mark.usefixtures("narrow")
async def test_one_that_was_broken_off_goes_on_where_it_was(connection: Any) -> None:
    await found_many(connection, 7)

    def break_off(words: str, done: int, whole: int) -> None:
        assert (words, whole) == ("People counted again", 7)
        if done >= 4:
            raise KeyboardInterrupt

    first = Verification()
    with pytest.raises(KeyboardInterrupt):
        await verify(connection, zone=ZONE, progress=break_off, into=first)
    assert (first.people, first.next_person, first.complete) == (4, 5, False)
    assert await last_verified(connection) is None
    await record_verification(connection, first, NOW)
    last = await last_verified(connection)
    assert last is not None
    assert (last.people, last.everybody, last.complete, last.agreed_at) == (4, 7, False, None)

    second = await verify(connection, zone=ZONE, whom=Whom(first.next_person))
    assert (second.people, second.complete) == (3, True)
    await record_verification(connection, second, NOW + timedelta(hours=1))
    last = await last_verified(connection)
    assert last is not None
    assert (last.people, last.agrees, last.agreed_at) == (7, True, NOW + timedelta(hours=1))
    # The whole is not said to agree because a part of it does.
    await record_verification(connection, second, NOW + timedelta(hours=2))
    last = await last_verified(connection)
    assert last is not None
    assert (last.agrees, last.agreed_at) == (False, NOW + timedelta(hours=1))


async def test_one_department_is_looked_at_alone(connection: Any, redis: Redis) -> None:
    await found_many(connection, 6)
    boards = await boards_of(connection, redis)
    sales = await connection.fetchval("insert into department (name) values ('Sales') returning id")
    await connection.execute(
        "update profile set department_id = $1 where person_id in (2, 5)", sales
    )
    await redis.zincrby(boards[0].part("ranking"), 1, "5")
    await redis.zincrby(boards[0].part("ranking"), 1, "6")
    await connection.execute("update total set value = value + 1 where person_id = 3")
    found = await verify(connection, zone=ZONE, redis=redis, whom=Whom(department_id=sales))
    assert (found.people, found.everybody) == (2, 2)
    assert {one.person_id for one in found.differences} == {5}


async def test_who_has_more_than_a_slice_holds_is_a_slice_alone(
    connection: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    await found_many(connection, 4)
    monkeypatch.setattr(whom, "DEEDS", 13)  # each has six
    assert await cut(connection) == [[1, 2], [3, 4]]
    await connection.execute(
        """insert into engagement (id, platform, kind, native_id, native_key, actor_id, target_id,
             occurred_at, dated, source, recorded_at)
           select gen_random_uuid(), 'standard', 'reaction', 'v' || n, md5('v' || n)::uuid, null,
             account_id, now(), 'network', 'webhook', now()
           from ownership, generate_series(1, 20) n where person_id = 2"""
    )
    assert await cut(connection) == [[1], [2], [3, 4]]
    monkeypatch.setattr(whom, "PEOPLE", 1)
    assert await cut(connection) == [[1], [2], [3], [4]]
    assert await cut(connection, Whom(since=4)) == [[4]]
    assert await cut(connection, Whom(since=5)) == []


async def cut(connection: Any, these: Whom = EVERYBODY) -> list[list[int]]:
    """The slices that a verification would take."""
    return [some async for some in slices(connection, these)]
