"""A whole season on a fast clock, and every winner, cent and half day worked out again in plain SQL.

2,000 people, 12 overlapping contests of every kind, people who come, pause and leave, accounts linked
late, a network that is silent for two days and tells afterwards, a worker killed in every hour, Redis
flushed every day.
"""

from __future__ import annotations

from datetime import datetime
from importlib.resources import files
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from redis.asyncio import Redis

from rewards import check_books
from rewards.contests.charter import read_charter
from rewards.contests.counting import terms
from rewards.contests.verifying import verify_contest, verify_draw
from scoring import Cutoff, verify
from scoring.verify.contests import recount_contest
from tests.rewards.season.company import found
from tests.rewards.season.contests import ALLOWED_DRAW, CANCELLED, EMPTY, ZONE
from tests.rewards.season.play import Season
from tests.rewards.season.world import world

DECIDE = files("tests.rewards.season").joinpath("decide.sql").read_text(encoding="utf-8")


@pytest.fixture(params=[1])
async def season(
    request: pytest.FixtureRequest, connection: Any, database_url: str, redis: Redis
) -> Season:
    made = world(request.param)
    hr = await found(connection, made)
    played = Season(database_url, redis, made, hr, Random(request.param), connection)
    await played.play()
    return played


async def test_after_a_season_every_winner_cent_and_half_day_is_what_plain_sql_says(
    season: Season, connection: Any
) -> None:
    assert season.killed > 900
    for number, contest_id in enumerate(season.contest_ids):
        kinds = {
            row["kind"]
            for row in await connection.fetch(
                "select kind from contest_event where contest_id = $1", contest_id
            )
        }
        if number == CANCELLED:
            assert "cancelled" in kinds
            assert "decided" not in kinds
            continue
        assert "decided" in kinds, number
        expected = await decided_again(connection, contest_id)
        assert expected == await proposed(connection, contest_id), number
        assert bool(expected) == (number != EMPTY)
    await the_money_is_whole(connection)
    # What HR runs to check a contest again says the same, at every third of them.
    for row in (await connection.fetch("select slug from contest order by id"))[::3]:
        assert await verify_contest(connection, row["slug"]) == []
    drawn = await connection.fetchval(
        "select slug from contest where id = $1", season.contest_ids[ALLOWED_DRAW]
    )
    assert await verify_draw(connection, drawn) == []
    verification = await verify(connection, zone=ZONE, redis=season.redis)
    assert [str(difference) for difference in verification.differences] == []


async def decided_again(connection: Any, contest_id: int) -> list[tuple[Any, ...]]:
    """(prize, place, bracket, person, units) of every win, from the facts."""
    row = await connection.fetchrow(
        """select c.body, d.body as decision from charter c join decision d on d.charter_id = c.id
           where c.contest_id = $1""",
        contest_id,
    )
    charter, decision = read_charter(row["body"]), msgspec.json.decode(row["decision"])
    cutoff = Cutoff(
        facts_by=datetime.fromisoformat(decision["facts_by"]),
        holds_by=datetime.fromisoformat(decision["holds_by"]),
    )
    decided_at = datetime.fromisoformat(decision["decided_at"])
    people = [
        row["person_id"]
        for row in await connection.fetch(
            "select person_id from placement where contest_id = $1 order by 1", contest_id
        )
    ]
    values, goals = [], []
    for mode in ("prize", "recognition"):
        recounted = await recount_contest(connection, terms(charter, mode), people, cutoff)
        for person, one in recounted.items():
            values.append((mode, person, one.value, one.reached_at))
            goals += [(mode, person, goal, at) for goal, at in one.goals.items()]
    async with connection.transaction():
        await connection.execute(
            """create temp table s_value (mode text, person_id bigint, value bigint,
                 reached_at timestamptz) on commit drop;
               create temp table s_goal (mode text, person_id bigint, goal bigint, at timestamptz)
                 on commit drop;
               create temp table s_barred (person_id bigint) on commit drop"""
        )
        await connection.copy_records_to_table("s_value", records=values)
        await connection.copy_records_to_table("s_goal", records=goals)
        await connection.execute(BARRED, decided_at, charter.start_at, charter.cool_down_days)
        assert await connection.fetch(OTHERWISE_PLACED, contest_id) == []
        rows = await connection.fetch(DECIDE, contest_id)
    return sorted((tuple(row) for row in rows), key=repr)


async def proposed(connection: Any, contest_id: int) -> list[tuple[Any, ...]]:
    rows = await connection.fetch(
        """select prize, place, bracket, person_id, units from award
           where contest_id = $1 and passed_from is null""",
        contest_id,
    )
    return sorted((tuple(row) for row in rows), key=repr)


