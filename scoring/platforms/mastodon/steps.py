"""From nothing to the first event of a Mastodon server, in the words of its administration."""

from __future__ import annotations

from typing import Final

from scoring.platforms.steps import Step

STEPS: Final = (
    Step(
        "Set the name of the server whose accounts are yours: the part after `@` in your handles, "
        "such as `social.example`.",
        sets=("server",),
    ),
    Step(
        "As an administrator of that server: *Preferences*, *Administration*, *Webhooks*, *Add "
        "endpoint*, with the events `status.created` and `status.updated` and the template left "
        "as it is.",
        copy=(("Endpoint URL", "{callback}"),),
    ),
    Step(
        "Open the new webhook and copy its *Signing secret*. Put it into the settings and have "
        "Fanfare read them (*Settings* on this page).",
        sets=("secret",),
    ),
    Step(
        "Or without an administrator: in the company's own account, *Preferences*, *Development*, *New "
        "application*, with the scopes `read:accounts`, `read:statuses` and `read:notifications`. Open it, "
        "copy *Your access token*, put it before the server as in `https://TOKEN@social.example`, and start "
        "`fanfare listen`. Several accounts, at any servers, stand between spaces.",
        sets=("stream",),
    ),
    Step(
        "No account of the company's there? Then colleagues link their accounts with consent, and "
        "Fanfare listens to their notifications (`fanfare listen`); nothing is to be created "
        "anywhere."
    ),
    Step(
        "Anybody may run a server and make up who follows there. Name the servers whose accounts may be "
        "linked, with spaces between; where none is named, all are.",
        sets=("hosts",),
    ),
    Step("Post something publicly from an account of that server."),
)

REPLACING: Final = (
    "Open the webhook in the administration, *Rotate secret*, and put the new one in front of the "
    "old, with a space between: both are taken. The server repeats what was refused meanwhile."
)
