"""A new installation has rules: without them nothing would count, silently."""

from scoring.rulebooks import begin_with_default, load_books
from scoring.verify import verify
from tests.scoring.company import NOW, ZONE, found


async def test_an_installation_begins_with_the_default_rulebook_once(connection):
    assert await begin_with_default(connection, NOW)
    assert not await begin_with_default(connection, NOW)
    books = await load_books(connection, ZONE)
    assert [book.name for book in books.versions] == ["Fanfare's own"]
    assert "answered" in books.rule_names


async def test_rules_that_were_adopted_are_not_touched(connection):
    await found(connection)
    assert not await begin_with_default(connection, NOW)


async def test_verify_of_an_installation_without_rules_says_that_all_agrees(connection):
    assert not (await verify(connection, zone=ZONE)).differences
