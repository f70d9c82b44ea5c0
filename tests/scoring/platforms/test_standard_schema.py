"""Law: the documented schema is the one deliveries are read by, and the page's examples hold to
it."""

import json
import re
from pathlib import Path

import pytest

from scoring.platforms import standard
from scoring.platforms.standard.events import EVENTS, schema
from tests.scoring.platforms.examples import adapted

FOLDER = Path(standard.__file__).parent
EXAMPLES = re.findall(r"```json\n(.*?)```", (FOLDER / "README.md").read_text(), re.DOTALL)


def test_the_schema_file_is_made_from_the_events() -> None:
    # After a deliberate change: python -m tests.scoring.platforms.examples
    assert json.loads((FOLDER / "events.schema.json").read_text()) == schema()


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_of_the_page_is_understood(example: str) -> None:
    assert adapted("standard", example.encode()).facts


def test_the_page_shows_every_event() -> None:
    assert {json.loads(example)["type"] for example in EXAMPLES} == set(EVENTS)
