"""What Fanfare may see, in a browser: readable for everybody, in every state, without script too."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from app.consent import Keys
from scoring.identity import account_id
from seeds.personas import PERSONAS
from tests.e2e.barriers import barriers
from tests.e2e.conftest import NARROW, Visit
from tests.e2e.world import World

HERE = "/me/accounts/consent"
STATES = (
    ("mastodon", "ada.example@social.example", "given", None, None),
    ("linkedin", "urn:li:person:AbC1234567", "expiring", 9, None),
    ("x", "22449949450001", "refused", None, "taken_back"),
)


@pytest.fixture(scope="module")
def given(installation: World) -> Iterator[None]:
    """Consents of the employee's in all states."""
    keys, now = Keys.of(installation.settings), datetime.now(UTC)
    email = next(one.email for one in PERSONAS if one.key == "employee")
    person_id = installation.ask("select person_id from profile where email = $1", email)[0]
    for network, native, state, ends_in, why in STATES:
        id_ = account_id(network, native)
        installation.ask(
            """with a as (insert into account (id, platform, native_id, recorded_at)
                 values ($1, $2, $3, $4) returning id),
               f as (insert into account_face (account_id, handle, professional, disclaimer)
                 values ($1, $5, true, true))
               insert into ownership (account_id, effective_at, person_id, company, counts, recorded_at)
               values ($1, $4, $6, false, 'disclosed', $4) returning id""",
            id_, network, native, now, native.partition("@")[0], person_id,
        )  # fmt: skip
        works = state != "refused"
        installation.ask(
            """insert into consent (account_id, person_id, platform, server, state, scopes, access,
                 sealed_by, ends_at, grace_until, reason, given_at, changed_at)
               values ($1, $2, $3, $4, $5, '{}', $6, $7, $8, $9, $10, $11, $11) returning id""",
            id_, person_id, network, "https://social.example" if network == "mastodon" else None,
            state, keys.seal("token") if works else None, keys.name if works else None,
            None if ends_in is None else now + timedelta(days=ends_in),
            None if works else now + timedelta(days=12), why, now - timedelta(days=51),
        )  # fmt: skip
    yield
    installation.ask("delete from consent where person_id = $1 returning id", person_id)
    for network, native, *_ in STATES:
        installation.ask(
            """insert into ownership (account_id, effective_at, company, recorded_at)
               values ($1, now(), false, now()) returning id""",
            account_id(network, native),
        )


PATHS = (HERE, f"{HERE}/mastodon", f"{HERE}/mastodon?account={{}}", f"{HERE}/x")


def paths() -> list[str]:
    return [path.format(account_id("mastodon", STATES[0][1])) for path in PATHS]


@pytest.mark.usefixtures("given")
def test_every_page_of_consent_is_readable_for_everybody(visit: Visit) -> None:
    page = visit("/me", "employee")
    found = []
    for path in paths():
        page.goto(path)
        found += barriers(page)
    assert not found, "\n".join(found)


@pytest.fixture(scope="module")
def page_of_company(installation: World) -> Iterator[str]:
    """A page on LinkedIn that is the company's."""
    id_ = account_id("linkedin", "urn:li:organization:90001")
    installation.ask(
        """with a as (insert into account (id, platform, native_id, recorded_at)
             values ($1, 'linkedin', 'urn:li:organization:90001', now()) on conflict do nothing)
           insert into ownership (account_id, effective_at, company, recorded_at)
           values ($1, now(), true, now()) returning id""",
        id_,
    )
    yield str(id_)
    installation.ask(
        """insert into ownership (account_id, effective_at, company, recorded_at)
           values ($1, now(), false, now()) returning id""",
        id_,
    )


def test_what_fanfare_may_see_of_the_companys_is_readable_for_everybody(
    visit: Visit, page_of_company: str
) -> None:
    page, found = visit("/admin/company-accounts", "administrator"), []
    for path in ("", f"/{page_of_company}/consent"):
        page.goto(f"/admin/company-accounts{path}")
        found += barriers(page)
    assert not found, "\n".join(found)
    expect(page.get_by_text("read what the page published")).to_be_visible()


@pytest.mark.usefixtures("given")
def test_it_works_by_keyboard_and_without_script(visit: Visit) -> None:
    page: Page = visit("/me", "employee", size=NARROW, scripts=False)
    page.get_by_role("link", name="What Fanfare may see").click()
    expect(page.get_by_text("you lose nothing")).to_be_visible()
    expect(page.get_by_text("Only you can renew it")).to_be_visible()
    page.goto(f"{HERE}/mastodon")
    expect(page.get_by_text("see your profile and your follower count")).to_be_visible()
    page.get_by_label("The server you sign in at").fill("not a server")
    page.get_by_label("Only what you hand in").check()
    page.get_by_label("Personal").check()
    page.get_by_role("button", name="Go on").click()
    # What was wrong stands beside its field, and nothing typed is lost.
    expect(page.get_by_text("Type the server you sign in at, such as")).to_be_visible()
    expect(page.get_by_label("The server you sign in at")).to_have_value("not a server")
    expect(page.get_by_label("Only what you hand in")).to_be_checked()
