"""Frames as a server of the AT Protocol sends them, written by us from the protocol: the other side of
reading them. Source: atproto.com/specs (event-stream, sync, repository), the CAR format of ipld.io."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import libipld

Operation = tuple[str, str, Mapping[str, Any] | None]  # action, collection and key, record


def frame(kind: str, said: Mapping[str, Any]) -> bytes:
    """One frame: a header, and what it says."""
    header = {"op": -1} if kind == "error" else {"op": 1, "t": f"#{kind}"}
    return libipld.encode_dag_cbor(header) + libipld.encode_dag_cbor(dict(said))


def commit(seq: int, did: str, rev: str, *operations: Operation, **other: Any) -> bytes:
    """A commit of some operations, its records in an archive."""
    blocks: dict[bytes, bytes] = {}
    told = []
    for action, path, record in operations:
        cid = None
        if record is not None:
            block = libipld.encode_dag_cbor(dict(record))
            blocks[cid := cid_of(block)] = block
        told.append({"action": action, "path": path, "cid": cid})
    root = libipld.encode_dag_cbor({"did": did, "rev": rev, "version": 3})
    blocks[cid_of(root)] = root
    said = {"seq": seq, "repo": did, "rev": rev, "since": None, "rebase": False, "tooBig": False,
            "ops": told, "blobs": [], "blocks": archive(cid_of(root), blocks),
            "commit": cid_of(root), "time": "2026-09-01T08:15:30.123Z"}  # fmt: skip
    return frame("commit", {**said, **other})


def cid_of(block: bytes) -> bytes:
    """The name of a block: version 1, DAG-CBOR, SHA-256."""
    return b"\x01\x71\x12\x20" + hashlib.sha256(block).digest()


def archive(root: bytes, blocks: Mapping[bytes, bytes]) -> bytes:
    """A CAR file of version 1."""
    parts = [libipld.encode_dag_cbor({"roots": [root], "version": 1})]
    parts += [cid + block for cid, block in blocks.items()]
    return b"".join(_length(len(part)) + part for part in parts)


def _length(number: int) -> bytes:
    written = b""
    while number > 127:
        written += bytes([number & 127 | 128])
        number >>= 7
    return written + bytes([number])
