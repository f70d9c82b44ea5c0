"""Where each detector begins to ask, and what explains the same thing honestly."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from scoring.described import by_name
from scoring.facts import Kind
from scoring.integrity import Finding, Happened, detectors
from scoring.integrity.detector import Detector, MalformedDetector
from scoring.integrity.happened import Act, Count, Written, by_person, met_in
from seeds.cheats.population import LONG_AGO, NOW

BEGIN = NOW - timedelta(days=28)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
POSTS = [Written(UUID(int=9_000 + n), BEGIN + n * DAY + timedelta(hours=9)) for n in range(28)]


def act(
    n: int, kind: Kind, at: datetime, outsider: int | None, person: int = 1, post: int = 0
) -> Act:
    who = None if outsider is None else UUID(int=outsider)
    return Act(UUID(int=n), kind, person, who, POSTS[post].post_id, at)


def find(
    name: str,
    received: Iterable[Act],
    answered: Iterable[Act] = (),
    *,
    linked_at: datetime = LONG_AGO,
    counts: Sequence[Count] = (),
) -> list[Finding]:
    acts = list(received)
    happened = Happened(
        now=NOW,
        received=by_person(acts),
        answered=by_person(answered),
        written={1: POSTS},
        linked_at={1: linked_at},
        met=met_in(acts),
        counts={1: [counts]} if counts else {},
    )
    return list(detectors()[name].find(happened))


def burst(
    count: int = 20, at: datetime = BEGIN + 20 * DAY, gap: timedelta = MINUTE / 3
) -> list[Act]:
    return [act(n, Kind.REPLY, at + n * gap, 100 + n) for n in range(1, count + 1)]


def test_a_burst_of_new_accounts_out_of_silence_is_found_once() -> None:
    (found,) = find("new_account_bursts", burst())
    assert found.evidence["accounts"] == 20
    assert len(found.hold) == 20


def test_a_crowd_with_a_tail_is_no_burst() -> None:
    at = BEGIN + 20 * DAY
    tail = [act(500 + n, Kind.REACTION, at + (30 + 8 * n) * MINUTE, 700 + n) for n in range(8)]
    assert find("new_account_bursts", burst() + tail) == []
    run_up = [act(500 + n, Kind.REACTION, at - (9 + 8 * n) * MINUTE, 700 + n) for n in range(8)]
    assert find("new_account_bursts", run_up + burst()) == []


def test_people_who_know_others_here_or_came_before_are_no_burst() -> None:
    elsewhere = [act(500 + n, Kind.REACTION, NOW - DAY, 100 + n, person=2) for n in range(1, 9)]
    assert find("new_account_bursts", burst() + elsewhere) == []
    before = [act(500 + n, Kind.REACTION, BEGIN + DAY * n, 100 + n) for n in range(1, 9)]
    assert find("new_account_bursts", before + burst()) == []


def test_a_crowd_that_may_still_grow_is_not_judged_and_neither_are_a_newcomers_friends() -> None:
    assert find("new_account_bursts", burst(at=NOW - timedelta(hours=1))) == []
    assert find("new_account_bursts", burst(), linked_at=BEGIN + 19 * DAY) == []
    assert find("new_account_bursts", burst(14)) == []


def days(gains: Sequence[int]) -> list[Count]:
    whole, counts = 1000, []
    for n, gained in enumerate(gains):
        whole += gained
        counts.append(Count(BEGIN + n * DAY, whole))
    return counts


QUIET = [2, 3, 1, 2, 4, 0, 2, 3, 1, 2, 2, 5, 1, 2, 3, 2, 1, 2, 3, 2]


def test_followers_out_of_all_proportion_are_found_against_the_accounts_own_past() -> None:
    counts = days([*QUIET, 120, 2, 1])
    (found,) = find("follower_spikes", [], counts=counts)
    assert (found.evidence["gained"], found.evidence["usual"]) == (120, 2)
    assert find("follower_spikes", [], counts=days([40 * n for n in QUIET] + [120])) == []
    assert find("follower_spikes", [], counts=days([*QUIET[:9], 120])) == []  # too young to say


def test_a_crowd_that_also_speaks_explains_its_followers() -> None:
    at = BEGIN + 20 * DAY
    voices = [act(n, Kind.MENTION, at + n * MINUTE, 100 + n) for n in range(1, 9)]
    assert find("follower_spikes", voices, counts=days([*QUIET, 120])) == []


def fan(share: float, person: int = 1, first: int = 1, who: int = 77) -> list[Act]:
    return [
        act(first + n, Kind.REPLY, post.at + 30 * MINUTE, who, person, n)
        for n, post in enumerate(POSTS[:24])
        if (n + 1) * share % 1 < share
    ]


def test_one_who_answers_everything_and_nobody_else_is_asked_about_and_a_friend_is_not() -> None:
    (found,) = find("answers_everything", fan(1.0))
    assert found.evidence["posts"] == 24
    assert find("answers_everything", fan(0.5)) == []
    assert find("answers_everything", fan(0.75)) == []
    assert find("answers_everything", [*fan(1.0), act(99, Kind.REACTION, NOW - DAY, 77, 2)]) == []
    assert find("answers_everything", fan(1.0)[:9]) == []


def circle(outsiders: int = 3, people: int = 2) -> tuple[list[Act], list[Act]]:
    received, answered = [], []
    for person in range(1, people + 1):
        for who in range(outsiders):
            for n in range(6):
                at = POSTS[n].at + who * MINUTE
                number = 10_000 * person + 100 * who + n
                received.append(act(number, Kind.REPLY, at, 50 + who, person, n))
                answered.append(act(number + 50, Kind.REPLY, at + MINUTE, 50 + who, person, n))
    return received, answered


def test_a_circle_needs_several_outside_several_here_and_answers_back() -> None:
    received, answered = circle()
    assert [one.person_id for one in find("closed_circles", received, answered)] == [1, 2]
    assert find("closed_circles", received) == []  # nobody answers them
    assert find("closed_circles", *circle(outsiders=2)) == []  # a couple
    assert find("closed_circles", *circle(people=1)) == []  # one person's friends
    assert find("closed_circles", *circle(people=5)) == []  # they know the company


def test_a_circle_in_which_people_also_talk_to_many_others_is_none() -> None:
    received, answered = circle()
    others = [
        act(70_000 + 100 * person + n, Kind.REPLY, POSTS[9].at + n * MINUTE, 9_000 + 100 * person + n, person)
        for person in (1, 2)
        for n in range(40)
    ]  # fmt: skip
    assert find("closed_circles", received + others, answered) == []


def clicks(gaps_s: Iterable[float], who: int | None = 5, post: int = 3) -> list[Act]:
    at, made = POSTS[post].at + timedelta(hours=1), []
    for n, gap in enumerate(gaps_s, start=1):
        at += timedelta(seconds=gap)
        made.append(act(n, Kind.CLICK, at, who, post=post))
    return made


def test_a_visitor_who_clicks_all_day_or_like_a_clock_is_none_and_a_reader_is() -> None:
    assert len(find("self_clicks", clicks([40, 900, 12, 77, 600, 3, 2000, 50]))) == 1
    assert len(find("self_clicks", clicks([600, 602, 598, 601, 600, 599, 603]))) == 1
    assert find("self_clicks", clicks([40, 900, 12])) == []


def test_many_readers_at_once_are_readers() -> None:
    crowd = [
        act(n, Kind.CLICK, POSTS[3].at + n * MINUTE / 60, 100 + n, post=3) for n in range(1, 400)
    ]
    assert find("self_clicks", crowd) == []
    nameless = [
        act(n, Kind.CLICK, POSTS[3].at + (n + 6) * MINUTE / 60, None, post=3) for n in range(90)
    ]
    assert find("self_clicks", nameless) == []


def test_previews_that_come_with_the_posting_and_an_author_who_checks_each_link_are_found() -> None:
    previews = [
        act(n, Kind.CLICK, POSTS[n % 28].at + timedelta(seconds=2), None, post=n % 28)
        for n in range(1, 9)
    ]
    (found,) = find("self_clicks", previews)
    assert len(found.hold) == 8
    checks = [act(n, Kind.CLICK, post.at + MINUTE, 5, post=n) for n, post in enumerate(POSTS[:9])]
    assert len(find("self_clicks", checks)) == 1
    assert find("self_clicks", checks[::2]) == []


def test_a_file_that_is_no_detector_stops_the_start_with_words() -> None:
    with pytest.raises(MalformedDetector, match="has no DETECTOR"):
        by_name("tests.scoring.integrity", [__file__.rpartition("/")[0]], Detector,
                word="detector", malformed=MalformedDetector)  # fmt: skip
