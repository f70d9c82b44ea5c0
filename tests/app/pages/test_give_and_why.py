"""Why, points, and give and take: what each viewer is shown."""

from __future__ import annotations

from uuid import uuid4

from app.pages.faces import faces
from app.pages.wall import _shown
from scoring import Reshare
from tests.app.pages.company import Company
from tests.app.pages.conftest import As


async def test_why_is_about_oneself_and_nobody_else(company: Company, signed_in: As) -> None:
    me = await company.person("Me", 10, networks=("mastodon",))
    other = await company.person("Olaf Another", 20, networks=("mastodon",))
    client = await signed_in(me)
    for query in ("", f"?person={other}", "?day=2026-11-20", "?period=all", "?until=nonsense"):
        answer = await client.get(f"/why{query}")
        assert answer.status_code == 200
        assert "Why these points" in answer.text
        assert "Olaf" not in answer.text


async def test_points_tells_the_rulebook_in_force_and_each_networks_policy(
    company: Company, signed_in: As
) -> None:
    from scoring.rulebooks import adopt_rulebook
    from scoring.rules import default_rulebook_toml

    me = await company.person("Me")
    assert "No rulebook is in force" in (await (await signed_in(me)).get("/points")).text
    await adopt_rulebook(
        company.connection,
        default_rulebook_toml(),
        name="First",
        valid_from=company.past,
        recorded_at=company.past,
    )
    page = (await (await signed_in(me)).get("/points")).text
    assert "People answered you" in page
    assert "The first 10" in page
    assert "Number 11 to 30" in page
    assert "Points and thanks, no money" in page


async def test_only_communications_sees_whose_posts_wait(company: Company, signed_in: As) -> None:
    writer = await company.person("Wanda Writer", 10, networks=("mastodon",))
    await company.post(writer, "mastodon", "I repaired a pump on a roof.", handed_in=True)
    quiet = await company.person("Quentin Quiet", 10, networks=("mastodon",))
    await company.post(quiet, "mastodon", "Not handed in.", handed_in=False)
    hidden = await company.person("Hilde Hidden", 9, networks=("mastodon",), visibility="hidden")
    await company.post(hidden, "mastodon", "Handed in, but hidden.", handed_in=True)
    someone = await company.person("Someone")
    editor = await company.person("Editor", role="communications")
    theirs = (await (await signed_in(someone)).get("/give-and-take")).text
    assert "Worth resharing" not in theirs
    assert "pump" not in theirs
    page = (await (await signed_in(editor)).get("/give-and-take")).text
    assert "Wanda Writer" in page
    assert "I repaired a pump" in page
    assert "Quentin" not in page
    assert "Hilde" not in page


async def test_an_alias_never_stands_beside_a_post_that_says_whose_it_is(
    company: Company, signed_in: As
) -> None:
    writer = await company.person("Alice Real", 10, alias="Night Owl", networks=("mastodon",))
    await company.post(writer, "mastodon", "I repaired a pump on a roof.", handed_in=True)
    editor = await company.person("Editor", role="communications")
    page = (await (await signed_in(editor)).get("/give-and-take")).text
    assert "I repaired a pump" in page
    assert "A colleague" in page
    assert "Night Owl" not in page
    assert "Alice" not in page

    face = (await faces(company.connection, [writer], now=company.now, secret="s"))[writer]
    reshare = Reshare(
        writer, uuid4(), "mastodon", company.now, 40, "https://social.example/1", "A roof"
    )
    shown = _shown(reshare, face)
    assert (shown.name, shown.owner, shown.title) == ("A colleague", "A colleague", None)
    assert (shown.text, shown.url, shown.points) == (None, None, 0)


async def test_who_pauses_or_leaves_is_nobody_to_others_at_once(company: Company) -> None:
    people = [
        await company.person("P", state=state) for state in ("active", "paused", "left", None)
    ]
    known = await faces(company.connection, people, now=company.now, secret="s")
    assert list(known) == people[:1]


async def test_a_moment_that_cannot_be_is_no_moment(company: Company, signed_in: As) -> None:
    client = await signed_in(await company.person("Me"))
    for moment in ("0001-01-01T00:00:00%2B14:00", "9999-12-31T23:59:59-12:00", "x"):
        assert (await client.get(f"/give-and-take?before={moment}")).status_code == 200


async def test_a_block_of_the_shell_is_answered_with_the_whole_page(
    company: Company, signed_in: As
) -> None:
    client = await signed_in(await company.person("Me", role="administrator"))
    for page in ("/admin/people", "/admin/deliveries", "/"):
        answer = await client.get(page, headers={"hx-request": "true", "hx-target": "main"})
        assert answer.status_code == 200
        assert "<!doctype html>" in answer.text
