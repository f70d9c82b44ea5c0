"""Whose an account is: nobody's by saying so, one person's by showing it, moved by a person alone."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Generator
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from app.going_out import Outside, going_out
from app.proofs import (
    LASTS,
    LOOKS,
    Choices,
    ClaimRefused,
    answered,
    ask_administrator,
    claim_by_id,
    decide_claim,
    let_go,
    let_go_of_all,
    look_now,
    note_proof,
    open_claim,
    proofs_of,
    request_of,
    say,
    waiting_claims,
)
from app.proofs.claim import MOST_A_DAY, MOST_ACCOUNTS, has_many
from app.proofs.code import new_code
from app.settings import Settings
from scoring import (
    Answer,
    Ask,
    CaseRefused,
    Named,
    NotSeen,
    accounts_of,
    case_queue,
    decide_case,
    holder_of,
    link,
    open_case_counts,
    unlink,
)
from scoring.identity import account_id
from tests.app.going_out.server import serving
from tests.app.people.social import Social

ANA = Named("ana@social.example", "ana@social.example")
ACCOUNT = account_id("mastodon", ANA.native_id)
CHOSEN = Choices("disclosed", True, False)


@pytest.fixture
async def social() -> AsyncIterator[Social]:
    async with serving(Social()) as server:
        yield server


@pytest.fixture
def settings(database_url: str, social: Social) -> Settings:
    return Settings(
        database_url=database_url,
        secret_key="k" * 40,
        base_url="https://fanfare.example",
        peers=(f"https://social.example={social.origin}",),
    )


@pytest.fixture
async def outside(settings: Settings) -> AsyncIterator[Outside]:
    async with going_out(settings) as way:
        yield way


@pytest.fixture
async def pool(database_url: str) -> AsyncIterator[Any]:
    async with asyncpg.create_pool(database_url, min_size=2, max_size=12) as made:
        yield made


async def enrolled(connection: Any, person: int, state: str = "active") -> int:
    """Takes part since yesterday, or left just now."""
    await connection.execute(
        """insert into enrolment (person_id, effective_at, state, recorded_at)
           values ($1, now() - $3::interval, $2, now() - $3::interval)""",
        person,
        state,
        timedelta(days=1) if state == "active" else timedelta(),
    )
    return person


@pytest.fixture
async def people(connection: Any) -> list[int]:
    """Ana, Ben, and two administrators."""
    made = []
    for role in (None, None, "administrator", "administrator"):
        person: int = await connection.fetchval(
            "insert into person (recorded_at) values (now()) returning id"
        )
        made.append(person)
        await enrolled(connection, person)
        if role:
            await connection.execute(
                """insert into role_grant (person_id, role, granted, granted_by, recorded_at)
                   values ($1, $2, true, null, now())""",
                person,
                role,
            )
    return made


def now() -> datetime:
    return datetime.now(UTC)


async def named(connection: Any, person: int, at: datetime | None = None) -> int:
    return await open_claim(connection, person, "mastodon", ANA, CHOSEN, at or now())


async def put(connection: Any, social: Social, claim_id: int) -> None:
    """Write the claim's code into the profile, as its owner would."""
    claim = await claim_by_id(connection, claim_id)
    assert claim is not None
    social.bios["ana"] = social.bios.get("ana", "") + f"<p>{claim.code}</p>"


async def told(connection: Any) -> list[tuple[int, str]]:
    rows = await connection.fetch("select person_id, kind from notice order by id")
    return [tuple(row) for row in rows]


def test_a_code_is_a_hundred_random_bits_and_never_the_same() -> None:
    codes = {new_code() for _ in range(2_000)}
    assert len(codes) == 2_000
    assert all(re.fullmatch(r"fanfare(-[2-9a-hjkmnp-z]{5}){4}", code) for code in codes)


async def test_a_code_in_the_profile_links_the_account_with_what_was_chosen(
    connection: Any,
    pool: Any,
    settings: Settings,
    outside: Outside,
    social: Social,
    people: list[int],
) -> None:
    ana = people[0]
    claim_id = await named(connection, ana)
    social.bios["ana"] = "<p>I write.</p>"
    assert await look_now(pool, settings, outside, ana, claim_id) is None
    assert await accounts_of(connection, ana, now()) == []
    await put(connection, social, claim_id)
    await asyncio.sleep(3)
    assert await look_now(pool, settings, outside, ana, claim_id) == "linked"
    [account] = await accounts_of(connection, ana, now())
    assert (account.counts, account.professional, account.disclaimer) == ("disclosed", True, False)
    [proof] = (await proofs_of(connection, [ACCOUNT]))[ACCOUNT]
    assert (proof.person_id, proof.how, proof.place) == (ana, "code", "your bio")
    with pytest.raises(ClaimRefused):
        await look_now(pool, settings, outside, ana, claim_id)


