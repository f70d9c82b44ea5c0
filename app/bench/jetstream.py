"""A Jetstream with a backlog, as one child process: WebSocket frames put together beforehand, a megabyte at a
time, so that what is measured is whoever listens.

One event in so many is about somebody of ours; the rest are likes among strangers.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import sys
from collections.abc import Iterator
from contextlib import suppress
from typing import Final

import libipld
import msgspec
import uvloop

FIRST_US: Final = 1_788_250_530_000_000
_ACCEPT: Final = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455, 1.3
_PING, _PONG = 9, 10
_AT_ONCE: Final = 2000  # events in one write
_EVENT: Final = (
    b'{"did":"did:plc:fan%021d","time_us":%d,"kind":"commit","commit":{"rev":"3mxreveaaaa2c",'
    b'"operation":"create","collection":"app.bsky.feed.like","rkey":"3mx%010d","record":{'
    b'"$type":"app.bsky.feed.like","createdAt":"2026-09-01T08:15:29.900Z","subject":{'
    b'"cid":"bafyreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy",'
    b'"uri":"at://%b/app.bsky.feed.post/3mxaaaaaaaa2a"}},'
    b'"cid":"bafyreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy"}}'
)


class Job(msgspec.Struct):
    """How many events, one in how many of which is about somebody of so many people."""

    port: int
    events: int
    every: int
    people: int


def ours(number: int) -> str:
    """The account of one of our people."""
    return f"did:plc:ours{number:020}"


def events(job: Job) -> Iterator[bytes]:
    """The whole backlog."""
    for number in range(job.events):
        if number % job.every == 0:
            whose = ours(number % job.people).encode()
        else:
            whose = b"did:plc:other%019d" % (number % 7919)
        yield _EVENT % (number, FIRST_US + number, number, whose)


def frame(event: bytes) -> bytes:
    """An event as a server tells it itself: a commit with its record in an archive."""
    told = msgspec.json.decode(event)
    said = told["commit"]
    block = libipld.encode_dag_cbor(said["record"])
    cid = b"\x01\x71\x12\x20" + hashlib.sha256(block).digest()
    head = libipld.encode_dag_cbor({"roots": [cid], "version": 1})
    size = len(cid) + len(block)
    archive = bytes([len(head)]) + head + bytes([size & 127 | 128, size >> 7]) + cid + block
    path = f"{said['collection']}/{said['rkey']}"
    commit = {
        "seq": told["time_us"], "repo": told["did"], "rev": said["rev"], "blocks": archive,
        "ops": [{"action": said["operation"], "path": path, "cid": cid}], "tooBig": False,
    }  # fmt: skip
    return libipld.encode_dag_cbor({"op": 1, "t": "#commit"}) + libipld.encode_dag_cbor(commit)


def _written(job: Job) -> Iterator[bytes]:
    """The backlog as frames of text, many in one piece."""
    piece: list[bytes] = []
    for event in events(job):
        piece.append(b"\x81\x7e" + len(event).to_bytes(2, "big") + event)
        if len(piece) == _AT_ONCE:
            yield b"".join(piece)
            piece.clear()
    yield b"".join(piece)


async def _serve(job: Job) -> None:
    pieces = list(_written(job))

    async def tell(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked = await reader.readuntil(b"\r\n\r\n")
        key = next(
            line.partition(b":")[2].strip()
            for line in asked.split(b"\r\n")
            if line.lower().startswith(b"sec-websocket-key")
        )
        accept = base64.b64encode(hashlib.sha1(key + _ACCEPT, usedforsecurity=False).digest())
        writer.write(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n"
        )
        answering = asyncio.create_task(_answer(reader, writer))
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
        await answering  # until whoever listens goes

    server = await asyncio.start_server(tell, "127.0.0.1", job.port)
    print("ready", flush=True)
    async with server:
        await server.serve_forever()


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer pings: whoever listens hangs up on a server that is dead."""
    with suppress(asyncio.IncompleteReadError, ConnectionError):
        while True:
            kind, length = await reader.readexactly(2)
            mask = await reader.readexactly(4)
            masked = await reader.readexactly(length & 127)  # a control frame is never longer
            said = bytes(byte ^ mask[place % 4] for place, byte in enumerate(masked))
            if kind & 15 == _PING:
                writer.write(bytes([128 | _PONG, len(said)]) + said)


def main() -> None:
    """Serve the job named by the words behind the program."""
    uvloop.run(_serve(Job(*map(int, sys.argv[1:]))))
