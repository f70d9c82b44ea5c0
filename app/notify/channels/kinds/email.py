"""E-mail to a mailing list: plain text by the company's mail server.

Sources, read 2026-11-22: RFC 5322 (a message), RFC 3834 (what a machine sends says so, that nobody's
out-of-office answers it). One-click unsubscribing (RFC 8058) is the list's own affair: it adds its headers.
"""

from __future__ import annotations

from typing import Final

from app.going_out import Networks, NotReachable
from app.notify.channels.kinds.kind import SAMPLE, TEST, Example, Kind
from app.notify.channels.said import Said, plain, shortened
from app.notify.mail.letter import Letter, address_of
from app.notify.mail.server import refused_for_good

MOST_SUBJECT: Final = 150


def check(typed: str, networks: Networks) -> str:
    """A single address; raises NotReachable."""
    try:
        return address_of(typed)
    except ValueError as why:
        raise NotReachable(str(why)) from None


def shown(address: str) -> str:
    """The first letter and the domain."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}•••@{domain}"


def message(said: Said) -> Letter:
    """The letter."""
    return Letter(shortened(said.title, MOST_SUBJECT), plain(said))


def hopeless(status: int, said: str) -> str | None:
    """What a mail server refuses for good."""
    if refused_for_good(status):
        return (
            "The mail server refused it for good. Its words stand beside this; ask whoever runs it."
        )
    return None


KIND = Kind(
    name="email",
    label="E-mail",
    hint="A mailing list, by your own mail server, as plain text.",
    by="mail",
    field="Address of the mailing list",
    steps=(
        "Whoever runs Fanfare sets FANFARE_SMTP_URL and FANFARE_MAIL_FROM once; `fanfare doctor` tries them.",
        "Make a mailing list of those who should read of winners, or use one you have.",
        "Allow the sender's address to write to it.",
    ),
    check=check,
    shown=shown,
    message=message,
    hopeless=hopeless,
    source="RFC 5322 and RFC 3834, read 2026-11-22",
    examples=(
        Example(
            "winners of two parts; markup in a line is only text",
            SAMPLE,
            Letter(
                "The winners of “Autumn answers”",
                "The winners of “Autumn answers”\n\nAnswered by the most people.\n\n"
                "“Thank you <all> & *well done*”\n\n"
                "Starters\nFirst place: \u2068ليلى\u2069, 42 people, €200\nSecond place: A colleague\n\n"
                "3 people were answered by 25 people\n\n"
                "See all winners: https://fanfare.example.org/contests/autumn-answers\n\n"
                "Fanfare of Northwind",
            ),
        ),
        Example(
            "a test",
            TEST,
            Letter(
                "A test from Fanfare",
                "A test from Fanfare\n\nIf you can read this, winners can be announced here.\n\n"
                "Open Fanfare: https://fanfare.example.org/\n\nFanfare of Northwind",
            ),
        ),
    ),
)  # fmt: skip
