"""What is found among many people of whom it is known who cheats: floors that chance cannot reach.

A detector that guessed would be right once in four times: so many of this population cheat.
"""

from __future__ import annotations

from functools import cache

import pytest

from scoring.cases.kinds import case_kinds
from scoring.integrity import Finding, detect, detectors
from seeds.cheats import KINDS, Measured, Population, measured, population

SEEDS = (11, 12, 13)
PEOPLE = 400  # with three groups of every kind and strength


@cache
def findings(seed: int) -> tuple[Population, list[Finding]]:
    made = population(PEOPLE, seed)
    return made, list(detect(made.happened()))


@cache
def found(seed: int) -> Measured:
    return measured(*findings(seed))


def test_every_kind_of_cheat_has_its_detector() -> None:
    assert set(KINDS) == set(detectors())


@pytest.mark.parametrize("seed", SEEDS)
def test_whom_the_detectors_find_cheated(seed: int) -> None:
    assert found(seed).precision() >= 0.95


@pytest.mark.parametrize("kind", KINDS)
def test_each_detector_is_right_and_finds_what_is_plain_and_most_of_what_is_careful(
    kind: str,
) -> None:
    results = [found(seed) for seed in SEEDS]
    assert min(one.precision(kind) for one in results) >= 0.85
    assert min(one.recall(kind, "plain") for one in results) >= 0.9
    careful = [one.recall(kind, "careful") for one in results]
    assert sum(careful) / len(careful) >= 0.6


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    "outlier", ["viral", "talk", "hashtag", "newcomer", "friends", "community"]
)
def test_honest_virality_is_never_held(seed: int, outlier: str) -> None:
    assert found(seed).standing_out(outlier) >= 3
    assert found(seed).harmed(outlier) == []


@pytest.mark.parametrize("seed", SEEDS)
def test_a_story_that_everybody_tells_in_their_own_words_is_no_copy(seed: int) -> None:
    told = found(seed).standing_out("story")
    assert told >= PEOPLE // 10
    assert len(found(seed).harmed("story")) <= told // 50


def test_the_same_seed_is_the_same_population_and_finds_the_same() -> None:
    again = population(PEOPLE, SEEDS[0])
    assert measured(again, detect(again.happened())) == found(SEEDS[0])


def test_a_finding_says_everything_that_its_kind_of_case_shows_and_no_text() -> None:
    made, listed = findings(SEEDS[0])
    texts = [text.text for text in made.happened().texts]
    for finding in listed:
        kind = case_kinds()[finding.kind]
        assert len(kind.seen(finding.evidence)) == len(kind.evidence)
        assert not any(text in f"{finding.reason}{finding.evidence}" for text in texts)


def test_a_finding_holds_what_was_done_to_its_person_and_nothing_of_anybody_else() -> None:
    made, listed = findings(SEEDS[0])
    happened = made.happened()
    whose = {act.id: person for person, acts in happened.received.items() for act in acts}
    whose |= {id: text.person_id for text in happened.texts for id in text.made_by}
    assert listed
    for finding in listed:
        assert {whose[id] for id in finding.hold} == {finding.person_id}
        assert len(set(finding.hold)) == len(finding.hold)
