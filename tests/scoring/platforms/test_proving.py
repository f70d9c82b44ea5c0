"""A proof stands where the account's owner alone can write, whole, and nowhere else."""

from __future__ import annotations

import json
from collections.abc import Generator, Mapping
from typing import Any, TypeVar

import pytest

from scoring.platforms import platform
from scoring.platforms.asking import Answer, Ask
from scoring.platforms.bluesky.proving import BlueskyProving
from scoring.platforms.mastodon.proving import MastodonProving
from scoring.platforms.platform import Named, NotAnAccount, Secrets
from scoring.platforms.proving import (
    MOST_ASKS,
    NotSeen,
    Place,
    Seen,
    me_links,
    proof_in,
)

CODE = "fanfare-7kq4m-2xd9w-hhc3a-pz5v8"
PAGE = f"https://fanfare.example/proof/{CODE}"
ANA = Named("ana@social.example", "ana@social.example")
DID = "did:plc:z72i7hdynmk6r22z27h6tvur"
Result = TypeVar("Result")


def answered(
    looking: Generator[Ask, Answer | None, Result], answers: Mapping[str, object]
) -> Result:
    """What a look comes to where the world answers so; what is not told of answers nothing."""
    ask, asked = next(looking), 0
    try:
        while asked < MOST_ASKS:
            asked += 1
            said = answers.get(ask.url.partition("?")[0])
            if said is None or isinstance(said, Answer):
                answer = said
            else:
                body = said if isinstance(said, str) else json.dumps(said)
                answer = Answer(200, {}, body.encode())
            ask = looking.send(answer)
    except StopIteration as end:
        found: Result = end.value
        return found
    raise AssertionError("it asks for ever")


def profile(**more: Any) -> dict[str, object]:
    return {
        "https://social.example/api/v1/accounts/lookup": {
            "acct": "ana",
            "note": "<p>I write.</p>",
            "fields": [],
            **more,
        }
    }


def mastodon(answers: Mapping[str, object]) -> Seen:
    return answered(MastodonProving().look(ANA, Secrets()), answers)


def field(rel: str, href: str = PAGE) -> dict[str, str]:
    return {"name": "Work", "value": f'<a href="{href}" rel="{rel}"><span>x</span></a>'}


@pytest.mark.parametrize(
    ("told", "how"),
    [
        ({"note": f"<p>I write. {CODE}</p>"}, "code"),
        ({"note": f"<p>{CODE.upper()}</p>"}, "code"),
        ({"fields": [{"name": "x", "value": CODE}]}, "code"),
        ({"fields": [field("nofollow noopener me")]}, "rel_me"),
        ({"fields": [field("me", PAGE + "/")]}, "rel_me"),
        ({"note": f"<p>{CODE}x</p>"}, None),
        ({"note": f"<p>a{CODE}</p>"}, None),
        ({"note": f"<p>{CODE[:-1]}</p>"}, None),
        ({"note": "<p>fanfare-7kq4m-2xd9w-hhc3a-</p><p>pz5v8</p>"}, None),
        ({"display_name": CODE}, None),
        ({"fields": [field("nofollow noopener")]}, None),
        ({"fields": [field("me", "https://fanfare.example/proof/other")]}, None),
        ({"fields": "none", "note": 7}, None),
        ({"fields": [None, 7, {}]}, None),
    ],
)
def test_a_mastodon_profile_proves_what_its_owner_wrote_there(
    told: dict[str, Any], how: str | None
) -> None:
    found = proof_in(mastodon(profile(**told)), CODE, PAGE)
    assert (found and found.how) == how


def test_the_host_of_a_handle_says_which_server_keeps_the_account() -> None:
    elsewhere = "https://masto.social.example/api/v1/accounts/lookup"
    finger = {
        "subject": "acct:ana@social.example",
        "links": [
            {
                "rel": "self",
                "type": "application/activity+json",
                "href": "https://masto.social.example/users/ana",
            }
        ],
    }
    address = "https://social.example/.well-known/webfinger"
    told = {elsewhere: {"acct": "ana", "note": CODE}}
    assert proof_in(mastodon({address: finger, **told}), CODE, PAGE)
    for wrong in (
        {**finger, "subject": "acct:eve@social.example"},
        {**finger, "links": [{"rel": "self", "type": "text/html", "href": "https://x.example/"}]},
        {**finger, "links": "none"},
        "no json",
    ):
        with pytest.raises(NotSeen):
            mastodon({address: wrong, **told})


