"""An administrator makes two records one person: shown first, never of oneself, and undone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import asyncpg

from tests.app.people.conftest import PASSWORD, NewPerson
from tests.app.people.visitor import Visitor, error_beside, path

SignIn = Callable[..., Awaitable[Visitor]]
WHY = "imported twice"


async def two_records(person: NewPerson) -> tuple[int, int]:
    return await person("Ada Lovelace"), await person("Ada Byron")


async def joined(connection: asyncpg.Connection) -> list[tuple[int, int | None]]:
    rows = await connection.fetch("select record_id, into_id from same_person order by id")
    return [(row["record_id"], row["into_id"]) for row in rows]


async def test_what_would_change_is_shown_before_it_is_done(
    signed_in: SignIn, person: NewPerson, connection: asyncpg.Connection
) -> None:
    ada, byron = await two_records(person)
    root = await signed_in("Grace Hopper", "administrator")
    here = f"/admin/people/{ada}/same"
    typed = {"email": "ada.byron@northwind.test", "reason": WHY}
    answer = await root.send_form(here, here, **typed)
    assert "What would change" in answer.text
    assert await joined(connection) == []
    assert await connection.fetchval("select count(*) from change") == 0
    answer = await root.send_form(here, here, **typed, shown=str(byron))
    assert error_beside(answer, "sure") is not None
    answer = await root.send_form(here, here, **typed, shown=str(byron), sure="yes")
    assert path(answer) == here
    assert "ada.byron@northwind.test" in answer.text
    assert await joined(connection) == [(byron, ada)]


async def test_a_tick_for_another_record_than_was_shown_shows_that_one_first(
    signed_in: SignIn, person: NewPerson, connection: asyncpg.Connection
) -> None:
    ada, _ = await two_records(person)
    root = await signed_in("Grace Hopper", "administrator")
    here = f"/admin/people/{ada}/same"
    answer = await root.send_form(
        here, here, email="ada.byron@northwind.test", reason=WHY, shown="1", sure="yes"
    )
    assert "What would change" in answer.text
    assert await joined(connection) == []


async def test_what_is_wrong_stands_beside_its_field_with_what_was_typed(
    signed_in: SignIn, person: NewPerson
) -> None:
    ada, _ = await two_records(person)
    root = await signed_in("Grace Hopper", "administrator")
    here = f"/admin/people/{ada}/same"
    for email, words in (
        ("", "Write the e-mail address"),
        ("nobody@northwind.test", "Nobody here has"),
        ("ada.lovelace@northwind.test", "That is the same record"),
        ("grace.hopper@northwind.test", "One of them is you"),
    ):
        answer = await root.send_form(here, here, email=email, reason=WHY)
        assert answer.status_code == 422
        assert words in (error_beside(answer, "email") or "")
        assert WHY in answer.text
    answer = await root.send_form(here, here, email="ada.byron@northwind.test", reason=" ")
    assert error_beside(answer, "reason") is not None


async def test_who_signs_in_under_either_record_is_one_person_and_after_the_undo_two(
    signed_in: SignIn, person: NewPerson, connection: asyncpg.Connection, visitor: Visitor
) -> None:
    ada, byron = await two_records(person)
    root = await signed_in("Grace Hopper", "administrator")
    here = f"/admin/people/{ada}/same"
    await root.send_form(
        here, here, email="ada.byron@northwind.test", reason=WHY, shown=str(byron), sure="yes"
    )
    await visitor.sign_in("ada.byron@northwind.test", PASSWORD)
    assert "Ada Lovelace" in (await visitor.get("/me")).text
    answer = await root.send_form(here, f"/admin/people/{ada}/apart/{byron}", reason="")
    assert error_beside(answer, f"apart-{byron}") is not None or "Say why" in answer.text
    await root.send_form(here, f"/admin/people/{ada}/apart/{byron}", reason="two after all")
    assert await joined(connection) == [(byron, ada), (byron, None)]
    assert "Ada Byron" in (await visitor.get("/me")).text


async def test_the_page_is_for_administrators(signed_in: SignIn, person: NewPerson) -> None:
    ada, _ = await two_records(person)
    hr = await signed_in("Grace Hopper", "hr")
    assert (await hr.get(f"/admin/people/{ada}/same")).status_code == 403


async def test_nobody_gives_themselves_a_role_under_another_record_of_theirs(
    signed_in: SignIn, person: NewPerson, connection: asyncpg.Connection
) -> None:
    byron = await person("Ada Byron")
    ada = await signed_in("Ada Lovelace", "administrator")
    root = await signed_in("Grace Hopper", "administrator")
    mine = await connection.fetchval("select person_id from profile where name = 'Ada Lovelace'")
    here = f"/admin/people/{mine}/same"
    await root.send_form(
        here, here, email="ada.byron@northwind.test", reason=WHY, shown=str(byron), sure="yes"
    )
    other = f"/admin/people/{byron}"
    # Its page has no such form for her; the other administrator's page has one.
    answer = await ada.send_form("/me", f"{other}/roles", hr="yes")
    assert answer.status_code == 403
    assert "Nobody changes their own roles" in answer.text
    granted = "select count(*) from role_grant where person_id = $1 and granted"
    assert await connection.fetchval(granted, byron) == 0
    await root.send_form(other, f"{other}/roles", hr="yes")
    assert await connection.fetchval(granted, byron) == 1
