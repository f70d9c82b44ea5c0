"""Topics of posts and what they are worth: by lists, by the author, by communications."""

from __future__ import annotations

import itertools
from collections.abc import Awaitable, Callable
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest

from scoring.accounts import NotYours
from scoring.explanation import explain
from scoring.facts import Post
from scoring.handing_in import hand_in
from scoring.one_person import same_person
from scoring.seen import all_seen
from scoring.topics.keeping import (
    TopicRefused,
    add_topic,
    change_topic,
    topics,
    topics_in_use,
)
from scoring.topics.marking import MOST_OF_A_POST, TopicNotSet, choose_topic, set_topic
from scoring.topics.past import give_to_past, hashtags_without_topic, would_find
from scoring.topics.posts import open_posts, own_posts, topic_counts
from scoring.topics.said import topics_of
from scoring.verify import verify
from tests.scoring.scene import (
    ANA,
    BEN,
    CEM,
    MONDAY,
    NOW,
    TAG,
    ZONE,
    by_rule,
    company_topics,
    count,
    hour,
    like,
    mark,
    points,
    post_id,
    raise_curtain,
    share,
    tell,
    totals,
    wrote,
)

VARIETY = """
[[rule]]
name = "variety"
label = "You wrote about different things"
when = { relation = "authored", kind = "post" }
credit = "topic"
per = "month"
steps = [[3, 4]]
repeat = "window"
[[rule]]
name = "safe"
when = { relation = "earned", kind = "reaction", topic = "safety" }
credit = "actor+post"
per = "week"
steps = [[5, 2]]
[[rule]]
name = "ever"
when = { relation = "authored", kind = "post" }
credit = "topic"
per = "day"
steps = [[3, 1]]
"""


@pytest.fixture
async def scene(connection: Any) -> Any:
    await raise_curtain(connection, toml=VARIETY)
    await company_topics(
        connection, safety=["#safety", "helmet"], garden=["#garden"], music=["Chor"], people=[]
    )
    return connection


async def writes(
    connection: Any, name: str, author: str, at: float, text: str | None = None, *tags: str
) -> None:
    """Somebody writes a post, and its network tells of it."""
    await tell(connection, wrote(name, author, at), Post(name, author, hour(at), text, topics=tags))


async def standing(connection: Any, name: str) -> dict[str, str]:
    found = await topics_of(connection, [post_id(name)])
    return {one.topic: one.source for one in found[post_id(name)] if one.stands}


async def agrees(connection: Any) -> None:
    """Plain SQL gives the same points, from the facts alone."""
    found = await verify(connection, zone=ZONE)
    assert not found.differences, found.differences


async def test_a_post_with_twenty_hashtags_is_paid_for_its_company_topics_only(scene: Any) -> None:
    tags = [f"tag{n}" for n in range(18)] + ["safety", "garden"]
    await writes(scene, "p1", "ana", 1, "hello", *tags)
    await count(scene)
    assert await by_rule(scene) == {"variety": 8, "ever": 2}
    assert await standing(scene, "p1") == {"garden": "hashtag", "safety": "hashtag"}
    kept = await scene.fetchval("select count(*) from mark where name = 'hashtag'")
    assert kept == 20  # they are kept as what they are
    await agrees(scene)


async def test_a_second_post_about_the_same_counts_again_only_next_month(scene: Any) -> None:
    await writes(scene, "p1", "ana", 1, "Mind your helmet", "safety")
    await writes(scene, "p2", "ana", 30, "A helmet again")
    await count(scene)
    assert (await by_rule(scene))["variety"] == 4
    await writes(scene, "p3", "ana", -60, "last month: a helmet")
    await count(scene)
    assert (await by_rule(scene))["variety"] == 8
    assert (await by_rule(scene))["ever"] == 1
    await agrees(scene)


