"""Where prizes are at stake, what is about the company counts only with the disclosure."""

from __future__ import annotations

from typing import Any

import pytest

from scoring.facts import Engagement, Fact, Kind, Post
from tests.scoring.scene import BEN, CEM, TAG, hour, mark, raise_curtain, reply, share, tell
from tests.scoring.tallies.contest import terms, value

PRIZES = {"needs_disclosure": True}
ANSWER = reply("r1", "zoe", "ana", "p1", 5)


def mentioning(post: str) -> Fact:
    """Ana's post mentions the company."""
    return Engagement(Kind.MENTION, post, "ana", "acme", post=post, occurred_at=hour(0))


@pytest.mark.parametrize(
    ("law", "facts", "marks", "worth"),
    [
        ("a personal post needs none", [], [], 1),
        ("a personal post that was handed in needs none", [], ["handed_in"], 1),
        ("a post that mentions the company does", [mentioning("p1")], [], 0),
        ("quoting the company does", [share("p1", "ana", "acme", "story", 0)], [], 0),
        ("answering the company does", [reply("p1", "ana", "acme", "story", 0)], [], 0),
        ("sharing a story does", [], ["story"], 0),
        ("handing it in is not disclosing it", [mentioning("p1")], ["handed_in"], 0),
        ("disclosed, it counts", [mentioning("p1")], ["disclosed"], 1),
        ("a disclosed story counts", [], ["story", "disclosed"], 1),
        (
            "the tag in its text discloses",
            [mentioning("p1"), Post("p1", "ana", hour(0), text=f"we are hiring {TAG}")],
            [],
            1,
        ),
        (
            "that the company reshared it discloses nothing",
            [mentioning("p1"), share("q1", "acme", "ana", "p1", 1)],
            [],
            0,
        ),
    ],
)
async def test_answers_count_on_disclosed_and_on_personal_posts(
    connection: Any, law: str, facts: list[Fact], marks: list[str], worth: int
) -> None:
    await raise_curtain(connection)
    await tell(connection, ANSWER, *facts)
    for name in marks:
        await mark(connection, "p1", name)
    for metric in ("responses", "answers"):
        assert await value(connection, terms(metric, **PRIZES)) == worth, law
        assert await value(connection, terms(metric)) == 1  # boards and recognition do not ask


async def test_what_a_person_says_of_the_company_counts_once_it_is_disclosed(
    connection: Any,
) -> None:
    await raise_curtain(connection)
    await tell(connection, share("q1", "ben", "acme", "story", 1))  # 8 for a story shared
    assert await value(connection, terms("points"), BEN) == 8
    assert await value(connection, terms("points", **PRIZES), BEN) == 0
    await mark(connection, "q1", "disclosed")
    assert await value(connection, terms("points", **PRIZES), BEN) == 8


async def test_followers_and_mentions_by_others_need_no_disclosure(connection: Any) -> None:
    await raise_curtain(connection)
    await tell(
        connection,
        Engagement(Kind.FOLLOW, "zoe>ana", "zoe", "ana", occurred_at=hour(1)),
        Engagement(Kind.MENTION, "m1", "yan", "ana", post="elsewhere", occurred_at=hour(2)),
    )
    assert await value(connection, terms("points", **PRIZES)) == 1 + 3


async def test_applause_for_the_companys_reshare_follows_the_reshared_post(
    connection: Any,
) -> None:
    await raise_curtain(connection)
    await tell(
        connection,
        share("q1", "acme", "ana", "p1", 1),  # 40 for being shared
        reply("r1", "zoe", "acme", "q1", 2),  # 1 of applause
    )
    assert await value(connection, terms("points", **PRIZES)) == 41
    await tell(connection, mentioning("p1"))
    assert await value(connection, terms("points", **PRIZES)) == 0
    await mark(connection, "p1", "disclosed")
    assert await value(connection, terms("points", **PRIZES)) == 41


async def test_what_a_person_lets_count_still_holds(connection: Any) -> None:
    await raise_curtain(connection)
    await tell(
        connection,
        reply("r1", "zoe", "ben", "pb", 1),
        reply("r2", "zoe", "cem", "pc", 1),
    )
    await mark(connection, "pc", "disclosed")
    for person in (BEN, CEM):
        assert await value(connection, terms("responses", **PRIZES), person) == 0
    await mark(connection, "pb", "handed_in")
    await mark(connection, "pc", "handed_in")
    for person in (BEN, CEM):
        assert await value(connection, terms("responses", **PRIZES), person) == 1