async def test_a_link_to_the_claims_own_address_links_the_account(
    connection: Any,
    pool: Any,
    settings: Settings,
    outside: Outside,
    social: Social,
    people: list[int],
) -> None:
    claim_id = await named(connection, people[0])
    claim = await claim_by_id(connection, claim_id)
    assert claim is not None
    address = f"https://fanfare.example/proof/{claim.code}"
    social.fields["ana"] = [f'<a href="{address}" rel="nofollow noopener me">{address}</a>']
    assert await look_now(pool, settings, outside, people[0], claim_id) == "linked"
    [proof] = (await proofs_of(connection, [ACCOUNT]))[ACCOUNT]
    assert proof.how == "rel_me"


async def test_a_code_proves_for_nobody_but_whom_it_was_given(
    connection: Any,
    pool: Any,
    settings: Settings,
    outside: Outside,
    social: Social,
    people: list[int],
) -> None:
    ana, ben, *_ = people
    for_ana, for_ben = await named(connection, ana), await named(connection, ben)
    await put(connection, social, for_ana)
    assert await look_now(pool, settings, outside, ben, for_ben) is None
    with pytest.raises(ClaimRefused):  # nor by the number of somebody else's claim
        await look_now(pool, settings, outside, ben, for_ana)
    assert await holder_of(connection, ACCOUNT) is None


async def test_a_code_that_is_over_proves_nothing(
    connection: Any,
    pool: Any,
    settings: Settings,
    outside: Outside,
    social: Social,
    people: list[int],
) -> None:
    claim_id = await named(connection, people[0], now() - LASTS)
    await put(connection, social, claim_id)
    with pytest.raises(ClaimRefused, match="over"):
        await look_now(pool, settings, outside, people[0], claim_id)
    assert social.heard == []


async def test_looks_are_bounded_also_all_at_once(
    connection: Any,
    pool: Any,
    settings: Settings,
    outside: Outside,
    social: Social,
    people: list[int],
) -> None:
    claim_id = await named(connection, people[0])
    social.bios["ana"] = "nothing"
    looks = [look_now(pool, settings, outside, people[0], claim_id) for _ in range(20)]
    answers = await asyncio.gather(*looks, return_exceptions=True)
    # The pause between two looks lets one of them through.
    assert sum(answer is None for answer in answers) == 1
    assert sum(isinstance(answer, ClaimRefused) for answer in answers) == 19
    assert len([heard for heard in social.heard if "lookup" in heard.path]) == 1
    await connection.execute(
        """insert into claim_look (claim_id, recorded_at)
           select $1, now() - interval '1 minute' from generate_series(1, $2)""",
        claim_id,
        LOOKS,
    )
    await connection.execute("delete from claim_look where recorded_at > now() - interval '30 s'")
    with pytest.raises(ClaimRefused, match="often enough"):
        await look_now(pool, settings, outside, people[0], claim_id)


async def test_a_server_that_is_away_costs_a_look_and_nothing_else(
    connection: Any,
    pool: Any,
    settings: Settings,
    outside: Outside,
    social: Social,
    people: list[int],
) -> None:
    claim_id = await named(connection, people[0])
    social.away = True
    with pytest.raises(NotSeen):
        await look_now(pool, settings, outside, people[0], claim_id)
    claim = await claim_by_id(connection, claim_id)
    assert claim is not None
    assert (claim.looks, claim.open) == (1, True)


async def test_naming_an_account_again_gives_a_new_code_and_is_bounded(
    connection: Any, people: list[int]
) -> None:
    first = await named(connection, people[0])
    second = await named(connection, people[0])
    old, new = await claim_by_id(connection, first), await claim_by_id(connection, second)
    assert old is not None
    assert new is not None
    assert (old.outcome, new.outcome) == ("let_go", None)
    assert old.code != new.code
    for _ in range(MOST_A_DAY - 2):
        await named(connection, people[0])
    with pytest.raises(ClaimRefused, match="tomorrow"):
        await named(connection, people[0])
    await named(connection, people[0], now() + timedelta(days=1, minutes=1))


