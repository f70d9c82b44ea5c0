"""Files of figures on pages and by command: brought, looked into, taken exactly as shown."""

from __future__ import annotations

import asyncio
import csv
import io
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
from click.testing import CliRunner, Result
from httpx import AsyncClient, Response

from app.cli import main
from scoring.identity import account_id, native_key
from tests.app.pages.company import Company
from tests.app.pages.conftest import As
from tests.app.pages.test_topics import send

NETWORK = "x"
# Of thirty days ago: X's numbers begin with the milliseconds since 4 November 2010.
FIRST = (
    int((datetime.now(UTC) - timedelta(days=30)).timestamp() * 1000) - 1_288_834_974_657 << 22 | 1
)
SEEN_ON = (datetime.now(UTC) - timedelta(days=20)).date().isoformat()
HERE = "/comms/figures/import"
COLUMNS = {"post": "Post link", "reaction": "Likes", "seen_on": SEEN_ON, "order": "auto"}


async def author(company: Company, name: str = "Ana") -> int:
    """Somebody with three posts that their network told of."""
    person = await company.person(name, networks=(NETWORK,))
    for n in range(3):
        await company.connection.execute(
            """insert into post (post_id, platform, native_id, author_id, published_at, recorded_at)
               values ($1, $2, $3, $4, $5, $5)""",
            native_key(NETWORK, str(FIRST + n)), NETWORK, str(FIRST + n),
            account_id(NETWORK, f"person{person}@social.example"), company.past,
        )  # fmt: skip
    return person


def table(*rows: str) -> bytes:
    return "\r\n".join(["A report from a network", "", "Post link;Likes;Text", *rows]).encode(
        "utf-16"
    )


async def bring(client: AsyncClient, body: bytes, network: str = NETWORK) -> Response:
    token = re.search(r'name="_csrf_token" value="([^"]+)"', (await client.get(HERE)).text)
    assert token
    return await client.post(
        HERE,
        data={"_csrf_token": token[1], "network": network},
        files={"file": ("export.csv", body, "text/csv")},
    )


async def test_a_file_is_brought_looked_into_and_taken(
    company: Company, signed_in: As, connection: asyncpg.Connection[Any]
) -> None:
    await author(company)
    client = await signed_in(await company.person("Cora", role="communications"))
    brought = await bring(
        client,
        table(
            f"https://x.com/i/status/{FIRST};1.240;=1+1",
            f"https://x.com/i/status/{FIRST + 1};zwölf;",
            f'"=HYPERLINK(""https://x.com/i/status/{FIRST + 9}"")";3;',
            "https://x.com/stranger/status/1985274000000000777;5;",
        ),
    )
    assert brought.status_code == 303
    path = brought.headers["location"]
    page = (await client.get(path)).text
    assert "<option selected>Post link</option>" in page
    assert "<option selected>Likes</option>" in page
    assert "stand in line 3" in page
    looked = await send(client, path, name="Ours", **COLUMNS)
    assert looked.headers["location"] == f"{path}/rows"
    rows = (await client.get(f"{path}/rows")).text
    for words in (
        "Nothing has been changed yet",
        "1,240 likes",
        "is no whole number",
        "Unknown post",
    ):
        assert words in rows
    assert not await connection.fetchval("select count(*) from delivery")
    only = (await client.get(f"{path}/rows?outcome=unreadable")).text
    assert "1,240 likes" not in only
    told = list(csv.reader(io.StringIO((await client.get(f"{path}/rows.csv")).text)))
    assert [row[1] for row in told[1:]] == [
        "New",
        "Cannot be read",
        "Cannot be read",
        "Unknown post",
    ]
    assert not any(
        cell.lstrip("\ufeff").startswith(("=", "+", "-", "@")) for row in told for cell in row
    )
    stamp = re.search(r'name="looked_at" value="([^"]+)"', rows)
    assert stamp
    stale = await send(
        client, f"{path}/apply", f"{path}/rows", looked_at="2026-01-01T00:00:00+00:00"
    )
    assert stale.status_code == 409
    for words in ("Points follow within minutes", "taken before"):
        done = await send(client, f"{path}/apply", f"{path}/rows", looked_at=stamp[1])
        assert words in (await client.get(done.headers["location"])).text
    assert await connection.fetchval("select count(*) from delivery where source = 'import'") == 1
    assert "What the file did" in (await client.get(f"{path}/rows")).text


async def test_a_mixed_row_offers_what_is_lower_in_it(
    company: Company, signed_in: As, connection: asyncpg.Connection[Any]
) -> None:
    await author(company)
    await connection.execute(
        """insert into figure (post_id, kind, value, observed_at, source, recorded_at)
           values ($1, 'reply', 5, $2, 'poll', $2)""",
        native_key(NETWORK, str(FIRST)),
        company.past,
    )
    client = await signed_in(await company.person("Cora", role="communications"))
    brought = await bring(client, f"Post link,Likes,Comments\n{FIRST},9,3\n".encode())
    path = brought.headers["location"]
    await send(client, path, **COLUMNS, reply="Comments")
    rows = (await client.get(f"{path}/rows")).text
    assert "9 likes, 3 answers (lower than 5)" in rows
    assert "Take what is lower, too, in 1 row" in rows
    stamp = re.search(r'name="looked_at" value="([^"]+)"', rows)
    assert stamp
    await send(client, f"{path}/apply", f"{path}/rows", looked_at=stamp[1], lower="yes")
    body = await connection.fetchval("select convert_from(body, 'utf8') from delivery")
    assert sorted(re.findall(r'"value":(\d+)', body)) == ["3", "9"]


