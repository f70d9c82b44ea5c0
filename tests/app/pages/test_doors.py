"""Who may pass which door of contests and rewards: every route, as everybody who may come."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from httpx import AsyncClient
from litestar import Litestar

from tests.app.pages.company import Company
from tests.app.pages.conftest import As
from tests.app.pages.contest_rows import Contests

ROLES: Final = ("employee", "hr", "leader", "communications", "administrator")
EVERYBODY: Final = frozenset(ROLES)
HR: Final = frozenset({"hr"})
LEADER: Final = frozenset({"leader"})
ADMINISTRATOR: Final = frozenset({"administrator"})
# The longest beginning of a route that is named here says who may pass.
MAY_PASS: Final = {
    "/contests": EVERYBODY,
    "/rewards": EVERYBODY,
    "/me/notices": EVERYBODY,
    "/me/topics": EVERYBODY,
    "/announcements": EVERYBODY,
    "/comms": frozenset({"communications"}),
    "/leader": LEADER | HR,
    "/hr": HR,
    # What an administrator overrides there they must be able to read first.
    "/hr/contests/{slug:str}/publish": HR | ADMINISTRATOR,
    "/hr/contests/{slug:str}/preview": HR | ADMINISTRATOR,
    # Whom somebody of HR asked to decide for them sees it too; they end it themselves.
    "/hr/delegations": HR,
    "/admin/hooks": ADMINISTRATOR,
    "/admin/contests": ADMINISTRATOR,
    "/admin/channels": ADMINISTRATOR,
    "/admin/shown": ADMINISTRATOR,
    "/admin/messages": ADMINISTRATOR,
    "/admin/screens": ADMINISTRATOR,
}
# Open to everybody who is signed in: what is theirs is asked inside, of a delegation.
INSIDE: Final = frozenset(
    {("GET", "/hr/delegations"), ("POST", "/hr/delegations/{delegation_id:int}/end")}
)
HUGE: Final = (1, 2**31, 2**63, 10**30)
WORDS: Final = (
    "starters",
    "no-such",
    "..%2f..%2fetc",
    "%00",
    "%ed%a0%80",
    "P-2026-0001",
    "x" * 300,
)


def doors(application: Litestar) -> Iterator[tuple[str, str]]:
    """Every route of contests and rewards with each of its methods."""
    for route in application.routes:
        if any(route.path.startswith(begin) for begin in MAY_PASS):
            for method in sorted(set(getattr(route, "methods", ())) - {"OPTIONS", "HEAD"}):
                yield method, route.path


def may_pass(method: str, path: str) -> frozenset[str]:
    """Who may pass a door."""
    if (method, path) in INSIDE:
        return EVERYBODY
    return MAY_PASS[max((begin for begin in MAY_PASS if path.startswith(begin)), key=len)]


def address(path: str, number: int = 1, word: str = "starters") -> str:
    """A route with something for each of its parts."""
    path = path.replace("{deed:str}", "approve") if word == "starters" else path
    path = re.sub(r"\{\w+:uuid\}", str(UUID(int=number % 2**128)), path)
    return re.sub(r"\{\w+:str\}", word, re.sub(r"\{\w+:int\}", str(number), path))


async def token_of(client: AsyncClient) -> str:
    """What a form of this browser carries."""
    page = await client.get("/me/notices")
    found = re.search(r'name="_csrf_token" value="([^"]+)"', page.text)
    assert found
    return found[1]


async def go(client: AsyncClient, method: str, path: str, token: str) -> Any:
    """Through a door, with a form that says nothing."""
    return await client.request(
        method, path, data={"_csrf_token": token} if method == "POST" else None
    )


async def begun(company: Company) -> None:
    contests = Contests(company, await company.person("Hanna of HR", role="hr"))
    await contests.contest(starts_in=timedelta(days=-2))


async def test_each_door_lets_pass_whom_it_is_for_and_nobody_else(
    application: Litestar, visitor: AsyncClient, signed_in: As, company: Company
) -> None:
    await begun(company)
    found = list(doors(application))
    assert len(found) > 60
    wrong = []
    for method, path in found:
        answer = await visitor.request(method, address(path))
        if answer.status_code not in ((303, 401) if method == "GET" else (401, 403, 303)):
            wrong.append(f"nobody {method} {path}: {answer.status_code}")
    for role in ROLES:
        who = await company.person(f"Rae of {role}", role=None if role == "employee" else role)
        client = await signed_in(who)
        token = await token_of(client)
        for method, path in found:
            answer = await go(client, method, address(path), token)
            refused = answer.status_code == 403
            if refused is (role in may_pass(method, path)) or answer.status_code >= 500:
                wrong.append(f"{role} {method} {path}: {answer.status_code}")
    assert "\n".join(wrong) == ""


async def test_no_form_is_taken_without_the_token_of_its_page(
    application: Litestar, signed_in: As, company: Company
) -> None:
    await begun(company)
    client = await signed_in(await company.person("Hedda", role="hr"))
    for method, path in doors(application):
        if method == "POST":
            answer = await client.post(address(path), data={"sure": "yes"})
            assert answer.status_code == 403, path


async def test_no_number_or_word_in_an_address_breaks_a_page(
    application: Litestar, signed_in: As, company: Company
) -> None:
    await begun(company)
    broken = []
    for role in ("hr", "leader", "communications", "administrator"):
        client = await signed_in(await company.person(f"Rae of {role}", role=role))
        token = await token_of(client)
        for method, path in doors(application):
            if role not in may_pass(method, path) or "{" not in path:
                continue
            for number in HUGE if ":int" in path else (1,):
                for word in WORDS if ":str" in path else ("",):
                    answer = await go(client, method, address(path, number, word), token)
                    if answer.status_code >= 500:
                        broken.append(f"{method} {address(path, number, word)}")
    assert "\n".join(broken) == ""
