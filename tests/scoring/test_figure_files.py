"""Files of figures: read as they really come, looked into row by row, applied exactly as shown, once."""

from __future__ import annotations

import io
import threading
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.by_hand.applying import apply_file
from scoring.by_hand.cells import Unreadable, count_in, day_in, order_in, post_in
from scoring.by_hand.columns import (
    Columns,
    NoColumns,
    SavedColumns,
    columns_named,
    guessed,
    header_in,
    keep_columns,
    saved_columns,
)
from scoring.by_hand.dry_run import file_lines, file_sums, look_into
from scoring.by_hand.files import (
    FigureFile,
    FileRefused,
    bring_file,
    figure_file,
    files_of,
    forget_files,
)
from scoring.by_hand.planning import plan_figures
from scoring.by_hand.row_read import LookedAt
from scoring.by_hand.sheet import MOST_ROWS, NotASheet, Row, encoding_of, rows
from scoring.by_hand.whole import file_rows
from scoring.facts import Figure, Kind, Post
from scoring.intake import intake
from scoring.verify import verify
from tests.scoring.scene import (
    ANA,
    BEN,
    CEM,
    LONG_AGO,
    NETWORK,
    NOW,
    ZONE,
    account,
    by_rule,
    count,
    hour,
    own,
    raise_curtain,
    reply,
    tell,
)

SEEN_AT = NOW - timedelta(hours=1)
COLUMNS = Columns("Link", {"reaction": "Likes", "reply": "Comments"})
FIRST = 1985274000000000000
AT = "https://x.com/i/web/status/"


def table(*lines: str) -> bytes:
    return "\r\n".join(["Link,Likes,Comments", *lines]).encode()


async def scene(connection: Any) -> None:
    """Ana and Ben wrote posts that their network told of."""
    await raise_curtain(connection)
    await tell(
        connection,
        *(Post(str(FIRST + n), "ana", hour(1), url=f"{AT}{FIRST + n}") for n in range(4)),
        Post(str(FIRST + 9), "ben", hour(1)),
    )  # fmt: skip


async def brought(
    connection: Any, body: bytes, columns: Columns = COLUMNS, by: int = CEM, network: str = NETWORK
) -> FigureFile:
    """Upload and dry run."""
    async with connection.transaction():
        id_ = await bring_file(connection, by, network, "export.csv", io.BytesIO(body), NOW)
    file = await figure_file(connection, id_, by)
    assert file is not None
    async with connection.transaction():
        await look_into(connection, file, columns, SEEN_AT, by=by, now=NOW, zone=ZONE)
    file = await figure_file(connection, id_, by)
    assert file is not None
    return file


async def applied(connection: Any, file: FigureFile, *, lower: bool = False) -> int | None:
    async with connection.transaction():
        done = await apply_file(connection, file, lower=lower, by=CEM, now=NOW)
    await intake(connection, now=NOW)
    await count(connection)
    return done


async def test_the_dry_run_says_row_by_row_what_applying_then_does(connection: Any) -> None:
    await scene(connection)
    await tell(connection, Figure(str(FIRST + 1), Kind.REACTION, 9, hour(30)))
    await tell(connection, Figure(str(FIRST + 2), Kind.REACTION, 3, hour(30)))
    file = await brought(
        connection,
        table(
            f"https://x.com/ana/status/{FIRST},12,3",
            f"https://x.com/ana/status/{FIRST + 1},4,",
            f"{FIRST + 2},3,",
            "https://x.com/stranger/status/1985274000000000777,5,5",
            f"https://x.com/ana/status/{FIRST + 3},a dozen,1",
            f"https://twitter.com/ana/status/{FIRST}?s=20,13,3",
        ),
    )
    lines = await file_lines(connection, file.id)
    assert [(one.line, one.outcome) for one in lines] == [
        (2, "new"), (3, "lower"), (4, "same"), (5, "unknown"), (6, "unreadable"), (7, "unreadable"),
    ]  # fmt: skip
    assert lines[0].figures == {"reaction": (12, None, "new"), "reply": (3, None, "new")}
    assert lines[1].figures == {"reaction": (4, 9, "lower")}
    assert lines[4].words == "Likes: “a dozen” is no whole number"
    assert lines[5].words == "line 2 speaks of the same post"
    assert (await file_sums(connection, file.id))["new"] == 1
    assert not await connection.fetchval("select count(*) from delivery")
    assert await applied(connection, file) == 2
    told = await connection.fetch(
        "select kind, value, observed_at from figure where source = 'import' order by kind"
    )
    assert [tuple(row) for row in told] == [("reaction", 12, SEEN_AT), ("reply", 3, SEEN_AT)]
    assert await by_rule(connection)
    assert (await verify(connection, zone=ZONE)).differences == []