async def test_saved_columns_are_filled_in_for_the_next_file(
    company: Company, signed_in: As, connection: asyncpg.Connection[Any]
) -> None:
    await author(company)
    client = await signed_in(await company.person("Cora", role="communications"))
    body = b"where,hearts\nhttps://x.com/i/status/%d,3\n" % FIRST
    first = (await bring(client, body)).headers["location"]
    assert "Filled in by their names" in (await client.get(first)).text
    columns = {**COLUMNS, "post": "where", "reaction": "hearts", "name": "Hearts of X"}
    for _ in range(2):
        assert (await send(client, first, **columns)).status_code == 303
    assert await connection.fetchval("select count(*) from figure_columns") == 1
    second = (await bring(client, body)).headers["location"]
    page = (await client.get(second)).text
    assert 'Filled in as saved under “<bdi dir="auto">Hearts of X</bdi>”' in page
    assert "<option selected>hearts</option>" in page
    assert "Hearts of X" in (await client.get(HERE)).text
    assert (await send(client, f"{second}/drop", second)).status_code == 303
    assert (await client.get(second)).status_code == 404


async def test_what_is_wrong_with_a_file_stands_beside_its_field(
    company: Company, signed_in: As
) -> None:
    client = await signed_in(await company.person("Cora", role="communications"))
    for body, network, words in (
        (b"PK\x03\x04", NETWORK, "Excel workbook"),
        (b"", NETWORK, "The file is empty"),
        (b"one\ntwo\n", NETWORK, "single column"),
        (b"a,b\n1,2\n", "links", "Choose the network"),
    ):
        answer = await bring(client, body, network)
        assert (answer.status_code, words in answer.text) == (422, True), words
    path = (await bring(client, b"a,b\n1,2\n")).headers["location"]
    for more, words in (
        ({"post": ""}, "Choose the column with the address"),
        ({"reaction": ""}, "at least one column"),
        ({"reaction": "a", "post": "a"}, "means something else already"),
        ({"seen_on": "2999-01-01"}, "Choose the day on which the network made the file"),
        ({"post": "c"}, "has no column “c”"),
    ):
        answer = await send(
            client, path, **{"post": "a", "reaction": "b", "seen_on": SEEN_ON, **more}
        )
        assert (answer.status_code, words in answer.text) == (422, True), words


async def test_only_communications_imports_and_sees_its_own_files(
    company: Company, signed_in: As
) -> None:
    client = await signed_in(await company.person("Cora", role="communications"))
    path = (await bring(client, b"a,b\n1,2\n")).headers["location"]
    for role in (None, "hr", "leader", "administrator"):
        other = await signed_in(await company.person("Somebody", role=role))
        for address in (HERE, path, f"{path}/rows", f"{path}/rows.csv"):
            assert (await other.get(address)).status_code == 403
    colleague = await signed_in(await company.person("Carl", role="communications"))
    for address in (path, f"{path}/rows", f"{path}/rows.csv"):
        assert (await colleague.get(address)).status_code == 404
    assert (await client.get(f"{path}/rows")).headers["location"] == path
    assert (await client.get(f"{HERE}/99999999999999999999999")).status_code == 404


def fanfare(*arguments: str, database_url: str, directory: Path) -> Result:
    """Run a command as an administrator would."""
    environment = {"FANFARE_DATABASE_URL": database_url, "FANFARE_SECRET_KEY": "x" * 40}
    return CliRunner().invoke(
        main, ["--data-dir", str(directory), *arguments], env=environment, catch_exceptions=False
    )


def ask(database_url: str, *statements: str) -> Any:
    """Run statements one after the other; what the last one says."""

    async def answered() -> Any:
        connection = await asyncpg.connect(database_url)
        try:
            if not await connection.fetchval("select count(*) from person"):
                await author(Company(connection))
            return [await connection.fetchval(one) for one in statements][-1]
        finally:
            await connection.close()

    return asyncio.run(answered())


def test_the_command_shows_first_and_takes_with_apply_once(
    database_url: str, tmp_path: Path
) -> None:
    file = tmp_path / "export.csv"
    address = f"https://x.com/i/status/{FIRST}"
    file.write_bytes(table(f"{address};12;", f"{FIRST + 1};\x1b[31m;", "1985274000000000777;1;"))
    ask(
        database_url,
        """insert into figure_columns (name, platform, columns, recorded_at)
           values ('Ours', 'x', '{"post": "Post link", "kinds": {"reaction": "Likes"}}', now())""",
    )
    deliveries = "select count(*) from delivery"

    def run(*more: str, mapping: str = "ours") -> Result:
        arguments = ("import-figures", str(file), "--mapping", mapping, *more)
        return fanfare(*arguments, database_url=database_url, directory=tmp_path)

    shown = run("--dry-run")
    assert shown.exit_code == 1  # a row cannot be read
    for words in (
        "line 4: new",
        "12 likes",
        "line 5: cannot be read",
        "1 unknown post",
        "Nothing has",
    ):
        assert words in shown.output
    assert "\x1b" not in shown.output
    assert ask(database_url, deliveries) == 0
    assert "Done: 1 figure was taken." in run("--apply", "--seen-on", SEEN_ON).output
    # No worker has read it yet, and yet it is the same delivery.
    assert "Done: nothing was new." in run("--apply", "--seen-on", SEEN_ON).output
    assert ask(database_url, deliveries) == 1
    wrong = run(mapping="theirs")
    assert wrong.exit_code == 1
    assert "There are no columns called “theirs”. There are: “Ours”." in wrong.output
