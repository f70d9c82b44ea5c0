"""A server of Mastodon's on this machine, as far as anyone can ask it without signing in."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from urllib.parse import parse_qs

from tests.app.going_out.server import Heard, Serving, answer


@dataclass
class Social(Serving):
    """The server of social.example: profiles by name, their bio and their fields as HTML."""

    bios: dict[str, str] = field(default_factory=dict)
    fields: dict[str, list[str]] = field(default_factory=dict)
    away: bool = False

    def told(self, heard: Heard) -> bytes:
        """Webfinger, and the lookup of an account."""
        if self.away:
            return answer(503)
        asked = parse_qs(heard.target.partition("?")[2])
        if heard.path == "/.well-known/webfinger":
            return self._finger(asked.get("resource", [""])[0])
        if heard.path == "/api/v1/accounts/lookup":
            return self._profile(asked.get("acct", [""])[0])
        return super().told(heard)

    def _finger(self, resource: str) -> bytes:
        user = resource.removeprefix("acct:").partition("@")[0]
        links = [
            {
                "rel": "self",
                "type": "application/activity+json",
                "href": f"https://social.example/users/{user}",
            }
        ]
        return _json({"subject": resource, "links": links})

    def _profile(self, handle: str) -> bytes:
        user = handle.removesuffix("@social.example")
        if user not in self.bios and user not in self.fields:
            return answer(404, body=b"{}")
        fields = [{"name": "Web", "value": value} for value in self.fields.get(user, [])]
        return _json({"acct": user, "note": self.bios.get(user, ""), "fields": fields})


def _json(said: object) -> bytes:
    return answer(200, {"Content-Type": "application/json"}, json.dumps(said).encode())
