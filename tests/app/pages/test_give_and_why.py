"""Why, points, and give and take: what each viewer is shown."""

from __future__ import annotations

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
