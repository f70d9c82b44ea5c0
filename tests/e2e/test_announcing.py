"""Announcing winners in real browsers: televisions of several sizes, and a leader's phone as the remote."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.barriers import barriers
from tests.e2e.conftest import NARROW, WIDE, Visit
from tests.e2e.decided import STEPS, decide
from tests.e2e.walls import Wall, begins_to_play, code_on, switched_on, type_code
from tests.e2e.world import World

LINE = "Thank you for every answer."
SCREENS = (
    ("Hall", "staff", (1920, 1080)),
    ("Front door", "public", (1080, 1920)),
    ("Workshop", "staff", (1280, 720)),
)


STILL = "Workshop"  # asks for reduced motion


@pytest.fixture(scope="module")
def walls(chromium: Browser, installation: World) -> Iterator[list[Wall]]:
    """Three televisions, each paired by the code that it shows; one asks for reduced motion."""
    administrator = chromium.new_context(base_url=installation.address).new_page()
    administrator.goto(installation.ways_in["administrator"])
    made = [
        Wall(name, audience, size, switched_on(chromium, installation, size, still=name == STILL))
        for name, audience, size in SCREENS
    ]
    for wall in made:
        type_code(wall.page, administrator, wall.name, wall.audience)
    for wall in made:
        begins_to_play(wall.page)
    administrator.context.close()
    yield made
    for wall in made:
        wall.context.close()


def step_of(wall: Wall) -> str:
    """The step that a wall shows, '' while it shows something else."""
    found = re.search(r"^reveal-\d+-(\d+)$", wall.key() or "")
    return found.group(1) if found else ""


def begin(phone: Page, slug: str) -> None:
    """The leader writes a line and begins it step by step."""
    phone.goto(f"/leader/announcements/{slug}")
    phone.get_by_label("Your line (may be left empty)").fill(LINE)
    phone.get_by_role("radio", name="Step by step").check()
    phone.get_by_label("Yes, announce it like this").check()
    phone.get_by_role("button", name="Announce it").click()
    expect(phone.locator("#remote")).to_contain_text(f"1 of {STEPS}")


def step(phone: Page, walls: list[Wall], number: int) -> None:
    """The leader taps, and every wall is told of that step within a second of the others. Three browsers
    and other tests share this machine: should it hold one of them up, the same step is taken once more."""
    tapped(phone, walls, "Next", number)
    if told_within(walls) > 1:
        tapped(phone, walls, "Back", number - 1)
        for wall in walls:
            wall.forget(re.sub(r"\d+$", str(number), wall.key() or ""))
        tapped(phone, walls, "Next", number)
        assert told_within(walls) <= 1, number


def told_within(walls: list[Wall]) -> float:
    """Between the first wall's answer with the picture that is on and the last one's, in seconds."""
    came = [wall.came(wall.key() or "") for wall in walls]
    return max(came) - min(came)


def tapped(phone: Page, walls: list[Wall], button: str, number: int) -> None:
    """The leader taps a button, and every wall shows the step that it leads to."""
    phone.get_by_role("button", name=button, exact=True).click()
    expect(phone.locator("#remote")).to_contain_text(f"{number} of {STEPS}")
    for wall in walls:
        expect(wall.page.locator("#stage")).to_have_attribute(
            "data-key", re.compile(rf"^reveal-\d+-{number}$")
        )


def test_a_rehearsal_is_on_one_wall_and_on_no_other(
    visit: Visit, installation: World, walls: list[Wall]
) -> None:
    decide(installation, "tried-out")
    hall, *others = walls
    phone = visit("/leader/announcements/tried-out", "leader", size=NARROW)
    choose = phone.get_by_label("On which screen")
    option = choose.locator("option", has_text=hall.name)
    choose.select_option(value=option.get_attribute("value"))
    phone.get_by_role("button", name="Rehearse on this screen").click()
    hall.wait_for("rehearsal-")
    assert "Rehearsal" in hall.text()
    hall.page.wait_for_timeout(500)  # long enough for a signal that should not come
    assert not any((wall.key() or "").startswith("rehearsal-") for wall in others)
    phone.get_by_role("button", name="Stop it").click()
    expect(hall.page.locator("#stage")).not_to_have_attribute("data-key", re.compile("^rehearsal-"))
    assert not any(key.startswith("rehearsal-") for wall in others for key in wall.seen())


def test_every_wall_shows_the_same_step_within_a_second_of_the_tap(
    visit: Visit, chromium: Browser, installation: World, walls: list[Wall]
) -> None:
    decide(installation, "great-answers")
    _, door, _ = walls
    phone = visit("/leader/announcements", "leader", size=NARROW)
    begin(phone, "great-answers")
    for wall in walls:
        wall.wait_for("reveal-")
        assert LINE in wall.text()
    said = {wall.name: wall.text() for wall in walls}
    for number in range(2, 5):
        step(phone, walls, number)
        said = {wall.name: said[wall.name] + wall.text() for wall in walls}

    # One that is switched on late shows the step that is on.
    late = switched_on(chromium, installation, WIDE, door.page.url)
    expect(late.locator("#stage")).to_have_attribute("data-key", door.key() or "")
    late.context.close()

    # The process that serves the pages is ended and started in the middle: nobody notices.
    before = [wall.key() for wall in walls]
    installation.restart_pages()
    assert [wall.key() for wall in walls] == before
    for number in range(5, STEPS + 1):
        step(phone, walls, number)
        said = {wall.name: said[wall.name] + wall.text() for wall in walls}
    every_step_was_on(walls)
    who_was_seen(said)

    phone.get_by_role("button", name="Finish").click()
    expect(phone.get_by_role("heading", name="It is over")).to_be_visible()
    for wall in walls:
        expect(wall.page.locator("#stage")).not_to_have_attribute(
            "data-key", re.compile("^reveal-")
        )
    what_stays(visit, installation, walls)


def every_step_was_on(walls: list[Wall]) -> None:
    """No wall passed over a step."""
    for wall in walls:
        assert len([key for key in wall.seen() if key.startswith("reveal-")]) == STEPS


def who_was_seen(said: dict[str, str]) -> None:
    """Each winner as they like it: by name, by alias, not at all; to guests only what guests may see."""
    for staff in (said["Hall"], said["Workshop"]):
        assert "Ana Ferreira" in staff
        assert "Tomasz Wiśniewski-Kołodziejczyk" in staff
        assert "€200" in staff
        assert "€50" not in staff  # nobody of those allowed it
    guests = said["Front door"]
    assert "Ana" in guests
    assert "Tomasz" in guests
    for kept in ("Ferreira", "Wiśniewski", "€", "Customer Care", "Research"):
        assert kept not in guests, kept
    for text in said.values():
        assert "Heron 12" in text
        assert "A colleague" in text
        for nobody in ("Yael", "Bruno", "Sofie"):
            assert nobody not in text, nobody


def what_stays(visit: Visit, installation: World, walls: list[Wall]) -> None:
    """The page for everybody, a tap for a winner, the winner's picture, a correction said aloud."""
    page = visit("/announcements", "communications", size=NARROW)
    told = page.locator("article.told", has_text="Great answers")
    expect(told).to_contain_text(LINE)
    told.get_by_role("button", name="Congratulate Ana Ferreira").click()
    expect(told.get_by_role("button", name="Congratulate Ana Ferreira")).to_have_attribute(
        "aria-pressed", "true"
    )
    own = visit("/announcements/great-answers", "employee")
    expect(own.locator(".your")).to_contain_text("Tomasz Okafor")
    path = own.get_by_role("link", name="Your picture").get_attribute("href")
    assert path is not None
    drawn = own.request.get(path, timeout=30_000)
    assert drawn.headers["content-type"] == "image/png"
    assert drawn.body().startswith(b"\x89PNG")
    assert page.request.get(path).status == 404

    leader = visit("/leader/announcements/great-answers/correct", "leader")
    leader.get_by_label("What was wrong, and how it is, in a sentence").fill("It was sunny.")
    leader.get_by_label("Yes, say it on all screens").check()
    leader.get_by_role("button", name="Say it").click()
    for wall in walls:
        wall.wait_for("correction-")
        assert "It was sunny." in wall.text()
    expect(leader.locator("#announcements-past")).to_contain_text("It was sunny.")


