"""Who did it to whom, and what must not score. On the real database, by the one way through."""

from __future__ import annotations

from typing import Any

import pytest

from scoring.facts import Engagement, Fact, Kind, Post, Removal
from scoring.verify import verify
from tests.scoring.scene import (
    ANA,
    BEN,
    CEM,
    TAG,
    ZONE,
    by_rule,
    count,
    enrol,
    hold,
    hour,
    like,
    mark,
    own,
    points,
    raise_curtain,
    reply,
    share,
    tell,
    wrote,
)

FOLLOW = Engagement(Kind.FOLLOW, "out1>ana", "out1", "ana", occurred_at=hour(1))
MENTION = Engagement(Kind.MENTION, "m1", "out1", "ana", occurred_at=hour(1))

# One rule a relation, and one for colleagues, which no default rulebook pays.
TOML = "".join(
    f"""
[[rule]]
name = "{relation}"
when = {{ relation = "{relation}" }}
credit = "{credit}"
per = "week"
steps = [[9, 1]]
"""
    for relation, credit in {
        "earned": "actor+post",
        "conversed": "target+thread",
        "shared": "post",
        "reshared": "post",
        "echo": "actor+post",
        "authored": "post",
        "peer": "actor+post",
    }.items()
)

SHARED_BY_THE_COMPANY = (wrote("p1", "ana", 0), share("q1", "acme", "ana", "p1", 2))

RELATIONS: dict[str, tuple[int, str, tuple[Fact, ...]]] = {
    "an outsider answers an employee": (ANA, "earned", (reply("r1", "out1", "ana", "p1", 1),)),
    "an outsider follows an employee": (ANA, "earned", (FOLLOW,)),
    "an employee answers who answered them": (
        ANA, "conversed",
        (reply("r1", "out1", "ana", "p1", 1), reply("a1", "ana", "out1", "r1", 2)),
    ),
    "an employee answers who answered the company": (
        BEN, "conversed",
        (reply("r1", "out1", "acme", "story", 1), reply("a1", "ben", "out1", "r1", 2)),
    ),
    "an employee answers before it is known what they answered": (
        ANA, "conversed",
        (reply("a1", "ana", "out1", "r1", 2), reply("r1", "out1", "ana", "p1", 1)),
    ),
    "an employee quotes the company": (BEN, "shared", (share("q1", "ben", "acme", "story", 1),)),
    "the company quotes an employee": (ANA, "reshared", (share("q1", "acme", "ana", "p1", 1),)),
    "people applaud the company's quote": (
        ANA, "echo", (share("q1", "acme", "ana", "p1", 1), like("out1", "acme", "q1", 2)),
    ),
    "an employee writes": (ANA, "authored", (wrote("p1", "ana", 1),)),
    "a colleague answers": (ANA, "peer", (reply("r1", "ben", "ana", "p1", 1),)),
    "what a story-sharing post of theirs earns": (
        BEN, "earned",
        (share("p2", "ben", "acme", "story", 1), reply("r1", "out1", "ben", "p2", 2)),
    ),
    "what a disclosed post earns": (
        BEN, "earned",
        (Post("p2", "ben", hour(0), text=f"At work {TAG}"), reply("r1", "out1", "ben", "p2", 2)),
    ),
    "what a post earns after the company reshared it": (
        CEM, "earned",
        (share("q1", "acme", "cem", "p3", 1), reply("r1", "out1", "cem", "p3", 2)),
    ),
}  # fmt: skip


@pytest.mark.parametrize("law", RELATIONS)
async def test_who_did_it_to_whom_decides_whose_it_is(connection: Any, law: str) -> None:
    person, relation, facts = RELATIONS[law]
    await raise_curtain(connection, toml=TOML)
    await tell(connection, *facts)
    await count(connection)
    assert (await by_rule(connection, person)).get(relation) == 1
    assert (await verify(connection, zone=ZONE)).differences == []


