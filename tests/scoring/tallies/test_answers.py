"""Responses and answers: who counts, when, on which networks, and when a value is reached."""

from __future__ import annotations

from typing import Any

import pytest

from scoring.facts import Engagement, Figure, Kind, Post, Removal
from scoring.identity import account_id, engagement_id
from scoring.tallies import CountingTerms, TermsInvalid, tally
from tests.scoring.scene import (
    ANA,
    BEN,
    CEM,
    NETWORK,
    account,
    enrol,
    hour,
    own,
    raise_curtain,
    reply,
    share,
    tell,
)
from tests.scoring.tallies.contest import END, START, counted, ids, terms, value


async def test_a_person_counts_once_in_the_contest_and_once_a_post(connection: Any) -> None:
    await raise_curtain(connection)
    await tell(
        connection,
        reply("r1", "zoe", "ana", "p1", 1),
        reply("r2", "zoe", "ana", "p2", 2),
        reply("r3", "zoe", "ana", "p2", 3),
        share("q1", "yan", "ana", "p1", 4),
    )
    assert await value(connection, terms("responses")) == 2
    assert await value(connection, terms("answers")) == 3


async def test_everyone_asked_for_is_in_the_answer(connection: Any) -> None:
    await raise_curtain(connection)
    found = await tally(connection, terms("responses"), [BEN, CEM, ANA, BEN])
    assert {person: (one.value, one.reached_at, one.missing) for person, one in found.items()} == {
        ANA: (0, None, None), BEN: (0, None, None), CEM: (0, None, None),
    }  # fmt: skip
    assert await tally(connection, terms("responses"), []) == {}


async def test_the_start_counts_and_the_end_does_not(connection: Any) -> None:
    await raise_curtain(connection)
    await tell(
        connection,
        reply("before", "a", "ana", "p1", -0.01),
        reply("first", "b", "ana", "p1", 0),
        reply("last", "c", "ana", "p1", 167.99),
        reply("after", "d", "ana", "p1", 168),
    )
    found = await counted(connection, terms("responses"))
    assert found.value == 2
    assert ids(found.facts) == {
        str(engagement_id(NETWORK, Kind.REPLY, name, account("ana"))) for name in ("first", "last")
    }


async def test_who_answered_before_the_contest_may_answer_in_it(connection: Any) -> None:
    await raise_curtain(connection)
    await tell(
        connection,
        reply("r1", "zoe", "ana", "p1", -30),
        reply("r2", "zoe", "ana", "p1", 5),
    )
    assert await value(connection, terms("responses")) == 1
    assert await value(connection, terms("answers")) == 1


async def test_the_same_person_counts_in_each_of_two_contests(connection: Any) -> None:
    await raise_curtain(connection)
    await tell(connection, reply("r1", "zoe", "ana", "p1", 5), reply("r2", "zoe", "ana", "p2", 50))
    short = terms("responses", end_at=hour(24))
    overlapping = terms("responses", start_at=hour(3), end_at=hour(60))
    for contest in (short, overlapping, terms("responses")):
        assert await value(connection, contest) == 1


async def test_a_value_is_reached_when_its_last_new_person_answers(connection: Any) -> None:
    await raise_curtain(connection)
    await tell(
        connection,
        reply("r1", "zoe", "ana", "p1", 1),
        reply("r2", "yan", "ana", "p1", 9),
        reply("r3", "zoe", "ana", "p2", 20),
    )
    assert (await counted(connection, terms("responses"))).reached_at == hour(9)
    assert (await counted(connection, terms("answers"))).reached_at == hour(20)
    await tell(connection, Removal("r1"))  # zoe now answers first at 20
    found = await counted(connection, terms("responses"))
    assert (found.value, found.reached_at) == (2, hour(20))


async def test_only_the_contests_networks_are_seen(connection: Any) -> None:
    await raise_curtain(connection)
    await tell(connection, reply("r1", "zoe", "ana", "p1", 1))
    for metric in ("responses", "answers", "points"):
        assert await value(connection, terms(metric)) > 0
        elsewhere = terms(metric, platforms=frozenset({"mastodon"}))
        assert await value(connection, elsewhere) == 0
        assert await value(connection, terms(metric, platforms=frozenset())) == 0


async def test_a_key_that_an_unseen_network_shares_is_not_taken_by_it(connection: Any) -> None:
    """A day with a post counts once; what was written where prizes are barred is not that post."""
    await raise_curtain(connection)
    await _link_on_mastodon(connection)
    await tell(connection, Engagement(Kind.POST, "px", "ana", None, occurred_at=hour(1)))
    await _tell_on_mastodon(
        connection, Engagement(Kind.POST, "pm", "ana", None, occurred_at=hour(3))
    )
    seen = await counted(connection, terms("points", platforms=frozenset({"mastodon"})))
    assert (seen.value, seen.reached_at) == (4, hour(3))
    both = await counted(connection, terms("points", platforms=frozenset({"mastodon", NETWORK})))
    assert (both.value, both.reached_at) == (4, hour(1))


async def _link_on_mastodon(connection: Any) -> None:
    ana = account_id("mastodon", "ana")
    await connection.execute(
        "insert into account values ($1, 'mastodon', 'ana', $2)", ana, hour(-900)
    )
    await connection.execute(
        """insert into ownership (account_id, effective_at, person_id, company, counts, recorded_at)
           values ($1, $2, $3, false, 'every', $2)""",
        ana,
        hour(-900),
        ANA,
    )


