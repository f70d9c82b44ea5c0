"""Publishing: asked once more, done once, and taken back while nobody has entered."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from app.pages.said import Said
from rewards import allow_spender, top_up
from tests.app.pages.company import Company
from tests.app.pages.contest_editor.conftest import Desk, Hire, fields, running_soon


async def ready(company: Company, hr: Desk) -> None:
    """A draft that lacks nothing, saved."""
    form = running_soon(company, hr, await hr.begin("conversation-starters"))
    answer = await hr.save(form, do="publish")
    assert answer.status_code == 303, answer.text
    assert answer.headers["location"] == f"/hr/contests/{hr.slug}/publish"


async def charters(company: Company) -> int:
    """How many charters there are."""
    return int(await company.connection.fetchval("select count(*) from charter"))


async def test_publishing_asks_once_more_with_the_cost_and_then_shows_the_hash(
    company: Company, hire: Hire
) -> None:
    hr = await hire()
    await ready(company, hr)
    asked = await hr.page(f"/hr/contests/{hr.slug}/publish")
    assert "What it costs at most" in asked
    assert await charters(company) == 0
    answer = await hr.publish()
    assert answer.status_code == 303, answer.text
    sha256 = await company.connection.fetchval("select sha256 from charter")
    assert sha256 in await hr.page(f"/hr/contests/{hr.slug}")


async def test_a_double_click_publishes_once(company: Company, hire: Hire) -> None:
    hr = await hire()
    await ready(company, hr)
    path = f"/hr/contests/{hr.slug}/publish"
    version = fields(await hr.page(path))["version"]
    answers = await asyncio.gather(*[hr.send(path, {"version": version}) for _ in range(3)])
    assert {answer.status_code for answer in answers} == {303}
    assert await charters(company) == 1


async def test_a_version_nobody_looked_at_is_not_published(company: Company, hire: Hire) -> None:
    hr = await hire()
    await ready(company, hr)
    path = f"/hr/contests/{hr.slug}/publish"
    version = fields(await hr.page(path))["version"]
    assert (await hr.save({**await hr.form(), "name": "Changed since"})).status_code == 303
    for said in (version, "", "x", "-1", "9" * 40):
        answer = await hr.send(path, {"version": said})
        assert answer.status_code == 409
        assert "Not published" in answer.text
    assert await charters(company) == 0


async def test_who_may_not_spend_reads_why_and_nothing_is_set_aside(
    company: Company, hire: Hire
) -> None:
    hr, other = await hire(), await hire("hr", "Omar")
    await ready(company, hr)
    other.slug = hr.slug
    answer = await other.publish()
    assert answer.status_code == 409
    assert "may not spend" in answer.text
    assert await charters(company) == 0
    assert await company.connection.fetchval("select count(*) from reservation") == 0


async def test_a_published_contest_has_no_editor_and_can_be_withdrawn(
    company: Company, hire: Hire
) -> None:
    hr = await hire()
    await ready(company, hr)
    await hr.publish()
    home = f"/hr/contests/{hr.slug}"
    assert (await hr.browser.get(f"{home}/edit")).status_code == 303
    late = await hr.save({"name": "Too late", "version": "1"})
    assert late.headers["location"] == home
    assert Said.CONTEST_IS_PUBLISHED.name in late.headers["set-cookie"]
    unsure = await hr.send(f"{home}/withdraw", {"reason": ""})
    assert unsure.status_code == 422
    assert 'id="sure-error"' in unsure.text
    done = await hr.send(f"{home}/withdraw", {"reason": "", "sure": "yes"})
    assert done.headers["location"] == f"{home}/edit"
    assert (await hr.browser.get(f"{home}/edit")).status_code == 200


async def test_a_contest_is_cancelled_with_a_reason_once(company: Company, hire: Hire) -> None:
    hr = await hire()
    await ready(company, hr)
    await hr.publish()
    path = f"/hr/contests/{hr.slug}/cancel"
    nothing = await hr.send(path, {"sure": "yes"})
    assert nothing.status_code == 422
    assert 'id="reason-error"' in nothing.text
    for _ in range(2):
        answer = await hr.send(path, {"sure": "yes", "reason": "The office moves."})
        assert answer.status_code == 303
    shown = await hr.page(f"/hr/contests/{hr.slug}")
    assert "Cancelled" in shown
    assert await company.connection.fetchval(
        "select reserved_after from transfer where budget_id = $1 order by number desc limit 1",
        hr.money,
    ) == 0  # fmt: skip


async def test_more_than_the_budget_holds_is_refused_with_what_is_missing(
    company: Company, hire: Hire
) -> None:
    hr = await hire()
    form = running_soon(company, hr, await hr.begin("conversation-starters"))
    for name in form:
        if name.endswith("_what") and form[name.replace("_what", "_kind")] == "cash":
            form[name] = "€100,000"
    answer = await hr.save(form, do="publish")
    if answer.status_code == 303:
        answer = await hr.publish()
    assert answer.status_code in (409, 422)
    assert "missing" in answer.text
    await top_up(
        company.connection, hr.money, 10**10, by=hr.person_id, reason="more", key="more",
        now=company.now,
    )  # fmt: skip
    if answer.status_code == 422:
        assert (await hr.save({**await hr.form()}, do="publish")).status_code == 303
    assert (await hr.publish()).status_code == 303


async def forbidden(company: Company, hr: Desk) -> None:
    """A draft whose only network may not be paid for."""
    form = running_soon(company, hr, await hr.begin("conversation-starters"))
    answer = await hr.save({**form, "networks": "x"}, do="publish")
    assert answer.status_code == 303, answer.text


async def test_what_is_forbidden_is_not_published_by_hr(company: Company, hire: Hire) -> None:
    hr = await hire()
    await forbidden(company, hr)
    path = f"/hr/contests/{hr.slug}/publish"
    asked = await hr.page(path)
    assert "Not allowed." in asked
    assert "ask an administrator" in asked
    assert "Yes, publish" not in asked
    for more in ({}, {"override": "Because I say so"}):
        answer = await hr.send(path, {"version": "2", **more})
        assert answer.status_code in (409, 422)
    assert await charters(company) == 0


async def test_an_administrator_publishes_it_with_a_reason_that_stands_in_the_charter(
    company: Company, hire: Hire
) -> None:
    hr, ada = await hire(), await hire("administrator", "Ada")
    await forbidden(company, hr)
    ada.slug = hr.slug
    for budget in (hr.money, hr.days):
        await allow_spender(
            company.connection, budget, ada.person_id, by=hr.person_id, now=company.now
        )
    nothing = await ada.publish(override="  ")
    assert nothing.status_code == 422
    assert 'id="override-error"' in nothing.text
    answer = await ada.publish(override="X agreed in writing")
    assert answer.status_code == 303, answer.text
    assert "X agreed in writing" in await hr.page(f"/hr/contests/{hr.slug}")
    assert await company.connection.fetchval(
        "select count(*) from audit where person_id = $1", ada.person_id
    )


async def test_an_amendment_moves_the_end_only_later_and_stands_under_its_hash(
    company: Company, hire: Hire
) -> None:
    hr = await hire()
    await ready(company, hr)
    await hr.publish()
    path = f"/hr/contests/{hr.slug}/amend"
    said = {"sure": "yes", "reason": "The end moves, for the holiday."}
    nothing = await hr.send(path, said)
    assert nothing.status_code == 409
    assert "Nothing changes by this" in nothing.text
    earlier = await hr.send(path, {**said, "end_on": "2020-01-01", "end_time": "09:00"})
    assert earlier.status_code == 422
    assert 'id="end_on-error"' in earlier.text
    assert 'value="2020-01-01"' in earlier.text
    later = f"{company.now + timedelta(days=20):%Y-%m-%d}"
    for _ in range(2):
        done = await hr.send(path, {**said, "end_on": later, "end_time": "09:00"})
        assert done.status_code == 303, done.text
    sha256 = await company.connection.fetchval("select sha256 from amendment")
    shown = await hr.page(f"/hr/contests/{hr.slug}")
    assert sha256 in shown
    assert "for the holiday" in shown


async def test_a_draft_is_seen_as_an_employee_will_and_only_by_hr(
    company: Company, hire: Hire
) -> None:
    hr, somebody = await hire(), await hire("leader", "Lea")
    await ready(company, hr)
    path = f"/hr/contests/{hr.slug}/preview"
    shown = await hr.page(path)
    assert "The official rules" in shown
    assert "0" * 64 not in shown
    assert (await somebody.browser.get(path)).status_code == 403
    assert (await somebody.browser.get(f"/contests/{hr.slug}")).status_code == 404