async def test_a_file_is_taken_once_and_its_copy_changes_nothing(connection: Any) -> None:
    await scene(connection)
    body = table(f"https://x.com/ana/status/{FIRST},12,3")
    file = await brought(connection, body)
    assert await applied(connection, file) == 2
    before = await by_rule(connection)
    assert await applied(connection, file) is None
    again = await brought(connection, body)
    assert (await file_sums(connection, again.id))["same"] == 1
    assert await applied(connection, again) == 0
    assert await by_rule(connection) == before
    assert await connection.fetchval("select count(*) from figure") == 2


async def told_of_first(connection: Any) -> tuple[dict[str, int], list[tuple[int, datetime]]]:
    """Points, and what was imported of the first post, in the order of its moments."""
    rows = await connection.fetch(
        "select value, observed_at from figure where source = 'import' order by observed_at"
    )
    return await by_rule(connection), [tuple(row) for row in rows]


@pytest.mark.parametrize("corrected", [7, 19])
async def test_of_two_figures_of_one_moment_the_newer_holds_and_the_older_said_again_is_newer(
    connection: Any, corrected: int
) -> None:
    await scene(connection)
    first, other = (table(f"{AT}{FIRST},{n},") for n in (12, corrected))
    assert await applied(connection, await brought(connection, first)) == 1
    before, _ = await told_of_first(connection)
    assert await applied(connection, await brought(connection, other), lower=True) == 1
    after, _ = await told_of_first(connection)
    assert (after["liked"] > before["liked"]) == (corrected > 12)
    again = await brought(connection, first)
    (line,) = await file_lines(connection, again.id)
    assert line.figures["reaction"][:2] == (12, corrected)
    assert await applied(connection, again, lower=True) == 1
    points, told = await told_of_first(connection)
    assert points == before
    assert [value for value, _ in told] == [12, corrected, 12]
    assert told[-1][1] - SEEN_AT < timedelta(seconds=1)
    # And once more: what is the newest already is said to be known, and nothing is taken.
    last = await brought(connection, first)
    assert (await file_sums(connection, last.id))["same"] == 1
    assert await applied(connection, last, lower=True) == 0
    assert (await verify(connection, zone=ZONE)).differences == []


async def test_what_no_worker_has_read_yet_is_known_and_is_taken_once(connection: Any) -> None:
    await scene(connection)

    async def take(file: FigureFile, *, lower: bool = False) -> int | None:
        async with connection.transaction():
            return await apply_file(connection, file, lower=lower, by=CEM, now=NOW)

    body, fewer = table(f"{AT}{FIRST},12,3"), table(f"{AT}{FIRST},9,3")
    seen_before = await brought(connection, body)  # looked into before anything was taken
    assert await take(await brought(connection, body)) == 2
    assert await take(seen_before) == 0
    corrected = await brought(connection, fewer)
    (line,) = await file_lines(connection, corrected.id)
    assert line.figures == {"reaction": (9, 12, "lower"), "reply": (3, 3, "same")}
    assert await take(corrected, lower=True) == 1
    assert await take(await brought(connection, body)) == 1
    await intake(connection, now=NOW)
    await count(connection)
    points, told = await told_of_first(connection)
    assert [value for value, _ in told if value != 3] == [12, 9, 12]
    assert points["liked"] == 12


async def test_lower_figures_are_taken_only_if_somebody_says_so(connection: Any) -> None:
    await scene(connection)
    await tell(connection, Figure(str(FIRST), Kind.REPLY, 6, hour(30)))
    await count(connection)
    before = await by_rule(connection)
    body = table(f"https://x.com/ana/status/{FIRST},,2")
    assert await applied(connection, await brought(connection, body)) == 0
    assert await by_rule(connection) == before
    assert await applied(connection, await brought(connection, body), lower=True) == 1
    assert sum((await by_rule(connection)).values()) < sum(before.values())
    assert (await verify(connection, zone=ZONE)).differences == []


