"""From nothing to the first event of a Facebook page, in the words of Meta's app dashboard."""

from __future__ import annotations

from typing import Final

from scoring.platforms.steps import Step

STEPS: Final = (
    Step("At developers.facebook.com: *My Apps*, *Create App*, type *Business*."),
    Step(
        "*App settings*, *Basic*, *App secret*, *Show*. Put it into the settings, choose words "
        "for the verify token, and have Fanfare read both (*Settings* on this page).",
        sets=("secret", "verify_token"),
    ),
    Step(
        "*Add product*, *Webhooks*, choose *Page*, *Subscribe to this object*, with *Include "
        "values* on. The certificate of the address must be a public one. Meta asks at once; "
        "Fanfare answers by itself.",
        copy=(("Callback URL", "{callback}"), ("Verify token", "{verify_token}")),
    ),
    Step("In the list of *Page* fields, *Subscribe* to `feed` and to `mention`."),
    Step(
        "Somebody who manages the page signs in to the app with `pages_show_list`, "
        "`pages_manage_metadata`, `pages_read_engagement` and `pages_read_user_content`. Then, "
        "with the page’s token and number:",
        copy=(
            (
                "POST",
                "https://graph.facebook.com/PAGE-ID/subscribed_apps?subscribed_fields=feed,mention",
            ),
        ),
    ),
    Step(
        "Switch the *App Mode* to *Live*. For people who have no role in the app the permissions "
        "need *App Review*; until then what they do is not told."
    ),
    Step("Answer a post of the page with a test account that has a role in the app."),
)
