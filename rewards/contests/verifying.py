"""Checking a decided contest again, by another way than the one it was decided by.

Law: nothing is believed that can be worked out: hashes from the bytes they are of, values in plain SQL
from the facts as they were recorded, winners from the values, money from the transfers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

import msgspec

from rewards.connection import Connection
from rewards.contests.charter import canonical, read_charter
from rewards.contests.counting import MODES, Mode, modes, networks, terms
from rewards.contests.decide import decide
from rewards.contests.deciding import seed_of
from rewards.contests.decision import standing_body, win_body
from rewards.contests.outcome import CountedOut, count_out
from rewards.contests.record import Contest, by_slug
from scoring import Cutoff, recount_contest


async def verify_contest(connection: Connection, slug: str) -> list[str]:
    """What differs, a sentence each; none: everything agrees. Outside any transaction.

    Raises NoSuchContest. Of a contest that is not decided only the charter and the money are checked.
    """
    contest = await by_slug(connection, slug)
    if contest.published is None:
        return ["This contest has no charter: it is a draft."]
    said = await _charter(connection, contest)
    said += await _money(connection, contest)
    row = await connection.fetchrow(
        "select body, sha256 from decision where contest_id = $1", contest.id
    )
    if row is None:
        return said
    if digest(row["body"]) != row["sha256"]:
        said.append("The decision is not what its hash covers.")
    body = msgspec.json.decode(row["body"])
    if body["charter_sha256"] != contest.sha256:
        said.append("The decision is about another charter than the one in force.")
    said += await _evidence(connection, contest, body)
    said += await _recount(connection, contest, body)
    return said


def digest(body: str) -> str:
    """The hash of a file."""
    return sha256(body.encode()).hexdigest()


async def _charter(connection: Connection, contest: Contest) -> list[str]:
    row = await connection.fetchrow(
        "select body, sha256 from charter where id = $1", contest.charter_id
    )
    said = []
    if digest(row["body"]) != row["sha256"]:
        said.append("The charter is not what its hash covers.")
    if read_charter(row["body"]).canonical().decode() != row["body"]:
        said.append("The charter's text is not in its canonical form.")
    amendments = await connection.fetch(
        "select id, body, sha256 from amendment where charter_id = $1 order by id",
        contest.charter_id,
    )
    return said + [
        f"Amendment {amendment['id']} is not what its hash covers."
        for amendment in amendments
        if digest(amendment["body"]) != amendment["sha256"]
    ]


async def _evidence(connection: Connection, contest: Contest, body: Mapping[str, Any]) -> list[str]:
    said = []
    found: dict[str, str] = {}
    for row in await connection.fetch(
        "select person_id, body, sha256 from evidence where contest_id = $1 order by person_id",
        contest.id,
    ):
        person = row["person_id"]
        found[str(person)] = row["sha256"]
        if digest(row["body"]) != row["sha256"]:
            said.append(f"The evidence of person {person} is not what its hash covers.")
        for mode, standing in msgspec.json.decode(row["body"])["standings"].items():
            seen = {fact["platform"] for fact in standing["facts"]}
            if not seen <= networks(contest.charter, mode):
                said.append(
                    f"The evidence of person {person} for the {mode} counts a network that the "
                    "charter leaves out of it."
                )
    if found != body["evidence"]:
        said.append("The evidence files are not those that the decision names.")
    winners = {str(win["person_id"]) for win in body["wins"]}
    if winners != set(found):
        said.append("There is not exactly one evidence file for each winner.")
    return said


async def _recount(connection: Connection, contest: Contest, body: Mapping[str, Any]) -> list[str]:
    facts_by = datetime.fromisoformat(body["facts_by"])
    holds_by = datetime.fromisoformat(body["holds_by"])
    counted = await count_out(
        connection, contest, facts_by=facts_by, holds_by=holds_by, at=holds_by
    )
    said = await _in_plain_sql(
        connection, contest, counted, Cutoff(facts_by=facts_by, holds_by=holds_by)
    )
    for mode in MODES:
        if standing_body(counted, mode) != body["standings"][mode]:
            said.append(f"The standing for the {mode} counts otherwise than when it was decided.")
    seed = await seed_of(connection, contest)
    if sha256(seed).hexdigest() != contest.charter.order_commitment:
        said.append("The seed is not the one that the charter committed to.")
    if seed.hex() != body["seed"]:
        said.append("The decision shows another seed than the one that was kept.")
    outcome = decide(contest.charter, counted.standings, seed)
    again = msgspec.json.decode(canonical([win_body(win) for win in outcome.wins]))
    if again != body["wins"]:
        said.append("Other people win other things when it is decided again.")
    return said + await _awards(connection, contest, body)


async def _in_plain_sql(
    connection: Connection, contest: Contest, counted: CountedOut, cutoff: Cutoff
) -> list[str]:
    said: list[str] = []
    people: Sequence[int] = sorted(counted.people)
    for mode in modes(contest.charter):
        if not networks(contest.charter, mode):
            continue
        recounted = await recount_contest(connection, terms(contest.charter, mode), people, cutoff)
        for person in people:
            mine, other = counted.values[mode][person], recounted[person]
            if (mine.value, mine.reached_at, mine.goals) != other:
                said.append(
                    f"Person {person} has {mine.value} for the {mode}; counted in plain SQL it is "
                    f"{other.value}."
                )
    return said


async def _awards(connection: Connection, contest: Contest, body: Mapping[str, Any]) -> list[str]:
    """Whether the awards first proposed are those of the decision."""
    rows = await connection.fetch(
        """select prize, bracket, person_id from award
           where contest_id = $1 and passed_from is null order by id""",
        contest.id,
    )
    proposed = sorted((row["prize"], row["bracket"] or 0, row["person_id"]) for row in rows)
    won = sorted((win["prize"], win["bracket"] or 0, win["person_id"]) for win in body["wins"])
    return [] if proposed == won else ["The awards are not those that were decided."]


async def _money(connection: Connection, contest: Contest) -> list[str]:
    """Each reservation of the contest from its transfers: what came in went out or is still held."""
    rows = await connection.fetch(
        """select r.id, b.name,
             sum(case when t.kind = 'reserve' then t.units else 0 end) as set_aside,
             sum(case when t.kind in ('post', 'void', 'expire', 'release') then t.units else 0 end)
               as gone,
             (array_agg(t.reservation_after order by t.id desc))[1] as held
           from reservation r join budget b on b.id = r.budget_id
           join transfer t on t.reservation_id = r.id
           where r.contest_id = $1 group by r.id, b.name order by r.id""",
        contest.id,
    )
    said = [
        f"The budget {row['name']} does not add up for this contest."
        for row in rows
        if row["set_aside"] - row["gone"] != row["held"]
    ]
    over = contest.happened("cancelled") or contest.happened("closed")
    if over and any(row["held"] for row in rows):
        said.append("The contest is over, and a budget still holds something for it.")
    return said


async def verify_draw(connection: Connection, slug: str) -> list[str]:
    """What differs when ties and draws are ordered again by the seed; none: everything agrees."""
    contest = await by_slug(connection, slug)
    body = await connection.fetchval("select body from decision where contest_id = $1", contest.id)
    if body is None:
        return ["This contest is not decided yet: its seed is still secret."]
    told = msgspec.json.decode(body)
    seed = bytes.fromhex(told["seed"])
    said = []
    if sha256(seed).hexdigest() != contest.charter.order_commitment:
        said.append(
            "The seed that was shown is not the one whose hash the charter published before the start."
        )
    counted = await count_out(
        connection,
        contest,
        facts_by=datetime.fromisoformat(told["facts_by"]),
        holds_by=datetime.fromisoformat(told["holds_by"]),
        at=datetime.fromisoformat(told["holds_by"]),
    )
    standings: Mapping[Mode, Any] = counted.standings
    outcome = decide(contest.charter, standings, seed)
    again = msgspec.json.decode(canonical([win_body(win) for win in outcome.wins]))
    return said + [
        f"Person {win['person_id']} would not have won prize {win['prize']} by this seed."
        for win in told["wins"]
        if win not in again
    ]