async def test_names_that_were_told_count_as_known(connection: Any) -> None:
    await scene(connection)
    await tell(connection, *(reply(f"r{n}", f"out{n}", "ana", str(FIRST), 2) for n in range(5)))
    await count(connection)
    before = await by_rule(connection)
    file = await brought(connection, table(f"https://x.com/ana/status/{FIRST},,5"))
    assert (await file_lines(connection, file.id))[0].figures == {"reply": (5, 5, "same")}
    file = await brought(connection, table(f"https://x.com/ana/status/{FIRST},,7"))
    assert await applied(connection, file) == 1
    assert (await by_rule(connection))["answered"] > before["answered"]
    assert (
        await connection.fetchval("select sum(points) from entry where rule = 'answered'") == 7 * 5
    )


async def test_nobody_imports_figures_of_their_own_posts(connection: Any) -> None:
    await scene(connection)
    body = table(f"https://x.com/ben/status/{FIRST + 9},9,9", f"{FIRST},1,1")
    file = await brought(connection, body, by=BEN)
    assert [one.outcome for one in await file_lines(connection, file.id)] == ["own", "new"]
    assert await figure_file(connection, file.id, ANA) is None


async def test_what_is_applied_is_what_was_shown(connection: Any) -> None:
    await scene(connection)
    file = await brought(connection, table(f"https://x.com/ana/status/{FIRST},12,3"))
    async with connection.transaction():
        await look_into(
            connection, file, Columns("Link", {"reply": "Comments"}), SEEN_AT,
            by=CEM, now=NOW + timedelta(minutes=1), zone=ZONE,
        )  # fmt: skip
    with pytest.raises(FileRefused, match="looked into anew"):
        await applied(connection, file)
    fresh = await figure_file(connection, file.id, CEM)
    assert fresh is not None
    assert await applied(connection, fresh) == 1
    async with connection.transaction():
        id_ = await bring_file(connection, CEM, NETWORK, "x.csv", io.BytesIO(table("1,2,3")), NOW)
    unseen = await figure_file(connection, id_, CEM)
    assert unseen is not None
    with pytest.raises(FileRefused, match="Look first"):
        await applied(connection, unseen)


async def test_files_go_after_a_day_and_at_most_three_wait(connection: Any) -> None:
    await scene(connection)
    for _ in range(5):
        await brought(connection, table(f"{FIRST},1,1"))
    assert len(await files_of(connection, CEM)) == 3
    await forget_files(connection, NOW + timedelta(hours=23))
    assert len(await files_of(connection, CEM)) == 3
    await forget_files(connection, NOW + timedelta(hours=25))
    for name in ("figure_file", "figure_file_part", "figure_file_line"):
        assert not await connection.fetchval(f"select count(*) from {name}")


async def test_an_activity_of_linkedin_is_found_under_the_share_that_was_handed_in(
    connection: Any,
) -> None:
    await raise_curtain(connection)
    author = account("li")
    await connection.execute(
        "insert into account values ($1, 'linkedin', 'in/ana', $2)", author, LONG_AGO
    )
    await connection.execute(
        """insert into ownership (account_id, effective_at, person_id, company, counts, recorded_at)
           values ($1, $2, $3, false, 'every', $2)""",
        author, LONG_AGO, ANA,
    )  # fmt: skip
    name = "urn:li:share:7391000000000000000"
    at = datetime(2025, 11, 3, tzinfo=UTC)
    await connection.execute(
        "insert into post (post_id, platform, native_id, author_id, published_at, recorded_at)"
        " values (gen_random_uuid(), 'linkedin', $1, $2, $3, $3)",
        name, author, datetime.fromtimestamp((7391000000000000000 >> 22) / 1000, UTC),
    )  # fmt: skip
    await connection.execute(
        "insert into post_text select post_id, null, $1, $2 from post",
        f"https://www.linkedin.com/feed/update/{name}/", at,
    )  # fmt: skip
    body = table("https://www.linkedin.com/feed/update/urn:li:activity:7391000003000000000,4,1")
    file = await brought(connection, body, network="linkedin")
    (line,) = await file_lines(connection, file.id)
    assert (line.outcome, line.native_id) == ("new", name)
    # Somebody else's post of the same second: nobody knows whose figures these are.
    other = "urn:li:share:7391000001000000000"
    moment = datetime.fromtimestamp((7391000001000000000 >> 22) / 1000, UTC)
    post = await connection.fetchval(
        """insert into post (post_id, platform, native_id, author_id, published_at, recorded_at)
           values (gen_random_uuid(), 'linkedin', $1, $2, $3, $3) returning post_id""",
        other, account("ben"), moment,
    )  # fmt: skip
    await connection.execute(
        "insert into post_text values ($1, null, $2, $3)",
        post, f"https://www.linkedin.com/feed/update/{other}/", at,
    )  # fmt: skip
    file = await brought(connection, body, network="linkedin")
    (line,) = await file_lines(connection, file.id)
    assert line.outcome == "unknown"


