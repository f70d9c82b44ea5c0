"""What HR should know before publishing: rules of networks and of the company, and what last time says.
Pure.

Law: every rule that the contest meets is named, with its reason and something lawful to do instead; what
is forbidden is published only with an administrator's reason on record.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, Protocol

from rewards.contests.charter import Charter
from rewards.contests.form import CASH_OR_DAYS, DRAWS, FormContext, comes_twice
from rewards.contests.phrases import listed, metric_of, moment_words
from rewards.prizes import prize_kinds

Level = Literal["forbidden", "care", "fine"]
_NEVER_ALL: Final = 0.5  # of all prizes to three people: the same winners every time


@dataclass(frozen=True, slots=True)
class Warning:
    """One line; `why_url` leads to the rule's source, `alternative` says what can be done instead."""

    level: Level
    text: str
    why_url: str | None = None
    alternative: str | None = None


class BracketOutlook(Protocol):
    """What last time says of one bracket."""

    @property
    def name(self) -> str:
        """The bracket's name."""

    @property
    def could_enter(self) -> int:
        """People who could enter in it."""

    @property
    def real_chance(self) -> int:
        """People who won, or came within a fifth of it."""


class Outlook(Protocol):
    """What the same contest would have been just before."""

    @property
    def could_enter(self) -> int:
        """People who could enter today."""

    @property
    def brackets(self) -> tuple[BracketOutlook, ...]:
        """The same by bracket."""

    @property
    def share_of_top(self) -> float | None:
        """Of all prizes, what the three who won most would have taken."""

    @property
    def unwon(self) -> int:
        """Prizes nobody would have won."""


def warnings(
    charter: Charter, context: FormContext, outlook: Outlook | None = None
) -> list[Warning]:
    """Every line about a contest that could be published otherwise, the gravest first."""
    found = [*_networks(charter, context), *_prizes(charter, context), *_moments(charter, context)]
    found += _people(charter)
    if outlook is not None:
        found += _outlook(charter, outlook)
    order = {"forbidden": 0, "care": 1, "fine": 2}
    return sorted(found, key=lambda warning: order[warning.level])


def _paid(charter: Charter) -> bool:
    return any(prize.amounts for prize in charter.prizes)


def _networks(charter: Charter, context: FormContext) -> list[Warning]:
    if not _paid(charter):
        return []
    found = []
    if charter.disclosure_tag:
        found.append(
            Warning(
                "care",
                "Rewarded posts must say that you work here. Entrants are asked to add "
                f"{charter.disclosure_tag}, and posts without it wait until they do.",
            )
        )
    for_prizes = [network for network in charter.networks if network.mode == "cash"]
    for network in charter.networks:
        label = _label(network.name, context)
        if network.override is not None:
            found.append(
                Warning(
                    "care",
                    f"{label} counts for prizes against its own rules ({network.reason}), because: "
                    f"{network.override}",
                    network.source,
                )
            )
        elif network.mode == "recognition" and for_prizes:
            found.append(
                Warning(
                    "care",
                    f"{_reason(label, network.reason)}. What happens there counts for recognition "
                    "here, not for these prizes.",
                    network.source,
                )
            )
    if not for_prizes:
        names = listed(_label(network.name, context) for network in charter.networks)
        lawful = [one.label for one in context.networks.values() if one.mode == "cash"]
        found.append(
            Warning(
                "forbidden",
                f"Money and days may not be won for what happens on {names}: "
                + "; ".join(dict.fromkeys(network.reason for network in charter.networks)) + ".",
                charter.networks[0].source if charter.networks else None,
                f"Add {listed(lawful)}, or give recognition instead of money and days."
                if lawful
                else "Give recognition instead of money and days.",
            )
        )  # fmt: skip
    return found


def _says(label: str, reason: str) -> str:
    """The network's rule, with its name in front where the rule does not begin with it."""
    return reason if reason.startswith(label) else f"{label}: {reason}"


def _label(name: str, context: FormContext) -> str:
    policy = context.networks.get(name)
    return policy.label if policy else name