NOTHING: dict[str, tuple[Fact, ...]] = {
    "a person who answers themselves": (reply("r1", "ana", "ana2", "p1", 1),),
    "an outsider who answers the company": (reply("r1", "out1", "acme", "story", 1),),
    "the company that answers itself": (reply("r1", "acme", "acme", "story", 1),),
    "the company that answers an outsider": (reply("r1", "acme", "out1", "x1", 1),),
    "what a post without disclosure earns": (reply("r1", "out1", "ben", "p2", 1),),
    "what a post that was not handed in earns": (reply("r1", "out1", "cem", "p3", 1),),
    "what a post earned before the company reshared it": (
        reply("r1", "out1", "cem", "p3", 1), share("q1", "acme", "cem", "p3", 2), Removal("q1"),
    ),
    "a talk to somebody who wrote to nobody here": (reply("a1", "ana", "out1", "x1", 1),),
    "an answer from nobody knows whom": (reply("r1", None, "ana", "p1", 1),),
    "an answer that was deleted": (reply("r1", "out1", "ana", "p1", 1), Removal("r1")),
    "an answer that was deleted before it was told": (
        Removal("r1"), reply("r1", "out1", "ana", "p1", 1),
    ),
    "an answer deleted by its other name": (
        reply("r1", "out1", "ana", "p1", 1, also=("r1-other",)), Removal("r1-other"),
    ),
    "applause for a reshare that was undone": (
        like("out1", "acme", "q1", 2), share("q1", "acme", "ana", "p1", 1), Removal("q1"),
    ),
    "applause for the company's own post": (wrote("s1", "acme", 0), like("out1", "acme", "s1", 2)),
}  # fmt: skip


@pytest.mark.parametrize("law", NOTHING)
async def test_nothing_is_earned_by(connection: Any, law: str) -> None:
    await raise_curtain(connection, toml=TOML)
    await tell(connection, *NOTHING[law])
    await count(connection)
    assert await points(connection) == {}
    assert (await verify(connection, zone=ZONE)).differences == []


async def test_a_colleague_is_worth_nothing_in_the_default_rulebook(connection: Any) -> None:
    await raise_curtain(connection)
    await tell(connection, reply("r1", "ben", "ana", "p1", 1), like("cem", "ana", "p1", 2))
    await count(connection)
    assert await points(connection) == {}


@pytest.mark.parametrize(
    ("state", "earned"), [("active", 1), ("paused", None), ("left", None)]
)  # fmt: skip
async def test_only_what_happens_while_taking_part_counts(
    connection: Any, state: str, earned: int | None
) -> None:
    await raise_curtain(connection, toml=TOML, enrolled=False)
    await enrol(connection, ANA, state, hour(2))
    await tell(connection, reply("r1", "out1", "ana", "p1", 1), reply("r2", "out2", "ana", "p1", 2))
    await count(connection)
    assert (await by_rule(connection)).get("earned") == earned


@pytest.mark.parametrize("late", [False, True], ids=["in time", "known late"])
async def test_only_what_happens_while_the_account_is_linked_counts(
    connection: Any, late: bool
) -> None:
    await raise_curtain(connection, toml=TOML, linked=False)
    facts = [reply(f"r{n}", f"out{n}", "ana", "p1", n) for n in range(1, 7)]
    if late:
        await tell(connection, *facts)
        await count(connection)
    await own(connection, "ana", ANA, hour(2))
    await own(connection, "ana", None, hour(4))
    if not late:
        await tell(connection, *facts)
    await count(connection)
    assert (await by_rule(connection)).get("earned") == 2  # of hours 2 and 3
    assert (await verify(connection, zone=ZONE)).differences == []


async def test_unlinking_never_takes_back_what_was_earned(connection: Any) -> None:
    await raise_curtain(connection, toml=TOML)
    await tell(connection, reply("r1", "out1", "ana", "p1", 1))
    await count(connection)
    await own(connection, "ana", None, hour(2))
    await count(connection)
    assert await by_rule(connection) == {"earned": 1}


