"""The pages on which people show that an account is theirs, answer, and decide."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import asyncpg
import httpx
from litestar import Litestar

from scoring import Named, accounts_of, link
from tests.app.people.social import Social
from tests.app.people.test_taking_part import id_of, join
from tests.app.people.visitor import Visitor, error_beside, path

SignIn = Callable[..., Awaitable[Visitor]]
ADD = {"network": "mastodon", "counts": "every", "kind": "personal"}


async def named(visitor: Visitor, handle: str, **changed: str) -> httpx.Response:
    """Name an account on one's own page."""
    return await visitor.send_form("/me", "/me/accounts", **{**ADD, "handle": handle, **changed})


async def test_every_way_that_is_open_is_offered_and_looking_says_what_it_saw(
    signed_in: SignIn, social: Social, connection: asyncpg.Connection
) -> None:
    ada = await signed_in("Ada Lovelace")
    await join(ada, later="yes")
    claim = await named(ada, "@ada@social.example")
    where = path(claim)
    assert where.startswith("/me/accounts/claims/")
    assert re.search(r'id="code"[^>]*>fanfare-', claim.text)
    assert "http://fanfare.test/proof/fanfare-" in claim.text
    assert "Sign in at Mastodon" in claim.text
    assert "Ask an administrator" not in claim.text
    nobody = await ada.send_form(where, f"{where}/look")
    assert nobody.status_code == 422
    assert "knows no account" in nobody.text
    # Somebody whose server shows nothing can ask a person.
    assert "Ask an administrator" in nobody.text
    social.bios["ada"] = "<p>Nothing yet.</p>"
    quick = await ada.send_form(where, f"{where}/look")
    assert "a moment ago" in quick.text
    await connection.execute("update claim_look set recorded_at = now() - interval '1 minute'")
    unseen = await ada.send_form(where, f"{where}/look")
    assert "did not find it yet" in unseen.text
    await connection.execute("update claim_look set recorded_at = now() - interval '1 minute'")
    linked = await ada.show(await ada.get(where))
    assert path(linked) == "/me"
    assert "shown by a code in your bio" in linked.text
    assert "personal" in linked.text


async def test_one_person_sends_fanfare_to_look_so_often_whichever_code_or_account(
    signed_in: SignIn, social: Social
) -> None:
    ada, ben = await signed_in("Ada Lovelace"), await signed_in("Ben Ito")
    for one in (ada, ben):
        await join(one, later="yes")
    answers = []
    for account in ("@ada@social.example", "@ada2@social.example", "@ada3@social.example"):
        where = path(await named(ada, account))
        answers += [(await ada.send_form(where, f"{where}/look")).status_code for _ in range(4)]
    assert answers == [422] * 8 + [429] * 4
    before = len(social.heard)
    assert (await ada.send_form(where, f"{where}/look")).status_code == 429
    assert len(social.heard) == before  # it is counted before anybody goes out
    where = path(await named(ben, "@ben@social.example"))
    assert (await ben.send_form(where, f"{where}/look")).status_code == 422


async def test_a_code_that_is_over_is_given_anew(
    signed_in: SignIn, connection: asyncpg.Connection
) -> None:
    ada = await signed_in("Ada Lovelace")
    await join(ada, later="yes")
    where = path(await named(ada, "@ada@social.example"))
    await connection.execute(
        "update account_claim set opened_at = opened_at - interval '1 h', expires_at = now()"
    )
    over = await ada.get(where)
    assert "The code is over" in over.text
    fresh = await ada.send_form(where, f"{where}/again")
    assert path(fresh) != where
    assert re.search(r'id="code"[^>]*>fanfare-', fresh.text)
    assert "began again" in (await ada.get(where)).text


async def test_nobody_sees_or_moves_somebody_elses_claim(signed_in: SignIn) -> None:
    ada, eve = await signed_in("Ada Lovelace"), await signed_in("Eve Moriarty")
    await join(ada, later="yes")
    await join(eve, later="yes")
    where = path(await named(ada, "@ada@social.example"))
    assert (await eve.get(where)).status_code == 404
    for action in ("look", "again", "ask", "sign-in"):
        answer = await eve.send_form("/me", f"{where}/{action}", words="Mine.")
        assert answer.status_code in (404, 422)
        assert "fanfare-" not in answer.text
    await eve.send_form("/me", f"{where}/let-go")
    assert "Show that it is yours" in (await ada.get(where)).text
    assert (await eve.get("/me/accounts/claims/99999999999999999999")).status_code == 404