_ALLOWANCES: Final = {
    CASH_OR_DAYS: (
        "Where the winner may choose between money and days, the money is taxable at once in some "
        "countries, whatever they choose; an administrator has not allowed it.",
        "Say which of the two it is.",
    ),
    DRAWS: (
        "Draws are regulated in many countries, and an administrator has not allowed them here.",
        "Give the prize to the first who reach the value.",
    ),
}


def _prizes(charter: Charter, context: FormContext) -> list[Warning]:
    needed = dict.fromkeys(prize_kinds()[prize.kind].needs_allowance for prize in charter.prizes)
    found = [
        Warning("forbidden", _ALLOWANCES[name][0], None, _ALLOWANCES[name][1])
        for name in needed
        if name is not None and name not in context.allowed
    ]
    if not charter.prizes:
        found.append(Warning("care", "There is no prize: the standing is all there is to win."))
    if _paid(charter) and not charter.tax_notes:
        found.append(
            Warning(
                "care",
                "No tax note is written yet. Winners ask what is left of a prize after tax: write it "
                "under Tax notes.",
            )
        )
    if charter.days_expire_months is None and any(
        amount.currency is None for prize in charter.prizes for amount in prize.amounts
    ):
        found.append(Warning("care", "Vacation days that are won here never expire."))
    return found


def _moments(charter: Charter, context: FormContext) -> list[Warning]:
    found = []
    for word, moment in (("starts", charter.start_at), ("ends", charter.end_at)):
        if comes_twice(moment, context.zone):
            found.append(
                Warning(
                    "care",
                    f"The clocks go back when it {word}, and that time comes twice: the first one counts, "
                    f"{moment_words(moment, context.zone)}.",
                )
            )
    if charter.settle_hours < 24:
        found.append(
            Warning(
                "care",
                f"It is settled {charter.settle_hours} hours after the end. What a network tells later "
                "than that, after an outage for example, does not count; 72 hours are usual.",
            )
        )
    return found


def _people(charter: Charter) -> list[Warning]:
    contest = metric_of(charter).contest
    assert contest is not None
    found = []
    if not contest.has_moments:
        found.append(
            Warning(
                "care",
                "Only people whose followers are counted within a day of the start and of the end can "
                "be ranked; who is not is told at once.",
            )
        )
    if charter.entering == "default":
        found.append(
            Warning(
                "care",
                "Everybody is in without having asked. They are told, and can leave by a click.",
            )
        )
    return found


def _reason(label: str, reason: str) -> str:
    """A network's reason under its name, which is not said twice."""
    return reason if reason.startswith(label) else f"{label}: {reason}"


def _outlook(charter: Charter, outlook: Outlook) -> list[Warning]:
    least = min((bracket.could_enter for bracket in outlook.brackets), default=0)
    text = f"{outlook.could_enter:,} ambassadors could enter today"
    if len(outlook.brackets) > 1:
        text += f", at least {least:,} in every bracket"
    found = [Warning("fine" if least >= 5 else "care", text + ".")]
    chance = sum(bracket.real_chance for bracket in outlook.brackets)
    if charter.prizes:
        found.append(
            Warning(
                "fine" if chance >= 3 * max(1, len(charter.prizes)) else "care",
                f"Had this run until today, {chance:,} people would have won or come within a fifth of "
                "a prize.",
            )
        )
    top = outlook.share_of_top
    if top is not None:
        found.append(
            Warning(
                "care" if top > _NEVER_ALL and outlook.could_enter > 10 else "fine",
                f"Three people would have taken {round(top * 100)}% of the prizes.",
                None,
                "Brackets, several small prizes and a pause for winners spread them."
                if top > _NEVER_ALL
                else None,
            )
        )
    if outlook.unwon:
        one = outlook.unwon == 1
        found.append(
            Warning(
                "care",
                f"{outlook.unwon} {'prize' if one else 'prizes'} would have found no winner; what is "
                "not won goes back to its budget.",
            )
        )
    return found
