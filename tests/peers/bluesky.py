"""A real Bluesky server with its directory of DIDs, and people on it who act by the network's own client."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import urllib.request
from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from atproto import Client, models

from tests.peers import setting_up
from tests.peers.running import Program, answers
from tests.ports import free_port

PASSWORD = "a password of a test"
_ADMIN = hashlib.sha256(b"admin").hexdigest()  # as pds.mjs has it


class Bluesky:
    """The server and its directory, on ports that stay theirs over kills; it trusts whom `keys` vouch for."""

    def __init__(self, folder: Path, keys: Path) -> None:
        port, plc = free_port(), free_port()
        self.origin = f"http://localhost:{port}"  # as the server calls itself
        self.stream = f"ws://localhost:{port}/xrpc/com.atproto.sync.subscribeRepos"
        self.directory = f"http://127.0.0.1:{plc}"
        self._accounts = folder / "pds" / "account.sqlite"
        node = setting_up.NODE / "bin" / "node"
        environment = {
            **setting_up.environment(),
            "NODE_EXTRA_CA_CERTS": str(keys),
            "PLC_PORT": str(plc),
            "PLC_JOURNAL": str(folder / "plc.journal"),
            "PDS_PORT": str(port),
            "PDS_DATA_DIRECTORY": str(folder / "pds"),
            "PDS_DID_PLC_URL": self.directory,
        }
        self._programs = [
            Program(
                [node, setting_up.script(script)],
                log=folder / f"{script}.log",
                environment=environment,
                folder=setting_up.PEERS,
                ready=answers(health),
            )
            for script, health in (
                ("plc.mjs", f"{self.directory}/_health"),
                ("pds.mjs", f"http://127.0.0.1:{port}/xrpc/_health"),
            )
        ]

    def start(self) -> None:
        """Start both, or start them again where they were killed."""
        for program in self._programs:
            program.launch()
        for program in self._programs:
            program.wait()

    def kill(self) -> None:
        """End both as a power cut would."""
        for program in self._programs:
            program.kill()

    def join(self, name: str) -> Member:
        """Somebody new on the server."""
        client = Client(self.origin)
        handle = f"{name}.test"
        client.com.atproto.server.create_account(
            models.ComAtprotoServerCreateAccount.Data(
                handle=handle, email=f"{name}@example.org", password=PASSWORD
            )
        )
        # The profile that login() asks for by default comes from Bluesky's own index, which is not here.
        client.login(handle, PASSWORD, fetch_bsky_profile=False)
        did = client._session.did  # type: ignore[union-attr]
        client.me = models.AppBskyActorDefs.ProfileViewDetailed(did=did, handle=handle)
        return Member(did, handle, client)

    def sessions(self, member: Member) -> int:
        """At how many places somebody let in others by signing in here, who still are."""
        with sqlite3.connect(self._accounts) as connection:
            (number,) = connection.execute(
                "select count(*) from token where did = ?", (member.did,)
            ).fetchone()
        return int(number)

    def remove(self, member: Member) -> None:
        """Delete an account with everything in it, as its administrator does."""
        request = urllib.request.Request(
            f"{self.origin}/xrpc/com.atproto.admin.deleteAccount",
            json.dumps({"did": member.did}).encode(),
            {
                "Content-Type": "application/json",
                "Authorization": "Basic " + b64encode(f"admin:{_ADMIN}".encode()).decode(),
            },
        )
        with urllib.request.urlopen(request, timeout=10):
            pass


@dataclass(frozen=True, slots=True)
class Deed:
    """What Fanfare must have made of something that somebody did."""

    kind: str
    name: str  # the record's address
    actor: str
    target: str | None
    undone: bool = False


@dataclass(slots=True)
class Member:
    """Somebody with an account, who acts. What is done is answered with what must be heard of it."""

    did: str
    handle: str
    client: Any

    def post(self, text: str) -> Post:
        """Write a post."""
        made = self.client.send_post(text)
        return Post(made.uri, made.cid, self.did)

    def reply(self, to: Post, text: str) -> Post:
        """Answer a post."""
        ref = models.create_strong_ref
        made = self.client.send_post(
            text,
            reply_to=models.AppBskyFeedPost.ReplyRef(parent=ref(to), root=ref(to.began_with or to)),
        )
        return Post(made.uri, made.cid, self.did, "reply", to.author, to.began_with or to)

    def quote(self, post: Post, text: str) -> Post:
        """Quote a post."""
        embed = models.AppBskyEmbedRecord.Main(record=models.create_strong_ref(post))
        made = self.client.send_post(text, embed=embed)
        return Post(made.uri, made.cid, self.did, "quote", post.author)

    def like(self, post: Post) -> Deed:
        """Like a post."""
        return Deed("reaction", self.client.like(post.uri, post.cid).uri, self.did, post.author)

    def repost(self, post: Post) -> Deed:
        """Repost a post."""
        return Deed("reshare", self.client.repost(post.uri, post.cid).uri, self.did, post.author)

    def follow(self, other: Member) -> Deed:
        """Follow somebody."""
        return Deed("follow", self.client.follow(other.did).uri, self.did, other.did)

    def undo(self, done: Deed) -> Deed:
        """Take something back, each kind by its own word of the client."""
        by = {
            "reaction": self.client.unlike,
            "reshare": self.client.unrepost,
            "follow": self.client.unfollow,
        }
        assert by.get(done.kind, self.client.delete_post)(done.name)
        return Deed(done.kind, done.name, done.actor, done.target, undone=True)

    def rename(self, handle: str) -> None:
        """Take another handle."""
        self.client.com.atproto.identity.update_handle(
            models.ComAtprotoIdentityUpdateHandle.Data(handle=handle)
        )
        self.handle = handle

    def describe(self, words: str) -> None:
        """Write the description of the profile."""
        self.client.com.atproto.repo.put_record(
            models.ComAtprotoRepoPutRecord.Data(
                repo=self.did,
                collection="app.bsky.actor.profile",
                rkey="self",
                record={"$type": "app.bsky.actor.profile", "description": words},
            )
        )


@dataclass(frozen=True, slots=True)
class Post:
    """A post, by its address and the hash of its content, which others must name."""

    uri: str
    cid: str
    author: str
    kind: str = "post"
    target: str | None = None
    began_with: Post | None = None  # of a reply: the post at the top

    @property
    def deed(self) -> Deed:
        """What must be heard of it."""
        return Deed(self.kind, self.uri, self.author, self.target)