async def test_only_who_takes_part_names_an_account(signed_in: SignIn) -> None:
    ada = await signed_in("Ada Lovelace")
    answer = await ada.send_form("/join", "/me/accounts", **ADD, handle="@ada@social.example")
    assert answer.status_code == 422


async def test_what_is_not_wanted_after_all_is_forgotten(signed_in: SignIn) -> None:
    ada = await signed_in("Ada Lovelace")
    await join(ada, later="yes")
    where = path(await named(ada, "@ada@social.example"))
    answer = await ada.send_form(where, f"{where}/let-go")
    assert path(answer) == "/me"
    assert "Not linked yet" not in answer.text


async def test_a_takeover_goes_from_who_asks_to_who_has_it_to_who_decides(
    signed_in: SignIn, connection: asyncpg.Connection
) -> None:
    ada, eve = await signed_in("Ada Lovelace"), await signed_in("Eve Moriarty")
    grace = await signed_in("Grace Hopper", "administrator")
    await join(ada)
    await join(eve, later="yes")
    claim = await named(eve, "@ada@social.example")
    assert "A colleague has linked this account" in claim.text
    assert "Ada Lovelace" not in claim.text
    where = path(claim)
    empty = await eve.send_form(where, f"{where}/ask", words="  ")
    assert error_beside(empty, "words")
    asked = await eve.send_form(where, f"{where}/ask", words="It has my picture.")
    assert "An administrator looks at it" in asked.text
    assert "It has my picture." in asked.text
    number = where.rpartition("/")[2]
    # Who has it is told, kindly, and not by whom.
    notices = await ada.get("/me/notices")
    assert f"/me/accounts/asked/{number}" in notices.text
    page = await ada.get(f"/me/accounts/asked/{number}")
    assert "A colleague says that this account is theirs" in page.text
    assert "Eve" not in page.text
    assert "my picture" not in page.text
    said = await ada.send_form(
        f"/me/accounts/asked/{number}", f"/me/accounts/asked/{number}", words="Mine since 2018."
    )
    assert "Thank you" in said.text
    assert (await eve.get(f"/me/accounts/asked/{number}")).status_code == 404
    # Who decides reads both sides with what they showed.
    assert "/admin/accounts" in (await grace.get("/me/notices")).text
    queue = await grace.get("/admin/accounts")
    assert f'href="/admin/accounts/{number}"' in queue.text
    case = await grace.get(f"/admin/accounts/{number}")
    for words in ("Mine since 2018.", "It has my picture.", "Shown by a code in their bio"):
        assert words in case.text
    without = await grace.send_form(f"/admin/accounts/{number}", f"/admin/accounts/{number}")
    assert without.status_code == 422
    assert error_beside(without, "reason")
    done = await grace.send_form(
        f"/admin/accounts/{number}",
        f"/admin/accounts/{number}",
        answer="yes",
        reason="Her picture.",
    )
    assert path(done) == "/admin/accounts"
    assert "theirs" in done.text
    eve_id, ada_id = (
        await id_of(connection, "Eve Moriarty"),
        await id_of(connection, "Ada Lovelace"),
    )
    assert await accounts_of(connection, ada_id, datetime.now(UTC)) == []
    [account] = await accounts_of(connection, eve_id, datetime.now(UTC))
    assert account.counts == "every"
    assert "confirmed" not in (await eve.get("/me")).text
    assert "by an administrator’s word" in (await eve.get("/me")).text
    for visitor, words in ((eve, "linked to you from now on"), (ada, "linked to a colleague")):
        told = (await visitor.get("/me/notices")).text
        assert words in told
        assert "Her picture." in told
    after = (await grace.get(f"/admin/accounts/{number}")).text
    assert "Her picture." in after
    assert 'name="answer"' not in after
    # A worker deletes soon how it was shown by who had it; that is no word about what was shown.
    await connection.execute("delete from account_proof where person_id = $1", ada_id)
    after = (await grace.get(f"/admin/accounts/{number}")).text
    assert "deleted with the link" in after
    assert "linked at their word" not in after
    late = await grace.send_form(
        "/me", f"/admin/accounts/{number}", answer="no", reason="It stays Ada’s."
    )
    assert late.status_code == 422
    assert len(await accounts_of(connection, eve_id, datetime.now(UTC))) == 1


