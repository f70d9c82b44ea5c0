"""Handing in posts, confirming figures and importing a file, in a browser."""

from __future__ import annotations

import secrets
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from tests.e2e.barriers import check
from tests.e2e.conftest import NARROW, WIDE, Visit
from tests.e2e.world import EMAILS, World


@pytest.fixture
def screenshot(tmp_path: Path) -> Path:
    """A picture of figures."""
    picture = Image.new("RGB", (900, 620), (252, 250, 245))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((60, 60, 840, 430), fill=(255, 255, 255), outline=(190, 180, 160))
    draw.text((90, 100), "A pump, a roof and ten degrees below zero.", fill=(30, 30, 40))
    draw.text((90, 380), "128 likes   17 comments   4 reposts", fill=(30, 30, 40))
    file = tmp_path / "figures.png"
    picture.save(file)
    return file


def post_of(world: World, who: str = "employee") -> str:
    """An address of a post on the first account of somebody, that no network has told of."""
    row = world.ask(
        """select a.platform, a.native_id, f.handle from ownership o join account a on a.id = o.account_id
           join profile using (person_id) left join account_face f on f.account_id = a.id
           where email = $1 and a.platform in ('mastodon', 'x', 'linkedin', 'bluesky') limit 1""",
        EMAILS[who],
    )
    number = 10**17 * 19 + secrets.randbelow(10**15)
    match row["platform"]:
        case "mastodon":
            user, _, host = row["native_id"].partition("@")
            return f"https://{host}/@{user}/{10**15 * 115 + secrets.randbelow(10**12)}"
        case "linkedin":
            return f"urn:li:activity:{7391 * 10**15 + secrets.randbelow(10**15)}"
        case "bluesky":
            key = "3m" + "".join(secrets.choice("234567abcdefghij") for _ in range(11))
            return f"at://{row['native_id']}/app.bsky.feed.post/{key}"
    return f"https://x.com/i/status/{number}"


def hand_in(page: Page, address: str, picture: Path) -> None:
    page.get_by_label("Address of the post").fill(address)
    page.get_by_role("button", name="Look at it").click()
    expect(page.get_by_role("heading", name="Is it this one?")).to_be_visible()
    page.get_by_label("Likes and other reactions").fill("128")
    page.get_by_label("Answers (comments)").fill("17")
    if (account := page.get_by_label("From which of your accounts")).count():
        account.select_option(index=1)


def test_a_post_with_figures_is_handed_in_and_confirmed(
    visit: Visit, installation: World, screenshot: Path
) -> None:
    page = visit("/share/post", "employee", size=NARROW)
    check(page)
    hand_in(page, post_of(installation), screenshot)
    check(page)
    page.get_by_role("button", name="Hand it in").click()
    expect(page.get_by_text("Add a picture in which")).to_be_visible()
    check(page)
    page.get_by_label("A picture of them").set_input_files(screenshot)
    page.get_by_role("button", name="Hand it in").click()
    expect(page.locator("#toast")).to_contain_text("Communications looks at it")
    first = page.locator(".rows > li").first
    expect(first).to_contain_text("128 likes and 17 answers · told by hand")
    check(page)
    comms = visit("/comms/figures", "communications")
    check(comms)
    comms.get_by_role("link", name="Look at it").last.click()
    expect(comms.get_by_alt_text("The picture that came with the figures")).to_be_visible()
    check(comms)
    comms.get_by_text("No, it is not").click()
    comms.get_by_role("button", name="Do not confirm").click()
    expect(comms.get_by_text("Say why: whoever handed it in reads it.")).to_be_visible()
    check(comms)
    comms.get_by_role("button", name="Yes, it is right").click()
    expect(comms.locator("#toast")).to_contain_text("Confirmed")
    check(comms)
    page.reload()
    expect(page.locator(".rows > li").first).to_contain_text("confirmed")


@pytest.mark.parametrize(("size", "scripts"), [(WIDE, True), (NARROW, False)])
def test_a_file_of_figures_is_looked_into_and_taken(
    visit: Visit,
    installation: World,
    tmp_path: Path,
    size: tuple[int, int],
    scripts: bool,
) -> None:
    row = installation.ask(
        """select p.native_id, p.platform, t.url from post p join post_text t using (post_id)
           where p.platform in ('mastodon', 'x', 'linkedin', 'bluesky')
             and p.author_id not in (select o.account_id from ownership o join profile using (person_id)
                                     where email = $1)  -- one's own are left to a colleague
           order by p.published_at, p.post_id limit 1""",
        EMAILS["communications"],
    )
    file = tmp_path / "export.csv"
    file.write_text(
        f"Content report;;;\n\nPost link;Likes;Comments;Text\n{row['native_id']};90.240;12;A text\n"
        f"{row['native_id']};1;1;again\nhttps://example.org/x;1;1;\n;3;3;no post\n",
        encoding="utf-16",
    )
    page = visit("/comms/figures/import", "communications", size=size, scripts=scripts)
    if scripts:
        check(page)
    page.get_by_label("Network").select_option(row["platform"])
    page.get_by_label("File", exact=True).set_input_files(file)
    page.get_by_role("button", name="Go on to its columns").click()
    expect(page.get_by_label("The post")).to_have_value("Post link")
    page.get_by_label("Save this for the next file as").fill("A report")
    if scripts:
        check(page)
    page.get_by_role("button", name="See what each row would do").click()
    expect(page.get_by_text("Nothing has been changed yet.")).to_be_visible()
    expect(page.locator("tbody")).to_contain_text("line 4 speaks of the same post")
    if scripts:
        check(page)
        page.get_by_role("button", name="Take exactly this").click()
        expect(page.get_by_text("Taking it again would change nothing.")).to_be_visible()
        check(page)
