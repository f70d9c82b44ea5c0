"""What consent at Facebook, Instagram and Threads shares: short tokens that are exchanged for long ones,
errors with a number.

Source: developers.facebook.com/docs/facebook-login/guides/access-tokens, read 2026-11-22.
"""

from __future__ import annotations

from urllib.parse import urlencode

from scoring.platforms.asking import Ask
from scoring.platforms.consent import Client, Consent, Said
from scoring.platforms.platform import Secrets, Wanted

APP_ID = Wanted("app_id", "the app’s number, under which people let Fanfare see their accounts")
_NO_GOOD = frozenset({"190", "invalid_grant"})  # 190: over, or taken back


class MetaConsent(Consent):
    """A product of Meta."""

    separator = ","

    def client(self, secrets: Secrets) -> Client | None:
        """The app's secret signs webhooks too."""
        id_, secret = secrets.one("app_id"), secrets.one("secret")
        return Client(id_, secret) if id_ and secret else None

    def ends(self, code: str, said: Said) -> bool:
        """Error 190."""
        return code in _NO_GOOD


def exchange(address: str, **values: str) -> Ask:
    """A token for a token; Meta takes the values of this request in its address only."""
    return Ask(f"{address}?{urlencode(values)}")