async def test_taking_a_topic_off_takes_back_exactly_what_it_gave(scene: Any) -> None:
    await writes(scene, "p1", "ana", 1, "about the garden", "garden", "safety")
    await tell(scene, like("out1", "ana", "p1", 2), like("out2", "ana", "p1", 3))
    await count(scene)
    before, sums = await points(scene), await totals(scene)
    assert await by_rule(scene) == {"variety": 8, "ever": 2, "safe": 4}
    await choose_topic(scene, post_id("p1"), "safety", by=ANA, stands=False, now=NOW)
    await count(scene)
    assert await by_rule(scene) == {"variety": 4, "ever": 1}
    await agrees(scene)
    await choose_topic(scene, post_id("p1"), "safety", by=ANA, stands=True, now=NOW)
    await count(scene)
    assert await points(scene) == before
    assert await totals(scene) == sums
    await agrees(scene)


async def test_what_a_topic_took_the_place_of_counts_when_it_is_taken_off(scene: Any) -> None:
    """The first post about safety is none after all: the second one, days later, is the first."""
    await writes(scene, "p1", "ana", 1, "a helmet")
    await writes(scene, "p2", "ana", 50, "a helmet")
    await writes(scene, "p3", "ana", 51, "the garden", "garden")
    await count(scene)
    early = await points(scene)
    assert (ANA, "ever", hour(1).date()) in early
    await mark(scene, "p1", "handed_in")
    await set_topic(scene, post_id("p1"), "safety", by=BEN, stands=False, now=NOW)
    await count(scene)
    later = await points(scene)
    assert (ANA, "ever", hour(1).date()) not in later
    assert later[ANA, "ever", hour(50).date()] == 2
    assert (await by_rule(scene))["variety"] == 8
    await agrees(scene)


Step = Callable[[], Awaitable[Any]]


@pytest.mark.parametrize("order", list(itertools.permutations(range(4)))[::5])
async def test_any_order_of_deed_text_like_and_word_leaves_the_same(scene: Any, order: Any) -> None:
    steps: list[Step] = [
        lambda: tell(scene, wrote("p1", "ana", 1)),
        lambda: tell(scene, Post("p1", "ana", hour(1), "a helmet", topics=("garden",))),
        lambda: tell(scene, like("out1", "ana", "p1", 2)),
        lambda: _off(scene),
    ]
    for place in order:
        await steps[place]()
        await count(scene)
    await steps[1]()
    await count(scene)
    assert await by_rule(scene) == {"variety": 4, "ever": 1, "safe": 2}
    await agrees(scene)


async def _off(connection: Any) -> None:
    """Communications says that it is not about the garden, whenever its text comes."""
    await connection.execute(
        """insert into topic_mark
             (post_id, topic, source, word, stands, reason, person_id, effective_at, recorded_at)
           values ($1, 'garden', 'communications', null, false, null, $2, $3, $3)""",
        post_id("p1"),
        BEN,
        NOW,
    )
    await connection.execute(
        "insert into change (subject, subject_id) values ('post', $1)", post_id("p1")
    )


async def test_a_changed_list_holds_for_posts_from_then_on_and_moves_nothing_earlier(
    scene: Any,
) -> None:
    await writes(scene, "p1", "ana", 1, "compost")
    at = hour(40) + timedelta(seconds=20)
    changed = await change_topic(scene, "garden", "Garden", ["garden"], ["compost"], by=BEN, now=at)
    assert changed is not None
    assert changed.valid_from == hour(40) + timedelta(minutes=1)
    await writes(scene, "p2", "ana", 40.01, "compost")  # within the minute
    await writes(scene, "p3", "ana", 41, "compost")
    await tell(scene, Post("p1", "ana", hour(1), "compost"))  # told again, and late
    assert [bool(await standing(scene, name)) for name in ("p1", "p2", "p3")] == [
        False,
        False,
        True,
    ]
    again = await change_topic(scene, "garden", "Garden", ["#garden"], ["compost"], by=BEN, now=at)
    assert again is None