async def test_nobody_links_more_accounts_on_a_network_than_people_have(
    connection: Any, people: list[int]
) -> None:
    for number in range(MOST_ACCOUNTS):
        name = f"ada@s{number}.example"
        await link(connection, people[0], "mastodon", Named(name, name), "every", now())
    assert await has_many(connection, people[0], "mastodon", ACCOUNT, now())
    with pytest.raises(ClaimRefused, match="Unlink one"):
        await named(connection, people[0])
    assert not await has_many(
        connection, people[0], "mastodon", account_id("mastodon", "ada@s0.example"), now()
    )
    await named(connection, people[1])


async def test_of_many_who_prove_at_once_one_has_the_account(
    connection: Any,
    pool: Any,
    settings: Settings,
    outside: Outside,
    social: Social,
    people: list[int],
) -> None:
    everybody = [
        await enrolled(
            connection,
            await connection.fetchval(
                "insert into person (recorded_at) values (now()) returning id"
            ),
        )
        for _ in range(8)
    ]
    claims = [await named(connection, person) for person in everybody]
    for claim_id in claims:
        await put(connection, social, claim_id)
    answers = await asyncio.gather(
        *(
            look_now(pool, settings, outside, person, claim_id)
            for person, claim_id in zip(everybody, claims, strict=True)
        )
    )
    assert sorted(map(str, answers)) == ["linked", *["taken"] * 7]
    rows = await connection.fetch("select person_id from ownership where account_id = $1", ACCOUNT)
    assert [row["person_id"] for row in rows] == [everybody[answers.index("linked")]]
    # Each proof is kept: it is evidence for whoever decides.
    assert len((await proofs_of(connection, [ACCOUNT]))[ACCOUNT]) == 8


async def test_a_proof_does_not_take_away_what_somebody_has(
    connection: Any,
    pool: Any,
    settings: Settings,
    outside: Outside,
    social: Social,
    people: list[int],
) -> None:
    ana, ben, *_ = people
    await link(connection, ana, "mastodon", ANA, "every", now())
    claim_id = await named(connection, ben)
    await put(connection, social, claim_id)
    assert await look_now(pool, settings, outside, ben, claim_id) == "taken"
    holder = await holder_of(connection, ACCOUNT)
    assert holder is not None
    assert holder.person_id == ana


async def contested(connection: Any, people: list[int], words: str = "It has my picture.") -> int:
    """Ana has it, Ben asks."""
    ana, ben, *_ = people
    await link(connection, ana, "mastodon", ANA, "every", now())
    claim_id = await named(connection, ben)
    async with connection.transaction():
        await ask_administrator(connection, ben, claim_id, words, now(), otherwise=True)
    return claim_id


async def test_a_takeover_is_asked_of_administrators_and_the_other_side_is_heard(
    connection: Any, people: list[int]
) -> None:
    ana, ben, one, other = people
    claim_id = await contested(connection, people)
    assert await told(connection) == [
        (ana, "account_contested"), (one, "account_asked"), (other, "account_asked"),
    ]  # fmt: skip
    detail = await connection.fetchval("select detail::text from notice where person_id = $1", ana)
    assert str(ben) not in detail.replace(f'"claim": {claim_id}', "")
    await say(connection, ana, claim_id, "I opened it in 2019.", now())
    await say(connection, ana, claim_id, "I opened it in 2018.", now())
    asked = await request_of(connection, claim_id)
    assert asked is not None
    assert asked.words == {ben: "It has my picture.", ana: "I opened it in 2018."}
    with pytest.raises(ClaimRefused):
        await say(connection, one, claim_id, "Me too.", now())
    [waiting] = await waiting_claims(connection)
    assert (waiting.claim.id, waiting.holder_id) == (claim_id, ana)
    # HR is not asked, and cannot answer it by another door.
    assert await case_queue(connection, viewer_id=one, open=True) == []
    assert await open_case_counts(connection) == {}
    with pytest.raises(CaseRefused):
        await decide_case(
            connection, asked.case_id, by=one, outcome="upheld", reason="x", now=now()
        )


async def test_what_is_decided_moves_the_account_whole_and_tells_both(
    connection: Any, people: list[int]
) -> None:
    ana, ben, one, _ = people
    claim_id = await contested(connection, people)
    before = now()
    async with connection.transaction():
        await decide_claim(
            connection, claim_id, by=one, yes=True, reason="His picture, and she left.", now=now()
        )
    assert await accounts_of(connection, ana, now()) == []
    [account] = await accounts_of(connection, ben, now())
    assert account.since_at >= before
    [proof] = (await proofs_of(connection, [ACCOUNT]))[ACCOUNT]
    assert (proof.how, proof.confirmed_by) == ("confirmed", one)
    # What it counted until then stays whose it was.
    rows = await connection.fetch("select person_id from ownership order by id")
    assert [row["person_id"] for row in rows] == [ana, None, ben]
    decided = [row for row in await told(connection) if row[1] == "account_decided"]
    assert decided == [(ben, "account_decided"), (ana, "account_decided")]
    reasons = await connection.fetchval(
        "select words from case_words where part = 'answered' order by case_id desc limit 1"
    )
    assert reasons == "His picture, and she left."


