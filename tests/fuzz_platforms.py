"""Feeds mutated and random bytes to every adapter, without end and without Hypothesis: run by hand, or a
bounded number of them in the tests.

    python -m tests.fuzz_platforms --inputs 1000000

Laws: an adapter tells facts that PostgreSQL can store, or says in words why not; a proof is given, or refused
in words; nothing else ever escapes. Through the worker's intake the same inputs leave no partial write: what
was set aside left nothing but what its other parts tell, and reading everything once more adds nothing.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
import traceback
from collections import Counter
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any, Final

import asyncpg

from app.bench import USUAL, Room, servers
from app.settings import Settings
from scoring import Delivery, UnusableFact, platforms, poll_headers
from scoring.facts import Engagement, Fact, Telling
from scoring.identity import account_id
from scoring.intake import intake
from scoring.platforms.parts import PARTLY
from scoring.platforms.platform import ChallengeRefused, NotVerified, Platform, Secrets
from seeds.filling import with_secrets
from seeds.speaking import deliveries
from tests.scoring.platforms.examples import examples

RECEIVED_AT: Final = datetime(2026, 11, 20, 9, tzinfo=UTC)
SLOW_S: Final = 1.0  # CPU for one delivery of at most a MiB; a worker reads thousands a second
_SPOKEN: Final = 60  # deliveries of each network from the seeds, beside its examples
_STORED: Final = 50  # of so many inputs one goes through intake, too
_ODD: Final[tuple[Any, ...]] = (
    None, True, False, 0, -1, 1.5, -0.0, 2**31, 2**53, 2**63, -(2**70), 10**400, "", " ", "0", "-1", "9" * 30,
    "x" * 600, "a\x00b", "\x00", "\ud800", "\u202e", "\ufeff", "😀" * 300, "{}", "[", "null", "2026",
    "1970-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-13-01T00:00:00Z",
    "Tue Xxx 99 99:99:99 +0000 2026", "https://[", "http://[::1", "javascript:alert(1)", "@", "a@b@c",
    "@host", "did:plc:", "at://", "at://did:plc:a/b/c", "urn:li:comment:(", "urn:li:like:(,)", [], {},
    [None], [[]],
    {"data": None}, {"id": {}}, {"": 0}, "private", "public", "follow", "delete", "create",
)  # fmt: skip
# Answers to polls, which have no examples of their own beside webhooks.
_ANSWERS: Final[tuple[Any, ...]] = (
    {"data": [{"id": "7", "public_metrics": {"followers_count": 3, "like_count": 1}}]},
    {"data": [{"name": "likes", "values": [{"value": 4}], "total_value": {"value": 4}}]},
    {"items": [{"id": "v", "statistics": {"viewCount": "9", "likeCount": "2", "commentCount": "1"}}]},
    {"profiles": [{"did": "did:plc:adaaaaaaaaaaaaaaaaaaaaaa", "followersCount": 7}]},
    {"posts": [{"uri": "at://did:plc:ada/app.bsky.feed.post/3mx", "likeCount": 1, "replyCount": 0}]},
    {"elements": [{"memberFollowersCount": 8, "count": 3}]},
    {"id": "1", "acct": "ada", "followers_count": 5, "url": "https://social.example/@ada"},
    {"reblogs_count": 1, "favourites_count": 2, "replies_count": 0, "quotes_count": 0, "uri": "https://s/1"},
)  # fmt: skip


@dataclass
class Report:
    """What became of the inputs of one network."""

    inputs: int = 0
    told: int = 0
    ignored: int = 0
    refused: int = 0
    slowest_s: float = 0.0
    escaped: list[str] = field(default_factory=list)  # with the seed of the input
    kinds: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class _Base:
    body: bytes
    headers: Mapping[str, str]
    parsed: bool  # as JSON


class Fuzzer:
    """Makes inputs for one network; the same seed and number make the same input."""

    def __init__(self, network: Platform, seed: int) -> None:
        self.network, self.seed = network, seed
        settings = with_secrets(Settings())
        self.secrets: Secrets = settings.secrets_of(network.name)
        kept = network.kept_headers({}, self.secrets)
        found = [_Base(path.read_bytes(), kept, path.suffix == ".json")
                 for name, path in examples() if name == network.name]  # fmt: skip
        found += [_Base(one.body, one.headers, not one.body.startswith(b"<"))
                  for one in islice(deliveries(network.name), _SPOKEN)]  # fmt: skip
        if network.polling is not None:
            found += [_Base(json.dumps(one).encode(), {}, True) for one in _ANSWERS]
        self.bases = found

    def input(self, number: int) -> Delivery:
        """The number-th input."""
        rng = Random(f"{self.network.name} {self.seed} {number}")
        base = rng.choice(self.bases)
        shape = rng.random()
        if shape < 0.04:
            body = rng.randbytes(rng.randint(0, 300))
        elif shape < 0.08:
            body = json.dumps(_value(rng, 4)).encode()
        elif base.parsed and shape < 0.75:
            body = _changed(rng, base.body)
        else:
            body = _torn(rng, base.body, rng.choice(self.bases).body)
        headers = base.headers
        if (asked := self.network.polling) is not None and rng.random() < 0.2:
            # Asked about are accounts and posts that are known, so names that can be such.
            odd = [
                one for one in _ODD if isinstance(one, str) and one.isprintable() and one.strip()
            ]
            subjects = tuple(rng.choice(odd) for _ in range(rng.randint(0, 2)))
            about = rng.choice((subjects, ("7",), ("did:plc:adaaaaaaaaaaaaaaaaaaaaaa",)))
            headers = {**headers, **poll_headers(rng.choice(asked.polls), about)}
        return Delivery(number, self.network.name, "webhook", dict(headers), body, RECEIVED_AT)

    def try_it(self, number: int, report: Report) -> Delivery | None:
        """Feed one input; the delivery as it would be stored, where nothing escaped."""
        report.inputs += 1
        made = self.input(number)
        began = time.process_time()
        try:
            if number % 20 == 0:
                _knock(self.network, self.secrets, made.body, Random(number))
            kept = self.network.kept_body(made.body)
            stored = Delivery(number, made.platform, made.source, made.headers, kept, RECEIVED_AT)
            self._read(stored, report)
        except Exception:  # noqa: BLE001 - that is what is looked for
            words = traceback.format_exc(limit=-3)
            report.escaped.append(f"{self.network.name} input {number}, seed {self.seed}:\n{words}")
            return None
        spent = time.process_time() - began
        report.slowest_s = max(report.slowest_s, spent)
        if spent > SLOW_S:
            report.escaped.append(f"{self.network.name} input {number} took {spent:.1f} s")
        return stored

    def _read(self, delivery: Delivery, report: Report) -> None:
        try:
            telling = self.network.adapt(delivery)
        except UnusableFact as why:
            report.refused += 1
            words = str(why)
            assert words, "a refusal without words"
            _storable(words)
            return
        assert bool(telling.facts) != bool(telling.ignored), "neither facts nor a reason"
        report.told += bool(telling.facts)
        report.ignored += not telling.facts
        _storable(telling.ignored or "")
        _storable(telling.unread or "")
        for fact in telling.facts:
            report.kinds[getattr(fact, "kind", type(fact).__name__.lower())] += 1
            _sound(fact)


def _sound(fact: Fact) -> None:
    """Whether a fact can be stored as it is."""
    for one in fields(fact):
        value = getattr(fact, one.name)
        for text in value if isinstance(value, tuple) else (value,):
            if isinstance(text, str):
                _storable(text)
    at = getattr(fact, "occurred_at", None)
    assert at is None or at <= RECEIVED_AT, "a deed that has not happened yet"


def _storable(words: str) -> None:
    assert "\x00" not in words, "a NUL"
    words.encode()  # half surrogates cannot be stored


def _knock(network: Platform, secrets: Secrets, body: bytes, rng: Random) -> None:
    """Somebody without the secret, or with half a handshake."""
    names = (
        "x-hub-signature", "x-hub-signature-256", "x-twitter-webhooks-signature", "x-li-signature",
        "x-twitter-webhooks-signature-oauth2", "webhook-id", "webhook-timestamp", "webhook-signature",
    )  # fmt: skip
    queries = ("hub.mode", "hub.challenge", "hub.verify_token", "hub.topic", "hub.lease_seconds",
               "crc_token", "challengeCode", "applicationId", "proof")  # fmt: skip
    words = (
        "sha256=",
        "sha1=",
        "sha256=00",
        "v1,",
        "v1,AAAA v1a,xx",
        "subscribe",
        "é",
        "\x00",
        "",
        "9" * 40,
    )
    headers = {rng.choice(names): rng.choice(words) for _ in range(3)}
    try:
        network.verify(headers, body, secrets, RECEIVED_AT)
    except NotVerified as why:
        _said(why)
    else:
        raise AssertionError("somebody without the secret was believed")
    query = {rng.choice(queries): rng.choice((*words, str(rng.choice(_ODD)))) for _ in range(3)}
    try:
        network.challenge(query, secrets)
    except (NotVerified, ChallengeRefused) as why:
        _said(why)


def _said(why: Exception) -> None:
    assert str(why), "a refusal without words"


def _changed(rng: Random, body: bytes) -> bytes:
    """The same JSON with one to three members replaced, taken out, doubled or moved."""
    whole = json.loads(body)
    for _ in range(rng.randint(1, 3)):
        places = list(_places(whole))
        if not places:
            break
        holder, key = rng.choice(places)
        what = rng.random()
        if what < 0.5:
            holder[key] = deepcopy(rng.choice(_ODD))
        elif what < 0.65:
            del holder[key]
        elif what < 0.75:
            other, at = rng.choice(places)
            holder[key] = deepcopy(other[at]) if at in _keys(other) else None
        elif what < 0.85:
            holder[key] = [holder[key], deepcopy(holder[key])]
        elif what < 0.95:
            holder[key] = _value(rng, 2)
        elif isinstance(holder, dict):
            holder[f"{key}_"] = holder.pop(key)
    return json.dumps(whole, ensure_ascii=rng.random() < 0.7).encode("utf-8", "surrogatepass")


def _keys(holder: Any) -> Any:
    return holder if isinstance(holder, dict) else range(len(holder))


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    for key in list(_keys(value)):
        yield value, key
        if isinstance(value[key], dict | list):
            yield from _places(value[key])


def _value(rng: Random, depth: int) -> Any:
    what = rng.random()
    if depth == 0 or what < 0.5:
        return deepcopy(rng.choice(_ODD))
    if what < 0.75:
        return [_value(rng, depth - 1) for _ in range(rng.randint(0, 3))]
    names = (
        "id",
        "type",
        "event",
        "data",
        "object",
        "entry",
        "payload",
        "value",
        "field",
        "kind",
        "x",
    )
    return {rng.choice(names): _value(rng, depth - 1) for _ in range(rng.randint(0, 4))}


def _torn(rng: Random, body: bytes, other: bytes) -> bytes:
    """The same bytes with some flipped, lost, doubled, or another delivery's between them."""
    made = bytearray(body)
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(made) + 1)
        until = min(len(made), at + rng.randint(0, 30))
        match rng.randrange(7):
            case 0 if at < len(made):
                made[at] ^= 1 << rng.randrange(8)
            case 1:
                del made[at:until]
            case 2:
                made[at:at] = made[at:until]
            case 3:
                made[at:at] = rng.randbytes(rng.randint(1, 8))
            case 4:
                begin = rng.randrange(len(other) + 1)
                made[at:until] = other[begin : begin + rng.randint(0, 200)]
            case 5:
                del made[at:]
            case 6:
                made[at:at] = rng.choice(
                    (b"[" * 2000, b'{"a":' * 2000, b"\x00", b"\xff", b"&x;", b"<!DOCTYPE a>")
                )
    return bytes(made)