async def test_giving_it_to_the_past_is_said_with_a_reason_and_never_for_ones_own_post(
    scene: Any,
) -> None:
    await writes(scene, "p1", "ana", 1, "compost")
    await writes(scene, "p2", "ben", 2, f"compost {TAG}")
    await writes(scene, "p3", "ana", 3, "compost")
    await mark(scene, "p3", "handed_in")
    await set_topic(scene, post_id("p3"), "garden", by=BEN, stands=True, now=NOW)
    await set_topic(scene, post_id("p3"), "garden", by=BEN, stands=False, now=NOW)
    await change_topic(scene, "garden", "Garden", [], ["compost"], by=BEN, now=hour(200))
    list_ = next(one for one in await topics(scene) if one.topic == "garden")
    looked = await would_find(scene, list_, since=MONDAY, before=NOW)
    assert (looked.looked_at, looked.finds, looked.already) == (3, 3, 1)
    assert looked.words == {"compost": 3}
    # One of Ana's is opened by no deed.
    assert {post.post_id for post, _ in looked.examples} == {post_id("p2"), post_id("p3")}
    assert not await standing(scene, "p1")
    given = await give_to_past(scene, "garden", since=MONDAY, reason="Spring", by=BEN, now=NOW)
    assert given == (2, 1)  # the one that was taken off got the word, too, and stays off
    await count(scene)
    assert await standing(scene, "p1") == {"garden": "keyword"}
    assert not await standing(scene, "p2")
    assert not await standing(scene, "p3")
    assert (await by_rule(scene))["variety"] == 4
    told = await scene.fetchrow("select * from audit where action = 'topic_given_to_past'")
    assert told["person_id"] == BEN
    assert "Spring" in told["detail"]
    await agrees(scene)


async def test_an_author_says_at_most_three_and_only_of_their_own_post(scene: Any) -> None:
    await writes(scene, "p1", "ana", 1, "hello")
    post = post_id("p1")
    assert await choose_topic(scene, post, "people", by=ANA, stands=True, now=NOW)
    assert not await choose_topic(scene, post, "people", by=ANA, stands=True, now=NOW)
    for slug in ("garden", "music"):
        await choose_topic(scene, post, slug, by=ANA, stands=True, now=NOW)
    with pytest.raises(TopicNotSet, match="at most"):
        await choose_topic(scene, post, "safety", by=ANA, stands=True, now=NOW)
    assert len(await standing(scene, "p1")) == MOST_OF_A_POST
    await choose_topic(scene, post, "music", by=ANA, stands=False, now=NOW)
    await choose_topic(scene, post, "safety", by=ANA, stands=True, now=NOW)
    with pytest.raises(NotYours):
        await choose_topic(scene, post, "safety", by=BEN, stands=False, now=NOW)
    with pytest.raises(TopicNotSet, match="no such topic"):
        await choose_topic(scene, post, "tag1", by=ANA, stands=True, now=NOW)
    await count(scene)
    assert (await by_rule(scene))["variety"] == 12
    await agrees(scene)


async def test_nobody_decides_for_communications_about_a_post_of_their_own(scene: Any) -> None:
    await writes(scene, "p1", "ana", 1, "hello")
    for stands in (True, False):
        with pytest.raises(TopicNotSet, match="post of yours"):
            await set_topic(scene, post_id("p1"), "garden", by=ANA, stands=stands, now=NOW)
    await mark(scene, "p1", "handed_in")
    assert await set_topic(scene, post_id("p1"), "garden", by=BEN, stands=True, now=NOW)
    with pytest.raises(TopicNotSet, match="no such post"):
        await set_topic(scene, post_id("p9"), "garden", by=BEN, stands=True, now=NOW)
    [line] = await scene.fetch("select * from audit where action = 'topic_put_on'")
    assert (line["person_id"], line["subject"]) == (BEN, f"post:{post_id('p1')}")
    assert "communications" in line["detail"]


async def test_communications_says_nothing_of_a_post_that_was_opened_by_no_deed(scene: Any) -> None:
    await writes(scene, "p1", "ana", 1, "hello")
    for name in ("p1", "p9"):  # the answer does not tell whether there is such a post
        with pytest.raises(TopicNotSet, match="no such post of a colleague"):
            await set_topic(scene, post_id(name), "garden", by=BEN, stands=True, now=NOW)
    await mark(scene, "p1", "disclosed")
    assert await set_topic(scene, post_id("p1"), "garden", by=BEN, stands=True, now=NOW)


