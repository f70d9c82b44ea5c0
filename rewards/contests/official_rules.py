"""The charter in readable words: the official rules of a contest. Pure.

Law: they say all that the charter says. Who reads them can work out who wins from the facts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from rewards.contests.charter import Among, Charter, Network, Prize, PrizeKind
from rewards.contests.phrases import (
    listed,
    metric_of,
    moment_words,
    number_words,
    places,
    threshold,
)
from rewards.contests.sentence import sentence
from rewards.contests.stage import Amendment, amended
from rewards.prizes import prize_words
from rewards.tax import country_name
from scoring import platforms


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the rules."""

    title: str
    paragraphs: tuple[str, ...]


def official_rules(charter: Charter, amendments: Sequence[Amendment] = ()) -> list[Section]:
    """The rules as they hold with their amendments, each of which is listed, too."""
    terms = amended(charter, amendments)
    sections = [
        Section("In short", (sentence(terms),)),
        Section("Who can take part", tuple(_eligibility(terms))),
        Section("When", tuple(_dates(terms))),
        Section("What counts", tuple(_counting(terms))),
        Section("Networks", tuple(_networks(terms))),
        Section("Prizes", tuple(_prizes(terms))),
        Section("Ties", tuple(_ties(terms))),
        Section("If you win", tuple(_winning(terms))),
    ]
    if terms.tax_notes:
        notes = tuple(f"{country_name(country)}: {text}" for country, text in terms.tax_notes)
        sections.append(Section("Tax", notes))
    sections.append(Section("Fairness and your data", tuple(_fairness())))
    if amendments:
        zone = ZoneInfo(charter.zone)
        said = tuple(f"From {moment_words(one.at, zone)} on: {one.text}" for one in amendments)
        sections.append(Section("Amendments", said))
    sections.append(Section("Questions", (f"Ask {terms.contact}.",)))
    return sections


def _eligibility(terms: Charter) -> list[str]:
    if terms.open.to == "all":
        said = ["Every ambassador can take part."]
    else:
        word = "departments" if terms.open.to == "departments" else "offices"
        said = [f"Ambassadors of these {word} can take part: {listed(terms.open.names)}."]
    if terms.entering == "default":
        said.append(
            "Everybody it is open to is in from the start on and is told so; you can leave by a click "
            "at any time. Leaving costs nothing and nobody is told."
        )
    else:
        said.append(
            "You enter by a click, also while it runs, and can leave by a click at any time."
        )
    said.append("Who published the contest cannot take part, for they propose its awards.")
    said.append("Who leaves the company or the programme before it is decided cannot win.")
    if terms.cool_down_days:
        said.append(
            "Who won money or days in a contest that was decided within "
            f"{terms.cool_down_days} days before the start of this one takes part and is ranked, and "
            "does not win; the next moves up."
        )
    if len(terms.brackets) > 1:
        names = listed(f"“{bracket.name}”" for bracket in terms.brackets)
        said.append(
            f"There are {number_words(len(terms.brackets))} brackets by followers at the start, added up "
            f"over your accounts on the networks that count: {names}. Your bracket does not change "
            "afterwards. Where nobody counted your followers you are in the lowest."
        )
    if terms.who != "people":
        said.append(
            f"{terms.who.capitalize()} compete. A team has what its entrants have on average, and is "
            f"ranked with {terms.team_least} entrants or more. Your team is where you belong at the "
            "start, or when you enter later."
        )
    return said


def _dates(terms: Charter) -> list[str]:
    zone = ZoneInfo(terms.zone)
    said = [
        f"It starts on {moment_words(terms.start_at, zone)} and ends on "
        f"{moment_words(terms.end_at, zone)}, in the time of {terms.zone}. What happens at the moment "
        "of the start counts, what happens at the moment of the end does not."
    ]
    first, last = terms.start_at.astimezone(zone), terms.end_at.astimezone(zone)
    if first.utcoffset() != last.utcoffset():
        said.append("The clocks change while it runs; the times above are those on the wall.")
    settled = terms.end_at + timedelta(hours=terms.settle_hours)
    said.append(
        f"Networks sometimes tell late. What happened in time and is known by "
        f"{moment_words(settled, zone)} counts; what comes later does not, and what is taken back later "
        "does not change the result."
    )
    if terms.freeze_hours:
        said.append(
            f"For the last {terms.freeze_hours} hours the public standing stands still. You see your own "
            "figures all the time."
        )
    return said


def _counting(terms: Charter) -> list[str]:
    metric = metric_of(terms)
    assert metric.contest is not None
    said = [metric.contest_hint]
    match metric.contest.source:
        case "answers":
            said.append(
                "Replies and quotes by people outside the company count; those of colleagues, of the "
                "company and your own do not. What is deleted in time does not count."
            )
        case "followers":
            said.append(
                "Followers are counted within 24 hours of the start and of the end. An account that you "
                "link later begins at its first count, one that you unlink ends at its last. Without "
                "a count you cannot be ranked, and are told at once."
            )
        case "rulebook":
            said.append(
                "Points are those of the rulebook as it stood when this was published; it is part of "
                "the charter under the hash below. Later changes of the rulebook do not touch it."
            )
    if terms.metric == "growth":
        said.append(
            f"Who starts with fewer than {terms.growth_floor:,} followers is measured against so many."
        )
    if terms.disclosure_tag:
        waits = (
            " A post without it waits; once you add or confirm it, it counts at its original time, until "
            "settling ends."
        )
        said.append(
            "There are prizes to win, so a post about the company must say that you work here: add "
            f"{terms.disclosure_tag}.{waits if metric.contest.has_moments else ''}"
        )
    return said


