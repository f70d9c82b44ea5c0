"""From nothing to the first event of a LinkedIn page, in the words of its developer portal."""

from __future__ import annotations

from typing import Final

from scoring.platforms.steps import Step

STEPS: Final = (
    Step(
        "At linkedin.com/developers: *Create app*, choose the company’s page, and have an "
        "administrator of the page press *Verify*."
    ),
    Step(
        "Tab *Products*: *Request access* to *Community Management API*. LinkedIn looks into it; "
        "that takes days."
    ),
    Step(
        "Tab *Auth*: copy the *Primary Client Secret*. Put it into the settings and have Fanfare "
        "read them (*Settings* on this page).",
        sets=("client_secret", "signature"),
    ),
    Step(
        "Tab *Webhooks*: *Create webhook*. LinkedIn asks at once, and again every two hours; "
        "Fanfare answers by itself. After three failures LinkedIn blocks the address until "
        "somebody starts it again there.",
        copy=(("Webhook URL", "{callback}"),),
    ),
    Step(
        "An administrator of the page signs in to the app with `rw_organization_admin`. Then "
        "subscribe to what happens on the page:",
        copy=(
            (
                "PUT",
                "https://api.linkedin.com/rest/eventSubscriptions/(developerApplication:urn:li:developerApplication:APP,user:urn:li:person:PERSON,entity:urn:li:organization:PAGE,eventType:ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS)",
            ),
            ("with this body", '{"webhook": "{callback}"}'),
        ),
    ),
    Step(
        "The subscription ends without a word when that person is no longer an administrator of "
        "the page. Look here when it falls silent."
    ),
    Step("Comment on a post of the page."),
)

REPLACING: Final = (
    "Tab *Auth*: *Generate a new Client Secret* makes a second one. Put it in front of the first, "
    "with a space between: both are taken. What is refused meanwhile LinkedIn repeats every five "
    "minutes for eight hours. Remove the old one on both sides when the new one is the one that "
    "was used last."
)