@pytest.mark.parametrize(
    "answers",
    [
        {},
        profile(acct="eve"),
        profile(acct="ana@elsewhere.example"),
        {"https://social.example/api/v1/accounts/lookup": Answer(404)},
        {"https://social.example/api/v1/accounts/lookup": Answer(401, {}, b"{}")},
        {"https://social.example/api/v1/accounts/lookup": "<html>"},
        {"https://social.example/api/v1/accounts/lookup": [1]},
    ],
)
def test_what_cannot_be_seen_is_said_in_a_sentence(answers: dict[str, object]) -> None:
    with pytest.raises(NotSeen, match=r"\.$"):
        mastodon(answers)


def document(**more: Any) -> dict[str, Any]:
    return {
        "id": DID,
        "alsoKnownAs": ["at://ana.example"],
        "service": [
            {
                "id": "#atproto_pds",
                "type": "AtprotoPersonalDataServer",
                "serviceEndpoint": "https://pds.example",
            }
        ],
        **more,
    }


def world(**more: Any) -> dict[str, object]:
    return {
        f"https://plc.directory/{DID}": document(**more),
        "https://ana.example/.well-known/atproto-did": f"{DID}\n",
        "https://pds.example/xrpc/com.atproto.repo.getRecord": {"value": {"description": "Hi"}},
        "https://ana.example/": "<html>",
    }


def bluesky(answers: Mapping[str, object]) -> Seen:
    return answered(BlueskyProving().look(Named(DID, DID), Secrets()), answers)


def test_a_handle_counts_where_it_leads_there_and_back() -> None:
    assert bluesky(world()).named == Named(DID, "ana.example")
    assert bluesky(world(alsoKnownAs=["at://eve.example"])).named.handle == DID
    eve = {**world(), "https://ana.example/.well-known/atproto-did": "did:plc:somebodyelse"}
    assert bluesky(eve).named.handle == DID


def test_a_handle_that_only_dns_knows_is_asked_of_the_network() -> None:
    told = world()
    del told["https://ana.example/.well-known/atproto-did"]
    told["https://public.api.bsky.app/xrpc/com.atproto.identity.resolveHandle"] = {"did": DID}
    assert bluesky(told).named.handle == "ana.example"


@pytest.mark.parametrize(
    ("changed", "how"),
    [
        (
            {
                "https://pds.example/xrpc/com.atproto.repo.getRecord": {
                    "value": {"description": CODE}
                }
            },
            "code",
        ),
        ({"https://ana.example/": f'<a rel="me" href="{PAGE}">me</a>'}, "rel_me"),
        ({"https://ana.example/": f"<link href={PAGE} rel=me>"}, "rel_me"),
        ({"https://ana.example/": f'<a href="{PAGE}">me</a> {CODE}'}, None),
        ({f"https://plc.directory/{DID}": document(alsoKnownAs=["at://ana.example", PAGE])}, "did"),
        ({f"https://plc.directory/{DID}": document(alsoKnownAs=[f"at://{CODE}.example"])}, None),
        # The page of a handle that does not lead back is not the person's own.
        (
            {
                "https://ana.example/.well-known/atproto-did": "did:plc:somebodyelse",
                "https://ana.example/": f'<a rel="me" href="{PAGE}">me</a>',
            },
            None,
        ),
        ({"https://pds.example/xrpc/com.atproto.repo.getRecord": {"value": [CODE]}}, None),
    ],
)
def test_a_bluesky_account_proves_by_what_its_owner_signed(
    changed: dict[str, object], how: str | None
) -> None:
    found = proof_in(bluesky({**world(), **changed}), CODE, PAGE)
    assert (found and found.how) == how


