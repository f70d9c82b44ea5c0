"""Which column of a network's own export means what: chosen by a person, guessed from the names of columns.

Law: a column is named by the words above it, so that the next file, with columns added or moved, is read
alike.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from itertools import islice
from typing import Final, Self, cast

from scoring.audit import record_audit
from scoring.by_hand.cells import Order, order_in
from scoring.by_hand.sheet import MOST_ROWS, NotASheet, Row
from scoring.connection import Connection
from scoring.facts import Kind

COUNTED: Final = (Kind.REACTION, Kind.REPLY, Kind.RESHARE, Kind.QUOTE, Kind.CLICK)
MOST_NAME: Final = 80
_MOST_NAME_LETTERS: Final = 120  # of a column; what is longer is a text
_HEAD_LINES: Final = 25  # what some exports write above their table

# Words above columns as LinkedIn, Meta Business Suite, X, YouTube Studio, Mastodon and Bluesky tools, and
# people write them, in the languages this programme speaks; compared without case, spaces and marks.
_KNOWN: Final[Mapping[str, tuple[str, ...]]] = {
    "post": (
        "postlink", "posturl", "permalink", "link", "url", "tweetpermalink", "postpermalink", "videolink",
        "address", "beitragslink", "linkzumbeitrag", "lienpost", "lienverslapublication", "enlace",
        "enlacedelapublicacion", "posturn", "tweetid", "postid", "videoid", "content", "id",
    ),
    "observed": ("asof", "observedon", "observedat", "dateofexport", "stand", "standvom", "au", "aldia"),
    "reaction": (
        "reactions", "likes", "likesandreactions", "favorites", "favourites", "favoriten", "reaktionen",
        "gefalltmir", "gefalltmirangaben", "reactionslikes", "jaime", "megusta", "reacciones",
    ),
    "reply": (
        "comments", "replies", "answers", "commentsadded", "kommentare", "antworten", "commentaires",
        "reponses", "comentarios", "respuestas",
    ),
    "reshare": (
        "reposts", "shares", "retweets", "boosts", "reblogs", "geteilt", "geteilteinhalte", "partages",
        "compartidos", "compartidas", "reshares", "repostsshares",
    ),
    "quote": ("quotes", "quoteposts", "quotetweets", "zitate", "citations", "citas"),
    "click": ("clicks", "linkclicks", "urlclicks", "klicks", "linkklicks", "clics", "clicsenlien"),
}  # fmt: skip


class NoColumns(LookupError):
    """There is no such mapping; the message says which there are."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column means what, by the words above it; `order`: which number of a date is the day."""

    post: str
    kinds: Mapping[str, str] = field(default_factory=dict)  # kind: column
    observed: str | None = None
    order: Order = "auto"

    @classmethod
    def of(cls, held: str) -> Self:
        """From the database."""
        return cls(**json.loads(held))

    def held(self) -> str:
        """For the database."""
        return json.dumps(asdict(self))

    def lacking(self, header: Sequence[str]) -> list[str]:
        """The columns that a file does not have."""
        wanted = [self.post, *self.kinds.values(), *([self.observed] if self.observed else [])]
        return [name for name in wanted if name not in header]


@dataclass(frozen=True, slots=True)
class SavedColumns:
    """Columns under a name, for the files of one network."""

    name: str
    platform: str
    columns: Columns


def header_in(head: Sequence[Row]) -> tuple[int, tuple[str, ...]]:
    """The line with the names of the columns, and them, each once. Raises NotASheet."""
    first = list(head[:_HEAD_LINES])
    if not first:
        raise NotASheet("The file has no rows.")
    found = max(first, key=lambda row: (_known_in(row), len(set(row.cells) - {""}), -row.line))
    names: list[str] = []
    for n, cell in enumerate(found.cells, start=1):
        name = " ".join(cell.split())[:_MOST_NAME_LETTERS] or f"Column {n}"
        again = 2
        while name in names:
            name, again = f"{' '.join(cell.split())[:110] or 'Column'} ({again})", again + 1
        names.append(name)
    if len(names) < 2:
        raise NotASheet("The file has a single column. Export it with commas, semicolons or tabs.")
    return found.line, tuple(names)


def guessed(header: Sequence[str]) -> Columns:
    """What a file's columns mean, as far as their names are known."""
    by_word = {_word(name): name for name in reversed(header)}
    found: dict[str, str] = {}
    for meaning, words in _KNOWN.items():
        for word in words:
            if word in by_word and by_word[word] not in found.values():
                found[meaning] = by_word[word]
                break
    kinds = {kind.value: found[kind.value] for kind in COUNTED if kind.value in found}
    return Columns(found.get("post", ""), kinds, found.get("observed"))


def order_of(rows: Iterable[Row], header: Sequence[str], column: str | None) -> Order:
    """Which number of its dates is the day, as far as the rows show it; `auto` where they do not."""
    if column is None or column not in header:
        return "auto"
    at, found = header.index(column), set[Order]()
    for row in islice(rows, MOST_ROWS):
        if at < len(row.cells) and (order := order_in(row.cells[at])):
            found.add(order)
    return found.pop() if len(found) == 1 else "auto"


async def keep_columns(
    connection: Connection, saved: SavedColumns, by: int | None, now: datetime
) -> None:
    """From now on these columns have this name; what had it before is kept and no longer offered."""
    await connection.execute(
        """insert into figure_columns (name, platform, columns, person_id, recorded_at)
           values ($1, $2, $3, $4, $5)""",
        saved.name,
        saved.platform,
        saved.columns.held(),
        by,
        now,
    )
    await record_audit(
        connection,
        by,
        "figure_columns_kept",
        f"network:{saved.platform}",
        {"name": saved.name},
        now,
    )


async def saved_columns(connection: Connection, platform: str | None = None) -> list[SavedColumns]:
    """What was saved, of one network or of all, by name."""
    rows = await connection.fetch(
        """select * from (select distinct on (name) name, platform, columns from figure_columns
                          order by name, id desc) last
           where $1::text is null or platform = $1 order by name""",
        platform,
    )
    return [
        SavedColumns(row["name"], row["platform"], Columns.of(cast(str, row["columns"])))
        for row in rows
    ]


async def columns_named(connection: Connection, name: str) -> SavedColumns:
    """The columns of a name. Raises NoColumns."""
    every = await saved_columns(connection)
    for one in every:
        if one.name.casefold() == name.casefold():
            return one
    names = (
        ", ".join(f"“{one.name}”" for one in every)
        or "none yet; the page where a file is imported saves one"
    )
    raise NoColumns(f"There are no columns called “{name}”. There are: {names}.")


def _known_in(row: Row) -> int:
    words = {_word(cell) for cell in row.cells}
    return sum(not words.isdisjoint(known) for known in _KNOWN.values())


def _word(name: str) -> str:
    bare = unicodedata.normalize("NFKD", name[:_MOST_NAME_LETTERS].casefold())
    return re.sub(r"[^a-z0-9]", "", bare)
