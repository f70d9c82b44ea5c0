"""Every picture a screen can show, of an invented company: the base of the laws of the look.

`python -m tests.app.screens.gallery DIRECTORY` takes them as PNG files, wide and upright.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import segno
from jinja2 import Environment
from markupsafe import Markup

from app import asgi
from app.announcing.frame import Frame
from app.announcing.named import COLLEAGUE, Audience, Gift, Named, first_name
from app.announcing.podium import Podium, Reached, Standee
from app.assets import DIRECTORY
from app.pages.words import initials
from app.screens.context import screen_context
from app.screens.footer import Footer
from app.screens.language import Language
from app.screens.setting import Setting
from app.screens.showing import Correction, Showing
from app.screens.sighted import Sighted
from app.screens.slides.board import Row
from app.screens.slides.contests import Running
from app.screens.slides.dates import Date
from app.screens.slides.reshares import Reshared
from app.screens.slides.slide import Content
from app.screens.slides.story import Story
from app.settings import Settings
from rewards import Amount, Part, StepKind

NOW: Final = datetime(2026, 12, 22, 9, 0, tzinfo=UTC)
SETTINGS: Final = Settings(
    secret_key="a secret key for tests, nothing else",
    base_url="https://fanfare.example",
    company_name="Northwind",
)
FOOTER: Final = Footer("New voices", "followers", NOW + timedelta(days=17, hours=3))
LONG: Final = "Maximiliane-Theodora von Hohenstein-Wittelsbach"
LONGEST: Final = (
    "Donaudampfschifffahrtsgesellschaftskapitänswitwe Wolfeschlegelsteinhausenbergerdorff"
)
ARABIC: Final = "فاطمة الزهراء بنت عبد الرحمن"
HEBREW: Final = "אביגיל בן־שמעון"
CHINESE: Final = "欧阳明月"
JAPANESE: Final = "長谷川 由美子"
BRACKET: Final = "Accounts of 500 to 5,000 followers across all the networks"
WORDY: Final = "Breakfast with the board and a day behind the scenes of the studio"
DAYS: Final = Gift((Amount(4),))


@dataclass(frozen=True)
class Picture:
    """One picture of the gallery."""

    name: str
    showing: Showing
    audience: Audience = "staff"
    language: str = "en"
    footer: Footer = FOOTER
    look: str = "dark"
    extra: Mapping[str, Any] = field(default_factory=dict)


def someone(
    name: str, tint: int = 1, department: str | None = "Customer care", gift: Gift | None = None
) -> Named:
    """A winner who is shown."""
    short = name if name in (CHINESE,) else first_name(name)
    return Named(name, short, initials(name), tint, department, gift)


def standee(place: int, who: Named, value: int | None) -> Standee:
    """Somebody on a place."""
    return Standee(place * 100, place, who, value)


MAYA: Final = someone("Maya Okafor", 0, gift=DAYS)
TOMAS: Final = someone("Tomas Lindqvist", 1, "Field engineering", Gift((Amount(2),)))
AIKO: Final = someone("Aiko Rahman", 2, "People team", Gift((Amount(15_000, "EUR"),)))
CREW: Final = [
    someone(name, tint, place)
    for tint, (name, place) in enumerate(
        [
            ("Joris van der Meer", "Logistics"), ("Ana Sofía Castellanos", "Sales"),
            (LONG, "Communications and public affairs"), ("Li Wei", "Research"),
            (ARABIC, "Finance"), (HEBREW, "Legal"), (JAPANESE, "Design"), (CHINESE, "Design"),
            ("Bea", None), ("Oluwaseun Adébáyò", "Support"), ("Marie-Hélène Dufour", "Sales"),
            ("Kaspar Nyström", "IT"), ("Noor el Haddad", "Sales"), ("Zoë Kravitz-Hollander", "HR"),
        ]
    )
]  # fmt: skip
PART: Final = Part("prize", 0)


def podium(*places: Standee, bracket: str | None = None, **more: Any) -> Podium:
    """A podium of these."""
    return Podium(PART, bracket, False, places, **more)


def frame(kind: StepKind, on: Podium | None = None, **changes: Any) -> Showing:
    """A step of a reveal."""
    made = Frame(
        announcement=1, contest="Conversation starters", slug="conversation-starters",
        metric="responses", line="", kind=kind, podium=on, newest=None, headline=(), firsts=(),
        step=3, steps=7, next_at=NOW + timedelta(seconds=7),
    )  # fmt: skip
    made = replace(made, **changes)
    if kind in (StepKind.HEADLINE, StepKind.REACHED) and on is not None:
        made = replace(made, headline=tuple(one.named for one in on.places))
    return Showing("reveal", f"reveal-1-{made.step}", "1", "A step", made.next_at, frame=made)


def slide(template: str, data: Mapping[str, Any], **more: Any) -> Showing:
    """A slide."""
    content = Content(template, data, "A slide", **more)
    return Showing("slide", template, "1", "A slide", NOW + timedelta(seconds=15), content=content)


def steps() -> Iterator[Picture]:
    """Every step of a reveal, of ordinary people and of all that is difficult."""
    three = (standee(1, MAYA, 214), standee(2, TOMAS, 187), standee(3, AIKO, 151))
    bracket = "accounts of 500 to 5,000"
    whole = podium(*three, bracket=bracket)
    opening = frame(
        StepKind.OPENING, line="You answered strangers as if they were guests. Thank you."
    )
    yield Picture("opening", opening)
    yield Picture("opening-plain", frame(StepKind.OPENING))
    yield Picture(
        "opening-long",
        frame(StepKind.OPENING, contest="The great autumn season of conversation starters 2026",
              line="W" + "e looked for those who listen before they speak. " * 4),
    )  # fmt: skip
    yield Picture("place-3", frame(StepKind.PLACE, podium(three[2], bracket=bracket), newest=3))
    yield Picture("place-2", frame(StepKind.PLACE, podium(*three[1:], bracket=bracket), newest=2))
    yield Picture("place-1", frame(StepKind.PLACE, whole, newest=1))
    yield Picture("headline", frame(StepKind.HEADLINE, whole))
    yield Picture("headline-day", frame(StepKind.HEADLINE, whole), look="day")
    public = [replace(one, named=replace(one.named, name=one.named.short, department=None, gift=None,
                                         initials=one.named.short[0])) for one in three]  # fmt: skip
    yield Picture("headline-public", frame(StepKind.HEADLINE, podium(*public)), "public")
    yield Picture("one-winner", frame(StepKind.HEADLINE, podium(three[0])))
    yield Picture("nameless", frame(StepKind.HEADLINE, podium(
        three[0], standee(2, COLLEAGUE, None), standee(3, COLLEAGUE, None))))  # fmt: skip
    # Names that are just too wide for a line, with all that may stand beneath them.
    for name in (
        "Robin van der Hoeven",
        "Gheorghiu-Popa, Ana",
        "Maximilian Oberhuber",
        "WWMMWW MMWWMM WMWMWM",
    ):
        wide = someone(name, 3, "Communications", Gift((Amount(10_000, "EUR"),)))
        on = podium(standee(1, wide, 21), standee(2, wide, 20), standee(3, wide, 19))
        yield Picture(f"wide-{name.split()[0]}", frame(StepKind.PLACE, on, newest=1))
    thanked = Podium(Part("recognition", None), None, True, (standee(1, COLLEAGUE, None),))
    yield Picture("nameless-alone", frame(StepKind.PLACE, thanked, newest=1))
    yield Picture("nameless-alone-headline", frame(StepKind.HEADLINE, thanked), language="fr")
    yield Picture("tie-two-first", frame(StepKind.HEADLINE, podium(
        three[0], standee(1, TOMAS, 214), three[2])))  # fmt: skip
    for people in (2, 3, 4, 6, 7, 12, 23):
        crew = [CREW[n % len(CREW)] for n in range(people)]
        tied = [standee(3, replace(one, gift=DAYS if people < 4 else None), 151) for one in crew]
        yield Picture(f"tie-{people}-third", frame(StepKind.HEADLINE, podium(*three[:2], *tied)))
        firsts = [replace(one, place=1) for one in tied]
        yield Picture(f"tie-{people}-first", frame(StepKind.PLACE, podium(*firsts), newest=1))
    six = [standee(2, one, 190) for one in CREW[:6]]
    yield Picture("tie-6-second", frame(StepKind.PLACE, podium(*six), newest=2))
    long = [standee(n, someone(LONG, n, "Communications and public affairs", Gift((Amount(
        20_000, "EUR"), Amount(5)))), 1_204 * (4 - n)) for n in (1, 2, 3)]  # fmt: skip
    yield Picture("long-names", frame(StepKind.HEADLINE, podium(*long, bracket=BRACKET)))
    longest = [standee(n, someone(LONGEST, n), 1_204 * (4 - n)) for n in (1, 2, 3)]
    yield Picture("longest-names", frame(StepKind.HEADLINE, podium(*longest, bracket=BRACKET)))
    rtl = [standee(1, someone(ARABIC, 4, "المالية", DAYS), 214), standee(2, someone(HEBREW, 5), 187),
           standee(3, someone(JAPANESE, 6), 151)]  # fmt: skip
    yield Picture("right-to-left", frame(StepKind.HEADLINE, podium(*rtl, bracket=bracket)))
    wordy = [
        standee(n, someone(name, n, None, Gift(text=WORDY)), 40)
        for n, name in ((1, "Bea"), (2, CHINESE), (3, "Li Wei"))
    ]
    yield Picture("recognition", frame(StepKind.HEADLINE, podium(*wordy)), language="de")
    team = [replace(one, named=Named(n, n, n[0], 3), members=m) for one, n, m in zip(
        three, ("Customer care", "Field engineering", "People team"), (12, 8, 1), strict=True)]  # fmt: skip
    yield Picture("teams", frame(StepKind.HEADLINE, podium(*team)))
    behind = [replace(standee(4, one, 120 - n), place=4 + n) for n, one in enumerate(CREW)]
    yield Picture("behind-4", frame(StepKind.PLACES, podium(behind=tuple(behind[:4]))))
    yield Picture("behind-14", frame(StepKind.PLACES, podium(behind=tuple(behind))))
    one = Reached(4, 23, 25, False)
    yield Picture("reached", frame(StepKind.REACHED, podium(*three, reached=(one,))))
    yield Picture("reached-drawn", frame(StepKind.REACHED, podium(
        *three, reached=(one, Reached(5, 1, 5, True)))), language="fr")  # fmt: skip
    yield Picture("reached-only", frame(StepKind.REACHED, podium(reached=(one,))))
    yield Picture("nobody", frame(StepKind.NOBODY, podium(bracket=bracket)))
    for brackets in (1, 2, 4, 9, 12, 20, 26):
        firsts_of = tuple(
            podium(standee(1, CREW[n % len(CREW)], 200 + n),
                   *([standee(1, CREW[(n + 1) % 14], 200 + n)] if n % 5 == 4 else []),
                   bracket=BRACKET if n % 3 == 0 else f"Bracket {n + 1}") if n % 7 != 6
            else podium(bracket="Starters", reached=(one,))
            for n in range(brackets)
        )  # fmt: skip
        yield Picture(f"closing-{brackets}", frame(StepKind.CLOSING, firsts=firsts_of))
    yield Picture("closing-nobody", frame(StepKind.CLOSING))
    yield Picture(
        "rehearsal", frame(StepKind.PLACE, whole, newest=1, rehearsal=True), language="es"
    )


def slides() -> Iterator[Picture]:
    """Every kind of slide, and what is no slide."""
    people = [
        Sighted(one.name, one.short, one.initials, one.tint or 0, one.department) for one in CREW
    ]
    ranks = (1, 2, 2, 4, 5, 6, 7, 8)
    values = ("1,482", "1,391", "1,391", "1,204", "987", "955", "812", "640")
    rows = [Row(rank, who, value) for rank, who, value in zip(ranks, people, values, strict=False)]
    board = {"title": "Points", "period": "This week", "among": "Everyone", "teams": False,
             "metric": "points", "rows": rows}  # fmt: skip
    yield Picture("board", slide("board.html", board))
    yield Picture("board-day", slide("board.html", board), look="day")
    yield Picture("board-few", slide("board.html", {**board, "rows": rows[:3]}))
    teams = [Row(n + 1, Sighted(name, name, name[0], n), "41.5", 12) for n, name in enumerate(
        ("Customer care", "Field engineering", "Communications and public affairs"))]  # fmt: skip
    yield Picture("board-teams", slide("board.html", {**board, "teams": True, "rows": teams}),
                  language="de")  # fmt: skip
    runs = [
        Running("Conversation starters", "responses", None, NOW + timedelta(days=3, hours=6),
                "2 vacation days", "Maya, Tomas and Aiko"),
        Running("The great autumn season of new voices in all of our offices", "followers",
                "Communications and public affairs, Field engineering", NOW + timedelta(days=17),
                "€200 or 2½ vacation days", None),
        Running("Growing together", "growth", "Team against team", NOW + timedelta(minutes=2, seconds=9),
                "Breakfast with the board and a day behind the scenes", None),
    ]  # fmt: skip
    for count in (1, 2, 3):
        yield Picture(f"contests-{count}", slide("contests.html", {"running": runs[:count], "more":
                      2 if count == 3 else 0}), language="de" if count == 2 else "en")  # fmt: skip
    words = (
        "Twelve of us walked the whole coast for the sea rescuers. We are sore, we are proud and we"
    )
    shared = [Reshared(who, words + " …", network, NOW) for who, network in
              zip(people[:3], ("Mastodon", "Bluesky", "LinkedIn"), strict=False)]  # fmt: skip
    shared.append(Reshared(None, None, "Mastodon", NOW))
    for count in (1, 4):
        yield Picture(f"reshares-{count}", slide("reshares.html", {"reshares": shared[:count]}))
    three = podium(standee(1, MAYA, 214), standee(2, TOMAS, 187), standee(3, AIKO, 151))
    won = {"contest": "Conversation starters", "metric": "responses", "on": "21 December 2026",
           "podium": three, "firsts": [three]}  # fmt: skip
    yield Picture("winners", slide("winners.html", won))
    yield Picture("winners-brackets", slide("winners.html", {**won, "podium": None, "firsts": [
        podium(standee(1, who, 99), bracket=f"Bracket {n}") for n, who in enumerate(CREW[:5])]}))  # fmt: skip
    names = ("Conversation starters ends", "The winners of New voices are announced",
             "The great autumn season of new voices in all of our offices starts")  # fmt: skip
    dates = [Date(names[n % 3], NOW, when) for n, when in enumerate(
        ("today, 17:00", "tomorrow, 09:00", "Wednesday 23 September, 12:00") * 2)]  # fmt: skip
    for count in (1, 6):
        yield Picture(f"dates-{count}", slide("dates.html", {"dates": dates[:count]}))
    for length in (60, 180, 320):
        text = ("Our apprentices rebuilt the old press by hand, and it runs again. " * 5)[:length]
        story = Story("k", people[2 if length > 300 else 0], text, "Mastodon", NOW)
        yield Picture(f"story-{length}", slide("story.html", {"story": story}))
    note = {"heading": "Summer party on the roof", "lines": [
        "Friday from five. Bring somebody who tells good stories."], "length": 96}  # fmt: skip
    yield Picture("note", slide("note.html", note))
    yield Picture("note-long", slide("note.html", {"heading": "Word " * 15, "lines":
                  ["We moved. " * 10] * 4, "length": 560}))  # fmt: skip
    drawn = {"picture": "picture.svg", "caption": "The new hall on Monday", "name": "hall",
             "width": 1600, "height": 900}  # fmt: skip
    yield Picture("picture", slide("picture.html", drawn, footer=False))
    said = Correction("Conversation starters", "The second place goes to Tomas Lindqvist, with 187 "
                      "people. We are sorry for the mix-up.", NOW)  # fmt: skip
    yield Picture("correction", Showing("correction", "c", "1", "", correction=said))
    more = replace(said, words="We counted a colleague’s answers twice. " * 7)
    yield Picture("correction-long", Showing("correction", "c", "1", "", correction=more))
    yield Picture("empty", Showing("empty", "empty", "empty", ""), footer=Footer())
    yield Picture("rest", Showing("rest", "rest", "rest", ""))


def pictures() -> list[Picture]:
    """The whole gallery."""
    return [*steps(), *slides()]


def environment() -> Environment:
    """The application's own environment of templates."""
    return asgi.templates(SETTINGS)


