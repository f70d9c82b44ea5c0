"""From nothing to the first event of one of the company's own systems."""

from __future__ import annotations

from typing import Final

from scoring.platforms.steps import Step

STEPS: Final = (
    Step(
        "Put a secret into the settings and have Fanfare read them (*Settings* on this page); the "
        "sending system gets the same one.",
        sets=("secret",),
    ),
    Step(
        "The sending system posts events to this address, signed by *Standard Webhooks*; there "
        "are libraries for most languages.",
        copy=(
            ("Address", "{callback}"),
            (
                "A body, for example",
                '{"type": "post.published", "timestamp": "2026-09-01T08:15:30Z", "data": {"id": '
                '"intranet-4711", "author": "e-42", "text": "Our pump is out", "url": '
                '"https://intranet.example/posts/4711"}}',
            ),
        ),
    ),
    Step(
        "`author`, `actor` and `target` are the names by which people link themselves under *Me*; you "
        "confirm each under *Accounts*. The page of this network in the folder "
        "`scoring/platforms/standard` has every event."
    ),
    Step("Send one event. It comes at once."),
)

REPLACING: Final = (
    "Put a new one in front of the old, with a space between: both are taken. Then give the new "
    "one to the sending system, and drop the old one when the new one is the one that was used "
    "last."
)