async def test_a_second_record_of_ones_own_decides_no_more_about_ones_posts(scene: Any) -> None:
    await writes(scene, "p1", "ana", 1, "a walk")
    async with scene.transaction():
        await same_person(scene, BEN, ANA, by=CEM, reason="imported twice", now=NOW)
    with pytest.raises(TopicNotSet, match="a post of yours"):
        await set_topic(scene, post_id("p1"), "garden", by=BEN, stands=True, now=NOW)
    given = await give_to_past(scene, "safety", since=MONDAY, reason="new", by=BEN, now=NOW)
    assert given[0] == 0


async def test_nobody_gives_topics_to_what_they_passed_on_of_the_company(scene: Any) -> None:
    await tell(scene, wrote("story", "acme", 1), share("s1", "ben", "acme", "story", 2))
    with pytest.raises(TopicNotSet, match="no such post of a colleague"):
        await set_topic(scene, post_id("story"), "garden", by=BEN, stands=True, now=NOW)


async def test_what_communications_took_off_its_author_does_not_put_on_again(scene: Any) -> None:
    await writes(scene, "p1", "ana", 1, "hello", "garden")
    await mark(scene, "p1", "handed_in")
    await set_topic(scene, post_id("p1"), "garden", by=BEN, stands=False, now=NOW)
    with pytest.raises(TopicNotSet, match="Communications took"):
        await choose_topic(scene, post_id("p1"), "garden", by=ANA, stands=True, now=NOW)
    await set_topic(scene, post_id("p1"), "garden", by=BEN, stands=True, now=NOW)
    assert await choose_topic(scene, post_id("p1"), "garden", by=ANA, stands=False, now=NOW)
    assert await choose_topic(scene, post_id("p1"), "garden", by=ANA, stands=True, now=NOW)


async def test_a_personal_post_without_a_word_about_the_company_counts_once_handed_in(
    scene: Any,
) -> None:
    """Design 5: a personal post needs no mention of the company, neither to count nor for its topic."""
    await writes(scene, "p1", "cem", 1, "Singing tonight: our Chor at the harbour")
    await writes(scene, "p2", "ben", 1, "Half marathon, knees: no comment", "garden")
    await count(scene)
    assert await by_rule(scene, CEM) == {}
    await hand_in(scene, CEM, "p1", NOW)
    await count(scene)
    assert await by_rule(scene, CEM) == {"variety": 4, "ever": 1}
    assert await by_rule(scene, BEN) == {}
    await agrees(scene)


async def test_a_personal_post_that_the_company_reshares_earns_from_then_on(scene: Any) -> None:
    await writes(scene, "p1", "cem", 1, "Mind your helmet on the bicycle")
    await tell(scene, share("s1", "acme", "cem", "p1", 10))
    await tell(scene, like("out1", "cem", "p1", 5), like("out2", "cem", "p1", 15))
    await count(scene)
    assert (await by_rule(scene, CEM))["safe"] == 2  # the like after the reshare
    await agrees(scene)


async def test_what_was_a_topic_before_goes_on_counting_and_can_be_taken_off(scene: Any) -> None:
    """An installation from before: hashtags were marked as topics, and rules paid for them."""
    await tell(scene, wrote("p1", "ana", 1), Post("p1", "ana", hour(1), "hi"))
    await mark(scene, "p1", "topic", "kitesurfing")
    await count(scene)
    assert (await by_rule(scene))["variety"] == 4
    await agrees(scene)
    await tell(scene, Post("p1", "ana", hour(1), "hi", topics=("kitesurfing", "more")))
    await count(scene)
    assert (await by_rule(scene))["variety"] == 4
    await choose_topic(scene, post_id("p1"), "kitesurfing", by=ANA, stands=False, now=NOW)
    await count(scene)
    assert "variety" not in await by_rule(scene)
    await agrees(scene)


async def test_a_topic_that_a_rule_named_before_has_its_hashtag_on_a_list(connection: Any) -> None:
    """What the migration does in an installation whose rules named hashtags."""
    toml = VARIETY.replace('"safety"', '["safety", "Never", "two words"]')
    await raise_curtain(connection, toml=toml)
    migration = import_module("scoring.piccolo_migrations.scoring_2026_11_22t21_00_00_000000")
    await migration.carry_over(connection)
    assert await topics_in_use(connection) == {"safety": "Safety"}
    await writes(connection, "p1", "ana", 1, "hi", "safety", "kite")
    await count(connection)
    assert await by_rule(connection) == {"variety": 4, "ever": 1}


