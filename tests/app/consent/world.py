"""The networks' authorization servers, on loopback: one real HTTP server that answers for every host of
theirs, in each one's own shapes, with its own errors. Nothing of Fanfare's is used by it.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

HOSTS = {
    "x.com": "x", "api.x.com": "x",
    "www.linkedin.com": "linkedin", "api.linkedin.com": "linkedin",
    "www.facebook.com": "facebook", "graph.facebook.com": "facebook",
    "www.instagram.com": "instagram", "api.instagram.com": "instagram",
    "graph.instagram.com": "instagram",
    "threads.net": "threads", "graph.threads.net": "threads",
    "accounts.google.com": "youtube", "oauth2.googleapis.com": "youtube",
    "www.googleapis.com": "youtube",
    "social.example": "mastodon", "other.example": "mastodon",
    # Handles of one server's people, and the server that keeps them.
    "split.example": "nobody", "kept.example": "mastodon",
}  # fmt: skip
CLIENT = ("fanfare-app", "the app's secret")
PROOF = {"x", "youtube", "mastodon", "facebook"}
RENEWS = {"x", "youtube", "instagram", "threads"}


@dataclass(frozen=True)
class Somebody:
    """Who is signed in at a network."""

    id: str
    name: str


@dataclass
class Grant:
    """What somebody gave, and which of its tokens work."""

    network: str
    who: Somebody
    scopes: list[str]
    redirect: str
    challenge: str | None
    host: str
    access: str = ""
    refresh: str = ""
    short: str = ""
    dead: bool = False


@dataclass
class Asked:
    """One request that came."""

    host: str
    method: str
    path: str
    query: dict[str, str]
    form: dict[str, str]
    headers: dict[str, str]


@dataclass
class World:
    """All networks. Knobs are good for the next request that they fit."""

    port: int = 0
    asked: list[Asked] = field(default_factory=list)
    codes: dict[str, Grant] = field(default_factory=dict)
    grants: list[Grant] = field(default_factory=list)
    apps: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    revoked: list[str] = field(default_factory=list)
    lose: str | None = None  # do what is asked at this path, then hang up
    fail: dict[str, tuple[int, Any]] = field(default_factory=dict)  # host + path: status, body
    slow_s: float = 0.0
    away: bool = False
    held: dict[str, asyncio.Event] = field(default_factory=dict)  # host: answers once it is set
    # The pages on Facebook that were chosen, and whether whoever signs in administers the page on LinkedIn.
    pages: list[dict[str, Any]] = field(default_factory=list)
    administers: bool = True
    lies: bool = False  # other.example calls its accounts social.example's
    same_again: bool = False  # whoever says yes again gets the token they had, as Mastodon has it

    # What a person does in their browser -----------------------------------------------------------

    def say(
        self, address: str, who: Somebody, *, yes: bool = True, leave_out: tuple[str, ...] = ()
    ) -> str:
        """Open a network's page, answer it, and return where it sends the browser."""
        parts = urlsplit(address)
        asks = {name: values[0] for name, values in parse_qs(parts.query).items()}
        network = HOSTS[parts.netloc]
        redirect, state = asks["redirect_uri"], asks["state"]
        if network == "mastodon":
            assert self.apps[parts.netloc][::2] == (asks["client_id"], redirect)
        else:
            assert asks["client_id"] == CLIENT[0]
        assert asks["response_type"] == "code"
        join = "&" if urlsplit(redirect).query else "?"
        if not yes:
            more = {"error": "access_denied", "state": state}
            if network == "instagram":
                more["error_reason"] = "user_denied"
            return f"{redirect}{join}{urlencode(more)}"
        scopes = asks["scope"].replace(",", " ").split()
        code = f"code-{secrets.token_hex(6)}"
        self.codes[code] = Grant(
            network, who, [one for one in scopes if one not in leave_out], redirect,
            asks.get("code_challenge"), parts.netloc,
        )  # fmt: skip
        more = {"code": code, "state": state}
        if network == "youtube":
            more |= {"iss": "https://accounts.google.com", "scope": " ".join(scopes)}
        return f"{redirect}{join}{urlencode(more)}"

    # What a network answers ------------------------------------------------------------------------

    def answer(self, asked: Asked) -> tuple[int, Any]:
        if (failure := self.fail.pop(asked.host + asked.path, None)) is not None:
            return failure
        network = HOSTS.get(asked.host, "")
        values = {**asked.query, **asked.form}
        match network, asked.path:
            case _, "/.well-known/webfinger":
                return self._finger(asked)
            case "mastodon", "/api/v1/accounts/lookup":
                user = values["acct"]
                return 200, {"id": "7", "username": user, "acct": user, "followers_count": 12,
                             "url": f"https://{asked.host}/@{user}"}  # fmt: skip
            case "nobody", _:
                return 404, {}
            case "mastodon", "/api/v1/apps":
                made = (f"id-{secrets.token_hex(4)}", f"secret-{secrets.token_hex(4)}")
                self.apps[asked.host] = (*made, values["redirect_uris"])
                return 200, {"id": "1", "name": values["client_name"], "client_id": made[0],
                             "client_secret": made[1], "redirect_uri": values["redirect_uris"],
                             "client_secret_expires_at": 0}  # fmt: skip
            case _, "/2/oauth2/token" | "/oauth/v2/accessToken" | "/v25.0/oauth/access_token":
                return self._token(network, asked, values)
            case _, "/oauth/access_token" | "/token" | "/oauth/token":
                return self._token(network, asked, values)
            case "instagram" | "threads", "/access_token" | "/refresh_access_token":
                return self._meta_exchange(network, values)
            case _, "/2/oauth2/revoke" | "/revoke" | "/oauth/revoke":
                self._client(network, asked, values)
                for grant in self.grants:
                    if values["token"] in (grant.access, grant.refresh):
                        grant.dead = True
                self.revoked.append(values["token"])
                return 200, {"revoked": True} if network == "x" else {}
            case "facebook", "/v25.0/me/permissions":
                grant = self._bearer(asked)
                if grant is None or values.get("method") != "delete":
                    return 400, _meta_error(190)
                grant.dead = True
                self.revoked.append(grant.access)
                return 200, {"success": True}
        return self._who(network, asked)

    def _token(self, network: str, asked: Asked, values: dict[str, str]) -> tuple[int, Any]:
        if not self._client(network, asked, values):
            return self._error(network, "invalid_client", 401)
        if values.get("grant_type") == "fb_exchange_token":
            return self._meta_exchange(network, values)
        if values.get("grant_type") == "refresh_token":
            return self._refreshed(network, values)
        grant = self.codes.pop(values.get("code", ""), None)
        if grant is None or grant.redirect != values.get("redirect_uri") or grant.host not in (
            asked.host, *[host for host in HOSTS if HOSTS[host] == network != "mastodon"]
        ):  # fmt: skip
            return self._error(network, "invalid_grant", 400)
        if grant.challenge is not None:
            proof = hashlib.sha256(values.get("code_verifier", "").encode()).digest()
            if base64.urlsafe_b64encode(proof).rstrip(b"=").decode() != grant.challenge:
                return self._error(network, "invalid_grant", 400)
        self.grants.append(grant)
        return 200, self._fresh(grant)

    def _fresh(self, grant: Grant) -> dict[str, Any]:
        """The answer of each network's endpoint for tokens."""
        before = [one.access for one in self.grants if self.same_again and one.who == grant.who]
        grant.access = next((one for one in before if one), f"access-{secrets.token_hex(8)}")
        scopes = " ".join(grant.scopes)
        match grant.network:
            case "x":
                grant.refresh = f"x-refresh-{secrets.token_hex(8)}"
                return {"token_type": "bearer", "expires_in": 7200, "access_token": grant.access,
                        "scope": scopes, "refresh_token": grant.refresh}  # fmt: skip
            case "linkedin":
                return {"access_token": grant.access, "expires_in": 5184000, "id_token": "a.b.c",
                        "scope": ",".join(grant.scopes), "token_type": "Bearer"}  # fmt: skip
            case "facebook":
                grant.short = grant.access
                return {"access_token": grant.access, "token_type": "bearer", "expires_in": 5127}
            case "instagram":
                grant.short = grant.access
                return {"data": [{"access_token": grant.access, "user_id": grant.who.id,
                                  "permissions": ",".join(grant.scopes)}]}  # fmt: skip
            case "threads":
                grant.short = grant.access
                return {"access_token": grant.access, "user_id": int(grant.who.id)}
            case "youtube":
                grant.refresh = grant.refresh or f"1//{secrets.token_hex(8)}"
                return {"access_token": grant.access, "expires_in": 3599, "scope": scopes,
                        "token_type": "Bearer", "refresh_token": grant.refresh}  # fmt: skip
        return {"access_token": grant.access, "token_type": "Bearer", "scope": scopes,
                "created_at": 1788250530}  # fmt: skip

    def _refreshed(self, network: str, values: dict[str, str]) -> tuple[int, Any]:
        for grant in self.grants:
            if grant.network == network and grant.refresh == values.get("refresh_token"):
                if grant.dead:
                    break
                told = self._fresh(grant)  # X gives another refresh token, Google none
                if network == "youtube":
                    del told["refresh_token"]
                return 200, told
        if network == "x":
            return 400, {"error": "invalid_request",
                         "error_description": "Value passed for the token was invalid."}  # fmt: skip
        return self._error(network, "invalid_grant", 400)

    def _meta_exchange(self, network: str, values: dict[str, str]) -> tuple[int, Any]:
        held = values.get("access_token") or values.get("fb_exchange_token")
        if "exchange" in values["grant_type"] and values.get("client_secret") != CLIENT[1]:
            return 400, _meta_error(101)
        for grant in self.grants:
            if grant.network == network and grant.access == held and not grant.dead:
                grant.access = f"{network}-long-{secrets.token_hex(8)}"
                return 200, {
                    "access_token": grant.access, "token_type": "bearer", "expires_in": 5183944,
                }  # fmt: skip
        return 400, _meta_error(190)

    def _finger(self, asked: Asked) -> tuple[int, Any]:
        """Webfinger of the hosts that belong together, and of one that lies."""
        user, _, host = asked.query["resource"].removeprefix("acct:").partition("@")
        if host != asked.host:
            return 404, {}
        if host == "other.example" and self.lies:
            return 200, _points(f"{user}@social.example", "other.example")
        if host in ("split.example", "kept.example"):
            return 200, _points(f"{user}@split.example", "kept.example")
        return 404, {}

    def _client(self, network: str, asked: Asked, values: dict[str, str]) -> bool:
        expected = self.apps.get(asked.host, ("", "", ""))[:2] if network == "mastodon" else CLIENT
        if network == "x":
            basic = base64.b64encode(":".join(expected).encode()).decode()
            return asked.headers.get("authorization") == f"Basic {basic}"
        return (values.get("client_id"), values.get("client_secret")) == expected

    def _bearer(self, asked: Asked) -> Grant | None:
        token = asked.headers.get("authorization", "").removeprefix("Bearer ")
        return next((one for one in self.grants if one.access == token and not one.dead), None)

    def _who(self, network: str, asked: Asked) -> tuple[int, Any]:
        grant = self._bearer(asked)
        if grant is None or grant.network != network:
            return 401, _meta_error(190) if network in ("facebook", "instagram", "threads") else {
                "error": "The access token is invalid"
            }
        who = grant.who
        match network, asked.path:
            case "x", "/2/users/me":
                return 200, {"data": {"id": who.id, "name": who.name, "username": who.name}}
            case "linkedin", "/v2/userinfo":
                return 200, {"sub": who.id, "name": who.name, "locale": {"country": "PT"}}
            case "facebook", "/v25.0/me/accounts":
                return 200, {"data": self.pages}
            case "linkedin", "/rest/posts":
                if grant.scopes != ["r_organization_social"] or not self.administers:
                    return 403, {"message": "Not enough permissions", "status": 403}
                return 200, {"elements": [], "paging": {"start": 0, "count": 1, "links": []}}
            case "facebook", "/v25.0/me":
                return 200, {"id": who.id, "name": who.name}
            case "instagram", "/v25.0/me":
                return 200, {"user_id": who.id, "username": who.name, "id": "9" + who.id}
            case "threads", "/v1.0/me":
                return 200, {"id": who.id, "username": who.name}
            case "youtube", "/youtube/v3/channels":
                face = {"title": who.name, "customUrl": f"@{who.name}"}
                return 200, {"kind": "youtube#channelListResponse",
                             "items": [{"id": who.id, "snippet": face}]}  # fmt: skip
            case "mastodon", "/api/v1/accounts/verify_credentials":
                return 200, {"id": who.id, "username": who.name, "acct": who.name,
                             "url": f"https://{grant.host}/@{who.name}"}  # fmt: skip
        return 404, {"error": "not found"}

    @staticmethod
    def _error(network: str, code: str, status: int) -> tuple[int, Any]:
        if network in ("facebook", "threads"):
            return 400, _meta_error(100)
        if network == "instagram":
            return 400, {"error_type": "OAuthException", "code": 400,
                         "error_message": "Matching code was not found or was already used"}  # fmt: skip
        return status, {"error": code, "error_description": "no"}


