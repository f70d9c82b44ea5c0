"""Bringing people in from a file, whatever program wrote it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest
from click.testing import CliRunner, Result

from app.cli import main
from app.roster_file import RosterUnreadable, read_roster
from scoring import Listed, take_roster

GOOD = "name,email,department,office\nAda Lovelace,ada@northwind.test,Research,Lisbon\n"


@pytest.mark.parametrize(
    "content",
    [
        GOOD.encode(),
        GOOD.encode("utf-8-sig"),
        GOOD.encode("utf-16"),
        GOOD.replace(",", ";").encode(),
        GOOD.replace(",", "\t").replace("\n", "\r\n").encode(),
        GOOD.replace("name,", " Name ,", 1).encode(),
        b"\xef\xbb\xbfemail,office,name,department\n,,,\nada@northwind.test,Lisbon,Ada  Lovelace,Research",
    ],
)
def test_a_list_is_read_whatever_program_wrote_it(content: bytes) -> None:
    [person], bad = read_roster(content)
    assert not bad
    assert (person.name, person.email) == ("Ada Lovelace", "ada@northwind.test")
    assert (person.department, person.office) == ("Research", "Lisbon")


def test_windows_letters_and_names_of_the_world_survive() -> None:
    [person], _ = read_roster("name;email\nJürgen Groß;j@northwind.test".encode("cp1252"))
    assert person.name == "Jürgen Groß"
    [person], _ = read_roster("name,email\nعبد الله 🎺,a@northwind.test".encode())
    assert person.name == "عبد الله 🎺"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("Ada,", "email is missing"),
        (",a@b.test", "name is missing"),
        ("Ada,not an address", "not an e-mail"),
        ("Ada,a@b", "not an e-mail"),
        ("Ada,a@b.test,R,L,more", "5 cells"),
        (f"{'A' * 300},a@b.test", "longer than"),
        ("Ada\x07,a@b.test", "cannot be seen"),
        ("Ada,EVE@b.test", "line 2 already"),
    ],
)
def test_a_bad_row_is_named_with_its_line_and_the_reason(row: str, reason: str) -> None:
    people, bad = read_roster(f"name,email,department,office\nEve,eve@b.test,,\n{row}\n".encode())
    assert len(people) == 1
    assert bad[0].line == 3
    assert reason in bad[0].reason


@pytest.mark.parametrize(
    "content",
    [b"", b"Ada,ada@northwind.test\n", b"name,name,email\n", b"PK\x03\x04\0\0", b'name,email\n"x'],
)
def test_a_file_that_is_no_list_is_refused_as_a_whole(content: bytes) -> None:
    with pytest.raises(RosterUnreadable):
        read_roster(content)


@pytest.fixture
def run(database_url: str, redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """Runs `fanfare import-people` on a file with this text."""
    monkeypatch.setenv("FANFARE_DATABASE_URL", database_url)
    monkeypatch.setenv("FANFARE_REDIS_URL", redis_url)
    monkeypatch.chdir(tmp_path)

    def command(text: str, *options: str) -> Result:
        file = tmp_path / "people.csv"
        file.write_text(text, encoding="utf-8")
        return CliRunner().invoke(main, ["import-people", str(file), *options])

    return command


def test_without_apply_it_is_only_shown(run, databases, database_url: str) -> None:  # type: ignore[no-untyped-def]
    shown = run(GOOD)
    assert shown.exit_code == 0, shown.output
    assert "line 2: new  Ada Lovelace <ada@northwind.test>  Research, Lisbon" in shown.output
    assert "Nothing has been changed yet" in shown.output
    assert "1 added" in run(GOOD, "--apply").output
    assert "0 added, 0 changed, 1 unchanged" in run(GOOD, "--apply").output
    moved = run(GOOD.replace("Research", "Sales"), "--apply").output
    assert "department: Research → Sales" in moved


def test_one_bad_row_and_nothing_is_done(run) -> None:  # type: ignore[no-untyped-def]
    refused = run(GOOD + "Nobody,\n", "--apply")
    assert refused.exit_code == 1
    assert "line 3: cannot be used: the email is missing" in refused.output
    assert "1 added" in run(GOOD, "--apply").output


async def test_a_move_tells_the_old_departments_board_too(connection: asyncpg.Connection) -> None:
    now = datetime.now(UTC)
    await take_roster(connection, [Listed(2, "Ada", "ada@b.test", "Research", None)], None, now)
    person_id, department = await connection.fetchrow(
        "select person_id, department_id from profile"
    )
    await connection.execute(
        "insert into total values ('points', 'all', '1970-01-01', $1, 5, 1)", person_id
    )
    await take_roster(connection, [Listed(2, "Ada", "ADA@b.test", "Sales", None)], None, now)
    audiences = await connection.fetch("select audience from outbox order by audience nulls first")
    assert [row["audience"] for row in audiences] == [None, f"department-{department}"]
    assert await connection.fetchval("select count(*) from person") == 1
