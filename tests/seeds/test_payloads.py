"""Laws: every network is spoken; it is told what it can tell and nothing else; what is told is read with
the kinds that were done; repeated, reordered and gathered it says the same."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from scoring import LINKS
from scoring.facts import Delivery, Engagement, Kind, Post, Removal, Snapshot
from scoring.identity import account_id, engagement_id, native_key
from scoring.platforms import platform, platforms
from seeds.deeds import Act, Deed, moment, number_of
from seeds.faces import REMOTE_HOSTS, Face, face_on
from seeds.openings import TrackedLink, told
from seeds.payloads.meta import encoded
from seeds.personas import MASTODON_HOST
from seeds.scene import Scene
from seeds.traffic import Sending, Teller
from seeds.world import World, build_world
from tests.scoring.platforms.examples import examples, read
from tests.seeds.test_traffic import delivered

NOW = datetime(2026, 11, 18, 9, 30, tzinfo=UTC)
KINDS = {
    Act.POST: Kind.POST, Act.REPLY: Kind.REPLY, Act.LIKE: Kind.REACTION, Act.RESHARE: Kind.RESHARE,
    Act.QUOTE: Kind.QUOTE, Act.MENTION: Kind.MENTION, Act.FOLLOW: Kind.FOLLOW,
}  # fmt: skip
SPOKEN = sorted(set(platforms()) - {LINKS})
PAGES = ("facebook", "linkedin")


def world() -> World:
    return build_world(11, 400)


def somebody(name: str, company: World) -> Face:
    """An employee with an account there."""
    return next(one.face for m in company.enrolled() if (one := m.on(name)) is not None)


def everything(name: str) -> tuple[World, list[Deed]]:
    """All that can be done on a network and undone again, to an employee or to the company's page."""
    company, rng = world(), Random(5)
    scene, at = Scene(company, rng), NOW
    ours, page = somebody(name, company), company.company.get(name)
    fan = face_on(name, rng, "Mara de Wit", "fan", 90, REMOTE_HOSTS[0])
    target = page if name in PAGES and page is not None else ours
    wrote = scene.write(
        target, at, "A pump & a <roof>, 10 % off – größer @ night / שלום", ("pumpday",)
    )
    post = wrote.made
    assert post is not None
    deeds = [wrote]

    def then(deed: Deed | None) -> Deed:
        assert deed is not None
        deeds.append(deed)
        return deed

    def later() -> datetime:
        return moment(NOW + timedelta(minutes=3 * len(deeds)))

    then(scene.like(fan, post, later()))
    answer = then(scene.reply(fan, post, later()))
    assert answer.made is not None
    then(scene.reply(target, answer.made, later()))
    shared = then(scene.reshare(fan, post, later()))
    quoted = then(scene.quote(fan, post, later(), ("pumpday",)))
    then(scene.mention(fan, target, later()))
    then(scene.follow(fan, target, later()))
    if page is not None and name not in PAGES:
        passed = then(scene.reshare(page, post, later()))
        said = then(scene.quote(page, post, later()))
        told = then(scene.write(page, later(), "We tell a story", ("story",)))
        assert passed.made is not None
        assert said.made is not None
        assert told.made is not None
        mine = then(scene.reshare(ours, told.made, later()))
        assert mine.made is not None
        deeds += [
            scene.delete(one, later()) for one in (mine.made, passed.made, said.made, told.made)
        ]
    if name == "linkedin" and page is not None:
        theirs = scene.write(ours, later(), "My own", ()).made
        assert theirs is not None
        then(scene.quote(page, theirs, later()))
        then(scene.reshare(page, theirs, later()))
    then(scene.unlike(fan, post, later()))
    then(scene.unfollow(target, later()))
    for made in (answer.made, shared.made, quoted.made, post):
        assert made is not None
        then(scene.delete(made, later()))
    return company, deeds


def sent(name: str) -> list[tuple[Deed, Sending]]:
    company, deeds = everything(name)
    teller = Teller(company, Random(7))
    return [(deed, sending) for deed in deeds for sending in teller.tell(deed)]


def facts(sendings: list[Sending]) -> Iterator[object]:
    for number, sending in enumerate(sendings):
        telling = platform(sending.platform).adapt(
            delivered(sending, NOW + timedelta(hours=3), number)
        )
        assert telling.ignored is None, sending.body
        yield from telling.facts


def identities(sendings: list[Sending], name: str) -> set[object]:
    found: set[object] = set()
    for fact in facts(sendings):
        if isinstance(fact, Engagement):
            whose = account_id(name, fact.target) if fact.target else None
            found.add(engagement_id(name, fact.kind, fact.native_id, whose))
        elif isinstance(fact, Removal):
            found.add(native_key(name, fact.native_id))
    return found


@pytest.mark.parametrize("name", SPOKEN)
def test_a_network_is_told_all_it_can_tell_and_nothing_else(name: str) -> None:
    found = list(facts([one for _, one in sent(name)]))
    kinds = {fact.kind for fact in found if isinstance(fact, Engagement)}
    if name == "standard":
        assert kinds == set(KINDS.values())  # the company's own systems may tell openings too
    else:
        assert kinds == platform(name).capabilities.told
    assert any(isinstance(fact, Removal) for fact in found) == bool(
        platform(name).capabilities.removed
    )


