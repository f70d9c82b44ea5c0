"""What administrators may do, and what nobody may do about themselves."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from uuid import UUID

import asyncpg
import pytest
from litestar import Litestar

from tests.app.people.conftest import NewPerson
from tests.app.people.visitor import Visitor, path, values

SignIn = Callable[..., Awaitable[Visitor]]
ADMIN_PAGES = (
    "/admin",
    "/admin/deliveries",
    "/admin/people",
    "/admin/people/1",
    "/admin/connections",
    "/admin/contests",
    "/admin/hooks",
)
OWN_PAGES = ("/me", "/me/seen", "/me/seen.json", "/me/seen.csv")


@pytest.mark.parametrize("page", [*ADMIN_PAGES, *OWN_PAGES])
async def test_who_is_not_signed_in_is_asked_to(visitor: Visitor, page: str) -> None:
    answer = await visitor.get(page)
    assert path(answer) == "/sign-in"
    assert page in answer.text


@pytest.mark.parametrize("roles", [(), ("hr",), ("communications",), ("leader",)])
async def test_the_administrators_pages_are_for_administrators(
    signed_in: SignIn, roles: tuple[str, ...]
) -> None:
    ada = await signed_in("Ada Lovelace", *roles)
    for page in ADMIN_PAGES:
        answer = await ada.get(page)
        assert answer.status_code == 403
        assert "administrator" in answer.text
    assert 'href="/admin"' not in (await ada.get("/me")).text


async def test_every_administrators_page_opens(signed_in: SignIn) -> None:
    root = await signed_in("Grace Hopper", "administrator")
    for page in ADMIN_PAGES:
        assert (await root.get(page)).status_code == 200, page


async def test_nobody_changes_their_own_roles(
    signed_in: SignIn, connection: asyncpg.Connection
) -> None:
    root = await signed_in("Grace Hopper", "administrator")
    own = await connection.fetchval("select person_id from profile")
    answer = await root.send_form("/admin", f"/admin/people/{own}/roles", hr="yes")
    assert answer.status_code in (403, 404)
    assert await connection.fetchval("select count(*) from role_grant") == 1


async def test_roles_are_facts_that_are_given_and_taken_back(
    signed_in: SignIn, person: NewPerson, connection: asyncpg.Connection
) -> None:
    root = await signed_in("Grace Hopper", "administrator")
    ada = await person("Ada Lovelace")
    where = f"/admin/people/{ada}"
    await root.send_form(where, f"{where}/roles", hr="yes", leader="yes")
    answer = await root.send_form(where, f"{where}/roles", leader="yes")
    assert "saved" in answer.text
    rows = await connection.fetch(
        "select role, granted from role_grant where person_id = $1 order by id", ada
    )
    assert [tuple(row) for row in rows] == [("hr", True), ("leader", True), ("hr", False)]
    actions = values(
        await connection.fetch("select action from audit where action like 'role%' order by id")
    )
    assert actions == ["role_granted", "role_granted", "role_taken"]


async def test_an_invitation_lets_a_person_in_once(
    signed_in: SignIn, application: Litestar, person: NewPerson, connection: asyncpg.Connection
) -> None:
    root = await signed_in("Grace Hopper", "administrator")
    ada = await person("Ada Lovelace")
    await connection.execute("delete from credential where person_id = $1", ada)
    shown = await root.send_form(f"/admin/people/{ada}", f"/admin/people/{ada}/invite")
    link = re.search(r"http://fanfare\.test(/enter/[\w-]+)", shown.text)
    assert link
    words = "a long enough sentence"
    async with Visitor(application) as newcomer:
        answer = await newcomer.send_form(link[1], link[1], password=words, again=words)
        assert path(answer) == "/join"


async def test_whoever_can_sign_in_already_is_told_of_a_link_that_signs_in_as_them(
    signed_in: SignIn, person: NewPerson, connection: asyncpg.Connection
) -> None:
    root = await signed_in("Grace Hopper", "administrator")
    ada, eve = await person("Ada Lovelace"), await person("Eve Newcomer")
    await connection.execute("delete from credential where person_id = $1", eve)
    for who in (ada, eve):
        await root.send_form(f"/admin/people/{who}", f"/admin/people/{who}/invite")
    told = await connection.fetch("select person_id, kind from notice")
    assert [tuple(row) for row in told] == [(ada, "sign_in_link_made")]


async def test_the_list_of_people_never_says_who_takes_part(
    signed_in: SignIn, person: NewPerson, connection: asyncpg.Connection
) -> None:
    root = await signed_in("Grace Hopper", "administrator")
    ada = await person("Ada Lovelace")
    pages = [f"/admin/people/{ada}", "/admin/people?q=lovelace"]
    # The form's token and nothing else may differ from one visit to the next.
    before = [(await root.get(page)).text for page in pages]
    for state in ("active", "paused", "left"):
        await connection.execute(
            "insert into enrolment (person_id, effective_at, state, recorded_at) values ($1, $2, $3, $2)",
            ada,
            datetime.now(UTC),
            state,
        )
        assert [(await root.get(page)).text for page in pages] == before


@pytest.mark.parametrize("query", ["%", "'", "\\", "x" * 5000, "\0", "عبد", "🎺", "_"])
async def test_any_search_is_answered(signed_in: SignIn, query: str) -> None:
    root = await signed_in("Grace Hopper", "administrator")
    for params in ({"q": query}, {"q": query, "page": query}, {"page": "-1"}, {"page": "99999"}):
        answer = await root.get("/admin/people", params=params)
        assert answer.status_code == 200


@pytest.mark.parametrize("number", ["0", "-1", "99999999999999999999999", "9" * 400])
async def test_an_impossible_number_is_not_found(signed_in: SignIn, number: str) -> None:
    root = await signed_in("Grace Hopper", "administrator")
    assert (await root.get(f"/admin/people/{number}")).status_code == 404


async def test_a_delivery_set_aside_is_shown_with_its_reason_and_goes_back_into_the_queue(
    signed_in: SignIn, connection: asyncpg.Connection
) -> None:
    root = await signed_in("Grace Hopper", "administrator")
    now = datetime.now(UTC)
    delivery = await connection.fetchval(
        """insert into delivery (recorded_on, platform, source, delivery_key, headers, body, received_at)
           values ($1, 'mastodon', 'webhook', 'k', '{}', 'nonsense', $2) returning id""",
        now.date(),
        now,
    )
    await connection.execute(
        """insert into delivery_outcome (delivery_id, recorded_on, platform, outcome, reason, recorded_at)
           values ($1, $2, 'mastodon', 'set_aside', 'body: <b>expected</b> an object', $3)""",
        delivery,
        now.date(),
        now,
    )
    page = (await root.get("/admin/deliveries")).text
    assert "body: &lt;b&gt;expected&lt;/b&gt; an object" in page
    answer = await root.send_form("/admin/deliveries", "/admin/deliveries", delivery=str(delivery))
    assert "Put back" in answer.text
    pending = values(await connection.fetch("select delivery_id from pending_delivery"))
    assert pending == [delivery]
    again = await root.send_form("/admin", "/admin/deliveries", delivery="not a number")
    assert again.status_code == 200
    assert "Nothing was put back" in again.text
    retried = values(await connection.fetch("select action from audit where action = 'retried'"))
    assert len(retried) == 2


async def test_a_change_that_could_not_be_counted_is_shown_and_goes_back_into_the_queue(
    signed_in: SignIn, connection: asyncpg.Connection
) -> None:
    root = await signed_in("Grace Hopper", "administrator")
    assert "Could not be counted" not in (await root.get("/admin")).text
    await connection.execute(
        """insert into case_file (kind, reason, evidence, recorded_at)
           values ('scoring_failed', 'KeyError', $1, $2)""",
        f'{{"subject": "post", "subject_id": "{UUID(int=7)}", "person_id": null, "since_at": null}}',
        datetime.now(UTC),
    )
    page = (await root.get("/admin")).text
    assert "Could not be counted" in page
    assert "KeyError, a post" in page
    answer = await root.send_form("/admin", "/admin/uncounted")
    assert "counted again" in answer.text
    assert "Could not be counted" not in answer.text
    assert values(await connection.fetch("select subject_id from change")) == [UUID(int=7)]
    decided = "select person_id from audit where action = 'retried' and subject = 'changes'"
    assert len(await connection.fetch(decided)) == 1
    again = await root.send_form("/admin", "/admin/uncounted")
    assert "Nothing waits" in again.text


async def test_errors_are_answered_in_the_shape_the_asker_can_use(visitor: Visitor) -> None:
    page = await visitor.get("/nowhere")
    assert page.status_code == 404
    assert "There is no page" in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    fragment = await visitor.get("/nowhere", headers={"HX-Request": "true"})
    assert fragment.headers["hx-reswap"] == "none"
    assert 'id="toast"' in fragment.text
    problem = await visitor.get("/nowhere", headers={"Accept": "application/json"})
    assert problem.headers["content-type"] == "application/problem+json"
    assert problem.json()["status"] == 404


async def test_pages_load_nothing_from_elsewhere_and_run_nothing_inline(visitor: Visitor) -> None:
    page = await visitor.get("/sign-in")
    policy = page.headers["content-security-policy"]
    assert "connect-src 'self' http://live.fanfare.test" in policy
    assert "unsafe" not in policy
    assert not re.search(r"<script(?![^>]*src=)|<style|\sstyle=|\son\w+=", page.text)
    for address in re.findall(r'(?:src|href)="([^"]+)"', page.text):
        assert address.startswith(("/", "#"))
        if address.startswith("/static"):
            asset = await visitor.get(address)
            assert asset.status_code == 200, address
            assert "immutable" in asset.headers["cache-control"]
            assert "set-cookie" not in asset.headers


async def test_health_says_what_is_missing(
    visitor: Visitor, connection: asyncpg.Connection
) -> None:
    assert (await visitor.get("/health/live")).text == "ok"
    ready = await visitor.get("/health/ready")
    said = ready.json()
    assert said.pop("verified").startswith("never")
    assert (ready.status_code, set(said.values())) == (200, {"ok"})
    await connection.execute("delete from migration where app_name = 'app'")
    ready = await visitor.get("/health/ready")
    assert ready.status_code == 503
    assert "fanfare migrate" in ready.json()["migrations"]
    assert (await visitor.get("/metrics")).status_code == 200
    assert (await visitor.get("/schema/openapi.json")).status_code == 200