async def _tell_on_mastodon(connection: Any, *facts: Any) -> None:
    from scoring.facts import Delivery, Telling
    from scoring.store import Told, store

    delivery = Delivery(10**6, "mastodon", "webhook", {}, b"", hour(400))
    async with connection.transaction():
        await store(connection, [Told(delivery, Telling.of(facts))], now=hour(400))


async def test_a_pause_counts_nothing_and_costs_nothing(connection: Any) -> None:
    await raise_curtain(connection)
    await enrol(connection, ANA, "paused", hour(10))
    await enrol(connection, ANA, "active", hour(30))
    await tell(
        connection,
        *(reply(f"r{n}", f"out{n}", "ana", "p1", at) for n, at in enumerate([5, 15, 29.9, 30])),
    )
    assert await value(connection, terms("responses")) == 2


async def test_an_account_unlinked_mid_way_keeps_what_it_had_and_gains_no_more(
    connection: Any,
) -> None:
    await raise_curtain(connection)
    await own(connection, "ana", None, hour(20))
    await tell(
        connection,
        reply("r1", "zoe", "ana", "p1", 19.9),
        reply("r2", "yan", "ana", "p1", 20),
        reply("r3", "xia", "ana2", "p9", 90),
    )
    assert await value(connection, terms("responses")) == 2


async def test_an_account_that_changes_hands_counts_for_who_had_it_then(connection: Any) -> None:
    await raise_curtain(connection)
    await own(connection, "ana2", BEN, hour(20), "every")
    await tell(
        connection, reply("r1", "zoe", "ana2", "p1", 5), reply("r2", "yan", "ana2", "p1", 50)
    )
    found = await tally(connection, terms("answers"), [ANA, BEN])
    assert (found[ANA].value, found[BEN].value) == (1, 1)


async def test_figures_never_stand_for_different_people(connection: Any) -> None:
    await raise_curtain(connection)
    await tell(
        connection,
        Post("p1", "ana", hour(-1)),
        reply("r1", "zoe", "ana", "p1", 1),
        Figure("p1", Kind.REPLY, 5, hour(4)),
    )
    assert await value(connection, terms("responses")) == 1
    found = await counted(connection, terms("answers"))
    assert (found.value, found.reached_at) == (5, hour(4))
    assert [fact.kind for fact in found.facts].count("figure") == 4
    assert {fact.platform for fact in found.facts} == {NETWORK}


async def test_most_improved_takes_off_the_equally_long_time_before(connection: Any) -> None:
    await raise_curtain(connection)
    await tell(
        connection,
        reply("r0", "zoe", "ana", "p1", -169),  # before both
        reply("r1", "yan", "ana", "p1", -100),  # 5, and 3 for somebody new
        reply("r2", "xia", "ana", "p1", 1),
        reply("r3", "wim", "ana", "p1", 2),
    )
    found = await counted(connection, terms("improved"))
    assert (found.value, found.reached_at) == (8, hour(2))
    assert sorted(fact.worth for fact in found.facts) == [-5, -3, 3, 3, 5, 5]
    quieter = terms("improved", start_at=hour(3), end_at=hour(6))
    assert (await counted(connection, quieter)).value == 0
    assert (await counted(connection, quieter)).reached_at is None


CAPPED = """
[[rule]]
name = "answered"
when = { relation = "earned", kind = "reply" }
credit = "actor+post"
per = "week"
steps = [[2, 5], [2, 1]]
"""


async def test_two_contests_in_one_week_share_its_steps(connection: Any) -> None:
    """The week's steps run on over a contest's edge, so that week and contests add up alike."""
    await raise_curtain(connection)
    await tell(connection, *(reply(f"r{n}", f"out{n}", "ana", "p1", n * 10) for n in range(6)))
    first = terms("points", rulebook=CAPPED, start_at=hour(-24), end_at=hour(15))
    second = terms("points", rulebook=CAPPED, start_at=hour(15), end_at=hour(100))
    assert await value(connection, first) == 10
    assert await value(connection, second) == 2
    inside = terms("points", rulebook=CAPPED, start_at=hour(5), end_at=hour(25))
    assert await value(connection, inside) == 5 + 1


async def test_a_later_version_of_the_rulebook_is_not_the_contests(connection: Any) -> None:
    from scoring.rulebooks import adopt_rulebook

    await raise_curtain(connection)
    await tell(connection, reply("r1", "zoe", "ana", "p1", 1))
    before = await counted(connection, terms("points"))
    await adopt_rulebook(
        connection, CAPPED.replace("5", "99"), name="correction", valid_from=hour(-900),
        recorded_at=hour(500),
    )  # fmt: skip
    assert await counted(connection, terms("points")) == before


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"metric": "shared"}, "cannot be about 'shared'; there are: points"),
        ({"metric": "glory"}, "cannot be about"),
        ({"end_at": START}, "ends after its start"),
        ({"start_at": START.replace(tzinfo=None)}, "time zone"),
        ({"metric": "points", "rulebook": None}, "needs the rulebook"),
    ],
)
def test_terms_that_cannot_be_counted_are_refused(change: dict[str, Any], complaint: str) -> None:
    usual = terms("responses", end_at=END)
    fields = {name: getattr(usual, name) for name in CountingTerms.__dataclass_fields__}
    with pytest.raises(TermsInvalid, match=complaint):
        CountingTerms(**(fields | change))