def page(templates: Environment, picture: Picture) -> str:
    """A picture as the page a television would open, without its script."""
    language = Language(picture.language)
    context = screen_context(
        SETTINGS, language, showing=picture.showing, audience=picture.audience, now=NOW,
        footer=picture.footer, pictures="/pictures",
        setting=Setting("Canteen", look="day" if picture.look == "day" else "dark"),
    )  # fmt: skip
    template = templates.get_template("screens/page.html")
    return template.render(
        **context, screen=None, key_path="/screens/key", live="", page="1", **picture.extra
    )


def pairing(templates: Environment, code: str = "language") -> str:
    """The page of a television that nobody knows yet."""
    language = Language("en")
    square = segno.make("https://fanfare.example/admin/screens/pair?code=ACD349", error="m")
    return templates.get_template("screens/pairing.html").render(
        language=language, say=language.say, refused="", code="ACD 349",
        address="fanfare.example/screens/pair",
        qr=Markup(square.svg_inline(omitsize=True, border=0)),
    )  # fmt: skip


HALL: Final = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="1600" height="900">'
    '<rect width="1600" height="900" fill="#c98"/></svg>'
)


def answer(url: str, pages: Mapping[str, str]) -> tuple[str, bytes]:
    """What a browser gets for an address of the gallery: media type and body."""
    path = re.sub(r"^https?://[^/]+", "", url)
    if path.startswith("/pictures/"):
        return "image/svg+xml", HALL.encode()
    if path.startswith("/static/"):
        found = DIRECTORY / path.split("/", 3)[3]
        kinds = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
        # The pictures are judged as they stand: their script would swap them.
        body = b"" if found.suffix == ".js" or not found.exists() else found.read_bytes()
        return kinds.get(found.suffix, "font/woff2"), body
    return "text/html; charset=utf-8", pages[path.strip("/")].encode()


