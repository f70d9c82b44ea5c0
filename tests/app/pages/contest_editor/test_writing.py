"""Writing a contest: nothing typed is lost, nothing is published by accident or twice."""

from __future__ import annotations

import asyncio
import re

from tests.app.pages.company import Company
from tests.app.pages.contest_editor.conftest import Hire, running_soon


async def test_only_hr_sees_the_contests_of_hr(hire: Hire) -> None:
    somebody = await hire("leader", "Lea")
    for path in ("/hr/contests", "/hr/contests/new", "/hr/contests/any", "/hr/contests/any/edit"):
        assert (await somebody.browser.get(path)).status_code == 403, path


async def test_a_contest_that_is_not_there_says_so(hire: Hire) -> None:
    hr = await hire()
    for path in ("", "/edit", "/publish", "/preview", "/cancel", "/evidence/1"):
        assert (await hr.browser.get(f"/hr/contests/nothing{path}")).status_code == 404, path


async def test_a_draft_is_saved_and_shown_as_it_was_typed(hire: Hire) -> None:
    hr = await hire()
    form = await hr.begin("conversation-starters")
    typed = {**form, "name": 'A "quoted" <name>', "description": "Für alle & jede", "least": "zwei"}
    assert (await hr.save(typed)).status_code == 303
    shown = await hr.form()
    assert {name: shown[name] for name in ("name", "description", "least")} == {
        name: typed[name] for name in ("name", "description", "least")
    }


async def test_a_stale_form_overwrites_nothing_and_loses_nothing(hire: Hire) -> None:
    hr, other = await hire(), await hire("hr", "Omar")
    form = await hr.begin("new-voices")
    other.slug = hr.slug
    assert (await other.save({**form, "name": "Omar was first"})).status_code == 303
    answer = await hr.save({**form, "name": "Hanna comes second"})
    assert answer.status_code == 409
    assert "Not saved" in answer.text
    assert "Omar" in answer.text
    assert 'value="Hanna comes second"' in answer.text
    assert (await hr.form())["name"] == "Omar was first"


async def test_saving_the_same_twice_is_saving_once(hire: Hire) -> None:
    hr = await hire()
    form = {**await hr.begin("new-voices"), "name": "Once"}
    first = await hr.save(form)
    again = await hr.save(form)
    assert first.status_code == again.status_code == 303


async def test_beginning_by_a_double_click_makes_one_draft(company: Company, hire: Hire) -> None:
    hr = await hire()
    clicks = [
        hr.send("/hr/contests/new", {"template": "new-voices"}),
        hr.send("/hr/contests/new", {"template": "new-voices"}),
    ]
    answers = await asyncio.gather(*clicks)
    assert len({answer.headers["location"] for answer in answers}) == 1
    assert await company.connection.fetchval("select count(*) from contest") == 1


async def test_adding_a_line_keeps_what_was_typed_and_saves_nothing(hire: Hire) -> None:
    hr = await hire()
    form = await hr.begin("empty")
    answer = await hr.save({**form, "name": "Not saved yet"}, do="add_prize")
    assert answer.status_code == 200
    assert 'value="Not saved yet"' in answer.text
    assert 'name="prize_1_what"' in answer.text
    assert (await hr.form())["name"] != "Not saved yet"


async def test_what_is_wrong_stands_beside_its_field(company: Company, hire: Hire) -> None:
    hr = await hire()
    form = running_soon(company, hr, await hr.begin("conversation-starters"))
    answer = await hr.save({**form, "end_on": "2020-01-01"}, do="publish")
    assert answer.status_code == 422
    assert 'id="end_on-error"' in answer.text
    assert 'href="#end_on"' in answer.text
    assert (await hr.form())["end_on"] == "2020-01-01"


async def test_the_right_column_says_what_the_form_means(company: Company, hire: Hire) -> None:
    hr = await hire()
    form = running_soon(company, hr, await hr.begin("conversation-starters"))
    answer = await hr.browser.post(
        f"/hr/contests/{hr.slug}/panel",
        data=form,
        headers={
            "hx-request": "true",
            "hx-target": "contest-panel",
            "x-csrftoken": await token(hr.page),
        },
    )
    assert answer.status_code == 200, answer.text
    assert answer.text.lstrip().startswith('<aside id="contest-panel"')
    assert "In plain words" in answer.text
    assert "reserved" in answer.text
    assert "hx-swap-oob" in answer.text


async def token(page: object) -> str:
    """The form token of this browser."""
    html = await page("/me")  # type: ignore[operator]
    found = re.search(r'name="_csrf_token" value="([^"]+)"', html)
    assert found
    return found[1]
