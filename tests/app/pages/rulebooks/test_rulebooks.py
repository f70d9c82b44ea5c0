"""HR changes the rules: drafted, run over the past, adopted from a moment on, corrected with a reason."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from httpx import AsyncClient, Response
from msgspec.structs import replace
from redis.asyncio import Redis

from app.pages.rulebooks.examples import last_month
from app.what_ifs import MOST_WAITING, counted_by, job, run_next
from app.what_ifs.asking import save
from scoring import default_rulebook_toml, load_books
from scoring.facts import Delivery, Engagement, Kind, Telling
from scoring.rulebooks import begin_with_default
from scoring.score import score
from scoring.store import Told, store
from tests.app.pages.company import ZONE, Company
from tests.app.pages.conftest import As
from tests.app.pages.test_contests import shown, words

NETWORK = "mastodon"
MONDAY = re.compile(r'name="on" type="date" value="([^"]+)"')


class Rules:
    """A company whose people were answered last month, and somebody of HR at their desk."""

    def __init__(self, company: Company, redis: Redis) -> None:
        self.company, self.redis, self.people = company, redis, list[int]()
        self.connection = company.connection
        self.hr: Any = None
        self.hr_id = 0

    async def begin(self, signed_in: As, *, hr_takes_part: bool = False) -> None:
        await begin_with_default(self.connection, self.company.past)
        self.people = [await self.company.person(f"Ada {n}", networks=(NETWORK,)) for n in range(5)]
        networks = (NETWORK,) if hr_takes_part else ()
        self.hr_id = await self.company.person("Hanna Resch", role="hr", networks=networks)
        if hr_takes_part:
            self.people.append(self.hr_id)
        await self.connection.execute("delete from change")
        start_at, _ = last_month(self.company.now, ZONE)
        facts = []
        for person in self.people:
            who = f"person{person}@social.example"
            at = start_at + timedelta(days=3, hours=person)
            facts.append(Engagement(Kind.POST, f"post{person}", who, None, occurred_at=at))
            facts += [
                Engagement(
                    Kind.REPLY, f"r{person}-{n}", f"out{n}", who, post=f"post{person}",
                    occurred_at=at + timedelta(hours=n + 1),
                )
                for n in range(person)
            ]  # fmt: skip
        told = [
            Told(Delivery(n, NETWORK, "webhook", {}, b"", self.company.now), Telling.of([fact]))
            for n, fact in enumerate(facts, start=1)
        ]
        async with self.connection.transaction():
            await store(self.connection, told, now=self.company.now, disclosure_tag="#ad")
        await self.count()
        self.hr = await signed_in(self.hr_id)

    async def count(self) -> None:
        while (await score(self.connection, now=datetime.now(UTC), zone=ZONE)).changes:
            pass

    async def points(self) -> dict[int, int]:
        rows = await self.connection.fetch(
            "select person_id, sum(points)::int as p from entry group by 1 having sum(points) <> 0"
        )
        return {row["person_id"]: row["p"] for row in rows}

    async def try_(self, toml: str, **fields: str) -> str:
        """Run a draft as the page does; the path of what came of it."""
        sent = {"base": default_rulebook_toml(), "text": toml, "do": "try", "begun_from": "Mine"}
        answer = await send(self.hr, "/hr/rules/edit", **{**sent, **fields})
        assert answer.status_code == 303, words(answer.text)
        await self.work()
        return str(answer.headers["location"])

    async def work(self) -> None:
        while await run_next(self.redis, counted_by(self.connection, ZONE)):
            pass


async def send(client: AsyncClient, path: str, from_: str | None = None, **fields: str) -> Response:
    page = await client.get(from_ or path)
    token = re.search(r'name="_csrf_token" value="([^"]+)"', page.text)
    assert token, page.text
    return await client.post(path, data={"_csrf_token": token[1], **fields})


def text_of(html: str) -> str:
    found = re.search(r'<textarea id="text"[^>]*>\n(.*?)</textarea>', html, re.S)
    assert found
    return unescape(found[1])


@pytest.fixture
async def rules(company: Company, redis: Redis) -> Rules:
    return Rules(company, redis)


DEARER = default_rulebook_toml().replace(
    "steps  = [[10, 5], [20, 2]]", "steps  = [[10, 9], [20, 2]]"
)


async def test_only_hr_sees_and_changes_the_rules(signed_in: As, company: Company) -> None:
    somebody = await signed_in(await company.person("Ana"))
    for path in ("/hr/rules", "/hr/rules/edit", "/hr/rules/try/x"):
        assert (await somebody.get(path)).status_code == 403


async def test_the_editor_begins_with_the_text_that_holds_letter_by_letter(
    rules: Rules, signed_in: As
) -> None:
    await rules.begin(signed_in)
    page = await shown(rules.hr, "/hr/rules/edit")
    assert text_of(page) == default_rulebook_toml()
    assert "1 thing to look at, beside its rule" in words(page)
    assert "the company has none yet, so it gives nothing" in words(page)
    assert "to 5 people; half of them got" in words(page)
    assert "Ada" not in page
    for source in ("preset:team_spirit", "version:1"):
        assert "Change the rules" in await shown(rules.hr, f"/hr/rules/edit?from={source}")
    for source in ("preset:none", "version:99", "draft:none", "what"):
        assert (await rules.hr.get(f"/hr/rules/edit?from={source}")).status_code == 404


async def test_typing_in_one_side_is_answered_with_the_other(rules: Rules, signed_in: As) -> None:
    await rules.begin(signed_in)
    page = await shown(rules.hr, "/hr/rules/edit")
    fields = dict(
        re.findall(r'name="(r\d+_(?:name|label|count_\d|points_\d))" value="([^"]*)"', page)
    )
    assert fields["r0_points_0"] == "5"
    token = re.search(r'name="_csrf_token" value="([^"]+)"', page)
    assert token
    toml = default_rulebook_toml()
    htmx = {"hx-request": "true", "x-csrftoken": token[1]}
    text = DEARER.replace("9]", "5]").replace("[[10, 5], [20, 2]]", "[[10, 1], [20, 8]]")
    answer = await rules.hr.post(
        "/hr/rules/edit", data={"base": toml, "text": text, "do": "text"},
        headers={**htmx, "hx-target": "rules-list"},
    )  # fmt: skip
    assert answer.text.strip().startswith('<div id="rules-list"')
    assert "Let the steps fall." in answer.text
    assert 'id="base" name="base"' in answer.text
    assert "<textarea" not in answer.text


async def test_a_draft_moves_nobodys_points_and_says_what_it_would_change(
    rules: Rules, signed_in: As
) -> None:
    await rules.begin(signed_in)
    before = await rules.points()
    path = await rules.try_(DEARER)
    page = words(await shown(rules.hr, path))
    now, then = sum(before.values()), sum(before.values()) + 4 * sum(rules.people)
    assert f"Points in all {now} {then}" in page
    assert "People with any points 5 5" in page
    assert "Nobody’s rank changes." in page
    assert not any(f"Ada {n}" in page for n in range(5))
    assert await rules.points() == before
    assert await rules.connection.fetchval("select count(*) from rulebook") == 1
    back = await shown(rules.hr, f"/hr/rules/edit?from=draft:{path.rsplit('/', 1)[1]}")
    assert text_of(back) == DEARER


async def test_while_a_draft_runs_its_page_asks_again(rules: Rules, signed_in: As) -> None:
    await rules.begin(signed_in)
    answer = await send(
        rules.hr, "/hr/rules/edit", base=DEARER, text=DEARER, do="try", begun_from="Mine"
    )
    path = answer.headers["location"]
    page = await shown(rules.hr, path)
    assert 'hx-trigger="every 1s"' in page
    assert "Waiting for a worker" in page
    await rules.work()
    assert "every 1s" not in await shown(rules.hr, path)


async def test_a_draft_that_cannot_be_used_is_shown_again_with_what_is_wrong(
    rules: Rules, signed_in: As
) -> None:
    await rules.begin(signed_in)
    toml = default_rulebook_toml()
    wrong = toml.replace('credit = "actor"  ', 'credit = "luck"  ')
    answer = await send(rules.hr, "/hr/rules/edit", base=toml, text=wrong, do="try")
    assert answer.status_code == 422
    assert "Rule «new_voice»: credit is made of" in words(answer.text)
    assert text_of(answer.text) == wrong
    assert await rules.redis.llen("fanfare:what-if:waiting") == 0


async def test_rules_are_adopted_from_the_next_monday_on_and_nothing_earlier_moves(
    rules: Rules, signed_in: As
) -> None:
    await rules.begin(signed_in)
    before = await rules.points()
    path = await rules.try_(DEARER)
    monday = MONDAY.search(await shown(rules.hr, path))
    assert monday
    fields = {"sent": "yes", "name": "Dearer", "on": monday[1], "at": "00:00"}
    for _ in range(2):  # a second click finds its own
        answer = await send(rules.hr, f"{path}/adopt", path, **fields)
        assert answer.headers["location"] == "/hr/rules"
    await rules.count()
    assert await rules.points() == before
    books = await load_books(rules.connection, ZONE)
    assert [book.name for book in books.versions] == ["Fanfare's own", "Dearer"]
    valid_from = books.versions[1].valid_from.astimezone(ZONE)
    assert (valid_from.weekday(), valid_from.hour, valid_from > datetime.now(UTC)) == (0, 0, True)
    listed = words(await shown(rules.hr, "/hr/rules"))
    assert "Dearer planned" in listed
    assert "by Hanna Resch" in listed
    told = words(await shown(rules.hr, "/points"))
    assert "Other rules hold from" in told
    audit = await rules.connection.fetchrow(
        "select person_id, action, subject from audit order by id desc limit 1"
    )
    assert tuple(audit) == (rules.hr_id, "rulebook_adopted", f"rulebook:{books.versions[1].id}")


async def test_rules_for_the_future_never_begin_in_the_past(rules: Rules, signed_in: As) -> None:
    await rules.begin(signed_in)
    path = await rules.try_(DEARER)
    for on in ("2026-01-05", "soon", "2999-01-01"):
        fields = {"sent": "yes", "name": "Dearer", "on": on, "at": "00:00"}
        answer = await send(rules.hr, f"{path}/adopt", path, **fields)
        assert answer.status_code == 422
        assert 'id="on-error"' in answer.text
        assert 'value="Dearer"' in answer.text
    assert await rules.connection.fetchval("select count(*) from rulebook") == 1


async def test_a_correction_is_seen_first_has_a_reason_and_is_undone_by_another(
    rules: Rules, signed_in: As
) -> None:
    await rules.begin(signed_in)
    before = await rules.points()
    path = await rules.try_(DEARER)
    since = last_month(rules.company.now, ZONE)[0].astimezone(ZONE).date().isoformat()

    async def corrected(path: str, reason: str) -> Response:
        answer = await send(rules.hr, f"{path}/correct", path, sent="yes", since=since)
        await rules.work()
        seen = answer.headers["location"]
        assert "Correct the past" in await shown(rules.hr, seen)
        return await send(
            rules.hr, f"{seen}/adopt", seen, sent="yes", name="Corrected", reason=reason
        )

    assert (await corrected(path, "")).status_code == 422
    answer = await corrected(path, "Answers were meant to be worth 9")
    assert answer.headers["location"] == "/hr/rules"
    await rules.count()
    assert await rules.points() == {p: before[p] + 4 * p for p in rules.people}
    audit = await rules.connection.fetchrow(
        "select action, detail from audit order by id desc limit 1"
    )
    assert audit["action"] == "rulebook_corrected"
    assert json.loads(audit["detail"])["reason"] == "Answers were meant to be worth 9"
    assert "Answers were meant to be worth 9" in await shown(rules.hr, "/points")
    await corrected(await rules.try_(default_rulebook_toml()), "That was a mistake")
    await rules.count()
    assert await rules.points() == before


async def test_what_a_correction_leaves_no_moment_is_said_before_and_planned_no_more(
    rules: Rules, signed_in: As
) -> None:
    await rules.begin(signed_in)
    path = await rules.try_(DEARER)
    monday = MONDAY.search(await shown(rules.hr, path))
    assert monday
    fields = {"sent": "yes", "name": "Dearer", "on": monday[1], "at": "00:00"}
    await send(rules.hr, f"{path}/adopt", path, **fields)
    since = last_month(rules.company.now, ZONE)[0].astimezone(ZONE).date().isoformat()
    path = await rules.try_(DEARER.replace("9]", "8]"))
    answer = await send(rules.hr, f"{path}/correct", path, sent="yes", since=since)
    await rules.work()
    seen = answer.headers["location"]
    assert "“Dearer” is planned from" in words(await shown(rules.hr, seen))
    await send(rules.hr, f"{seen}/adopt", seen, sent="yes", name="Corrected", reason="a slip")
    listed = words(await shown(rules.hr, "/hr/rules"))
    assert "Dearer never holds" in listed
    assert "planned" not in listed
    assert "Other rules hold from" not in words(await shown(rules.hr, "/points"))


async def test_nobody_corrects_what_changes_their_own_points(rules: Rules, signed_in: As) -> None:
    await rules.begin(signed_in, hr_takes_part=True)
    path = await rules.try_(DEARER)
    since = last_month(rules.company.now, ZONE)[0].astimezone(ZONE).date().isoformat()
    answer = await send(rules.hr, f"{path}/correct", path, sent="yes", since=since)
    await rules.work()
    seen = answer.headers["location"]
    fields = {"sent": "yes", "name": "Corrected", "reason": "I would like more"}
    answer = await send(rules.hr, f"{seen}/adopt", seen, **fields)
    assert answer.status_code == 422
    assert "change your own points" in words(answer.text)
    other = await signed_in(await rules.company.person("Ole Other", role="hr"))
    assert (await send(other, f"{seen}/adopt", seen, **fields)).status_code == 422
    again = await send(other, f"{seen}/again", seen)
    await rules.work()
    mine = again.headers["location"]
    assert (await send(other, f"{mine}/adopt", mine, **fields)).headers["location"] == "/hr/rules"


async def test_a_correction_is_adopted_as_it_was_seen_and_soon(rules: Rules, signed_in: As) -> None:
    await rules.begin(signed_in)
    since = last_month(rules.company.now, ZONE)[0].astimezone(ZONE).date().isoformat()
    fields = {"sent": "yes", "name": "Corrected", "reason": "They were too dear"}

    async def seen(toml: str) -> str:
        path = await rules.try_(toml)
        answer = await send(rules.hr, f"{path}/correct", path, sent="yes", since=since)
        await rules.work()
        return str(answer.headers["location"])

    mine, first = await seen(DEARER), await seen(DEARER.replace("9]", "8]"))
    for _ in range(2):  # a second click finds its own
        assert (await send(rules.hr, f"{first}/adopt", first, **fields)).status_code == 303
    overtaken = await send(rules.hr, f"{mine}/adopt", mine, **fields)
    assert overtaken.status_code == 422
    assert "Other rules were adopted since this was run" in words(overtaken.text)
    again = (await send(rules.hr, f"{mine}/again", mine)).headers["location"]
    await rules.work()
    key = again.rsplit("/", 1)[1]
    this = await job(rules.redis, key)
    assert this is not None
    long_ago = replace(this.asked, end_at=this.asked.end_at - timedelta(minutes=61))
    await save(rules.redis, key, replace(this, asked=long_ago))
    late = await send(rules.hr, f"{again}/adopt", again, **fields)
    assert late.status_code == 422
    assert "more than an hour ago" in words(late.text)
    await save(rules.redis, key, this)
    assert (await send(rules.hr, f"{again}/adopt", again, **fields)).status_code == 303
    assert await rules.connection.fetchval("select count(*) from rulebook") == 3


async def test_a_draft_whose_worker_ended_can_be_run_again(rules: Rules, signed_in: As) -> None:
    await rules.begin(signed_in)
    path = await rules.try_(DEARER)
    key = path.rsplit("/", 1)[1]
    this = await job(rules.redis, key)
    assert this is not None
    this.state, this.at = "running", datetime.now(UTC) - timedelta(minutes=1)
    await save(rules.redis, key, this)
    assert "The worker that counted has ended" in await shown(rules.hr, path)
    answer = await send(rules.hr, f"{path}/again", path)
    await rules.work()
    assert "How points lie" in await shown(rules.hr, answer.headers["location"])


async def test_a_draft_is_not_adopted_before_it_was_run(rules: Rules, signed_in: As) -> None:
    await rules.begin(signed_in)
    answer = await send(
        rules.hr, "/hr/rules/edit", base=DEARER, text=DEARER, do="try", begun_from="Mine"
    )
    path = answer.headers["location"]
    fields = {"sent": "yes", "name": "Early", "on": "2027-01-04", "at": "00:00"}
    answer = await send(rules.hr, f"{path}/adopt", "/hr/rules/edit", **fields)
    assert answer.headers["location"] == path
    assert await rules.connection.fetchval("select count(*) from rulebook") == 1


async def test_a_stuck_key_fills_no_queue(rules: Rules, signed_in: As) -> None:
    await rules.begin(signed_in)
    await rules.redis.rpush("fanfare:what-if:waiting", *range(MOST_WAITING))
    answer = await send(rules.hr, "/hr/rules/edit", base=DEARER, text=DEARER, do="try")
    assert answer.status_code == 503


async def test_of_fewer_than_three_people_no_numbers_are_shown(rules: Rules, signed_in: As) -> None:
    await rules.begin(signed_in)
    two = default_rulebook_toml()
    await rules.connection.execute(
        "insert into enrolment (person_id, effective_at, state, recorded_at)"
        " select p, $2, 'left', $2 from unnest($1::bigint[]) p",
        rules.people[2:],
        rules.company.past + timedelta(days=1),
    )
    await rules.connection.execute(
        "insert into change (subject, person_id, since_at) select 'person', p, $2"
        " from unnest($1::bigint[]) p",
        rules.people[2:],
        rules.company.past,
    )
    await rules.count()
    page = words(await shown(rules.hr, await rules.try_(two)))
    assert "Fewer than three people" in page
    assert "Points in all" not in page