def fuzz(name: str, inputs: int, seed: int, each: int = _STORED) -> tuple[Report, list[Delivery]]:
    """Feed so many inputs to a network; every so manyth delivery, to be put through intake."""
    fuzzer, report, kept = Fuzzer(platforms()[name], seed), Report(), []
    for number in range(inputs):
        stored = fuzzer.try_it(number, report)
        if stored is not None and number % each == 0:
            kept.append(stored)
    return report, kept


async def through_intake(
    database_url: str, kept: list[Delivery], batch: int = 500
) -> dict[str, int]:
    """Put deliveries through the worker's intake, twice; what was found.

    AssertionError for a partial write.
    """
    connection = await asyncpg.connect(database_url)
    try:
        await _settle(connection, kept)
        await connection.execute("set synchronous_commit = off")
        before = await _read_all(connection, kept, "first", batch)
        counts = await _read_all(connection, kept, "again", batch)
        assert await connection.fetchval("select count(*) from pending_delivery") == 0
        aside = await connection.fetchval(
            """select count(*) from engagement e join delivery_outcome o on o.delivery_id = e.delivery_id
               where o.outcome = 'set_aside' and not starts_with(o.reason, $1)""",
            PARTLY,
        )
        assert aside == 0, f"{aside} engagements of deliveries that were set aside"
        assert counts == before, f"reading the same again changed {before} into {counts}"
        outcomes = await connection.fetch(
            "select outcome, count(*) from delivery_outcome group by 1 order by 1"
        )
        failed = await connection.fetch(
            "select platform, reason from delivery_outcome where reason like 'the adapter failed%' limit 5"
        )
        assert not failed, failed
        return {**counts, **{row["outcome"]: row["count"] for row in outcomes}}
    finally:
        await connection.close()