# Who had left when it was decided, and who won money or days too recently before the start.
BARRED = """
insert into s_barred
select p.id from person p
where (select e.state from enrolment e where e.person_id = p.id and e.effective_at <= $1
       order by e.effective_at desc limit 1) = 'left'
union
select a.person_id from award a join contest_event d on d.contest_id = a.contest_id
where $3 > 0 and a.kind <> 'recognition' and d.kind = 'decided'
  and d.recorded_at < $2 and d.recorded_at >= $2 - make_interval(days => $3)
  and not exists (select from award_event e where e.award_id = a.id and e.recorded_at < $2
                  and e.kind in ('refused', 'declined', 'lapsed', 'voided'))
"""
# Brackets from follower counts at the start, or when somebody came later: of each account the latest
# count before, else the first within a day.
OTHERWISE_PLACED = """
with terms as (
  select c.body::jsonb as t, (c.body::jsonb->>'start_at')::timestamptz as start_at from charter c
  where c.contest_id = $1 order by c.id desc limit 1
), came as (
  select p.person_id, p.bracket, p.audience, greatest(t.start_at, (
    select min(e.recorded_at) from entrance e
    where e.contest_id = $1 and e.person_id = p.person_id and e.state = 'entered')) as at
  from placement p, terms t where p.contest_id = $1
), audience as (
  select c.*, (
    select sum(coalesce(
      (select s.followers from snapshot s where s.account_id = o.account_id
         and s.observed_at <= c.at and s.recorded_at <= c.at
       order by s.observed_at desc, s.followers desc limit 1),
      (select s.followers from snapshot s where s.account_id = o.account_id
         and s.observed_at > c.at and s.observed_at <= c.at + interval '24 hours'
         and s.recorded_at <= c.at order by s.observed_at limit 1)))
    from (select distinct on (account_id) account_id, person_id from ownership
          where effective_at <= c.at order by account_id, effective_at desc) o
    where o.person_id = c.person_id) as followers
  from came c
)
select a.person_id, a.bracket, a.audience, a.followers
from audience a, terms
where jsonb_array_length(t->'brackets') > 1
  and a.bracket <> (
    select n - 1 from jsonb_array_elements(t->'brackets') with ordinality as b(b, n)
    where coalesce(a.followers, 0) >= (b->>'at_least')::bigint
      and (b->>'below' is null or coalesce(a.followers, 0) < (b->>'below')::bigint))
"""


async def the_money_is_whole(connection: Any) -> None:
    """What was paid, what is still promised and what is left is what was put in, to the cent."""
    assert await check_books(connection) == []
    rows = await connection.fetch(
        """with last as (
             select distinct on (budget_id) budget_id, available_after, reserved_after, spent_after
             from transfer order by budget_id, number desc),
           paid as (  -- by what the awards say; of a choice, the side that was chosen
             select b.id as budget_id,
               sum(case when a.kind = 'choice' and b.kind = 'days' then a.days_units else a.units end)
                 as units
             from award a
             join reservation r on r.id in (a.reservation_id, a.days_reservation_id)
             join budget b on b.id = r.budget_id
             where exists (select from award_event e where e.award_id = a.id and e.kind = 'paid')
               and (a.kind <> 'choice' or exists (
                 select from award_event e where e.award_id = a.id and e.kind = 'chosen'
                   and e.detail->>'choice' = b.kind))
             group by b.id)
           select b.name, l.spent_after as spent, coalesce(p.units, 0) as paid,
             l.available_after + l.reserved_after + l.spent_after as all_of_it,
             (select sum(units) from transfer t where t.budget_id = b.id and t.kind = 'top_up') as put_in
           from budget b join last l on l.budget_id = b.id left join paid p on p.budget_id = b.id"""
    )
    for row in rows:
        assert row["spent"] == row["paid"], dict(row)
        assert row["all_of_it"] == row["put_in"], dict(row)
        assert row["spent"] > 0
    still_held = await connection.fetch(
        """select distinct c.slug from (
             select distinct on (reservation_id) reservation_id, reservation_after from transfer
             where reservation_id is not null order by reservation_id, id desc) t
           join reservation r on r.id = t.reservation_id join contest c on c.id = r.contest_id
           where t.reservation_after > 0 and not exists (
             select from award a where a.contest_id = c.id and a.kind <> 'recognition'
               and not exists (select from award_event e where e.award_id = a.id
                 and e.kind in ('paid', 'voided', 'refused', 'lapsed', 'declined', 'expired')))"""
    )
    assert still_held == []


def test_the_season_holds_the_end_of_summer_time() -> None:
    made = world(1, people=50, happenings=100)
    offsets = {
        told.received_at.astimezone(ZoneInfo("Europe/Berlin")).utcoffset() for told in made.told
    }
    assert len(offsets) == 2
