"""From nothing to the first event of Instagram, in the words of Meta's app dashboard."""

from __future__ import annotations

from typing import Final

from scoring.platforms.steps import Step

STEPS: Final = (
    Step("At developers.facebook.com: *My Apps*, *Create App*, type *Business*."),
    Step(
        "*Add product*, *Instagram*, *API setup with Instagram login*: copy the *Instagram app "
        "secret* (with *Facebook login* it is the *App secret* under *App settings*, *Basic*). "
        "Put it into the settings, choose words for the verify token, and have Fanfare read both "
        "(*Settings* on this page).",
        sets=("secret", "verify_token"),
    ),
    Step(
        "In the same place, *Configure webhooks*. Meta asks at once; Fanfare answers by itself.",
        copy=(("Callback URL", "{callback}"), ("Verify token", "{verify_token}")),
    ),
    Step("*Subscribe* to the fields `comments` and `mentions`."),
    Step(
        "Each account must be a professional one (in the Instagram app: *Settings*, *Account type "
        "and tools*). Its owner signs in to the app; then, with that account’s token:",
        copy=(
            (
                "POST",
                "https://graph.instagram.com/me/subscribed_apps?subscribed_fields=comments,mentions",
            ),
        ),
    ),
    Step(
        "*Advanced access* and a verified business are needed for accounts without a role in the "
        "app."
    ),
    Step("Comment on a post of that account with another one."),
)
