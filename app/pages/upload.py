"""A file or a text that somebody sends with a form."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from litestar import Request
from litestar.datastructures import UploadFile


async def uploaded(request: Request[Any, Any, Any], name: str = "file") -> bytes:
    """The file of a field; b"" where none was chosen."""
    sent = (await request.form()).get(name)
    return await sent.read() if isinstance(sent, UploadFile) else b""


def carried(body: bytes) -> str:
    """A file as a hidden field can carry it from a dry run to the real one."""
    return base64.b64encode(body).decode()


def taken_back(text: str) -> bytes:
    """The file from such a field; b"" for anything else."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