async def _read_all(
    connection: asyncpg.Connection, kept: list[Delivery], turn: str, batch: int
) -> dict[str, int]:
    await _put(connection, kept, turn)
    while (await intake(connection, now=RECEIVED_AT, limit=batch)).claimed:
        pass
    return await _counts(connection)


async def _settle(connection: asyncpg.Connection, kept: list[Delivery]) -> None:
    """Everybody who is named takes part, so that as much as can be is kept."""
    accounts: dict[Any, tuple[str, str]] = {}
    for delivery in kept:
        telling = _told(delivery)
        for fact in telling.facts if telling else ():
            if isinstance(fact, Engagement):
                name = telling.platform or delivery.platform if telling else delivery.platform
                for whose in (fact.actor, fact.target):
                    if whose is not None:
                        accounts[account_id(name, whose)] = (name, whose)
    since = RECEIVED_AT - timedelta(days=900)
    await connection.execute("insert into person (recorded_at) values ($1)", since)
    person = await connection.fetchval("select max(id) from person")
    await connection.execute(
        "insert into enrolment (person_id, effective_at, state, recorded_at) values ($1, $2, 'active', $2)",
        person, since,
    )  # fmt: skip
    rows = [(key, name, native, since) for key, (name, native) in accounts.items()]
    await connection.copy_records_to_table(
        "account", columns=("id", "platform", "native_id", "recorded_at"), records=rows
    )
    await connection.copy_records_to_table(
        "ownership",
        columns=("account_id", "effective_at", "person_id", "company", "counts", "recorded_at"),
        records=[
            (row[0], since, person, False, "every", since) for n, row in enumerate(rows) if n % 2
        ],
    )