def _points(account: str, server: str) -> dict[str, Any]:
    user = account.partition("@")[0]
    return {
        "subject": f"acct:{account}",
        "links": [{"rel": "self", "type": "application/activity+json",
                   "href": f"https://{server}/users/{user}"}],
    }  # fmt: skip


def _meta_error(code: int) -> dict[str, Any]:
    return {"error": {"message": "no", "type": "OAuthException", "code": code, "fbtrace_id": "Ab"}}


PEOPLE = {
    "x": Somebody("2244994945", "ada"),
    "linkedin": Somebody("782bbtaQ", "Ada Example"),
    "facebook": Somebody("8200000000000001", "Ada Example"),
    "instagram": Somebody("17841400000000001", "ada.works"),
    "threads": Somebody("26500000000000001", "Ada_works"),
    "youtube": Somebody("UCabcdefghijklmnopqrstuv", "adaworks"),
    "mastodon": Somebody("11501", "ada"),
}
NATIVE = {
    "x": "2244994945",
    "linkedin": "urn:li:person:782bbtaQ",
    "facebook": "8200000000000001",
    "instagram": "17841400000000001",
    "threads": "ada_works",
    "youtube": "UCabcdefghijklmnopqrstuv",
    "mastodon": "ada@social.example",
}
# One port for all tests of a process, so that their applications have equal settings.
_PORT = 0


