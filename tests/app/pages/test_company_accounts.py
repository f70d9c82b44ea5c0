"""The company's own accounts, named by an administrator: whose an account is holds from a moment on."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from httpx import AsyncClient, Response

from scoring import AccountTaken, Named, company_accounts_now, link, name_as_companys
from tests.app.pages.company import Company
from tests.app.pages.conftest import As

HERE = "/admin/company-accounts"
PAGE = "urn:li:organization:90001"


@pytest.fixture
async def admin(company: Company, signed_in: As) -> AsyncClient:
    return await signed_in(await company.person("Ada Min", role="administrator"))


async def send(client: AsyncClient, to: str, **values: str) -> Response:
    found = re.search(r'name="_csrf_token" value="([^"]+)"', (await client.get(HERE)).text)
    assert found
    return await client.post(to, data={"_csrf_token": found[1], **values})


async def test_an_account_is_named_shown_and_let_go(admin: AsyncClient, connection: Any) -> None:
    before = len(await company_accounts_now(connection, datetime.now(UTC)))
    reply = await send(admin, HERE, network="linkedin", handle=PAGE)
    assert reply.headers["location"] == HERE
    assert PAGE in (await admin.get(HERE)).text
    (one,) = (
        one
        for one in await company_accounts_now(connection, datetime.now(UTC))
        if one.native_id == PAGE
    )
    assert one.url == "https://www.linkedin.com/company/90001/"
    again = await send(admin, HERE, network="linkedin", handle=PAGE)  # twice is once
    assert again.headers["location"] == HERE
    assert len(await company_accounts_now(connection, datetime.now(UTC))) == before + 1
    await send(admin, f"{HERE}/{one.id}/let-go")
    assert PAGE not in (await admin.get(HERE)).text
    assert (await send(admin, f"{HERE}/{one.id}/let-go")).status_code == 404
    facts = await connection.fetch(
        "select company, person_id from ownership where account_id = $1 order by id", one.id
    )
    assert [tuple(row) for row in facts] == [(True, None), (False, None)]
    said = await connection.fetch(
        "select action from audit where subject = $1", f"account:{one.id}"
    )
    assert [row["action"] for row in said] == ["named_company", "let_go_company"]


async def test_nobody_names_an_account_unseen_by_the_other_administrators(
    admin: AsyncClient, company: Company, signed_in: As, connection: Any
) -> None:
    other = await company.person("Otto Ther", role="administrator")
    for _ in range(2):  # twice is once
        await send(admin, HERE, network="linkedin", handle=PAGE)
    told = await connection.fetch(
        """select p.name from notice n join profile p on p.person_id = n.person_id
           where n.kind = 'company_account_named'"""
    )
    assert [row["name"] for row in told] == ["Otto Ther"]
    theirs = await signed_in(other)
    assert "An administrator named an account on LinkedIn" in (await theirs.get("/me/notices")).text
    shown = (await theirs.get(HERE)).text
    assert "Ada Min" in shown
    assert "every other administrator is told" in shown


async def test_what_somebody_linked_is_not_taken_from_them_nor_what_is_the_companys(
    admin: AsyncClient, company: Company, connection: Any
) -> None:
    ana, now = await company.person("Ana Lo"), datetime.now(UTC)
    async with connection.transaction():
        await link(connection, ana, "linkedin", Named(PAGE, PAGE), "every", now)
    reply = await send(admin, HERE, network="linkedin", handle=PAGE)
    assert reply.status_code == 422
    assert "Somebody has linked this account" in reply.text
    assert "Ana" not in reply.text
    other = Named("urn:li:organization:7", "urn:li:organization:7")
    async with connection.transaction():
        await name_as_companys(connection, "linkedin", other, by=None, now=now)
    with pytest.raises(AccountTaken):
        await link(connection, ana, "linkedin", other, "every", now)


@pytest.mark.parametrize(
    ("network", "handle", "words"),
    [("linkedin", "", "Type the account"), ("linkedin", "<b>x</b> y", "Type the address"),
     ("nowhere", PAGE, "Choose the network")],
)  # fmt: skip
async def test_what_is_wrong_stands_beside_its_field(
    admin: AsyncClient, network: str, handle: str, words: str
) -> None:
    reply = await send(admin, HERE, network=network, handle=handle)
    assert reply.status_code == 422
    assert words in reply.text
    assert "<b>x" not in reply.text


async def test_only_administrators_name_the_companys_accounts(
    company: Company, signed_in: As
) -> None:
    hr = await signed_in(await company.person("Hera", role="hr"))
    assert (await hr.get(HERE)).status_code == 403