async def test_what_is_refused_changes_nothing_and_is_not_decided_twice(
    connection: Any, people: list[int]
) -> None:
    ana, ben, one, other = people
    claim_id = await contested(connection, people)
    async with connection.transaction():
        await decide_claim(connection, claim_id, by=one, yes=False, reason="Hers.", now=now())
    assert len(await accounts_of(connection, ana, now())) == 1
    assert await accounts_of(connection, ben, now()) == []
    with pytest.raises(CaseRefused):
        async with connection.transaction():
            await decide_claim(connection, claim_id, by=other, yes=True, reason="His.", now=now())
    assert len(await accounts_of(connection, ana, now())) == 1
    # The same answer sent twice is one answer.
    async with connection.transaction():
        await decide_claim(connection, claim_id, by=one, yes=False, reason="Hers.", now=now())


@pytest.mark.parametrize("side", [0, 1])
async def test_nobody_decides_about_an_account_of_their_own(
    connection: Any, people: list[int], side: int
) -> None:
    claim_id = await contested(connection, people)
    with pytest.raises(CaseRefused):
        async with connection.transaction():
            await decide_claim(
                connection, claim_id, by=people[side], yes=side == 1, reason="Mine.", now=now()
            )
    assert await connection.fetchval("select count(*) from claim_end") == 0


async def test_of_administrators_who_decide_at_once_one_does(
    connection: Any, pool: Any, people: list[int]
) -> None:
    *_, one, other = people
    claim_id = await contested(connection, people)

    async def decide(by: int, yes: bool) -> str:
        async with pool.acquire() as own:
            try:
                async with own.transaction():
                    await decide_claim(own, claim_id, by=by, yes=yes, reason="Looked.", now=now())
            except CaseRefused:
                return "late"
            return "decided"

    answers = await asyncio.gather(decide(one, True), decide(other, False))
    assert sorted(answers) == ["decided", "late"]
    assert await connection.fetchval("select count(*) from case_decision") == 1
    assert await connection.fetchval("select count(*) from claim_end") == 1
    owners = await connection.fetchval(
        "select count(*) from (select distinct on (account_id) person_id from ownership "
        "order by account_id, effective_at desc, id desc) o where person_id is not null"
    )
    assert owners == 1


async def test_what_moved_on_meanwhile_is_not_taken_from_a_third(
    connection: Any, people: list[int]
) -> None:
    ana, ben, one, _ = people
    claim_id = await contested(connection, people)
    third: int = await connection.fetchval(
        "insert into person (recorded_at) values (now()) returning id"
    )
    await unlink(connection, ana, ACCOUNT, now())
    await link(connection, third, "mastodon", ANA, "every", now())
    with pytest.raises(ClaimRefused, match="meanwhile"):
        async with connection.transaction():
            await decide_claim(connection, claim_id, by=one, yes=True, reason="His.", now=now())
    assert await connection.fetchval("select count(*) from case_decision") == 0
    holder = await holder_of(connection, ACCOUNT)
    assert holder is not None
    assert holder.person_id == third
    async with connection.transaction():
        await decide_claim(connection, claim_id, by=one, yes=False, reason="Moved.", now=now())
    assert await accounts_of(connection, ben, now()) == []


async def test_a_takeover_ends_what_the_other_let_fanfare_see(
    connection: Any, people: list[int]
) -> None:
    ana, _, one, _ = people
    claim_id = await contested(connection, people)
    await connection.execute(
        """insert into consent (account_id, person_id, platform, state, scopes, access, sealed_by,
             given_at, changed_at) values ($1, $2, 'mastodon', 'given', '{}', 'x', 'key', now(), now())""",
        ACCOUNT,
        ana,
    )
    async with connection.transaction():
        await decide_claim(connection, claim_id, by=one, yes=True, reason="His.", now=now())
    row = await connection.fetchrow("select state, due_at from consent")
    assert row["state"] == "withdrawn"
    assert row["due_at"] is not None