async def test_columns_are_saved_by_name_and_used_again(connection: Any) -> None:
    await raise_curtain(connection)
    for columns in (Columns("URL", {"reply": "Replies"}), COLUMNS):
        await keep_columns(connection, SavedColumns("Ours", NETWORK, columns), None, NOW)
    assert await saved_columns(connection, NETWORK) == [SavedColumns("Ours", NETWORK, COLUMNS)]
    assert await saved_columns(connection, "linkedin") == []
    assert (await columns_named(connection, "ours")).columns == COLUMNS
    with pytest.raises(NoColumns, match="“Ours”"):
        await columns_named(connection, "theirs")
    assert COLUMNS.lacking(("Link", "Likes")) == ["Comments"]


def read(body: bytes) -> list[tuple[str, ...]]:
    return [row.cells for row in rows([body], encoding_of([body]))]


ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
WANTED = [("Beitragslink", "Gefällt mir"), ("https://x.com/a/status/1", "1.240")]


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_table_is_read_however_it_was_written(encoding: str, mark: str, end: str) -> None:
    text = end.join(mark.join(cells) for cells in WANTED) + end
    body = text.encode(encoding)
    if encoding == "cp1252":
        assert encoding_of([body]) == "cp1252"
    assert read(body) == WANTED
    pieces = [body[n : n + 7] for n in range(0, len(body), 7)]
    if encoding not in ("utf-16-le", "utf-16-be"):
        assert encoding_of(pieces) == encoding_of([body])
    assert [row.cells for row in rows(pieces, encoding_of([body]))] == WANTED


def test_quotes_hold_line_ends_and_preambles_are_passed_over() -> None:
    body = (
        b"sep=;\r\nContent report;;\r\n\r\nPost link;Reactions;Text\r\n"
        b'https://x.com/a/status/1;3;"one\r\ntwo; three"\r\n'
    )
    found = list(rows([body], encoding_of([body])))
    assert header_in(found) == (4, ("Post link", "Reactions", "Text"))
    assert (found[-1].line, found[-1].cells[2]) == (5, "one\r\ntwo; three")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "empty"),
        (b"PK\x03\x04rest", "Excel workbook"),
        (b"\xd0\xcf\x11\xe0rest", "Excel workbook"),
        (b"%PDF-1.7", "PDF"),
        (b"\x1f\x8bzz", "compressed"),
        (b"a,b\n\0\0,1\n", "not a text file"),
    ],
)
def test_what_is_no_table_is_refused_with_what_to_do(body: bytes, words: str) -> None:
    with pytest.raises(NotASheet, match=words):
        encoding_of([body])


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'a,b\n1,"2\n3,4\n', "Line 2, column 2 is not CSV: a quote"),
        (b'a,b,c\n1,2,3\n1,"x,2\n2,"y",3\n', "Line 3, column 2 is not CSV: a quote"),
        (b'a;b\n1;"say ""so"" "!\n', "Line 2, column 2 is not CSV: a quote"),
        (b'a,b\n1,"' + b"x\n" * 60_000, "Line 2, column 2 is not CSV: a quote"),
        (b'a,b\n1,"x' + b'\n","y' * 400_000, "Line 2 is not CSV: its row never ends"),
        (b"a,b\n1,2\n3,\0\n", "Line 3 has a NUL"),
        ("a,b\n1,\0\n".encode("utf-16"), "Line 2 has a NUL"),
        ("a,b\n1,2\n".encode("utf-32"), "Line 1 has a NUL"),
        (b",".join([b"x"] * 300) + b"\n", "Line 1 has more than 256 columns"),
        (b"\xef\xbb\xbf\r\n<!DOCTYPE html><table>", "web page"),
    ],
)
def test_what_is_broken_in_a_table_is_said_with_its_line_and_column(
    body: bytes, words: str
) -> None:
    with pytest.raises(NotASheet, match=words):
        list(rows([body], encoding_of([body])))


async def test_a_file_that_cannot_be_read_to_its_end_is_not_kept(connection: Any) -> None:
    await scene(connection)
    whole = table(*["1,2,3"] * 20)
    for body, words in (
        (whole + b'\n4,"5,6\n7,8,9', "Line 22, column 2"),
        (b"a,b\n" * 1_000_000, "100,000 rows"),
    ):
        with pytest.raises(FileRefused, match=words):
            await brought(connection, body)
    assert await files_of(connection, CEM) == []