async def test_an_outsider_who_turns_out_to_be_a_colleague_no_longer_counts(
    connection: Any,
) -> None:
    await raise_curtain(connection, toml=TOML, linked=False)
    await own(connection, "ana", ANA, hour(0))
    await tell(connection, reply("r1", "ben", "ana", "p1", 3))
    await count(connection)
    assert await by_rule(connection) == {"earned": 1}
    await own(connection, "ben", BEN, hour(2))
    await count(connection)
    assert await by_rule(connection) == {"peer": 1}
    assert (await verify(connection, zone=ZONE)).differences == []


async def test_handing_a_post_in_lets_it_count_from_its_beginning(connection: Any) -> None:
    await raise_curtain(connection, toml=TOML)
    await tell(connection, wrote("p3", "cem", 0), reply("r1", "out1", "cem", "p3", 1))
    await count(connection)
    assert await points(connection) == {}
    await mark(connection, "p3", "handed_in")
    await count(connection)
    assert await by_rule(connection, CEM) == {"authored": 1, "earned": 1}
    assert (await verify(connection, zone=ZONE)).differences == []


async def test_a_reshare_by_the_company_lets_a_post_count_from_then_on_until_it_is_undone(
    connection: Any,
) -> None:
    await raise_curtain(connection, toml=TOML)
    await tell(connection, *(reply(f"r{n}", f"out{n}", "cem", "p3", n) for n in (1, 3, 5)))
    await count(connection)
    await tell(connection, share("q1", "acme", "cem", "p3", 2))
    await count(connection)
    assert await by_rule(connection, CEM) == {"reshared": 1, "earned": 2}
    await tell(connection, Removal("q1"))
    await count(connection)
    assert await points(connection) == {}
    assert (await verify(connection, zone=ZONE)).differences == []


async def test_a_held_deed_counts_at_its_own_time_once_released(connection: Any) -> None:
    from scoring.identity import engagement_id
    from tests.scoring.scene import account

    await raise_curtain(connection, toml=TOML)
    deed = engagement_id("x", Kind.REPLY, "r1", account("ana"))
    await tell(connection, reply("r1", "out1", "ana", "p1", 1))
    await hold(connection, deed, True)
    await count(connection)
    assert await points(connection) == {}
    await hold(connection, deed, False)
    await count(connection)
    assert await points(connection) == {(ANA, "earned", hour(1).date()): 1}


async def test_a_better_time_moves_the_points_and_leaves_none_behind(connection: Any) -> None:
    await raise_curtain(connection)
    for at in (60, 30):
        await tell(connection, reply("r1", "out1", "ana", "p1", at))
        await count(connection)
    assert {day for _, _, day in await points(connection)} == {hour(30).date()}
    assert (await verify(connection, zone=ZONE)).differences == []


async def test_the_networks_time_is_believed_before_ours(connection: Any) -> None:
    await raise_curtain(connection)
    untimed = Engagement(Kind.REPLY, "r1", "out1", "ana", post="p1")
    await tell(connection, untimed, received_at=hour(30))
    await count(connection)
    await tell(connection, reply("r1", "out1", "ana", "p1", 60))
    await tell(connection, untimed, received_at=hour(100))
    await count(connection)
    assert {day for _, _, day in await points(connection)} == {hour(60).date()}


async def test_a_key_of_two_accounts_of_one_person_counts_once(connection: Any) -> None:
    await raise_curtain(connection)
    await tell(
        connection, reply("r1", "out1", "ana", "p1", 1), reply("r2", "out1", "ana2", "p9", 200)
    )
    await count(connection)
    assert (await by_rule(connection))["new_voice"] == 3  # the same new voice, weeks apart
    await tell(connection, Removal("r1"))
    await count(connection)
    assert (await by_rule(connection))["new_voice"] == 3  # now in the later week
    assert (await verify(connection, zone=ZONE)).differences == []
