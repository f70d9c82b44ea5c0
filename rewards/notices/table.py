"""Every message Fanfare writes about contests and awards: to whom, on or off, in which words. Pure.

Law: only what touches one's own award, the rules one entered under, an answer about one's own
points, or who may sign in as oneself is told without having asked (design section 9).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypedDict, get_args

NoticeKind = Literal[
    "contest_entered_by_default",
    "contest_amended",
    "contest_cancelled",
    "contest_no_snapshot",
    "contest_overtaken",
    "contest_decided",
    "award_won",
    "award_refused",
    "award_waits_for_answer",
    "award_lapsed",
    "award_paid",
    "award_recovered",
    "award_passed_to_you",
    "award_congratulated",
    "approval_waits",
    "date_confirmed",
    "date_refused",
    "case_answered",
    "statement_answered",
    "consent_expiring",
    "consent_ended",
    "consent_of_company",
    "company_account_named",
    "account_asked",
    "account_contested",
    "account_decided",
    "sign_in_link_made",
]
KINDS: Final[tuple[NoticeKind, ...]] = get_args(NoticeKind)


class Detail(TypedDict, total=False):
    """What a sentence is made with. Names of people never stand here."""

    contest: str  # its name
    slug: str
    amount: str  # in words: "€25", "2 vacation days", or a recognition's text
    award: int
    reason: str  # as somebody wrote it
    change: str  # what an amendment changes, a sentence
    network: str
    until: str  # in words: "6 December 2026"
    on: str
    count: int
    about: str  # what a case was about, a sentence
    outcome: str  # how it was answered, a sentence
    claim: int


@dataclass(frozen=True, slots=True)
class Message:
    """One kind of notice."""

    kind: NoticeKind
    recipient: str  # for the table of messages
    on: bool  # before the person chose
    optional: bool  # whether a person may switch it off
    needs: tuple[str, ...]  # what its sentence is made with
    sentence: str
    link: str
    mail: bool = False  # whether it also goes out by e-mail before the person chose

    def said(self, detail: Mapping[str, object]) -> str:
        """The sentence for a person."""
        return self.sentence.format_map(detail)

    def leads_to(self, detail: Mapping[str, object]) -> str:
        """The page where the person can see more, or do something."""
        return self.link.format_map(detail)


_CONTEST: Final = "/contests/{slug}"
_REWARDS: Final = "/rewards"

MESSAGES: Final[Mapping[str, Message]] = {
    message.kind: message
    for message in (
        Message(
            "contest_entered_by_default", "entrants", True, True, ("contest", "slug"),
            "You are in “{contest}”. You can leave with one click, and it costs you nothing.", _CONTEST,
        ),
        Message(
            "contest_amended", "entrants", True, False, ("contest", "slug", "change"),
            "The rules of “{contest}” changed from now on: {change}", _CONTEST + "/rules",
        ),
        Message(
            "contest_cancelled", "entrants", True, False, ("contest", "slug", "reason"),
            "“{contest}” was cancelled: {reason}", _CONTEST,
        ),
        Message(
            "contest_no_snapshot", "the entrant", True, False, ("contest", "slug", "on"),
            "“{contest}” counts followers, and nobody could count yours within a day of its {on}. You "
            "cannot be ranked in it; what you do still counts everywhere else.", _CONTEST,
        ),
        Message(
            "contest_overtaken", "the entrant, if they want it", False, True, ("contest", "slug"),
            "Somebody passed you in “{contest}”. There is still time.", _CONTEST,
        ),
        Message(
            "contest_decided", "entrants", True, True, ("contest", "slug"),
            "“{contest}” is decided.", _CONTEST,
        ),
        Message(
            "award_won", "the winner", True, False, ("contest", "amount"),
            "You won {amount} in “{contest}”. Please say whether you accept it.", _REWARDS, mail=True,
        ),
        Message(
            "award_refused", "the winner, where they had been told", True, False,
            ("contest", "amount", "reason"),
            "{amount} from “{contest}” was not approved: {reason}", _REWARDS, mail=True,
        ),
        Message(
            "award_waits_for_answer", "the winner", True, True, ("contest", "amount", "until"),
            "{amount} from “{contest}” waits for your answer until {until}.", _REWARDS, mail=True,
        ),
        Message(
            "award_lapsed", "the winner", True, False, ("contest", "amount"),
            "{amount} from “{contest}” was not accepted in time and has lapsed.", _REWARDS, mail=True,
        ),
        Message(
            "award_paid", "the winner", True, False, ("contest", "amount"),
            "{amount} from “{contest}” was paid.", _REWARDS, mail=True,
        ),
        Message(
            "award_recovered", "the winner", True, False, ("contest", "amount", "reason"),
            "{amount} from “{contest}” is taken back: {reason}", _REWARDS, mail=True,
        ),
        Message(
            "award_passed_to_you", "the next in line", True, False, ("contest", "amount"),
            "Somebody declined {amount} in “{contest}”, and you are next. Please say whether you accept "
            "it.", _REWARDS, mail=True,
        ),
        Message(
            "award_congratulated", "the winner, if they want it", False, True, ("contest", "slug"),
            "Colleagues congratulate you on “{contest}”.", _CONTEST,
        ),
        Message(
            "approval_waits", "approvers", True, True, ("contest", "slug", "count"),
            "Awards of “{contest}” wait for approval: {count}.", "/hr/approvals",
        ),
        Message(
            "date_confirmed", "the winner", True, False, ("on",),
            "Your vacation on {on} is confirmed.", _REWARDS, mail=True,
        ),
        Message(
            "date_refused", "the winner", True, False, ("on", "reason"),
            "Your vacation on {on} was not confirmed: {reason}", _REWARDS, mail=True,
        ),
        Message(
            "consent_expiring", "whose account it is", True, False, ("network", "until"),
            "What you let Fanfare see on {network} ends on {until}, and only you can renew it. It takes a "
            "minute, and nothing is interrupted.", "/me/accounts/consent", mail=True,
        ),
        Message(
            "consent_ended", "whose account it is", True, False, ("network", "reason", "until"),
            "Fanfare cannot see your account on {network} any more. {reason} Renew it until {until} and "
            "you lose nothing: your account stays linked, what can be heard without it counts on, and "
            "your last count of followers stands in for contests.", "/me/accounts/consent", mail=True,
        ),
        Message(
            "consent_of_company", "administrators", True, True, ("network", "outcome"),
            "What Fanfare may see of the company’s account on {network} {outcome} Somebody who administers "
            "it there can give it again.", "/admin/company-accounts",
        ),
        Message(
            "company_account_named", "the other administrators", True, True, ("network",),
            "An administrator named an account on {network} as the company’s: what it reshares from now on "
            "is shared by the company and counts so. Look whether it is the company’s.",
            "/admin/company-accounts",
        ),
        Message(
            "account_asked", "administrators", True, True, ("network",),
            "Somebody asks whose an account on {network} is. You decide, or another administrator.",
            "/admin/accounts",
        ),
        Message(
            "account_contested", "whose account it is", True, False, ("network", "claim"),
            "Somebody says that your account on {network} is theirs. Nothing changes unless an "
            "administrator decides; please tell them what you know.",
            "/me/accounts/asked/{claim}", mail=True,
        ),
        Message(
            "account_decided", "who asked, and whose account it was", True, False,
            ("network", "outcome", "reason"),
            "An administrator decided whose the account on {network} is. {outcome} They say: {reason}",
            "/me", mail=True,
        ),
        Message(
            "statement_answered", "who handed it in", True, True, ("network", "outcome"),
            "Your post on {network}: {outcome}", "/share/post",
        ),
        Message(
            "case_answered", "whom the case is about", True, False, ("about", "outcome"),
            "{about} {outcome}", "/me/cases",
        ),
        Message(
            "sign_in_link_made", "whom it signs in", True, False, (),
            "An administrator made a link that signs in as you. If you did not ask for one, tell "
            "somebody you trust in HR: whoever holds it can act in your name.", "/me", mail=True,
        ),
    )
}  # fmt: skip