@asynccontextmanager
async def turning() -> AsyncIterator[World]:
    """The world, as long as it turns."""
    global _PORT
    world = World()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while asked := await _request(reader):
                world.asked.append(asked)
                if world.away:
                    break
                await asyncio.sleep(world.slow_s)
                if held := world.held.get(asked.host):
                    await held.wait()
                status, body = world.answer(asked)
                if world.lose == asked.path:
                    world.lose = None
                    break
                told = body if isinstance(body, bytes) else json.dumps(body).encode()
                writer.write(
                    f"HTTP/1.1 {status} Said\r\ncontent-type: application/json\r\n"
                    f"content-length: {len(told)}\r\n\r\n".encode()
                    + told
                )
                await writer.drain()
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", _PORT)
    _PORT = world.port = server.sockets[0].getsockname()[1]
    try:
        yield world
    finally:
        server.close()


async def _request(reader: asyncio.StreamReader) -> Asked | None:
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    method, target, _ = head[0].split(" ")
    headers = {
        name.lower(): value
        for name, _, value in (line.partition(": ") for line in head[1:] if line)
    }
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    parts = urlsplit(target)
    return Asked(
        headers["host"], method, parts.path, dict(parse_qsl(parts.query)),
        dict(parse_qsl(body.decode())), headers,
    )  # fmt: skip


def peers(port: int) -> tuple[str, ...]:
    """FANFARE_PEERS: every host of theirs is reached here."""
    return tuple(f"https://{host}=http://127.0.0.1:{port}" for host in HOSTS)


def secrets_of(network: str) -> dict[str, str]:
    """What an administrator would set for a network."""
    if network in ("facebook", "instagram", "threads"):
        return {"app_id": CLIENT[0], "secret": CLIENT[1]}
    return {"client_id": CLIENT[0], "client_secret": CLIENT[1]}


__all__ = ["NATIVE", "PEOPLE", "PROOF", "RENEWS", "Somebody", "World", "peers",
           "secrets_of", "turning"]  # fmt: skip
