"""From nothing to the first event of X, in the words of its developer console."""

from __future__ import annotations

from typing import Final

from scoring.platforms.steps import Step

STEPS: Final = (
    Step(
        "At developer.x.com open the *Developer Console* and create a project with an *App*. "
        "Events by webhook are charged for; set a spending limit there first."
    ),
    Step(
        "In the app, *Keys and tokens*, *OAuth 2.0 Client ID and Client Secret*: copy the *Client "
        "Secret*. Put it into the settings and have Fanfare read them (*Settings* on this page).",
        sets=("client_secret",),
    ),
    Step(
        "Only for the older Account Activity API: under *Consumer Keys* copy the *API Key "
        "Secret*, too.",
        sets=("consumer_secret", "crc_key"),
    ),
    Step(
        "Tell X where to send, with the app’s *Bearer Token*. The address must be https without a "
        "port. X asks at once whether it is yours (*CRC*); Fanfare answers by itself.",
        copy=(
            (
                "In a terminal, with the token in place of TOKEN; keep the id of the answer",
                "curl -X POST https://api.x.com/2/webhooks -H 'Authorization: Bearer TOKEN' "
                "-H 'Content-Type: application/json' -d '{\"url\": \"{callback}\"}'",
            ),
        ),
    ),
    Step(
        "Subscribe, once for each account and kind of event: for the company’s account "
        "`post.create` and `post.delete`; for each colleague who agreed also "
        "`post.mention.create`, `post.reply.create`, `post.quote.create`, `post.repost.create`, "
        "`like.create`, `follow.follow` and `follow.unfollow`.",
        copy=(
            (
                "Such as, with the account’s number in place of NUMBER and that id in place of ID",
                "curl -X POST https://api.x.com/2/activity/subscriptions -H 'Authorization: Bearer "
                "TOKEN' -H 'Content-Type: application/json' -d '{\"event_type\": \"post.create\", "
                '"filter": {"user_id": "NUMBER"}, "webhook_id": "ID", "tag": '
                '"company"}\'',
            ),
        ),
    ),
    Step("Post something from the company’s account. It comes within seconds."),
)

REPLACING: Final = (
    "While one is replaced, put both into the setting, the new one first: both are taken. X "
    "itself changes at once, so *Regenerate* it there and set it here within minutes: what was "
    "refused in between X repeats for about four minutes, and sends once more when asked by `POST "
    "/2/webhooks/replay`."
)
