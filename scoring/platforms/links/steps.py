"""From nothing to the first opening of a tracked link."""

from __future__ import annotations

from typing import Final

from scoring.platforms.steps import Step

STEPS: Final = (
    Step(
        "Nothing is to be created anywhere. Let visitors reach addresses that begin like this "
        "from outside:",
        copy=(("Addresses", "{base}/s/"),),
    ),
    Step(
        "Set `FANFARE_OFFICE_NETWORKS` to the company’s own networks, so that colleagues who try "
        "a link at work do not count."
    ),
    Step("Make a link under *Me*, *My links*, and open it from a telephone outside the office."),
)