def test_a_wall_that_asked_for_reduced_motion_moves_nothing(walls: list[Wall]) -> None:
    moving = "document.getAnimations().filter(one => one.playState === 'running').length"
    (still,) = [wall for wall in walls if wall.name == STILL]
    assert still.page.evaluate(moving) == 0
    longest = still.page.evaluate(
        """Math.max(0, ...[...document.querySelectorAll('*')].map(one => {
             const style = getComputedStyle(one);
             return Math.max(...[style.transitionDuration, style.animationDuration]
               .flatMap(all => all.split(',')).map(parseFloat)); }))"""
    )
    assert longest <= 0.01


def test_a_revoked_wall_asks_to_be_paired_again_and_its_key_opens_nothing(
    visit: Visit, chromium: Browser, installation: World
) -> None:
    administrator = visit("/admin/screens", "administrator")
    page = switched_on(chromium, installation, WIDE)
    type_code(page, administrator, "Corridor", "public")
    begins_to_play(page)
    address = page.url
    administrator.goto(administrator.url.rstrip("/") + "/revoke")
    administrator.get_by_role("button", name="Yes, revoke it").click()
    page.wait_for_url("**/screens")
    assert code_on(page)
    page.context.close()
    assert httpx.get(f"{address}/now").status_code == 410
    for path in ("/", "/announcements", "/admin/screens", "/leader/announcements"):
        answer = httpx.get(
            f"{installation.address}{path}",
            cookies={"fanfare_screen": address.rsplit("/", 1)[1]},
        )
        assert answer.status_code in (303, 401, 403), path


def test_nothing_keeps_anybody_out_of_the_pages_about_screens_and_announcements(
    visit: Visit, installation: World, walls: list[Wall]
) -> None:
    decide(installation, "seen-by-all")
    found = []
    for who, paths in {
        "leader": ["/leader/announcements", "/leader/announcements/seen-by-all"],
        "administrator": ["/admin/screens", "/admin/screens/pair", "/admin/screens/add"],
        "employee": ["/announcements"],
    }.items():
        page = visit("/", who)
        for path in paths:
            found += troubles(page, path)
        if who == "administrator":
            page.goto("/admin/screens")
            one = page.get_by_role("link", name="Hall", exact=True).get_attribute("href")
            found += troubles(page, one or "")
    assert not found, "\n".join(found)


def troubles(page: Page, path: str) -> list[str]:
    """Barriers of the page at an address, which is there."""
    answer = page.goto(path)
    assert answer is not None
    assert answer.ok, (path, answer.status)
    return barriers(page)