def rendered(chosen: Sequence[str] = ()) -> dict[str, str]:
    """All pages by name, or the chosen."""
    templates = environment()
    found = {one.name: page(templates, one) for one in pictures()}
    found["pairing"] = pairing(templates)
    return {name: body for name, body in found.items() if not chosen or name in chosen}


def take(directory: Path, chosen: Sequence[str]) -> None:
    """Take pictures of pages, wide and upright."""
    from playwright.sync_api import sync_playwright

    from tests.chromium import ARGUMENTS, executable

    pages = rendered(chosen)
    directory.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        arguments = [argument for argument in ARGUMENTS if argument != "--headless"]
        browser = playwright.chromium.launch(executable_path=executable(), args=arguments)
        for width, height in ((1920, 1080), (1080, 1920)):
            context = browser.new_context(
                viewport={"width": width, "height": height}, reduced_motion="reduce"
            )
            tab = context.new_page()
            tab.route("**/*", lambda route: fulfil(route, pages))
            for name in pages:
                tab.goto(f"https://gallery.example/{name}")
                tab.evaluate("document.fonts.ready")
                tab.screenshot(path=directory / f"{name}-{width}.png")
        browser.close()


def fulfil(route: Any, pages: Mapping[str, str]) -> None:
    """Answer a request of the gallery's browser."""
    kind, body = answer(route.request.url, pages)
    route.fulfill(content_type=kind, body=body)


if __name__ == "__main__":
    take(Path(sys.argv[1]), sys.argv[2:])
