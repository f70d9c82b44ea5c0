"""HR's queue and one case: what stands there, for whom, and that an answer is one answer."""

from __future__ import annotations

from typing import Any

import pytest
from httpx import AsyncClient

from scoring import dispute, open_case
from tests.app.pages.cases.conftest import HR, HR2, role
from tests.app.pages.conftest import As
from tests.scoring.cases.scene import AGAIN, ANSWERS, agreed_sum, id_of, line_of, lines, named
from tests.scoring.scene import ANA, BEN, NOW, ZONE, count


async def said(connection: Any, words: str = "It was about another thing.") -> int:
    line = await line_of(connection, ANA, AGAIN)
    return await dispute(
        connection, person_id=ANA, named=named(line), words=words, now=NOW, zone=ZONE
    )


async def found(connection: Any, key: str = "k") -> int:
    case = await open_case(
        connection, kind="new_account_bursts", person_id=ANA, reason="three at once",
        evidence={"key": key, "accounts": 3, "minutes": 7.5},
        hold=[id_of(one) for one in ANSWERS], now=NOW,
    )  # fmt: skip
    await count(connection)
    return case


async def send(client: AsyncClient, case: int, **fields: str) -> Any:
    page = await client.get(f"/hr/cases/{case}")
    token = page.text.split('name="_csrf_token" value="')[1].split('"')[0]
    return await client.post(f"/hr/cases/{case}", data={"_csrf_token": token, **fields})


async def test_only_hr_sees_cases(played: Any, signed_in: As) -> None:
    case = await said(played)
    for path in ("/hr/cases", f"/hr/cases/{case}"):
        assert (await (await signed_in(ANA)).get(path)).status_code == 403
        assert (await (await signed_in(HR)).get(path)).status_code == 200


async def test_the_queue_is_the_oldest_first_with_counts_by_kind(
    played: Any, signed_in: As
) -> None:
    first, second = await found(played), await said(played, "Nobody <i>else</i> said that.")
    page = (await (await signed_in(HR)).get("/hr/cases")).text
    assert page.index(f"/hr/cases/{first}") < page.index(f"/hr/cases/{second}")
    assert 'All <span class="num">2</span>' in page
    assert "3 things held" in page
    assert "Nobody &lt;i&gt;else&lt;/i&gt; said that." in page
    only = (await (await signed_in(HR)).get("/hr/cases?kind=dispute")).text
    assert f'/hr/cases/{first}"' not in only
    for odd in ("?kind=gossip", "?past=-1", "?past=99999999999999999999", "?show=x&past=ä"):
        assert (await (await signed_in(HR)).get(f"/hr/cases{odd}")).status_code == 200


async def test_who_is_concerned_reads_only_that_somebody_else_answers(
    played: Any, signed_in: As
) -> None:
    await role(played, ANA)
    case = await said(played, "A secret reason.")
    held = await found(played)
    client = await signed_in(ANA)
    queue = (await client.get("/hr/cases")).text
    assert queue.count("Somebody else answers this.") == 2
    assert "A secret reason" not in queue
    for one in (case, held):
        page = (await client.get(f"/hr/cases/{one}")).text
        assert "somebody else answers it" in page
        assert "secret" not in page
        assert "new people" not in page
        answer = await client.post(
            f"/hr/cases/{one}",
            data={"_csrf_token": page.split('name="_csrf_token" value="')[1].split('"')[0],
                  "answer": "upheld", "reason": "Mine."},
        )  # fmt: skip
        assert answer.status_code == 422
    assert await played.fetchval("select count(*) from case_decision") == 0


async def test_a_finding_shows_what_it_holds_and_what_a_release_gives(
    played: Any, signed_in: As
) -> None:
    whole = await agreed_sum(played, ANA)
    case = await found(played)
    gain = whole - await agreed_sum(played, ANA)
    client = await signed_in(HR)
    page = (await client.get(f"/hr/cases/{case}")).text
    assert f'Ana Lopez</bdi> <b class="num">+{gain}</b>' in page
    assert page.count("An answer to their post") == 3
    assert "A morning at the mill" in page
    assert "3 accounts, none of them seen before." in page
    assert "All within 7.5 minutes." in page
    answered = await send(client, case, answer="released", reason="They met her at a fair.")
    assert answered.status_code == 303
    assert await agreed_sum(played, ANA) == whole
    page = (await client.get(f"/hr/cases/{case}")).text
    assert "They met her at a fair." in page
    assert "Hedda Ruiz" in page
    told = (await (await signed_in(ANA)).get("/me/notices")).text
    assert "It counts, at its original time." in told
    assert "/me/cases" in told


