"""A letter by e-mail: plain text, from the company's own address, with nothing in it that tells who read it.

Sources, read 2026-11-22: RFC 5322 (addresses, header fields end at a line break), RFC 3834
(`Auto-Submitted: auto-generated`), RFC 2369 (`List-Unsubscribe` with an address to open). One-click
unsubscribing (RFC 8058) is for bulk mail; what is sent here concerns the reader's own award, and the page
it leads to asks who one is. Pure.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256
from typing import Final

MOST_ADDRESS: Final = 254  # RFC 5321, 4.5.3.1.3 and its erratum 1690


@dataclass(frozen=True, slots=True)
class Letter:
    """What is written."""

    subject: str
    text: str


def composed(
    letter: Letter, *, sender: str, to: str, key: str, now: datetime, unsubscribe: str | None = None
) -> EmailMessage:
    """The message. `key` is the letter's own for ever: with the same key its Message-ID is the same, so
    that a letter sent twice can be known. Raises ValueError for an address that is none."""
    message = EmailMessage(policy=SMTP)
    message["From"] = _mailbox(sender)
    message["To"] = Address(addr_spec=address_of(to))
    message["Subject"] = header_line(letter.subject)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{sha256(key.encode()).hexdigest()[:32]}@{domain_of(sender)}>"
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"  # what Exchange looks at instead
    if unsubscribe:
        message["List-Unsubscribe"] = f"<{header_line(unsubscribe)}>"
    message.set_content(letter.text.rstrip() + "\n", cte="quoted-printable")
    return message


def header_line(text: str) -> str:
    """Text that cannot end a header field: one line without control characters."""
    kept = (" " if sign.isspace() else sign for sign in text if _may_stand(sign))
    return " ".join("".join(kept).split())


def _may_stand(sign: str) -> bool:
    return sign.isspace() or unicodedata.category(sign) not in ("Cc", "Cs", "Zl", "Zp")


def address_of(typed: str) -> str:
    """A single plain address, such as winners@example.org. Raises ValueError with a sentence."""
    address = typed.strip()
    if len(address) > MOST_ADDRESS:
        raise ValueError("An e-mail address has at most 254 characters.")
    if not address.isascii() or not re.fullmatch(r"[^\s@,;:<>\"()\[\]\\]+@[A-Za-z0-9.-]+", address):
        raise ValueError("This is not one e-mail address, such as winners@example.org.")
    try:
        Address(addr_spec=address)
    except (HeaderParseError, ValueError, IndexError):
        raise ValueError("This is not one e-mail address, such as winners@example.org.") from None
    return address


def mailbox(text: str) -> str:
    """A sender: an address, or a name with an address in angle brackets. Raises ValueError."""
    _mailbox(text)
    return text


def domain_of(sender: str) -> str:
    """The domain of a sender that was checked."""
    return _mailbox(sender).domain


def _mailbox(text: str) -> Address:
    found = re.fullmatch(
        r"(?:(?P<name>[^<>]*)<(?P<inside>[^<>]+)>)|(?P<plain>[^<>]+)", header_line(text)
    )
    if found is None:
        raise ValueError("This is not a sender, such as Fanfare <fanfare@example.org>.")
    name = (found["name"] or "").strip().strip('"')
    return Address(name, addr_spec=address_of(found["inside"] or found["plain"]))
