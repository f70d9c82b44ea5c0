"""From nothing to the first event of YouTube, which needs no app at all."""

from __future__ import annotations

from typing import Final

from scoring.platforms.steps import Step

STEPS: Final = (
    Step(
        "No app and no key are needed to hear of new videos. Put a secret of your own into the "
        "settings and have Fanfare read them (*Settings* on this page): Google’s hub signs with it.",
        sets=("secret",),
    ),
    Step(
        "Name the company’s channel under *The company’s accounts* by its id, which begins with `UC` "
        "and stands in YouTube under *Settings*, *Advanced settings*. Fanfare asks Google’s hub for it; "
        "the hub asks back at this address, and is answered only for what Fanfare asked.",
        copy=(("hub.callback begins with", "{callback}"),),
    ),
    Step(
        "A subscription lasts five days and is asked for again before it ends. Publish a video, "
        "or change the title of one; it comes within minutes when Google’s hub is well."
    ),
)

REPLACING: Final = (
    "Put a new one in front of the old, with a space between: both are taken. The next "
    "subscription asks the hub to sign with the new one; drop the old one when the new one is the "
    "one that was used last, at the latest after five days."
)
