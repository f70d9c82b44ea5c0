"""What a prize's line is called."""

from __future__ import annotations

import pytest

from app.pages.contest_editor.rows import Rows


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ({"for": "place", "from": "1", "to": "1"}, "1st"),
        ({"for": "place", "from": "2", "to": ""}, "2nd"),
        ({"for": "place", "from": "2", "to": "4"}, "2nd to 4th"),
        ({"for": "place", "from": "first"}, "A place"),
        ({"for": "reach", "reach": "25"}, "Everyone who reaches 25"),
        ({"for": "reach"}, "Everyone who reaches …"),
        ({"for": "draw", "reach": "5"}, "Drawn among those who reach 5"),
    ],
)
def test_a_prize_is_called_by_how_it_is_won(typed: dict[str, str], title: str) -> None:
    form = {f"prize_1_{name}": value for name, value in typed.items()}
    assert Rows.of(form).title(1) == title


def test_something_wrong_in_the_folded_settings_unfolds_them() -> None:
    assert Rows.of({}, wrong={"settle_hours": "!"}).further_wrong
    assert not Rows.of({}, wrong={"name": "!"}).further_wrong