async def test_a_number_that_falls_apart_at_its_comma_is_nobodys_figure(connection: Any) -> None:
    await scene(connection)
    file = await brought(
        connection, table(f"{FIRST},1,240,3", f'{FIRST + 1},"1,240",3,', f"{FIRST + 2},1.240,3")
    )
    lines = await file_lines(connection, file.id)
    assert [one.outcome for one in lines] == ["unreadable", "new", "new"]
    assert "it has 4 cells under 3 columns" in lines[0].words
    assert {one.figures["reaction"][0] for one in lines[1:]} == {1240}


async def test_what_is_wrong_with_a_cell_names_its_column(connection: Any) -> None:
    await scene(connection)
    body = b"Link,Likes,As of\n%d,3,tomorrow\n,4,2026-11-03\n" % FIRST
    file = await brought(connection, body, Columns("Link", {"reaction": "Likes"}, "As of"))
    assert [one.words for one in await file_lines(connection, file.id)] == [
        "As of: “tomorrow” is no day", "Link: the post is missing",
    ]  # fmt: skip


async def test_rows_are_cut_beside_the_loop_so_that_others_have_their_turn(connection: Any) -> None:
    await scene(connection)
    cut_by = set()

    def told() -> Iterator[Row]:
        for line in range(2, 600):
            cut_by.add(threading.get_ident())
            yield Row(line, (str(line), "1"))

    how = LookedAt(NETWORK, ("Link", "Likes"), 1, Columns("Link", {"reaction": "Likes"}), SEEN_AT)
    plan = plan_figures(connection, told(), how, by=None, now=NOW, zone=ZONE)
    assert sum([len(lines) async for lines in plan]) == 598
    assert threading.get_ident() not in cut_by


SHEETLIKE = st.text(alphabet=',;\t"\r\n a1=|sep', max_size=200).map(str.encode)


@given(st.one_of(st.binary(max_size=300), SHEETLIKE))
def test_any_bytes_are_a_table_or_refused_with_words(body: bytes) -> None:
    words = "."
    try:
        header_in(list(rows([body[:7], body[7:]], encoding_of([body]))))
    except NotASheet as why:
        words = str(why)
    assert words.endswith(".")


def test_rows_and_lines_have_an_end() -> None:
    with pytest.raises(NotASheet, match="100,000 rows"):
        list(rows([b"a,b\n" * (MOST_ROWS + 100)], "utf-8"))
    with pytest.raises(NotASheet, match="never ends"):
        list(rows([b"x" * 600_000, b"y" * 600_000], "utf-8"))
    with pytest.raises(NotASheet, match="not CSV"):
        list(rows([b'a,"' + b"b\n" * 200_000], "utf-8"))


def test_a_hundred_thousand_rows_are_read_within_a_few_megabytes() -> None:
    line = b"https://www.linkedin.com/feed/update/urn:li:activity:7391000003000000000,4,1,a text\n"
    chunks = [line * 700] * 142
    tracemalloc.start()
    found = sum(1 for _ in rows(iter(chunks), "utf-8"))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found == 99_400
    assert peak < 4 * 2**20


COUNTS = [
    ("120", 120), ("1,240", 1240), ("1.240", 1240), ("1 240", 1240), ("1\u202f240", 1240),
    ("1'240", 1240), ("1.240.000", 1240000), ("12.0", 12), ("12,0", 12), ("1,240.00", 1240),
    ("1.240,00", 1240), ("0", 0), ("", None), ("-", None), ("n/a", None), ('="17"', 17), ("'17", 17),
]  # fmt: skip


@pytest.mark.parametrize(("cell", "value"), COUNTS)
def test_a_count_is_read_however_its_thousands_are_set_apart(cell: str, value: int | None) -> None:
    assert count_in(cell) == value


NO_COUNTS = ["1.5", "1,5", "12.34", "-3", "3%", "1.2K", "1,24,000", "1.23E+05", "=1+1", "½"]


@pytest.mark.parametrize("cell", NO_COUNTS)
def test_what_is_no_whole_number_is_refused(cell: str) -> None:
    with pytest.raises(Unreadable):
        count_in(cell)


@given(st.text(max_size=30))
def test_any_cell_is_read_or_refused(cell: str) -> None:
    for reading in (
        lambda: count_in(cell),
        lambda: post_in(cell),
        lambda: day_in(cell, "auto", ZoneInfo("Europe/Berlin"), NOW),
    ):
        try:
            reading()
        except Unreadable:
            continue