@pytest.mark.parametrize("name", SPOKEN)
def test_what_is_told_of_a_deed_is_what_was_done(name: str) -> None:
    for deed, sending in sent(name):
        told_of = list(facts([sending]))
        if deed.act in KINDS:
            done = [fact for fact in told_of if isinstance(fact, Engagement)]
            if sending.source == "poll":  # an answer holds what was posted before, too
                done = done[:1]
            kinds = {fact.kind for fact in done}
            # A share with words is a share like any other where pages are shared.
            quoted = name in PAGES and deed.act is Act.QUOTE
            assert kinds & {KINDS[deed.act], Kind.RESHARE if quoted else None}
            named = [fact for fact in done if fact.actor is not None]
            assert {fact.actor for fact in named} <= {deed.actor.native_id}
            for fact in done:
                if fact.occurred_at is not None:
                    assert abs((fact.occurred_at - deed.at).total_seconds()) < 3
        else:
            assert any(isinstance(fact, Removal) for fact in told_of), deed.act


@pytest.mark.parametrize("name", sorted(set(SPOKEN) - {"standard"}))
def test_what_is_undone_is_named_as_it_was_done(name: str) -> None:
    done: set[object] = set()
    for fact in facts([one for _, one in sent(name)]):
        if isinstance(fact, Engagement):
            done |= {native_key(name, known) for known in (fact.native_id, *fact.also)}
        elif isinstance(fact, Post):
            done.add(native_key(name, fact.native_id))
        elif isinstance(fact, Removal):
            assert native_key(name, fact.native_id) in done, fact


@pytest.mark.parametrize("name", SPOKEN)
def test_gathered_or_repeated_it_says_the_same(name: str) -> None:
    company, deeds = everything(name)
    single = [one for deed in deeds for one in Teller(company, Random(7)).tell(deed)]
    together = list(Teller(company, Random(7)).tell_together(deeds))
    if name in PAGES:
        assert len(together) < len(single)
    assert identities(together, name) == identities(single, name) == identities(single * 2, name)


@pytest.mark.parametrize("name", ["facebook", "instagram", "threads"])
def test_meta_escapes_what_it_signs(name: str) -> None:
    bodies = [sending.body for _, sending in sent(name)]
    for body in bodies:
        assert body.isascii()
        assert not set(b"<%@") & set(body)
        assert b"/" not in body.replace(b"\\/", b"")
    assert encoded({"äöå": "a/b <c> 5 %"}) == (
        b'{"\\u00e4\\u00f6\\u00e5":"a\\/b \\u003cc> 5 \\u0025"}'
    )


@pytest.mark.parametrize("name", ["bluesky", "facebook", "instagram", "linkedin", "threads"])
def test_a_body_has_the_members_of_the_examples_and_no_others(name: str) -> None:
    """Field for field as in the folder of the network, whose examples follow its documentation."""
    known: set[str] = set()
    for of, path in examples():
        if of == name and path.suffix == ".json":
            known |= members(json.loads(path.read_bytes()))
    spoken: set[str] = set()
    for _, sending in sent(name):
        spoken |= members(json.loads(sending.body))
    assert spoken <= known


def members(value: object) -> set[str]:
    if isinstance(value, dict):
        return set(value) | {inner for one in value.values() for inner in members(one)}
    if isinstance(value, list):
        return {inner for one in value for inner in members(one)}
    return set()


def test_followers_on_bluesky_are_counted_by_asking() -> None:
    company = world()
    faces = [one.face for m in company.enrolled() if (one := m.on("bluesky")) is not None]
    answers = list(Teller(company, Random(1)).count([(face, 7) for face in faces]))
    assert len(answers) == -(-len(faces) // 25)
    counted = [fact for fact in facts(answers) if isinstance(fact, Snapshot)]
    assert {fact.account for fact in counted} == {face.native_id for face in faces}


def test_an_opening_is_written_down_as_the_door_does() -> None:
    link = TrackedLink("aB3dEfGhIj", 7, NOW - timedelta(days=20), 1.0)
    openings = list(told([link], Random(2), NOW, ZoneInfo("Europe/Amsterdam")))
    assert openings
    for at, sending in openings:
        assert at < NOW
        assert members(json.loads(sending.body)) == members(json.loads(read(LINKS, "opened")))
        (click,) = platform(LINKS).adapt(Delivery(1, LINKS, "webhook", {}, sending.body, at)).facts
        assert isinstance(click, Engagement)
        assert (click.kind, click.target, click.native_id) == (
            Kind.CLICK,
            "person-7",
            sending.key,
        )


@pytest.mark.parametrize("name", SPOKEN)
def test_a_post_that_is_remembered_has_its_number_again(name: str) -> None:
    rng = Random(3)
    face = face_on(name, rng, "Mara de Wit", "mara", 90, MASTODON_HOST)
    scene = Scene(build_world(1, 20), rng)
    for minute in range(50):
        post = scene.write(face, NOW + timedelta(minutes=minute), "Hello", ()).made
        assert post is not None
        assert number_of(post.native_id) == post.number