async def test_a_line_under_one_rule_of_several_is_shown_with_that_rule_alone(
    played: Any, signed_in: As
) -> None:
    under = {line.rule: line for line in await lines(played, ANA)
             if line.engagement_id == id_of(ANSWERS[0])}  # fmt: skip
    assert {"answered", "new_voice"} <= set(under)
    case = await dispute(
        played, person_id=ANA, named=named(under["new_voice"]), words="Known for years.", now=NOW,
        zone=ZONE,
    )  # fmt: skip
    page = (await (await signed_in(HR)).get(f"/hr/cases/{case}")).text
    assert "<dd>Somebody new answered you</dd>" in page
    assert '<dd class="num">3 points at most</dd>' in page


async def test_granting_asks_for_points_and_a_sentence_beside_their_fields(
    played: Any, signed_in: As
) -> None:
    case = await said(played)
    before = await agreed_sum(played, ANA)
    client = await signed_in(HR)
    for fields, wrong in (
        ({}, "Choose an answer."),
        ({"answer": "granted", "points": "five", "reason": "x"}, "Write how many points"),
        ({"answer": "granted", "points": "-1", "reason": "x"}, "gave no points"),
        ({"answer": "granted", "points": "5"}, "Write a sentence"),
        ({"answer": "granted", "points": "5000", "reason": "x"}, "At most 1,000 points"),
        ({"answer": "released", "reason": "x"}, "cannot be answered this way"),
        ({"answer": "upheld", "reason": "x" * 2_001}, "at most 2000 characters"),
    ):
        refused = await send(client, case, **fields)
        assert refused.status_code == 422, fields
        assert wrong in refused.text, fields
    page = (await client.get(f"/hr/cases/{case}")).text
    sent = {
        "_csrf_token": page.split('name="_csrf_token" value="')[1].split('"')[0],
        "answer": "granted", "points": "+5", "reason": "Right <you>.",
    }  # fmt: skip
    for _ in range(2):  # a double click
        assert (await client.post(f"/hr/cases/{case}", data=sent)).status_code == 303
    assert await agreed_sum(played, ANA) == before + 5
    own = (await (await signed_in(ANA)).get("/me/cases")).text
    assert "Right &lt;you&gt;." in own
    assert "put right: +5" in own
    why = (await (await signed_in(ANA)).get("/why?day=2026-11-02")).text
    assert "Put right after you asked" in why
    assert f"/me/cases#case-{case}" in why


async def test_of_two_of_hr_the_second_reads_that_it_was_answered(
    played: Any, signed_in: As
) -> None:
    case = await said(played)
    one, two = await signed_in(HR), await signed_in(HR2)
    late = await two.get(f"/hr/cases/{case}")
    token = late.text.split('name="_csrf_token" value="')[1].split('"')[0]
    assert (await send(one, case, answer="upheld", reason="Twice the same.")).status_code == 303
    answer = await two.post(
        f"/hr/cases/{case}",
        data={"_csrf_token": token, "answer": "granted", "points": "5", "reason": "Yes."},
    )
    assert answer.status_code == 422
    assert "Twice the same." in answer.text
    assert "Somebody else answered this case meanwhile" in answer.text


async def test_erased_words_and_texts_leave_the_case_readable(played: Any, signed_in: As) -> None:
    case, held = await said(played), await found(played)
    await played.execute("delete from case_words; delete from post_text")
    client = await signed_in(HR)
    page = (await client.get(f"/hr/cases/{case}")).text
    assert "What they wrote was erased." in page
    assert "not kept here, or not any more" in page
    assert "Its text is not kept any more." in (await client.get(f"/hr/cases/{held}")).text
    assert "What they wrote was erased." in (await client.get("/hr/cases")).text
    assert "What you wrote was erased." in (await (await signed_in(ANA)).get("/me/cases")).text


@pytest.mark.parametrize("case", ["0", "99999", str(2**70)])
async def test_a_case_that_is_none_is_no_page(played: Any, signed_in: As, case: str) -> None:
    client = await signed_in(HR)
    assert (await client.get(f"/hr/cases/{case}")).status_code == 404
    token = (await client.get("/me")).text.split('name="_csrf_token" value="')[1].split('"')[0]
    form = {"_csrf_token": token, "answer": "upheld", "reason": "It stays."}
    assert (await client.post(f"/hr/cases/{case}", data=form)).status_code == 404


async def test_a_case_about_a_line_that_is_gone_is_still_answered(
    played: Any, signed_in: As
) -> None:
    case = await said(played)
    await played.execute(
        """insert into removal (native_key, platform, native_id, recorded_at)
           select native_key, platform, native_id, $2 from engagement where id = $1""",
        id_of(AGAIN),
        NOW,
    )
    page = await (await signed_in(HR)).get(f"/hr/cases/{case}")
    assert page.status_code == 200
    answered = await send(await signed_in(HR), case, answer="upheld", reason="It was deleted.")
    assert answered.status_code == 303
    assert "It was deleted." not in (await (await signed_in(BEN)).get("/me/cases")).text