def _networks(terms: Charter) -> list[str]:
    found = platforms()

    def named(networks: Sequence[Network]) -> str:
        return listed(
            found[network.name].label if network.name in found else network.name
            for network in networks
        )

    for_prizes = [network for network in terms.networks if network.mode == "cash"]
    for_recognition = [network for network in terms.networks if network.mode != "cash"]
    said = []
    if for_prizes:
        said.append(f"What happens on {named(for_prizes)} counts for every prize.")
    said += [
        f"{named([network])} counts for recognition and not for money or days: {network.reason} "
        f"(read {network.read_on}, {network.source})."
        for network in for_recognition
    ]
    said += [
        f"{named([network])} counts by an administrator's decision: {network.override}"
        for network in terms.networks
        if network.override is not None
    ]
    if for_prizes and for_recognition:
        said.append("So there are two standings, and you see both of your figures.")
    return said


def _prizes(terms: Charter) -> list[str]:
    if not terms.prizes:
        return ["There is no prize."]
    said = [_prize(terms, prize) for prize in terms.prizes]
    if terms.least > 1:
        value = metric_of(terms).in_words(terms.least)
        said.append(f"Who has less than {value} wins nothing.")
    said.append(
        "In each standing a person wins one place at most. The prize for reaching a value is won beside "
        "it, and so are places in a bracket and among all."
    )
    if terms.gross_up:
        said.append("The company pays the tax on money that is won, on top.")
    if any(amount.currency is None for prize in terms.prizes for amount in prize.amounts):
        said.append(
            "Vacation days never expire."
            if terms.days_expire_months is None
            else f"Vacation days are to be taken within {terms.days_expire_months} months after you "
            "accept them."
        )
    return said


def _prize(terms: Charter, prize: Prize) -> str:
    among = ""
    if len(terms.brackets) > 1:
        among = " in every bracket" if prize.among is Among.EACH else " in all brackets together"
    if prize.first_place is None:
        return threshold(terms, prize)
    several = (prize.last_place or prize.first_place) > prize.first_place
    verb = "win" if several else "wins"
    each = " each" if several else ""
    head = places(prize)
    return f"{head[:1].upper()}{head[1:]}{among} {verb} {prize_words(prize)}{each}."


def _ties(terms: Charter) -> list[str]:
    said = ["Equal values share a rank."]
    if "earliest" in terms.breakers:
        said.append(
            "For prizes, whoever reached the value first is ahead: the moment from which on what counts "
            "at the end already gave it."
        )
    if "pool" in terms.breakers:
        said.append(
            "Those who still tie add up the money of their places and share it equally; what cannot be "
            "divided goes, a cent each, by the order below."
        )
    if any(prize.reach is not None and prize.kind is not PrizeKind.DRAW for prize in terms.prizes):
        metric = metric_of(terms)
        assert metric.contest is not None
        said.append(
            "Where the first to reach a value win, the moment they reached it decides; going on "
            "afterwards makes nobody later. Those who reached it at the same moment go by the order below."
            if metric.contest.has_moments
            else "Where more reach a value than can win, the order below decides among them."
        )
    number = "the person's number" if terms.who == "people" else "the team's name"
    said.append(
        "What is still equal, and days, which are never split, goes by an order that nobody can know "
        f"before: by the SHA-256 of a secret, a colon and {number}, the smallest first. The secret's own "
        f"SHA-256 is {terms.order_commitment}; the secret is shown with the result."
    )
    if any(prize.kind is PrizeKind.DRAW for prize in terms.prizes):
        said.append(
            "Draws go by the SHA-256 of the same secret, “:draw:”, the number of the prize, a colon and "
            "the person's number, so everybody can draw again and compare."
        )
    return said


def _winning(terms: Charter) -> list[str]:
    said = [
        "An award is proposed by who published the contest, approved by one or two others who look at "
        "its evidence, and then yours to accept or decline "
        f"within {terms.accept_days} days. Said nothing, it lapses."
    ]
    said.append(
        "What is declined goes once to the next in line."
        if terms.pass_on and terms.who == "people"
        else "What is declined goes back to the budget."
    )
    if terms.tell_privately:
        said.append("You are told before anybody else.")
    said.append(
        "You decide whether your name or alias is shown, and whether the prize stands beside it."
    )
    return said


def _fairness() -> list[str]:
    return [
        "Taking part is voluntary. Not sharing costs nothing, and nobody sees who did not enter or left.",
        "Everything that counted for a winner is kept as evidence under a hash. Whatever looks odd is "
        "decided by a person before the result, and never by who it touches.",
        "The rules do not change while it runs, but by amendments that only add and that you are told of.",
    ]