def _told(delivery: Delivery) -> Telling | None:
    try:
        return platforms()[delivery.platform].adapt(delivery)
    except UnusableFact:
        return None


async def _put(connection: asyncpg.Connection, kept: list[Delivery], turn: str) -> None:
    day: date = RECEIVED_AT.date()
    await connection.copy_records_to_table(
        "delivery",
        columns=("recorded_on", "platform", "source", "delivery_key", "headers", "body", "received_at"),
        records=[
            (day, one.platform, one.source, f"{turn} {number}", json.dumps(dict(one.headers)), one.body,
             RECEIVED_AT)
            for number, one in enumerate(kept)
        ],
    )  # fmt: skip
    await connection.execute(
        """insert into pending_delivery (delivery_id, recorded_on)
           select id, recorded_on from delivery where delivery_key like $1""",
        f"{turn} %",
    )


async def _counts(connection: asyncpg.Connection) -> dict[str, int]:
    tables = ("engagement", "alias", "removal", "post", "snapshot", "figure")
    return {name: await connection.fetchval(f"select count(*) from {name}") for name in tables}


def main() -> None:
    """Feed everything, and say what came of it; exit status 1 when something escaped."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--inputs", type=int, default=1_000_000, help="over all networks")
    asked.add_argument("--seed", type=int, default=1)
    options = asked.parse_args()
    names, kept, escaped = sorted(platforms()), list[Delivery](), list[str]()
    began = time.monotonic()
    for name in names:
        report, some = fuzz(name, options.inputs // len(names), options.seed)
        kept += some
        escaped += report.escaped
        print(
            f"{name:<10} {report.inputs:>8,} inputs: {report.told:,} told facts, {report.ignored:,} passed "
            f"over, {report.refused:,} refused; slowest {report.slowest_s * 1000:.1f} ms; "
            f"{len(report.escaped)} escaped",
            flush=True,
        )
    for words in escaped[:20]:
        print(words)
    print(
        f"{time.monotonic() - began:.0f} s; {len(kept):,} of them through intake, twice", flush=True
    )
    with TemporaryDirectory() as directory:
        settings = Settings(data_dir=Path(directory))
        with servers(settings, here=False) as (found, place):
            room = Room(found, USUAL, lambda *_: None, place)
            print(asyncio.run(_in_a_room(room, kept)))
    print(f"{time.monotonic() - began:.0f} s in all")
    raise SystemExit(1 if escaped else 0)


async def _in_a_room(room: Room, kept: list[Delivery]) -> dict[str, int]:
    try:
        async with room.installation() as settings:
            return await through_intake(settings.require_database_url(), kept)
    finally:
        await room.close()


if __name__ == "__main__":
    main()