async def test_an_administrator_on_one_side_reads_nothing_and_decides_nothing(
    signed_in: SignIn, connection: asyncpg.Connection
) -> None:
    ada = await signed_in("Ada Lovelace", "administrator")
    eve = await signed_in("Eve Moriarty", "administrator")
    await join(ada)
    await join(eve, later="yes")
    where = path(await named(eve, "@ada@social.example"))
    await eve.send_form(where, f"{where}/ask", words="It has my picture.")
    number = where.rpartition("/")[2]
    for visitor in (ada, eve):
        queue = await visitor.get("/admin/accounts")
        assert "somebody else decides" in queue.text
        case = await visitor.get(f"/admin/accounts/{number}")
        assert "another administrator decides" in case.text
        assert "my picture" not in case.text
        answer = await visitor.send_form(
            "/me", f"/admin/accounts/{number}", answer="yes", reason="Mine."
        )
        assert answer.status_code == 422
    assert await connection.fetchval("select count(*) from case_decision") == 0


async def test_where_nothing_can_prove_it_an_administrator_confirms(
    signed_in: SignIn, connection: asyncpg.Connection
) -> None:
    ada, grace = await signed_in("Ada Lovelace"), await signed_in("Grace Hopper", "administrator")
    await join(ada, later="yes")
    claim = await named(ada, "@ada 12345", network="x")
    assert "An administrator can confirm" in claim.text
    assert "fanfare-" not in claim.text
    where = path(claim)
    await ada.send_form(where, f"{where}/ask", words="Grace follows me there.")
    assert "waits for an administrator" in (await ada.get("/me")).text
    number = where.rpartition("/")[2]
    case = await grace.get(f"/admin/accounts/{number}")
    assert "Is this account theirs?" in case.text
    # The number is what would be linked; whose name was typed beside it is another question.
    assert 'href="https://x.com/i/user/12345"' in case.text
    assert "https://x.com/ada" not in case.text
    assert "was typed beside it by Ada Lovelace" in case.text
    await grace.send_form(
        f"/admin/accounts/{number}",
        f"/admin/accounts/{number}",
        answer="no",
        reason="I do not know it.",
    )
    person_id = await id_of(connection, "Ada Lovelace")
    assert await accounts_of(connection, person_id, datetime.now(UTC)) == []
    assert "not linked to you" in (await ada.get(where)).text


async def test_an_address_that_proves_says_the_same_to_everybody(
    application: Litestar, signed_in: SignIn
) -> None:
    ada = await signed_in("Ada Lovelace")
    await join(ada, later="yes")
    claim = await named(ada, "@ada@social.example")
    code = re.search(r'id="code"[^>]*>([^<]+)<', claim.text)
    assert code
    async with Visitor(application) as stranger:
        known, other = [
            (await stranger.get(f"/proof/{one}")).text for one in (code[1], "fanfare-never-given")
        ]
    assert "An address that proves something" in known
    assert known.replace(code[1], "") == other.replace("fanfare-never-given", "")


async def test_a_linked_account_of_bluesky_is_signed_in_for_once_more(
    signed_in: SignIn, connection: asyncpg.Connection
) -> None:
    ada = await signed_in("Ada Lovelace")
    await join(ada, later="yes")
    assert path(await ada.get("/me/accounts/consent/bluesky")) == "/me"
    person_id = await id_of(connection, "Ada Lovelace")
    did = Named("did:plc:z72i7hdynmk6r22z27h6tvur", "ada.example")
    await link(connection, person_id, "bluesky", did, "every", datetime.now(UTC))
    page = await ada.get("/me/accounts/consent/bluesky")
    assert "Sign in at your server once more" in page.text
    assert f'value="{did.native_id}"' in page.text


async def test_servers_of_bluesky_read_who_fanfare_is(application: Litestar) -> None:
    async with Visitor(application) as stranger:
        answer = await stranger.get("/oauth/client-metadata.json")
    assert answer.headers["content-type"].startswith("application/json")
    assert answer.json()["scope"] == "atproto"
