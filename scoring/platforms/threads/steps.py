"""From nothing to the first event of Threads, in the words of Meta's app dashboard."""

from __future__ import annotations

from typing import Final

from scoring.platforms.steps import Step

STEPS: Final = (
    Step("At developers.facebook.com: *My Apps*, *Create App*, use case *Access the Threads API*."),
    Step(
        "*App settings*, *Basic*: copy the *Threads app secret*, not the *App secret* above it. "
        "Put it into the settings, choose words for the verify token, and have Fanfare read both "
        "(*Settings* on this page).",
        sets=("secret", "verify_token"),
    ),
    Step(
        "*Use cases*, *Threads*, *Webhooks*. Meta asks at once; Fanfare answers by itself.",
        copy=(("Callback URL", "{callback}"), ("Verify token", "{verify_token}")),
    ),
    Step(
        "*Subscribe* to `replies` and `delete` (topic *moderate*), `mentions` and `publish` "
        "(topic *interaction*)."
    ),
    Step(
        "Whoever holds the company’s account, and each colleague who agreed, signs in to the app "
        "with `threads_basic`, `threads_read_replies`, `threads_manage_mentions` and "
        "`threads_delete`."
    ),
    Step("Switch the app to *Live*; *Advanced access* needs *App Review* and a verified business."),
    Step("Reply to a post of one of those accounts."),
)
