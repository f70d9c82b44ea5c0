"""Rules and rulebooks: what is wrong in one is said with the rule's name; the versions' reigns."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.books import Books
from scoring.facts import Kind
from scoring.relation import Relation
from scoring.rules import RulebookInvalid, default_rulebook_toml, read_rulebook

ZONE = ZoneInfo("Europe/Berlin")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
WEDNESDAY = datetime(2026, 11, 4, 12, tzinfo=UTC)

GOOD = {
    "name": '"answered"',
    "when": '{ relation = "earned", kind = "reply" }',
    "credit": '"actor+post"',
    "per": '"day"',
    "steps": "[[10, 5], [20, 2]]",
}


def rule(**changed: str | None) -> str:
    lines = {**GOOD, **changed}
    return "[[rule]]\n" + "\n".join(f"{k} = {v}" for k, v in lines.items() if v is not None)


def test_the_default_rulebook_is_complete() -> None:
    rules = read_rulebook(default_rulebook_toml()).rules
    assert {one.relation for one in rules.values()} == set(Relation) - {Relation.PEER}
    assert all(one.label and one.capacity for one in rules.values())


@pytest.mark.parametrize(
    ("toml", "words"),
    [
        ("[[rule", "not readable as TOML"),
        ("", "list of"),
        ('title = "x"\n' + rule(), "nothing else"),
        (rule() + "\n" + rule(), "«answered» stands twice"),
        (rule(name=None), "rule 1: missing name"),
        (rule(steps=None), "«answered»: missing steps"),
        (rule(bonus="5"), "«answered»: unknown setting bonus"),
        (rule(name='"two words"'), "one word"),
        (rule(when='{ kind = "reply" }'), "when takes relation"),
        (rule(when='{ relation = "loved" }'), "'loved'"),
        (rule(when='{ relation = "earned", kind = "hug" }'), "'hug'"),
        (rule(when='{ relation = "earned", mood = "good" }'), "when takes relation"),
        (rule(credit='"actor+mood"'), "credit is made of"),
        (rule(credit='"actor+actor"'), "credit is made of"),
        (rule(per='"year"'), "per is one of"),
        (rule(repeat='"always"'), 'repeat is "never" or "window"'),
        (rule(steps="[]"), "steps is a list"),
        (rule(steps="[[0, 5]]"), "steps is a list"),
        (rule(steps="[[1, -5]]"), "steps is a list"),
        (rule(steps="[[1, 1.5]]"), "steps is a list"),
        (rule(steps="[[true, 5]]"), "steps is a list"),
        (rule(steps="[[1, 1001]]"), "steps is a list"),
        (rule(steps="[[501, 1]]"), "more than 500"),
        (rule(when='{ relation = "echo" }', credit='"topic"'), "echo is credited by"),
        (rule(when='{ relation = "authored" }', per='"post"'), "it is the post"),
    ],
)  # fmt: skip
def test_a_mistake_is_said_in_words(toml: str, words: str) -> None:
    with pytest.raises(RulebookInvalid) as refused:
        read_rulebook(toml)
    assert words in str(refused.value)


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(0, 9)), min_size=1, max_size=4))
def test_the_kth_key_earns_the_kth_step_and_then_nothing(steps: list[tuple[int, int]]) -> None:
    one = read_rulebook(rule(steps=str([list(step) for step in steps]))).rules["answered"]
    paid = [points for count, points in steps for _ in range(count)]
    assert [one.points_of(place) for place in range(len(paid))] == paid
    assert one.capacity == len(paid)
    assert one.points_of(len(paid)) == one.points_of(10_000) == 0


def books(*versions: tuple[str, datetime]) -> Books:
    read = [
        read_rulebook(toml, id=n, valid_from=at, recorded_at=EPOCH + timedelta(days=n))
        for n, (toml, at) in enumerate(versions, start=1)
    ]
    return Books(read, ZONE)


def ruled(found: Books, at: datetime, published_at: datetime | None = None) -> tuple[str, int]:
    ruling = found.ruling("answered", at, uuid4().hex, published_at)
    assert ruling is not None
    return ruling[1].name, ruling[2].id


def test_the_version_at_a_windows_start_rules_it_whole() -> None:
    found = books((rule(per='"week"'), EPOCH), (rule(per='"week"', steps="[[1, 1]]"), WEDNESDAY))
    assert ruled(found, WEDNESDAY + timedelta(days=1)) == ("week:2026-11-02", 1)
    assert ruled(found, WEDNESDAY + timedelta(days=7)) == ("week:2026-11-09", 2)


def test_a_correction_is_recorded_last_and_valid_from_the_past() -> None:
    found = books((rule(), EPOCH), (rule(), WEDNESDAY), (rule(), EPOCH))
    assert ruled(found, WEDNESDAY + timedelta(days=3))[1] == 3


def test_between_an_old_window_and_the_first_whole_new_one_the_old_version_goes_on() -> None:
    found = books((rule(), EPOCH), (rule(per='"week"'), WEDNESDAY))
    assert ruled(found, WEDNESDAY + timedelta(days=2)) == ("day:2026-11-06", 1)
    assert ruled(found, WEDNESDAY + timedelta(days=5)) == ("week:2026-11-09", 2)


def test_an_old_week_ends_before_the_new_days_begin() -> None:
    found = books((rule(per='"week"'), EPOCH), (rule(), WEDNESDAY))
    assert ruled(found, WEDNESDAY + timedelta(days=2)) == ("week:2026-11-02", 1)
    assert ruled(found, WEDNESDAY + timedelta(days=5)) == ("day:2026-11-09", 2)


def test_a_post_is_ruled_by_the_version_at_its_publication() -> None:
    found = books((rule(), EPOCH), (rule(per='"post"'), WEDNESDAY))
    later = WEDNESDAY + timedelta(days=3)
    assert ruled(found, later, WEDNESDAY - timedelta(days=1)) == ("day:2026-11-07", 1)
    name, version = ruled(found, later, WEDNESDAY + timedelta(days=1))
    assert (name.partition(":")[0], version) == ("post", 2)


def test_nothing_rules_before_the_first_version() -> None:
    found = books((rule(), WEDNESDAY))
    assert found.ruling("answered", WEDNESDAY - timedelta(days=1), None, None) is None
    assert found.ruling("answered", WEDNESDAY + timedelta(days=1), None, None) is not None
    assert found.ruling("unheard", WEDNESDAY, None, None) is None


def test_only_rules_that_could_take_a_deed_are_asked() -> None:
    found = books((default_rulebook_toml(), EPOCH))
    assert found.names_for(Relation.EARNED, Kind.REPLY) == ("answered", "new_voice")
    assert found.names_for(Relation.PEER, Kind.REPLY) == ()