def test_ids_that_a_spreadsheet_has_shortened_are_named_as_lost() -> None:
    with pytest.raises(Unreadable, match="shortened"):
        post_in("1.83123E+18")
    assert post_in('="1831230000000000001"') == "1831230000000000001"


def test_days_are_read_only_where_they_mean_one_day() -> None:
    def day(cell: str, order: Any = "auto") -> str:
        at = day_in(cell, order, ZONE, NOW)
        assert at is not None
        return f"{at.astimezone(ZONE):%Y-%m-%d}"

    for cell in (
        "2026-11-03", "03.11.2026", "3.11.2026 10:00", "Nov 3, 2026", "3 November 2026",
        "Tue, Nov 3, 2026", "2026-11-03T10:00:00Z",
    ):  # fmt: skip
        assert day(cell) == "2026-11-03"
    assert day("13/11/2026") == "2026-11-13"
    assert (day("03/11/2026", "day"), day("11/03/2026", "month")) == ("2026-11-03", "2026-11-03")
    shown = [order_in(cell) for cell in ("13/11/2026", "11/13/2026", "3/4/2026")]
    assert shown == ["day", "month", None]
    for wrong in ("03/11/2026", "32.11.2026", "tomorrow", "2027-01-01", "1999-01-01"):
        with pytest.raises(Unreadable):
            day(wrong)
    assert day_in("", "auto", ZONE, NOW) is None


@pytest.mark.parametrize(
    ("header", "columns"),
    [
        (
            ("Post title", "Post link", "Impressions", "Clicks", "Likes", "Comments", "Reposts"),
            Columns(
                "Post link",
                {"reaction": "Likes", "reply": "Comments", "reshare": "Reposts", "click": "Clicks"},
            ),
        ),
        (
            ("Post ID", "Permalink", "Reactions", "Comments", "Shares"),
            Columns("Permalink", {"reaction": "Reactions", "reply": "Comments", "reshare": "Shares"}),
        ),
        (
            ("Tweet id", "Tweet permalink", "impressions", "replies", "retweets", "likes", "url clicks"),
            Columns(
                "Tweet permalink",
                {"reaction": "likes", "reply": "replies", "reshare": "retweets", "click": "url clicks"},
            ),
        ),
        (
            ("Beitragslink", "Gefällt-mir-Angaben", "Kommentare", "Stand vom"),
            Columns("Beitragslink", {"reaction": "Gefällt-mir-Angaben", "reply": "Kommentare"}, "Stand vom"),
        ),
        (("a", "b"), Columns("", {})),
    ],
)  # fmt: skip
def test_columns_are_guessed_by_their_names(header: tuple[str, ...], columns: Columns) -> None:
    assert guessed(header) == columns


def test_a_header_names_each_column_once() -> None:
    assert header_in([Row(1, ("Link", "Likes", "Likes", ""))]) == (
        1, ("Link", "Likes", "Likes (2)", "Column 4"),
    )  # fmt: skip
    with pytest.raises(NotASheet, match="single column"):
        header_in([Row(1, ("Link",))])


async def test_the_first_rows_are_shown_with_their_columns(connection: Any) -> None:
    await scene(connection)
    await own(connection, "ana", ANA, LONG_AGO)
    file = await brought(connection, b"A report\n\n" + table(f"{FIRST},1,2"))
    line, header, first = await file_rows(connection, file.id)
    assert (line, header) == (3, ("Link", "Likes", "Comments"))
    assert [row.cells for row in first] == [(str(FIRST), "1", "2")]


async def test_a_row_with_several_faults_says_all_of_them(connection: Any) -> None:
    await scene(connection)
    known = f"https://x.com/ana/status/{FIRST}"
    unknown = f"https://x.com/ana/status/{FIRST + 99}"
    file = await brought(
        connection, table(f"{known},many,1.5", f"{unknown},,few", ",x,3", f"{known},1,1")
    )
    lines = {one.line: one for one in await file_lines(connection, file.id)}
    assert lines[2].words == "Likes: “many” is no whole number; Comments: “1.5” is no whole number"
    assert lines[3].words.startswith("Comments: “few” is no whole number; “https://x.com/")
    assert "of nobody who takes part" in lines[3].words
    assert lines[4].words == "Link: the post is missing; Likes: “x” is no whole number"
    assert lines[5].outcome == "new"  # what could not be read speaks of no post
