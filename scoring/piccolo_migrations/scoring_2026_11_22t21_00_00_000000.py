"""Topics of posts: the company's own, with lists; hashtags are no topics any more.

A topic that a rule names was a hashtag until now. It becomes a topic of the company with that hashtag on
its list, from the beginning of time, so that the rule goes on counting what it counted.
"""

import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from scoring.tables import Person

ID = "2026-11-22T21:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "topics of posts, by lists, by authors, by communications"

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
MOST_LETTERS = 100  # of a topic, as of a hashtag


async def forwards() -> MigrationManager:
    """Add the tables, and the topics that rules name."""
    manager = MigrationManager(migration_id=ID, app_name="scoring", description=DESCRIPTION)

    async def create() -> None:
        script = Path(__file__).with_name("topics_2026_11_22.sql").read_text(encoding="utf-8")
        transaction = Person._meta.db.current_transaction.get()
        connection = transaction.connection
        await connection.execute(script)  # several statements: not through `raw`
        await carry_over(connection)

    manager.add_raw(create)
    return manager


async def carry_over(connection: Any) -> None:
    """Make topics of those that rules name; in an installation without a rulebook there are none."""
    books = await connection.fetch("select toml from rulebook order by id")
    named = sorted({topic for book in books for topic in topics_named(book["toml"])})
    await connection.executemany(
        "insert into topic (slug, person_id, recorded_at) values ($1, null, now())",
        [(topic,) for topic in named],
    )
    await connection.executemany(
        """insert into topic_list
             (topic, name, hashtags, keywords, active, person_id, valid_from, recorded_at)
           values ($1::text, $2, array[$1::text], '{}', true, null, $3, now())""",
        [(topic, topic[0].upper() + topic[1:], BEGINNING) for topic in named],
    )


def topics_named(toml: str) -> set[str]:
    """The topics that a rulebook's rules ask for and that hashtags can be: lower case, one word."""
    rules: list[Any] = tomllib.loads(toml).get("rule", [])
    asked = [rule.get("when", {}).get("topic", []) for rule in rules]
    named = {
        str(one) for topics in asked for one in ([topics] if isinstance(topics, str) else topics)
    }
    return {
        one
        for one in named
        if one == one.lower()
        and 0 < len(one) <= MOST_LETTERS
        and one.isprintable()
        and not any(letter.isspace() or letter in ",/?#" for letter in one)
    }
