"""From nothing to the first event of Bluesky, which needs no app and no approval."""

from __future__ import annotations

from typing import Final

from scoring.platforms.steps import Step

STEPS: Final = (
    Step(
        "Choose a stream: any public *Jetstream* such as `wss://jetstream2.us-east.bsky.network`, "
        "or one of your own. Put its address into the settings; outgoing connections to it must "
        "be allowed.",
        sets=("stream",),
    ),
    Step("Start `fanfare listen` beside the other processes. Nothing comes in from outside."),
    Step(
        "Name the company’s account under *The company’s accounts*, by its handle or DID; colleagues "
        "link theirs under *Me*. Only what concerns linked accounts is kept, so without any nothing "
        "is heard."
    ),
    Step("Post something from a linked account. It comes within seconds."),
)
