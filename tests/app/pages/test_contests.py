"""What contest pages show to whom, and entering and leaving."""

from __future__ import annotations

import re
from datetime import timedelta
from hashlib import sha256
from html import unescape

import pytest
from httpx import AsyncClient, Response

from rewards.contests.charter import Bracket
from tests.app.pages.company import Company
from tests.app.pages.conftest import As
from tests.app.pages.contest_rows import NETWORKS, Contests

BRACKETS = (Bracket("Under 500", 0, 500), Bracket("From 500", 500, None))


@pytest.fixture
async def contests(company: Company) -> Contests:
    """A company with somebody of HR, and no contest yet."""
    return Contests(company, await company.person("Hanna of HR", role="hr"))


async def ten(company: Company) -> list[int]:
    """Ten people, Ada 0 to Ada 9."""
    return [await company.person(f"Ada {n}") for n in range(10)]


async def shown(client: AsyncClient, path: str) -> str:
    """A page that must be there, as text with its markup."""
    answer = await client.get(path)
    assert answer.status_code == 200, answer.text
    return answer.text


def words(html: str) -> str:
    """What a page says, without markup."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def rows(html: str) -> list[tuple[int, str, str]]:
    """Rank, name and value of every row of the standing."""
    found = []
    for row in re.findall(r'<tr id="c-.*?</tr>', html, re.S):
        rank = re.search(r'rank num">(\d+)', row)
        name = re.search(r"<bdi[^>]*>(.*?)</bdi></b>", row)
        value = re.search(r'pts num">([^<]+)', row)
        assert rank
        assert name
        assert value
        found.append((int(rank[1]), unescape(name[1]), value[1]))
    return found


async def send(client: AsyncClient, path: str, at: str | None = None, **fields: str) -> Response:
    """Send a form as the page at an address has it."""
    page = await client.get(at or path.rsplit("/", 1)[0])
    token = re.search(r'name="_csrf_token" value="([^"]+)"', page.text)
    assert token
    return await client.post(path, data={"_csrf_token": token[1], **fields})


async def test_a_visitor_is_sent_to_sign_in(visitor: AsyncClient, company: Company) -> None:
    for path in ("/contests", "/contests/starters", "/contests/starters/rules", "/rewards"):
        answer = await visitor.get(path)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/sign-in")


async def test_each_contest_stands_under_where_it_is_in_its_life(
    company: Company, contests: Contests, signed_in: As
) -> None:
    people = await ten(company)
    values = {person: 20 - n for n, person in enumerate(people)}
    day = timedelta(days=1)
    await contests.contest("now", values=values)
    await contests.contest("soon", starts_in=5 * day)
    await contests.contest("counting", starts_in=-21 * day, values=values)
    await contests.contest(
        "over", starts_in=-40 * day, values=values, events=("settled", "decided", "announced")
    )
    page = words(await shown(await signed_in(people[3]), "/contests"))
    order = ["Running", "Now", "Coming up", "Soon", "Being counted", "Counting", "Over", "Over"]
    at = -1
    for word in order:
        at = page.index(f" {word} ", at + 1)
    assert "You are 4th with 17 people." in page
    assert "You came 4th with 17 people." in page
    assert re.search(r"Ends in 9 d 23 h|Ends in 10 d|Ends in 9 d", page)


async def test_without_a_contest_the_page_says_when_the_next_one_is_or_whom_to_ask(
    company: Company, contests: Contests, signed_in: As
) -> None:
    client = await signed_in(await company.person("Ada"))
    assert "Do you have an idea for one?" in await shown(client, "/contests")
    assert "No contest is running" in await shown(client, "/")
    await contests.contest("soon", starts_in=timedelta(days=5))
    page = words(await shown(client, "/contests"))
    assert "No contest is running at the moment The next one, Soon , starts on" in page


async def test_what_runs_stands_beside_the_leaderboard(
    company: Company, contests: Contests, signed_in: As
) -> None:
    await contests.contest("long", lasts=timedelta(days=30))
    await contests.contest("short", lasts=timedelta(days=11))
    page = await shown(await signed_in(await company.person("Ada")), "/")
    aside = words(page.split('id="running"')[1].split("</section>")[0])
    assert aside.index("Short") < aside.index("Long")
    assert "€200" in aside
    assert "Answered by the most people" in aside


async def test_a_draft_and_an_unknown_contest_are_nowhere(
    company: Company, contests: Contests, signed_in: As
) -> None:
    await company.connection.execute(
        "insert into contest (slug, author_id, recorded_at) values ('draft', $1, $2)",
        contests.publisher,
        company.now,
    )
    client = await signed_in(await company.person("Ada"))
    assert "draft" not in await shown(client, "/contests")
    for path in ("/contests/draft", "/contests/draft/rules", "/contests/nothing"):
        assert (await client.get(path)).status_code == 404


async def test_the_list_ends_at_its_middle_and_from_the_lower_half_nobody_beneath_is_seen(
    company: Company, contests: Contests, signed_in: As
) -> None:
    people = await ten(company)
    await contests.contest(values={person: 20 - n for n, person in enumerate(people)})
    first = rows(await shown(await signed_in(people[0]), "/contests/starters?rows=500"))
    assert [name for _, name, _ in first] == [f"Ada {n}" for n in range(5)]
    page = await shown(await signed_in(people[7]), "/contests/starters")
    assert [name for _, name, _ in rows(page)] == [f"Ada {n}" for n in range(8)]
    own = next(row for row in re.findall(r"<tr id=.*?</tr>", page, re.S) if "aria-current" in row)
    assert "Ada 7" in own
    onlooker = await shown(await signed_in(contests.publisher), "/contests/starters")
    assert len(rows(onlooker)) == 5


async def test_equal_values_share_a_rank(
    company: Company, contests: Contests, signed_in: As
) -> None:
    people = [await company.person(f"P{n}") for n in range(6)]
    values = dict(zip(people, [50, 40, 40, 30, 20, 10], strict=True))
    await contests.contest(values=values)
    page = await shown(await signed_in(people[0]), "/contests/starters")
    assert [rank for rank, _, _ in rows(page)] == [1, 2, 2]


async def test_an_alias_stays_an_alias_and_the_hidden_are_nowhere(
    company: Company, contests: Contests, signed_in: As
) -> None:
    people = await ten(company)
    owl = await company.person("Alice Real", alias="Night Owl")
    hidden = await company.person("Helga Hidden", visibility="hidden")
    values = {person: 20 - n for n, person in enumerate(people)}
    await contests.contest(values={**values, owl: 40, hidden: 30})
    page = await shown(await signed_in(people[0]), "/contests/starters")
    assert "Night Owl" in page
    assert "Alice" not in page
    assert "Helga" not in page
    own = await shown(await signed_in(hidden), "/contests/starters")
    assert "Helga Hidden" in own
    assert "2nd" in words(own)


async def test_names_that_are_markup_or_right_to_left_stay_text(
    company: Company, contests: Contests, signed_in: As
) -> None:
    names = ["<script>alert(1)</script>", "مريم الخطيب", "🎉", "A" * 120, 'O\'Neil & "Co"', "b"]
    people = [await company.person(name) for name in names]
    values = {person: 60 - n for n, person in enumerate(people)}
    await contests.contest(values=values, name="<b>Bold</b> & “quoted”", description="<i>x</i>")
    client = await signed_in(people[0])
    page = await shown(client, "/contests/starters")
    assert [name for _, name, _ in rows(page)] == names[:3]
    for path in ("/contests", "/contests/starters", "/contests/starters/rules", "/"):
        html = await shown(client, path)
        assert "<script>alert" not in html
        assert "<b>Bold" not in html


async def test_with_fewer_than_five_there_is_no_list_only_the_own_figure(
    company: Company, contests: Contests, signed_in: As
) -> None:
    people = [await company.person(f"P{n}") for n in range(4)]
    await contests.contest(values={person: 9 - n for n, person in enumerate(people)})
    page = await shown(await signed_in(people[2]), "/contests/starters")
    assert rows(page) == []
    assert "The first places are still open" in page
    assert "P1" not in words(page)
    assert '<b class="num">7</b>' in page


async def test_each_bracket_has_a_standing_and_the_page_opens_on_the_own_one(
    company: Company, contests: Contests, signed_in: As
) -> None:
    people = await ten(company)
    more = [await company.person(f"Big {n}") for n in range(6)]
    values = {person: 50 - n for n, person in enumerate([*people, *more])}
    await contests.contest(values=values, brackets=BRACKETS, bracket_of=dict.fromkeys(more, 1))
    client = await signed_in(more[1])
    page = await shown(client, "/contests/starters")
    assert [name for _, name, _ in rows(page)] == ["Big 0", "Big 1", "Big 2"]
    assert "2nd in “From 500”" in words(page)
    other = await shown(client, "/contests/starters?bracket=1")
    assert [name for _, name, _ in rows(other)] == [f"Ada {n}" for n in range(5)]
    assert "aria-current" not in "".join(re.findall(r"<tr id=.*?>", other))


async def test_both_figures_stand_side_by_side_with_the_reason(
    company: Company, contests: Contests, signed_in: As
) -> None:
    people = [await company.person(f"P{n}") for n in range(6)]
    prize = {person: 38 - n for n, person in enumerate(people)}
    await contests.contest(
        values=prize,
        recognition={person: value + 12 for person, value in prize.items()},
        networks=NETWORKS,
    )
    client = await signed_in(people[0])
    page = words(await shown(client, "/contests/starters"))
    assert "38 for the prize 12 for recognition (X)" in page
    assert "X : X forbids it." in page
    other = await shown(client, "/contests/starters?for=recognition")
    assert rows(other)[0] == (1, "P0", "50")


async def test_what_it_takes_is_said_and_would_be_enough(
    company: Company, contests: Contests, signed_in: As
) -> None:
    people = [await company.person(f"P{n}") for n in range(6)]
    values = dict(zip(people, [30, 26, 20, 12, 11, 3], strict=True))
    await contests.contest(values=values)
    page = words(await shown(await signed_in(people[3]), "/contests/starters"))
    assert "Answers from 9 new people would take you past whoever stands next." in page
    assert "would be enough for 1st place as it stands now: €200." in page
    assert "Nobody is ahead of you." in words(
        await shown(await signed_in(people[0]), "/contests/starters")
    )


async def test_entering_and_leaving_is_a_click_each_and_twice_is_once(
    company: Company, contests: Contests, signed_in: As
) -> None:
    contest_id = await contests.contest()
    ada = await company.person("Ada")
    client = await signed_in(ada)
    assert "Enter this contest" in await shown(client, "/contests/starters")
    for path in ("enter", "enter", "leave", "leave"):
        answer = await send(client, f"/contests/starters/{path}")
        assert (answer.status_code, answer.headers["location"]) == (303, "/contests/starters")
    states = await company.connection.fetch(
        "select state from entrance where contest_id = $1 and person_id = $2 order by id",
        contest_id,
        ada,
    )
    assert [row["state"] for row in states] == ["entered", "withdrawn"]
    page = await shown(client, "/contests/starters")
    assert "You left the contest. Nobody is told" in page
    assert "Enter again" in page


async def test_who_cannot_enter_reads_why_and_a_late_click_is_refused_in_words(
    company: Company, contests: Contests, signed_in: As
) -> None:
    await contests.contest()
    await contests.contest("ended", starts_in=timedelta(days=-30))
    outsider = await signed_in(await company.person("Olga", state=None))
    page = await shown(outsider, "/contests/starters")
    assert "You can join at any time." in page
    assert 'href="/join"' in page
    assert "Enter this contest" not in page
    answer = await send(await signed_in(await company.person("Ada")), "/contests/ended/enter")
    assert answer.status_code == 422
    assert "nobody can enter any more" in answer.text


async def test_being_in_by_default_is_said_with_the_way_out(
    company: Company, contests: Contests, signed_in: As
) -> None:
    contest_id = await contests.contest(starts_in=timedelta(days=3), entering="default")
    ada = await company.person("Ada")
    client = await signed_in(ada)
    page = await shown(client, "/contests/starters")
    assert "I do not want to be in it" in page
    assert (await send(client, "/contests/starters/leave")).status_code == 303
    state = await company.connection.fetchval(
        "select state from entrance where contest_id = $1 and person_id = $2", contest_id, ada
    )
    assert state == "withdrawn"


async def test_nobody_reads_who_entered_or_left(
    company: Company, contests: Contests, signed_in: As
) -> None:
    people = await ten(company)
    contest_id = await contests.contest(values=dict.fromkeys(people, 0))
    quiet = await company.person("Quiet Quentin")
    await contests.enters(contest_id, quiet, 0, placed=True)
    for viewer in (people[0], contests.publisher):
        client = await signed_in(viewer)
        for path in ("/contests", "/contests/starters", "/contests/starters/rules", "/rewards"):
            page = await shown(client, path)
            assert "Quentin" not in page
            assert "Ada 5" not in page


async def test_anybody_can_compute_the_seal_of_the_rules(
    company: Company, contests: Contests, signed_in: As
) -> None:
    await contests.contest()
    client = await signed_in(await company.person("Ada"))
    rules = await shown(client, "/contests/starters/rules")
    file = await client.get("/contests/starters/charter.json")
    assert sha256(file.content).hexdigest() in rules
    assert "people@example.org" in rules


async def test_a_frozen_standing_stays_while_the_own_figures_go_on(
    company: Company, contests: Contests, signed_in: As
) -> None:
    people = await ten(company)
    values = {person: 20 - n for n, person in enumerate(people)}
    contest_id = await contests.contest(values=values, freeze_hours=48, events=("frozen",))
    await company.connection.execute(
        """insert into frozen_tally (contest_id, mode, person_id, bracket, team, value)
           select contest_id, mode, person_id, bracket, team, value - 10 from tally
           where contest_id = $1""",
        contest_id,
    )
    page = await shown(await signed_in(people[1]), "/contests/starters")
    assert rows(page)[0] == (1, "Ada 0", "10")
    assert "stands still until it is decided" in page
    assert '<b class="num">19</b>' in page


async def test_a_cancelled_contest_says_so_and_lists_nobody(
    company: Company, contests: Contests, signed_in: As
) -> None:
    people = await ten(company)
    values = {person: 20 - n for n, person in enumerate(people)}
    contest_id = await contests.contest(values=values)
    charter_id = await company.connection.fetchval(
        "select id from charter where contest_id = $1", contest_id
    )
    await contests.happened(contest_id, charter_id, "cancelled", {"reason": "The shop burned."})
    page = await shown(await signed_in(people[1]), "/contests/starters")
    assert "It was cancelled on" in page
    assert "The shop burned." in page
    assert rows(page) == []
    assert "Enter" not in words(page.split("<main")[1])


async def test_htmx_gets_the_block_it_asks_for_and_no_id_stands_twice(
    company: Company, contests: Contests, signed_in: As
) -> None:
    people = await ten(company)
    await contests.contest(
        values={person: 20 - n for n, person in enumerate(people)}, networks=NETWORKS
    )
    client = await signed_in(people[7])
    for path, target in (
        ("/contests/starters", "contest-page"),
        ("/contests", "contests-list"),
        ("/", "running"),
        ("/rewards", "rewards-page"),
    ):
        part = await client.get(path, headers={"hx-request": "true", "hx-target": target})
        assert part.status_code == 200
        assert "<!doctype" not in part.text
        assert part.text.count(f'id="{target}"') == 1
        ids = re.findall(r'\sid="([^"]+)"', await shown(client, path))
        assert len(ids) == len(set(ids))
