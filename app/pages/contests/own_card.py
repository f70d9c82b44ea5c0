"""The viewer's own card beside a contest: figures, what it would take, the way in and out.

Law: it is for this viewer alone; leaving and not entering are said as plainly as entering.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final
from zoneinfo import ZoneInfo

from app.auth.viewer import Viewer
from app.pages.contests.about import OVER, label, listed
from app.pages.contests.advice import to_pass, to_prize
from app.pages.contests.dates import moment
from app.pages.contests.figures import plain, with_unit
from app.pages.words import ordinal
from rewards import ContestView, Own, OwnStanding, Stage
from scoring import metrics

MISSING: Final = {
    "no_account": "No account of yours that counts here is linked, so there are no followers to count.",
    "no_snapshot_at_start": "Nobody could count your followers within a day of the start, so you "
    "cannot be placed. What you do still counts everywhere else.",
    "no_snapshot_at_end": "Nobody could count your followers within a day of the end, so you "
    "cannot be placed. What you did still counts everywhere else.",
}
OPEN: Final = frozenset({Stage.SCHEDULED, Stage.RUNNING})


@dataclass(frozen=True, slots=True)
class Figure:
    """A number, and what it is."""

    value: str
    words: str


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence; `look` is a class of the style sheet."""

    words: str
    look: str = ""


@dataclass(slots=True)
class OwnCard:
    """What the card says and offers."""

    title: str
    figures: list[Figure] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    why: list[tuple[str, str]] = field(default_factory=list)
    why_words: str = "Why some counts for recognition only"
    award_href: str | None = None
    award_words: str = "See it in your rewards"
    can_enter: bool = False
    enter_words: str = "Enter this contest"
    join_href: str | None = None
    can_leave: bool = False
    leave_words: str = "Leave this contest"
    back_words: str = ""

    def say(self, words: str, look: str = "") -> None:
        """Add a sentence."""
        self.lines.append(Line(words, look))


def own_card(
    view: ContestView,
    own: Own,
    viewer: Viewer,
    *,
    missing: str | None,
    won: list[str],
    told: bool,
) -> OwnCard:
    """Put the card together. `won`: the viewer's awards in this contest, in words; `told`: whether
    everybody may read who won."""
    if view.stage is Stage.CANCELLED:
        card = OwnCard("It was cancelled")
        card.say("Nothing was won or lost in it. Your points elsewhere stay.")
        return card
    card = _inside(view, own, missing) if own.entered else _outside(view, own, viewer)
    if won:
        are = "It is" if len(won) == 1 else "They are"
        words = f"You won {listed(won)}. {are} yours, to accept and to show or not."
        card.lines.insert(0, Line(words))
        card.award_href = "/rewards"
    elif own.entered and view.stage in OVER:
        # Until it is announced the same is said to everybody, or silence would tell who won nothing.
        thanks = "No prize this time. Thank you for every conversation."
        first = "Who won something is told first, in private."
        at_once = "Who won is told when it is announced."
        card.say(thanks if told else first if view.charter.tell_privately else at_once, "sub")
    return card


def _outside(view: ContestView, own: Own, viewer: Viewer) -> OwnCard:
    charter = view.charter
    if view.stage not in OPEN:
        card = OwnCard("You were not in it")
        card.say("That cost you nothing.", "sub")
        return card
    if own.cannot_enter is not None:
        card = OwnCard("You are looking on")
        card.say(own.cannot_enter)
        card.join_href = "/join" if viewer.enrolment in (None, "left") else None
        return card
    if own.state is None and charter.entering == "default" and view.stage is Stage.SCHEDULED:
        card = OwnCard("You will be in")
        card.say("Everybody who takes part is in this one by default, unless they leave it.")
        card.can_leave, card.leave_words = True, "I do not want to be in it"
        card.back_words = "You can come back until it ends."
        return card
    card = OwnCard("You are not in it")
    card.can_enter = True
    if own.state == "withdrawn":
        card.say("You left it. Nobody was told, and it costs you nothing.")
        card.enter_words = "Enter again"
    else:
        card.say(
            "One click, and you can leave again at any time. Nobody sees who enters or leaves."
        )
    return card


def _inside(view: ContestView, own: Own, missing: str | None) -> OwnCard:
    stage = view.stage
    card = OwnCard("Your result" if stage in OVER else "Where you stand")
    if stage not in OVER:
        card.can_leave = True
        card.back_words = "You can come back until it ends." if stage in OPEN else ""
    if stage is Stage.SCHEDULED:
        card.title = "You are in"
        zone = ZoneInfo(view.charter.zone)
        card.say(f"It starts on {moment(view.moments.starts_at, zone)}. {_by_default(view, own)}")
        return card
    if missing is not None:
        card.say(MISSING.get(missing, MISSING["no_snapshot_at_start"]))
        return card
    main = own.prize if _for_prizes(view) else own.recognition
    if main is None:
        card.say("You are in. You are being placed; that takes a moment.")
        return card
    _figures(card, view, own, main)
    if stage is Stage.RUNNING:
        _what_it_takes(card, view, main)
    elif stage not in OVER:
        card.say("What arrives late still counts, so this can change until it is decided.", "sub")
    return card


def _figures(card: OwnCard, view: ContestView, own: Own, main: OwnStanding) -> None:
    charter = view.charter
    divided = len(charter.brackets) > 1
    if main.rank is not None:
        bracket = (
            f"in “{charter.brackets[main.bracket].name}”" if divided else "of those who have any"
        )
        card.figures.append(Figure(ordinal(main.rank), bracket))
    if main.team is not None:
        card.say(f"You count for {main.team}. A team’s figure is the mean of its members.")
    unit = metrics()[charter.metric]
    words = unit.unit_one if main.value == 1 else unit.unit_many
    only = own.only_recognition
    if only > 0:
        names = listed([label(network) for network, _ in own.why])
        card.figures.append(Figure(plain(charter.metric, main.value), "for the prize"))
        card.figures.append(Figure(plain(charter.metric, only), f"for recognition ({names})"))
    else:
        card.figures.append(Figure(plain(charter.metric, main.value), words))
    if own.why and _for_prizes(view) and (only > 0 or view.stage not in OVER):
        card.why = [(label(network), reason) for network, reason in own.why]
    if divided and own.audience is None and charter.who == "people":
        card.say(
            "Nobody could count your followers at the start, so you are in the lowest bracket.",
            "sub",
        )


def _what_it_takes(card: OwnCard, view: ContestView, main: OwnStanding) -> None:
    name = view.charter.metric
    if main.team is not None:
        return
    if main.value < view.charter.least:
        card.say(f"To win anything it takes at least {with_unit(name, view.charter.least)}.")
    if main.prize_gap is not None:
        card.say(to_prize(view.charter, main.prize_gap))
    if main.gap is not None and main.rank is not None:
        if main.prize_gap is None or main.gap.more < main.prize_gap.more:
            card.say(to_pass(name, main.gap.more))
    elif main.rank == 1:
        card.say("Nobody is ahead of you.")


def _for_prizes(view: ContestView) -> bool:
    return any(network.mode == "cash" for network in view.charter.networks)


def _by_default(view: ContestView, own: Own) -> str:
    if len(view.charter.brackets) > 1:
        return "Your bracket follows from your followers at that moment."
    return ""
