"""Reading the value of one setting from its text.

Law: a value that cannot be used is a ValueError whose words follow the name of the variable.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode
from collections.abc import Callable
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo


def text(value: str) -> str:
    """Any text."""
    return value.strip()


def words(value: str) -> tuple[str, ...]:
    """Words between spaces."""
    return tuple(value.split())


def path(value: str) -> Path:
    """A place on this machine; ~ is the home directory."""
    return Path(value).expanduser()


def flag(value: str) -> bool:
    """Yes or no."""
    known = {"1": True, "true": True, "yes": True, "on": True}
    known |= {"0": False, "false": False, "no": False, "off": False, "": False}
    if value.strip().lower() not in known:
        raise ValueError("must be yes or no")
    return known[value.strip().lower()]


def port(value: str) -> int:
    """A TCP port."""
    if not value.strip().isdecimal() or not 1 <= int(value) <= 65535:
        raise ValueError("must be a port, 1 to 65535")
    return int(value)


def zone(value: str) -> ZoneInfo:
    """A time zone by its IANA name."""
    try:
        return ZoneInfo(value.strip())
    except (KeyError, ValueError, OSError):  # what zoneinfo raises for unknown, odd and directory
        raise ValueError("must be a time zone's name, such as Europe/Berlin") from None


def url(*schemes: str) -> Callable[[str], str]:
    """Makes a reader of addresses with one of these schemes; a slash at the end goes."""

    def parse(value: str) -> str:
        address = value.strip().rstrip("/")
        parts = urlsplit(address)
        if parts.scheme not in schemes or not (parts.netloc or parts.path or parts.query):
            raise ValueError(f"must be an address that starts with {schemes[0]}://")
        return address

    return parse


def networks(value: str) -> tuple[IPv4Network | IPv6Network, ...]:
    """IP networks between spaces; a single address is one too."""
    try:
        return tuple(ip_network(word) for word in words(value))
    except ValueError:
        raise ValueError(
            "must be addresses or networks, such as 10.0.0.0/8, between spaces"
        ) from None


def peers(value: str) -> tuple[str, ...]:
    """Web origins between spaces (scheme, host and port, nothing else); `one=other` says of an origin
    where it is really reached."""
    found = words(value.lower())
    for word in found:
        for origin in word.split("=", 1):
            try:
                parts = urlsplit(origin)
                fits = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
                fits = fits and f"{parts.scheme}://{parts.netloc}" == origin
                fits = fits and parts.username is None
            except ValueError:  # a port that is none, a bracket that does not close
                fits = False
            if not fits:
                raise ValueError("must be origins, such as http://127.0.0.1:2583, between spaces")
    return found


def secret_key(value: str) -> str:
    """A key long enough to sign with."""
    # 32 characters of a generated key are about 190 bits; a typed word is far shorter.
    if len(value.strip()) < 32:
        raise ValueError("must have at least 32 characters; `fanfare init` makes one")
    return value.strip()


def token_keys(value: str) -> tuple[str, ...]:
    """Keys of Fernet between spaces: 32 random bytes each, in the URL-safe alphabet of base64."""
    keys = words(value)
    for key in keys:
        try:
            good = len(urlsafe_b64decode(key.encode())) == 32
        except ValueError:
            good = False
        if not good:
            raise ValueError(
                "must be keys between spaces, each of 32 random bytes in URL-safe base64, as "
                "`python -c 'import base64, os; "
                "print(base64.urlsafe_b64encode(os.urandom(32)).decode())'` makes one"
            )
    return keys


def mail_server(value: str) -> str:
    """The address of a mail server; what it holds is never repeated."""
    try:
        parts = urlsplit(value.strip().rstrip("/"))
        known = parts.scheme in ("smtp", "smtps") and parts.hostname and parts.port != 0
        known = known and not (parts.path or parts.query or parts.fragment)
    except ValueError:  # a port that is none, a bracket that does not close
        known = False
    if not known:
        raise ValueError(
            "must be smtp://user:password@host:587 or smtps://…; write / and : in a password as %2F, %3A"
        )
    return value.strip().rstrip("/")


def sender(value: str) -> str:
    """Who e-mail comes from: an address, or a name and an address in angle brackets."""
    if not re.fullmatch(r"([^<>\r\n]+<)?[^\s@<>,;\"]+@[A-Za-z0-9.-]+>?", value.strip()):
        raise ValueError("must be an address, such as Fanfare <fanfare@example.org>")
    if value.strip().endswith(">") != ("<" in value):
        raise ValueError("must be an address, such as Fanfare <fanfare@example.org>")
    return value.strip()


def hashtag(value: str) -> str:
    """A hashtag."""
    tag = value.strip()
    if not re.fullmatch(r"#\w+", tag):
        raise ValueError("must be a hashtag, such as #TeamNorthwind")
    return tag
