"""Whose an account is, in a browser: shown, asked about, decided; readable for everybody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from scoring.identity import account_id
from seeds.personas import PERSONAS
from tests.e2e.barriers import check
from tests.e2e.conftest import Visit
from tests.e2e.world import World

HANDLE = "two.say.mine@social.example"


@pytest.fixture
def asker(installation: World) -> Iterator[str]:
    """The employee has an account that another persona, who takes part, says is theirs; that one."""
    ids = {
        one.key: installation.ask("select person_id from profile where email = $1", one.email)[0]
        for one in PERSONAS
    }
    active = [
        key
        for key, person in ids.items()
        if key not in ("employee", "administrator")
        and installation.ask(
            "select state from enrolment where person_id = $1 order by id desc limit 1", person
        )
        in (["active"], ("active",))
    ]
    assert active, "a persona besides the employee takes part"
    now, id_ = datetime.now(UTC), account_id("mastodon", HANDLE)
    installation.ask(
        """with a as (insert into account (id, platform, native_id, recorded_at)
             values ($1, 'mastodon', $2, $3) on conflict do nothing returning id)
           insert into ownership (account_id, effective_at, person_id, company, counts, recorded_at)
           values ($1, $3, $4, false, 'disclosed', $3) returning id""",
        id_, HANDLE, now, ids["employee"],
    )  # fmt: skip
    yield active[0]
    installation.ask(
        """insert into ownership (account_id, effective_at, company, recorded_at)
           values ($1, $2, false, $2) returning id""",
        id_,
        datetime.now(UTC),
    )


def test_an_account_goes_from_two_who_say_it_is_theirs_to_one_decision(
    visit: Visit, asker: str
) -> None:
    page = visit("/me", asker)
    page.get_by_text("Add an account").click()
    adding = page.locator("form[action='/me/accounts']")
    adding.get_by_label("Network").select_option("mastodon")
    adding.get_by_label("Your account there").fill(HANDLE)
    adding.get_by_label("Posts about work").check()
    adding.get_by_label("Personal").check()
    adding.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("A colleague has linked this account")).to_be_visible()
    check(page)
    number = page.url.rpartition("/")[2]
    page.get_by_label("How one can see that it is yours").fill("It has my picture and my talk.")
    page.get_by_role("button", name="Ask an administrator").click()
    expect(page.get_by_text("You are told as soon as it is decided")).to_be_visible()
    check(page)
    # Who has it: without script.
    holder = visit(f"/me/accounts/asked/{number}", "employee", scripts=False)
    holder.get_by_label("For the administrator").fill("I opened it in 2018.")
    holder.get_by_role("button", name="Say it").click()
    expect(holder.get_by_text("Thank you")).to_be_visible()
    holder = visit(f"/me/accounts/asked/{number}", "employee")
    check(holder)
    # Who decides.
    decider = visit("/admin/accounts", "administrator")
    check(decider)
    decider.locator(f"a[href='/admin/accounts/{number}']").click()
    expect(decider.get_by_text("I opened it in 2018.")).to_be_visible()
    check(decider)
    decider.get_by_role("button", name="Decide").click()
    expect(decider.locator(".error").first).to_be_visible()
    decider.get_by_label("No", exact=False).last.check()
    decider.get_by_label("Why").fill("She showed it by hand.")
    decider.get_by_role("button", name="Decide").click()
    expect(decider.locator("#toast")).to_contain_text("Both sides are told")
    check(decider)
    page.reload()
    expect(page.get_by_text("it is not linked to you")).to_be_visible()


def test_a_code_is_shown_with_where_to_put_it(visit: Visit, asker: str) -> None:
    page = visit("/me", asker)
    page.get_by_text("Add an account").click()
    adding = page.locator("form[action='/me/accounts']")
    adding.get_by_label("Network").select_option("mastodon")
    adding.get_by_label("Your account there").fill(f"@new{uuid4().hex[:8]}@social.invalid")
    adding.get_by_label("Posts about work").check()
    adding.get_by_label("Professional").check()
    adding.get_by_role("button", name="Go on").click()
    expect(page.locator("#code")).to_contain_text("fanfare-")
    check(page)
    page.get_by_role("button", name="Look now").click()
    expect(page.get_by_role("alert")).to_contain_text("does not answer")
    check(page)
    page.goto("/me")
    expect(page.get_by_text("Not linked yet")).to_be_visible()
    check(page)
    page.goto("/proof/fanfare-anything")
    check(page)