async def test_the_companys_own_account_is_nobodys_to_ask_for(
    connection: Any, people: list[int]
) -> None:
    claim_id = await named(connection, people[1])
    await connection.execute(
        "insert into account (id, platform, native_id, recorded_at) values ($1, 'mastodon', $2, now())",
        ACCOUNT,
        ANA.native_id,
    )
    await connection.execute(
        """insert into ownership (account_id, effective_at, person_id, company, counts, recorded_at)
           values ($1, now(), null, true, null, now())""",
        ACCOUNT,
    )
    with pytest.raises(ClaimRefused, match="company"):
        await ask_administrator(connection, people[1], claim_id, "Mine.", now(), otherwise=True)


async def test_an_administrator_confirms_only_what_could_not_be_shown(
    connection: Any, people: list[int]
) -> None:
    ana, _, one, _ = people
    x = Named("12345", "ana")
    claim_id = await open_claim(connection, ana, "x", x, CHOSEN, now())
    with pytest.raises(ClaimRefused, match="yourself"):
        await ask_administrator(connection, ana, claim_id, "Mine.", now(), otherwise=True)
    case = await ask_administrator(connection, ana, claim_id, "Mine.", now(), otherwise=False)
    assert case == await ask_administrator(
        connection, ana, claim_id, "Mine!", now(), otherwise=False
    )
    # What an administrator was asked about is not let go, nor named anew, behind their back.
    assert not await let_go(connection, ana, claim_id, now())
    assert await open_claim(connection, ana, "x", x, CHOSEN, now()) == claim_id
    async with connection.transaction():
        await decide_claim(connection, claim_id, by=one, yes=True, reason="I know it.", now=now())
    [account] = await accounts_of(connection, ana, now())
    assert account.native_id == "12345"
    assert (ana, "account_decided") in await told(connection)


async def test_a_proof_that_comes_while_an_administrator_looks_is_theirs_to_weigh(
    connection: Any,
    pool: Any,
    settings: Settings,
    outside: Outside,
    social: Social,
    people: list[int],
) -> None:
    ana = people[0]
    claim_id = await named(connection, ana)
    await ask_administrator(connection, ana, claim_id, "Mine.", now(), otherwise=False)
    await put(connection, social, claim_id)
    assert await look_now(pool, settings, outside, ana, claim_id) == "waits"
    assert await holder_of(connection, ACCOUNT) is None
    [proof] = (await proofs_of(connection, [ACCOUNT]))[ACCOUNT]
    assert proof.how == "code"


async def test_nothing_is_linked_to_who_left_meanwhile(
    connection: Any,
    pool: Any,
    settings: Settings,
    outside: Outside,
    social: Social,
    people: list[int],
) -> None:
    ana, ben, one, _ = people
    claim_id = await contested(connection, people)
    await enrolled(connection, ben, "left")
    with pytest.raises(ClaimRefused, match="take part"):
        async with connection.transaction():
            await decide_claim(connection, claim_id, by=one, yes=True, reason="His.", now=now())
    assert len(await accounts_of(connection, ana, now())) == 1
    own = await named(connection, ana)
    await put(connection, social, own)
    await enrolled(connection, ana, "left")
    with pytest.raises(ClaimRefused, match="takes part"):
        await look_now(pool, settings, outside, ana, own)
    async with connection.transaction():
        await let_go_of_all(connection, ana, now())
    claim = await claim_by_id(connection, own)
    assert claim is not None
    assert claim.outcome == "let_go"


async def test_words_can_be_erased_and_the_decision_stays(
    connection: Any, people: list[int]
) -> None:
    claim_id = await contested(connection, people)
    async with connection.transaction():
        await decide_claim(connection, claim_id, by=people[2], yes=True, reason="His.", now=now())
    for table in ("claim_words", "claim_end", "claim_request", "claim_look", "account_claim"):
        await connection.execute(f"delete from {table}")
    assert await connection.fetchval("select outcome from case_decision") == "released"
    with pytest.raises(ClaimRefused):
        await decide_claim(connection, claim_id, by=people[3], yes=True, reason="x", now=now())


async def test_a_confirmation_without_a_confirmer_cannot_be_written(
    connection: Any, people: list[int]
) -> None:
    await link(connection, people[0], "mastodon", ANA, "every", now())
    with pytest.raises(asyncpg.CheckViolationError):
        await note_proof(connection, ACCOUNT, people[0], "confirmed", "x", now())
    with pytest.raises(asyncpg.CheckViolationError):
        await note_proof(connection, ACCOUNT, people[0], "a dream", "x", now())


async def test_a_document_that_names_no_address_is_said_in_a_sentence(outside: Outside) -> None:
    def looking() -> Generator[Ask, Answer | None, None]:
        yield Ask("https://bücher.example/xrpc/com.atproto.repo.getRecord")

    with pytest.raises(NotSeen, match="no address that can be asked"):
        await answered(outside, looking())
