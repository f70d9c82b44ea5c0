"""`fanfare explain`: a person's points in words, on the ledger of a small company."""

import asyncio

import asyncpg
from click.testing import CliRunner

from app.cli import main
from scoring.facts import Engagement, Kind, Post
from tests.scoring import company


async def _company(database_url):
    connection = await asyncpg.connect(database_url)
    one, *_ = await company.found(connection)
    await connection.execute(
        """insert into profile (person_id, email, name, visibility, opens_networks, opens_mix, opens_gain)
           values ($1, 'ana@example.test', 'Ana Ferreira', 'name', false, false, false)""",
        one,
    )
    now = company.datetime.now(company.UTC)
    await company.tell(
        connection,
        [
            Post("p1", "e1", now, text="A morning at the mill"),
            Engagement(Kind.REPLY, "r1", "o1", "e1", post="p1", occurred_at=None),
            Engagement(Kind.REPLY, "r2", "e2", "e1", post="p1", occurred_at=None),
        ],
    )
    await company.settle(connection)
    await connection.close()


def _run(database_url, redis_url, *words):
    environment = {
        "FANFARE_DATABASE_URL": database_url,
        "FANFARE_REDIS_URL": redis_url,
        "FANFARE_TIMEZONE": "Europe/Berlin",
    }
    return CliRunner().invoke(main, ["explain", *words], env=environment)


def test_it_says_what_counted_by_which_rule_and_what_did_not(database_url, redis_url):
    asyncio.run(_company(database_url))
    told = _run(database_url, redis_url, "Ana@example.test", "--days", "366")
    assert told.exit_code == 0, told.output
    assert "Ana Ferreira: 8 points" in told.output
    assert "People answered you  +5" in told.output
    assert "Somebody new answered you  +3" in told.output
    assert "It came from a colleague" in told.output


def test_an_unknown_address_is_said_and_nothing_else(database_url, redis_url):
    told = _run(database_url, redis_url, "nobody@example.test")
    assert told.exit_code == 1
    assert "Nobody here has the e-mail address nobody@example.test" in told.output
