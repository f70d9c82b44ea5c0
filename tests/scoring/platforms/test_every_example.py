"""Law: every example in a platform's folder tells exactly what stands beside it."""

import json
from pathlib import Path

import pytest

from scoring.platforms import platform, platforms
from tests.scoring.platforms.examples import adapted, examples, expected, written

EXAMPLES = examples()


@pytest.mark.parametrize(
    ("name", "path"), EXAMPLES, ids=[f"{name}-{path.stem}" for name, path in EXAMPLES]
)
def test_an_example_tells_what_is_written_beside_it(name: str, path: Path) -> None:
    assert written(adapted(name, path.read_bytes())) == json.loads(expected(path).read_text())


@pytest.mark.parametrize("name", sorted(platforms()))
def test_a_platform_has_examples_of_every_kind_it_says_it_tells(name: str) -> None:
    told = {
        fact["kind"]
        for of, path in EXAMPLES
        if of == name
        for fact in json.loads(expected(path).read_text())["facts"]
        if fact["fact"] == "engagement"
    }
    declared = {str(kind) for kind in platform(name).capabilities.told}
    # The company's own systems may tell any kind in one and the same form.
    assert told == declared or (name == "standard" and told <= declared)
    assert told


@pytest.mark.parametrize("name", sorted(platforms()))
def test_a_platform_says_what_may_be_won_why_and_where_that_is_written(name: str) -> None:
    network = platform(name)
    assert network.incentive.reason
    assert network.incentive.source.startswith("https://")
    assert network.raw_ttl_days > 0
    assert network.capabilities.freshness
    assert network.capabilities.sureness