async def test_an_explanation_names_the_topic_and_who_said_it(scene: Any) -> None:
    await writes(scene, "p1", "ana", 1, "Mind your helmet", "garden")
    await writes(scene, "p2", "ana", 3, "hello")
    await choose_topic(scene, post_id("p2"), "music", by=ANA, stands=True, now=NOW)
    await mark(scene, "p2", "handed_in")
    await set_topic(scene, post_id("p2"), "garden", by=BEN, stands=True, now=NOW)
    await tell(scene, like("out1", "ana", "p1", 2))
    await count(scene)
    [day] = await explain(scene, ANA, start_at=MONDAY, end_at=hour(20), zone=ZONE)
    told = {rule.rule: [line.about for line in rule.lines] for rule in day.rules}
    assert told["variety"] == [
        ("Your first post about Music that month: you said so.",),
        (
            "Your first post about Garden that month: it has #garden.",
            "Your first post about Safety that month: it says “helmet”.",
        ),
    ]
    assert told["safe"] == [("About Safety: it says “helmet”.",)]
    assert told["ever"][0] == ("Your first post about Music so far: you said so.",)
    seen = await all_seen(scene, ANA, ["topics"])
    assert {(row["topic"], row["source"]) for row in seen["topics"]} == {
        ("garden", "hashtag"), ("safety", "keyword"), ("music", "author"),
        ("garden", "communications"),
    }  # fmt: skip


async def test_two_topics_of_a_name_and_a_retired_one_are_told_apart(connection: Any) -> None:
    await raise_curtain(connection, toml=VARIETY)
    by = {"by": ANA, "now": hour(0)}
    await add_topic(connection, "Work & life", ["balance"], [], **by)
    for name in ("work & LIFE", "Work life", "Wörk & life"):
        with pytest.raises(TopicRefused, match="already"):
            await add_topic(connection, name, [], [], **by)
    with pytest.raises(TopicRefused, match="letters"):
        await add_topic(connection, "!", [], [], **by)
    await change_topic(connection, "work-life", "Work", [], [], active=False, by=ANA, now=hour(2))
    assert await topics_in_use(connection) == {}
    await writes(connection, "p1", "ana", 1, "hi", "balance")
    await writes(connection, "p2", "ana", 3, "hi", "balance")
    assert await standing(connection, "p1") == {"work-life": "hashtag"}
    assert await standing(connection, "p2") == {}
    with pytest.raises(TopicNotSet):
        await choose_topic(connection, post_id("p2"), "work-life", by=ANA, stands=True, now=NOW)
    with pytest.raises(TopicRefused, match="no such topic"):
        await change_topic(connection, "none", "None", [], [], by=ANA, now=NOW)


async def test_communications_looks_only_at_posts_that_were_opened_by_a_deed(scene: Any) -> None:
    await writes(scene, "p1", "ana", 1, "every post of mine counts")
    await writes(scene, "p2", "ben", 2, f"disclosed {TAG}", "kite", "safety")
    await writes(scene, "p3", "ben", 3, "my own business", "kite")
    await writes(scene, "p4", "cem", 4, "reshared", "kite")
    await tell(scene, share("s1", "acme", "cem", "p4", 5))
    seen = await open_posts(scene, since=MONDAY, before=NOW, limit=10)
    assert [one.post_id for one in seen] == [post_id("p4"), post_id("p2")]
    untold = await open_posts(scene, since=MONDAY, before=NOW, limit=10, untold=True)
    assert [one.post_id for one in untold] == [post_id("p4")]
    assert [one.post_id for one in await own_posts(scene, BEN, before=NOW, limit=9)] == [
        post_id("p3"), post_id("p2"),
    ]  # fmt: skip
    assert await topic_counts(scene, since=MONDAY) == {"safety": 1}
    tags = {"since": MONDAY, "limit": 5}
    assert await hashtags_without_topic(scene, known=["safety"], least=2, **tags) == [("kite", 2)]
    assert await hashtags_without_topic(scene, known=[], least=3, **tags) == []