@pytest.mark.parametrize(
    "service",
    [
        "none",
        [
            {
                "id": "#other",
                "type": "AtprotoPersonalDataServer",
                "serviceEndpoint": "https://pds.example",
            }
        ],
        [{"id": "#atproto_pds", "type": "Other", "serviceEndpoint": "https://pds.example"}],
        [
            {
                "id": "#atproto_pds",
                "type": "AtprotoPersonalDataServer",
                "serviceEndpoint": "https://pds.example/somewhere",
            }
        ],
    ],
)
def test_a_profile_is_read_only_where_the_document_says(service: object) -> None:
    told = world(service=service)
    told["https://pds.example/xrpc/com.atproto.repo.getRecord"] = {"value": {"description": CODE}}
    assert proof_in(bluesky(told), CODE, PAGE) is None


@pytest.mark.parametrize(
    "answers",
    [
        {},
        {f"https://plc.directory/{DID}": Answer(404)},
        {f"https://plc.directory/{DID}": document(id="did:plc:other")},
        {f"https://plc.directory/{DID}": "<html>"},
    ],
)
def test_a_did_without_its_document_is_nobody(answers: dict[str, object]) -> None:
    with pytest.raises(NotSeen, match=r"\.$"):
        bluesky(answers)


def test_a_person_types_a_handle_and_means_the_did_behind_it() -> None:
    for typed in ("ana.example", "@Ana.Example", "https://bsky.app/profile/ana.example/"):
        found = answered(BlueskyProving().find(typed, None, Secrets()), world())
        assert found == Named(DID, "ana.example")
    for typed in ("ana", "nobody.example", ""):
        with pytest.raises(NotSeen, match=r"[.?]$"):
            answered(BlueskyProving().find(typed, None, Secrets()), world())


def test_a_did_of_the_web_lies_at_its_host() -> None:
    told = {
        "https://ana.example/.well-known/did.json": {**document(), "id": "did:web:ana.example"},
    }
    look = BlueskyProving().look(Named("did:web:ana.example", "x"), Secrets())
    assert answered(look, told).named.native_id == "did:web:ana.example"
    for odd in ("did:web:ana.example:users:eve", "did:key:z6Mk", "did:web:a%2Fb"):
        with pytest.raises(NotSeen):
            answered(BlueskyProving().look(Named(odd, odd), Secrets()), {})


def test_only_what_is_marked_is_a_link_to_oneself_however_it_is_written() -> None:
    page = """<a href='https://a.example/' rel='me'>A</a><A REL="nofollow me" HREF=https://b.example/>
      <a href="https://c.example/" rel="mechanic">C</a><link rel=me href="https://d.example/?x=1&amp;y=2">
      <a rel="me">none</a><area rel="me" href="https://e.example/"> rel="me" href="https://f.example/" """
    assert me_links(page) == [
        "https://a.example/",
        "https://b.example/",
        "https://d.example/?x=1&y=2",
    ]


@pytest.mark.parametrize("piece", ["<a ", "<a rel=", '<a rel="', "<", 'rel="me" ', "<a b=c "])
def test_a_hostile_page_takes_no_time(piece: str) -> None:
    me_links(piece * 200_000)
    proof_in(Seen(ANA, texts=(Place("x", piece * 200_000),)), CODE, PAGE)


def test_a_server_with_other_letters_has_one_name_however_it_is_typed() -> None:
    mastodon = platform("mastodon")
    typed = ("@ada@bücher.example", "https://BÜCHER.example/@ada", "ada@xn--bcher-kva.example")
    assert {mastodon.named(text).native_id for text in typed} == {"ada@xn--bcher-kva.example"}
    for text in ("@ada@a..example", f"@ada@{'a' * 64}.example"):
        with pytest.raises(NotAnAccount):
            mastodon.named(text)


def test_a_server_has_one_name_with_or_without_the_usual_port() -> None:
    mastodon = platform("mastodon")
    assert mastodon.consent is not None
    for port in ("", ":443", ":0443", ":00443"):
        assert mastodon.named(f"@ada@social.example{port}").native_id == "ada@social.example"
        assert (
            mastodon.named(f"https://social.example{port}/@ada").native_id == "ada@social.example"
        )
        assert mastodon.consent.server_of(f"social.example{port}") == "https://social.example"
        assert mastodon.consent.server_of(f"https://social.example{port}/about") == (
            "https://social.example"
        )
    assert mastodon.named("@ada@social.example:08443").native_id == "ada@social.example:8443"
    for none in (":0", ":65536", ":99999"):
        with pytest.raises(NotAnAccount):
            mastodon.named(f"@ada@social.example{none}")
