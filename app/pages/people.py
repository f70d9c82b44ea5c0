"""`/admin/people`: everybody the company told us about, their roles, and invitations.

Law: it never says who takes part, paused or left; and nobody changes their own roles.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from app.auth import links
from app.auth.guards import has_role, viewer_of
from app.auth.roles import OwnRoles, roles_of, set_roles
from app.auth.viewer import ROLES
from app.database import Connection, transaction
from app.pages.form import Form
from app.pages.fragment import back, page
from app.pages.said import Said
from rewards import warn_of_link
from scoring import everyone_of, record_audit

A_PAGE: Final = 50
MOST_ID: Final = 2**63 - 1


@get("/admin/people", guards=[has_role("administrator")])
async def people(request: Request[Any, Any, Any]) -> Response[Any]:
    """The list, by name, with a search that also works without JavaScript."""
    query = " ".join(request.query_params.get("q", "").replace("\x00", "").split())[:100]
    asked = request.query_params.get("page", "1")
    number = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 6 else 1
    number = max(1, number)
    async with transaction(readonly=True) as connection:
        found = await listed(connection, query, number)
    context = {
        "query": query,
        "people": found[:A_PAGE],
        "earlier": number - 1,
        "later": number + 1 if len(found) > A_PAGE else 0,
    }
    return page(request, "admin/people.html", context)


@get("/admin/people/{person_id:int}", guards=[has_role("administrator")])
async def person(request: Request[Any, Any, Any], person_id: FromPath[int]) -> Response[Any]:
    """One person: profile and roles."""
    return await person_page(request, person_id)


@post("/admin/people/{person_id:int}/roles", guards=[has_role("administrator")])
async def roles(request: Request[Any, Any, Any], person_id: FromPath[int]) -> Response[Any]:
    """Give and take roles."""
    form = await Form.of(request)
    wanted = {role for role in ROLES if form.ticked(role)}
    by, now = viewer_of(request).person_id, datetime.now(UTC)
    try:
        async with transaction() as connection:
            await profile_of(connection, person_id)
            await set_roles(connection, person_id, wanted, by, now)
    except OwnRoles:
        form.wrong("roles", "Nobody changes their own roles. Ask another administrator.")
        return await person_page(request, person_id, form=form, status=403)
    return back(f"/admin/people/{person_id}", Said.ROLES)


@post("/admin/people/{person_id:int}/invite", guards=[has_role("administrator")])
async def invite(request: Request[Any, Any, Any], person_id: FromPath[int]) -> Response[Any]:
    """Make an invitation link; it is shown this once and kept nowhere."""
    by, now = viewer_of(request).person_id, datetime.now(UTC)
    async with transaction() as connection:
        person = await profile_of(connection, person_id)
        token = await links.make(connection, person_id, "invite", now)
        if person["has_password"]:  # who can sign in already hears that somebody else can, too
            await warn_of_link(connection, person_id, now)
        await record_audit(connection, by, "invited", f"person:{person_id}", {}, now)
    address = f"{request.app.state.settings.base_url}/enter/{token}"
    return await person_page(request, person_id, link=address)


async def person_page(
    request: Request[Any, Any, Any],
    person_id: int,
    *,
    form: Form | None = None,
    link: str | None = None,
    status: int = 200,
) -> Response[Any]:
    """The page of one person."""
    async with transaction(readonly=True) as connection:
        profile = await profile_of(connection, person_id)
        held = await roles_of(connection, person_id)
        mine = await everyone_of(connection, person_id)
    context = {
        "person": profile,
        "roles": ROLES,
        "form": form or Form(dict.fromkeys(held, "yes")),
        "oneself": viewer_of(request).person_id in mine,
        "link": link,
        "link_days": links.LASTS["invite"].days,
    }
    return page(request, "admin/person.html", context, status=status)


async def profile_of(connection: Connection, person_id: int) -> Any:
    """The person's profile; 404 in words where there is none."""
    row = None
    if 0 < person_id <= MOST_ID:
        row = await connection.fetchrow(
            """select p.person_id, p.name, p.email, d.name as department, o.name as office,
                      exists (select from credential c where c.person_id = p.person_id) as has_password
               from profile p left join department d on d.id = p.department_id
               left join office o on o.id = p.office_id where p.person_id = $1""",
            person_id,
        )
    if row is None:
        raise NotFoundException("There is nobody with this number.")
    return row


async def listed(connection: Connection, query: str, number: int) -> list[Any]:
    """A page of people and one more, so that the page knows whether it is the last."""
    rows: list[Any] = await connection.fetch(
        """select p.person_id, p.name, p.email, d.name as department, o.name as office,
                  array(select role from (
                    select distinct on (role) role, granted from role_grant r
                    where r.person_id = p.person_id order by role, id desc) held
                  where granted) as roles
           from profile p left join department d on d.id = p.department_id
           left join office o on o.id = p.office_id
           where $1 = '' or strpos(lower(p.name), lower($1)) > 0
              or strpos(lower(p.email), lower($1)) > 0
           order by lower(p.name), p.person_id limit $2 offset $3""",
        query,
        A_PAGE + 1,
        (number - 1) * A_PAGE,
    )
    return rows


HANDLERS: Final = (people, person, roles, invite)
